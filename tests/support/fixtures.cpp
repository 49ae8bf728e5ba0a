#include "fixture.hpp"
#include "kinds.hpp"

namespace suite {

namespace {

template <class S> void add_every_kind(std::vector<Fixture>& all) {
  add_fixtures<S, SingleKinds>(all);
  add_fixtures<S, DoubleKinds>(all);
  add_fixtures<S, ReleaseAndRiseKinds>(all);
}

}  // namespace

const std::vector<Fixture>& every_fixture() {
  static const std::vector<Fixture> every = [] {
    std::vector<Fixture> all;
    add_every_kind<float>(all);
    add_every_kind<double>(all);
    add_every_kind<long double>(all);
    add_every_kind<Eigen::half>(all);
    add_every_kind<Eigen::bfloat16>(all);
    return all;
  }();
  return every;
}

}  // namespace suite
