// Published results of synapse models, and traces of recorded spikes as direct sums over them, all computed elsewhere.
// Their folder comes from SPARK_TRACERS_REFERENCE_DATA.
#include <algorithm>
#include <map>

#include "support/catch.hpp"
#include "support/kinds.hpp"
#include "support/reference_data.hpp"

using namespace suite;

static double first(const ArrayXd& a) { return a(0); }

// The library drives the second stage with (scale_2 / dt) * trace_1, the references with trace_1: hence scale_2 = dt.
static spark::DoubleTracer<ArrayXd, Exact> two_stages(double tau_1, double tau_2, double dt) {
  return {1, tau_1, tau_2, 1, dt, 0, 0, {dt}};
}

// The response of two stages to a unit impulse.
struct Kernel {
  spark::DoubleTracer<ArrayXd, Exact> tracer;

  Kernel(double tau_1, double tau_2, double dt) : tracer(two_stages(tau_1, tau_2, dt)) { tracer(one(1)); }
  double step(std::int64_t steps = 1) {
    for (; steps > 1; --steps) tracer(one(0));
    return first(tracer(one(0)));
  }
  double advance(std::int64_t steps) {
    tracer.advance(steps);
    return first(tracer.value());
  }
};

// By Simpson's rule until nothing is left.
static real area_below(double tau_1, double tau_2) {
  const double h = std::min(tau_1, tau_2) / 64;
  const auto steps = 2 * static_cast<std::int64_t>(40 * std::max(tau_1, tau_2) / h / 2);
  Kernel kernel(tau_1, tau_2, h);
  real area = 0;
  for (std::int64_t k = 1; k <= steps; ++k) area += (k % 2 == 0 ? 2 : 4) * kernel.step() * h / 3;
  return area;
}

// Event by event: the weight and the four traces, in the order of the columns. Where a pre and a post spike fall
// together the post spike comes first, and both read the traces as they were before either.
static void check_triplets(const Json& parameters, const Json& sequence, Verdict& verdict) {
  const double dt = 0.1;
  const auto p = [&](const char* name) { return parameters[name].value; };
  const Eigen::Array4d tau(p("tau_plus"), p("tau_plus_triplet"), p("tau_minus"), p("tau_minus_triplet"));
  spark::Tracer<ArrayXd, Exact> traces(4, tau, 1, 0, {dt});
  double w = p("w0");
  std::int64_t now = 0;
  const auto& rows = sequence["rows"].items;
  const auto step_of = [&](std::size_t row) { return std::llround(rows[row][0].value / dt); };
  const auto is_pre = [&](std::size_t row) { return rows[row][1].text == "pre"; };
  for (std::size_t r = 0, last = 0; r < rows.size();) {
    const std::int64_t event = step_of(r);
    ArrayXd spikes = ArrayXd::Zero(4);  // all of this step
    for (; last < rows.size() && step_of(last) == event; ++last) spikes.segment(is_pre(last) ? 0 : 2, 2) = 1;
    auto before = traces;
    before.advance(event - now);
    ArrayXd k = before.trace();
    traces.advance(event - now - 1);
    traces(spikes);
    now = event;
    for (; r < last; ++r) {
      w += is_pre(r) ? -k(2) * (p("Aminus") + p("Aminus_triplet") * k(1))
                     : k(0) * (p("Aplus") + p("Aplus_triplet") * k(3));
      k.segment(is_pre(r) ? 0 : 2, 2) += 1;
      const double got[] = {w, k(0), k(1), k(2), k(3)};
      for (std::size_t j = 0; j < 5; ++j)
        verdict.expect_close(
            got[j], rows[r][2 + j].value, 1e-12L, 1e-12L,
            sequence["name"].text + ", event " + std::to_string(r) + ", " + sequence["columns"][2 + j].text);
    }
    for (Index j = 0; j < 4; ++j) verdict.expect_close(traces.trace()(j), k(j), 1e-14L, 0, "a tracer after its spike");
  }
}

// One unit's spikes: how many there are at each step at which something happens or somebody looks.
using Train = std::map<std::int64_t, int>;
// What is seen at each of these steps: the output; of a synapse u, R and the output.
using Seen = std::map<std::int64_t, std::vector<double>>;

// From one event to the next by single steps, or by one advance.
template <class T> static Seen play(T tracer, const Train& train, bool stepwise) {
  Seen seen;
  std::int64_t now = 0;
  for (const auto& [event, count] : train) {
    if (!stepwise) tracer.advance(std::max<std::int64_t>(event - 1 - now, 0));
    for (; stepwise && now < event - 1; ++now) tracer(one(0));
    now = event;
    seen[event] = {first(tracer(one(count)))};
    if constexpr (T::Law::emits) {
      const double release = seen[event][0], u = first(tracer.trace_U());
      seen[event] = {u, release / u, release};
    }
  }
  return seen;
}

static double number_in(const std::string& text, std::size_t from = 0) {
  return std::stod(text.substr(text.find_first_of("0123456789", from)));
}

// All results of a recording, of which there are at least so many.
static void check_recording(const char* file, double dt, bool stepwise, int at_least) {
  const Json json = Json::read(reference_path(file));
  const auto recording = read_recording(reference_path(json["data"].text));
  const auto step_at = [&](double t_ms) { return std::llround(t_ms / dt); };
  const spark::Options options{dt};
  Verdict verdict;
  int compared = 0;
  for (const auto& [name, unit] : json["units"].members) {
    const auto& spikes = recording.at(std::stoul(name));
    const auto& times = unit["sample_t_ms"].items;
    REQUIRE(spikes.size() == static_cast<std::size_t>(unit["n_spikes"].value));
    Train train;
    for (double t : spikes) ++train[step_at(t)];
    for (const Json& t : times) train[step_at(t.value)];
    for (const auto& [key, expected] : unit.members) {
      Seen seen;  // by the tracer that the key names
      const std::string kind = key.substr(0, key.find('_')), what = "unit " + name + ", " + key;
      const auto see = [&](auto tracer) { seen = play(tracer, train, stepwise); };
      if (kind == "additive") see(spark::Tracer<ArrayXd, Exact>(1, number_in(key), 1, 0, options));
      if (kind == "saturating") see(spark::SaturableTracer<ArrayXd, Exact>(1, number_in(key), 1, 0, options));
      if (kind == "cascade") see(two_stages(number_in(key), number_in(key, key.rfind('_')), dt));
      if (kind == "tm")
        see(spark::RUTracer<ArrayXd, Exact>(1, expected["tau_rec"].value, expected["tau_fac"].value,
                                            expected["U"].value, options));
      if (seen.empty()) continue;
      const auto check = [&](double got, const Json& want, const std::string& where) {
        verdict.expect_close(got, want.value, 1e-9L, 1e-12L, what + where);
        ++compared;
      };
      const auto check_at = [&](const Json& t, std::size_t column, const Json& want) {
        check(seen.at(step_at(t.value)).at(column), want, " at " + std::to_string(t.value) + " ms");
      };
      for (std::size_t k = 0; k < expected.items.size(); ++k) check_at(times[k], 0, expected[k]);
      if (!expected.has("rows")) continue;
      for (const Json& row : expected["rows"].items)
        for (std::size_t j = 0; j < 3; ++j) check_at(row[1], j, row[2 + j]);
      double sum = 0;
      for (const auto& [step, count] : train) sum += count > 0 ? seen.at(step).at(2) : 0;
      check(sum, expected["sum_uR"], ", sum of u R");
    }
  }
  CHECK(compared >= at_least);
  CHECK(verdict.report() == "");
}

TEST_CASE("double-exponential kernels") {
  const auto rows = read_csv(reference_path("reference/double_exp_kernels.csv"));
  CHECK(rows.size() >= 8);
  for (const auto& row : rows) {
    const double tau_1 = std::stod(row[1]), tau_2 = std::stod(row[2]), t_peak = std::stod(row[3]);
    INFO(row[0] << ": tau_1 " << tau_1 << ", tau_2 " << tau_2);
    std::size_t column = 7;
    for (int steps : {1, 10, 50, 200, 1000}) {
      INFO("k(" << 0.1 * steps << ")");
      Kernel forward(tau_1, tau_2, 0.1), backward(tau_2, tau_1, 0.1), stepped(tau_1, tau_2, 0.1);
      const double want = std::stod(row[column++]);
      // At 100 ms the fast kernels are at 1e-15 and less: the tolerance is that of their exponents.
      for (double got : {forward.advance(steps), backward.advance(steps), stepped.step(steps)})
        CHECK(close(got, want, 1e-12L));
    }
    // The peak, approached on a grid on which it lies.
    Kernel to_peak(tau_1, tau_2, t_peak / 100);
    const double before = to_peak.step(99), peak = to_peak.step(), after = to_peak.step();
    CHECK(close(peak, std::stod(row[4]), 1e-12L));
    CHECK(peak > before);
    CHECK(peak > after);
    // NEURON's factor makes the difference of exponentials, without its gain, peak at 1.
    if (!row[6].empty()) CHECK(close(peak * std::stod(row[6]), tau_1 * tau_2 / std::abs(tau_1 - tau_2), 1e-12L));
    CHECK(close(area_below(tau_1, tau_2), std::stod(row[5]), 1e-7L));
  }
}

TEST_CASE("amplitudes of postsynaptic potentials") {
  const Json json = Json::read(reference_path("reference/psp_amplitudes.json"));
  for (const Json& c : json["cases"].items) {
    const double tau_syn = c["tau_syn_ms"].value, tau_m = c["tau_m_ms"].value, weight = c["weight_pA"].value;
    const double gain = weight / c["C_m_pF"].value;
    INFO(c["name"].text);
    if (c.has("expected_peak_mV")) {
      const double peak = gain * Kernel(tau_syn, tau_m, c["t_peak_ms"].value / 50).advance(50);
      const double expected = c["expected_peak_mV"].value;
      CHECK(close(peak, expected, c["rel_tol"].value));
      CHECK(close(peak, c["peak_for_87p8"].value, 1e-12L));
      CHECK(close(c["exact_weight_for_0p15mV"].value / weight * peak, expected, 1e-12L));
    } else {
      const double potential = gain * Kernel(tau_syn, tau_m, 0.1).advance(std::llround(c["t_ms"].value / 0.1));
      CHECK(close(potential, c["expected_V_mV"].value, 0, c["abs_tol"].value));
    }
  }
}

// u after its jump, R before the release, and their product, for regular trains from rest.
TEST_CASE("short-term plasticity of regular trains") {
  const auto rows = read_csv(reference_path("reference/tm_regular_trains.csv"));
  CHECK(rows.size() >= 275);
  Verdict verdict;
  for (const auto& row : rows) {
    REQUIRE(row[1] == "TM98");
    const int steps = 8, spikes = row[6] == "inf" ? 2000 : std::stoi(row[6]);  // steps of a period; Exact does not mind
    const double dt = 1000 / std::stod(row[5]) / steps;
    spark::RUTracer<ArrayXd, Exact> t(1, std::stod(row[3]), std::stod(row[4]), std::stod(row[2]), {dt});
    double release = 0;
    for (int k = 1; k <= spikes * steps; ++k) release = first(t(one(k % steps == 0)));
    const double u = first(t.trace_U()), got[] = {u, release / u, release};
    for (std::size_t j = 0; j < 3; ++j)
      verdict.expect_close(got[j], std::stod(row[7 + j]), 1e-12L, 0,
                           row[0] + " at " + row[5] + " Hz, spike " + row[6] + ", number " + std::to_string(j));
  }
  CHECK(verdict.report() == "");
}

// What NEST's depressing synapse releases, in steps from one spike to the next. Resources are at hand, active or
// recovering; the last two are the stages of a cascade.
TEST_CASE("releases of a depressing synapse") {
  const Json json = Json::read(reference_path("reference/tm_nest_depressing.json"));
  const auto p = [&](const char* name) { return json["parameters"][name].value; };
  const auto& rows = json["derived_per_spike"]["rows"].items;
  CHECK(rows.size() >= 20);
  const double period = rows[1][0].value - rows[0][0].value;
  spark::RUTracer<ArrayXd, Exact> usage(1, p("tau_rec"), p("tau_fac"), p("U"), {period});
  auto used = two_stages(p("tau_psc"), p("tau_rec"), period);  // trace_2 is tau_psc times what recovers
  Verdict verdict;
  for (const Json& row : rows) {
    usage(one(1));
    used.advance(1);
    const double u = first(usage.trace_U()), x = 1 - first(used.trace_1()) - first(used.trace_2()) / p("tau_psc");
    used.set_trace_1(used.trace_1() + u * x);
    verdict.expect_close(u, row[1].value, 1e-12L, 0, "u");
    verdict.expect_close(x, row[2].value, 1e-12L, 0, "x before a spike");
    verdict.expect_close(u * x, row[3].value, 1e-12L, 0, "u x");
  }
  CHECK(verdict.report() == "");
}

TEST_CASE("triplet STDP sequences") {
  const Json json = Json::read(reference_path("reference/nest_stdp_triplet_sequences.json"));
  CHECK(json["cases"].items.size() >= 4);
  Verdict verdict;
  for (const Json& sequence : json["cases"].items) check_triplets(json["parameters"], sequence, verdict);
  CHECK(verdict.report() == "");
}

TEST_CASE("recordings: Exact on the recorder's own grid is exact") {
  check_recording("reference/realdata_grasshopper.json", 0.1, true, 230);
  check_recording("reference/realdata_grasshopper.json", 0.1, false, 230);
  check_recording("reference/realdata_probe_A8604.json", 0.001, false, 200);
}
