// The law suite of every class for float storage in one dimension.
#include "support/laws.hpp"

TEST_CASE("laws of float tracers in one dimension") { suite::check_laws_of_vectors<float>(); }
