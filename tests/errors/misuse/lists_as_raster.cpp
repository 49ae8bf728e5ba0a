// run takes a dense Eigen array with a row for each element
#include "misuse.hpp"

struct Spikes {
  std::vector<std::vector<int>> lists;
  Eigen::ArrayXXf raster;
};

void run(spark::Tracer<Eigen::ArrayXf>& tracer, const Spikes& spikes) { tracer.run(spikes.WRONG_OR(lists, raster)); }
