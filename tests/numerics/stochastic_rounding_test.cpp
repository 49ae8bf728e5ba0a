// 16-bit storage with Rounding::Stochastic: no bias where nearest rounding is stuck, and the same
// bits for the same seed in whatever pieces and order a step is done.
#include "support/catch.hpp"
#include "support/kinds.hpp"
#include "support/raster.hpp"

using namespace suite;

namespace {

using SixteenBits = std::tuple<Eigen::half, Eigen::bfloat16>;

spark::Options stochastic(std::uint64_t seed) { return {1, seed, spark::Rounding::Stochastic}; }

// The mean of the elements, and its standard error.
struct Sample {
  real mean = 0, error = 0;
  template <class A> explicit Sample(const A& a) {
    const Column<real> values = a.unaryExpr([](typename A::Scalar v) { return to_real(v); });
    mean = values.mean();
    error = std::sqrt((values - mean).square().sum() / static_cast<real>((a.size() - 1) * a.size()));
  }
};

// The mean of many tracers that fade from 1, and of as many that are driven by weak input.
template <class S, class Integration> void check_mean(double tau) {
  const bool exact = std::is_same_v<Integration, Exact>;
  const Index n = 4096, steps = std::min<Index>(20000, static_cast<Index>(tau));
  const real share = 1 / static_cast<real>(tau), loss = exact ? -std::expm1(-share) : share;
  const auto check = [&](const char* what, const Column<S>& trace, real want) {
    const Sample sample(trace);
    INFO(scalar_name<S>() << ", tau/dt " << tau << (exact ? ", Exact, " : ", Euler, ") << what << ": mean "
                          << show(sample.mean) << ", exact " << show(want) << ", error " << show(sample.error));
    CHECK(sample.error > 0);
    CHECK(std::abs(sample.mean - want) < 4 * sample.error);
  };
  spark::Tracer<Column<S>, Integration> fading(n, tau, 1, 0, stochastic(81));
  fading.set_trace(Column<S>::Ones(n));
  for (Index k = 0; k < steps; ++k) fading(spark::spikes(std::vector<int>()));
  const real left = std::exp(static_cast<real>(steps) * std::log1p(-loss));
  check("fading", fading.trace(), left);

  // a constant drive whose every increment is far below a unit in the last place
  spark::Tracer<Column<S>, Integration> driven(n, tau, 1, 0.5, stochastic(82));
  const ArrayXf drive = ArrayXf::Constant(n, static_cast<float>(loss));
  for (Index k = 0; k < steps; ++k) driven(drive);
  check("driven", driven.trace(), 0.5L + (static_cast<real>(static_cast<float>(loss)) / loss) * (1 - left));
}

// x as it is stored, rounded as element `element` of some tracer.
template <class S> float rounded_one(float x, Index element) {
  using One = spark::detail::Lanes<float, 1>;
  return spark::detail::stored<S>(spark::detail::Stochastic{97, 5}.dither<S>(One(x), 0, element, 0)).number();
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("stochastic rounding has no bias", "", SixteenBits) {
  for (double tau : {1e2, 1e3, 1e4, 1e5, 3e5}) {
    check_mean<TestType, Euler>(tau);
    check_mean<TestType, Exact>(tau);
  }
}

// Down to the numbers of half that are subnormal, and up to the largest.
TEMPLATE_LIST_TEST_CASE("a value becomes one of its two neighbours, as often as it is near it", "", SixteenBits) {
  using S = TestType;
  using Eigen::numext::bit_cast;
  const auto neighbour = [](S of, int distance) {
    return bit_cast<S>(static_cast<std::uint16_t>(bit_cast<std::uint16_t>(of) + distance));
  };
  for (float scale : {1e-7f, 1e-6f, 3e-5f, 6e-5f, 7e-5f, 1e-3f, 1.0f, 500.0f, 6e4f})
    for (float share : {1.0f, 0.9371f, 0.51f, -0.777f}) {
      const float x = scale * share, size = std::abs(x);
      S lower = spark::detail::narrow<S>(size);
      if (to_real(lower) > to_real(size)) lower = neighbour(lower, -1);
      const real below = to_real(lower), above = to_real(neighbour(lower, 1));
      INFO(scalar_name<S>() << ": " << x << " between " << show(below) << " and " << show(above));
      const int count = 4000;
      int raised = 0, lowered = 0;
      for (int element = 0; element < count; ++element) {
        const float r = rounded_one<S>(x, element), magnitude = x < 0 ? -r : r;
        raised += to_real(magnitude) == above;
        lowered += to_real(magnitude) == below;
      }
      CHECK(raised + lowered == count);
      const real want = (to_real(size) - below) / (above - below);
      CHECK(std::abs(static_cast<real>(raised) / count - want) <= 4 * std::sqrt(want * (1 - want) / count));
    }
}

TEMPLATE_LIST_TEST_CASE("what has no neighbours is not moved", "", SixteenBits) {
  using Eigen::numext::bit_cast;
  Verdict verdict;
  for (int element = 0; element < 4000; ++element) {
    const auto rounded = [&](std::uint32_t bits) { return rounded_one<TestType>(bit_cast<float>(bits), element); };
    for (std::uint32_t nan : {0x7fc00000u, 0x7fffffffu, 0xffffffffu, 0x7f800001u})
      verdict.expect(std::isnan(rounded(nan)), "NaN");
    verdict.expect(rounded(0x7f800000u) > 3e38f && rounded(0xff800000u) < -3e38f, "infinity");
    for (std::uint32_t zero : {0u, 0x80000000u}) verdict.expect(bit_cast<std::uint32_t>(rounded(zero)) == zero, "zero");
  }
  CHECK(verdict.report() == "");
}

TEST_CASE("nearest rounding is stuck where stochastic rounding is not") {
  spark::Tracer<Column<Eigen::bfloat16>> t(8, 300);
  t.set_trace(Column<Eigen::bfloat16>::Ones(8));
  for (int k = 0; k < 5000; ++k) t(ArrayXf::Zero(8));
  // e^-16 of it should be left
  CHECK(to_real(t.trace()(0)) > 0.5L);
}

// All forms of input, and the pieces of a run, draw the same numbers: inputs_test.cpp.
TEMPLATE_LIST_TEST_CASE("a seed decides all bits", "", SixteenBits) {
  const Index n = 300, steps = 50;
  const auto seeded = [&](std::uint64_t seed) {
    return spark::Tracer<Column<TestType>>(n, 1e4, 0.375, 0.25, stochastic(seed));
  };
  Random random(97);
  const ColumnMajor<bool> raster = Raster::random(n, steps, false, random).dense<bool>();
  auto tracer = seeded(96), same = seeded(96), other = seeded(92);
  tracer.run(raster), same.run(raster), other.run(raster);
  CHECK(identical(same.trace(), tracer.trace()));
  CHECK(!identical(other.trace(), tracer.trace()));
  auto copy = tracer;
  // a silence is rounded as its last step is, dense or event-driven
  spark::EventDriven events(tracer);
  tracer.advance(7), copy.advance(7), events.advance(7);
  CHECK(identical(copy.trace(), tracer.trace()));
  CHECK(identical(events.dense().trace(), tracer.trace()));
}

// Rounding up at the edge must not leave the interval.
TEMPLATE_LIST_TEST_CASE("stochastic rounding respects [0, 1]", "", SixteenBits) {
  using A = Column<TestType>;
  const Index n = 500;
  spark::SaturableTracer<A> saturable(n, 1e4, 0.9999, 0, stochastic(98));
  spark::RUTracer<A, Exact> release(n, 1e4, 1e4, 0.999, stochastic(99));
  Random random(100);
  bool inside = true;
  for (int k = 0; k < 300; ++k) {
    const ArrayXf x = ArrayXf::NullaryExpr(n, [&] { return random.chance(0.5) ? 1.0f : 0.0f; });
    saturable(x), release(x);
    for (const A* a : {&saturable.trace(), &release.trace_R(), &release.trace_U()})
      for (const TestType& v : *a) inside = inside && to_real(v) >= 0 && to_real(v) <= 1;
  }
  CHECK(inside);
}

// Where time constants differ each element takes its silence alone.
TEST_CASE("a silence of one element is rounded stochastically") {
  const Index n = 200;
  Column<float> tau = Column<float>::Constant(n, 2000);
  tau(n - 1) = 1000;
  spark::Tracer<Column<Eigen::bfloat16>> t(n, tau, 1, 0, stochastic(98));
  t.set_trace(Column<Eigen::bfloat16>::Ones(n));
  for (int k = 0; k < 1000; ++k) t.advance(1);  // each of which nearest rounding would lose
  const Sample left(t.trace().head(n - 1));
  CHECK(std::abs(left.mean - std::exp(-0.5L)) < 4 * left.error);
}

TEMPLATE_LIST_TEST_CASE("events of all elements draw the numbers of the dense tracer, also after ranges", "",
                        SixteenBits) {
  using T = spark::Tracer<Column<TestType>>;
  for (Index n : {1, 50}) {
    T dense(n, 1e4, 0.375, 0.25, stochastic(99)), ranges = dense;
    const auto x = [&](int k) { return ArrayXf::Constant(n, 0.01f * static_cast<float>(k + 1)); };
    for (int k = 0; k < 5; ++k) ranges.step(0, n, x(k)), dense(x(k));
    spark::EventDriven<T> events(ranges);
    CHECK(events.clock() == 5);
    for (int k = 0; k < 20; ++k) dense(x(k)), events(x(k));
    CHECK(identical(events.dense().trace(), dense.trace()));
    dense.advance(5), events.advance(5);
    CHECK(identical(events.dense().trace(), dense.trace()));
  }
}

TEST_CASE("wider storage is not rounded stochastically") {
  spark::Tracer<ArrayXf> plain(50, 1e5), options(50, 1e5, 1, 0, stochastic(101));
  plain.set_trace(ArrayXf::Ones(50)), options.set_trace(ArrayXf::Ones(50));
  for (int k = 0; k < 100; ++k) plain(ArrayXf::Zero(50)), options(ArrayXf::Zero(50));
  CHECK(identical(plain.trace(), options.trace()));
}
