// The law suite of every class for Eigen::bfloat16 storage in one dimension.
#include "support/laws.hpp"

TEST_CASE("laws of Eigen::bfloat16 tracers in one dimension") { suite::check_laws_of_vectors<Eigen::bfloat16>(); }
