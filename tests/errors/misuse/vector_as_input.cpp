// a tracer takes a dense Eigen expression of its shape, spark::spikes.indices. or
// Numbers in a std::vector become an input through Eigen::Map.
#include "misuse.hpp"

void step(spark::Tracer<Eigen::ArrayXf>& tracer, const std::vector<float>& x) {
  const Eigen::Map<const Eigen::ArrayXf> map(x.data(), static_cast<Eigen::Index>(x.size()));
  tracer(WRONG_OR(x, map));
}
