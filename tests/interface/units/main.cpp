// Two units of one program agree about the classes, and neither defines what the other defines.
#include <spark/tracers.hpp>

spark::DoubleTracer<Eigen::ArrayXf> made_elsewhere();

int main() {
  spark::DoubleTracer<Eigen::ArrayXf> here(8, 10.0f, 20.0f);
  here(Eigen::ArrayXf::Ones(8));
  const auto elsewhere = made_elsewhere();
  return (here.trace_1() == elsewhere.trace_1()).all() && (here.value() == elsewhere.value()).all() ? 0 : 1;
}
