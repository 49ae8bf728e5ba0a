// The examples' own output against published results, which come from SPARK_TRACERS_REFERENCE_DATA.
#include <cmath>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "table.hpp"

using namespace suite;

TEST_CASE("stdp_pair draws the window and the trains of Song, Miller and Abbott") {
  const Table window("stdp_pair/window.csv"), rates("stdp_pair/rates.csv");
  const auto rows = read_csv(reference_path("reference/stdp_pair_song2000.csv"));
  CHECK(rows.size() >= 60);
  Verdict verdict;
  for (const auto& row : rows) {
    const Table& table = row[0] == "single_pair" ? window : rates;
    const std::size_t found = table.find({{"f_Hz", std::stod(row[2])}, {"dt_ms", std::stod(row[3])}});
    verdict.expect_close(table.at(found, row[1] == "all" ? "all_to_all" : "nearest"), std::stod(row[5]), 1e-12L, 1e-12L,
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
    const bool forward = row[0].value > 0;
    const std::size_t found = measured.find({{"f_Hz", row[1].value}});
    CHECK(measured.at(found, forward ? "pre_post" : "post_pre") == row[2].value);
    CHECK(measured.at(found, forward ? "pre_post_sem" : "post_pre_sem") == row[3].value);
  }

  Verdict verdict;
  for (const auto& [name, column] : {std::pair("all_to_all_full", "full"), std::pair("all_to_all_min", "minimal")}) {
    const Json& model = json["models"][name];
    const auto drawn = [&, c = column](const Json& row) {
      return models.at(models.find({{"dt_ms", row[0].value}, {"f_Hz", row[1].value}}), c);
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
  for (const Json& row : rows) {
    const double got = 10 * potentials.at(potentials.find({{"t_ms", row[0].value + later}}), "A_mV");
    verdict.expect_close(got, row[1].value, 0, json["tolerance"]["exact_event_driven_abs"].value,
                         "at " + std::to_string(row[0].value) + " ms");
  }
  CHECK(verdict.report() == "");
}

TEST_CASE("short_term_plasticity settles in regular trains as the closed form says") {
  const Table trains("short_term_plasticity/trains.csv");
  int compared = 0;
  Verdict verdict;
  for (const auto& row : read_csv(reference_path("reference/tm_regular_trains.csv"))) {
    const bool depressing = row[0] == "TPM98_fig1A_NEST_dep";
    if (!depressing && row[0] != "TPM98_fig1B_NEST_fac") continue;
    const std::size_t found = trains.find({{"f_Hz", std::stod(row[5])}, {"n", std::stod(row[6])}});
    const char* const names[] = {"u_", "R_", "release_"};
    for (std::size_t j = 0; j < 3; ++j) {
      const std::string column = names[j] + std::string(depressing ? "A" : "B");
      verdict.expect_close(trains.at(found, column), std::stod(row[7 + j]), 1e-12L, 0,
                           column + " at " + row[5] + " Hz, spike " + row[6]);
    }
    ++compared;
  }
  CHECK(compared == 2 * 5 * 11);
  CHECK(verdict.report() == "");
}
