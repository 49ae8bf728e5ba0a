#include <spark/tracers.hpp>

int main() {
  spark::Tracer<Eigen::ArrayXf> trace(3, 20.0f);
  trace(Eigen::ArrayXf::Ones(3));
  return trace.value()(2) == 1 ? 0 : 1;
}
