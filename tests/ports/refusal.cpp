// Compiled with -fno-exceptions and -fno-rtti: what is right works, and what is refused prints its text and aborts.
#include <spark/tracers.hpp>
#include <sstream>

int main() {
  spark::Tracer<Eigen::ArrayXf> tracer(3, 20);
  tracer(Eigen::Array3f(1, 0, 1));
  std::stringstream stream;
  spark::save(stream, tracer);
  const auto loaded = spark::load<spark::Tracer<Eigen::ArrayXf>>(stream);
  if ((loaded.trace() != tracer.trace()).any()) return 0;  // an abort is expected
#ifndef SPARK_TESTS_ACCEPTED
  tracer.set_tau(-3);
#endif
}
