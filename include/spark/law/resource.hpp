#pragma once

#include <spark/law/law.hpp>

namespace spark {

/// Short-term plasticity: the share U of a synapse's resources that a spike uses, and the share R at hand. Euler:
///
///     U' = U - decay_U * U + (1 - U) * scale_U * x
///     release = U' * R
///     R' = R + decay_R * (1 - R) - U' * R * x
///
/// Exact: U relaxes to 0 and R to 1 over the step, then U += (1 - U) * scale_U * x, release = U * R,
/// R -= U * R * x. This is the synapse of Tsodyks, Pawelzik and Markram 1998 (Neural Comput 10:821). U and R never
/// leave [0, 1], whatever x is; a NaN stays NaN.
template <class Integration>
struct Resource : LawDefaults {
  static constexpr const char* integration = Integration::name;

  template <class V>
  struct Parameters {
    V R_tau, U_tau, scale_U;
  };
  template <class V, class Base = V>
  struct Coefficients {
    V decay_R, decay_U, scale_U;
  };
  template <class V>
  struct State {
    V trace_R, trace_U;
  };
  static constexpr bool exact = std::is_same<Integration, Exact>::value;
  static constexpr Named parameters[] = {{"R_tau", Domain::time_constant},
                                         {"U_tau", exact ? Domain::time_constant_or_zero : Domain::time_constant},
                                         {"scale_U", Domain::unit}};
  static constexpr Named states[] = {{"trace_R", Domain::unit}, {"trace_U", Domain::unit}};
  static constexpr int taus[] = {0, 1};
  static constexpr bool emits = true;

  template <class W>
  static Coefficients<W> prepare(const Parameters<W>& p, const W& dt) {
    return {Integration::decay(dt, p.R_tau), Integration::decay(dt, p.U_tau), p.scale_U};
  }

  template <class V>
  static State<V> rest(const Coefficients<V>&) {
    return {V(1), V(0)};
  }

  /// Returns the release.
  template <class V, class B, class X>
  static EIGEN_ALWAYS_INLINE V step(const Coefficients<V, B>& c, State<V>& s, const X& any_x) {
    const auto x = finite(any_x);
    if constexpr (exact) {
      s.trace_U = fnma(c.decay_U, s.trace_U, s.trace_U);
      s.trace_R = spark::fma(c.decay_R, V(V(1) - s.trace_R), s.trace_R);
      s.trace_U = within_unit<X>(spark::fma(V((V(1) - s.trace_U) * c.scale_U), x, s.trace_U));
      const V release = s.trace_U * s.trace_R;
      s.trace_R = within_unit<X>(fnma(release, x, s.trace_R));
      return release;
    } else {
      const V raised = spark::fma(V((V(1) - s.trace_U) * c.scale_U), x, s.trace_U);
      s.trace_U = within_unit<X>(fnma(c.decay_U, s.trace_U, raised));
      const V release = s.trace_U * s.trace_R;
      const V recovered = spark::fma(c.decay_R, V(V(1) - s.trace_R), s.trace_R);
      s.trace_R = within_unit<X>(fnma(release, x, recovered));
      return release;
    }
  }

  template <class V, class B>
  static EIGEN_ALWAYS_INLINE V value(const Coefficients<V, B>&, const State<V>& s) {
    return s.trace_R * s.trace_U;
  }

  template <class W>
  static Coefficients<W> after(const Coefficients<W>& c, const std::array<W, 2>& log_keep, const W& n) {
    return {faded(log_keep[0], n), faded(log_keep[1], n), c.scale_U};
  }

  template <class V, class B>
  static EIGEN_ALWAYS_INLINE void relax(const Coefficients<V, B>& c, State<V>& s) {
    s.trace_U = settle(fade(s.trace_U, c.decay_U, V(0)));
    s.trace_R = fade(s.trace_R, c.decay_R, V(1));
  }

 private:
  /// An infinite input, times a share that is used up, would be NaN.
  template <class T>
  static EIGEN_ALWAYS_INLINE Pack<T> finite(Pack<T> x) {
    const Pack<T> most(std::numeric_limits<T>::max());
    return spark::min(spark::max(x, Pack<T>(T(0)) - most), most);
  }
  template <class X>
  static EIGEN_ALWAYS_INLINE X finite(const X& x) {
    if constexpr (std::is_floating_point<X>::value) {
      const X most = std::numeric_limits<X>::max();
      return spark::min(spark::max(x, -most), most);
    } else {
      return x;
    }
  }

  /// Inputs of 0 and 1 cannot lead above 1: x * share <= share, and rounding is monotonic.
  template <class X, class V>
  static EIGEN_ALWAYS_INLINE V within_unit(const V& v) {
    if constexpr (std::is_same<X, V>::value) {
      return clip(v);
    } else {
      return rectify(v);
    }
  }
};

}  // namespace spark
