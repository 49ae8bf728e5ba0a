// What the quick runs of the examples have written, against closed forms and published results. The name of a test case
// begins with that of its example.
#include <map>
#include <utility>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/reference_data.hpp"

using namespace suite;

namespace {

// The columns of a file that an example has written.
using Table = std::map<std::string, ArrayXd>;

Table table(const std::string& name) {
  const std::string file = EXAMPLES_OUTPUT "/" + name;
  const auto rows = read_csv(file);
  if (rows.empty()) throw std::runtime_error(file + ": no rows; run the examples first (ctest -L example)");
  std::ifstream stream(file);
  std::string header, column;
  std::getline(stream, header);
  std::istringstream names(header);
  Table columns;
  for (std::size_t k = 0; std::getline(names, column, ','); ++k) {
    std::vector<double> numbers;
    for (const auto& row : rows) numbers.push_back(std::stod(row.at(k)));
    columns[column] = ArrayXd::Map(numbers.data(), static_cast<Index>(numbers.size()));
  }
  return columns;
}

// A column in the row in which others have these values, up to the rounding of what was printed; else NaN.
double at(const Table& table, const std::map<std::string, double>& values, const std::string& column) {
  const ArrayXd& all = table.at(column);
  ArrayXd distance = ArrayXd::Zero(all.size());
  for (const auto& [name, value] : values) distance = distance.max((table.at(name) - value).abs());
  Index row = 0;
  return distance.minCoeff(&row) <= 1e-9 ? all(row) : std::numeric_limits<double>::quiet_NaN();
}

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
  const Table rates = table("embedding/rates.csv");
  CHECK(rates.at("current").size() == 100);
  for (const auto& [column, settled] : {std::pair("onset_Hz", false), std::pair("steady_Hz", true)}) {
    CAPTURE(column);
    const auto expected = [of = settled](double current) { return interval(current, of); };
    // Spikes fall on the ends of steps, and so come up to a step too late; the neuron sees an adaptation that is older
    // by up to a step, and so larger.
    const ArrayXd late = 1000 / rates.at(column) - rates.at("current").unaryExpr(expected);
    CHECK(late.minCoeff() > -0.01 * dt);
    CHECK(late.maxCoeff() < 1.5 * dt);
  }
}

TEST_CASE("embedding: the simulator that was restored holds the same trace") {
  const Table course = table("embedding/course.csv");
  const Index restored = (course.at("t_ms") >= 150).count();
  CHECK(restored > 10000);
  CHECK(identical(course.at("adaptation").tail(restored), course.at("adaptation_restored").tail(restored)));
}

TEST_CASE("three_factor learns what is rewarded, and learns anew when that changes") {
  const Table learning = table("three_factor/learning.csv");
  const ArrayXd &chose_A = learning.at("chose_A"), &rewarded = learning.at("rewarded");
  const ArrayXd preference = learning.at("weight_to_A") - learning.at("weight_to_B");
  const Index half = chose_A.size() / 2, quarter = half / 2;
  CHECK(chose_A.head(20).mean() < 0.8);  // it does not know from the beginning
  CHECK(chose_A.segment(quarter, half - quarter).mean() > 0.9);
  CHECK(preference(half - 1) > 0.1);
  CHECK(rewarded.segment(half, 10).mean() < 0.3);
  CHECK(chose_A.tail(half - quarter).mean() < 0.2);
  CHECK(rewarded.tail(30).mean() > 0.9);
  CHECK(preference.tail(1)(0) < -0.1);
}

TEST_CASE("three_factor shows an eligibility that fades until dopamine comes") {
  const Table trial = table("three_factor/trial.csv");
  const ArrayXd& dopamine = trial.at("dopamine");
  Index reward = 0;
  (dopamine > 0.1).cast<int>().maxCoeff(&reward);  // the first
  REQUIRE(reward > 500);
  CHECK(trial.at("eligibility_to_A")(reward) > 3 * std::abs(trial.at("eligibility_to_B")(reward)));
  CHECK(dopamine(reward + 1) / dopamine(reward) == Approx(std::exp(-1 / 200.0)));
}

TEST_CASE("stdp_pair draws the window and the trains of Song, Miller and Abbott") {
  const Table window = table("stdp_pair/window.csv"), rates = table("stdp_pair/rates.csv");
  const auto rows = read_csv(reference_path("reference/stdp_pair_song2000.csv"));
  CHECK(rows.size() >= 60);
  for (const auto& row : rows) {
    CAPTURE(row);
    const Table& drawn = row[0] == "single_pair" ? window : rates;
    const std::string column = row[1] == "all" ? "all_to_all" : "nearest";
    CHECK(at(drawn, {{"f_Hz", std::stod(row[2])}, {"dt_ms", std::stod(row[3])}}, column) ==
          Approx(std::stod(row[5])).epsilon(1e-12).margin(1e-12));
  }
}

TEST_CASE("stdp_triplet draws the models of Pfister and Gerstner and the data of Sjöström et al.") {
  const Json json = Json::read(reference_path("reference/triplet_visual_cortex_all_to_all.json"));
  const Table models = table("stdp_triplet/models.csv"), measured = table("stdp_triplet/measured.csv");
  const auto& data = json["experimental_data"]["rows"].items;
  CHECK(data.size() == 10);
  CHECK(measured.at("f_Hz").size() == 5);
  for (const Json& row : data) {
    const std::string order = row[0].value > 0 ? "pre_post" : "post_pre";
    CHECK(at(measured, {{"f_Hz", row[1].value}}, order) == row[2].value);
    CHECK(at(measured, {{"f_Hz", row[1].value}}, order + "_sem") == row[3].value);
  }

  for (const auto& [name, column] : {std::pair("all_to_all_full", "full"), std::pair("all_to_all_min", "minimal")}) {
    const Json& model = json["models"][name];
    const auto drawn = [&, of = column](const Json& row) {
      return at(models, {{"dt_ms", row[0].value}, {"f_Hz", row[1].value}}, of);
    };
    const auto& expected = model["expected_dw"]["rows"].items;
    CHECK(expected.size() >= 24);
    for (const Json& row : expected) {
      CAPTURE(column, row[0].value, row[1].value);
      CHECK(drawn(row) == Approx(row[2].value).epsilon(0).margin(1e-10));
    }
    double error = 0;
    for (const Json& row : data) error += std::pow((drawn(row) - row[2].value) / row[3].value, 2) / 10;
    CHECK(error == Approx(model["E"].value).epsilon(0).margin(1e-3));
  }
}

TEST_CASE("short_term_plasticity draws the depressing synapse of Tsodyks, Pawelzik and Markram") {
  const Json json = Json::read(reference_path("reference/tm_nest_depressing.json"));
  const Table potentials = table("short_term_plasticity/potentials.csv");
  const auto& rows = json["expected"]["rows"].items;
  CHECK(rows.size() >= 40);
  // The reference's first spike arrives earlier, and its input resistance is 1 GOhm instead of 100 MOhm.
  const double later = 100 - json["input"]["arrival_at_neuron_ms"][0].value;
  const double tolerance = json["tolerance"]["exact_event_driven_abs"].value;
  for (const Json& row : rows) {
    CAPTURE(row[0].value);
    CHECK(10 * at(potentials, {{"t_ms", row[0].value + later}}, "A_mV") ==
          Approx(row[1].value).epsilon(0).margin(tolerance));
  }
}

TEST_CASE("short_term_plasticity settles in regular trains as the closed form says") {
  const Table trains = table("short_term_plasticity/trains.csv");
  int compared = 0;
  for (const auto& row : read_csv(reference_path("reference/tm_regular_trains.csv"))) {
    const bool depressing = row[0] == "TPM98_fig1A_NEST_dep";
    if (!depressing && row[0] != "TPM98_fig1B_NEST_fac") continue;
    CAPTURE(row);
    const std::string synapse = depressing ? "A" : "B";
    for (const auto& [state, expected] : {std::pair("u_", 7u), std::pair("R_", 8u), std::pair("release_", 9u)})
      CHECK(at(trains, {{"f_Hz", std::stod(row[5])}, {"n", std::stod(row[6])}}, state + synapse) ==
            Approx(std::stod(row[expected])).epsilon(1e-12));
    ++compared;
  }
  CHECK(compared == 2 * 5 * 11);
}
