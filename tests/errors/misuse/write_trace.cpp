// discards qualifiers|no viable overloaded '='|no operator
// A trace is written through set_trace, which checks it.
#include "misuse.hpp"

void silence(spark::Tracer<Eigen::ArrayXf>& tracer, const Eigen::ArrayXf& zero) {
  WRONG_OR(tracer.trace() = zero, tracer.set_trace(zero));
}
