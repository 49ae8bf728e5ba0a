// The law suite of every class for float storage in two dimensions.
#include "support/laws.hpp"

TEST_CASE("laws of float tracers in two dimensions") { suite::check_laws_of_matrices<float>(); }
