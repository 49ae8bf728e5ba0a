#pragma once

#include <spark/law/law.hpp>

namespace spark {

/// How far a trace may go; either makes it 0 where it is silent.
struct Unbounded {
  static constexpr Domain domain = Domain::finite;
  template <class V>
  static EIGEN_ALWAYS_INLINE V apply(const V& v) {
    return settle(v);
  }
};
/// Kept in [0, 1].
struct Clipped {
  static constexpr Domain domain = Domain::unit;
  template <class V>
  static EIGEN_ALWAYS_INLINE V apply(const V& v) {
    return clip(v);
  }
};

/// One step of one exponential trace, before its bound. Written as an increment, so that a decay far below the
/// precision of 1 keeps all of its own.
template <class V, class B, class S, class X>
EIGEN_ALWAYS_INLINE V leak(const V& trace, const V& decay, const B& base, const S& scale, const X& x) {
  return spark::fma(decay, base - trace, spark::fma(scale, x, trace));
}

/// One exponential trace:
///
///     trace <- trace + decay * (base - trace) + scale * x
///
/// and after n steps without input base + (trace - base) * (1 - decay)^n. Euler and Exact differ in the decay
/// alone.
template <class Integration, class Bound = Unbounded>
struct Leak : LawDefaults {
  static constexpr const char* integration = Integration::name;

  template <class V>
  struct Parameters {
    V tau, scale, base;
  };
  template <class V, class Base = V>
  struct Coefficients {
    V decay, scale;
    Base base;
  };
  template <class V>
  struct State {
    V trace;
  };
  static constexpr Named parameters[] = {
      {"tau", Domain::time_constant}, {"scale", Domain::finite}, {"base", Bound::domain}};
  static constexpr Named states[] = {{"trace", Bound::domain == Domain::unit ? Domain::unit : Domain::any}};
  static constexpr int taus[] = {0};

  template <class W>
  static Coefficients<W> prepare(const Parameters<W>& p, const W& dt) {
    return {Integration::decay(dt, p.tau), p.scale, p.base};
  }

  static constexpr bool can_rest_at_zero = true;
  template <class C>
  static bool rests_at_zero(const C& c) {
    return c.base == 0;
  }

  template <class V>
  static State<V> rest(const Coefficients<V>& c) {
    return {c.base};
  }

  template <class V, class B, class X>
  static EIGEN_ALWAYS_INLINE void step(const Coefficients<V, B>& c, State<V>& s, const X& x) {
    s.trace = Bound::apply(leak(s.trace, c.decay, c.base, c.scale, x));
  }

  template <class V, class B>
  static EIGEN_ALWAYS_INLINE V value(const Coefficients<V, B>&, const State<V>& s) {
    return s.trace;
  }

  template <class W>
  static Coefficients<W> after(const Coefficients<W>& c, const std::array<W, 1>& log_keep, const W& n) {
    return {faded(log_keep[0], n), c.scale, c.base};
  }

  template <class V>
  static EIGEN_ALWAYS_INLINE void relax(const Coefficients<V>& c, State<V>& s) {
    s.trace = Bound::apply(fade(s.trace, c.decay, c.base));
  }
};

}  // namespace spark
