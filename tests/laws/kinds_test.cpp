// What sets each kind apart, in the words of a user.
#include <cmath>
#include <limits>
#include <spark/tracers.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace suite;
using Eigen::ArrayXd;
using spark::Exact;

namespace {

ArrayXd one(double v) { return ArrayXd::Constant(1, v); }

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
        T stepped = start;
        for (int n = 1; n <= 100; ++n) {
          stepped(one(0));
          T silent = start;
          silent.advance(n);
          INFO("scale_2 " << scale_2 << ", base_1 " << base_1 << ", trace_1 from " << first << ", " << n << " steps");
          CHECK(close(silent.trace_2()(0), stepped.trace_2()(0), 1e-12L, 1e-14L));
        }
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
    T stepped(1, tau_1, tau_2, 1, scale_2, base_1, base_2);
    stepped.set_trace_1(one(random.uniform(0, 1)));
    stepped.set_trace_2(one(random.chance(0.3) ? static_cast<double>(random.below(2)) : random.uniform(0, 1)));
    T advanced = stepped;
    spark::EventDriven<T> events(stepped);
    const auto n = static_cast<int>(std::exp(random.uniform(0, 7)));
    for (int k = 0; k < n; ++k) stepped(one(0));
    advanced.advance(n), events.advance(n);
    INFO("tau " << tau_1 << " and " << tau_2 << ", scale_2 " << scale_2 << ", base " << base_1 << " and " << base_2
                << ", " << n << " steps");
    CHECK(std::abs(advanced.trace_2()(0) - stepped.trace_2()(0)) < 1e-12);
    CHECK(std::abs(advanced.trace_1()(0) - stepped.trace_1()(0)) < 1e-12);
    CHECK(std::abs(events.value(0) - stepped.value()(0)) < 1e-12);
  }
}

// Of a NaN no single step would ever be the last that changes anything.
TEMPLATE_TEST_CASE("a NaN takes a clipped double tracer through silence at once", "", spark::Euler, spark::Exact) {
  using T = spark::SaturableDoubleTracer<Eigen::ArrayXd, TestType>;
  const double nan = std::numeric_limits<double>::quiet_NaN();
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
  spark::RDTracer<ArrayXd, Exact> t(1, 5, 30);
  t(one(1));
  for (int k = 1; k < 200; ++k)
    CHECK(close(ArrayXd(t(one(0)))(0), std::exp(-k / decay) - std::exp(-k / fast), 1e-12L, 1e-15L));
  spark::RDTracer<ArrayXd, Exact> weighted(1, 5, 30, 0.5, 2, 0.25, 1);
  CHECK(ArrayXd(weighted.value())(0) == 0.75);
  weighted(one(1));
  for (int k = 1; k < 100; ++k)
    CHECK(close(ArrayXd(weighted(one(0)))(0), 0.75L + 2 * std::exp(-k / decay) - 0.5L * std::exp(-k / fast), 1e-12L));
}

TEST_CASE("a rise-fast-slow trace mixes two rise-decay traces") {
  spark::RFSTracer<ArrayXd> mixed(1, 0.25, 5, 10, 80);
  spark::RDTracer<ArrayXd> fast(1, 5, 10), slow(1, 5, 80);
  Random random(112);
  for (int k = 0; k < 200; ++k) {
    const ArrayXd x = one(random.chance(0.1));
    const ArrayXd m = mixed(x), f = fast(x), s = slow(x);
    CHECK(close(m(0), 0.25L * f(0) + 0.75L * s(0), 1e-14L, 1e-15L));
  }
}

TEST_CASE("a release tracer returns the release and shows the product as it stands") {
  spark::RUTracer<ArrayXd, Exact> t(1, 100, 50, 0.5);
  CHECK(t(one(1))(0) == 0.5);  // U = 0.5 of R = 1
  CHECK(t.trace_U()(0) == 0.5);
  CHECK(t.trace_R()(0) == 0.5);
  CHECK(ArrayXd(t.value())(0) == 0.25);
  // silence returns what a spike would release, and takes nothing
  const double U = 0.5 * std::exp(-1 / 50.0), R = 1 - 0.5 * std::exp(-1 / 100.0);
  CHECK(close(t(one(0))(0), U * R, 1e-15L));
  CHECK(close(t.trace_R()(0), R, 1e-15L));

  // Euler: release uses R as it was before the step
  spark::RUTracer<ArrayXd> e(1, 100, 50, 0.5);
  CHECK(e(one(1))(0) == 0.5);
  CHECK(close(e(one(1))(0), (0.5L - 0.01L + 0.25L) * 0.5L, 1e-15L));
}

TEST_CASE("usage without facilitation is the same at every spike") {
  spark::RUTracer<ArrayXd, Exact> t(1, 100, 0, 0.4);
  for (int k = 0; k < 5; ++k) {
    t(one(1));
    CHECK(t.trace_U()(0) == 0.4);
    t.advance(3);
    CHECK(t.trace_U()(0) == 0);
  }
}
