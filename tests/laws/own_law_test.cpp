// A law of one's own that has no closed form: every way to run a tracer takes it step by step.
#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

template <class Law> struct OwnTracer : spark::BaseTracer<OwnTracer<Law>, ArrayXd, Law> {
  static constexpr const char* name = "OwnTracer";
  using spark::BaseTracer<OwnTracer, ArrayXd, Law>::BaseTracer;
};

// A trace that decays in proportion to its square.
struct Hyperbolic : spark::Leak<Euler> {
  static constexpr bool fades = false;
  template <class C, class S, class X> static SPARK_INLINE void step(const C& c, S& s, const X& x) {
    s.trace = fma(c.scale, x, settle(fnma(c.decay * s.trace, s.trace, s.trace)));
  }
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

// It has no closed form and claims one.
struct Claiming : Hyperbolic {
  static constexpr bool fades = true;
};

// Its silence is not that of the law that it derives from.
struct Halving : spark::Cascade<Exact> {
  template <class C, class S, class X> static SPARK_INLINE void step(const C& c, S& s, const X& x) {
    Cascade::step(c, s, x), s.trace_1 = s.trace_1 * 0.5;
  }
};

// A trace whose jumps soften. Its step is its own, and the law that it derives from has a `jump`.
struct SoftBound : spark::Leak<spark::Exact> {
  template <class C, class S, class X> static SPARK_INLINE void step(const C& c, S& s, const X& x) {
    s.trace = leak(s.trace, c.decay, c.base, c.scale * (1 - s.trace), x);
  }
};

constexpr Index size = 130;  // of which few spike, so that lists need no rows
constexpr int steps = 60;
constexpr double tau = 12;

double spikes_of(Index i, int k) { return (3 * i + 5 * k) % 23 == 0 ? i % 2 == 0 ? 1 : 2 : 0; }
ArrayXd spikes_at(int k) {
  return ArrayXd::NullaryExpr(size, [k](Index i) { return spikes_of(i, k); });
}
// After all steps and n silent ones, in long double.
real reference(Index i, int n) {
  real trace = 0;
  for (int k = 0; k < steps + n; ++k) trace += (k < steps ? spikes_of(i, k) : 0) - trace * trace / tau;
  return trace;
}

// Takes a tracer through all steps; lists, ranges of lists and views do the same to copies.
template <class Tracer> void take_steps(Tracer& tracer) {
  Tracer listed = tracer, ranges = tracer, viewed = tracer;
  for (int k = 0; k < steps; ++k) {
    const ArrayXd x = spikes_at(k);
    std::vector<int> fired;
    for (int i = 0; i < size; ++i) fired.insert(fired.end(), static_cast<std::size_t>(x(i)), i);
    tracer(x), listed(spark::spikes(fired));
    ranges.step(5, size - 5, spark::spikes(fired)), ranges.step(0, 5, spark::spikes(fired));
    const auto view = viewed.view();
    for (Index i = 0; i < size; ++i) view.step(i, x(i));
    for (const Tracer* each : {&listed, &ranges, &viewed}) CHECK(identical(each->value(), tracer.value()));
  }
}

}  // namespace

TEST_CASE("a law without closed form follows its recurrence, in silence, too") {
  OwnTracer<Hyperbolic> start(size, tau), tracer = start, ran = start;
  spark::EventDriven events(start);
  const spark::Rule<OwnTracer<Hyperbolic>> rule(tau);
  take_steps(tracer);
  for (int k = 0; k < steps; ++k) events(spikes_at(k));
  ran.run(ColumnMajor<double>::NullaryExpr(size, steps, [](Index i, Index k) { return spikes_of(i, int(k)); }));
  CHECK(identical(ran.value(), tracer.value()));
  for (int n : {0, 1, 2, 40}) {
    OwnTracer<Hyperbolic> silent = tracer;
    spark::EventDriven events_silent = events;
    silent.advance(n), events_silent.advance(n);
    CHECK(identical(events_silent.value(), silent.value()));
    for (Index i = 0; i < size; ++i) CHECK(close(silent.value()(i), reference(i, n), 1e-14L));
    auto s = rule.rest();
    for (int k = 0; k < steps; ++k) rule.step(s, spikes_of(0, k));
    rule.advance(s, n);
    CHECK(rule.value(s) == silent.value()(0));
  }
}

TEST_CASE("a list is a dense step of a law that derives from another") {
  OwnTracer<SoftBound> soft(size, 20, 0.5, 0.25);
  take_steps(soft);
}

TEST_CASE("a silence without closed form ends where a step changes nothing") {
  const double infinite = HUGE_VAL;
  OwnTracer<Hyperbolic> tracer(size, infinite);
  take_steps(tracer);
  ArrayXd before = tracer.value();
  before(3) = std::nan("");
  tracer.set_state<0>(before);
  tracer.advance(std::int64_t{1} << 60);
  CHECK(identical(tracer.value(), before));
}

TEST_CASE("a law is refused whose decays do not come first, or whose silence is not what it says") {
  CHECK(complaint<std::invalid_argument>([] { OwnTracer<Disordered>(size, tau, 2); },
                                         {"OwnTracer", "coefficient 0", "the decay of tau", "come first"}) == "");
  const auto refused = [](auto use) {
    return complaint<std::invalid_argument>(use, {"OwnTracer: two steps", "closed form", "`fades`"}) == "";
  };
  CHECK(refused([] { OwnTracer<Claiming>(size, tau).advance(2); }));
  CHECK(refused([] { spark::EventDriven{OwnTracer<Claiming>(size, tau)}; }));
  CHECK(refused([] { spark::Rule<OwnTracer<Claiming>>{tau}; }));
  CHECK(refused([] { OwnTracer<Halving>(size, tau, tau).advance(2); }));
}
