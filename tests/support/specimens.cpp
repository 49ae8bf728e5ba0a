#include "kinds.hpp"
#include "subject.hpp"

namespace suite {

namespace {

template <class S>
void add_every_kind(std::vector<Specimen>& all) {
  add_specimens<S, SingleKinds>(all);
  add_specimens<S, DoubleKinds>(all);
  add_specimens<S, ReleaseAndRiseKinds>(all);
}

}  // namespace

const std::vector<Specimen>& every_specimen() {
  static const std::vector<Specimen> every = [] {
    std::vector<Specimen> all;
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
