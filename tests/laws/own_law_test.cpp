// A law of one's own that has no closed form: every way to run a tracer takes it step by step.
#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

// A trace that decays in proportion to its square.
struct Hyperbolic : spark::Leak<Euler> {
  static constexpr bool fades = false;
  template <class C, class S, class X> static SPARK_INLINE void step(const C& c, S& s, const X& x) {
    s.trace = fma(c.scale, x, settle(fnma(c.decay * s.trace, s.trace, s.trace)));
  }
};
struct HyperbolicTracer : spark::BaseTracer<HyperbolicTracer, ArrayXd, Hyperbolic> {
  static constexpr const char* name = "HyperbolicTracer";
  using HyperbolicTracer::BaseTracer::BaseTracer;
};

// Its decay is not the first of its coefficients.
struct Disordered : Hyperbolic {
  template <class V, class Base = V> struct Coefficients {
    V scale, decay;
    Base base;
  };
  template <class W> static Coefficients<W> prepare(const Parameters<W>& p, const W& dt) {
    return {p.scale, Euler::decay(dt, p.tau), p.base};
  }
  template <class V> static State<V> rest(const Coefficients<V>& c) { return {c.base}; }
};
struct DisorderedTracer : spark::BaseTracer<DisorderedTracer, ArrayXd, Disordered> {
  static constexpr const char* name = "DisorderedTracer";
  using DisorderedTracer::BaseTracer::BaseTracer;
};

constexpr Index size = 19;
constexpr int steps = 30;
constexpr double tau = 12;

double spike(Index i, int k) { return (3 * i + 5 * k) % 7 == 0 ? 1 : 0; }
ArrayXd spikes_at(int k) {
  return ArrayXd::NullaryExpr(size, [k](Index i) { return spike(i, k); });
}
// After all steps and n silent ones, in long double.
real reference(Index i, int n) {
  real trace = 0;
  for (int k = 0; k < steps + n; ++k) trace += (k < steps ? spike(i, k) : 0) - trace * trace / tau;
  return trace;
}
template <class Tracer> void take_steps(Tracer& tracer) {
  for (int k = 0; k < steps; ++k) tracer(spikes_at(k));
}

}  // namespace

TEST_CASE("a law without closed form follows its recurrence, in silence, too") {
  HyperbolicTracer tracer(size, tau);
  spark::EventDriven events(tracer);
  const spark::Rule<HyperbolicTracer> rule(tau);
  take_steps(tracer), take_steps(events);
  auto ran = HyperbolicTracer(size, tau);
  ran.run(
      ColumnMajor<double>::NullaryExpr(size, steps, [](Index i, Index k) { return spike(i, static_cast<int>(k)); }));
  CHECK(identical(ran.value(), tracer.value()));
  for (int n : {0, 1, 2, 40}) {
    HyperbolicTracer silent = tracer;
    spark::EventDriven events_silent = events;
    silent.advance(n), events_silent.advance(n);
    CHECK(identical(events_silent.value(), silent.value()));
    for (Index i = 0; i < size; ++i) CHECK(close(silent.value()(i), reference(i, n), 1e-14L));
    auto s = rule.rest();
    for (int k = 0; k < steps; ++k) rule.step(s, spike(0, k));
    rule.advance(s, n);
    CHECK(rule.value(s) == silent.value()(0));
  }
}

TEST_CASE("a law without closed form takes lists, ranges and views") {
  HyperbolicTracer dense(size, tau), listed = dense, viewed = dense;
  for (int k = 0; k < steps; ++k) {
    const ArrayXd x = spikes_at(k);
    std::vector<int> fired;
    for (int i = 0; i < size; ++i)
      if (x(i) != 0) fired.push_back(i);
    dense(x);
    listed.step(5, size - 5, spark::spikes(fired)), listed.step(0, 5, spark::spikes(fired));
    const auto view = viewed.view();
    for (Index i = 0; i < size; ++i) view.step(i, x(i));
    CHECK(identical(listed.value(), dense.value()));
    CHECK(identical(viewed.value(), dense.value()));
  }
}

TEST_CASE("a silence without closed form ends where a step changes nothing") {
  const double infinite = HUGE_VAL;
  HyperbolicTracer tracer(size, infinite);
  take_steps(tracer);
  ArrayXd before = tracer.value();
  before(3) = std::nan("");
  tracer.set_state<0>(before);
  tracer.advance(std::int64_t{1} << 60);
  CHECK(identical(tracer.value(), before));
}

TEST_CASE("a law whose decays do not come first is refused") {
  CHECK(complaint<std::invalid_argument>([] { DisorderedTracer(size, tau); },
                                         {"DisorderedTracer", "coefficient 0", "the decay of tau", "come first"}) ==
        "");
}
