// Compiled with -fno-exceptions: what is right works, and what is refused prints its text and aborts.
#include <csignal>
#include <cstdlib>
#include <spark/tracers.hpp>
#include <sstream>

int main() {
  spark::Tracer<Eigen::ArrayXf> tracer(3, 20);
  tracer(Eigen::Array3f(1, 0, 1));
  std::stringstream stream;
  spark::save(stream, tracer);
  const auto loaded = spark::load<spark::Tracer<Eigen::ArrayXf>>(stream);
  if ((loaded.trace() != tracer.trace()).any()) return 1;
  std::signal(SIGABRT, [](int) { std::_Exit(0); });  // an abort is expected
  tracer.set_tau(-3);
  return 2;
}
