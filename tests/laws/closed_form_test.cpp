// Exact tracers against sums over spikes, written out in long double; Euler tracers converge to them.
#include <cmath>
#include <limits>
#include <vector>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

constexpr Index steps = 1500;

// The steps, counted from 1, at which a lone element spikes, and how strongly.
struct Train {
  std::vector<real> x = std::vector<real>(steps + 1);
  explicit Train(std::uint64_t seed, bool graded = true) {
    Random random(seed);
    for (std::size_t k = 1; k < x.size(); ++k)
      if (random.chance(0.05)) x[k] = graded ? 0.25L * (1 + random.below(8)) : 1;
  }
};

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
  const Train train(61);
  spark::Options options;
  options.dt = static_cast<double>(dt);
  spark::Tracer<Column<S>, spark::Exact> tracer(1, static_cast<S>(tau), static_cast<S>(scale), static_cast<S>(base),
                                                options);
  Verdict verdict;
  Column<S> x(1);
  for (Index k = 1; k <= steps; ++k) {
    x(0) = static_cast<S>(train.x[static_cast<std::size_t>(k)]);
    const real got = to_real(S(tracer(x)(0)));
    if (k % 50 != 0) continue;
    real want = base;
    for (Index i = 1; i <= k; ++i)
      want += scale * train.x[static_cast<std::size_t>(i)] * std::exp(-static_cast<real>(k - i) * dt / tau);
    verdict.expect_close(got, want, allowance<S>(tau, dt), absolute_allowance<S>(tau, tau, dt), "trace");
  }
  INFO(scalar_name<S>() << ", tau " << show(tau) << ", dt " << show(dt));
  CHECK(verdict.report() == "");
}

template <class S> void check_double(real tau_1, real tau_2, real dt, real base_1, real base_2) {
  const Train train(62);
  const real scale_1 = 0.75, scale_2 = 0.125;
  spark::Options options;
  options.dt = static_cast<double>(dt);
  spark::DoubleTracer<Column<S>, spark::Exact> tracer(1, static_cast<S>(tau_1), static_cast<S>(tau_2),
                                                      static_cast<S>(scale_1), static_cast<S>(scale_2),
                                                      static_cast<S>(base_1), static_cast<S>(base_2), options);
  const real t1 = to_real(static_cast<S>(tau_1)), t2 = to_real(static_cast<S>(tau_2));
  Verdict verdict;
  Column<S> x(1);
  for (Index k = 1; k <= steps; ++k) {
    x(0) = static_cast<S>(train.x[static_cast<std::size_t>(k)]);
    const real got = to_real(S(tracer(x)(0)));
    if (k % 50 != 0) continue;
    const real gain = scale_2 / dt, t = static_cast<real>(k) * dt;
    real one = base_1;
    real two = base_2 + gain * base_1 * (std::isinf(t2) ? t : -t2 * std::expm1(-t / t2));
    for (Index i = 1; i <= k; ++i) {
      const real jump = scale_1 * train.x[static_cast<std::size_t>(i)];
      const real age = static_cast<real>(k - i) * dt;
      one += jump * std::exp(-age / t1);
      two += gain * jump * cascade_kernel(age, t1, t2);
    }
    const real allowed = allowance<S>(std::max(tau_1, tau_2), dt);
    const real absolute = absolute_allowance<S>(std::min(tau_1, tau_2), std::max(tau_1, tau_2), dt);
    verdict.expect_close(to_real(tracer.trace_1()(0)), one, allowed, absolute, "trace_1");
    verdict.expect_close(got, two, allowed, absolute, "trace_2");
  }
  INFO(scalar_name<S>() << ", tau_1 " << show(tau_1) << ", tau_2 " << show(tau_2) << ", dt " << show(dt));
  CHECK(verdict.report() == "");
}

template <class S> void check_doubles() {
  const real inf = std::numeric_limits<real>::infinity();
  for (real tau : {3.0L, 20.0L, 800.0L}) {
    for (real base : {0.0L, 0.5L}) {
      check_double<S>(tau, tau, 1, base, base / 2);
      for (real difference = 1e-3L; difference > 1e-16L; difference /= 10) {
        check_double<S>(tau, tau * (1 + difference), 1, base, 0);
        check_double<S>(tau * (1 + difference), tau, 1, base, 0);
      }
      for (real other : {0.5L, 1.0L, 2.5L, 40.0L, 1e4L, 1e7L}) {
        check_double<S>(tau, other, 1, base, 0.25L);
        check_double<S>(other, tau, 1, base, 0.25L);
      }
    }
    check_double<S>(tau, inf, 1, 0, 0);
    check_double<S>(inf, tau, 1, 0, 0);
    check_double<S>(tau, 30, 0.0625L, 0.5L, 0);
  }
  check_double<S>(inf, inf, 1, 0, 0);
  check_double<S>(1.1e6L, inf, 1, 0.5L, 0);
}

// From one spike to the next, by the solution between them: u and R at and after each spike.
template <class S> void check_release(real R_tau, real U_tau, real scale_U, real dt) {
  const Train train(63, false);
  spark::Options options;
  options.dt = static_cast<double>(dt);
  spark::RUTracer<Column<S>, spark::Exact> tracer(1, static_cast<S>(R_tau), static_cast<S>(U_tau),
                                                  static_cast<S>(scale_U), options);
  Verdict verdict;
  Column<S> x(1);
  real u = 0, R = 1;
  Index last = 0;
  for (Index k = 1; k <= steps; ++k) {
    const bool spike = train.x[static_cast<std::size_t>(k)] != 0;
    x(0) = static_cast<S>(spike);
    const real got = to_real(S(tracer(x)(0)));
    const real age = static_cast<real>(k - last) * dt;
    const real u_now = U_tau == 0 ? 0 : u * std::exp(-age / U_tau);
    const real R_now = 1 - (1 - R) * std::exp(-age / R_tau);
    const real allowed = allowance<S>(std::max(R_tau, U_tau), dt);
    if (!spike) {
      verdict.expect_close(got, u_now * R_now, allowed, allowed, "u R between spikes");
      continue;
    }
    u = u_now + scale_U * (1 - u_now);
    R = R_now * (1 - u);
    last = k;
    verdict.expect_close(got, u * R_now, allowed, 0, "release");
    verdict.expect_close(to_real(tracer.trace_U()(0)), u, allowed, 0, "u");
    verdict.expect_close(to_real(tracer.trace_R()(0)), R, allowed, allowed, "R");
    verdict.expect_close(to_real(S(tracer.value()(0))), u * R, allowed, allowed, "value");
  }
  INFO(scalar_name<S>() << ", R_tau " << show(R_tau) << ", U_tau " << show(U_tau));
  CHECK(verdict.report() == "");
}

template <class S> void check_saturable(real tau, real scale) {
  const Train train(64, false);
  spark::SaturableTracer<Column<S>, spark::Exact> tracer(1, static_cast<S>(tau), static_cast<S>(scale));
  Verdict verdict;
  Column<S> x(1);
  real v = 0;
  Index last = 0;
  for (Index k = 1; k <= steps; ++k) {
    const bool spike = train.x[static_cast<std::size_t>(k)] != 0;
    x(0) = static_cast<S>(spike);
    const real got = to_real(S(tracer(x)(0)));
    const real now = v * std::exp(-static_cast<real>(k - last) / tau);
    if (spike) v = std::min<real>(1, now + scale), last = k;
    verdict.expect_close(got, spike ? v : now, allowance<S>(tau, 1), Precision<S>::guard(), "trace");
  }
  INFO(scalar_name<S>() << ", tau " << show(tau) << ", scale " << show(scale));
  CHECK(verdict.report() == "");
}

// --- Euler and Exact of one physical system, at any time step ------------------------------------

// Spikes at multiples of 8 ms, values at 204 ms. Each system is given in ms; the cascade's scale_2 is
// per step, hence proportional to dt.
template <class Integration> std::vector<real> at_the_end(double dt) {
  using A = Eigen::ArrayXd;
  spark::Options options;
  options.dt = dt;
  spark::Tracer<A, Integration> single(1, 20, 0.75, 0.25, options);
  spark::SaturableTracer<A, Integration> saturable(1, 30, 0.75, 0, options);
  spark::NearestTracer<A, Integration> nearest(1, 30, 0.75, 0.125, options);
  spark::DoubleTracer<A, Integration> cascade(1, 10, 20, 0.75, 0.5 * dt, 0.25, 0.125, options);
  spark::DoubleTracer<A, Integration> alpha(1, 20, 20, 1, 0.5 * dt, 0, 0, options);
  spark::SaturableDoubleTracer<A, Integration> clipped(1, 10, 20, 0.75, 0.0625 * dt, 0.25, 0.125, options);
  spark::RUTracer<A, Integration> release(1, 100, 50, 0.25, options);
  spark::RDTracer<A, Integration> rise(1, 40, 30, 1, 1, 0, 0, options);
  spark::RFSTracer<A, Integration> slow(1, 0.25, 5, 20, 80, options);
  const auto count = static_cast<int>(204 / dt), period = static_cast<int>(8 / dt);
  for (int k = 1; k <= count; ++k) {
    const A x = A::Constant(1, k % period == 0 && (k / period) % 5 != 4 ? 1 : 0);
    single(x), saturable(x), nearest(x), cascade(x), alpha(x), clipped(x), release(x), rise(x), slow(x);
  }
  const auto first = [](const auto& v) { return static_cast<real>(A(v)(0)); };
  return {first(single.value()),    first(saturable.value()), first(nearest.value()), first(cascade.value()),
          first(cascade.trace_1()), first(alpha.value()),     first(clipped.value()), first(release.trace_R()),
          first(release.trace_U()), first(rise.value()),      first(slow.value())};
}

}  // namespace

TEMPLATE_TEST_CASE("Exact single tracers are sums over spikes", "", float, double, long double) {
  for (real base : {0.0L, 0.5L}) {
    for (real tau : {0.25L, 1.0L, 7.0L, 20.0L, 1000.0L, 1e6L}) check_single<TestType>(tau, 1, 0.75L, base);
    check_single<TestType>(20, 0.125L, 1, base);
    check_single<TestType>(20, 4, 1, base);
  }
  check_single<TestType>(std::numeric_limits<real>::infinity(), 1, 0.5L, 0.25L);
}

TEMPLATE_TEST_CASE("Exact double tracers are sums over spikes", "", float, double, long double) {
  check_doubles<TestType>();
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
      if (dt < 0.2 && i != 6) {
        CHECK(last[i] / error > 1.85L);
        CHECK(last[i] / error < 2.15L);
      }
      last[i] = error;
    }
  }
}
