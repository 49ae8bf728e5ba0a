// The law suite of every class for Eigen::half storage in one dimension.
#include "support/laws.hpp"

TEST_CASE("laws of Eigen::half tracers in one dimension") { suite::check_laws_of_vectors<Eigen::half>(); }
