// The recurrences once more, for one element, in long double, and written for clarity alone: what the tests hold the
// library against. It must never include the library.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "compare.hpp"

namespace suite {

enum class Recurrence {
  leaky,            // tau, scale, base                                      -> trace
  clipped,          // the same, in [0, 1]
  nearest,          // the same, set instead of added
  cascade,          // tau_1, tau_2, scale_1, scale_2, base_1, base_2         -> trace_1, trace_2
  clipped_cascade,  // the same, each in [0, 1]
  release,          // R_tau, U_tau, scale_U                                 -> R, U
  rise_decay,       // tau_rise, tau_decay, 2 scales, 2 bases                -> rise, decay
  rise_fast_slow    // alpha, tau_rise, tau_fast_decay, tau_slow_decay
};

// What the properties must know of a recurrence beside its step; without a case below it has one state and a base.
struct Traits {
  int states = 1;
  int first_base = 2;  // of the constructor's parameters; one base for each state, or no_bases
  bool clipped = false;
  bool linear = true;      // response and state are proportional to the input (bases at 0)
  bool spikes_add = true;  // several spikes of an element in one step are one input of their number
};
constexpr int no_bases = 99;

constexpr Traits traits(Recurrence r) {
  switch (r) {
    case Recurrence::clipped: return {1, 2, true, false};
    case Recurrence::nearest: return {1, 2, false, false, false};
    case Recurrence::cascade: return {2, 4};
    case Recurrence::clipped_cascade: return {2, 4, true, false};
    case Recurrence::release: return {2, no_bases, false, false, false};
    case Recurrence::rise_decay: return {2, 4};
    case Recurrence::rise_fast_slow: return {4, no_bases};
    default: return {};
  }
}
constexpr int count_states(Recurrence r) { return traits(r).states; }
constexpr bool is_clipped(Recurrence r) { return traits(r).clipped; }
constexpr bool is_linear(Recurrence r) { return traits(r).linear; }
constexpr bool spikes_add(Recurrence r) { return traits(r).spikes_add; }
constexpr bool is_base(Recurrence r, int k) { return k >= traits(r).first_base; }

inline real clip(real v) { return v < 0 ? 0 : v > 1 ? 1 : v; }

// The integral from 0 to t of exp(-(t - s) / tau_2) * exp(-s / tau_1): the response of two leaky
// stages in series to one impulse. Right for equal, nearly equal and infinite time constants.
inline real cascade_kernel(real t, real tau_1, real tau_2) {
  const real slow = std::max(tau_1, tau_2), fast = std::min(tau_1, tau_2);
  // 1/fast - 1/slow, without the cancellation of two rounded reciprocals
  const real gap = std::isinf(fast) ? 0.0L : std::isinf(slow) ? 1 / fast : (slow - fast) / slow / fast;
  const real x = t * gap;
  return std::exp(-t / slow) * (x == 0 ? t : -std::expm1(-x) / gap);
}

struct Reference {
  using State = std::array<real, 4>;
  struct Step {
    State state{};
    real output = 0;
    // The sum of the absolute values of the terms: what the rounding errors are relative to.
    State magnitude{};
    real output_magnitude = 0;
  };

  Recurrence recurrence;
  bool exact;
  real dt;
  std::vector<real> p;

  // The equations stay: the gain from trace_1 to trace_2 is one for each step.
  void set_dt(real new_dt) {
    if (recurrence == Recurrence::cascade || recurrence == Recurrence::clipped_cascade) p[3] *= new_dt / dt;
    dt = new_dt;
  }

  real loss(real tau) const {
    if (tau == 0) return 1;
    return exact ? -std::expm1(-dt / tau) : dt / tau;
  }

  State start() const {
    if (recurrence == Recurrence::release) return {1, 0};
    State s{};
    const auto first = static_cast<std::size_t>(traits(recurrence).first_base);
    for (std::size_t k = first; k < p.size(); ++k) s[k - first] = p[k];
    return s;
  }

  real value(const State& s) const {
    switch (recurrence) {
      case Recurrence::release: return s[0] * s[1];
      case Recurrence::rise_decay: return s[1] - s[0];
      case Recurrence::rise_fast_slow: return p[0] * (s[1] - s[0]) + (1 - p[0]) * (s[3] - s[2]);
      default: return s[static_cast<std::size_t>(count_states(recurrence)) - 1];
    }
  }

  Step step(const State& s, real x) const {
    switch (recurrence) {
      case Recurrence::cascade:
      case Recurrence::clipped_cascade: return cascade(s, x);
      case Recurrence::release: return release(s, x);
      case Recurrence::rise_decay:
      case Recurrence::rise_fast_slow: return sum_of_leaky(s, x);
      default: return single(s, x);
    }
  }

  // n steps after the last one, the first with input x; magnitudes are the largest on the way, and NaN once one is.
  Step steps(Step last, real x, Index n) const {
    for (Index k = 0; k < n; ++k) {
      Step next = step(last.state, k == 0 ? x : 0);
      for (std::size_t j = 0; j < next.magnitude.size(); ++j)
        next.magnitude[j] = std::max(next.magnitude[j], last.magnitude[j]);
      next.output_magnitude = std::max(next.output_magnitude, last.output_magnitude);
      last = next;
    }
    return last;
  }

 private:
  struct Term {
    real value, magnitude;
  };

  Term leak(real s, real tau, real base) const { return {s + loss(tau) * (base - s), std::abs(s) + std::abs(base)}; }
  Term leak_and_add(real s, real x, real tau, real scale, real base) const {
    const Term t = leak(s, tau, base);
    return {t.value + scale * x, t.magnitude + std::abs(scale * x)};
  }

  Step single(const State& s, real x) const {
    Term t = leak_and_add(s[0], x, p[0], p[1], p[2]);
    if (recurrence == Recurrence::nearest && x != 0) t = {p[2] + p[1] * x, std::abs(p[2]) + std::abs(p[1] * x)};
    if (is_clipped(recurrence)) t.value = clip(t.value);
    return {{t.value}, t.value, {t.magnitude}, t.magnitude};
  }

  Step cascade(const State& s, real x) const {
    const bool clips = is_clipped(recurrence);
    const real tau_1 = p[0], tau_2 = p[1], scale_2 = p[3], base_1 = p[4];
    Term one = leak_and_add(s[0], x, tau_1, p[2], base_1);
    if (clips) one.value = clip(one.value);
    Term two = leak(s[1], tau_2, p[5]);
    if (exact) {
      // trace_1 between its jumps is base_1 plus an exponential; both are filtered by stage two.
      const real steady = std::isinf(tau_2) ? dt : -tau_2 * std::expm1(-dt / tau_2);
      two.value += scale_2 / dt * (base_1 * steady + (s[0] - base_1) * cascade_kernel(dt, tau_1, tau_2));
      two.magnitude += std::abs(scale_2) * (std::abs(s[0]) + 2 * std::abs(base_1));
    } else {
      two.value += scale_2 * one.value;
      two.magnitude += std::abs(scale_2) * one.magnitude;
    }
    if (clips) two.value = clip(two.value);
    return {{one.value, two.value}, two.value, {one.magnitude, two.magnitude}, two.magnitude};
  }

  Step release(const State& s, real x) const {
    const real R_tau = p[0], U_tau = p[1], scale_U = p[2];
    // Euler's two terms both see U as it was; Exact's jump sees U after its decay.
    const real decayed = s[1] - loss(U_tau) * s[1];
    const real U = clip(decayed + (1 - (exact ? decayed : s[1])) * scale_U * x);
    const real relaxed = s[0] + loss(R_tau) * (1 - s[0]);
    const real available = exact ? relaxed : s[0];
    const real released = U * available;
    return {{clip(relaxed - released * x), U}, released, {1 + std::abs(released * x), 1 + std::abs(scale_U * x)}, 1};
  }

  Step sum_of_leaky(const State& s, real x) const {
    Step out;
    const auto leaky = [&](std::size_t k, real tau, real scale = 1, real base = 0) {
      const Term t = leak_and_add(s[k], x, tau, scale, base);
      out.state[k] = t.value, out.magnitude[k] = t.magnitude, out.output_magnitude += t.magnitude;
    };
    const auto rise_tau = [](real rise, real decay) {
      return std::isinf(decay) ? rise : rise * decay / (rise + decay);
    };
    if (recurrence == Recurrence::rise_decay) {
      leaky(0, rise_tau(p[0], p[1]), p[2], p[4]), leaky(1, p[1], p[3], p[5]);
    } else {
      leaky(0, rise_tau(p[1], p[2])), leaky(1, p[2]);
      leaky(2, rise_tau(p[1], p[3])), leaky(3, p[3]);
    }
    out.output = value(out.state);
    return out;
  }
};

}  // namespace suite
