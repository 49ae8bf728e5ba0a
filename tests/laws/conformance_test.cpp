// What others compute, and the lines of docs/conformance.md that compute the same here. Each peer is
// written down a second time below, one synapse at a time and with its own exponentials, from its
// equations alone.
#include <algorithm>
#include <array>
#include <spark/tracers.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace suite;
using spark::Exact;

namespace {

using Array = Eigen::ArrayXd;
using Raster = Eigen::ArrayXXd;

const double dt = 0.1, w_max = 1;
const int n = 24, steps = 3000;

// Spikes of n independent neurons, at intervals of one step and of many.
Raster random_spikes(std::uint64_t seed) {
  Random random(seed);
  return Raster::NullaryExpr(n, steps, [&] { return random.chance(0.02) ? 1.0 : 0.0; });
}

// Runs `ours(k)`, n numbers, against `theirs(i, k)`, the number of synapse i.
template <class Ours, class Theirs> void compare(Ours ours, Theirs theirs) {
  Verdict verdict;
  for (int k = 0; k < steps; ++k) {
    const Array got = ours(k);
    for (int i = 0; i < n; ++i) verdict.expect_close(got(i), theirs(i, k), 1e-11L, 1e-12L, "a synapse");
  }
  CHECK(verdict.report() == "");
}

// Synapses that take one side's spikes: `step(x)` against `theirs(i, x(i))`.
template <class Step, class Theirs> void compare_synapses(const Raster& raster, Step step, Theirs theirs) {
  compare([&](int k) { return step(raster.col(k)); }, [&](int i, int k) { return theirs(i, raster(i, k)); });
}

// Peers that only a spike asks: `spike(i, h)` is what one sends at a time h after the one before.
template <class Step, class Spike> void compare_spikes(const Raster& raster, Step step, Spike spike) {
  Array last = Array::Constant(n, -HUGE_VAL);
  compare([&](int k) { return step(raster.col(k)); },
          [&](int i, int k) { return raster(i, k) == 0 ? 0.0 : spike(i, k * dt - std::exchange(last(i), k * dt)); });
}

// Both traces move first, and then each spike reads the other's: `trace(old, spike)` is a step of a peer's trace.
template <class Step, class Trace> void compare_pair_rule(double plus, double minus, Step step, Trace trace) {
  const Raster from = random_spikes(7), to = random_spikes(8);
  Array pre = Array::Zero(n), post = pre, w = pre;
  compare([&](int k) { return step(from.col(k), to.col(k)); },
          [&](int i, int k) {
            pre(i) = trace(pre(i), from(i, k));
            post(i) = trace(post(i), to(i, k));
            return w(i) += plus * to(i, k) * pre(i) - minus * from(i, k) * post(i);
          });
}

// Brian2 2.9, examples/frompapers/Stimberg_et_al_2018/example_1_COBA.py: u relaxes to 0 and jumps, then
// r = u*x is read and taken from x. u_S is synapse.trace_U(), and x_S is synapse.trace_R().
template <class Step, class Synapse>
void compare_jump_first(double U, double tau_rec, double tau_fac, Step step, const Synapse& synapse) {
  const auto all = [&](const Array& x) { return Array(step(x) + 2 * synapse.trace_U() + 4 * synapse.trace_R()); };
  Array u = Array::Zero(n), x = Array::Ones(n);
  compare_synapses(random_spikes(4), all, [&](int i, double spike) {
    u(i) *= std::exp(-dt / tau_fac);
    x(i) = 1 + (x(i) - 1) * std::exp(-dt / tau_rec);
    u(i) += spike * U * (1 - u(i));
    const double r = spike * u(i) * x(i);
    x(i) -= r;
    return r + 2 * u(i) + 4 * x(i);
  });
}

}  // namespace

// --- NEST, Brian2 --------------------------------------------------------------------------------

TEST_CASE("the short-term plasticity of NEST's tsodyks2_synapse and of Brian2") {
  const auto set = GENERATE(std::array{0.5, 800.0, 0.0}, std::array{0.15, 130.0, 530.0}, std::array{0.2, 200.0, 600.0},
                            std::array{0.6, 500.0, 300.0});
  const double U = set[0], tau_rec = set[1], tau_fac = set[2];
  const Raster raster = random_spikes(1);

  spark::RUTracer<Array, Exact> synapse(n, tau_rec, tau_fac, U, {dt});
  const auto step = [&](const Array& x) { return Array(x * synapse(x)); };  // times the weight
  Array u = Array::Constant(n, U), x = Array::Ones(n);
  SECTION("NEST") {
    // NEST 3.9, models/tsodyks2_synapse.h: at a spike x and u go over the interval since the last one,
    // the usage of that last spike included; u is the value with this spike's own increment in it.
    compare_spikes(raster, step, [&](int i, double h) {
      x(i) = 1 - (1 - x(i) * (1 - u(i))) * std::exp(-h / tau_rec);
      u(i) = U + u(i) * (1 - U) * std::exp(-h / tau_fac);
      return u(i) * x(i);
    });
  }
  SECTION("Brian2, jump after the release") {
    // Brian2 2.9, docs_sphinx/user/synapses.rst: u relaxes to U and x to 1; the spike reads both, and then
    // x loses u*x and u gains U*(1 - u).
    compare_spikes(raster, step, [&](int i, double h) {
      u(i) = U + (u(i) - U) * std::exp(-h / tau_fac);
      x(i) = 1 + (x(i) - 1) * std::exp(-h / tau_rec);
      const double read = u(i) * x(i);
      x(i) -= read;
      u(i) += U * (1 - u(i));
      return read;
    });
  }
  SECTION("Brian2, jump before the release") { compare_jump_first(U, tau_rec, tau_fac, step, synapse); }
}

TEST_CASE("NEST's tsodyks_synapse") {
  // NEST 3.9, models/tsodyks_synapse.h: three pools. y, in the cleft, decays with tau_psc into z, which
  // recovers with tau_rec into x; u decays, jumps, and then releases u*x into y.
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
  Array u = Array::Zero(n), x = Array::Ones(n), y = Array::Zero(n);
  compare_spikes(random_spikes(2), step, [&](int i, double h) {
    const double cleft = std::exp(-h / tau_psc), recovering = std::exp(-h / tau_rec);
    const double z = 1 - x(i) - y(i);
    const double z_of_y = tau_rec / (tau_rec - tau_psc) * (recovering - cleft);  // y/tau_psc - z/tau_rec from y = 1
    x(i) = 1 - z * recovering - y(i) * z_of_y - y(i) * cleft;
    y(i) *= cleft;
    u(i) *= std::exp(-h / tau_fac);
    u(i) += U * (1 - u(i));
    const double released = u(i) * x(i);
    x(i) -= released;
    y(i) += released;
    return released;
  });
}

TEST_CASE("Brian2's STDP") {
  // Brian2 2.9, examples/synapses/STDP.py: a presynaptic spike adds dApre to Apre and then Apost to w; after
  // it, in the same step, a postsynaptic one adds dApost to Apost and then Apre to w.
  const double tau_pre = 20, tau_post = 30, dApre = 0.01, dApost = -0.012;
  const Raster from = random_spikes(5), to = random_spikes(6);
  CHECK((from * to).sum() > 5);  // some coincide

  Array w = Array::Constant(n, 0.5);
  spark::Tracer<Array, Exact> Apre(n, tau_pre, dApre, 0, {dt}), Apost(n, tau_post, dApost, 0, {dt});
  const auto step = [&](const Array& x, const Array& y) {
    Apre(x), Apost(y);
    w = (w + x * (Apost.trace() - dApost * y)).max(0).min(w_max);
    return w = (w + y * Apre.trace()).max(0).min(w_max);
  };
  Array peer_w = w, pre = Array::Zero(n), post = pre;
  compare([&](int k) { return step(from.col(k), to.col(k)); },
          [&](int i, int k) {
            pre(i) = pre(i) * std::exp(-dt / tau_pre) + dApre * from(i, k);
            post(i) *= std::exp(-dt / tau_post);
            peer_w(i) = std::clamp(peer_w(i) + from(i, k) * post(i), 0.0, w_max);
            post(i) += dApost * to(i, k);
            return peer_w(i) = std::clamp(peer_w(i) + to(i, k) * pre(i), 0.0, w_max);
          });
}

// --- BindsNET, SpikingJelly, Norse ---------------------------------------------------------------

TEST_CASE("BindsNET's traces") {
  // BindsNET 0.3.3, bindsnet/network/nodes.py: x *= exp(-dt/tc_trace), then where there is a spike x is set
  // to trace_scale (the default) or raised by it (traces_additive). bindsnet/learning/learning.py, PostPre:
  // w loses nu[0] of the target's trace and gains nu[1] of the source's.
  const double tc_trace = 20, trace_scale = 0.7, nu_0 = 1e-3, nu_1 = 1e-2;
  Array w = Array::Zero(n);
  SECTION("set") {
    spark::NearestTracer<Array, Exact> source(n, tc_trace, trace_scale, 0, {dt}), target = source;
    const auto step = [&](const Array& x, const Array& y) {
      source(x), target(y);
      return w += nu_1 * y * source.trace() - nu_0 * x * target.trace();
    };
    compare_pair_rule(nu_1, nu_0, step, [&](double trace, double spike) {
      return spike == 1 ? trace_scale : trace * std::exp(-dt / tc_trace);
    });
  }
  SECTION("additive") {
    spark::Tracer<Array, Exact> source(n, tc_trace, trace_scale, 0, {dt}), target = source;
    const auto step = [&](const Array& x, const Array& y) {
      source(x), target(y);
      return w += nu_1 * y * source.trace() - nu_0 * x * target.trace();
    };
    compare_pair_rule(nu_1, nu_0, step, [&](double trace, double spike) {
      return trace * std::exp(-dt / tc_trace) + trace_scale * spike;
    });
  }
}

TEST_CASE("SpikingJelly's STDP traces") {
  // SpikingJelly (commit afb1322), spikingjelly/activation_based/functional/learning.py: forward Euler with
  // tau in steps, gain 1; f_pre and f_post of the weight, here 1, scale the two changes.
  const double tau_pre = 30, tau_post = tau_pre, f_pre = 1, f_post = 1;
  Array w = Array::Zero(n);
  spark::Tracer<Array> pre(n, tau_pre), post(n, tau_post);
  const auto step = [&](const Array& x, const Array& y) {
    pre(x), post(y);
    return w += f_post * y * pre.trace() - f_pre * x * post.trace();
  };
  compare_pair_rule(f_post, f_pre, step, [&](double trace, double spike) { return trace - trace / tau_pre + spike; });
}

TEST_CASE("Norse's STDP traces") {
  // Norse 1.1.0, norse/torch/functional/stdp.py: forward Euler of tau * dt/dt = -t + a*z, so a spike counts
  // a * dt/tau.
  const double tau = 50, a = 1.5, eta_plus = 1e-2, eta_minus = 2e-2;
  Array w = Array::Zero(n);
  spark::Tracer<Array> pre(n, tau, a * dt / tau, 0, {dt}), post = pre;
  const auto step = [&](const Array& x, const Array& y) {
    pre(x), post(y);
    return w += eta_plus * y * pre.trace() - eta_minus * x * post.trace();
  };
  compare_pair_rule(eta_plus, eta_minus, step,
                    [&](double trace, double spike) { return trace + dt / tau * (a * spike - trace); });
}

TEST_CASE("Norse's short-term plasticity") {
  // Norse 1.1.0, norse/torch/functional/tsodyks_makram.py: forward Euler; decay and jump of u start from the
  // same old u, x gives the new u times the old x.
  const double U = 0.45, tau_d = 75, tau_f = 50;
  spark::RUTracer<Array> synapse(n, tau_d, tau_f, U, {dt});
  const auto step = [&](const Array& x) { return Array(x * synapse(x)); };
  Array u = Array::Zero(n), x = Array::Ones(n);
  compare_synapses(random_spikes(9), step, [&](int i, double z) {
    u(i) += -dt * u(i) / tau_f + U * (1 - u(i)) * z;
    const double sent = u(i) * x(i) * z;
    x(i) += dt * (1 - x(i)) / tau_d - sent;
    return sent;
  });
}

// --- Auryn, CARLsim, Arbor -------------------------------------------------------------------------

TEST_CASE("Auryn's traces") {
  // Auryn (commit 19a9174), src/auryn/SpikingGroup.cpp and EulerTrace.cpp: in each step spikes add 1, and then the
  // trace is multiplied by exp(-dt/tau).
  const double tau_pre = 20;
  Array traces = Array::Zero(n);  // the simulator's
  spark::Tracer<Eigen::Map<Array>, Exact> decay({Eigen::Map<Array>(traces.data(), n)}, tau_pre, spark::Options{dt});
  const auto step = [&](const Array& x) {
    traces += x;
    decay.advance(1);
    return traces;
  };
  Array peer = Array::Zero(n);
  compare_synapses(random_spikes(10), step, [&](int i, double spike) {
    peer(i) += spike;
    return peer(i) *= std::exp(-dt / tau_pre);
  });
}

TEST_CASE("Auryn's short-term plasticity") {
  // Auryn (commit 19a9174), src/auryn/STPConnection.cpp: a spike reads u*x, takes it from x, and raises u by
  // Ujump*(1 - u); then x relaxes to 1 and u to Ujump by forward Euler.
  const double Ujump = 0.2, tau_d = 75, tau_f = 50;
  const auto exact = [&](double tau) { return -dt / std::log1p(-dt / tau); };  // loses dt/tau in a step
  spark::RUTracer<Array, Exact> synapse(n, exact(tau_d), exact(tau_f), Ujump, {dt});
  const auto step = [&](const Array& x) { return Array(x * synapse(x)); };  // times the weight
  Array u = Array::Constant(n, Ujump), x = Array::Ones(n);
  compare_synapses(random_spikes(11), step, [&](int i, double spike) {
    const double sent = spike * u(i) * x(i);
    x(i) -= sent;
    u(i) += spike * Ujump * (1 - u(i));
    x(i) += dt / tau_d * (1 - x(i));
    u(i) += dt / tau_f * (Ujump - u(i));
    return sent;
  });
}

TEST_CASE("CARLsim's short-term plasticity") {
  // CARLsim6 (commit 0e38aa8), carlsim/kernel/src/snn_cpu_module.cpp: in steps of 1 ms both decay from what they were
  // (minus); a spike adds U*(1 - u_minus) to u and takes u*x_minus from x, which it sends over U.
  const double U = 0.45, tau_u = 50, tau_x = 75;
  spark::RUTracer<Array> synapse(n, tau_x, tau_u, U);                           // dt = 1 ms
  const auto step = [&](const Array& x) { return Array(x * synapse(x) / U); };  // times the weight
  Array u = Array::Zero(n), x = Array::Ones(n);
  compare_synapses(random_spikes(12), step, [&](int i, double spike) {
    const double u_minus = u(i), x_minus = x(i);
    u(i) = u_minus * (1 - 1 / tau_u) + spike * U * (1 - u_minus);
    const double taken = spike * u(i) * x_minus;
    x(i) = x_minus + (1 - x_minus) / tau_x - taken;
    return taken / U;
  });
}

TEST_CASE("Arbor's exp2syn") {
  // Arbor (commit 2ea55e1), mechanisms/default/exp2syn.mod: an event adds weight*factor to A and to B, the current is
  // that of B - A, and then A and B decay exactly over dt.
  const double tau_1 = 2, tau_2 = 10;
  const double tau_rise = 1 / (1 / tau_1 - 1 / tau_2), ratio = tau_rise / tau_2;
  const double factor = (1 + ratio) * std::pow(1 + 1 / ratio, ratio);  // each spike peaks at its x
  spark::RDTracer<Array, Exact> g(n, tau_rise, tau_2, factor, factor, spark::Options{dt});
  const auto step = [&](const Array& x) { return Array(g(x)); };  // x: the weights of those that spiked

  Array A = Array::Zero(n), B = Array::Zero(n);
  const double tp = tau_1 * tau_2 / (tau_2 - tau_1) * std::log(tau_2 / tau_1);
  const double peer_factor = 1 / (-std::exp(-tp / tau_1) + std::exp(-tp / tau_2));
  compare_synapses(0.3 * random_spikes(13), step, [&](int i, double weight) {
    A(i) += weight * peer_factor;
    B(i) += weight * peer_factor;
    const double now = B(i) - A(i);
    A(i) *= std::exp(-dt / tau_1);
    B(i) *= std::exp(-dt / tau_2);
    return now;
  });
}

TEST_CASE("Arbor's STDP") {
  // Arbor (commit 5d0aeeb), mechanisms/default/expsyn_stdp.mod: apre and apost decay exactly; a presynaptic event adds
  // Apre to apre and apost to the weight, a postsynaptic one adds Apost to apost and apre to the weight. Here no two
  // are in one step.
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
  const auto step = [&](int k) {
    return Array::NullaryExpr(n, [&, k](Index i) {
      Synapse& s = synapses[static_cast<std::size_t>(i)];
      if (from(i, k) == 1) event(s, k * dt, true);
      if (to(i, k) == 1) event(s, k * dt, false);
      return s.weight;
    });
  };
  Array weight = Array::Zero(n), pre = weight, post = weight;
  compare(step, [&](int i, int k) {
    pre(i) = pre(i) * std::exp(-dt / tau_pre) + dApre * from(i, k);
    post(i) = post(i) * std::exp(-dt / tau_post) + dApost * to(i, k);
    return weight(i) += from(i, k) * post(i) + to(i, k) * pre(i);
  });
}
