// What sets each kind apart, in the words of a user.
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

TEST_CASE("a rise-decay trace is a difference of exponentials") {
  const real rise = 5, decay = 30, fast = rise * decay / (rise + decay);
  spark::RDTracer<ArrayXd, Exact> t(1, 5, 30, 0.5, 2, 0.25, 1);
  CHECK(ArrayXd(t.value())(0) == 0.75);
  t(one(1));
  for (int k = 1; k < 200; ++k)
    CHECK(close(ArrayXd(t(one(0)))(0), 0.75L + 2 * std::exp(-k / decay) - 0.5L * std::exp(-k / fast), 1e-12L));
}
