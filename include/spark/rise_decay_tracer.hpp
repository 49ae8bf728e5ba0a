/// \file
/// Differences of exponential traces that the same spikes drive: RDTracer and RFSTracer.
#pragma once

#include <spark/base_tracer.hpp>

SPARK_NAMESPACE_BEGIN

namespace detail {
/// A step in units of the rising exponential's time constant, the reciprocal of 1/tau_rise + 1/tau_decay.
template <class W> W rising(const W& dt, const W& tau_rise, const W& tau_decay) {
  return dt / tau_rise + dt / tau_decay;
}
}  // namespace detail

/// The law of `RDTracer`.
template <class Integration> struct RiseDecay : LawDefaults {
  static constexpr const char* integration = Integration::name;
  template <class V> struct Parameters { V tau_rise, tau_decay, scale_rise, scale_decay, base_rise, base_decay; };
  template <class V, class Base = V> struct Coefficients {
    V decay_decay, decay_rise, scale_rise, scale_decay;
    Base base_rise, base_decay;
  };
  template <class V> struct State { V trace_rise, trace_decay; };
  static constexpr ParameterInfo parameters[] = {
      {"tau_rise", Domain::time_constant}, {"tau_decay", Domain::time_constant}, {"scale_rise", Domain::finite, 1},
      {"scale_decay", Domain::finite, 1},  {"base_rise", Domain::finite, 0},     {"base_decay", Domain::finite, 0}};
  static constexpr StateInfo states[] = {{"trace_rise", Domain::any}, {"trace_decay", Domain::any}};
  static constexpr int taus[] = {1, 0};
  static constexpr bool fades = true, can_rest_at_zero = true;

  template <class W> static Coefficients<W> prepare(const Parameters<W>& p, const W& dt) {
    return {Integration::decay(dt, p.tau_decay),
            Integration::decay(detail::rising(dt, p.tau_rise, p.tau_decay), W(1)),
            p.scale_rise,
            p.scale_decay,
            p.base_rise,
            p.base_decay};
  }
  template <class C> static bool rests_at_zero(const C& c) { return c.base_rise == 0 && c.base_decay == 0; }
  template <class V> static State<V> rest(const Coefficients<V>& c) { return {c.base_rise, c.base_decay}; }
  template <class C, class S, class X> static SPARK_INLINE void step(const C& c, S& s, const X& x) {
    s.trace_rise = leak(s.trace_rise, c.decay_rise, c.base_rise, c.scale_rise, x);
    s.trace_decay = leak(s.trace_decay, c.decay_decay, c.base_decay, c.scale_decay, x);
  }
  using Jumps = RiseDecay;
  template <class C, class S, class X> static SPARK_INLINE void jump(const C& c, S& s, const X& x) {
    s.trace_rise = fma(c.scale_rise, x, s.trace_rise);
    s.trace_decay = fma(c.scale_decay, x, s.trace_decay);
  }
  template <class C, class S> static SPARK_INLINE auto value(const C&, const S& s) {
    return settle(s.trace_decay - s.trace_rise);
  }

  template <class Self> struct Members : detail::MembersOf<Self> {
    using detail::MembersOf<Self>::self;
    decltype(auto) trace_rise() const { return self().template state<0>(); }
    decltype(auto) trace_decay() const { return self().template state<1>(); }
    auto tau_rise() const { return self().template parameter<0>(); }
    auto tau_decay() const { return self().template parameter<1>(); }
    auto scale_rise() const { return self().template parameter<2>(); }
    auto scale_decay() const { return self().template parameter<3>(); }
    auto base_rise() const { return self().template parameter<4>(); }
    auto base_decay() const { return self().template parameter<5>(); }
    auto decay_rise() const { return self().template coefficient<1>(); }
    auto decay_decay() const { return self().template coefficient<0>(); }
    template <class X> void set_trace_rise(const X& x) { self().template set_state<0>(x); }
    template <class X> void set_trace_decay(const X& x) { self().template set_state<1>(x); }
    template <class P> void set_tau_rise(const P& p) { self().template set_parameter<0>(p); }
    template <class P> void set_tau_decay(const P& p) { self().template set_parameter<1>(p); }
    template <class P> void set_scale_rise(const P& p) { self().template set_parameter<2>(p); }
    template <class P> void set_scale_decay(const P& p) { self().template set_parameter<3>(p); }
    template <class P> void set_base_rise(const P& p) { self().template set_parameter<4>(p); }
    template <class P> void set_base_decay(const P& p) { self().template set_parameter<5>(p); }
  };
};

/// The law of `RFSTracer`,
///
///     value = alpha * (fast - rise_fast) + (1 - alpha) * (slow - rise_slow)
///
/// four exponential traces of scale 1 and base 0, each rising part with the time constant that belongs to its decay.
template <class Integration> struct RiseFastSlow : LawDefaults {
  static constexpr const char* integration = Integration::name;
  template <class V> struct Parameters { V alpha, tau_rise, tau_fast_decay, tau_slow_decay; };
  template <class V> struct Coefficients { V decay_fast, decay_slow, decay_rise_fast, decay_rise_slow, alpha; };
  template <class V> struct State { V rise_fast, fast, rise_slow, slow; };
  static constexpr ParameterInfo parameters[] = {{"alpha", Domain::finite},
                                                 {"tau_rise", Domain::time_constant},
                                                 {"tau_fast_decay", Domain::time_constant},
                                                 {"tau_slow_decay", Domain::time_constant}};
  static constexpr StateInfo states[] = {{"trace_rise_fast", Domain::any},
                                         {"trace_fast", Domain::any},
                                         {"trace_rise_slow", Domain::any},
                                         {"trace_slow", Domain::any}};
  static constexpr int taus[] = {2, 3, 1, 1};
  static constexpr bool fades = true;

  template <class W> static Coefficients<W> prepare(const Parameters<W>& p, const W& dt) {
    return {Integration::decay(dt, p.tau_fast_decay), Integration::decay(dt, p.tau_slow_decay),
            Integration::decay(detail::rising(dt, p.tau_rise, p.tau_fast_decay), W(1)),
            Integration::decay(detail::rising(dt, p.tau_rise, p.tau_slow_decay), W(1)), p.alpha};
  }
  template <class V> static State<V> rest(const Coefficients<V>&) { return {V(0), V(0), V(0), V(0)}; }
  template <class C, class S, class X> static SPARK_INLINE void step(const C& c, S& s, const X& x) {
    const decltype(s.fast) one(1);
    const detail::Zero base;
    s.rise_fast = leak(s.rise_fast, c.decay_rise_fast, base, one, x);
    s.fast = leak(s.fast, c.decay_fast, base, one, x);
    s.rise_slow = leak(s.rise_slow, c.decay_rise_slow, base, one, x);
    s.slow = leak(s.slow, c.decay_slow, base, one, x);
  }
  using Jumps = RiseFastSlow;
  template <class C, class S, class X> static SPARK_INLINE void jump(const C&, S& s, const X& x) {
    const decltype(s.fast) one(1);
    s = {fma(one, x, s.rise_fast), fma(one, x, s.fast), fma(one, x, s.rise_slow), fma(one, x, s.slow)};
  }
  template <class C, class S> static SPARK_INLINE auto value(const C& c, const S& s) {
    const auto fast = s.fast - s.rise_fast, slow = s.slow - s.rise_slow;
    return settle(fma(c.alpha, fast - slow, slow));
  }

  template <class Self> struct Members : detail::MembersOf<Self> {
    using detail::MembersOf<Self>::self;
    decltype(auto) trace_rise_fast() const { return self().template state<0>(); }
    decltype(auto) trace_fast() const { return self().template state<1>(); }
    decltype(auto) trace_rise_slow() const { return self().template state<2>(); }
    decltype(auto) trace_slow() const { return self().template state<3>(); }
    auto alpha() const { return self().template parameter<0>(); }
    auto tau_rise() const { return self().template parameter<1>(); }
    auto tau_fast_decay() const { return self().template parameter<2>(); }
    auto tau_slow_decay() const { return self().template parameter<3>(); }
    auto decay_rise_fast() const { return self().template coefficient<2>(); }
    auto decay_fast() const { return self().template coefficient<0>(); }
    auto decay_rise_slow() const { return self().template coefficient<3>(); }
    auto decay_slow() const { return self().template coefficient<1>(); }
    template <class X> void set_trace_rise_fast(const X& x) { self().template set_state<0>(x); }
    template <class X> void set_trace_fast(const X& x) { self().template set_state<1>(x); }
    template <class X> void set_trace_rise_slow(const X& x) { self().template set_state<2>(x); }
    template <class X> void set_trace_slow(const X& x) { self().template set_state<3>(x); }
    template <class P> void set_alpha(const P& p) { self().template set_parameter<0>(p); }
    template <class P> void set_tau_rise(const P& p) { self().template set_parameter<1>(p); }
    template <class P> void set_tau_fast_decay(const P& p) { self().template set_parameter<2>(p); }
    template <class P> void set_tau_slow_decay(const P& p) { self().template set_parameter<3>(p); }
  };
};

/// Rise and decay: the difference of two exponential traces of the same spikes:
/// \f[ \val = \trace_{decay} - \trace_{rise} \f]
/// each a `Tracer`, trace_rise with the time constant tau_rise * tau_decay / (tau_rise + tau_decay). A spike's response
/// is, with scales of 1,
/// \f[ e^{-t/\tau_{decay}} \left( 1 - e^{-t/\tau_{rise}} \right) \f]
///
///     spark::RDTracer<Eigen::ArrayXf, spark::Exact> conductance(1000, 2.0f, 50.0f);
///
/// \kernel{RDTracer}
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `tau_rise`, `tau_decay` | time, as dt | > 0, infinite: never; Euler needs dt <= tau, combined too |
/// | `scale_rise` = 1, `scale_decay` = 1 | of the traces | finite |
/// | `base_rise` = 0, `base_decay` = 0 | of the traces | finite |
///
/// Start, guard, cost and errors as for `Tracer`.
template <class Array, class Integration = Euler> class RDTracer
    : public BaseTracer<RDTracer<Array, Integration>, Array, RiseDecay<Integration>> {
 public:
  static constexpr const char* name = "RDTracer";
  using RDTracer::BaseTracer::BaseTracer;
};

/// Rise, fast and slow decay: receptors with two time constants, such as AMPA and NMDA in one:
/// \f[ \val = \alpha \, \val_{fast} + (1 - \alpha) \, \val_{slow} \f]
/// where each is that of an `RDTracer`. A spike's response is
/// \f[ (\alpha \, e^{-t/\tau_{fast}} + (1 - \alpha) \, e^{-t/\tau_{slow}}) \, (1 - e^{-t/\tau_{rise}}) \f]
///
///     spark::RFSTracer<Eigen::ArrayXf, spark::Exact> conductance(1000, 0.7f, 2.0f, 10.0f, 100.0f);
///
/// \kernel{RFSTracer}
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `alpha` | 1 | finite |
/// | `tau_rise` | time, as dt | > 0, infinite: never; Euler needs dt <= tau, combined too |
/// | `tau_fast_decay`, `tau_slow_decay` | time, as dt | as tau_rise |
///
/// All four traces start at 0. Guard, cost and errors as for `Tracer`.
template <class Array, class Integration = Euler> class RFSTracer
    : public BaseTracer<RFSTracer<Array, Integration>, Array, RiseFastSlow<Integration>> {
 public:
  static constexpr const char* name = "RFSTracer";
  using RFSTracer::BaseTracer::BaseTracer;
};

SPARK_NAMESPACE_END
