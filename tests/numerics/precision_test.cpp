// Full relative precision for time constants from one step to a billion steps: the stored decay, and
// what is left after many steps at once.
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

template <class T> static real first(const T& expression) { return to_real(typename T::Scalar(expression(0, 0))); }

// tau in the scalar, so that the expectation sees the same number.
template <class S, class Integration> struct Case {
  using A = Column<S>;
  static constexpr bool exact = std::is_same_v<Integration, Exact>;
  const real ratio;
  const spark::Options options;
  const S tau = from_real<S>(ratio * options.dt);
  const real rate = options.dt / to_real(tau), decay = exact ? -std::expm1(-rate) : rate;

  void check_decays() const {
    const auto check = [&](const auto& got) {
      CHECK(close(first(got), decay, 2 * Precision<S>::eps()));
      if constexpr (std::is_same_v<S, float>) CHECK(first(got) == static_cast<float>(decay));  // rounded once
    };
    check(spark::Tracer<A, Integration>(1, tau, options).decay());
    check(spark::Tracer<A, Integration>(1, A::Constant(1, tau), options).decay());
    check(spark::SaturableTracer<A, Integration>(1, tau, options).decay());
    const spark::DoubleTracer<A, Integration> cascade(1, tau, tau, options);
    check(cascade.decay_1()), check(cascade.decay_2());
    const spark::RUTracer<A, Integration> release(1, tau, tau, 0.5, options);
    check(release.decay_R()), check(release.decay_U());
    // and after a change of dt
    spark::Tracer<A, Integration> changed(1, tau, spark::Options{options.dt / 2});
    changed.set_dt(options.dt);
    check(changed.decay());
  }
  // After n steps of 1, which are `part` time constants.
  void check_advance(real part) const {
    const auto n = static_cast<std::int64_t>(part * ratio);
    INFO(n << " steps");
    // An exponent e that is rounded once makes a power wrong by e * eps.
    const real few = (8 + 2 * part) * Precision<S>::eps(), steps = static_cast<real>(n);
    const real left = exact        ? std::exp(-steps * rate)
                      : n == 0     ? 1
                      : decay == 1 ? 0
                                   : std::exp(steps * std::log1p(-decay));
    const auto check = [&](auto tracer, real height, real want) {
      tracer.set_trace(A::Constant(1, static_cast<S>(height)));
      tracer.advance(n);
      CHECK(close(first(tracer.trace()), want, few));
    };
    check(spark::Tracer<A, Integration>(1, tau), 1, left);
    check(spark::Tracer<A, Integration>(1, tau, 1, 4), 5, 4 + left);
    check(spark::SaturableTracer<A, Integration>(1, tau), 1, left);
    spark::RUTracer<A, Integration> release(1, tau, tau, 0.5);
    release.set_trace_U(A::Ones(1)), release.set_trace_R(A::Zero(1));
    release.advance(n);
    CHECK(close(first(release.trace_U()), left, few));
    CHECK(close(first(release.trace_R()), 1 - left, few, few * left));
    // The first stage at 1, the second at 0, the same time constant: what has passed over.
    spark::DoubleTracer<A, Integration> cascade(1, tau, tau);
    cascade.set_trace_1(A::Ones(1));
    cascade.advance(n);
    CHECK(close(first(cascade.trace_1()), left, few));
    CHECK(close(first(cascade.trace_2()), steps * left, 2 * few));
  }
};

template <class S> using EulerCase = Case<S, Euler>;
template <class S> using ExactCase = Case<S, Exact>;

TEMPLATE_PRODUCT_TEST_CASE("decay and advance keep full relative precision", "", (EulerCase, ExactCase),
                           (float, double, long double)) {
  for (real ratio : {1.0L, 1.5L, 2.0L, 10.0L, 1e2L, 1e3L, 1e4L, 1e5L, 1e6L, 1e7L, 1e8L, 1e9L})
    for (double dt : {1.0, 0.125, 1e-3}) {
      const TestType c{ratio, {dt}};
      if (!c.exact && c.rate > 1) continue;  // tau is rounded below dt
      INFO("tau/dt " << show(ratio) << ", dt " << dt);
      c.check_decays();
      if (dt != 1) continue;  // where Euler's rounded rate is near 1, little is left and wrong by much
      for (real part : {0.0L, 0.01L, 0.3L, 1.0L, 3.0L, 10.0L, 30.0L}) c.check_advance(part);
    }
}

TEMPLATE_TEST_CASE("16-bit tracers compute in float", "", Eigen::half, Eigen::bfloat16) {
  for (real tau : {1.5L, 20.0L, 100.0L}) ExactCase<TestType>{tau, {}}.check_decays();
}

#ifdef __SSE2__
// Without fused multiply-add what U loses in a step is a product by itself, and was flushed.
TEMPLATE_TEST_CASE("silence ends in a thread that flushes subnormal numbers to 0", "", Euler, Exact) {
  spark::Tracer<Column<float>, TestType> trace(3, 1000);
  spark::RUTracer<Column<float>, TestType> resource(3, 1000, 1000, 0.5);
  const Column<float> small = Column<float>::Constant(3, 1e-33f);
  trace.set_trace(small), resource.set_trace_U(small);
  const unsigned mode = _mm_getcsr();
  _mm_setcsr(mode | 0x8040);
  for (int k = 0; k < 20000; ++k) trace.advance(1), resource.advance(1);
  _mm_setcsr(mode);
  CHECK((trace.trace() == 0).all());
  CHECK((resource.trace_U() == 0).all());
}
#endif
