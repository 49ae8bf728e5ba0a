// Index lists, bits, rasters and ranges agree with dense input for release and rise-decay tracers of Eigen::half.
#include "support/inputs.hpp"

using namespace suite;

TEST_CASE("every form of input to release and rise-decay Eigen::half tracers") {
  check_forms<Shapes<Eigen::half>::Column, spark::Euler>(Kinds<RUTracerKind, RDTracerKind, RFSTracerKind>());
}
