// The law suite of every class for long double storage in one dimension.
#include "support/laws.hpp"

TEST_CASE("laws of long double tracers in one dimension") { suite::check_laws_of_vectors<long double>(); }
