#include "fixture.hpp"
#include "kinds.hpp"

namespace suite {

template <class... S> static std::vector<Fixture> of_scalars() {
  std::vector<Fixture> all;
  ((add_fixtures<S, SingleKinds>(all), add_fixtures<S, DoubleKinds>(all), add_fixtures<S, ReleaseAndRiseKinds>(all)),
   ...);
  return all;
}

const std::vector<Fixture>& every_fixture() {
  static const auto every = of_scalars<float, double, long double, Eigen::half, Eigen::bfloat16>();
  return every;
}

}  // namespace suite
