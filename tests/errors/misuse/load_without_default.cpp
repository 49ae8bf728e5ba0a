// load<T>\(stream\) calls the constructor T\(\)
// A new tracer is made before what was saved takes the place of what it holds.
#include <spark/tracers.hpp>

struct Mine : spark::BaseTracer<Mine, Eigen::ArrayXf, spark::Leak<spark::Exact>> {
  static constexpr const char* name = "Mine";
  explicit Mine(int size) : BaseTracer(spark::Shape(size), {20, 1, 0}, {}) {}
#ifndef MISUSE
  Mine() = default;
#endif
};

Mine load(std::istream& stream) { return spark::load<Mine>(stream); }
