// Index lists, bits, rasters and ranges in the other shapes: elements are counted in storage order.
#include "support/inputs.hpp"

using suite::Shapes;

TEST_CASE("every form of input to column-major tracers") {
  suite::check_forms<Shapes<float>::ColumnMajor, spark::Exact>(suite::EveryKind());
}

TEST_CASE("every form of input to row-major tracers") {
  suite::check_forms<Shapes<double>::RowMajor, spark::Exact>(suite::EveryKind());
}

TEST_CASE("every form of input to tracers of fixed size") {
  suite::check_forms<Shapes<float>::FixedMatrix, spark::Euler>(suite::EveryKind());
}
