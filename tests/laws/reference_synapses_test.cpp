// Published results of synapse models, rebuilt from this library's tracers: short-term plasticity,
// double-exponential kernels and pair and triplet STDP. The folder comes from
// SPARK_TRACERS_REFERENCE_DATA.
#include <algorithm>
#include <set>
#include <spark/tracers.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/reference_data.hpp"

using namespace suite;
using Eigen::ArrayXd;
using spark::Exact;

namespace {

ArrayXd one(double v) { return ArrayXd::Constant(1, v); }
double first(const ArrayXd& a) { return a(0); }

// The response of two leaky stages to a unit impulse, by steps of dt. The library drives its second
// stage with (scale_2 / dt) * trace_1, hence scale_2 = dt.
class Kernel {
 public:
  Kernel(double tau_1, double tau_2, double dt) : tracer_(1, tau_1, tau_2, 1, dt, 0, 0, {dt}) { tracer_(one(1)); }
  double step(std::int64_t steps = 1) {
    for (; steps > 1; --steps) tracer_(one(0));
    return first(tracer_(one(0)));
  }
  double advance(std::int64_t steps) {
    tracer_.advance(steps);
    return first(tracer_.value());
  }

 private:
  spark::DoubleTracer<ArrayXd, Exact> tracer_;
};

// By Simpson's rule until nothing is left.
real area_below(double tau_1, double tau_2) {
  const double h = std::min(tau_1, tau_2) / 64;
  const auto steps = 2 * static_cast<std::int64_t>(40 * std::max(tau_1, tau_2) / h / 2);
  Kernel kernel(tau_1, tau_2, h);
  real area = 0;
  for (std::int64_t k = 1; k <= steps; ++k) area += (k % 2 == 0 ? 2 : 4) * kernel.step() * h / 3;
  return area;
}

// Pair STDP of trains: a spike adds what the other side's trace says. Traces are read before the own spike, and
// pre and post never coincide here.
template <class Trace> double pair_stdp(double f_Hz, double shift_ms, int pairs) {
  const double A_plus = 0.005, A_minus = 1.05 * A_plus, tau = 20;
  Trace pre(1, tau), post(1, tau);
  const auto period = f_Hz > 0 ? std::llround(1000 / f_Hz) : 1, shift = std::llround(shift_ms);
  const auto spikes = [&](long long k) { return k >= 0 && k % period == 0 && k / period < pairs; };
  double weight = 0;
  for (long long k = -200; k <= (pairs - 1) * period + std::max(0LL, shift); ++k) {
    const bool from = spikes(k), to = spikes(k - shift);
    pre(one(from)), post(one(to));
    if (from) weight -= A_minus * first(post.trace());
    if (to) weight += A_plus * first(pre.trace());
  }
  return weight;
}

// Event by event: the weight and the four traces. Where a pre and a post spike fall together the post
// spike comes first, and both read the traces as they were before either.
void check_triplets(const Json& parameters, const Json& sequence, Verdict& verdict) {
  const double dt = 0.1;
  const auto p = [&](const char* name) { return parameters[name].value; };
  std::vector<spark::Tracer<ArrayXd, Exact>> traces;  // in the order of the columns
  for (const char* tau : {"tau_plus", "tau_plus_triplet", "tau_minus", "tau_minus_triplet"})
    traces.emplace_back(1, p(tau), 1, 0, spark::Options{dt});
  double w = p("w0");
  std::int64_t now = 0;
  const auto& rows = sequence["rows"].items;
  for (std::size_t r = 0, last = 0; r < rows.size();) {
    const std::int64_t event = std::llround(rows[r][0].value / dt);
    // all events of this step, and what each trace is just before them
    bool pre = false, post = false;
    for (; last < rows.size() && std::llround(rows[last][0].value / dt) == event; ++last)
      (rows[last][1].text == "pre" ? pre : post) = true;
    double k[4];
    for (std::size_t j = 0; j < 4; ++j) {
      auto before = traces[j];
      before.advance(event - now);
      k[j] = first(before.trace());
      traces[j].advance(event - now - 1);
      traces[j](one(j < 2 ? pre : post));
    }
    now = event;
    for (; r < last; ++r) {
      const bool is_pre = rows[r][1].text == "pre";
      w +=
          is_pre ? -k[2] * (p("Aminus") + p("Aminus_triplet") * k[1]) : k[0] * (p("Aplus") + p("Aplus_triplet") * k[3]);
      for (std::size_t j : {0u, 1u}) k[is_pre ? j : j + 2] += 1;
      const double got[] = {w, k[0], k[1], k[2], k[3]};
      for (std::size_t j = 0; j < 5; ++j)
        verdict.expect_close(
            got[j], rows[r][2 + j].value, 1e-12L, 1e-12L,
            sequence["name"].text + ", event " + std::to_string(r) + ", " + sequence["columns"][2 + j].text);
    }
    for (std::size_t j = 0; j < 4; ++j)
      verdict.expect_close(first(traces[j].trace()), k[j], 1e-14L, 0, "a tracer after its spike");
  }
}

}  // namespace

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
  for (std::size_t r = 0; r < rows.size();) {
    const auto head = rows[r];
    REQUIRE(head[1] == "TM98");
    const int steps = 8;  // per period; Exact does not mind
    spark::RUTracer<ArrayXd, Exact> t(1, std::stod(head[3]), std::stod(head[4]), std::stod(head[2]),
                                      {1000 / std::stod(head[5]) / steps});
    double release = 0;
    int spikes = 0;
    for (; r < rows.size() && rows[r][0] == head[0] && rows[r][5] == head[5]; ++r) {
      const int n = rows[r][6] == "inf" ? 2000 : std::stoi(rows[r][6]);
      for (; spikes < n; ++spikes) {
        for (int k = 1; k < steps; ++k) t(one(0));
        release = first(t(one(1)));
      }
      const std::string what = head[0] + " at " + head[5] + " Hz, spike " + rows[r][6] + ", ";
      const double u = first(t.trace_U()), got[] = {u, release / u, release};
      const char* const names[] = {"u", "R", "u R"};
      for (std::size_t j = 0; j < 3; ++j)
        verdict.expect_close(got[j], std::stod(rows[r][7 + j]), 1e-12L, 0, what + names[j]);
    }
  }
  CHECK(verdict.report() == "");
}

// NEST's depressing synapse on a leaky membrane: usage u, active y, inactive z and potential V, from
// one usage trace and two cascades that share their first stage.
TEST_CASE("membrane voltages of a depressing synapse") {
  const Json json = Json::read(reference_path("reference/tm_nest_depressing.json"));
  const auto p = [&](const char* name) { return json["parameters"][name].value; };
  const double dt = 0.1, tau_psc = p("tau_psc");
  spark::RUTracer<ArrayXd, Exact> usage(1, p("tau_rec"), p("tau_fac"), p("U"), {dt});
  spark::DoubleTracer<ArrayXd, Exact> recovery(1, tau_psc, p("tau_rec"), 1, dt / tau_psc, 0, 0, {dt});
  spark::DoubleTracer<ArrayXd, Exact> membrane(1, tau_psc, p("tau_m"), 1, dt * p("A") / p("C_m"), 0, 0, {dt});
  std::set<std::int64_t> arrivals;
  for (const Json& t : json["input"]["arrival_at_neuron_ms"].items) arrivals.insert(std::llround(t.value / dt));
  const auto& rows = json["expected"]["rows"].items;
  CHECK(rows.size() >= 40);
  std::size_t next = 0, spike = 0;
  Verdict verdict;
  for (std::int64_t step = 1; next < rows.size(); ++step) {
    const bool arrives = arrivals.count(step) != 0;
    usage(one(arrives));
    // What is available is what is neither active nor recovering, just before this spike.
    auto active = recovery;
    active.advance(1);
    const double available = 1 - first(active.trace_1()) - first(active.trace_2());
    const double released = arrives ? first(usage.trace_U()) * available : 0;
    recovery(one(released)), membrane(one(released));
    if (arrives) {
      const Json& row = json["derived_per_spike"]["rows"][spike++];
      verdict.expect_close(first(usage.trace_U()), row[1].value, 1e-12L, 0, "u");
      verdict.expect_close(available, row[2].value, 1e-12L, 0, "x before a spike");
      verdict.expect_close(released, row[3].value, 1e-12L, 0, "u x");
    }
    if (step == std::llround(rows[next][0].value / dt)) {
      // NEST's own tolerance; its voltages are printed to six digits
      verdict.expect_close(first(membrane.trace_2()), rows[next][1].value, 0, 1e-5L,
                           "V at " + std::to_string(rows[next][0].value) + " ms");
      ++next;
    }
  }
  CHECK(spike == arrivals.size());
  CHECK(verdict.report() == "");
}

TEST_CASE("pair STDP, all-to-all and nearest") {
  const auto rows = read_csv(reference_path("reference/stdp_pair_song2000.csv"));
  CHECK(rows.size() >= 60);
  Verdict verdict;
  for (const auto& row : rows) {
    const auto check = [&, &row = row](auto stdp) {
      verdict.expect_close(stdp(std::stod(row[2]), std::stod(row[3]), std::stoi(row[4])), std::stod(row[5]), 1e-12L,
                           1e-12L, row[0] + ", " + row[1] + ", " + row[2] + " Hz, " + row[3] + " ms");
    };
    if (row[1] == "all") {
      check(pair_stdp<spark::Tracer<ArrayXd, Exact>>);
    } else {
      check(pair_stdp<spark::NearestTracer<ArrayXd, Exact>>);
      check(pair_stdp<spark::SaturableTracer<ArrayXd, Exact>>);
    }
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
