// Index lists, bits, rasters and ranges agree with dense input for release and rise-decay tracers of Eigen::bfloat16.
#include "support/inputs.hpp"

using namespace suite;

TEST_CASE("every form of input to release and rise-decay Eigen::bfloat16 tracers") {
  check_forms<Shapes<Eigen::bfloat16>::Column, spark::Euler>(Kinds<RUTracerKind, RDTracerKind, RFSTracerKind>());
}
