// Exact tracers against sums over spikes, written out in long double; Euler tracers converge to them.
#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

constexpr Index steps = 1500;
constexpr real inf = INFINITY;

struct Spike {
  Index step;  // counted from 1
  real strength;
};

// Plays a random train to a lone element, and calls check(verdict, k, whether it spikes, output, spikes up to now)
// after each step.
template <class Tracer, class Check>
void play(Tracer& tracer, std::uint64_t seed, bool graded, std::initializer_list<real> parameters, Check check) {
  using S = typename Tracer::Scalar;
  Random random(seed);
  std::vector<Spike> spikes;
  Verdict verdict;
  for (Index k = 1; k <= steps; ++k) {
    const bool spike = random.chance(0.05);
    if (spike) spikes.push_back({k, graded ? 0.25L * (1 + random.below(8)) : 1});
    const S output = tracer(Column<S>::Constant(1, static_cast<S>(spike ? spikes.back().strength : 0)))(0);
    check(verdict, k, spike, to_real(output), spikes);
  }
  std::string shown = scalar_name<S>();
  for (real p : parameters) shown += ", " + show(p);
  INFO(shown);
  CHECK(verdict.report() == "");
}

// What rounding may add up to: an error of a few eps per step, remembered for tau.
template <class S> real allowance(real tau, real dt) {
  return 8 * Precision<S>::eps() * (10 + std::min<real>(steps, tau / dt));
}
// The guard likewise. A trace that loses most of itself in a step, trace + decay * (base - trace), is
// right to an eps of what it was before that step.
template <class S> real absolute_allowance(real tau, real slowest, real dt) {
  return Precision<S>::guard() * (10 + std::min<real>(steps, slowest / dt)) + (tau < dt ? 32 * Precision<S>::eps() : 0);
}

template <class S> void check_single(real tau, real dt, real scale, real base) {
  spark::Tracer<Column<S>, spark::Exact> tracer(1, tau, scale, base, {static_cast<double>(dt)});
  play(tracer, 61, true, {tau, dt}, [&](Verdict& verdict, Index k, bool, real got, const std::vector<Spike>& spikes) {
    if (k % 50 != 0) return;
    real want = base;
    for (const Spike& s : spikes) want += scale * s.strength * std::exp(-static_cast<real>(k - s.step) * dt / tau);
    verdict.expect_close(got, want, allowance<S>(tau, dt), absolute_allowance<S>(tau, tau, dt), "trace");
  });
}

template <class S> void check_double(real tau_1, real tau_2, real dt, real base_1, real base_2) {
  const real scale_1 = 0.75, scale_2 = 0.125, gain = scale_2 / dt;
  const S rounded_1 = static_cast<S>(tau_1), rounded_2 = static_cast<S>(tau_2);
  const real t1 = to_real(rounded_1), t2 = to_real(rounded_2);
  const real allowed = allowance<S>(std::max(tau_1, tau_2), dt);
  const real absolute = absolute_allowance<S>(std::min(tau_1, tau_2), std::max(tau_1, tau_2), dt);
  spark::DoubleTracer<Column<S>, spark::Exact> tracer(1, rounded_1, rounded_2, scale_1, scale_2, base_1, base_2,
                                                      {static_cast<double>(dt)});
  play(tracer, 62, true, {tau_1, tau_2, dt},
       [&](Verdict& verdict, Index k, bool, real got, const std::vector<Spike>& spikes) {
         if (k % 50 != 0) return;
         const real t = static_cast<real>(k) * dt;
         real one = base_1, two = base_2 + gain * base_1 * (std::isinf(t2) ? t : -t2 * std::expm1(-t / t2));
         for (const Spike& s : spikes) {
           const real jump = scale_1 * s.strength, age = static_cast<real>(k - s.step) * dt;
           one += jump * std::exp(-age / t1);
           two += gain * jump * cascade_kernel(age, t1, t2);
         }
         verdict.expect_close(to_real(tracer.trace_1()(0)), one, allowed, absolute, "trace_1");
         verdict.expect_close(got, two, allowed, absolute, "trace_2");
       });
}

// From one spike to the next, by the solution between them: u and R at and after each spike.
template <class S> void check_release(real R_tau, real U_tau, real scale_U, real dt) {
  spark::RUTracer<Column<S>, spark::Exact> tracer(1, R_tau, U_tau, scale_U, {static_cast<double>(dt)});
  const real allowed = allowance<S>(std::max(R_tau, U_tau), dt);
  real u = 0, R = 1;
  Index last = 0;
  play(tracer, 63, false, {R_tau, U_tau}, [&](Verdict& verdict, Index k, bool spike, real got, const auto&) {
    const real age = static_cast<real>(k - last) * dt;
    const real u_now = U_tau == 0 ? 0 : u * std::exp(-age / U_tau);
    const real R_now = 1 - (1 - R) * std::exp(-age / R_tau);
    if (!spike) {
      verdict.expect_close(got, u_now * R_now, allowed, allowed, "u R between spikes");
      return;
    }
    u = u_now + scale_U * (1 - u_now);
    R = R_now * (1 - u);
    last = k;
    verdict.expect_close(got, u * R_now, allowed, 0, "release");
    verdict.expect_close(to_real(tracer.trace_U()(0)), u, allowed, 0, "u");
    verdict.expect_close(to_real(tracer.trace_R()(0)), R, allowed, allowed, "R");
    verdict.expect_close(to_real(S(tracer.value()(0))), u * R, allowed, allowed, "value");
  });
}

template <class S> void check_saturable(real tau, real scale) {
  spark::SaturableTracer<Column<S>, spark::Exact> tracer(1, tau, scale);
  real v = 0;
  Index last = 0;
  play(tracer, 64, false, {tau, scale}, [&](Verdict& verdict, Index k, bool spike, real got, const auto&) {
    const real now = v * std::exp(-static_cast<real>(k - last) / tau);
    if (spike) v = std::min<real>(1, now + scale), last = k;
    verdict.expect_close(got, spike ? v : now, allowance<S>(tau, 1), Precision<S>::guard(), "trace");
  });
}

}  // namespace

TEMPLATE_TEST_CASE("Exact single tracers are sums over spikes", "", float, double, long double) {
  for (real base : {0.0L, 0.5L}) {
    for (real tau : {0.25L, 1.0L, 7.0L, 20.0L, 1000.0L, 1e6L}) check_single<TestType>(tau, 1, 0.75L, base);
    check_single<TestType>(20, 0.125L, 1, base);
    check_single<TestType>(20, 4, 1, base);
  }
  check_single<TestType>(inf, 1, 0.5L, 0.25L);
}

TEMPLATE_TEST_CASE("Exact double tracers are sums over spikes", "", float, double, long double) {
  for (real tau : {3.0L, 20.0L, 800.0L}) {
    for (real base : {0.0L, 0.5L}) {
      check_double<TestType>(tau, tau, 1, base, base / 2);
      for (real difference = 1e-3L; difference > 1e-16L; difference /= 10) {
        check_double<TestType>(tau, tau * (1 + difference), 1, base, 0);
        check_double<TestType>(tau * (1 + difference), tau, 1, base, 0);
      }
      for (real other : {0.5L, 1.0L, 2.5L, 40.0L, 1e4L, 1e7L}) {
        check_double<TestType>(tau, other, 1, base, 0.25L);
        check_double<TestType>(other, tau, 1, base, 0.25L);
      }
    }
    check_double<TestType>(tau, inf, 1, 0, 0);
    check_double<TestType>(inf, tau, 1, 0, 0);
    check_double<TestType>(tau, 30, 0.0625L, 0.5L, 0);
  }
  check_double<TestType>(inf, inf, 1, 0, 0);
  check_double<TestType>(1.1e6L, inf, 1, 0.5L, 0);
}

TEMPLATE_TEST_CASE("Exact releases follow the solution from spike to spike", "", float, double, long double) {
  check_release<TestType>(800, 0, 0.5L, 1);
  check_release<TestType>(130, 530, 0.03125L, 1);
  check_release<TestType>(100, 1000, 0.0625L, 0.125L);
  check_release<TestType>(50, 50, 1, 1);
  check_release<TestType>(50, 50, 0, 1);
}

TEMPLATE_TEST_CASE("Exact saturable tracers follow the solution from spike to spike", "", float, double, long double) {
  check_saturable<TestType>(20, 1);
  check_saturable<TestType>(20, 0.375L);
  check_saturable<TestType>(500, 0.125L);
}

// --- Euler and Exact of one physical system, at any time step ------------------------------------

namespace {

// Spikes at multiples of 8 ms, values at 204 ms. Each system is given in ms; the cascade's scale_2 is
// per step, hence proportional to dt.
template <class Integration> std::vector<real> at_the_end(double dt) {
  using A = Eigen::ArrayXd;
  const spark::Options options{dt};
  spark::Tracer<A, Integration> single(1, 20, 0.75, 0.25, options);
  spark::SaturableTracer<A, Integration> saturable(1, 30, 0.75, 0, options);
  spark::NearestTracer<A, Integration> nearest(1, 30, 0.75, 0.125, options);
  spark::DoubleTracer<A, Integration> cascade(1, 10, 20, 0.75, 0.5 * dt, 0.25, 0.125, options);
  spark::DoubleTracer<A, Integration> alpha(1, 20, 20, 1, 0.5 * dt, 0, 0, options);
  spark::SaturableDoubleTracer<A, Integration> clipped(1, 10, 20, 0.75, 0.0625 * dt, 0.25, 0.125, options);
  spark::RUTracer<A, Integration> release(1, 100, 50, 0.25, options);
  spark::RDTracer<A, Integration> rise(1, 40, 30, 1, 1, 0, 0, options);
  spark::RFSTracer<A, Integration> slow(1, 0.25, 5, 20, 80, options);
  const auto period = static_cast<int>(8 / dt);
  for (int k = 1; k <= 204 / dt; ++k) {
    const A x = A::Constant(1, k % period == 0 && (k / period) % 5 != 4 ? 1 : 0);
    single(x), saturable(x), nearest(x), cascade(x), alpha(x), clipped(x), release(x), rise(x), slow(x);
  }
  const auto first = [](const auto& v) { return static_cast<real>(A(v)(0)); };
  return {first(single.value()),    first(saturable.value()), first(nearest.value()), first(cascade.value()),
          first(cascade.trace_1()), first(alpha.value()),     first(clipped.value()), first(release.trace_R()),
          first(release.trace_U()), first(rise.value()),      first(slow.value())};
}

}  // namespace

TEST_CASE("a clipped cascade stays at its bound though its scale is so large that differences cancel") {
  using Column = Eigen::ArrayXd;
  for (double scale : {1e300, 1e306})
    for (double base_1 : {0.0, 0.5, 1.0})
      for (double trace_1 : {0.3, 1.0}) {
        spark::SaturableDoubleTracer<Column, spark::Exact> at_once(1, 1e300, 1e300, 1.0, scale, base_1, 0.5);
        at_once.set_trace_1(Column::Constant(1, trace_1));
        spark::EventDriven events(at_once);
        at_once.advance(4000), events.advance(4000);
        INFO("scale " << scale << ", base " << base_1 << ", trace " << trace_1);
        CHECK(at_once.value()(0) == 1);
        CHECK(events.value(0) == 1);
      }
  for (double trace_2 : {0.0, 0.5, 1.0}) {  // nothing comes from a trace_1 that is 0, however large the scale
    spark::SaturableDoubleTracer<Column, spark::Exact> silent(1, 1e300, 1e300, 1.0, 1e306, 0.0, 0.5);
    silent.set_trace_2(Column::Constant(1, trace_2));
    silent.advance(4000);
    CHECK(std::abs(silent.value()(0) - trace_2) < 1e-12);
  }
}

TEMPLATE_TEST_CASE("what a trace far from its base feeds does not cancel", "", spark::Euler, spark::Exact) {
  const auto fed_from_zero = [](auto tracer, bool at_once) {
    using A = std::decay_t<decltype(tracer.value())>;
    tracer.set_trace_1(A::Zero(1)), tracer.set_trace_2(A::Zero(1));
    spark::EventDriven events(tracer);
    if (at_once) return to_real(static_cast<double>(events.advance(5), events.value(0)));
    for (int k = 0; k < 5; ++k) tracer(A::Zero(1));
    return to_real(static_cast<double>(tracer.value()(0)));
  };
  for (double tau : {1e3, 1e4, 1e6}) {
    const spark::DoubleTracer<Eigen::ArrayXf, TestType> single(1, tau, 20, 1, 1, 0.5, 0);
    const spark::DoubleTracer<Eigen::ArrayXd, TestType> wide(1, tau, 20, 1, 1, 0.5, 0);
    const real want = fed_from_zero(wide, false);
    INFO("tau_1 " << tau);
    CHECK(close(fed_from_zero(single, true), want, 1e-6L));
    CHECK(close(fed_from_zero(wide, true), want, 1e-9L));
  }
  spark::SaturableDoubleTracer<Eigen::ArrayXf> at_bound(1, HUGE_VAL, 10, 1, 1e10, 1, 0);
  at_bound.set_trace_1(Eigen::ArrayXf::Constant(1, 1e-10f)), at_bound.set_trace_2(Eigen::ArrayXf::Ones(1));
  at_bound.advance(100);
  CHECK(at_bound.value()(0) == 1);
}

TEST_CASE("a part of a step is as exact as a whole one, however unlike the time constants") {
  for (double tau_1 : {0.2, 1.0, 5.0, 20.0}) {
    const spark::Rule<spark::DoubleTracer<Eigen::ArrayXd, spark::Exact>> rule(tau_1, 1000.0, 1.0, 1.0);
    for (double t : {1e-9, 1e-6, 1e-3, 0.5}) {
      auto s = rule.rest();
      s.trace_1 = 1;
      rule.elapse(s, t);
      const real a = 1 / real(tau_1), b = 1 / 1000.0L;
      const real want = -std::exp(-real(t) * a) * std::expm1(real(t) * (a - b)) / (b - a);
      INFO("tau_1 " << tau_1 << ", t " << t);
      CHECK(close(to_real(s.trace_2), want, 1e-12L));
    }
  }
}

namespace {

struct Stepped : spark::Leak<spark::Exact> {
  static constexpr bool fades = false;
};
struct SteppedTracer : spark::BaseTracer<SteppedTracer, Eigen::ArrayXf, Stepped> {
  static constexpr const char* name = "SteppedTracer";
  using SteppedTracer::BaseTracer::BaseTracer;
};

}  // namespace

// The first of the intervals from which a silence is put together made trace_2 tall; the next lost all of it.
TEST_CASE("what grows tall within a silence leaves what steps leave") {
  struct {
    double tau_1, tau_2, scale_2;
    std::int64_t steps;
  } const cases[] = {{1, 10, 1e30, 959}, {1, 10, 1e10, 959}, {1, 10, 1e6, 900}, {5, 10, 1e6, 958}};
  for (const auto& c : cases) {
    spark::DoubleTracer<Eigen::ArrayXf, spark::Exact> dense(1, c.tau_1, c.tau_2, 1, c.scale_2);
    spark::EventDriven events(dense);
    const Eigen::ArrayXf spike = Eigen::ArrayXf::Ones(1);
    dense(spike), events(spike);
    for (std::int64_t k = 0; k < c.steps; ++k) dense.advance(1);
    events.advance(c.steps);
    INFO("tau " << c.tau_1 << " and " << c.tau_2 << ", scale_2 " << c.scale_2);
    CHECK(std::abs(events.value(0) / dense.value()(0) - 1) < 1e-3f);
  }
}

// Of a decay that rounds to 1, half a step twice was taken for a whole one.
TEST_CASE("a silent step of time constants far below dt is that step") {
  const spark::Rule<spark::DoubleTracer<Eigen::ArrayXd, spark::Exact>> rule(0.02, 0.02);
  auto stepped = rule.rest();
  rule.step(stepped, 1);
  auto advanced = stepped, elapsed = stepped;
  rule.step(stepped, 0), rule.advance(advanced, 1), rule.elapse(elapsed, 1);
  CHECK(stepped.trace_2 > 1e-22);
  CHECK(std::abs(advanced.trace_2 / stepped.trace_2 - 1) < 1e-12);
  CHECK(std::abs(elapsed.trace_2 / stepped.trace_2 - 1) < 1e-12);
}

TEST_CASE("a NaN that is stepped stays, in no time") {
  SteppedTracer tracer(1, 20.0);
  tracer(Eigen::ArrayXf::Constant(1, std::numeric_limits<float>::quiet_NaN()));
  tracer.advance(std::int64_t{1} << 60);
  CHECK(std::isnan(tracer.value()(0)));
}

TEST_CASE("Exact does not depend on the time step") {
  const auto reference = at_the_end<spark::Exact>(1);
  for (double dt : {4.0, 0.5, 0.125, 0.015625}) {
    const auto got = at_the_end<spark::Exact>(dt);
    // The clip of a cascade acts once a step, so trace number 6 converges only.
    for (std::size_t i = 0; i < got.size(); ++i) {
      INFO("dt " << dt << ", trace " << i);
      CHECK(close(got[i], reference[i], i == 6 ? 0.2L * dt : 1e-12L));
    }
  }
}

TEST_CASE("Euler converges to Exact with order 1") {
  const auto exact = at_the_end<spark::Exact>(0.0078125);
  std::vector<real> last(exact.size());
  for (double dt : {1.0, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625}) {
    const auto euler = at_the_end<spark::Euler>(dt);
    for (std::size_t i = 0; i < euler.size(); ++i) {
      const real error = std::abs(euler[i] - exact[i]);
      INFO("dt " << dt << ", trace " << i << ", error " << show(error) << " after " << show(last[i]));
      CHECK(error <= 0.1L * dt * std::max(1.0L, exact[i]));
      if (dt < 0.2 && i != 6) CHECK(std::abs(last[i] / error - 2) < 0.15L);
      last[i] = error;
    }
  }
}
