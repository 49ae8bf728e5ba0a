// give the list a name
// A list in braces is gone before the tracer reads it where the spikes have a name.
#include <spark/tracers.hpp>

#include <vector>

void step(spark::Tracer<Eigen::ArrayXf>& tracer) {
#ifdef MISUSE
  tracer(spark::spikes({0, 2}));
#else
  const std::vector<int> fired{0, 2};
  tracer(spark::spikes(fired));
#endif
}
