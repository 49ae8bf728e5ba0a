// Index lists, bits, rasters and ranges agree with dense input for Eigen::bfloat16 storage.
#include "support/inputs.hpp"

TEST_CASE("every form of input to Eigen::bfloat16 tracers") {
  suite::check_forms<suite::Shapes<Eigen::bfloat16>::Column, spark::Euler>(suite::EveryKind());
}
