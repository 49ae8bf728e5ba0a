// The law suite of every class for Eigen::half storage in two dimensions.
#include "support/laws.hpp"

TEST_CASE("laws of Eigen::half tracers in two dimensions") { suite::check_laws_of_matrices<Eigen::half>(); }
