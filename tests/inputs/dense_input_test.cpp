// Dense input of every kind of Eigen expression: the same bits as from a plain array, each coefficient evaluated
// exactly once and before the state changes, so that the expression may read the tracer that it drives.
#include <typeinfo>
#include <vector>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;
using Eigen::ArrayXf;
using Eigen::Dynamic;

namespace {

template <class X, class A> auto converted(const A& a) {
  return a.unaryExpr([](typename A::Scalar v) { return static_cast<X>(v); }).eval();
}

template <class A> A ones_and_zeros(Index rows, Index cols) {
  Random random(41);
  using S = typename A::Scalar;
  return A::NullaryExpr(rows, cols, [&](Index, Index) { return random.chance(0.4) ? S(1) : S(0); });
}

// A function that steps a copy of one tracer, which has stepped before, with another way to write the values of x.
template <class Kind, class A> auto agreement(const A& x) {
  auto start = typical<Kind, A>(spark::Shape(x.rows(), x.cols()));
  start(A::Ones(x.rows(), x.cols())), start(A::Zero(x.rows(), x.cols()));
  auto plain = start;
  const A output = plain(x), value = plain.value(), next = plain(x);
  return [=](const char* form, const auto& other) {
    INFO(Kind::name << ", " << shape_name<A>() << ": " << form);
    auto t = start;
    CHECK(identical(A(t(other)), output));
    CHECK(identical(A(t.value()), value));
    CHECK(identical(A(t(other)), next));  // the whole state, seen through what comes next
  };
}

// What differs between the classes is the law, not how it meets its input: one class sees all forms, another, whose
// output is not its value, the main ones.
template <class Kind, bool thorough> void check_vectors() {
  using A = Column<float>;
  constexpr Index n = 83;
  const A x = ones_and_zeros<A>(n, 1);
  const auto agree = agreement<Kind>(x);
  const Column<bool> booleans = x > 0.5f;
  agree("bool", booleans);
  agree("uint8_t", converted<std::uint8_t>(x));
  agree("double", converted<double>(x));
  agree("a matrix expression", x.matrix());
  agree("a Ref", Eigen::Ref<const A>(x));
  if constexpr (thorough) {
    const auto agree_as = [&](auto type) { agree(typeid(type).name(), converted<decltype(type)>(x)); };
    agree_as(std::int8_t()), agree_as(std::uint16_t()), agree_as(int()), agree_as(std::int64_t());
    agree_as(float()), agree_as(Eigen::half());
    agree("a matrix", Eigen::VectorXf(x.matrix()));
    agree("a comparison", x > 0.5f);
    agree("a sum", (x - 1.0f) + 1.0f);
    agree("a cast", booleans.cast<float>());
    agree("a product", Eigen::MatrixXf::Identity(n, n) * x.matrix());
    agree("a reversed array", A(x.reverse()).reverse());

    // parts of larger arrays, at every alignment
    for (Index shift = 0; shift < 9; ++shift) {
      Column<bool> longer_booleans = Column<bool>::Constant(n + 9, true);
      longer_booleans.segment(shift, n) = booleans;
      agree("a segment of bool", longer_booleans.segment(shift, n));
      A longer = A::Constant(n + 9, 5.0f);
      longer.segment(shift, n) = x;
      agree("a segment", longer.segment(shift, n));
      agree("a map", Eigen::Map<const A>(longer.data() + shift, n));
    }
    ColumnMajor<float> table = ColumnMajor<float>::Constant(4, n, 3.0f);
    table.row(2) = x.transpose();
    agree("a row, transposed", table.row(2).transpose());
    using Stride = Eigen::InnerStride<>;
    agree("a map with a stride", Eigen::Map<const A, 0, Stride>(table.data() + 2, n, Stride(4)));
    ColumnMajor<bool> flags = ColumnMajor<bool>::Constant(3, n, true);
    flags.row(1) = booleans.transpose();
    agree("a map of bool with a stride", Eigen::Map<const Column<bool>, 0, Stride>(flags.data() + 1, n, Stride(3)));
  }
}

template <class Kind, class A> void check_matrices() {
  constexpr Index rows = 7, cols = 13;
  const A x = ones_and_zeros<A>(rows, cols);
  const auto agree = agreement<Kind>(x);
  agree("column-major", ColumnMajor<double>(x));
  agree("row-major", RowMajor<double>(x));
  agree("column-major bool", ColumnMajor<bool>(x > 0.5));
  agree("row-major bool", RowMajor<bool>(x > 0.5));
  agree("a comparison", x > 0.5);
  agree("column-major uint8_t", ColumnMajor<std::uint8_t>(converted<std::uint8_t>(x)));
  agree("row-major float", RowMajor<float>(x.template cast<float>()));
  agree("a matrix", Eigen::MatrixXd(x.matrix()));
  agree("a transposed array", x.transpose().eval().transpose());
  ColumnMajor<double> larger = ColumnMajor<double>::Constant(rows + 5, cols + 5, 9.0);
  larger.block(2, 3, rows, cols) = x;
  agree("a block", larger.block(2, 3, rows, cols));
  RowMajor<bool> larger_flags = RowMajor<bool>::Constant(rows + 5, cols + 5, true);
  larger_flags.block(4, 1, rows, cols) = x > 0.5;
  agree("a block of row-major bool", larger_flags.block(4, 1, rows, cols));
  using Strided = Eigen::Map<const ColumnMajor<double>, 0, Eigen::OuterStride<>>;
  agree("a map with an outer stride", Strided(&larger(2, 3), rows, cols, Eigen::OuterStride<>(rows + 5)));
  using Both = Eigen::Stride<Dynamic, Dynamic>;
  using BothStrided = Eigen::Map<ColumnMajor<double>, 0, Both>;
  ColumnMajor<double> sparse = ColumnMajor<double>::Constant(2 * rows, 3 * cols, 9.0);
  BothStrided spread(sparse.data(), rows, cols, Both(3 * 2 * rows, 2));
  spread = x;
  agree("a map with two strides", spread);
}

constexpr Index n = 150;

// Counts how often each coefficient is asked for.
template <class X> auto counted(std::vector<int>& calls, Random& random) {
  const Column<X> values = Column<X>::NullaryExpr(n, [&](Index) { return static_cast<X>(random.chance(0.3)); });
  return Column<X>::NullaryExpr(n, [&calls, values](Index i) {
    ++calls[static_cast<std::size_t>(i)];
    return values(i);
  });
}

template <class Kind, class S> void check_once() {
  auto tracer = typical<Kind, Column<S>>(n);
  Random random(51);
  std::vector<int> calls(n);
  INFO(Kind::name << ", " << scalar_name<S>());
  const auto once = [&](auto call, Index first = 0, Index count = n) {
    calls.assign(n, 0);
    call();
    for (Index i = 0; i < n; ++i) CHECK(calls[static_cast<std::size_t>(i)] == (i >= first && i < first + count));
  };
  once([&] { tracer(counted<float>(calls, random)); });
  once([&] { tracer(counted<bool>(calls, random)); });
  once([&] { tracer(counted<double>(calls, random) * 0.5 + 0.25); });
  once([&] { tracer.masked_reset(counted<bool>(calls, random)); });
  once([&] { tracer.step(10, 100, counted<float>(calls, random).segment(10, 100)); }, 10, 100);
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
    const auto want = apart(before).eval(), got = tracer(expression(tracer)).eval();
    CHECK(identical(got, want));
    CHECK(identical(tracer.value().eval(), apart.value().eval()));
  }
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

  spark::Tracer<Eigen::ArrayXXd> table({9, 9}, 20);  // across rows and columns
  table.set_trace(Eigen::ArrayXXd::NullaryExpr(9, 9, [](Index i, Index j) { return 10.0 * double(i) + double(j); }));
  check_self(table, [](const auto& t) { return t.trace().transpose(); });
}

TEST_CASE("masked_reset may read the tracer that it resets") {
  spark::Tracer<ArrayXf> tracer(n, 20, 1, 0.125);
  tracer.set_trace(some_state());
  const ArrayXf before = tracer.trace(), backwards = before.reverse(), base = ArrayXf::Constant(n, 0.125f);
  auto reversed = tracer;
  tracer.masked_reset(tracer.trace() > 0.25f);
  CHECK(identical(tracer.trace(), (before > 0.25f).select(base, before)));
  reversed.masked_reset(reversed.trace().reverse() > 0.25f);
  CHECK(identical(reversed.trace(), (backwards > 0.25f).select(base, before)));
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
