// Index lists, bits, rasters and ranges agree with dense input for double tracers of Eigen::half.
#include "support/inputs.hpp"

using namespace suite;

TEST_CASE("every form of input to double Eigen::half tracers") {
  check_forms<Shapes<Eigen::half>::Column, spark::Euler>(Kinds<DoubleTracerKind, SaturableDoubleTracerKind>());
}
