// no member named .value
// A user's tracer that forgets value() is told so, by name.
#include <spark/tracers.hpp>

class Mine;

template <>
struct spark::tracer_traits<Mine> {
  using Array = Eigen::ArrayXf;
  using Law = spark::Leak<spark::Euler>;
  static constexpr const char* name = "Mine";
};

class Mine : public spark::BaseTracer<Mine> {
 public:
  explicit Mine(spark::Shape shape) : BaseTracer(shape, {20, 1, 0}, {}) {}
#ifndef MISUSE
  const Eigen::ArrayXf& value() const { return state<0>(); }
#endif
};

void step(Mine& mine) { mine(Eigen::ArrayXf::Zero(mine.size())); }
