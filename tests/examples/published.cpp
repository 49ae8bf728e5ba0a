// The examples' own output against published results, which come from SPARK_TRACERS_REFERENCE_DATA.
#include <cmath>

#include "support/compare.hpp"
#include "table.hpp"

using namespace suite;

TEST_CASE("stdp_pair draws the window and the trains of Song, Miller and Abbott") {
  const char* file = "reference/stdp_pair_song2000.csv";
  if (!have_reference({file})) return;
  const Table window("stdp_pair/window.csv"), rates("stdp_pair/rates.csv");
  const auto rows = read_csv(reference_path(file));
  CHECK(rows.size() >= 60);
  Verdict verdict;
  for (const auto& row : rows) {
    const double rate = std::stod(row[2]), shift = std::stod(row[3]);
    const Table& table = row[0] == "single_pair" ? window : rates;
    const double got =
        table.at(table.find({{"f_Hz", rate}, {"dt_ms", shift}}), row[1] == "all" ? "all_to_all" : "nearest");
    const std::string what = row[0] + ", " + row[1] + ", " + row[2] + " Hz, " + row[3] + " ms";
    verdict.expect_close(got, std::stod(row[5]), 1e-12L, 1e-12L, what.c_str());
  }
  CHECK(verdict.report() == "");
}

TEST_CASE("stdp_triplet draws the models of Pfister and Gerstner and the data of Sjöström et al.") {
  const char* file = "reference/triplet_visual_cortex_all_to_all.json";
  if (!have_reference({file})) return;
  const Json json = Json::read(reference_path(file));
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
    const auto at = [&, c = column](double shift, double rate) {
      return models.at(models.find({{"dt_ms", shift}, {"f_Hz", rate}}), c);
    };
    const auto& expected = model["expected_dw"]["rows"].items;
    CHECK(expected.size() >= 24);
    for (const Json& row : expected) {
      const std::string what =
          std::string(column) + ", " + std::to_string(row[0].value) + " ms, " + std::to_string(row[1].value) + " Hz";
      verdict.expect_close(at(row[0].value, row[1].value), row[2].value, 0, 1e-10L, what.c_str());
    }
    double error = 0;
    for (const Json& row : data) {
      error += std::pow((at(row[0].value, row[1].value) - row[2].value) / row[3].value, 2) / 10;
    }
    CHECK(close(error, model["E"].value, 0, 1e-3L));
  }
  CHECK(verdict.report() == "");
}

TEST_CASE("short_term_plasticity draws the depressing synapse of Tsodyks, Pawelzik and Markram") {
  const char* file = "reference/tm_nest_depressing.json";
  if (!have_reference({file})) return;
  const Json json = Json::read(reference_path(file));
  const Table potentials("short_term_plasticity/potentials.csv");
  const auto& rows = json["expected"]["rows"].items;
  CHECK(rows.size() >= 40);
  // The reference's first spike arrives earlier, and its input resistance is 1 GOhm instead of 100 MOhm.
  const double later = 100 - json["input"]["arrival_at_neuron_ms"][0].value;
  Verdict verdict;
  for (const Json& row : rows) {
    const double got = 10 * potentials.at(potentials.find({{"t_ms", row[0].value + later}}), "A_mV");
    verdict.expect_close(got, row[1].value, 0, json["tolerance"]["exact_event_driven_abs"].value,
                         ("at " + std::to_string(row[0].value) + " ms").c_str());
  }
  CHECK(verdict.report() == "");
}

TEST_CASE("short_term_plasticity settles in regular trains as the closed form says") {
  const char* file = "reference/tm_regular_trains.csv";
  if (!have_reference({file})) return;
  const Table trains("short_term_plasticity/trains.csv");
  int compared = 0;
  Verdict verdict;
  for (const auto& row : read_csv(reference_path(file))) {
    const bool depressing = row[0] == "TPM98_fig1A_NEST_dep";
    if (!depressing && row[0] != "TPM98_fig1B_NEST_fac") continue;
    const std::string synapse = depressing ? "A" : "B";
    const std::size_t found = trains.find({{"f_Hz", std::stod(row[5])}, {"n", std::stod(row[6])}});
    const std::string what = row[0] + " at " + row[5] + " Hz, spike " + row[6];
    verdict.expect_close(trains.at(found, "u_" + synapse), std::stod(row[7]), 1e-12L, 0, what.c_str());
    verdict.expect_close(trains.at(found, "R_" + synapse), std::stod(row[8]), 1e-12L, 0, what.c_str());
    verdict.expect_close(trains.at(found, "release_" + synapse), std::stod(row[9]), 1e-12L, 0, what.c_str());
    ++compared;
  }
  CHECK(compared == 2 * 5 * 11);
  CHECK(verdict.report() == "");
}
