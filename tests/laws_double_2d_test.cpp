// The law suite of every class for double storage in two dimensions.
#include "support/laws.hpp"

TEST_CASE("laws of double tracers in two dimensions") { suite::check_laws_of_matrices<double>(); }
