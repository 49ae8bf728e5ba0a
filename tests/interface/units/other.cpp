#include <spark/tracers.hpp>

spark::DoubleTracer<Eigen::ArrayXf> made_elsewhere() {
  spark::DoubleTracer<Eigen::ArrayXf> trace(8, 10.0f, 20.0f);
  trace(Eigen::ArrayXf::Ones(8));
  return trace;
}
