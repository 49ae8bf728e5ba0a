// give the list a name
// A list in braces is gone before the tracer reads it where the spikes have a name.
#include "misuse.hpp"

void step(spark::Tracer<Eigen::ArrayXf>& tracer) {
  const std::vector<int> fired{0, 2};
  tracer(WRONG_OR(spark::spikes({0, 2}), spark::spikes(fired)));
}
