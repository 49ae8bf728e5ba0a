// Traces of two recordings of real neurons against direct sums over their spikes, which were computed
// elsewhere. The folder comes from SPARK_TRACERS_REFERENCE_DATA.
#include <map>
#include <spark/tracers.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/reference_data.hpp"

using namespace suite;
using Eigen::ArrayXd;
using spark::Euler;
using spark::Exact;

namespace {

const char* const grasshopper[] = {"reference/realdata_grasshopper.json", "data/grasshopper_auditory_receptor.csv"};
const char* const probe[] = {"reference/realdata_probe_A8604.json", "data/probe_A8604_3units.csv"};

double number_in(const std::string& text, std::size_t from = 0) {
  return std::stod(text.substr(text.find_first_of("0123456789", from)));
}

// One unit's spikes on a grid of dt: how many there are at each step at which something happens or somebody looks.
struct Train {
  double dt;
  bool stepwise;  // from one event to the next: single steps, or one advance
  std::map<std::int64_t, int> spikes = {};

  std::int64_t on_grid(double t_ms) const { return std::llround(t_ms / dt); }

  // Calls look(step, spikes, output) at each event.
  template <class T, class Look> void play(T& tracer, Look look) const {
    std::int64_t now = 0;
    for (const auto& [event, count] : spikes) {
      if (!stepwise) tracer.advance(std::max<std::int64_t>(event - 1 - now, 0));
      for (; stepwise && now < event - 1; ++now) tracer(ArrayXd::Zero(1));
      look(event, count, ArrayXd(tracer(ArrayXd::Constant(1, count)))(0));
      now = event;
    }
  }
};

struct Comparison {
  std::string what;
  double got, want;
};
using Comparisons = std::vector<Comparison>;

// The outputs at the sampled times.
template <class T> void compare_samples(Comparisons& all, const std::string& what, T tracer, const Train& train,
                                        const Json& times, const Json& expected) {
  std::map<std::int64_t, double> got;
  train.play(tracer, [&](std::int64_t step, int, double value) { got[step] = value; });
  for (std::size_t k = 0; k < times.items.size(); ++k) {
    const double t = times[k].value;
    all.push_back({what + " at " + std::to_string(t), got.at(train.on_grid(t)), expected[k].value});
  }
}

// u, R and u R at some spikes, and the sum of u R over all.
template <class T>
void compare_releases(Comparisons& all, const std::string& what, T tracer, const Train& train, const Json& expected) {
  double sum = 0;
  std::map<std::int64_t, std::vector<double>> got;
  train.play(tracer, [&](std::int64_t step, int spikes, double release) {
    const double u = tracer.trace_U()(0);
    got[step] = {u, release / u, release};
    if (spikes > 0) sum += release;
  });
  for (const Json& row : expected["rows"].items)
    for (std::size_t j = 0; j < 3; ++j)
      all.push_back({what + " at spike " + std::to_string(row[0].value) + ", " + expected["columns"][2 + j].text,
                     got.at(train.on_grid(row[1].value)).at(j), row[2 + j].value});
  all.push_back({what + ", sum of u R", sum, expected["sum_uR"].value});
}

template <class Integration> Comparisons compare(const char* const files[2], double dt, bool stepwise) {
  const Json json = Json::read(reference_path(files[0]));
  const auto recording = read_recording(reference_path(files[1]));
  Comparisons all;
  for (const auto& [name, unit] : json["units"].members) {
    const auto& spikes = recording.at(std::stoul(name));
    const Json& times = unit["sample_t_ms"];
    REQUIRE(spikes.size() == static_cast<std::size_t>(unit["n_spikes"].value));
    Train train{dt, stepwise};
    for (double t : spikes) ++train.spikes[train.on_grid(t)];
    for (const Json& t : times.items) train.spikes[train.on_grid(t.value)];
    for (const auto& [key, expected] : unit.members) {
      const std::string what = "unit " + name + ", " + key, kind = key.substr(0, key.find('_'));
      const auto samples = [&, &want = expected](auto t) { compare_samples(all, what, t, train, times, want); };
      if (kind == "additive") {
        samples(spark::Tracer<ArrayXd, Integration>(1, number_in(key), 1, 0, {dt}));
      } else if (kind == "saturating") {
        samples(spark::SaturableTracer<ArrayXd, Integration>(1, number_in(key), 1, 0, {dt}));
      } else if (kind == "cascade") {
        // The library's second stage is driven by (scale_2 / dt) * trace_1, the reference's by trace_1.
        const double tau_1 = number_in(key), tau_2 = number_in(key, key.rfind('_'));
        samples(spark::DoubleTracer<ArrayXd, Integration>(1, tau_1, tau_2, 1, dt, 0, 0, {dt}));
      } else if (kind == "tm") {
        const double tau_fac = expected["tau_fac"].value;
        // Euler takes no time constant below dt; the depressing synapse is the limit it cannot reach.
        if (tau_fac < dt && std::is_same_v<Integration, Euler>) continue;
        const spark::RUTracer<ArrayXd, Integration> t(1, expected["tau_rec"].value, tau_fac, expected["U"].value, {dt});
        compare_releases(all, what, t, train, expected);
      }
    }
  }
  return all;
}

void check_within_tolerance(const Comparisons& all, std::size_t at_least) {
  CHECK(all.size() >= at_least);
  Verdict verdict;
  for (const Comparison& c : all) verdict.expect_close(c.got, c.want, 1e-9L, 1e-12L, c.what);
  CHECK(verdict.report() == "");
}

double mean_error(const Comparisons& all) {
  double sum = 0;
  for (const Comparison& c : all) sum += std::abs(c.got - c.want) / (1 + std::abs(c.want));
  return sum / static_cast<double>(all.size());
}

}  // namespace

TEST_CASE("grasshopper: Exact at the recording's own 0.1 ms is exact") {
  check_within_tolerance(compare<Exact>(grasshopper, 0.1, true), 230);
  check_within_tolerance(compare<Exact>(grasshopper, 0.1, false), 230);
}

TEST_CASE("grasshopper: Euler converges in proportion to dt") {
  double last = 0;
  for (double dt : {0.1, 0.05, 0.025, 0.0125}) {
    const double error = mean_error(compare<Euler>(grasshopper, dt, true));
    INFO("dt " << dt << ": mean error " << error << " after " << last);
    if (last != 0) CHECK(std::abs(last / error - 2) < 0.1);
    last = error;
  }
  CHECK(last < 1e-3);
}

TEST_CASE("probe: Exact on the recording's microseconds is exact") {
  check_within_tolerance(compare<Exact>(probe, 0.001, false), 200);
}

// Times are rounded to the grid, so an error is random and proportional to dt in the mean only: each
// magnitude of dt is tried on several grids, none of them commensurate with the recorder's 1/30 ms.
TEST_CASE("probe: on coarser grids the error falls in proportion to dt") {
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
  CHECK(std::abs(std::log10(coarse / fine) / 2 - 1) < 0.1);
}
