// a silence that is no whole number of steps needs Exact
// Euler knows steps only.
#include <spark/tracers.hpp>

#ifdef MISUSE
using Integration = spark::Euler;
#else
using Integration = spark::Exact;
#endif

double left(double t) {
  spark::Rule<spark::Tracer<Eigen::ArrayXd, Integration>> rule(20.0);
  auto s = rule.rest();
  rule.step(s, 1);
  rule.elapse(s, t);
  return rule.value(s);
}
