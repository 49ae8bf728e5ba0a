// What others compute, and the lines of docs/conformance.md that compute the same here. Each peer is written down a
// second time below, one synapse at a time and with its own exponentials, from its equations alone.
#include <algorithm>
#include <array>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

using Array = ArrayXd;
using Raster = ArrayXXd;

const double dt = 0.1, w_max = 1;
const int n = 24, steps = 3000;

// Spikes of n independent neurons, at intervals of one step and of many.
Raster random_spikes(std::uint64_t seed) {
  Random random(seed);
  return Raster::NullaryExpr(n, steps, [&] { return random.chance(0.02) ? 1.0 : 0.0; });
}

// Runs `step` with the spikes of both sides against copies of `peer`, one for each synapse.
template <class Step, class Peer> void compare(const Raster& from, const Raster& to, Step step, const Peer& peer) {
  Raster got(n, steps);
  for (int k = 0; k < steps; ++k) got.col(k) = step(from.col(k), to.col(k));
  Verdict verdict;
  for (int i = 0; i < n; ++i) {
    Peer synapse = peer;
    for (int k = 0; k < steps; ++k)
      verdict.expect_close(got(i, k), synapse(from(i, k), to(i, k)), 1e-11L, 1e-12L, "a synapse");
  }
  CHECK(verdict.report() == "");
}
template <class Step, class Peer> void compare(const Raster& spikes, Step step, Peer peer) {
  compare(
      spikes, spikes, [&](const Array& x, const Array&) { return step(x); },
      [peer](double x, double) mutable { return peer(x); });
}

// Peers that only a spike asks: `send(h)` at a time h after the one before.
template <class Step, class Send> void compare_sent(const Raster& spikes, Step step, Send send) {
  compare(spikes, step, [send, k = 0, last = -HUGE_VAL](double spike) mutable {
    const double now = dt * k++;
    return spike == 0 ? 0.0 : send(now - std::exchange(last, now));
  });
}

}  // namespace

TEST_CASE("the short-term plasticity of NEST's tsodyks2_synapse and of Brian2") {
  const auto set = GENERATE(std::array{0.5, 800.0, 0.0}, std::array{0.15, 130.0, 530.0}, std::array{0.2, 200.0, 600.0},
                            std::array{0.6, 500.0, 300.0});
  const double U = set[0], tau_rec = set[1], tau_fac = set[2];

  spark::RUTracer<Array, Exact> synapse(n, tau_rec, tau_fac, U, {dt});
  const auto step = [&](const Array& x) { return Array(x * synapse(x)); };  // times the weight
  SECTION("NEST") {
    // NEST 3.9, models/tsodyks2_synapse.h: x recovers with the usage of the last spike, u has this spike's increment.
    compare_sent(random_spikes(1), step, [=, u = U, x = 1.0](double h) mutable {
      x = 1 - (1 - x * (1 - u)) * std::exp(-h / tau_rec);
      u = U + u * (1 - U) * std::exp(-h / tau_fac);
      return u * x;
    });
  }
  SECTION("Brian2, jump after the release") {
    // Brian2 2.9, docs_sphinx/user/synapses.rst: u relaxes to U, and is read before it jumps.
    compare_sent(random_spikes(1), step, [=, u = U, x = 1.0](double h) mutable {
      u = U + (u - U) * std::exp(-h / tau_fac);
      x = 1 + (x - 1) * std::exp(-h / tau_rec);
      const double read = u * x;
      x -= read;
      u += U * (1 - u);
      return read;
    });
  }
  SECTION("Brian2, jump before the release") {
    // Brian2 2.9, examples/frompapers/Stimberg_et_al_2018/example_1_COBA.py: u relaxes to 0 and jumps, and is then
    // read. u_S is synapse.trace_U(), and x_S is synapse.trace_R().
    const auto all = [&](const Array& x) { return Array(step(x) + 2 * synapse.trace_U() + 4 * synapse.trace_R()); };
    compare(random_spikes(4), all, [=, u = 0.0, x = 1.0](double spike) mutable {
      u *= std::exp(-dt / tau_fac);
      x = 1 + (x - 1) * std::exp(-dt / tau_rec);
      u += spike * U * (1 - u);
      const double r = spike * u * x;
      x -= r;
      return r + 2 * u + 4 * x;
    });
  }
}

TEST_CASE("NEST's tsodyks_synapse") {
  // NEST 3.9, models/tsodyks_synapse.h: y, in the cleft, decays with tau_psc into z, which recovers with tau_rec into
  // x.
  const auto set = GENERATE(std::array{0.5, 800.0, 0.0}, std::array{0.04, 100.0, 1000.0});
  const double U = set[0], tau_rec = set[1], tau_fac = set[2], tau_psc = 3;

  spark::RUTracer<Array, Exact> usage(n, tau_rec, tau_fac, U, {dt});                         // for its U alone
  spark::DoubleTracer<Array, Exact> used(n, tau_psc, tau_rec, 1, dt / tau_psc, 0, 0, {dt});  // y and z
  const auto step = [&](const Array& x) {
    usage(x);
    used.advance(1);
    const Array sent = x * usage.trace_U() * (1 - used.trace_1() - used.trace_2());
    used.set_trace_1(used.trace_1() + sent);
    return sent;
  };
  compare_sent(random_spikes(2), step, [=, u = 0.0, x = 1.0, y = 0.0](double h) mutable {
    const double cleft = std::exp(-h / tau_psc), recovering = std::exp(-h / tau_rec);
    const double z = 1 - x - y;
    const double z_of_y = tau_rec / (tau_rec - tau_psc) * (recovering - cleft);  // y/tau_psc - z/tau_rec from y = 1
    x = 1 - z * recovering - y * z_of_y - y * cleft;
    y *= cleft;
    u *= std::exp(-h / tau_fac);
    u += U * (1 - u);
    const double released = u * x;
    x -= released;
    y += released;
    return released;
  });
}

TEST_CASE("Brian2's STDP") {
  // Brian2 2.9, examples/synapses/STDP.py: the presynaptic code runs first.
  const double tau_pre = 20, tau_post = 30, dApre = 0.01, dApost = -0.012;
  const Raster from = random_spikes(5), to = random_spikes(6);
  CHECK((from * to).sum() > 5);  // some coincide

  Array w = Array::Constant(n, 0.5);
  spark::Tracer<Array, Exact> Apre(n, tau_pre, dApre, 0, {dt}), Apost(n, tau_post, dApost, 0, {dt});
  const auto step = [&](const Array& x, const Array& y) {
    Apre(x), Apost(y);
    w = (w + x * (Apost.trace() - dApost * y)).max(0.0).min(w_max);
    return w = (w + y * Apre.trace()).max(0.0).min(w_max);
  };
  compare(from, to, step, [=, weight = 0.5, pre = 0.0, post = 0.0](double x, double y) mutable {
    pre = pre * std::exp(-dt / tau_pre) + dApre * x;
    post *= std::exp(-dt / tau_post);
    weight = std::clamp(weight + x * post, 0.0, w_max);
    post += dApost * y;
    return weight = std::clamp(weight + y * pre, 0.0, w_max);
  });
}

TEST_CASE("the STDP of BindsNET, SpikingJelly and Norse") {
  // Both traces move first, and then each spike reads the other's: `trace(old, spike)` is a step of a peer's trace.
  const double plus = 1e-2, minus = 1e-3;
  const auto compare_traces = [&](auto pre, auto post, auto trace) {
    Array w = Array::Zero(n);
    const auto step = [&](const Array& x, const Array& y) {
      pre(x), post(y);
      return w += plus * y * pre.trace() - minus * x * post.trace();
    };
    const auto peer = [=, source = 0.0, target = 0.0, weight = 0.0](double x, double y) mutable {
      source = trace(source, x);
      target = trace(target, y);
      return weight += plus * y * source - minus * x * target;
    };
    compare(random_spikes(7), random_spikes(8), step, peer);
  };
  // BindsNET 0.3.3, bindsnet/network/nodes.py: a spike sets the trace (the default) or raises it (traces_additive).
  // bindsnet/learning/learning.py, PostPre: w loses nu[0] of the target's trace and gains nu[1] of the source's.
  const double tc_trace = 20, trace_scale = 0.7;
  SECTION("BindsNET, set") {
    spark::NearestTracer<Array, Exact> pre(n, tc_trace, trace_scale, 0, {dt}), post = pre;
    compare_traces(pre, post, [=](double trace, double spike) {
      return spike == 1 ? trace_scale : trace * std::exp(-dt / tc_trace);
    });
  }
  SECTION("BindsNET, additive") {
    spark::Tracer<Array, Exact> pre(n, tc_trace, trace_scale, 0, {dt}), post = pre;
    compare_traces(pre, post,
                   [=](double trace, double spike) { return trace * std::exp(-dt / tc_trace) + trace_scale * spike; });
  }
  SECTION("SpikingJelly") {
    // SpikingJelly (commit afb1322), spikingjelly/activation_based/functional/learning.py: tau in steps; f_pre and
    // f_post of the weight scale the two changes.
    const double tau_pre = 30, tau_post = tau_pre;
    spark::Tracer<Array> pre(n, tau_pre), post(n, tau_post);
    compare_traces(pre, post, [=](double trace, double spike) { return trace - trace / tau_pre + spike; });
  }
  SECTION("Norse") {
    // Norse 1.1.0, norse/torch/functional/stdp.py: forward Euler of tau * dt/dt = -t + a*z.
    const double tau = 50, a = 1.5;
    spark::Tracer<Array> pre(n, tau, a * dt / tau, 0, {dt}), post = pre;
    compare_traces(pre, post, [=](double trace, double spike) { return trace + dt / tau * (a * spike - trace); });
  }
}

TEST_CASE("Norse's short-term plasticity") {
  // Norse 1.1.0, norse/torch/functional/tsodyks_makram.py: u from the old u, x from the new u and the old x.
  const double U = 0.45, tau_d = 75, tau_f = 50;
  spark::RUTracer<Array> synapse(n, tau_d, tau_f, U, {dt});
  const auto step = [&](const Array& x) { return Array(x * synapse(x)); };
  compare(random_spikes(9), step, [=, u = 0.0, x = 1.0](double z) mutable {
    u += -dt * u / tau_f + U * (1 - u) * z;
    const double sent = u * x * z;
    x += dt * (1 - x) / tau_d - sent;
    return sent;
  });
}

TEST_CASE("Auryn's traces") {
  // Auryn (commit 19a9174), src/auryn/SpikingGroup.cpp and EulerTrace.cpp: spikes add 1 before the decay.
  const double tau_pre = 20;
  Array traces = Array::Zero(n);  // the simulator's
  spark::Tracer<Eigen::Map<Array>, Exact> decay({Eigen::Map<Array>(traces.data(), n)}, tau_pre, spark::Options{dt});
  const auto step = [&](const Array& x) {
    traces += x;
    decay.advance(1);
    return traces;
  };
  compare(random_spikes(10), step,
          [=, trace = 0.0](double spike) mutable { return trace = (trace + spike) * std::exp(-dt / tau_pre); });
}

TEST_CASE("Auryn's short-term plasticity") {
  // Auryn (commit 19a9174), src/auryn/STPConnection.cpp: u and x are read before they change, and then relax by Euler.
  const double Ujump = 0.2, tau_d = 75, tau_f = 50;
  const auto exact = [&](double tau) { return -dt / std::log1p(-dt / tau); };  // loses dt/tau in a step
  spark::RUTracer<Array, Exact> synapse(n, exact(tau_d), exact(tau_f), Ujump, {dt});
  const auto step = [&](const Array& x) { return Array(x * synapse(x)); };  // times the weight
  compare(random_spikes(11), step, [=, u = Ujump, x = 1.0](double spike) mutable {
    const double sent = spike * u * x;
    x -= sent;
    u += spike * Ujump * (1 - u);
    x += dt / tau_d * (1 - x);
    u += dt / tau_f * (Ujump - u);
    return sent;
  });
}

TEST_CASE("CARLsim's short-term plasticity") {
  // CARLsim6 (commit 0e38aa8), carlsim/kernel/src/snn_cpu_module.cpp: steps of 1 ms; what x loses is sent over U.
  const double U = 0.45, tau_u = 50, tau_x = 75;
  spark::RUTracer<Array> synapse(n, tau_x, tau_u, U);                           // dt = 1 ms
  const auto step = [&](const Array& x) { return Array(x * synapse(x) / U); };  // times the weight
  compare(random_spikes(12), step, [=, u = 0.0, x = 1.0](double spike) mutable {
    const double u_minus = u, x_minus = x;
    u = u_minus * (1 - 1 / tau_u) + spike * U * (1 - u_minus);
    const double taken = spike * u * x_minus;
    x = x_minus + (1 - x_minus) / tau_x - taken;
    return taken / U;
  });
}

TEST_CASE("Arbor's exp2syn") {
  // Arbor (commit 2ea55e1), mechanisms/default/exp2syn.mod: the current is that of B - A, before their decay.
  const double tau_1 = 2, tau_2 = 10;
  const double tau_rise = 1 / (1 / tau_1 - 1 / tau_2), ratio = tau_rise / tau_2;
  const double factor = (1 + ratio) * std::pow(1 + 1 / ratio, ratio);  // each spike peaks at its x
  spark::RDTracer<Array, Exact> g(n, tau_rise, tau_2, factor, factor, spark::Options{dt});
  const auto step = [&](const Array& x) { return Array(g(x)); };  // x: the weights of those that spiked

  const double tp = tau_1 * tau_2 / (tau_2 - tau_1) * std::log(tau_2 / tau_1);
  const double peer_factor = 1 / (-std::exp(-tp / tau_1) + std::exp(-tp / tau_2));
  compare(0.3 * random_spikes(13), step, [=, A = 0.0, B = 0.0](double weight) mutable {
    A += weight * peer_factor;
    B += weight * peer_factor;
    const double now = B - A;
    A *= std::exp(-dt / tau_1);
    B *= std::exp(-dt / tau_2);
    return now;
  });
}

TEST_CASE("Arbor's STDP") {
  // Arbor (commit 5d0aeeb), mechanisms/default/expsyn_stdp.mod: a spike moves its own trace and reads the other. Here
  // no two are in one step.
  const double tau_pre = 20, tau_post = 30, dApre = 0.01, dApost = -0.012;
  const Raster from = random_spikes(14), to = (1 - from) * random_spikes(15);

  using TraceRule = spark::Rule<spark::Tracer<Eigen::ArrayXd, spark::Exact>>;
  struct Synapse {
    TraceRule::State apre, apost;
    double last = 0, weight = 0;
  };
  const TraceRule pre_rule(tau_pre, spark::Options{dt}), post_rule(tau_post, spark::Options{dt});  // for all synapses
  const auto event = [&](Synapse& s, double t, bool is_pre) {
    pre_rule.elapse(s.apre, t - s.last);
    post_rule.elapse(s.apost, t - s.last);
    s.last = t;
    (is_pre ? s.apre : s.apost).trace += is_pre ? dApre : dApost;
    s.weight += (is_pre ? s.apost : s.apre).trace;
  };
  std::vector<Synapse> synapses(n, Synapse{pre_rule.rest(), post_rule.rest()});
  const auto step = [&, k = 0](const Array& x, const Array& y) mutable {
    Array weights(n);
    for (int i = 0; i < n; ++i) {
      Synapse& s = synapses.data()[i];
      if (x(i) == 1) event(s, dt * k, true);
      if (y(i) == 1) event(s, dt * k, false);
      weights(i) = s.weight;
    }
    ++k;
    return weights;
  };
  compare(from, to, step, [=, weight = 0.0, pre = 0.0, post = 0.0](double x, double y) mutable {
    pre = pre * std::exp(-dt / tau_pre) + dApre * x;
    post = post * std::exp(-dt / tau_post) + dApost * y;
    return weight += x * post + y * pre;
  });
}
