#include "fixture.hpp"
#include "kinds.hpp"

namespace suite {

namespace {

template <class... S> std::vector<Fixture> of_scalars() {
  std::vector<Fixture> all;
  ((add_fixtures<S, SingleKinds>(all), add_fixtures<S, DoubleKinds>(all), add_fixtures<S, ReleaseAndRiseKinds>(all)),
   ...);
  return all;
}

}  // namespace

const std::vector<Fixture>& every_fixture() {
  static const std::vector<Fixture> every = of_scalars<float, double, long double, Eigen::half, Eigen::bfloat16>();
  return every;
}

}  // namespace suite
