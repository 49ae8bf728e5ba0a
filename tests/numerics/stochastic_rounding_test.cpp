// The numbers behind seeds are part of what is promised: a saved tracer goes on bit for bit, on any machine. 16-bit
// storage with Rounding::Stochastic draws them: no bias where nearest rounding is stuck, and the same bits for the same
// seed in whatever pieces and order a step is done.
#include <cstring>
#include <set>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;
using spark::detail::Stochastic;

using Lane = spark::detail::Single<float>;
using SixteenBits = std::tuple<Eigen::half, Eigen::bfloat16>;

// What stochastic rounding draws, once more: the halves of a word that follows from the element, under a key of seed,
// state and step, each times a multiplier; those come from the same word by multipliers of the key.
static std::uint32_t drawn(std::uint64_t seed, std::uint64_t state, std::uint64_t step, std::uint32_t element) {
  const auto first = [](std::uint64_t of) { return spark::Rng(of - 0x9e3779b97f4a7c15u)(); };
  const std::uint64_t key = first(first(first(seed) + state) + step);
  const std::uint32_t word = element * 0x9e3779b1u + static_cast<std::uint32_t>(key);
  const auto half = [](std::uint64_t bits) {
    return std::int64_t{static_cast<std::int16_t>(static_cast<std::uint16_t>(bits))};
  };
  const auto product = [&](std::uint64_t multipliers) {
    const auto multiplier = [&](int bit) { return std::int64_t{1} << 14 | half(multipliers >> bit & 0x3fff) | 1; };
    return static_cast<std::uint32_t>(half(word >> 16) * multiplier(16) + half(word) * multiplier(0));
  };
  return product(product(key >> 32));
}

// The lowest bits, of which bfloat16 uses 16 and half 13, as a number in [-1/2, 1/2).
static double chance(int bits, std::int64_t step, int element) {
  const auto word = Stochastic::draw<Lane>(Stochastic{11, step}.key(0, 0), static_cast<std::uint32_t>(element));
  return static_cast<double>(word & ((1u << bits) - 1)) / (1 << bits) - 0.5;
}

static spark::Options stochastic(std::uint64_t seed) { return {1, seed, spark::Rounding::Stochastic}; }

// By the standard error of the mean of all elements.
template <class A> static void check_mean(const A& trace, real want) {
  const Column<real> values = trace.unaryExpr([](typename A::Scalar v) { return to_real(v); });
  const real mean = values.mean();
  const real error = std::sqrt((values - mean).square().sum() / static_cast<real>((values.size() - 1) * values.size()));
  INFO("mean " << show(mean) << ", exact " << show(want) << ", error " << show(error));
  CHECK(error > 0);
  CHECK(std::abs(mean - want) < 4 * error);
}

// Many tracers that fade from 1, and as many that are driven by weak input.
template <class S, class Integration> static void check_means(double tau) {
  const bool exact = std::is_same_v<Integration, Exact>;
  CAPTURE(tau, exact);
  const Index n = 4096, steps = std::min<Index>(20000, static_cast<Index>(tau));
  const real share = 1 / static_cast<real>(tau), loss = exact ? -std::expm1(-share) : share;
  spark::Tracer<Column<S>, Integration> fading(n, tau, 1, 0, stochastic(81));
  fading.set_trace(Column<S>::Ones(n));
  for (Index k = 0; k < steps; ++k) fading(spark::spikes(std::vector<int>()));
  const real left = std::exp(static_cast<real>(steps) * std::log1p(-loss));
  check_mean(fading.trace(), left);

  // a constant drive whose every increment is far below a unit in the last place
  spark::Tracer<Column<S>, Integration> driven(n, tau, 1, 0.5, stochastic(82));
  const ArrayXf drive = ArrayXf::Constant(n, static_cast<float>(loss));
  for (Index k = 0; k < steps; ++k) driven(drive);
  check_mean(driven.trace(), 0.5L + (static_cast<real>(static_cast<float>(loss)) / loss) * (1 - left));
}

// x as it is stored, rounded as element `element` of some tracer.
template <class S> static float rounded_one(float x, Index element) {
  using One = spark::detail::Lanes<float, 1>;
  return spark::detail::stored<S>(Stochastic{97, 5}.dither<S>(One(x), 0, element, 0)).number();
}

TEST_CASE("a generator yields the numbers of SplitMix64, and one that discards is where one that draws is") {
  spark::Rng rng(1234567), discarding(1234567);
  for (std::uint64_t number :
       {6457827717110365317u, 3203168211198807973u, 9817491932198370423u, 4593380528125082431u, 16408922859458223821u})
    CHECK(rng() == number);
  CHECK(rng.seed() == 1234567);
  CHECK(rng.position() == 5);
  CHECK((spark::Rng::min() == 0 && spark::Rng::max() == 0xffffffffffffffffu));
  discarding.discard(5);
  CHECK(rng == discarding);
  CHECK(rng() == discarding());
  discarding();
  CHECK(rng != discarding);
  CHECK_FALSE(rng == discarding);
  CHECK(spark::Rng(3) != spark::Rng(4));
}

// Where the clock stood still, as it does for milliseconds in a browser, two tracers drew the same numbers.
TEST_CASE("at one time the system never says the same seed twice") {
  std::set<std::uint64_t> seeds;
  for (int k = 0; k < 1000; ++k) seeds.insert(spark::detail::seed_at(3));
  CHECK(seeds.size() == 1000);
  CHECK(spark::detail::system_seed() != spark::detail::system_seed());
}

TEST_CASE("what stochastic rounding draws is a function of seed, step, state and element") {
  using Register = spark::detail::Registers<float>;
  for (std::uint64_t seed : {0u, 1u, 123456789u})
    for (int state : {0, 1, 3})
      for (std::int64_t step : {std::int64_t{0}, std::int64_t{7}, std::int64_t{1} << 40})
        for (std::uint32_t element : {0u, 5u, 64u, 100000u}) {
          const auto key = Stochastic{seed, step - 2}.key(state, 2);
          const auto words = Stochastic::draw<Register>(key, element);
          std::uint32_t bits[Register::width];
          static_assert(sizeof words == sizeof bits, "a word for each lane");
          std::memcpy(bits, &words, sizeof bits);
          for (std::uint32_t at = element; at < element + Register::width; ++at) {
            CAPTURE(seed, state, step, at);
            const auto want = drawn(seed, static_cast<std::uint64_t>(state), static_cast<std::uint64_t>(step), at);
            CHECK(bits[at - element] == want);
            CHECK(Stochastic::draw<Lane>(key, at) == want);
          }
        }
}

TEST_CASE("what stochastic rounding draws is even, in each step and in each element") {
  const int bits = GENERATE(16, 13), count = 6400, cells = 64;
  const auto check_even = [&](auto draw) {
    std::vector<int> found(cells, 0);
    for (int i = 0; i < count; ++i) ++found[static_cast<std::size_t>((draw(i) + 0.5) * cells)];
    double chi_squared = 0;  // of 63 degrees of freedom; one in 10^6 is above 132
    for (int n : found) chi_squared += (n - 100.0) * (n - 100.0) / 100.0;
    CHECK(chi_squared < 132);
  };
  for (int at : {0, 1, 1000000}) {
    check_even([&](int i) { return chance(bits, at, i); });
    check_even([&](int i) { return chance(bits, i, at); });
  }
}

// The numbers of a step were a progression: in one step of a hundred too many of 64 elements rounded alike, in a few
// all of some thousand. Of 5 sigma there is one in a million.
TEST_CASE("no step rounds its elements alike") {
  const int bits = GENERATE(16, 13);
  for (const auto& [elements, steps] : {std::pair{64, 20000}, std::pair{1024, 2000}}) {
    int alike = 0;
    for (int step = 0; step < steps; ++step) {
      int up = 0;
      for (int i = 0; i < elements; ++i) up += chance(bits, step, i) >= 0;
      alike += std::abs(up - elements / 2) > 5 * std::sqrt(elements) / 2;
    }
    INFO(elements << " elements");
    CHECK(alike == 0);
  }
}

// Also of elements whose words are near each other: 2^32 times the golden ratio has them at Fibonacci's numbers.
TEST_CASE("what two elements or two steps draw is not correlated") {
  const int bits = GENERATE(16, 13), count = 40000;
  const auto check_independent = [&](int later, int distance) {
    double product = 0;
    for (int k = 0; k < count; ++k) product += chance(bits, k, 5) * chance(bits, k + later, 5 + distance) / count;
    CHECK(std::abs(product) < 5.0 / 12 / std::sqrt(count));  // the variance of each is 1/12
  };
  for (int distance : {1, 2, 3, 16, 21, 987, 1024, 65536, 46368, 1 << 20, 832040, 1 << 24, 8892416, 1 << 29})
    check_independent(0, distance);
  for (int later : {1, 2, 64}) check_independent(later, 0);
}

// The state of one tracer must not draw what another state of a tracer with a neighbouring seed draws.
TEST_CASE("neighbouring seeds, states and steps share no numbers") {
  std::set<std::uint64_t> keys;
  for (std::uint64_t seed = 0; seed < 16; ++seed)
    for (int state = 0; state < 4; ++state)
      for (int step = 0; step < 16; ++step) keys.insert(Stochastic{seed, 0}.key(state, step));
  CHECK(keys.size() == 16 * 4 * 16);
}

TEMPLATE_LIST_TEST_CASE("stochastic rounding has no bias", "", SixteenBits) {
  for (double tau : {1e2, 1e3, 1e4, 1e5, 3e5}) {
    check_means<TestType, Euler>(tau);
    check_means<TestType, Exact>(tau);
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

// The same seed gives the same, by all forms of input and in all pieces of a run: inputs_test.cpp.
TEMPLATE_LIST_TEST_CASE("another seed gives other bits", "", SixteenBits) {
  const auto trace = [](std::uint64_t seed) {
    spark::Tracer<Column<TestType>> tracer(300, 1e4, 0.375, 0.25, stochastic(seed));
    for (int k = 0; k < 50; ++k) tracer(ArrayXf::Constant(300, 0.1f));
    return tracer.trace();
  };
  CHECK(!identical(trace(96), trace(92)));
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
      inside = inside && (*a >= TestType(0) && *a <= TestType(1)).all();
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
  check_mean(t.trace().head(n - 1), std::exp(-0.5L));
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
    dense.advance(5), events.advance(5);  // a silence is rounded as its last step is
    CHECK(identical(events.dense().trace(), dense.trace()));
  }
}

TEST_CASE("wider storage is not rounded stochastically") {
  spark::Tracer<ArrayXf> plain(50, 1e5), options(50, 1e5, 1, 0, stochastic(101));
  plain.set_trace(ArrayXf::Ones(50)), options.set_trace(ArrayXf::Ones(50));
  for (int k = 0; k < 100; ++k) plain(ArrayXf::Zero(50)), options(ArrayXf::Zero(50));
  CHECK(identical(plain.trace(), options.trace()));
}
