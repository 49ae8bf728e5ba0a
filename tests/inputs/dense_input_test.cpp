// Dense input of every kind of Eigen expression: the same bits as from a plain array, each
// coefficient evaluated exactly once, also where the expression reads the tracer itself.
#include <vector>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;
using Eigen::Dynamic;

namespace {

// Steps copies of one tracer with a plain array and with each other way to write the same values.
template <class T, class A> class Forms {
 public:
  explicit Forms(const T& start, const A& x) : start_(start), plain_(start), output_(plain_(x)) {}
  template <class X> void agree(const char* form, const X& x) {
    T t = start_;
    const A output = t(x);
    T after = plain_, after_t = t;
    verdict_.expect(identical(output, output_) && identical(A(t.value()), A(plain_.value())), [&] { return form; });
    // the whole state, seen through what comes next
    verdict_.expect(identical(A(after_t(x)), A(after(x))), [&] { return form; });
  }
  std::string report() const { return verdict_.report(); }

 private:
  T start_, plain_;
  A output_;
  Verdict verdict_;
};

template <class X, class A> auto converted(const A& a) {
  return a.unaryExpr([](typename A::Scalar v) { return static_cast<X>(v); }).eval();
}

// What differs between the classes is the law, not how it meets its input: one class sees all forms, another, whose
// output is not its value, the main ones.
template <class Kind, bool thorough> void check_vectors() {
  using A = Column<float>;
  constexpr Index n = 83;
  Random random(41);
  A ones_and_zeros = A::NullaryExpr(n, [&](Index) { return random.chance(0.4) ? 1.0f : 0.0f; });
  auto tracer = typical<Kind, A>(n);
  tracer(A::Constant(n, 1.0f)), tracer(A::Constant(n, 0.0f));

  Forms<decltype(tracer), A> forms(tracer, ones_and_zeros);
  const Column<bool> booleans = ones_and_zeros > 0.5f;
  const Column<std::uint8_t> bytes = converted<std::uint8_t>(ones_and_zeros);
  const Column<int> ints = converted<int>(ones_and_zeros);
  const Column<double> doubles = ones_and_zeros.cast<double>();
  const Eigen::Ref<const A> ref(ones_and_zeros);
  forms.agree("bool", booleans);
  forms.agree("uint8_t", bytes);
  forms.agree("double", doubles);
  forms.agree("a matrix expression", ones_and_zeros.matrix());
  forms.agree("a Ref", ref);
  INFO(Kind::name);
  if constexpr (!thorough) {
    CHECK(forms.report() == "");
    return;
  }
  forms.agree("int8_t", converted<std::int8_t>(ones_and_zeros));
  forms.agree("uint16_t", converted<std::uint16_t>(ones_and_zeros));
  forms.agree("int", ints);
  forms.agree("int64_t", converted<std::int64_t>(ones_and_zeros));
  forms.agree("float", ones_and_zeros);
  forms.agree("half", Column<Eigen::half>(ones_and_zeros.cast<Eigen::half>()));
  forms.agree("a matrix", Eigen::VectorXf(ones_and_zeros.matrix()));
  forms.agree("a comparison", ones_and_zeros > 0.5f);
  forms.agree("a sum", (ones_and_zeros - 1.0f) + 1.0f);
  forms.agree("a cast", booleans.cast<float>());
  forms.agree("a product", Eigen::MatrixXf::Identity(n, n) * ones_and_zeros.matrix());
  A reversed = ones_and_zeros.reverse();
  forms.agree("a reversed array", reversed.reverse());

  // parts of larger arrays, at every alignment
  for (Index shift = 0; shift < 9; ++shift) {
    Column<bool> longer_booleans = Column<bool>::Constant(n + 9, true);
    longer_booleans.segment(shift, n) = booleans;
    forms.agree("a segment of bool", longer_booleans.segment(shift, n));
    A longer = A::Constant(n + 9, 5.0f);
    longer.segment(shift, n) = ones_and_zeros;
    forms.agree("a segment", longer.segment(shift, n));
    forms.agree("a map", Eigen::Map<const A>(longer.data() + shift, n));
  }
  ColumnMajor<float> table(4, n);
  table.setConstant(3.0f);
  table.row(2) = ones_and_zeros.transpose();
  forms.agree("a row, transposed", table.row(2).transpose());
  using Strided = Eigen::Map<const A, 0, Eigen::InnerStride<>>;
  forms.agree("a map with a stride", Strided(table.data() + 2, n, Eigen::InnerStride<>(4)));
  ColumnMajor<bool> flags(3, n);
  flags.setConstant(true);
  flags.row(1) = booleans.transpose();
  using StridedFlags = Eigen::Map<const Column<bool>, 0, Eigen::InnerStride<>>;
  forms.agree("a map of bool with a stride", StridedFlags(flags.data() + 1, n, Eigen::InnerStride<>(3)));
  CHECK(forms.report() == "");
}

template <class Kind, class A> void check_matrices() {
  constexpr Index rows = 7, cols = 13;
  Random random(42);
  A x(rows, cols);
  for (Index j = 0; j < cols; ++j)
    for (Index i = 0; i < rows; ++i) x(i, j) = random.chance(0.4) ? 1.0 : 0.0;
  auto tracer = typical<Kind, A>(spark::Shape{rows, cols});
  tracer(A::Constant(rows, cols, 1.0)), tracer(A::Constant(rows, cols, 0.0));

  Forms<decltype(tracer), A> forms(tracer, x);
  forms.agree("column-major", ColumnMajor<double>(x));
  forms.agree("row-major", RowMajor<double>(x));
  forms.agree("column-major bool", ColumnMajor<bool>(x > 0.5));
  forms.agree("row-major bool", RowMajor<bool>(x > 0.5));
  forms.agree("a comparison", x > 0.5);
  forms.agree("column-major uint8_t", ColumnMajor<std::uint8_t>(converted<std::uint8_t>(x)));
  forms.agree("row-major float", RowMajor<float>(x.template cast<float>()));
  forms.agree("a matrix", Eigen::MatrixXd(x.matrix()));
  const A transposed_twice = x;
  const auto transposed = transposed_twice.transpose().eval();
  forms.agree("a transposed array", transposed.transpose());
  ColumnMajor<double> larger(rows + 5, cols + 5);
  larger.setConstant(9.0);
  larger.block(2, 3, rows, cols) = x;
  forms.agree("a block", larger.block(2, 3, rows, cols));
  RowMajor<bool> larger_flags(rows + 5, cols + 5);
  larger_flags.setConstant(true);
  larger_flags.block(4, 1, rows, cols) = x > 0.5;
  forms.agree("a block of row-major bool", larger_flags.block(4, 1, rows, cols));
  using Strided = Eigen::Map<const ColumnMajor<double>, 0, Eigen::OuterStride<>>;
  forms.agree("a map with an outer stride", Strided(&larger(2, 3), rows, cols, Eigen::OuterStride<>(rows + 5)));
  using BothStrided = Eigen::Map<const ColumnMajor<double>, 0, Eigen::Stride<Dynamic, Dynamic>>;
  ColumnMajor<double> sparse(2 * rows, 3 * cols);
  sparse.setConstant(9.0);
  for (Index j = 0; j < cols; ++j)
    for (Index i = 0; i < rows; ++i) sparse(2 * i, 3 * j) = x(i, j);
  forms.agree("a map with two strides",
              BothStrided(sparse.data(), rows, cols, Eigen::Stride<Dynamic, Dynamic>(3 * 2 * rows, 2)));
  INFO(Kind::name << ", " << shape_name<A>());
  CHECK(forms.report() == "");
}

}  // namespace

TEST_CASE("every form of dense vector gives the same step") {
  check_vectors<DoubleTracerKind, true>();
  check_vectors<RUTracerKind, false>();
}

TEST_CASE("every form of dense matrix gives the same step") {
  check_matrices<RUTracerKind, ColumnMajor<double>>();
  check_matrices<RUTracerKind, RowMajor<double>>();
}
