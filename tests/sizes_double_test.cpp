// Every length of double tracers gives the same elements.
#include "support/sizes.hpp"

TEST_CASE("an element does not know its place: double, booleans") {
  suite::check_lengths<double, spark::Exact, bool>(suite::EveryKind());
}
