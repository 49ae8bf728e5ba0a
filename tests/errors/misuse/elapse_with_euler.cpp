// a silence that is no whole number of steps needs Exact
// Euler knows steps only.
#include "misuse.hpp"

using Rule = spark::Rule<spark::Tracer<Eigen::ArrayXd, spark::WRONG_OR(Euler, Exact)>>;

void elapse(const Rule& rule, Rule::State& s, double t) { rule.elapse(s, t); }
