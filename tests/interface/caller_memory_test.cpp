// States that the caller keeps. A tracer over Eigen::Map is the same bits as one that owns its state, in the caller's
// layout, and nothing is written beside it; a view's step is the tracer's, and so is a rule's for one element. These
// are compared with the tracer of a fixture: its kernels are compiled once for all tests.
#include "support/kinds.hpp"
#include "support/property.hpp"

using namespace suite;

namespace {

using Values = ArrayXf;
using View = Eigen::Map<Values>;
const spark::Options as_is{1, {}, spark::Rounding::Nearest, spark::Start::as_is};

using Release = spark::RUTracer<ArrayXd, Exact>;

template <class Kind, class S, class Integration> void check_view() {
  using T = typename Kind::template type<Column<S>, Integration>;
  static_assert(std::is_trivially_copyable_v<decltype(std::declval<T&>().view())>);
  const Fixture& s = find_fixture(Kind::name, scalar_name<S>(), Integration::name);
  const Index n = s.size();
  Random random(321);
  for (Style style : {Style::numbers, Style::arrays}) {
    const Setup setup{{}, style, 0.5, 3};
    auto given = std::apply([](auto... p) { return std::array{typename T::Parameter(p)...}; }, Kind::typical);
    for (std::size_t k = 0; k < given.size() && style == Style::arrays; ++k)
      given[k] = Column<double>::NullaryExpr(n, [&](Index i) { return s.parameter(setup, k, i); });
    T loop = std::apply([&](auto... p) { return T(n, p..., spark::Options{0.5, 3}); }, given);
    const auto view = loop.view();
    const auto tracer = s.make(setup);
    Verdict verdict;
    const auto expect = [&](const char* what, const std::vector<real>& want, auto number_of) {
      for (Index i = n; i-- > 0;)
        verdict.expect(same_bits(to_real(spark::detail::narrow<S>(number_of(i))), want[at(i)]), what);
    };
    for (int k = 0; k < 20; ++k) {
      Inputs x(at(n));
      for (double& v : x) v = random.chance(0.3) ? static_cast<double>(random.below(4)) / 2 : 0;
      expect("a step", tracer->step(x), [&](Index i) { return view.step(i, x[at(i)]); });
      expect("the value", tracer->value(), [&](Index i) { return view.value(i); });
      const std::int64_t silence = k == 7 ? 1 : k == 13 ? 17 : 0;
      tracer->advance(silence);
      for (Index i = 0; i < n && silence > 0; ++i) view.advance(i, silence);
      const Column<S> value = loop.value();
      expect("a silence", tracer->value(), [&](Index i) { return spark::detail::widen(value(i)); });
    }
    verdict.expect(loop.clock() == 0, "the clock, which counts no steps of a view");
    INFO(s.name << ", " << (style == Style::arrays ? "arrays" : "numbers"));
    CHECK(verdict.report() == "");
  }
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a tracer starts at base in memory of the caller, and is stepped there", "", EveryKind) {
  using Mapped = typename TestType::template type<View, Euler>;
  const Fixture& s = find_fixture(TestType::name, "float", "Euler");
  const ArrayXXf before = ArrayXXf::Constant(s.size() + 2, Mapped::states, 12345);  // two rows belong to nobody
  ArrayXXf memory = before;
  auto column = [&, j = 0](const auto&) mutable { return View(&memory(1, j++), s.size()); };
  const auto place = [&](const auto&... state) { return typename Mapped::Place{column(state)...}; };
  const auto make = [&](auto... p) { return Mapped(std::apply(place, TestType::states), p...); };
  Mapped mapped = std::apply(make, TestType::typical);
  const auto owned = s.make({});
  const auto agree = [&] {
    ArrayXXf want = before;
    for (int k = 0; k < Mapped::states; ++k)
      want.col(k).segment(1, s.size()) = Eigen::Map<Column<real>>(owned->state(k).data(), s.size()).cast<float>();
    CHECK(identical(memory, want));
    const Values value = mapped.value();
    CHECK(std::vector<real>(value.begin(), value.end()) == owned->value());
  };
  agree();
  // memory and law do not meet but in the sweep: that of one, two and four states, with an output of its own or not
  constexpr Recurrence r = TestType::recurrence;
  if constexpr (r == Recurrence::leaky || r == Recurrence::cascade || r == Recurrence::release ||
                r == Recurrence::rise_fast_slow) {
    Random random(131);
    for (int k = 0; k < 40; ++k) {
      const Raster raster = Raster::random(s.size(), 1, k % 2 == 1, random);
      const Values x = raster.dense<float>().col(0);
      owned->step(raster.counts[0]), owned->step_list(raster.lists[0]);
      mapped(x), mapped(spark::spikes(raster.lists[0]));
      if (k % 10 != 9) continue;
      owned->masked_reset(std::vector<bool>(x.begin(), x.end())), owned->advance(3);
      mapped.masked_reset(x > 0.5f), mapped.advance(3);
    }
    agree();
  }
}

TEST_CASE("memory with gaps, of different shapes, or of two states at once is refused") {
  Values memory(12);
  const auto apart = [&](Index stride) {
    using Apart = Eigen::Map<Values, 0, Eigen::InnerStride<>>;
    spark::Tracer<Apart>({Apart(memory.data(), 4, Eigen::InnerStride<>(stride))}, 20.0);
  };
  CHECK_NOTHROW(apart(1));
  CHECK_THROWS_AS(apart(3), std::invalid_argument);
  const auto columns = [&](Index stride) {
    using Columns = Eigen::Map<ArrayXXf, 0, Eigen::OuterStride<>>;
    spark::Tracer<Columns>({Columns(memory.data(), 2, 3, Eigen::OuterStride<>(stride))}, 20.0);
  };
  CHECK_NOTHROW(columns(2));
  CHECK_THROWS_AS(columns(4), std::invalid_argument);
  const auto states = [&](Index size, Index second, Index second_size) {
    spark::DoubleTracer<View>({View(memory.data(), size), View(memory.data() + second, second_size)}, 20.0, 30.0);
  };
  CHECK_NOTHROW(states(4, 4, 4));
  CHECK_THROWS_AS(states(5, 5, 4), std::invalid_argument);
  CHECK_THROWS_AS(states(5, 4, 5), std::invalid_argument);
  CHECK_THROWS_AS(states(5, 0, 5), std::invalid_argument);
}

TEST_CASE("a move takes the memory along, and assigning a copy writes memory, if the shape is the same") {
  using T = spark::Tracer<View>;
  Values first(4), second(4), third(5);
  T a({View(first.data(), 4)}, 20), b({View(second.data(), 4)}, 30, 1, 0.5), c({View(third.data(), 5)}, 40, 1, 0.25);
  std::swap(a, b);
  CHECK((a.value().data() == second.data() && b.value().data() == first.data()));
  CHECK((a.tau()(0) == 30 && b.tau()(0) == 20));
  a(Values::Ones(4));
  CHECK(((second == 1.5f).all() && (first == 0).all()));
  b = a;
  a(Values::Ones(4));
  CHECK((first == 1.5f).all());
  CHECK(b.decay()(0) == a.decay()(0));
  CHECK_THROWS_AS(b = c, std::invalid_argument);
  CHECK((first == 1.5f).all());
  CHECK(b.decay()(0) == a.decay()(0));
  b = T(c);
  CHECK(b.value().data() == third.data());
  CHECK((first == 1.5f).all());
}

TEST_CASE("memory of the caller may be taken as it is, and moved") {
  using T = spark::RUTracer<View, Exact>;
  Values R = Values::Constant(3, 0.5f), U = Values::Constant(3, 0.25f);
  const auto place = [](Values& a, Values& b, Index n) { return T::Place{View(a.data(), n), View(b.data(), n)}; };
  T tracer(place(R, U, 3), 100, 50, 0.5, as_is);
  CHECK((R == 0.5f).all());
  CHECK((tracer.trace_U() == 0.25f).all());
  Values elsewhere_R = R, elsewhere_U = U;
  tracer.rebind(place(elsewhere_R, elsewhere_U, 3));
  tracer(Values::Ones(3));
  CHECK((R == 0.5f).all());
  CHECK((elsewhere_R < 0.5f).all());

  elsewhere_R(1) = 1.5f;
  CHECK_THROWS_AS(tracer.rebind(place(elsewhere_R, U, 3)), std::invalid_argument);
  CHECK_THROWS_AS(T(place(elsewhere_R, U, 3), 100, 50, 0.5, as_is), std::invalid_argument);
  CHECK_THROWS_AS(tracer.rebind(place(R, U, 2)), std::invalid_argument);
  CHECK(tracer.trace_U().data() == elsewhere_U.data());
  CHECK_THROWS_AS(spark::Tracer<Values>(3, 20, as_is), std::invalid_argument);
}

TEST_CASE("an input that overlaps the state at another offset is evaluated first") {
  Values memory = Values::LinSpaced(701, 1, 701), same = memory.head(700);
  const auto shifted = [&](auto form) {
    Values work = memory;
    spark::Tracer<View> over({View(work.data() + 1, 700)}, 20.0, as_is);
    spark::Tracer<Values> want(700, 20.0);
    want.set_trace(memory.tail(700));
    over(form(View(work.data(), 700))), want(form(View(same.data(), 700)));
    return identical(Values(over.value()), want.value());
  };
  CHECK(shifted([](const auto& x) { return x; }));
  CHECK(shifted([](const auto& x) { return x * 0.5f; }));
  // and so is a value that is computed from the states of another tracer
  Values none = Values::Zero(700);
  const spark::RDTracer<View> other({View(none.data(), 700), View(memory.data(), 700)}, 5, 20, as_is);
  spark::Tracer<View> over({View(memory.data() + 1, 700)}, 20, as_is);
  spark::Tracer<Values> want(700, 20);
  want.set_trace(over.trace());
  want(Values(other.value())), over(other.value());
  CHECK(identical(Values(over.value()), want.value()));
}

TEMPLATE_LIST_TEST_CASE("a step through a view is a step, bit for bit", "", EveryKind) {
  check_view<TestType, float, Euler>();
  check_view<TestType, double, Exact>();
  check_view<TestType, Eigen::half, Euler>();
}

TEST_CASE("a view's pointers may be those of other memory") {
  spark::Tracer<ArrayXf> tracer(3, ArrayXf::LinSpaced(3, 10, 30));
  auto view = tracer.view();
  ArrayXf state = ArrayXf::Ones(3), decay = ArrayXf::Constant(3, 0.5f);
  view.state[0] = state.data(), view.coefficient[0] = decay.data();
  CHECK(view.step(1, 1) == 1.5f);
  CHECK(state(1) == 1.5f);
  CHECK((tracer.trace() == 0).all());
}

TEMPLATE_LIST_TEST_CASE("a rule is a tracer of one element whose state the caller keeps", "", EveryKind) {
  using T = typename TestType::template type<ArrayXd, Exact>;
  const Fixture& fixture = find_fixture(TestType::name, "double", "Exact");
  const auto tracer = fixture.make({{}, Style::numbers, 0.5});
  const auto rule = std::apply([](auto... p) { return spark::Rule<T>(p..., spark::Options{0.5}); }, TestType::typical);
  INFO(TestType::name);
  auto s = rule.rest();
  static_assert(sizeof s == 8 * T::states);
  Random random(323);
  for (int k = 0; k < 30; ++k) {
    CHECK(rule.value(s) == tracer->value()[0]);  // at rest, or after a silence
    const double x = random.chance(0.5) ? 1 : 0;
    CHECK(rule.step(s, x) == tracer->step(Inputs(at(fixture.size()), x))[0]);
    CHECK(rule.value(s) == tracer->value()[0]);
    if (k % 5 == 4) tracer->advance(k), rule.advance(s, k);
  }
  CHECK(rule.value(s) == tracer->value()[0]);
  // a silence of any length: n steps, and its halves
  auto steps = s, whole = s, parts = s;
  rule.advance(steps, 12);
  rule.elapse(whole, 6), rule.elapse(parts, 1.3), rule.elapse(parts, 4.7);
  const double want = rule.value(steps), before = rule.value(whole);
  CHECK(std::abs(before - want) < 1e-12);
  CHECK((is_clipped(TestType::recurrence) || std::abs(rule.value(parts) - want) < 1e-12));
  rule.elapse(whole, 0);
  CHECK(rule.value(whole) == before);
}

TEST_CASE("a rule knows a silence of any length, the shortest and the longest too") {
  for (const double U_tau : {50.0, 0.0}) {  // with 0 nothing is left of U
    const double dt = 0.1, R_tau = 800;
    const spark::Rule<Release> rule(R_tau, U_tau, 0.3, spark::Options{dt});
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
    auto last = rule.rest(), none = last;
    rule.step(last, 1), rule.elapse(last, HUGE_VAL);
    CHECK((last.trace_R == 1 && last.trace_U == 0));
    none.trace_R = 0;
    rule.elapse(none, 1e-9);  // all of it is what was lost of the distance
    CHECK(std::abs(none.trace_R / (1e-9L / R_tau) - 1) < 1e-12);
  }
}

TEST_CASE("what never decays outlives a silence without end, and a rule takes any dt") {
  const spark::Rule<Release> rule(HUGE_VAL, 50.0, 0.3);
  auto s = rule.rest();
  s.trace_R = 0.7;
  rule.elapse(s, HUGE_VAL);
  CHECK(s.trace_R == 0.7);
  const spark::Rule<spark::DoubleTracer<ArrayXd, Exact>> alpha(5.0, 5.0);
  auto pair = alpha.rest();
  alpha.step(pair, 1), alpha.elapse(pair, HUGE_VAL);
  CHECK(alpha.value(pair) == 0);

  for (const double dt : {1e-300, 1.0, 5e307, 1e308}) {
    const spark::Rule<spark::Tracer<ArrayXd, Exact>> leak(dt / 2, spark::Options{dt});
    auto one = leak.rest();
    one.trace = 1;
    leak.elapse(one, dt);
    INFO("dt " << dt);
    CHECK(std::abs(one.trace - std::exp(-2)) < 1e-14);
  }
  const spark::Rule<spark::Tracer<Column<long double>, Exact>> fine(20e-28L, spark::Options{1e-28});
  CHECK(fine.value(fine.rest()) == 0);
}

TEST_CASE("what a view and a rule cannot do is refused") {
  const auto refused = [](std::initializer_list<std::string> words, auto call) {
    CHECK(complaint<std::invalid_argument>(call, words) == "");
  };
  spark::Tracer<Column<Eigen::half>> counting(3, 20, spark::Options{1, {}, spark::Rounding::Stochastic});
  refused({"Tracer", "rounding", "view"}, [&] { counting.view(); });  // which counts no steps
  refused({"RUTracer", "R_tau", "-1"}, [] { spark::Rule<Release>(-1.0, 50.0, 0.3); });
  refused({"numbers"}, [] { spark::Rule<Release>(Eigen::Array2d(1, 2), 50.0, 0.3); });
  const spark::Rule<Release> rule(800.0, 50.0, 0.3);
  auto s = rule.rest();
  CHECK_THROWS_AS(rule.elapse(s, -1), std::invalid_argument);
  CHECK_THROWS_AS(rule.elapse(s, std::nan("")), std::invalid_argument);
  CHECK_THROWS_AS(rule.advance(s, -1), std::invalid_argument);
}

// 4 * 0.1 - 3 * 0.1 - 0.1 is below 0.
TEST_CASE("spikes in neighbouring steps of a grid leave no silence between them") {
  const double dt = 0.1;
  const spark::Rule<Release> rule(800.0, 50.0, 0.3, spark::Options{dt});
  auto by_time = rule.rest(), by_step = by_time;
  for (int k = 1; k < 1000; ++k) {
    rule.elapse(by_time, k * dt - (k - 1) * dt - dt);
    INFO("step " << k);
    REQUIRE(std::abs(rule.step(by_time, 1) - rule.step(by_step, 1)) < 1e-12);
  }
  CHECK_THROWS_AS(rule.elapse(by_time, -1e-5 * dt), std::invalid_argument);
}
