#pragma once

#include <spark/law/leak.hpp>

namespace spark {

/// A step in units of the rising exponential's time constant, the reciprocal of 1/tau_rise + 1/tau_decay.
template <class W>
W rising(const W& dt, const W& tau_rise, const W& tau_decay) {
  return dt / tau_rise + dt / tau_decay;
}

/// The difference of two exponential traces driven by the same input; a spike's response is
/// exp(-t/tau_decay) * (1 - exp(-t/tau_rise)) where scales are 1.
template <class Integration>
struct RiseDecay : LawDefaults {
  static constexpr const char* integration = Integration::name;

  template <class V>
  struct Parameters {
    V tau_rise, tau_decay, scale_rise, scale_decay, base_rise, base_decay;
  };
  template <class V, class Base = V>
  struct Coefficients {
    V decay_decay, decay_rise, scale_rise, scale_decay;
    Base base_rise, base_decay;
  };
  template <class V>
  struct State {
    V trace_rise, trace_decay;
  };
  static constexpr Named parameters[] = {{"tau_rise", Domain::time_constant}, {"tau_decay", Domain::time_constant},
                                         {"scale_rise", Domain::finite},      {"scale_decay", Domain::finite},
                                         {"base_rise", Domain::finite},       {"base_decay", Domain::finite}};
  static constexpr Named states[] = {{"trace_rise", Domain::any}, {"trace_decay", Domain::any}};
  static constexpr int taus[] = {1, 0};

  template <class W>
  static Coefficients<W> prepare(const Parameters<W>& p, const W& dt) {
    return {Integration::decay(dt, p.tau_decay),
            Integration::decay(rising(dt, p.tau_rise, p.tau_decay), W(1)),
            p.scale_rise,
            p.scale_decay,
            p.base_rise,
            p.base_decay};
  }

  static constexpr bool can_rest_at_zero = true;
  template <class C>
  static bool rests_at_zero(const C& c) {
    return c.base_rise == 0 && c.base_decay == 0;
  }

  template <class V>
  static State<V> rest(const Coefficients<V>& c) {
    return {c.base_rise, c.base_decay};
  }

  template <class V, class B, class X>
  static EIGEN_ALWAYS_INLINE void step(const Coefficients<V, B>& c, State<V>& s, const X& x) {
    s.trace_rise = settle(leak(s.trace_rise, c.decay_rise, c.base_rise, c.scale_rise, x));
    s.trace_decay = settle(leak(s.trace_decay, c.decay_decay, c.base_decay, c.scale_decay, x));
  }

  template <class V, class B>
  static EIGEN_ALWAYS_INLINE V value(const Coefficients<V, B>&, const State<V>& s) {
    return s.trace_decay - s.trace_rise;
  }

  template <class W>
  static Coefficients<W> after(const Coefficients<W>& c, const std::array<W, 2>& log_keep, const W& n) {
    return {faded(log_keep[0], n), faded(log_keep[1], n), c.scale_rise, c.scale_decay, c.base_rise, c.base_decay};
  }

  template <class V>
  static EIGEN_ALWAYS_INLINE void relax(const Coefficients<V>& c, State<V>& s) {
    s.trace_rise = settle(fade(s.trace_rise, c.decay_rise, c.base_rise));
    s.trace_decay = settle(fade(s.trace_decay, c.decay_decay, c.base_decay));
  }
};

/// A fast and a slow rise-decay response to the same spikes,
///
///     value = alpha * (fast - rise_fast) + (1 - alpha) * (slow - rise_slow)
///
/// four exponential traces of scale 1 and base 0, each rising part with the time constant that belongs to its decay.
template <class Integration>
struct RiseFastSlow : LawDefaults {
  static constexpr const char* integration = Integration::name;

  template <class V>
  struct Parameters {
    V alpha, tau_rise, tau_fast_decay, tau_slow_decay;
  };
  template <class V, class Base = V>
  struct Coefficients {
    V decay_fast, decay_slow, decay_rise_fast, decay_rise_slow, alpha;
  };
  template <class V>
  struct State {
    V rise_fast, fast, rise_slow, slow;
  };
  static constexpr Named parameters[] = {{"alpha", Domain::finite},
                                         {"tau_rise", Domain::time_constant},
                                         {"tau_fast_decay", Domain::time_constant},
                                         {"tau_slow_decay", Domain::time_constant}};
  static constexpr Named states[] = {{"trace_rise_fast", Domain::any},
                                     {"trace_fast", Domain::any},
                                     {"trace_rise_slow", Domain::any},
                                     {"trace_slow", Domain::any}};
  static constexpr int taus[] = {2, 3, 1, 1};

  template <class W>
  static Coefficients<W> prepare(const Parameters<W>& p, const W& dt) {
    return {Integration::decay(dt, p.tau_fast_decay), Integration::decay(dt, p.tau_slow_decay),
            Integration::decay(rising(dt, p.tau_rise, p.tau_fast_decay), W(1)),
            Integration::decay(rising(dt, p.tau_rise, p.tau_slow_decay), W(1)), p.alpha};
  }

  template <class V>
  static State<V> rest(const Coefficients<V>&) {
    return {V(0), V(0), V(0), V(0)};
  }

  template <class V, class B, class X>
  static EIGEN_ALWAYS_INLINE void step(const Coefficients<V, B>& c, State<V>& s, const X& x) {
    const V one(1);
    s.rise_fast = settle(leak(s.rise_fast, c.decay_rise_fast, Zero{}, one, x));
    s.fast = settle(leak(s.fast, c.decay_fast, Zero{}, one, x));
    s.rise_slow = settle(leak(s.rise_slow, c.decay_rise_slow, Zero{}, one, x));
    s.slow = settle(leak(s.slow, c.decay_slow, Zero{}, one, x));
  }

  template <class V, class B>
  static EIGEN_ALWAYS_INLINE V value(const Coefficients<V, B>& c, const State<V>& s) {
    const V fast = s.fast - s.rise_fast, slow = s.slow - s.rise_slow;
    return spark::fma(c.alpha, V(fast - slow), slow);
  }

  template <class W>
  static Coefficients<W> after(const Coefficients<W>& c, const std::array<W, 4>& log_keep, const W& n) {
    return {faded(log_keep[0], n), faded(log_keep[1], n), faded(log_keep[2], n), faded(log_keep[3], n), c.alpha};
  }

  template <class V>
  static EIGEN_ALWAYS_INLINE void relax(const Coefficients<V>& c, State<V>& s) {
    s.rise_fast = settle(fade(s.rise_fast, c.decay_rise_fast, V(0)));
    s.fast = settle(fade(s.fast, c.decay_fast, V(0)));
    s.rise_slow = settle(fade(s.rise_slow, c.decay_rise_slow, V(0)));
    s.slow = settle(fade(s.slow, c.decay_slow, V(0)));
  }
};

}  // namespace spark
