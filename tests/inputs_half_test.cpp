// Index lists, bits, rasters and ranges agree with dense input for Eigen::half storage.
#include "support/inputs.hpp"

TEST_CASE("every form of input to Eigen::half tracers") {
  suite::check_forms<suite::Shapes<Eigen::half>::Column, spark::Euler>(suite::EveryKind());
}
