#include "fixture.hpp"
#include "kinds.hpp"

#ifndef SUITE_SCALARS  // script/ports takes fewer
#define SUITE_SCALARS float, double, long double, Eigen::half, Eigen::bfloat16
#endif

namespace suite {

template <class... S> static std::vector<Fixture> of_scalars() {
  std::vector<Fixture> all;
  ((add_fixtures<S, SingleKinds>(all), add_fixtures<S, DoubleKinds>(all), add_fixtures<S, OtherKinds>(all)), ...);
  return all;
}

const std::vector<Fixture>& every_fixture() {
  static const auto every = of_scalars<SUITE_SCALARS>();
  return every;
}

}  // namespace suite
