// Index lists, bits, rasters and ranges agree with dense input for float storage.
#include "support/inputs.hpp"

TEST_CASE("every form of input to float tracers") {
  suite::check_forms<suite::Shapes<float>::Column, spark::Euler>(suite::EveryKind());
}
