// protected
// The base of a tracer is no tracer.
#include "misuse.hpp"

using Tracer = spark::Tracer<Eigen::ArrayXf>;
using Base = spark::BaseTracer<Tracer, Eigen::ArrayXf, Tracer::Law>;

float first(const Tracer& tracer) {
  const WRONG_OR(Base, Tracer) copy = tracer;
  return copy.decay()(0);
}
