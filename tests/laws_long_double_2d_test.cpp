// The law suite of every class for long double storage in two dimensions.
#include "support/laws.hpp"

TEST_CASE("laws of long double tracers in two dimensions") { suite::check_laws_of_matrices<long double>(); }
