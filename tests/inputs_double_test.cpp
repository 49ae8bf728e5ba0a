// Index lists, bits, rasters and ranges agree with dense input for double storage.
#include "support/inputs.hpp"

TEST_CASE("every form of input to double tracers") {
  suite::check_forms<suite::Shapes<double>::Column, spark::Euler>(suite::EveryKind());
}
