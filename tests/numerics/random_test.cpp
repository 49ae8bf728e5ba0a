// The numbers behind seeds are part of what is promised: a saved tracer goes on bit for bit, on any machine.
#include <cstring>
#include <set>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

// What stochastic rounding draws, once more: the halves of a word that follows from the element, under a key of seed,
// state and step, each times a multiplier; those come from the same word by multipliers of the key.
std::uint32_t drawn(std::uint64_t seed, std::uint64_t state, std::uint64_t step, std::uint32_t element) {
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

using Lane = spark::detail::Single<float>;
using spark::detail::Stochastic;

// The lowest bits, of which bfloat16 uses 16 and half 13, as a number in [-1/2, 1/2).
double chance(int bits, std::int64_t step, int element) {
  const auto word = Stochastic::draw<Lane>(Stochastic{11, step}.key(0, 0), static_cast<std::uint32_t>(element));
  return static_cast<double>(word & ((1u << bits) - 1)) / (1 << bits) - 0.5;
}

}  // namespace

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

TEST_CASE("what the system is asked for a seed it never says twice") {
  std::set<std::uint64_t> seeds;
  const int owners[2] = {};
  for (int k = 0; k < 100; ++k)
    for (const int& owner : owners) seeds.insert(spark::detail::system_seed(&owner));
  CHECK(seeds.size() == 200);
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
