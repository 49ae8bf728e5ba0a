// The rates that embedding finds, against the formulas of a leaky neuron: at the onset f(I), later the rate that is in
// balance with the adaptation that it causes, f(I - A).
#include <cmath>

#include "../support/compare.hpp"
#include "table.hpp"

using namespace suite;

namespace {

constexpr double tau_membrane_s = 0.02, tau_adaptation_s = 0.1, jump = 0.1;

double rate(double current) { return current <= 1 ? 0 : -1 / (tau_membrane_s * std::log1p(-1 / current)); }

double balanced_rate(double current) {
  double low = 0, high = rate(current);
  for (int k = 0; k < 60; ++k) {
    const double middle = (low + high) / 2;
    (middle < rate(current - jump * tau_adaptation_s * middle) ? low : high) = middle;
  }
  return low;
}

}  // namespace

TEST_CASE("the rate drops from the onset to the balance with adaptation") {
  const Table rates("embedding/rates.csv");
  CHECK(rates.size() == 100);
  Verdict verdict;
  for (std::size_t row = 0; row < rates.size(); ++row) {
    const double current = rates.at(row, "current");
    const std::string what = "current " + std::to_string(current);
    // A spike falls on the end of a step of 0.1 ms, so the first interval is up to that much too long.
    const double interval = 1000 / rates.at(row, "onset_Hz"), formula = 1000 / rate(current);
    verdict.expect(interval > formula - 0.01 && interval < formula + 0.11, [&] { return what + ", onset"; });
    // The balance averages the adaptation over an interval, which is fair where intervals are short against 100 ms.
    if (current < 1.2) continue;
    verdict.expect_close(rates.at(row, "steady_Hz"), balanced_rate(current), 0.05L, 0, what.c_str());
  }
  CHECK(verdict.report() == "");
}

TEST_CASE("the simulator that was restored holds the same trace") {
  const Table course("embedding/course.csv");
  std::size_t restored = 0;
  for (std::size_t row = 0; row < course.size(); ++row) {
    if (course.at(row, "t_ms") < 150) continue;
    REQUIRE(course.at(row, "adaptation") == course.at(row, "adaptation_restored"));
    ++restored;
  }
  CHECK(restored > 10000);
}
