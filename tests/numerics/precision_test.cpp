// Full relative precision for time constants from one step to a billion steps: the stored decay, and
// what is left after many steps at once.
#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

constexpr real ratios[] = {1, 1.5L, 2, 10, 1e2L, 1e3L, 1e4L, 1e5L, 1e6L, 1e7L, 1e8L, 1e9L};

template <class T> real first(const T& expression) { return to_real(typename T::Scalar(expression(0, 0))); }

// The arguments in the scalar, so that the expectation sees the same numbers.
template <class S> struct Case {
  S tau;
  double dt;
  real decay;
  spark::Options options;
  Case(real ratio, double dt_, bool exact) : tau(static_cast<S>(ratio * dt_)), dt(dt_) {
    const real q = static_cast<real>(dt) / static_cast<real>(tau);
    decay = exact ? -std::expm1(-q) : q;
    options.dt = dt;
  }
};

template <class S, class Integration> void check_decays(bool exact) {
  const real few = 2 * Precision<S>::eps();
  for (real ratio : ratios) {
    for (double dt : {1.0, 0.125, 1e-3}) {
      const Case<S> c(ratio, dt, exact);
      if (!exact && static_cast<real>(c.tau) < dt) continue;  // rounded below dt
      INFO(scalar_name<S>() << ", tau/dt " << show(ratio) << ", dt " << dt);
      spark::Tracer<Column<S>, Integration> t(1, c.tau, 1, 0, c.options);
      CHECK(close(first(t.decay()), c.decay, few));
      spark::Tracer<Column<S>, Integration> array(1, Column<S>::Constant(1, c.tau), 1, 0, c.options);
      CHECK(close(first(array.decay()), c.decay, few));
      spark::SaturableTracer<Column<S>, Integration> saturable(1, c.tau, 1, 0, c.options);
      CHECK(close(first(saturable.decay()), c.decay, few));
      spark::DoubleTracer<Column<S>, Integration> cascade(1, c.tau, c.tau, 1, 1, 0, 0, c.options);
      CHECK(close(first(cascade.decay_1()), c.decay, few));
      CHECK(close(first(cascade.decay_2()), c.decay, few));
      spark::RUTracer<Column<S>, Integration> release(1, c.tau, c.tau, 0.5, c.options);
      CHECK(close(first(release.decay_R()), c.decay, few));
      CHECK(close(first(release.decay_U()), c.decay, few));
      // and after a change of dt
      spark::Options other;
      other.dt = dt / 2;
      spark::Tracer<Column<S>, Integration> changed(1, c.tau, 1, 0, other);
      changed.set_dt(dt);
      CHECK(close(first(changed.decay()), c.decay, few));
    }
  }
}

template <class S, class Integration> void check_advances(bool exact) {
  for (real ratio : ratios) {
    const Case<S> c(ratio, 1.0, exact);
    for (real part : {0.0L, 0.01L, 0.3L, 1.0L, 3.0L, 10.0L, 30.0L}) {
      const auto n = static_cast<std::int64_t>(part * ratio);
      // An exponent e that is rounded once makes a power wrong by e * eps.
      const real few = (8 + 2 * part) * Precision<S>::eps();
      const real left = exact          ? std::exp(-static_cast<real>(n) / static_cast<real>(c.tau))
                        : n == 0       ? 1
                        : c.decay == 1 ? 0
                                       : std::exp(static_cast<real>(n) * std::log1p(-c.decay));
      INFO(scalar_name<S>() << ", tau/dt " << show(ratio) << ", " << n << " steps");
      spark::Tracer<Column<S>, Integration> t(1, c.tau);
      t.set_trace(Column<S>::Ones(1));
      t.advance(n);
      CHECK(close(first(t.trace()), left, few));
      spark::Tracer<Column<S>, Integration> around(1, c.tau, 1, 4);
      around.set_trace(Column<S>::Constant(1, 5));
      around.advance(n);
      CHECK(close(first(around.trace()), 4 + left, few));
      spark::SaturableTracer<Column<S>, Integration> saturable(1, c.tau);
      saturable.set_trace(Column<S>::Ones(1));
      saturable.advance(n);
      CHECK(close(first(saturable.trace()), left, few));
      spark::RUTracer<Column<S>, Integration> release(1, c.tau, c.tau, 0.5);
      release.set_trace_U(Column<S>::Ones(1));
      release.set_trace_R(Column<S>::Zero(1));
      release.advance(n);
      CHECK(close(first(release.trace_U()), left, few));
      CHECK(close(first(release.trace_R()), 1 - left, few, few * left));
      // The first stage at 1, the second at 0, the same time constant: what has passed over.
      spark::DoubleTracer<Column<S>, Integration> cascade(1, c.tau, c.tau);
      cascade.set_trace_1(Column<S>::Ones(1));
      cascade.advance(n);
      const real passed = static_cast<real>(n) * left;
      CHECK(close(first(cascade.trace_1()), left, few));
      CHECK(close(first(cascade.trace_2()), passed, 2 * few));
    }
  }
}

}  // namespace

TEMPLATE_TEST_CASE("decay keeps full relative precision", "", float, double, long double) {
  check_decays<TestType, spark::Euler>(false);
  check_decays<TestType, spark::Exact>(true);
}

TEMPLATE_TEST_CASE("advance keeps full relative precision", "", float, double, long double) {
  check_advances<TestType, spark::Euler>(false);
  check_advances<TestType, spark::Exact>(true);
}

TEST_CASE("16-bit tracers compute in float") {
  const auto decay = [](auto scalar, double tau) {
    using S = decltype(scalar);
    return first(spark::Tracer<Column<S>, spark::Exact>(1, tau).decay());
  };
  for (double tau : {1.5, 20.0, 100.0}) {
    const real want = -std::expm1(-1 / static_cast<real>(tau));
    CHECK(close(decay(Eigen::half(), tau), want, 2e-3L));
    CHECK(close(decay(Eigen::bfloat16(), tau), want, 2e-2L));
  }
}
