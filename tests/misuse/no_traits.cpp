// tracer_traits<Mine>|C2027
// A user's tracer that forgets its traits is told so, by name.
#include <spark/tracers.hpp>

class Mine;

#ifndef MISUSE
template <>
struct spark::tracer_traits<Mine> {
  using Array = Eigen::ArrayXf;
  using Law = spark::Leak<spark::Euler>;
  static constexpr const char* name = "Mine";
};
#endif

class Mine : public spark::BaseTracer<Mine> {};
