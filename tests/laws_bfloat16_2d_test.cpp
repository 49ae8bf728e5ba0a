// The law suite of every class for Eigen::bfloat16 storage in two dimensions.
#include "support/laws.hpp"

TEST_CASE("laws of Eigen::bfloat16 tracers in two dimensions") { suite::check_laws_of_matrices<Eigen::bfloat16>(); }
