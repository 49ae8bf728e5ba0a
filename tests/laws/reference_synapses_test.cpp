// Published results of synapse models, rebuilt from this library's tracers: short-term plasticity,
// double-exponential kernels and pair and triplet STDP. The folder comes from
// SPARK_TRACERS_REFERENCE_DATA.
#include <algorithm>
#include <cmath>

#include "support/kinds.hpp"
#include "support/reference_data.hpp"

using namespace suite;
using Eigen::ArrayXd;
using spark::Exact;

namespace {

ArrayXd one(double v) { return ArrayXd::Constant(1, v); }
double first(const ArrayXd& a) { return a(0); }

spark::Options with_dt(double dt) {
  spark::Options options;
  options.dt = dt;
  return options;
}

// The response of two leaky stages to a unit impulse, by steps of dt. The library drives its second
// stage with (scale_2 / dt) * trace_1, hence scale_2 = dt.
class Kernel {
 public:
  Kernel(double tau_1, double tau_2, double dt) : tracer_(1, tau_1, tau_2, 1, dt, 0, 0, with_dt(dt)) {
    tracer_(one(1));
  }
  double step() { return first(tracer_(one(0))); }
  double after(std::int64_t steps) {
    tracer_.advance(steps);
    return first(tracer_.value());
  }

 private:
  spark::DoubleTracer<ArrayXd, Exact> tracer_;
};

}  // namespace

TEST_CASE("double-exponential kernels") {
  const char* file = "reference/double_exp_kernels.csv";
  if (!have_reference({file})) return;
  const auto rows = read_csv(reference_path(file));
  CHECK(rows.size() >= 8);
  const double times[] = {0.1, 1, 5, 20, 100};
  for (const auto& row : rows) {
    const double tau_1 = std::stod(row[1]), tau_2 = std::stod(row[2]);
    const double t_peak = std::stod(row[3]), k_peak = std::stod(row[4]);
    INFO(row[0] << ": tau_1 " << tau_1 << ", tau_2 " << tau_2);
    for (std::size_t j = 0; j < 5; ++j) {
      const double want = std::stod(row[7 + j]);
      const auto steps = std::llround(times[j] / 0.1);
      INFO("k(" << times[j] << ")");
      Kernel forward(tau_1, tau_2, 0.1), backward(tau_2, tau_1, 0.1), stepped(tau_1, tau_2, 0.1);
      // At 100 ms the fast kernels are at 1e-15 and less: the tolerance is that of their exponents.
      CHECK(close(forward.after(steps), want, 1e-12L));
      CHECK(close(backward.after(steps), want, 1e-12L));
      double last = 0;
      for (std::int64_t k = 0; k < steps; ++k) last = stepped.step();
      CHECK(close(last, want, 1e-12L));
    }
    // The peak, approached on a grid on which it lies.
    Kernel to_peak(tau_1, tau_2, t_peak / 100);
    double before = 0;
    for (int k = 0; k < 99; ++k) before = to_peak.step();
    const double peak = to_peak.step(), after = to_peak.step();
    CHECK(close(peak, k_peak, 1e-12L));
    CHECK(peak > before);
    CHECK(peak > after);
    // NEURON's factor makes the difference of exponentials, without its gain, peak at 1.
    if (!row[6].empty()) {
      const double gain = tau_1 * tau_2 / std::abs(tau_1 - tau_2);
      CHECK(close(peak * std::stod(row[6]), gain, 1e-12L));
    }
    // The area, by Simpson's rule until nothing is left.
    const double h = std::min(tau_1, tau_2) / 64;
    const auto steps = 2 * static_cast<std::int64_t>(40 * std::max(tau_1, tau_2) / h / 2);
    Kernel all(tau_1, tau_2, h);
    real area = 0;
    for (std::int64_t k = 1; k <= steps; ++k) area += (k % 2 == 0 ? 2 : 4) * all.step() * h / 3;
    CHECK(close(area, std::stod(row[5]), 1e-7L));
  }
}

TEST_CASE("amplitudes of postsynaptic potentials") {
  const char* file = "reference/psp_amplitudes.json";
  if (!have_reference({file})) return;
  const Json json = Json::read(reference_path(file));
  for (const Json& c : json["cases"].items) {
    const double tau_syn = c["tau_syn_ms"].value, tau_m = c["tau_m_ms"].value;
    const double gain = c["weight_pA"].value / c["C_m_pF"].value;
    INFO(c["name"].text);
    if (c.has("expected_peak_mV")) {
      const double t_peak = c["t_peak_ms"].value;
      const double peak = gain * Kernel(tau_syn, tau_m, t_peak / 50).after(50);
      CHECK(close(peak, c["expected_peak_mV"].value, c["rel_tol"].value));
      CHECK(close(peak, c["peak_for_87p8"].value, 1e-12L));
      CHECK(
          close(c["exact_weight_for_0p15mV"].value / c["weight_pA"].value * peak, c["expected_peak_mV"].value, 1e-12L));
    } else {
      const auto steps = std::llround(c["t_ms"].value / 0.1);
      CHECK(close(gain * Kernel(tau_syn, tau_m, 0.1).after(steps), c["expected_V_mV"].value, 0, c["abs_tol"].value));
    }
  }
}

// u after its jump, R before the release, and their product, for regular trains from rest.
TEST_CASE("short-term plasticity of regular trains") {
  const char* file = "reference/tm_regular_trains.csv";
  if (!have_reference({file})) return;
  const auto rows = read_csv(reference_path(file));
  CHECK(rows.size() >= 275);
  Verdict verdict;
  for (std::size_t r = 0; r < rows.size();) {
    const auto head = rows[r];
    REQUIRE(head[1] == "TM98");
    const double period = 1000 / std::stod(head[5]);
    const int steps = 8;  // per period; Exact does not mind
    spark::RUTracer<ArrayXd, Exact> t(1, std::stod(head[3]), std::stod(head[4]), std::stod(head[2]),
                                      with_dt(period / steps));
    int spikes = 0;
    for (; r < rows.size() && rows[r][0] == head[0] && rows[r][5] == head[5]; ++r) {
      const int n = rows[r][6] == "inf" ? 2000 : std::stoi(rows[r][6]);
      double release = 0, u = 0;
      for (; spikes < n; ++spikes) {
        for (int k = 1; k < steps; ++k) t(one(0));
        release = first(t(one(1)));
        u = first(t.trace_U());
      }
      const std::string what = head[0] + " at " + head[5] + " Hz, spike " + rows[r][6];
      verdict.expect_close(u, std::stod(rows[r][7]), 1e-12L, 0, (what + ", u").c_str());
      verdict.expect_close(release / u, std::stod(rows[r][8]), 1e-12L, 0, (what + ", R").c_str());
      verdict.expect_close(release, std::stod(rows[r][9]), 1e-12L, 0, (what + ", u R").c_str());
    }
  }
  CHECK(verdict.report() == "");
}

// NEST's depressing synapse on a leaky membrane: usage u, active y, inactive z and potential V, from
// one usage trace and two cascades that share their first stage.
TEST_CASE("membrane voltages of a depressing synapse") {
  const char* file = "reference/tm_nest_depressing.json";
  if (!have_reference({file})) return;
  const Json json = Json::read(reference_path(file));
  const Json& p = json["parameters"];
  const double dt = 0.1, tau_psc = p["tau_psc"].value;
  spark::RUTracer<ArrayXd, Exact> usage(1, p["tau_rec"].value, p["tau_fac"].value, p["U"].value, with_dt(dt));
  spark::DoubleTracer<ArrayXd, Exact> recovery(1, tau_psc, p["tau_rec"].value, 1, dt / tau_psc, 0, 0, with_dt(dt));
  spark::DoubleTracer<ArrayXd, Exact> membrane(1, tau_psc, p["tau_m"].value, 1, dt * p["A"].value / p["C_m"].value, 0,
                                               0, with_dt(dt));
  std::vector<std::int64_t> arrivals;
  for (double t : json["input"]["arrival_at_neuron_ms"].numbers()) arrivals.push_back(std::llround(t / dt));
  const auto& rows = json["expected"]["rows"].items;
  CHECK(rows.size() >= 40);
  std::size_t next = 0, spike = 0;
  Verdict verdict;
  for (std::int64_t step = 1; next < rows.size(); ++step) {
    const bool arrives = std::find(arrivals.begin(), arrivals.end(), step) != arrivals.end();
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
                           ("V at " + std::to_string(rows[next][0].value) + " ms").c_str());
      ++next;
    }
  }
  CHECK(spike == arrivals.size());
  CHECK(verdict.report() == "");
}

namespace {

// Pair STDP: a spike adds what the other side's trace says. Traces are read before the own spike, and
// pre and post never coincide here.
template <class Trace>
double pair_stdp(double f_Hz, double shift_ms, int pairs, double A_plus, double A_minus, double tau) {
  Trace pre(1, tau), post(1, tau);
  const auto period = f_Hz > 0 ? std::llround(1000 / f_Hz) : 1;
  const auto shift = std::llround(shift_ms);
  std::vector<std::int64_t> pre_steps, post_steps;
  for (int k = 0; k < pairs; ++k) {
    pre_steps.push_back(200 + k * period);
    post_steps.push_back(200 + k * period + shift);
  }
  const auto spikes = [](const std::vector<std::int64_t>& steps, std::int64_t k) {
    return std::binary_search(steps.begin(), steps.end(), k);
  };
  double weight = 0;
  for (std::int64_t k = 1; k <= std::max(pre_steps.back(), post_steps.back()); ++k) {
    const bool from = spikes(pre_steps, k), to = spikes(post_steps, k);
    pre(one(from)), post(one(to));
    if (from) weight -= A_minus * first(post.trace());
    if (to) weight += A_plus * first(pre.trace());
  }
  return weight;
}

}  // namespace

TEST_CASE("pair STDP, all-to-all and nearest") {
  const char* file = "reference/stdp_pair_song2000.csv";
  if (!have_reference({file})) return;
  const auto rows = read_csv(reference_path(file));
  CHECK(rows.size() >= 60);
  const double A_plus = 0.005, A_minus = 1.05 * A_plus, tau = 20;
  Verdict verdict;
  for (const auto& row : rows) {
    const double f = std::stod(row[2]), shift = std::stod(row[3]), want = std::stod(row[5]);
    const int pairs = std::stoi(row[4]);
    const std::string what = row[0] + ", " + row[1] + ", " + row[2] + " Hz, " + row[3] + " ms";
    const auto check = [&](double got) { verdict.expect_close(got, want, 1e-12L, 1e-12L, what.c_str()); };
    if (row[1] == "all") {
      check(pair_stdp<spark::Tracer<ArrayXd, Exact>>(f, shift, pairs, A_plus, A_minus, tau));
    } else {
      check(pair_stdp<spark::NearestTracer<ArrayXd, Exact>>(f, shift, pairs, A_plus, A_minus, tau));
      check(pair_stdp<spark::SaturableTracer<ArrayXd, Exact>>(f, shift, pairs, A_plus, A_minus, tau));
    }
  }
  CHECK(verdict.report() == "");
}

// Event by event: the four traces and the weight. Where a pre and a post spike fall together the post
// spike comes first, and both read the traces as they were before either.
TEST_CASE("triplet STDP sequences") {
  const char* file = "reference/nest_stdp_triplet_sequences.json";
  if (!have_reference({file})) return;
  const Json json = Json::read(reference_path(file));
  const Json& p = json["parameters"];
  const double dt = 0.1;
  Verdict verdict;
  CHECK(json["cases"].items.size() >= 4);
  for (const Json& c : json["cases"].items) {
    using T = spark::Tracer<ArrayXd, Exact>;
    const auto tracer = [&](const char* tau) { return T(1, p[tau].value, 1, 0, with_dt(dt)); };
    // in the order of the columns
    std::vector<T> traces = {tracer("tau_plus"), tracer("tau_plus_triplet"), tracer("tau_minus"),
                             tracer("tau_minus_triplet")};
    double w = p["w0"].value;
    std::int64_t now = 0;
    const auto& rows = c["rows"].items;
    for (std::size_t r = 0; r < rows.size();) {
      const std::int64_t event = std::llround(rows[r][0].value / dt);
      // all events of this step, and what each trace is just before them
      std::size_t last = r;
      bool pre = false, post = false;
      for (; last < rows.size() && std::llround(rows[last][0].value / dt) == event; ++last)
        (rows[last][1].text == "pre" ? pre : post) = true;
      std::vector<double> k(4);
      for (std::size_t j = 0; j < 4; ++j) {
        T before = traces[j];
        before.advance(event - now);
        k[j] = first(before.trace());
        traces[j].advance(event - now - 1);
        traces[j](one(j < 2 ? pre : post));
      }
      now = event;
      for (; r < last; ++r) {
        const bool is_pre = rows[r][1].text == "pre";
        if (is_pre)
          w -= k[2] * (p["Aminus"].value + p["Aminus_triplet"].value * k[1]);
        else
          w += k[0] * (p["Aplus"].value + p["Aplus_triplet"].value * k[3]);
        for (std::size_t j = is_pre ? 0 : 2; j < (is_pre ? 2u : 4u); ++j) k[j] += 1;
        const std::string what = c["name"].text + ", event " + std::to_string(r);
        verdict.expect_close(w, rows[r][2].value, 1e-12L, 1e-12L, (what + ", weight").c_str());
        for (std::size_t j = 0; j < 4; ++j)
          verdict.expect_close(k[j], rows[r][3 + j].value, 1e-12L, 1e-12L, (what + ", trace").c_str());
      }
      for (std::size_t j = 0; j < 4; ++j)
        verdict.expect_close(first(traces[j].trace()), k[j], 1e-14L, 0, "a tracer after its spike");
    }
  }
  CHECK(verdict.report() == "");
}
