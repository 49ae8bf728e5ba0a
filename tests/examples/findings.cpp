// What the quick runs of the examples have written, against closed forms and published results. The name of a test case
// begins with that of its example.
#include <algorithm>
#include <cmath>
#include <utility>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/reference_data.hpp"

using namespace suite;

namespace {

// A file that an example has written.
class Table {
 public:
  explicit Table(const std::string& file) : file_(EXAMPLES_OUTPUT "/" + file), rows_(read_csv(file_)) {
    if (rows_.empty()) throw std::runtime_error(file_ + ": no rows; run the examples first (ctest -L example)");
    std::ifstream stream(file_);
    std::string header;
    std::getline(stream, header);
    for (std::istringstream cells(header); std::getline(cells, header, ',');) columns_.push_back(header);
  }

  std::size_t size() const { return rows_.size(); }
  double at(std::size_t row, const std::string& column) const {
    const auto found = std::find(columns_.begin(), columns_.end(), column);
    if (found == columns_.end()) throw std::runtime_error(file_ + ": no column " + column);
    return std::stod(rows_.at(row).at(static_cast<std::size_t>(found - columns_.begin())));
  }
  // A column in the row in which these columns have these values, up to the rounding of what was printed.
  double at(std::initializer_list<std::pair<const char*, double>> values, const std::string& column) const {
    std::string wanted;
    for (const auto& [name, value] : values) wanted += std::string(" ") + name + " " + std::to_string(value);
    for (std::size_t row = 0; row < size(); ++row) {
      const auto fits = [&](const auto& v) { return close(at(row, v.first), v.second, 0, 1e-9L); };
      if (std::all_of(values.begin(), values.end(), fits)) return at(row, column);
    }
    throw std::runtime_error(file_ + ": no row with" + wanted);
  }
  // The mean of a column over the rows [first, last).
  double mean(const std::string& column, std::size_t first, std::size_t last) const {
    double sum = 0;
    for (std::size_t row = first; row < last; ++row) sum += at(row, column);
    return sum / static_cast<double>(last - first);
  }

 private:
  std::string file_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::string> columns_;
};

// A leaky neuron whose adaptation decays from spike to spike.
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
  for (std::size_t row = 0; row < rates.size(); ++row)
    for (const auto& [column, settled] : {std::pair("onset_Hz", false), std::pair("steady_Hz", true)}) {
      const double current = rates.at(row, "current");
      // Spikes fall on the ends of steps, and so come up to a step too late; the neuron sees an adaptation that is
      // older by up to a step, and so larger.
      const double late = 1000 / rates.at(row, column) - interval(current, settled);
      verdict.expect(late > -0.01 * dt && late < 1.5 * dt, [&, name = column] {
        return "current " + std::to_string(current) + ", " + name + ": " + show(late) + " ms late";
      });
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

TEST_CASE("stdp_pair draws the window and the trains of Song, Miller and Abbott") {
  const Table window("stdp_pair/window.csv"), rates("stdp_pair/rates.csv");
  const auto rows = read_csv(reference_path("reference/stdp_pair_song2000.csv"));
  CHECK(rows.size() >= 60);
  Verdict verdict;
  for (const auto& row : rows) {
    const Table& table = row[0] == "single_pair" ? window : rates;
    const double drawn = table.at({{"f_Hz", std::stod(row[2])}, {"dt_ms", std::stod(row[3])}},
                                  row[1] == "all" ? "all_to_all" : "nearest");
    verdict.expect_close(drawn, std::stod(row[5]), 1e-12L, 1e-12L,
                         row[0] + ", " + row[1] + ", " + row[2] + " Hz, " + row[3] + " ms");
  }
  CHECK(verdict.report() == "");
}

TEST_CASE("stdp_triplet draws the models of Pfister and Gerstner and the data of Sjöström et al.") {
  const Json json = Json::read(reference_path("reference/triplet_visual_cortex_all_to_all.json"));
  const Table models("stdp_triplet/models.csv"), measured("stdp_triplet/measured.csv");
  const auto& data = json["experimental_data"]["rows"].items;
  CHECK(data.size() == 10);
  CHECK(2 * measured.size() == data.size());
  for (const Json& row : data) {
    const std::string order = row[0].value > 0 ? "pre_post" : "post_pre";
    CHECK(measured.at({{"f_Hz", row[1].value}}, order) == row[2].value);
    CHECK(measured.at({{"f_Hz", row[1].value}}, order + "_sem") == row[3].value);
  }

  Verdict verdict;
  for (const auto& [name, column] : {std::pair("all_to_all_full", "full"), std::pair("all_to_all_min", "minimal")}) {
    const Json& model = json["models"][name];
    const auto drawn = [&, c = column](const Json& row) {
      return models.at({{"dt_ms", row[0].value}, {"f_Hz", row[1].value}}, c);
    };
    const auto& expected = model["expected_dw"]["rows"].items;
    CHECK(expected.size() >= 24);
    for (const Json& row : expected)
      verdict.expect_close(
          drawn(row), row[2].value, 0, 1e-10L,
          std::string(column) + ", " + std::to_string(row[0].value) + " ms, " + std::to_string(row[1].value) + " Hz");
    double error = 0;
    for (const Json& row : data) error += std::pow((drawn(row) - row[2].value) / row[3].value, 2) / 10;
    CHECK(close(error, model["E"].value, 0, 1e-3L));
  }
  CHECK(verdict.report() == "");
}

TEST_CASE("short_term_plasticity draws the depressing synapse of Tsodyks, Pawelzik and Markram") {
  const Json json = Json::read(reference_path("reference/tm_nest_depressing.json"));
  const Table potentials("short_term_plasticity/potentials.csv");
  const auto& rows = json["expected"]["rows"].items;
  CHECK(rows.size() >= 40);
  // The reference's first spike arrives earlier, and its input resistance is 1 GOhm instead of 100 MOhm.
  const double later = 100 - json["input"]["arrival_at_neuron_ms"][0].value;
  Verdict verdict;
  for (const Json& row : rows)
    verdict.expect_close(10 * potentials.at({{"t_ms", row[0].value + later}}, "A_mV"), row[1].value, 0,
                         json["tolerance"]["exact_event_driven_abs"].value,
                         "at " + std::to_string(row[0].value) + " ms");
  CHECK(verdict.report() == "");
}

TEST_CASE("short_term_plasticity settles in regular trains as the closed form says") {
  const Table trains("short_term_plasticity/trains.csv");
  int compared = 0;
  Verdict verdict;
  for (const auto& row : read_csv(reference_path("reference/tm_regular_trains.csv"))) {
    const bool depressing = row[0] == "TPM98_fig1A_NEST_dep";
    if (!depressing && row[0] != "TPM98_fig1B_NEST_fac") continue;
    const char* const names[] = {"u_", "R_", "release_"};
    for (std::size_t j = 0; j < 3; ++j) {
      const std::string column = names[j] + std::string(depressing ? "A" : "B");
      const double drawn = trains.at({{"f_Hz", std::stod(row[5])}, {"n", std::stod(row[6])}}, column);
      verdict.expect_close(drawn, std::stod(row[7 + j]), 1e-12L, 0, column + " at " + row[5] + " Hz, spike " + row[6]);
    }
    ++compared;
  }
  CHECK(compared == 2 * 5 * 11);
  CHECK(verdict.report() == "");
}
