// discards qualifiers|no viable overloaded '='|no operator
// A trace is written through set_trace, which checks it.
#include <spark/tracers.hpp>

void silence(spark::Tracer<Eigen::ArrayXf>& tracer) {
#ifdef MISUSE
  tracer.trace() = Eigen::ArrayXf::Zero(tracer.size());
#else
  tracer.set_trace(Eigen::ArrayXf::Zero(tracer.size()));
#endif
}
