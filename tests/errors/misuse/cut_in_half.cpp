// protected
// The base of a tracer is no tracer.
#include <spark/tracers.hpp>

using Tracer = spark::Tracer<Eigen::ArrayXf>;

float first(const Tracer& tracer) {
#ifdef MISUSE
  const spark::BaseTracer<Tracer, Eigen::ArrayXf, Tracer::Law> copy = tracer;
#else
  const Tracer copy = tracer;
#endif
  return copy.decay()(0);
}
