// A view's step is the tracer's, and so is a rule's for one element.
#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

template <class Kind, class S, class Integration> void check_view() {
  using T = typename Kind::template type<Column<S>, Integration>;
  using P = typename T::Parameter;
  static_assert(std::is_trivially_copyable_v<decltype(std::declval<T&>().view())>);
  const Index n = 37;
  Random random(321);
  for (bool arrays : {false, true}) {
    const auto given = [&](double v) { return arrays ? P(Column<double>::LinSpaced(n, v / 2, v)) : P(v); };
    T tracer = std::apply([&](auto... p) { return T(n, given(p)..., spark::Options{0.5, 3}); }, Kind::typical);
    T loop = tracer;
    const auto view = loop.view();
    for (int k = 0; k < 20; ++k) {
      const auto amount = [&] { return random.chance(0.3) ? static_cast<float>(random.below(4)) / 2 : 0.0f; };
      const Eigen::ArrayXf x = Eigen::ArrayXf::NullaryExpr(n, amount);
      const Column<S> output = tracer(x);
      Column<S> looped(n), values(n);
      for (Index i = n; i-- > 0;) looped(i) = spark::detail::narrow<S>(view.step(i, x(i)));
      for (Index i = 0; i < n; ++i) values(i) = spark::detail::narrow<S>(view.value(i));
      INFO(Kind::name << "<" << scalar_name<S>() << ">, " << (arrays ? "arrays" : "numbers"));
      CHECK(identical(looped, output));
      CHECK(identical(values, Column<S>(tracer.value())));
      const std::int64_t silence = k == 7 ? 1 : k == 13 ? 17 : 0;
      tracer.advance(silence);
      for (Index i = 0; i < n && silence > 0; ++i) view.advance(i, silence);
      CHECK(identical(Column<S>(loop.value()), Column<S>(tracer.value())));
    }
    CHECK(loop.clock() == 0);
  }
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a step through a view is a step, bit for bit", "", EveryKind) {
  check_view<TestType, float, spark::Euler>();
  check_view<TestType, double, spark::Exact>();
  check_view<TestType, Eigen::half, spark::Euler>();
}

TEST_CASE("a view of stochastic rounding is refused, as it counts no steps") {
  spark::Tracer<Column<Eigen::half>> tracer(3, 20, spark::Options{1, {}, spark::Rounding::Stochastic});
  CHECK(complaint<std::invalid_argument>([&] { tracer.view(); }, {"Tracer", "rounding", "view"}) == "");
}

TEST_CASE("a view's pointers may be those of other memory") {
  spark::Tracer<Eigen::ArrayXf> tracer(3, Eigen::ArrayXf::LinSpaced(3, 10, 30));
  auto view = tracer.view();
  Eigen::ArrayXf state = Eigen::ArrayXf::Ones(3), decay = Eigen::ArrayXf::Constant(3, 0.5f);
  view.state[0] = state.data(), view.coefficient[0] = decay.data();
  CHECK(view.step(1, 1) == 1.5f);
  CHECK(state(1) == 1.5f);
  CHECK((tracer.trace() == 0).all());
}

TEMPLATE_LIST_TEST_CASE("a rule is a tracer of one element whose state the caller keeps", "", EveryKind) {
  using A = Eigen::ArrayXd;
  using T = typename TestType::template type<A, spark::Exact>;
  const spark::Options options{0.5};
  T tracer = std::apply([&](auto... p) { return T(1, p..., options); }, TestType::typical);
  const auto rule = std::apply([&](auto... p) { return spark::Rule<T>(p..., options); }, TestType::typical);
  auto s = rule.rest();
  static_assert(sizeof s == 8 * T::states);
  INFO(TestType::name);
  CHECK(rule.value(s) == A(tracer.value())(0));
  Random random(323);
  for (int k = 0; k < 30; ++k) {
    const double x = random.chance(0.5) ? 1 : 0;
    CHECK(rule.step(s, x) == A(tracer(A::Constant(1, x)))(0));
    CHECK(rule.value(s) == A(tracer.value())(0));
    if (k % 5 == 4) tracer.advance(k), rule.advance(s, k);
    CHECK(rule.value(s) == A(tracer.value())(0));
  }
  // a silence of any length: n steps, and its halves
  auto steps = s, whole = s, parts = s;
  rule.advance(steps, 12);
  rule.elapse(whole, 6), rule.elapse(parts, 1.3), rule.elapse(parts, 4.7);
  CHECK(std::abs(rule.value(whole) - rule.value(steps)) < 1e-12);
  if (!is_clipped(TestType::recurrence)) CHECK(std::abs(rule.value(parts) - rule.value(steps)) < 1e-12);
  const double before = rule.value(whole);
  rule.elapse(whole, 0);
  CHECK(rule.value(whole) == before);
}

TEST_CASE("a rule knows a silence of any length, the shortest and the longest too") {
  using T = spark::RUTracer<Eigen::ArrayXd, spark::Exact>;
  for (const double U_tau : {50.0, 0.0}) {  // with 0 nothing is left of U
    const double dt = 0.1, R_tau = 800;
    const spark::Rule<T> rule(R_tau, U_tau, 0.3, spark::Options{dt});
    Random random(324);
    for (int k = 0; k < 2000; ++k) {
      const double t = k == 0 ? 0 : std::pow(10, random.uniform(-12, 6));
      const double R = random.uniform(0, 1), U = random.uniform(0, 1);
      auto s = rule.rest();
      s.trace_R = R, s.trace_U = U;
      rule.elapse(s, t);
      const long double lost = -std::expm1(-static_cast<long double>(t) / R_tau);
      const long double left = t == 0 ? 1 : U_tau == 0 ? 0 : std::exp(-static_cast<long double>(t) / U_tau);
      INFO("after " << t << ", U_tau " << U_tau);
      REQUIRE(std::abs(s.trace_R - (R + lost * (1 - R))) <= 4e-16);
      REQUIRE(std::abs(s.trace_U - U * left) <= 1e-15 * (1 + t / 50) * U * left + 1e-300);
    }
    auto last = rule.rest();
    rule.step(last, 1), rule.elapse(last, std::numeric_limits<double>::infinity());
    CHECK(last.trace_R == 1);
    CHECK(last.trace_U == 0);
    auto none = rule.rest();
    none.trace_R = 0;
    rule.elapse(none, 1e-9);  // all of it is what was lost of the distance
    CHECK(std::abs(none.trace_R / (1e-9L / R_tau) - 1) < 1e-12);
  }
}

TEST_CASE("what never decays outlives a silence without end") {
  using A = Eigen::ArrayXd;
  const double never = std::numeric_limits<double>::infinity();
  const spark::Rule<spark::RUTracer<A, spark::Exact>> rule(never, 50.0, 0.3);
  auto s = rule.rest();
  s.trace_R = 0.7;
  rule.elapse(s, never);
  CHECK(s.trace_R == 0.7);
  const spark::Rule<spark::DoubleTracer<A, spark::Exact>> alpha(5.0, 5.0);
  auto pair = alpha.rest();
  alpha.step(pair, 1), alpha.elapse(pair, never);
  CHECK(alpha.value(pair) == 0);
}

TEST_CASE("a rule takes any dt") {
  for (const double dt : {1e-300, 1.0, 5e307, 1e308}) {
    const spark::Rule<spark::Tracer<Eigen::ArrayXd, spark::Exact>> rule(dt / 2, spark::Options{dt});
    auto s = rule.rest();
    s.trace = 1;
    rule.elapse(s, dt);
    INFO("dt " << dt);
    CHECK(std::abs(s.trace - std::exp(-2)) < 1e-14);
  }
  const spark::Rule<spark::Tracer<Column<long double>, spark::Exact>> fine(20e-28L, spark::Options{1e-28});
  CHECK(fine.value(fine.rest()) == 0);
}

TEST_CASE("a rule checks its parameters") {
  using T = spark::RUTracer<Eigen::ArrayXd, spark::Exact>;
  CHECK(complaint<std::invalid_argument>([] { spark::Rule<T>(-1.0, 50.0, 0.3); }, {"RUTracer", "R_tau", "-1"}) == "");
  CHECK(complaint<std::invalid_argument>([] { spark::Rule<T>(Eigen::Array2d(1, 2), 50.0, 0.3); }, {"numbers"}) == "");
  const spark::Rule<T> rule(800.0, 50.0, 0.3);
  auto s = rule.rest();
  CHECK_THROWS_AS(rule.elapse(s, -1), std::invalid_argument);
  CHECK_THROWS_AS(rule.elapse(s, std::nan("")), std::invalid_argument);
  CHECK_THROWS_AS(rule.advance(s, -1), std::invalid_argument);
}

// 4 * 0.1 - 3 * 0.1 - 0.1 is below 0.
TEST_CASE("spikes in neighbouring steps of a grid leave no silence between them") {
  const double dt = 0.1;
  const spark::Rule<spark::RUTracer<Eigen::ArrayXd, spark::Exact>> rule(800.0, 50.0, 0.3, spark::Options{dt});
  auto by_time = rule.rest(), by_step = by_time;
  for (int k = 1; k < 1000; ++k) {
    rule.elapse(by_time, k * dt - (k - 1) * dt - dt);
    INFO("step " << k);
    REQUIRE(std::abs(rule.step(by_time, 1) - rule.step(by_step, 1)) < 1e-12);
  }
  CHECK_THROWS_AS(rule.elapse(by_time, -1e-5 * dt), std::invalid_argument);
}
