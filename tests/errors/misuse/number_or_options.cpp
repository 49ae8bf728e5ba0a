// ambiguous
// Braces round a number where either a parameter or the options could be meant say neither.
#include <spark/tracers.hpp>

spark::Tracer<Eigen::ArrayXf> make() {
#ifdef MISUSE
  return spark::Tracer<Eigen::ArrayXf>(4, 20.0f, {0.1});
#else
  return spark::Tracer<Eigen::ArrayXf>(4, 20.0f, spark::Options{0.1});
#endif
}
