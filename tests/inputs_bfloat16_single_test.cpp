// Index lists, bits, rasters and ranges agree with dense input for single tracers of Eigen::bfloat16.
#include "support/inputs.hpp"

using namespace suite;

TEST_CASE("every form of input to single Eigen::bfloat16 tracers") {
  check_forms<Shapes<Eigen::bfloat16>::Column, spark::Euler>(
      Kinds<TracerKind, SaturableTracerKind, NearestTracerKind>());
}
