// a tracer takes a dense Eigen expression of its shape, spark::spikes.indices. or
// Numbers in a std::vector become an input through Eigen::Map.
#include <spark/tracers.hpp>

#include <vector>

void step(spark::Tracer<Eigen::ArrayXf>& tracer, const std::vector<float>& x) {
#ifdef MISUSE
  tracer(x);
#else
  tracer(Eigen::Map<const Eigen::ArrayXf>(x.data(), static_cast<Eigen::Index>(x.size())));
#endif
}
