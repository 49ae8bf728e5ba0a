// Every length of Eigen::half tracers gives the same elements.
#include "support/sizes.hpp"

TEST_CASE("an element does not know its place: Eigen::half, float input") {
  suite::check_lengths<Eigen::half, spark::Exact, float>(suite::EveryKind());
}
