// What three_factor learns.
#include <cmath>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "table.hpp"

using namespace suite;

TEST_CASE("three_factor learns what is rewarded, and learns anew when that changes") {
  const Table learning("three_factor/learning.csv");
  const std::size_t half = learning.size() / 2, quarter = half / 2;
  CHECK(learning.mean("chose_A", 0, 20) < 0.8);  // it does not know from the beginning
  CHECK(learning.mean("chose_A", quarter, half) > 0.9);
  CHECK(learning.mean("rewarded", half, half + 10) < 0.3);
  CHECK(learning.mean("chose_A", half + quarter, 2 * half) < 0.2);
  CHECK(learning.mean("rewarded", 2 * half - 30, 2 * half) > 0.9);
  CHECK(learning.at(half - 1, "weight_to_A") > learning.at(half - 1, "weight_to_B") + 0.1);
  CHECK(learning.at(2 * half - 1, "weight_to_B") > learning.at(2 * half - 1, "weight_to_A") + 0.1);
}

TEST_CASE("three_factor shows an eligibility that fades until dopamine comes") {
  const Table trial("three_factor/trial.csv");
  std::size_t reward = 0;
  while (trial.at(reward, "dopamine") <= 0.1) ++reward;
  CHECK(reward > 500);
  CHECK(trial.at(reward, "eligibility_to_A") > 3 * std::abs(trial.at(reward, "eligibility_to_B")));
  CHECK(trial.at(reward + 1, "dopamine") / trial.at(reward, "dopamine") == Approx(std::exp(-1 / 200.0)));
}
