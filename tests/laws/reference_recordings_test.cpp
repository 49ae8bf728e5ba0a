// Traces of two recordings of real neurons against direct sums over their spikes, which were computed
// elsewhere. The folder comes from SPARK_TRACERS_REFERENCE_DATA.
#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "support/kinds.hpp"
#include "support/reference_data.hpp"

using namespace suite;
using Eigen::ArrayXd;
using spark::Euler;
using spark::Exact;

namespace {

const char* const grasshopper[] = {"reference/realdata_grasshopper.json", "data/grasshopper_auditory_receptor.csv"};
const char* const probe[] = {"reference/realdata_probe_A8604.json", "data/probe_A8604_3units.csv"};

std::int64_t on_grid(double t_ms, double dt) { return std::llround(t_ms / dt); }

std::string number_in(const std::string& text, std::size_t from) {
  const std::size_t first = text.find_first_of("0123456789", from);
  return text.substr(first, text.find_first_not_of("0123456789.", first) - first);
}

// One unit's spikes on a grid of dt, and the steps at which somebody looks.
struct Train {
  std::vector<std::int64_t> spikes;
  std::set<std::int64_t> events;
  Train(const std::vector<double>& spikes_ms, const std::vector<double>& samples_ms, double dt) {
    for (double t : spikes_ms) spikes.push_back(on_grid(t, dt));
    events.insert(spikes.begin(), spikes.end());
    for (double t : samples_ms) events.insert(on_grid(t, dt));
  }
};

// Calls look(step, output) at each event. From one event to the next the silence is one advance, or,
// if `stepwise`, single steps: both are the library's.
template <class T>
void play(T& tracer, const Train& train, bool stepwise, const std::function<void(std::int64_t, double)>& look) {
  std::int64_t now = 0;
  std::size_t next = 0;
  ArrayXd x(1);
  for (std::int64_t event : train.events) {
    if (stepwise) {
      x(0) = 0;
      for (; now < event - 1; ++now) tracer(x);
    } else if (event - 1 > now) {
      tracer.advance(event - 1 - now);
    }
    int count = 0;
    for (; next < train.spikes.size() && train.spikes[next] == event; ++next) ++count;
    x(0) = count;
    look(event, ArrayXd(tracer(x))(0));
    now = event;
  }
}

// The relative and absolute error of every sampled trace and release, as a pair of got and want.
struct Comparison {
  std::string what;
  double got, want;
};

template <class Integration> std::vector<Comparison> compare(const char* const files[2], double dt, bool stepwise) {
  const Json json = Json::read(reference_path(files[0]));
  const auto recording = read_recording(reference_path(files[1]));
  std::vector<Comparison> all;
  spark::Options options;
  options.dt = dt;
  for (const auto& [name, unit] : json["units"].members) {
    const auto& spikes = recording.at(std::stoul(name));
    REQUIRE(spikes.size() == static_cast<std::size_t>(unit["n_spikes"].value));
    const std::vector<double> samples = unit["sample_t_ms"].numbers();
    const Train train(spikes, samples, dt);
    for (const auto& [key, expected] : unit.members) {
      if (key.rfind("additive_tau", 0) == 0 || key.rfind("saturating_tau", 0) == 0 || key.rfind("cascade_", 0) == 0) {
        std::map<std::int64_t, double> got;
        const auto keep = [&](std::int64_t step, double value) { got[step] = value; };
        if (key[0] == 'a') {
          spark::Tracer<ArrayXd, Integration> t(1, std::stod(number_in(key, 0)), 1, 0, options);
          play(t, train, stepwise, keep);
        } else if (key[0] == 's') {
          spark::SaturableTracer<ArrayXd, Integration> t(1, std::stod(number_in(key, 0)), 1, 0, options);
          play(t, train, stepwise, keep);
        } else {
          // The library's second stage is driven by (scale_2 / dt) * trace_1, the reference's by trace_1.
          const double tau_1 = std::stod(number_in(key, 0));
          const double tau_2 = std::stod(number_in(key, key.rfind('_')));
          spark::DoubleTracer<ArrayXd, Integration> t(1, tau_1, tau_2, 1, dt, 0, 0, options);
          play(t, train, stepwise, keep);
        }
        for (std::size_t k = 0; k < samples.size(); ++k)
          all.push_back({"unit " + name + ", " + key + " at " + std::to_string(samples[k]),
                         got.at(on_grid(samples[k], dt)), expected[k].value});
      } else if (key.rfind("tm_", 0) == 0) {
        const double tau_fac = expected["tau_fac"].value;
        // Euler takes no time constant below dt; the depressing synapse is the limit it cannot reach.
        if (tau_fac < dt && std::is_same_v<Integration, Euler>) continue;
        spark::RUTracer<ArrayXd, Integration> t(1, expected["tau_rec"].value, tau_fac, expected["U"].value, options);
        double sum = 0;
        std::map<std::int64_t, std::pair<double, double>> at_spike;  // u and u*R
        const std::set<std::int64_t> steps(train.spikes.begin(), train.spikes.end());
        play(t, train, stepwise, [&](std::int64_t step, double release) {
          if (!steps.count(step)) return;
          sum += release;
          at_spike[step] = {t.trace_U()(0), release};
        });
        for (const Json& row : expected["rows"].items) {
          const auto [u, release] = at_spike.at(on_grid(row[1].value, dt));
          const std::string where =
              "unit " + name + ", " + key + " at spike " + std::to_string(static_cast<int>(row[0].value));
          all.push_back({where + ", u", u, row[2].value});
          all.push_back({where + ", R", release / u, row[3].value});
          all.push_back({where + ", u R", release, row[4].value});
        }
        all.push_back({"unit " + name + ", " + key + ", sum of u R", sum, expected["sum_uR"].value});
      }
    }
  }
  return all;
}

void check_within_tolerance(const std::vector<Comparison>& all, std::size_t at_least) {
  CHECK(all.size() >= at_least);
  Verdict verdict;
  for (const Comparison& c : all) verdict.expect_close(c.got, c.want, 1e-9L, 1e-12L, c.what.c_str());
  CHECK(verdict.report() == "");
}

double mean_error(const std::vector<Comparison>& all) {
  double sum = 0;
  for (const Comparison& c : all) sum += std::abs(c.got - c.want) / (1 + std::abs(c.want));
  return sum / static_cast<double>(all.size());
}

}  // namespace

TEST_CASE("grasshopper: Exact at the recording's own 0.1 ms is exact") {
  if (!have_reference({grasshopper[0], grasshopper[1]})) return;
  check_within_tolerance(compare<Exact>(grasshopper, 0.1, true), 230);
  check_within_tolerance(compare<Exact>(grasshopper, 0.1, false), 230);
}

TEST_CASE("grasshopper: Euler converges in proportion to dt") {
  if (!have_reference({grasshopper[0], grasshopper[1]})) return;
  double last = 0;
  for (double dt : {0.1, 0.05, 0.025, 0.0125}) {
    const double error = mean_error(compare<Euler>(grasshopper, dt, true));
    INFO("dt " << dt << ": mean error " << error << " after " << last);
    if (last != 0) {
      CHECK(last / error > 1.9);
      CHECK(last / error < 2.1);
    }
    last = error;
  }
  CHECK(last < 1e-3);
}

TEST_CASE("probe: Exact on the recording's microseconds is exact") {
  if (!have_reference({probe[0], probe[1]})) return;
  check_within_tolerance(compare<Exact>(probe, 0.001, false), 200);
}

// Times are rounded to the grid, so an error is random and proportional to dt in the mean only: each
// magnitude of dt is tried on several grids, none of them commensurate with the recorder's 1/30 ms.
TEST_CASE("probe: on coarser grids the error falls in proportion to dt") {
  if (!have_reference({probe[0], probe[1]})) return;
  const auto error = [](double magnitude) {
    double sum = 0;
    for (double factor : {0.79, 0.91, 1.07, 1.13, 1.31})
      sum += mean_error(compare<Exact>(probe, magnitude * factor, false)) / 5;
    return sum;
  };
  const double coarse = error(0.1), middle = error(0.01), fine = error(0.001);
  INFO("mean errors " << coarse << ", " << middle << ", " << fine);
  CHECK(coarse < 1e-3);
  CHECK(middle < coarse / 5);
  CHECK(fine < middle / 5);
  CHECK(std::log10(coarse / fine) / 2 > 0.9);
  CHECK(std::log10(coarse / fine) / 2 < 1.1);
}
