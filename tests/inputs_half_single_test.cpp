// Index lists, bits, rasters and ranges agree with dense input for single tracers of Eigen::half.
#include "support/inputs.hpp"

using namespace suite;

TEST_CASE("every form of input to single Eigen::half tracers") {
  check_forms<Shapes<Eigen::half>::Column, spark::Euler>(Kinds<TracerKind, SaturableTracerKind, NearestTracerKind>());
}
