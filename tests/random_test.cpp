// The numbers behind seeds are part of what is promised: a saved tracer goes on bit for bit, on any machine.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

// What stochastic rounding draws, once more: the halves of a word that follows from the element, under a key of seed,
// state and step, each times a multiplier of the key.
std::uint32_t drawn(std::uint64_t seed, std::uint64_t state, std::uint64_t step, std::uint32_t element) {
  const auto first = [](std::uint64_t of) { return spark::Rng(of - 0x9e3779b97f4a7c15u)(); };
  const std::uint64_t key = first(first(seed + state) + step);
  const std::uint32_t word = element * 0x9e3779b1u + static_cast<std::uint32_t>(key);
  const auto half = [](std::uint64_t bits) {
    return std::int64_t{static_cast<std::int16_t>(static_cast<std::uint16_t>(bits))};
  };
  const auto multiplier = [&](int bit) { return std::int64_t{1} << 14 | half(key >> bit & 0x3fff) | 1; };
  return static_cast<std::uint32_t>(half(word >> 16) * multiplier(48) + half(word) * multiplier(32));
}

// The bits that bfloat16 uses, from bit 0, or half, from bit 11, as a number in [-1/2, 1/2).
template <int from>
double chance(std::int64_t step, int element) {
  const auto words = spark::Stochastic{11, step}.draw(0, element);
  std::uint32_t bits;
  std::memcpy(&bits, &words, sizeof bits);
  return static_cast<double>(bits >> from & (from == 0 ? 0xffff : 0xfff)) / (from == 0 ? 65536 : 4096) - 0.5;
}

}  // namespace

TEST_CASE("a generator yields the numbers of SplitMix64") {
  spark::Rng rng(1234567);
  for (std::uint64_t number :
       {6457827717110365317u, 3203168211198807973u, 9817491932198370423u, 4593380528125082431u, 16408922859458223821u})
    CHECK(rng() == number);
  CHECK(rng.seed() == 1234567);
  CHECK(rng.position() == 5);
  CHECK(spark::Rng::min() == 0);
  CHECK(spark::Rng::max() == 0xffffffffffffffffu);
}

TEST_CASE("a generator that discards is where one that draws is") {
  spark::Rng drawing(3), discarding(3);
  for (int k = 0; k < 4; ++k) drawing();
  discarding.discard(4);
  CHECK(drawing == discarding);
  CHECK(drawing() == discarding());
  discarding();
  CHECK(drawing != discarding);
  CHECK_FALSE(drawing == discarding);
  CHECK(spark::Rng(3) != spark::Rng(4));
}

TEST_CASE("what the system is asked for a seed it never says twice") {
  std::vector<std::uint64_t> seeds;
  const int owners[2] = {};
  for (int k = 0; k < 100; ++k)
    for (const int& owner : owners) seeds.push_back(spark::system_seed(&owner));
  std::sort(seeds.begin(), seeds.end());
  CHECK(std::adjacent_find(seeds.begin(), seeds.end()) == seeds.end());
}

TEST_CASE("what stochastic rounding draws is a function of seed, step, state and element") {
  constexpr int lanes = spark::lanes<float>;
  for (std::uint64_t seed : {0u, 1u, 123456789u})
    for (int state : {0, 1, 3})
      for (std::int64_t step : {std::int64_t{0}, std::int64_t{7}, std::int64_t{1} << 40})
        for (int element : {0, 5, 64, 100000}) {
          const auto words = spark::Stochastic{seed, step - 2}.at(2).draw(state, element);
          std::uint32_t bits[lanes];
          static_assert(sizeof words == sizeof bits, "a word for each lane");
          std::memcpy(bits, &words, sizeof bits);
          for (int i = 0; i < lanes; ++i) {
            INFO("seed " << seed << ", state " << state << ", step " << step << ", element " << element + i);
            CHECK(bits[i] == drawn(seed, static_cast<std::uint64_t>(state), static_cast<std::uint64_t>(step),
                                   static_cast<std::uint32_t>(element + i)));
          }
        }
}

TEMPLATE_TEST_CASE_SIG("what stochastic rounding draws is even, in each step and in each element", "",
                       ((int from), from), 0, 11) {
  const int count = 6400, cells = 64;
  const auto check_even = [&](auto draw) {
    std::vector<int> found(cells, 0);
    for (int i = 0; i < count; ++i) ++found[static_cast<std::size_t>((draw(i) + 0.5) * cells)];
    double chi_squared = 0;  // of 63 degrees of freedom; one in 10^6 is above 132
    for (int n : found) chi_squared += (n - 100.0) * (n - 100.0) / 100.0;
    CHECK(chi_squared < 132);
  };
  for (int at : {0, 1, 1000000}) {
    check_even([&](int i) { return chance<from>(at, i); });
    check_even([&](int i) { return chance<from>(i, at); });
  }
}

// Also of elements whose words are near each other: 2^32 times the golden ratio has them at Fibonacci's numbers.
TEMPLATE_TEST_CASE_SIG("what two elements or two steps draw is not correlated", "", ((int from), from), 0, 11) {
  const int count = 40000;
  const auto check_independent = [&](auto first, auto second) {
    double product = 0;
    for (int k = 0; k < count; ++k) product += first(k) * second(k) / count;
    CHECK(std::abs(product) < 5.0 / 12 / std::sqrt(count));  // the variance of each is 1/12
  };
  for (int distance : {1, 2, 3, 16, 21, 987, 1024, 65536, 46368, 1 << 20, 832040, 1 << 24})
    check_independent([](int k) { return chance<from>(k, 5); }, [=](int k) { return chance<from>(k, 5 + distance); });
  for (int later : {1, 2, 64})
    check_independent([](int k) { return chance<from>(k, 5); }, [=](int k) { return chance<from>(k + later, 5); });
}
