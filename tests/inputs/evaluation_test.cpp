// An input expression is evaluated exactly once per coefficient, and completely before the state
// changes, so it may read the tracer that it drives.
#include <vector>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;
using Eigen::ArrayXf;

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
  const std::vector<int> once(n, 1);
  INFO(Kind::name << ", " << scalar_name<S>());
  tracer(counted<float>(calls, random));
  CHECK(calls == once);
  calls.assign(n, 0);
  tracer(counted<bool>(calls, random));
  CHECK(calls == once);
  calls.assign(n, 0);
  tracer(counted<double>(calls, random) * 0.5 + 0.25);
  CHECK(calls == once);
  calls.assign(n, 0);
  tracer.masked_reset(counted<bool>(calls, random));
  CHECK(calls == once);
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
    const ArrayXf want = apart(before);
    const ArrayXf got = tracer(expression(tracer));
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
