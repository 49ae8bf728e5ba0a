// Equations in closed form, what sets each kind apart, and its silences at once against steps.
#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

constexpr Index steps = 1500;
constexpr real inf = INFINITY;

// Plays a random train to a lone element, and after each step calls check(verdict, time since the last spike before it,
// input, output).
template <class Tracer, class Check>
void play(Tracer& tracer, bool graded, std::initializer_list<real> parameters, Check check) {
  using S = typename Tracer::Scalar;
  Random random(61);
  Verdict verdict;
  Index last = 0;
  for (Index k = 1; k <= steps; ++k) {
    const real x = !random.chance(0.05) ? 0 : graded ? 0.25L * (1 + random.below(8)) : 1;
    const Column<S> input = Column<S>::Constant(1, static_cast<S>(x));
    check(verdict, static_cast<real>(k - last) * tracer.dt(), x, to_real(S(tracer(input)(0))));
    if (x != 0) last = k;
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

// A trace to which spikes add, that they set (nearest), or that they cannot raise above a bound.
template <class T> void check_single(real tau, real dt, real scale, real base, real bound = inf) {
  using S = typename T::Scalar;
  const bool nearest = std::is_same_v<T, spark::NearestTracer<Column<S>, Exact>>;
  T tracer(1, tau, scale, base, {static_cast<double>(dt)});
  real trace = base;
  play(tracer, bound == inf, {tau, dt, scale}, [&](Verdict& verdict, real age, real x, real got) {
    const real faded = nearest && x != 0 ? 0 : (trace - base) * std::exp(-age / tau);
    const real now = std::min(bound, base + faded + scale * x);
    if (x != 0) trace = now;
    verdict.expect_close(got, now, allowance<S>(tau, dt), absolute_allowance<S>(tau, tau, dt), T::name);
  });
}

template <class S> void check_double(real tau_1, real tau_2, real dt, real base_1, real base_2) {
  const real scale_1 = 0.75, scale_2 = 0.125, gain = scale_2 / dt;
  const S rounded_1 = static_cast<S>(tau_1), rounded_2 = static_cast<S>(tau_2);
  const real t1 = to_real(rounded_1), t2 = to_real(rounded_2);
  const real allowed = allowance<S>(std::max(tau_1, tau_2), dt);
  const real absolute = absolute_allowance<S>(std::min(tau_1, tau_2), std::max(tau_1, tau_2), dt);
  spark::DoubleTracer<Column<S>, Exact> tracer(1, rounded_1, rounded_2, scale_1, scale_2, base_1, base_2,
                                               {static_cast<double>(dt)});
  real one = base_1, two = base_2;
  play(tracer, true, {tau_1, tau_2, dt}, [&](Verdict& verdict, real age, real x, real got) {
    const real steady = base_1 * (std::isinf(t2) ? age : -t2 * std::expm1(-age / t2));
    const real fed = gain * (steady + (one - base_1) * cascade_kernel(age, t1, t2));
    const real one_now = base_1 + (one - base_1) * std::exp(-age / t1) + scale_1 * x;
    const real two_now = base_2 + (two - base_2) * std::exp(-age / t2) + fed;
    if (x != 0) one = one_now, two = two_now;
    verdict.expect_close(to_real(tracer.trace_1()(0)), one_now, allowed, absolute, "trace_1");
    verdict.expect_close(got, two_now, allowed, absolute, "trace_2");
  });
}

template <class S> void check_release(real R_tau, real U_tau, real scale_U, real dt) {
  spark::RUTracer<Column<S>, Exact> tracer(1, R_tau, U_tau, scale_U, {static_cast<double>(dt)});
  const real allowed = allowance<S>(std::max(R_tau, U_tau), dt);
  real u = 0, R = 1;
  play(tracer, false, {R_tau, U_tau}, [&](Verdict& verdict, real age, real x, real got) {
    const real u_now = U_tau == 0 ? 0 : u * std::exp(-age / U_tau);
    const real R_now = 1 - (1 - R) * std::exp(-age / R_tau);
    if (x == 0) {
      verdict.expect_close(got, u_now * R_now, allowed, allowed, "u R between spikes");
      return;
    }
    u = u_now + scale_U * (1 - u_now);
    R = R_now * (1 - u);
    verdict.expect_close(got, u * R_now, allowed, 0, "release");
    verdict.expect_close(to_real(tracer.trace_U()(0)), u, allowed, 0, "u");
    verdict.expect_close(to_real(tracer.trace_R()(0)), R, allowed, allowed, "R");
    verdict.expect_close(to_real(S(tracer.value()(0))), u * R, allowed, allowed, "value");
  });
}

// A silence at once, of a tracer and of its events, against as many steps. Returns the value that these leave.
template <class T> real check_silence(const T& start, int n, real relative, real absolute) {
  const Column<typename T::Scalar> none = Column<typename T::Scalar>::Zero(1);
  T stepped = start, silent = start;
  spark::EventDriven<T> events(start);
  for (int k = 0; k < n; ++k) stepped(none);
  silent.advance(n), events.advance(n);
  INFO("tau " << start.tau_1() << " and " << start.tau_2() << ", scale_2 " << start.scale_2() << ", base "
              << start.base_1() << " and " << start.base_2() << ", from " << start.trace_1() << " and "
              << start.trace_2() << ", " << n << " steps");
  CHECK(close(silent.trace_1()(0), stepped.trace_1()(0), relative, absolute));
  CHECK(close(silent.trace_2()(0), stepped.trace_2()(0), relative, absolute));
  CHECK(close(events.value(0), stepped.value()(0), relative, absolute));
  return stepped.value()(0);
}

}  // namespace

TEMPLATE_TEST_CASE("Exact tracers follow their solution from one spike to the next", "", float, double, long double) {
  using Tracer = spark::Tracer<Column<TestType>, Exact>;
  for (real base : {0.0L, 0.5L}) {
    for (real tau : {0.25L, 1.0L, 7.0L, 20.0L, 1000.0L, 1e6L}) check_single<Tracer>(tau, 1, 0.75L, base);
    check_single<Tracer>(20, 0.125L, 1, base);
    check_single<Tracer>(20, 4, 1, base);
  }
  check_single<Tracer>(inf, 1, 0.5L, 0.25L);

  using Nearest = spark::NearestTracer<Column<TestType>, Exact>;
  check_single<Nearest>(20, 1, 0.5L, 0.25L);
  check_single<Nearest>(7, 4, 1, 0);

  using Saturable = spark::SaturableTracer<Column<TestType>, Exact>;
  check_single<Saturable>(20, 1, 1, 0, 1);
  check_single<Saturable>(20, 1, 0.375L, 0, 1);
  check_single<Saturable>(20, 4, 0.375L, 0, 1);
  check_single<Saturable>(500, 1, 0.125L, 0, 1);

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

  check_release<TestType>(800, 0, 0.5L, 1);
  check_release<TestType>(130, 530, 0.03125L, 1);
  check_release<TestType>(100, 1000, 0.0625L, 0.125L);
  check_release<TestType>(50, 50, 1, 1);
  check_release<TestType>(50, 50, 0, 1);
}

// A clip has no closed form, for as long as it lasts. Where the library finds that none can occur it takes one, and
// must not be wrong.
TEMPLATE_TEST_CASE("a silence in which a double tracer is clipped equals its steps", "", Euler, Exact) {
  using T = spark::SaturableDoubleTracer<ArrayXd, TestType>;
  for (double scale_2 : {-0.2, -0.01, 0.01, 0.2})
    for (double base_1 : {0.0, 0.75})
      for (double base_2 : {0.0, 0.5, 1.0})
        for (double first : {0.0, 1.0}) {
          T start(1, 10, 20, 1, scale_2, base_1, base_2);
          start.set_trace_1(one(first));
          for (int n = 1; n <= 100; ++n) check_silence(start, n, 1e-12L, 1e-14L);
        }

  Random random(41);
  for (int trial = 0; trial < 5000; ++trial) {
    const double tau_1 = std::exp(random.uniform(0.1, 5)), tau_2 = std::exp(random.uniform(0.1, 5));
    const double base_1 = random.chance(0.5) ? 0 : random.uniform(0, 1),
                 base_2 = random.chance(0.5) ? 0 : random.uniform(0, random.chance(0.5) ? 1 : 0.05);
    // feeds that cannot reach a bound, such as cross both, and such as rest near one
    const double scale_2 = random.chance(0.3) && base_1 > 0
                               ? random.uniform(0.9, 1.01) / (tau_2 * base_1)
                               : (random.chance(0.3) ? -1 : 1) * std::exp(random.uniform(-6, 1));
    T start(1, tau_1, tau_2, 1, scale_2, base_1, base_2);
    start.set_trace_1(one(random.uniform(0, 1)));
    start.set_trace_2(one(random.chance(0.3) ? static_cast<double>(random.below(2)) : random.uniform(0, 1)));
    check_silence(start, static_cast<int>(std::exp(random.uniform(0, 7))), 0, 1e-12L);
  }
}

TEST_CASE("a clipped cascade stays at its bound though its scale is so large that differences cancel") {
  const auto after_silence = [](double scale, double base_1, double trace_1, double trace_2) {
    spark::SaturableDoubleTracer<ArrayXd, Exact> start(1, 1e300, 1e300, 1.0, scale, base_1, 0.5);
    start.set_trace_1(one(trace_1)), start.set_trace_2(one(trace_2));
    spark::EventDriven events(start);
    start.advance(4000), events.advance(4000);
    CHECK(events.value(0) == start.value()(0));
    return start.value()(0);
  };
  for (double scale : {1e300, 1e306})
    for (double base_1 : {0.0, 0.5, 1.0})
      for (double trace_1 : {0.3, 1.0}) CHECK(after_silence(scale, base_1, trace_1, 0.5) == 1);
  // nothing comes from a trace_1 that is 0, however large the scale
  for (double trace_2 : {0.0, 0.5, 1.0}) CHECK(close(after_silence(1e306, 0, 0, trace_2), trace_2, 0, 1e-12L));

  spark::SaturableDoubleTracer<ArrayXf> at_bound(1, HUGE_VAL, 10, 1, 1e10, 1, 0);
  at_bound.set_trace_1(ArrayXf::Constant(1, 1e-10f)), at_bound.set_trace_2(ArrayXf::Ones(1));
  at_bound.advance(100);
  CHECK(at_bound.value()(0) == 1);
}

TEMPLATE_TEST_CASE("what a trace far from its base feeds does not cancel", "", Euler, Exact) {
  for (double tau : {1e3, 1e4, 1e6}) {
    spark::DoubleTracer<ArrayXd, TestType> wide(1, tau, 20, 1, 1, 0.5, 0);
    spark::DoubleTracer<ArrayXf, TestType> single(1, tau, 20, 1, 1, 0.5, 0);
    wide.set_trace_1(one(0)), single.set_trace_1(ArrayXf::Zero(1));
    spark::EventDriven events(single);
    events.advance(5);
    CHECK(close(events.value(0), check_silence(wide, 5, 1e-9L, 0), 1e-6L));
  }
}

// The first of the intervals from which a silence is put together made trace_2 tall; the next lost all of it.
TEST_CASE("what grows tall within a silence leaves what steps leave") {
  const auto check = [](int n, double tau_1, double scale_2) {
    spark::DoubleTracer<ArrayXf, Exact> spiked(1, tau_1, 10, 1, scale_2);
    spiked(ArrayXf::Ones(1));
    check_silence(spiked, n, 1e-3L, 0);
  };
  check(959, 1, 1e30), check(959, 1, 1e10), check(900, 1, 1e6), check(958, 5, 1e6);
}

TEST_CASE("a step and its parts are exact, however unlike or short the time constants") {
  const auto check = [](double tau_1, double tau_2, double t) {
    const spark::Rule<spark::DoubleTracer<ArrayXd, Exact>> rule(tau_1, tau_2);
    auto elapsed = rule.rest();
    elapsed.trace_1 = 1;
    auto stepped = elapsed, advanced = elapsed;
    rule.elapse(elapsed, t), rule.step(stepped, 0), rule.advance(advanced, 1);
    INFO("tau " << tau_1 << " and " << tau_2 << ", t " << t);
    CHECK(close(elapsed.trace_2, cascade_kernel(t, tau_1, tau_2), 1e-12L));
    CHECK(close(stepped.trace_2, cascade_kernel(1, tau_1, tau_2), 1e-12L));
    CHECK(close(advanced.trace_2, cascade_kernel(1, tau_1, tau_2), 1e-12L));
  };
  for (double tau_1 : {0.2, 1.0, 5.0, 20.0})
    for (double t : {1e-9, 1e-6, 1e-3, 0.5}) check(tau_1, 1000, t);
  check(0.02, 0.02, 1);  // of a decay that rounds to 1, half a step twice was taken for a whole one
}

TEST_CASE("a step beyond every time constant") {
  spark::DoubleTracer<ArrayXd, Exact> tracer(2, 1e-300, 1e-300, 1, 1, 0.25, 0.5, {1e10});  // dt/tau = inf
  tracer(Eigen::Array2d(1, 0));
  CHECK(identical(tracer.trace_1(), Eigen::Array2d(1.25, 0.25)));
  CHECK(identical(tracer.trace_2(), Eigen::Array2d(0.5, 0.5)));
  tracer.advance(1);
  CHECK(identical(tracer.trace_1(), Eigen::Array2d(0.25, 0.25)));
  CHECK(identical(tracer.trace_2(), Eigen::Array2d(0.5, 0.5)));
}

// Of a NaN no single step would ever be the last that changes anything.
TEMPLATE_TEST_CASE("a NaN takes a clipped double tracer through silence at once", "", Euler, Exact) {
  using T = spark::SaturableDoubleTracer<ArrayXd, TestType>;
  const double nan = std::nan("");
  for (double base_1 : {0.0, 1.0}) {
    T stepped(1, 10, 20, 1, 0.2, base_1);
    stepped(one(nan));
    T silent = stepped;
    stepped(one(0)), silent.advance(1);
    CHECK(identical(silent.trace_1().isNaN(), stepped.trace_1().isNaN()));
    CHECK(identical(silent.trace_2().isNaN(), stepped.trace_2().isNaN()));
  }
  const auto clips = T::Law::prepare({10.0, 20.0, 1.0, 0.2, 1.0, 0.0}, 1.0);
  CHECK_FALSE(T::Law::closed(clips, {1.0, 0.5}));
  CHECK(T::Law::closed(clips, {nan, 0.5}));
  CHECK(T::Law::closed(clips, {1.0, nan}));
}
