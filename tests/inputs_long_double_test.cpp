// Index lists, bits, rasters and ranges agree with dense input for long double storage.
#include "support/inputs.hpp"

TEST_CASE("every form of input to long double tracers") {
  suite::check_forms<suite::Shapes<long double>::Column, spark::Euler>(suite::EveryKind());
}
