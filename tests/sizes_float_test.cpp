// Every length of float tracers gives the same elements.
#include "support/sizes.hpp"

TEST_CASE("an element does not know its place: float, bytes") {
  suite::check_lengths<float, spark::Euler, std::uint8_t>(suite::EveryKind());
}
