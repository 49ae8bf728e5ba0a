#include <iostream>
#include <spark/tracers.hpp>
#include <vector>

int main() {
  spark::RUTracer<Eigen::ArrayXf, spark::Exact> synapses(3, 100.0, 20.0, 0.5);
  const std::vector<int> fired = {1};
  const Eigen::ArrayXf release = synapses(spark::spikes(fired));
  std::cout << "spark-tracers " << SPARK_TRACERS_VERSION_MAJOR << '.' << SPARK_TRACERS_VERSION_MINOR << '.'
            << SPARK_TRACERS_VERSION_PATCH << ": the synapses release " << release.transpose() << '\n';
  return (release == Eigen::Array3f(0, 0.5f, 0)).all() ? 0 : 1;
}
