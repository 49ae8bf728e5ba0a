/// \file
/// Short-term plasticity: RUTracer.
#pragma once

#include <spark/base_tracer.hpp>

SPARK_NAMESPACE_BEGIN

/// The law of `RUTracer`. A further spike in the same step is one more jump, as in Exact, for Euler too. U and R never
/// leave [0, 1], whatever x is; a NaN stays NaN.
template <class Integration> struct Resource : LawDefaults {
  static constexpr const char* integration = Integration::name;
  static constexpr bool exact = std::is_same<Integration, Exact>::value;
  template <class V> struct Parameters { V R_tau, U_tau, scale_U; };
  template <class V> struct Coefficients { V decay_R, decay_U, scale_U; };
  template <class V> struct State { V trace_R, trace_U; };
  static constexpr ParameterInfo parameters[] = {
      {"R_tau", Domain::time_constant},
      {"U_tau", exact ? Domain::time_constant_or_zero : Domain::time_constant},
      {"scale_U", Domain::unit}};
  static constexpr StateInfo states[] = {{"trace_R", Domain::unit}, {"trace_U", Domain::unit}};
  static constexpr int taus[] = {0, 1};
  static constexpr bool emits = true;

  template <class W> static Coefficients<W> prepare(const Parameters<W>& p, const W& dt) {
    return {Integration::decay(dt, p.R_tau), Integration::decay(dt, p.U_tau), p.scale_U};
  }
  template <class V> static State<V> rest(const Coefficients<V>&) { return {V(1), V(0)}; }

  /// Returns the release.
  template <class C, class S, class X> static SPARK_INLINE auto step(const C& c, S& s, const X& any_x) {
    const auto x = finite(any_x);
    if constexpr (exact) {
      s.trace_U = lessened(s.trace_U, c.decay_U, detail::Zero());
      s.trace_R = recovered(c, s);
      return jump(c, s, x);
    } else {
      const auto decayed = lessened(s.trace_U, c.decay_U, detail::Zero());
      s.trace_U = within_unit<X>(fma((1 - s.trace_U) * c.scale_U, x, decayed));
      const auto release = product(s.trace_U, s.trace_R);
      s.trace_R = within_unit<X>(fnma(release, x, recovered(c, s)));
      return release;
    }
  }
  /// One spike more in the same step; returns its release.
  template <class C, class S> static SPARK_INLINE auto again(const C& c, S& s) {
    return jump(c, s, decltype(s.trace_U)(1));
  }
  template <class C, class S> static SPARK_INLINE auto value(const C&, const S& s) {
    return product(s.trace_R, s.trace_U);
  }

  /// n steps without input.
  template <class C, class S> static SPARK_INLINE void relax(const C& c, S& s) {
    s.trace_U = rectify(fade(s.trace_U, c.decay_U, detail::Zero()));
    s.trace_R = fade(s.trace_R, c.decay_R, decltype(s.trace_R)(1));
  }

  template <class Self> struct Members : detail::MembersOf<Self> {
    using detail::MembersOf<Self>::self;
    decltype(auto) trace_R() const { return self().template state<0>(); }
    decltype(auto) trace_U() const { return self().template state<1>(); }
    auto R_tau() const { return self().template parameter<0>(); }
    auto U_tau() const { return self().template parameter<1>(); }
    auto scale_U() const { return self().template parameter<2>(); }
    auto decay_R() const { return self().template coefficient<0>(); }
    auto decay_U() const { return self().template coefficient<1>(); }
    template <class X> void set_trace_R(const X& x) { self().template set_state<0>(x); }
    template <class X> void set_trace_U(const X& x) { self().template set_state<1>(x); }
    template <class P> void set_R_tau(const P& p) { self().template set_parameter<0>(p); }
    template <class P> void set_U_tau(const P& p) { self().template set_parameter<1>(p); }
    template <class P> void set_scale_U(const P& p) { self().template set_parameter<2>(p); }
  };

 private:
  template <class C, class S> static SPARK_INLINE auto recovered(const C& c, const S& s) {
    return fma(c.decay_R, 1 - s.trace_R, s.trace_R);
  }
  template <class C, class S, class X> static SPARK_INLINE auto jump(const C& c, S& s, const X& x) {
    s.trace_U = within_unit<X>(fma((1 - s.trace_U) * c.scale_U, x, s.trace_U));
    const auto release = product(s.trace_U, s.trace_R);
    s.trace_R = within_unit<X>(fnma(release, x, s.trace_R));
    return release;
  }

  /// An infinite input, times a share that is used up, would be NaN.
  template <class T, int width> static SPARK_INLINE auto finite(const detail::Lanes<T, width>& x) {
    if constexpr (std::numeric_limits<T>::is_specialized) {
      const detail::Lanes<T, width> most(std::numeric_limits<T>::max());
      return min(max(x, 0 - most), most);
    } else {
      return x;
    }
  }
  template <class X> static SPARK_INLINE X finite(const X& x) { return x; }

  /// Inputs of 0 and 1 cannot lead above 1: x * share <= share, and rounding is monotonic.
  template <class X, class V> static SPARK_INLINE V within_unit(const V& v) {
    if constexpr (std::is_same<X, V>::value) {
      return clip(v);
    } else {
      return rectify(v);
    }
  }
};

/// Short-term plasticity: the resources R of a synapse and the share U of them that a spike uses.
/// \f[ U' = U - \decay_U \, U + (1 - U) \, \scale_U \; x \f]
/// \f[ \release = U' R \f]
/// \f[ R' = R + \decay_R \, (1 - R) - U' R \, x \f]
/// is a step of Euler; in Exact U relaxes to 0 and R to 1 over dt, and then U += (1 - U) * scale_U * x,
/// release = U * R, R -= U * R * x: the synapse of Tsodyks, Pawelzik and Markram 1998 (Neural Comput 10:821). n steps
/// without input multiply U by (1 - decay_U)^n and 1 - R by (1 - decay_R)^n.
///
///     spark::RUTracer<Eigen::ArrayXf, spark::Exact> synapse(1000, 800.0f, 50.0f, 0.5f);
///     const Eigen::ArrayXf released = x * synapse(x);  // 0 where nothing spiked
///
/// \kernel{RUTracer}
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `R_tau` | time, as dt | > 0, infinite: never recovers; Euler needs dt <= tau |
/// | `U_tau` | time, as dt | > 0, or 0 with Exact: no facilitation, each spike uses scale_U |
/// | `scale_U` | 1 | [0, 1] |
///
/// R starts at 1 and U at 0, and neither ever leaves [0, 1], whatever x is. A step returns the release, in which R is
/// what the spike found; value() is U * R as they stand. Guard, cost and errors as for `Tracer`.
template <class Array, class Integration = Euler> class RUTracer
    : public BaseTracer<RUTracer<Array, Integration>, Array, Resource<Integration>> {
 public:
  static constexpr const char* name = "RUTracer";
  using RUTracer::BaseTracer::BaseTracer;
};

SPARK_NAMESPACE_END
