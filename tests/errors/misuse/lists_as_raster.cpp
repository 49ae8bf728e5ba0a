// run takes a dense Eigen array with a row for each element
#include <spark/tracers.hpp>
#include <vector>

void use(spark::Tracer<Eigen::ArrayXf>& tracer) {
  const std::vector<std::vector<int>> steps = {{0, 2}, {}, {1}};
#ifdef MISUSE
  tracer.run(steps);
#else
  for (const std::vector<int>& fired : steps) tracer(spark::spikes(fired));
#endif
}
