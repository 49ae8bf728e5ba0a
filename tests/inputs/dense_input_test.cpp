// Dense input of every kind of Eigen expression: the same bits as from a plain array, each coefficient evaluated
// exactly once and before the state changes, so that the expression may read the tracer that it drives.
#include <vector>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;
using Eigen::ArrayXf;
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

template <class A> A ones_and_zeros(Index rows, Index cols) {
  Random random(41);
  using S = typename A::Scalar;
  return A::NullaryExpr(rows, cols, [&](Index, Index) { return random.chance(0.4) ? S(1) : S(0); });
}
// Of a tracer that has stepped.
template <class Kind, class A> auto forms_of(const A& x) {
  auto tracer = typical<Kind, A>(spark::Shape(x.rows(), x.cols()));
  tracer(A::Ones(x.rows(), x.cols())), tracer(A::Zero(x.rows(), x.cols()));
  return Forms<decltype(tracer), A>(tracer, x);
}

// What differs between the classes is the law, not how it meets its input: one class sees all forms, another, whose
// output is not its value, the main ones.
template <class Kind, bool thorough> void check_vectors() {
  using A = Column<float>;
  constexpr Index n = 83;
  const A x = ones_and_zeros<A>(n, 1);
  auto forms = forms_of<Kind>(x);
  const Column<bool> booleans = x > 0.5f;
  forms.agree("bool", booleans);
  forms.agree("uint8_t", converted<std::uint8_t>(x));
  forms.agree("double", converted<double>(x));
  forms.agree("a matrix expression", x.matrix());
  forms.agree("a Ref", Eigen::Ref<const A>(x));
  if constexpr (thorough) {
    forms.agree("int8_t", converted<std::int8_t>(x));
    forms.agree("uint16_t", converted<std::uint16_t>(x));
    forms.agree("int", converted<int>(x));
    forms.agree("int64_t", converted<std::int64_t>(x));
    forms.agree("float", x);
    forms.agree("half", converted<Eigen::half>(x));
    forms.agree("a matrix", Eigen::VectorXf(x.matrix()));
    forms.agree("a comparison", x > 0.5f);
    forms.agree("a sum", (x - 1.0f) + 1.0f);
    forms.agree("a cast", booleans.cast<float>());
    forms.agree("a product", Eigen::MatrixXf::Identity(n, n) * x.matrix());
    forms.agree("a reversed array", A(x.reverse()).reverse());

    // parts of larger arrays, at every alignment
    for (Index shift = 0; shift < 9; ++shift) {
      Column<bool> longer_booleans = Column<bool>::Constant(n + 9, true);
      longer_booleans.segment(shift, n) = booleans;
      forms.agree("a segment of bool", longer_booleans.segment(shift, n));
      A longer = A::Constant(n + 9, 5.0f);
      longer.segment(shift, n) = x;
      forms.agree("a segment", longer.segment(shift, n));
      forms.agree("a map", Eigen::Map<const A>(longer.data() + shift, n));
    }
    ColumnMajor<float> table = ColumnMajor<float>::Constant(4, n, 3.0f);
    table.row(2) = x.transpose();
    forms.agree("a row, transposed", table.row(2).transpose());
    using Stride = Eigen::InnerStride<>;
    forms.agree("a map with a stride", Eigen::Map<const A, 0, Stride>(table.data() + 2, n, Stride(4)));
    ColumnMajor<bool> flags = ColumnMajor<bool>::Constant(3, n, true);
    flags.row(1) = booleans.transpose();
    forms.agree("a map of bool with a stride",
                Eigen::Map<const Column<bool>, 0, Stride>(flags.data() + 1, n, Stride(3)));
  }
  INFO(Kind::name);
  CHECK(forms.report() == "");
}

template <class Kind, class A> void check_matrices() {
  constexpr Index rows = 7, cols = 13;
  const A x = ones_and_zeros<A>(rows, cols);
  auto forms = forms_of<Kind>(x);
  forms.agree("column-major", ColumnMajor<double>(x));
  forms.agree("row-major", RowMajor<double>(x));
  forms.agree("column-major bool", ColumnMajor<bool>(x > 0.5));
  forms.agree("row-major bool", RowMajor<bool>(x > 0.5));
  forms.agree("a comparison", x > 0.5);
  forms.agree("column-major uint8_t", ColumnMajor<std::uint8_t>(converted<std::uint8_t>(x)));
  forms.agree("row-major float", RowMajor<float>(x.template cast<float>()));
  forms.agree("a matrix", Eigen::MatrixXd(x.matrix()));
  forms.agree("a transposed array", x.transpose().eval().transpose());
  ColumnMajor<double> larger = ColumnMajor<double>::Constant(rows + 5, cols + 5, 9.0);
  larger.block(2, 3, rows, cols) = x;
  forms.agree("a block", larger.block(2, 3, rows, cols));
  RowMajor<bool> larger_flags = RowMajor<bool>::Constant(rows + 5, cols + 5, true);
  larger_flags.block(4, 1, rows, cols) = x > 0.5;
  forms.agree("a block of row-major bool", larger_flags.block(4, 1, rows, cols));
  using Strided = Eigen::Map<const ColumnMajor<double>, 0, Eigen::OuterStride<>>;
  forms.agree("a map with an outer stride", Strided(&larger(2, 3), rows, cols, Eigen::OuterStride<>(rows + 5)));
  using Both = Eigen::Stride<Dynamic, Dynamic>;
  using BothStrided = Eigen::Map<ColumnMajor<double>, 0, Both>;
  ColumnMajor<double> sparse = ColumnMajor<double>::Constant(2 * rows, 3 * cols, 9.0);
  BothStrided spread(sparse.data(), rows, cols, Both(3 * 2 * rows, 2));
  spread = x;
  forms.agree("a map with two strides", spread);
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

namespace {

constexpr Index n = 150;

// Counts how often each coefficient is asked for.
template <class X> auto counted(std::vector<int>& calls, Random& random) {
  std::vector<X> values(n);
  for (Index i = 0; i < n; ++i) values[static_cast<std::size_t>(i)] = static_cast<X>(random.chance(0.3));
  return Eigen::Array<X, Eigen::Dynamic, 1>::NullaryExpr(n, [&calls, values](Index i) {
    ++calls[static_cast<std::size_t>(i)];
    return values[static_cast<std::size_t>(i)];
  });
}

template <class Kind, class S> void check_once() {
  auto tracer = typical<Kind, Column<S>>(n);
  Random random(51);
  std::vector<int> calls(n);
  INFO(Kind::name << ", " << scalar_name<S>());
  const auto once = [&](auto call) {
    calls.assign(n, 0);
    call();
    CHECK(calls == std::vector<int>(n, 1));
  };
  once([&] { tracer(counted<float>(calls, random)); });
  once([&] { tracer(counted<bool>(calls, random)); });
  once([&] { tracer(counted<double>(calls, random) * 0.5 + 0.25); });
  once([&] { tracer.masked_reset(counted<bool>(calls, random)); });
  calls.assign(n, 0);
  tracer.step(10, 100, counted<float>(calls, random).segment(10, 100));
  CHECK(calls[9] + calls[110] == 0);
  CHECK(calls[10] + calls[109] == 2);
}

ArrayXf some_state() {
  return ArrayXf::NullaryExpr(n, [](Index i) { return static_cast<float>(i % 17) / 32; });
}

// Steps one tracer with an expression over its own state and another with the same values computed
// before.
template <class T, class Expression> void check_self(T tracer, Expression expression) {
  T apart = tracer;
  for (int k = 0; k < 3; ++k) {
    const auto before = expression(apart).eval();
    const ArrayXf want = apart(before), got = tracer(expression(tracer));
    CHECK(identical(got, want));
    CHECK(identical(ArrayXf(tracer.value()), ArrayXf(apart.value())));
  }
}

}  // namespace

TEST_CASE("an input expression is evaluated exactly once") {
  // The law never meets the expression: one state and several, with an output of its own or not.
  check_once<TracerKind, float>();
  check_once<RUTracerKind, float>();
  check_once<DoubleTracerKind, Eigen::half>();
}

TEST_CASE("an input expression may read the tracer that it drives") {
  spark::Tracer<ArrayXf> single(n, 20);
  single.set_trace(some_state());
  check_self(single, [](const auto& t) { return t.trace() * 0.5f; });
  check_self(single, [](const auto& t) { return t.trace().reverse(); });
  check_self(single, [](const auto& t) { return t.trace().reverse() > 0.25f; });
  check_self(single, [](const auto& t) { return t.value() * 0.25f; });

  spark::SaturableTracer<ArrayXf> saturable(n, 20);
  saturable.set_trace(some_state());
  check_self(saturable, [](const auto& t) { return 1 - t.trace(); });
  check_self(saturable, [](const auto& t) { return t.trace().reverse(); });

  spark::DoubleTracer<ArrayXf> cascade(n, 10, 20);
  cascade.set_trace_1(some_state()), cascade.set_trace_2(some_state().reverse());
  check_self(cascade, [](const auto& t) { return t.trace_2() - t.trace_1(); });
  check_self(cascade, [](const auto& t) { return t.trace_2().reverse() * 0.125f; });
  check_self(cascade, [](const auto& t) { return t.trace_1().reverse(); });

  spark::RUTracer<ArrayXf> release(n, 30, 10, 0.25);
  release.set_trace_R(1 - some_state()), release.set_trace_U(some_state());
  check_self(release, [](const auto& t) { return t.trace_R() * t.trace_U(); });
  check_self(release, [](const auto& t) { return t.trace_R().reverse(); });
  check_self(release, [](const auto& t) { return t.value(); });
}

TEST_CASE("an input expression may read its own 2-D tracer across rows and columns") {
  using A = Eigen::ArrayXXd;
  spark::Tracer<A> tracer({9, 9}, 20);
  tracer.set_trace(A::NullaryExpr(9, 9, [](Index i, Index j) { return static_cast<double>(10 * i + j); }));
  auto apart = tracer;
  const A x = apart.trace().transpose();
  CHECK(identical(A(tracer(tracer.trace().transpose())), A(apart(x))));
}

TEST_CASE("masked_reset may read the tracer that it resets") {
  spark::Tracer<ArrayXf> tracer(n, 20, 1, 0.125);
  tracer.set_trace(some_state());
  const ArrayXf before = tracer.trace();
  auto reversed = tracer;
  tracer.masked_reset(tracer.trace() > 0.25f);
  CHECK(identical(tracer.trace(), (before > 0.25f).select(ArrayXf::Constant(n, 0.125f), before)));
  reversed.masked_reset(reversed.trace().reverse() > 0.25f);
  const ArrayXf backwards = before.reverse();
  CHECK(identical(reversed.trace(), (backwards > 0.25f).select(ArrayXf::Constant(n, 0.125f), before)));
}

TEST_CASE("a mask may be of any scalar") {
  spark::RUTracer<ArrayXf> start(n, 30, 10, 0.25);
  start(ArrayXf::Ones(n));
  const Eigen::Array<bool, Eigen::Dynamic, 1> mask = some_state() > 0.25f;
  const ArrayXf want_R = mask.select(ArrayXf::Ones(n), start.trace_R());
  const ArrayXf want_U = mask.select(ArrayXf::Zero(n), start.trace_U());
  const auto check = [&](const auto& m) {
    auto t = start;
    t.masked_reset(m);
    CHECK(identical(t.trace_R(), want_R));
    CHECK(identical(t.trace_U(), want_U));
  };
  check(mask);
  check(mask.cast<std::uint8_t>().eval());
  check(mask.cast<int>().eval());
  check(mask.cast<float>().eval());
  check(mask.cast<double>() * 3.5);
  check(mask.matrix());
}

TEST_CASE("a state may be written from the tracer's own") {
  spark::Tracer<ArrayXf> tracer(n, 20);
  tracer.set_trace(some_state());
  const ArrayXf want = tracer.trace().reverse();
  tracer.set_trace(tracer.trace().reverse());
  CHECK(identical(tracer.trace(), want));
}
