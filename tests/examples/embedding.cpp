// The rates that embedding finds, against the closed form of a leaky neuron whose adaptation decays from spike to
// spike.
#include <cmath>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "table.hpp"

using namespace suite;

namespace {

constexpr double tau_membrane = 20, tau_adaptation = 100, jump = 0.1, dt = 0.1;  // ms

// The potential at a time after a spike, at which the adaptation was so large.
double potential(double time, double current, double adaptation) {
  const double membrane = std::exp(-time / tau_membrane), fading = std::exp(-time / tau_adaptation);
  return current * (1 - membrane) - adaptation * (fading - membrane) * tau_adaptation / (tau_adaptation - tau_membrane);
}

// The interval after which the potential is 1: at the onset, or where every interval is like the last.
double interval(double current, bool settled) {
  double low = 0, high = 1000;
  for (int k = 0; k < 60; ++k) {
    const double middle = (low + high) / 2;
    const double adaptation = settled ? jump / -std::expm1(-middle / tau_adaptation) : 0;
    (potential(middle, current, adaptation) < 1 ? low : high) = middle;
  }
  return low;
}

}  // namespace

TEST_CASE("embedding: the rate drops from the onset to where it is in balance with adaptation") {
  const Table rates("embedding/rates.csv");
  CHECK(rates.size() == 100);
  Verdict verdict;
  for (std::size_t row = 0; row < rates.size(); ++row) {
    const double current = rates.at(row, "current");
    // Spikes fall on the ends of steps, and so come up to a step too late; the neuron sees an adaptation that is older
    // by up to a step, and so larger.
    for (const bool settled : {false, true}) {
      const double late = 1000 / rates.at(row, settled ? "steady_Hz" : "onset_Hz") - interval(current, settled);
      verdict.expect(late > -0.01 * dt && late < 1.5 * dt, [&] {
        return "current " + std::to_string(current) + (settled ? ", settled: " : ", onset: ") + show(late) + " ms late";
      });
    }
  }
  CHECK(verdict.report() == "");
}

TEST_CASE("embedding: the simulator that was restored holds the same trace") {
  const Table course("embedding/course.csv");
  std::size_t restored = 0;
  for (std::size_t row = 0; row < course.size(); ++row) {
    if (course.at(row, "t_ms") < 150) continue;
    REQUIRE(course.at(row, "adaptation") == course.at(row, "adaptation_restored"));
    ++restored;
  }
  CHECK(restored > 10000);
}
