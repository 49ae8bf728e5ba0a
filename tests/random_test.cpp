// The numbers behind seeds are part of what is promised: a saved tracer goes on bit for bit, on any machine.
#include <algorithm>
#include <cstring>
#include <vector>

#include "catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

// What stochastic rounding draws, once more: a hash of the element under a key of seed, state and step.
std::uint32_t drawn(std::uint64_t seed, std::uint64_t state, std::uint64_t step, std::uint32_t element) {
  const auto first = [](std::uint64_t of) { return spark::Rng(of - 0x9e3779b97f4a7c15u)(); };
  const std::uint64_t key = first(first(seed + state) + step);
  const std::uint32_t h = element * 0x9e3779b1u + static_cast<std::uint32_t>(key);
  return (h ^ (h >> 16)) * (static_cast<std::uint32_t>(key >> 32) | 1);
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
