// What sets each kind apart, in the words of a user.
#include <spark/tracers.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace suite;
using Eigen::ArrayXd;
using spark::Exact;

namespace {

ArrayXd one(double v) { return ArrayXd::Constant(1, v); }

// A silence at once, of a tracer and of its events, against as many steps.
template <class T> void check_silence(const T& start, int n, real relative, real absolute) {
  T stepped = start, silent = start;
  spark::EventDriven<T> events(start);
  for (int k = 0; k < n; ++k) stepped(one(0));
  silent.advance(n), events.advance(n);
  INFO("tau " << start.tau_1() << " and " << start.tau_2() << ", scale_2 " << start.scale_2() << ", base "
              << start.base_1() << " and " << start.base_2() << ", from " << start.trace_1() << ", " << n << " steps");
  CHECK(close(silent.trace_2()(0), stepped.trace_2()(0), relative, absolute));
  CHECK(close(silent.trace_1()(0), stepped.trace_1()(0), relative, absolute));
  CHECK(close(events.value(0), stepped.value()(0), relative, absolute));
}

}  // namespace

TEST_CASE("a nearest tracer remembers the last spike only") {
  spark::NearestTracer<ArrayXd, Exact> t(1, 20, 0.5, 0.25);
  CHECK(t(one(1))(0) == 0.75);
  CHECK(t(one(1))(0) == 0.75);
  CHECK(close(t(one(0))(0), 0.25L + 0.5L * std::exp(-1 / 20.0L), 1e-15L));
  // any input but 0 sets, with its size and sign
  CHECK(t(one(2))(0) == 1.25);
  CHECK(t(one(-1))(0) == -0.25);
  t(spark::spikes(std::vector<int>{0, 0, 0}));  // spikes have no sizes
  CHECK(t.trace()(0) == 0.75);
}

TEST_CASE("with scale 1 and base 0, nearest pairing is what saturation at 1 gives") {
  spark::NearestTracer<ArrayXd, Exact> nearest(1, 20);
  spark::SaturableTracer<ArrayXd, Exact> saturable(1, 20);
  Random random(111);
  for (int k = 0; k < 300; ++k) {
    const ArrayXd x = one(random.chance(0.1));
    CHECK(close(nearest(x)(0), saturable(x)(0), 1e-15L));
  }
}

TEST_CASE("a saturable double tracer clips each of its traces") {
  spark::SaturableDoubleTracer<ArrayXd> t(1, 10, 20, 5, 5);
  t(one(1));
  CHECK(t.trace_1()(0) == 1);
  CHECK(t.trace_2()(0) == 1);
  t(one(-1));
  CHECK(t.trace_1()(0) == 0);
  // the second stage sees the clipped first
  CHECK(close(t.trace_2()(0), 0.95L, 1e-15L));
}

// A clip has no closed form, for as long as it lasts. Where the library finds that none can occur it takes one, and
// must not be wrong.
TEMPLATE_TEST_CASE("a silence in which a double tracer is clipped equals its steps", "", spark::Euler, spark::Exact) {
  using T = spark::SaturableDoubleTracer<ArrayXd, TestType>;
  for (double scale_2 : {-0.2, -0.01, 0.01, 0.2})
    for (double base_1 : {0.0, 0.75})
      for (double first : {0.0, 1.0}) {
        T start(1, 10, 20, 1, scale_2, base_1, 0.5);
        start.set_trace_1(one(first));
        for (int n = 1; n <= 100; ++n) check_silence(start, n, 1e-12L, 1e-14L);
      }
}

TEMPLATE_TEST_CASE("the same, wherever the silence starts", "", spark::Euler, spark::Exact) {
  using T = spark::SaturableDoubleTracer<ArrayXd, TestType>;
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

// Of a NaN no single step would ever be the last that changes anything.
TEMPLATE_TEST_CASE("a NaN takes a clipped double tracer through silence at once", "", spark::Euler, spark::Exact) {
  using T = spark::SaturableDoubleTracer<ArrayXd, TestType>;
  const double nan = std::nan("");
  for (double base_1 : {0.0, 1.0}) {
    T stepped(1, 10, 20, 1, 0.2, base_1), silent = stepped;
    stepped(one(nan)), silent(one(nan));
    stepped(one(0)), silent.advance(1);
    CHECK(std::isnan(silent.trace_1()(0)) == std::isnan(stepped.trace_1()(0)));
    CHECK(std::isnan(silent.trace_2()(0)) == std::isnan(stepped.trace_2()(0)));
  }
  using Law = typename T::Law;
  const auto clips = Law::prepare({10.0, 20.0, 1.0, 0.2, 1.0, 0.0}, 1.0);
  CHECK_FALSE(Law::closed(clips, {1.0, 0.5}));
  CHECK(Law::closed(clips, {nan, 0.5}));
  CHECK(Law::closed(clips, {1.0, nan}));
}

TEST_CASE("a rise-decay trace is a difference of exponentials") {
  const real rise = 5, decay = 30, fast = rise * decay / (rise + decay);
  spark::RDTracer<ArrayXd, Exact> t(1, 5, 30, 0.5, 2, 0.25, 1);
  CHECK(ArrayXd(t.value())(0) == 0.75);
  t(one(1));
  for (int k = 1; k < 200; ++k)
    CHECK(close(ArrayXd(t(one(0)))(0), 0.75L + 2 * std::exp(-k / decay) - 0.5L * std::exp(-k / fast), 1e-12L));
}
