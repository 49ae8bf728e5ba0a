// eight classes, three calls each
#include <spark/tracers.hpp>

#include <vector>

using Array = Eigen::ArrayXf;

template <class Tracer> float three_calls(Tracer tracer, const Array& x, const std::vector<int>& fired) {
  tracer(x);
  tracer(spark::spikes(fired));
  tracer.advance(10);
  return tracer.value()[0];
}

float all(const Array& x, const std::vector<int>& fired) {
  const Eigen::Index n = x.size();
  return three_calls(spark::Tracer<Array>(n, 20), x, fired) +
         three_calls(spark::SaturableTracer<Array>(n, 20), x, fired) +
         three_calls(spark::NearestTracer<Array>(n, 20), x, fired) +
         three_calls(spark::DoubleTracer<Array>(n, 20, 30), x, fired) +
         three_calls(spark::SaturableDoubleTracer<Array>(n, 20, 30), x, fired) +
         three_calls(spark::RUTracer<Array>(n, 20, 30, 0.5), x, fired) +
         three_calls(spark::RDTracer<Array>(n, 20, 30), x, fired) +
         three_calls(spark::RFSTracer<Array>(n, 0.5, 10, 20, 30), x, fired);
}
