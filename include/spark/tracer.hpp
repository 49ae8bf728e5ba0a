/// \file
/// One exponential trace: Tracer, SaturableTracer and NearestTracer.
#pragma once

#include <spark/base_tracer.hpp>

SPARK_NAMESPACE_BEGIN

/// How far a trace may go: `step` takes a trace through one step, `limit` brings any number within the bound.
struct Unbounded {
  static constexpr Domain base = Domain::finite, state = Domain::any;
  template <class V, class B, class X>
  static SPARK_INLINE V step(const V& trace, const V& decay, const B& end, const V& scale, const X& x) {
    return leak(trace, decay, end, scale, x);
  }
  template <class V> static SPARK_INLINE V limit(const V& v) { return settle(v); }
};
/// Kept in [0, 1].
struct Clipped {
  static constexpr Domain base = Domain::unit, state = Domain::unit;
  template <class V, class B, class X>
  static SPARK_INLINE V step(const V& trace, const V& decay, const B& end, const V& scale, const X& x) {
    return clipped_leak(trace, decay, end, scale, x);
  }
  template <class V> static SPARK_INLINE V limit(const V& v) { return clip(v); }
};

/// The law of `Tracer` and, clipped, of `SaturableTracer`. Euler and Exact differ in the decay alone.
template <class Integration, class Bound = Unbounded> struct Leak : LawDefaults {
  static constexpr const char* integration = Integration::name;
  template <class V> struct Parameters { V tau, scale, base; };
  template <class V, class Base = V> struct Coefficients {
    V decay, scale;
    Base base;
  };
  template <class V> struct State { V trace; };
  static constexpr ParameterInfo parameters[] = {
      {"tau", Domain::time_constant}, {"scale", Domain::finite, 1}, {"base", Bound::base, 0}};
  static constexpr StateInfo states[] = {{"trace", Bound::state}};
  static constexpr int taus[] = {0};
  static constexpr int value_state = 0;
  static constexpr bool fades = true, can_rest_at_zero = true;

  template <class W> static Coefficients<W> prepare(const Parameters<W>& p, const W& dt) {
    return {Integration::decay(dt, p.tau), p.scale, p.base};
  }
  template <class C> static bool rests_at_zero(const C& c) { return c.base == 0; }
  template <class V> static State<V> rest(const Coefficients<V>& c) { return {c.base}; }
  template <class C, class S, class X> static SPARK_INLINE void step(const C& c, S& s, const X& x) {
    s.trace = Bound::step(s.trace, c.decay, c.base, c.scale, x);
  }
  /// What a spike adds to a trace that has decayed. A clip acts on both at once.
  using Jumps = std::conditional_t<std::is_same<Bound, Unbounded>::value, Leak, void>;
  template <class C, class S, class X> static SPARK_INLINE void jump(const C& c, S& s, const X& x) {
    s.trace = fma(c.scale, x, s.trace);
  }

  /// What a tracer of this law calls its parts, and `EventDriven` of it.
  template <class Self> struct Members : detail::MembersOf<Self> {
    using detail::MembersOf<Self>::self;
    decltype(auto) trace() const { return self().template state<0>(); }
    template <class X> void set_trace(const X& x) { self().template set_state<0>(x); }
    auto tau() const { return self().template parameter<0>(); }
    auto scale() const { return self().template parameter<1>(); }
    auto base() const { return self().template parameter<2>(); }
    auto decay() const { return self().template coefficient<0>(); }
    template <class P> void set_tau(const P& p) { self().template set_parameter<0>(p); }
    template <class P> void set_scale(const P& p) { self().template set_parameter<1>(p); }
    template <class P> void set_base(const P& p) { self().template set_parameter<2>(p); }
  };
};

/// An exponential trace of spikes:
/// \f[ \trace \leftarrow \trace + \decay \, (\base - \trace) + \scale \; x \f]
/// so that after step t a train of spikes at steps t_i has left
/// \f[ \base + \sum_i \scale \, (1 - \decay)^{t - t_i} \f]
/// `decay` is dt/tau for Euler and 1 - exp(-dt/tau) for Exact.
///
///     spark::Tracer<Eigen::ArrayXf, spark::Exact> trace(1000, 20.0f);   // 1000 traces, tau = 20
///     trace(spark::spikes(fired));                                      // one step
///
/// \kernel{Tracer}
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `tau` | time, as dt | > 0, infinite: never decays; Euler needs dt <= tau |
/// | `scale` = 1 | of the trace | finite |
/// | `base` = 0 | of the trace | finite |
///
/// Each is a number, an array of the tracer's shape, or a row or column. The trace starts at base. A step reads x,
/// reads and writes the trace, and allocates nothing. What decays is never subnormal: below 9.4e-38 (float) or
/// 7.3e-304 (double) it is 0. std::invalid_argument as BaseTracer says. (STDP: Song, Miller and Abbott 2000, Nat
/// Neurosci 3:919; Morrison, Diesmann and Gerstner 2008, Biol Cybern 98:459.)
template <class Array, class Integration = Euler> class Tracer
    : public BaseTracer<Tracer<Array, Integration>, Array, Leak<Integration>> {
 public:
  static constexpr const char* name = "Tracer";
  using Tracer::BaseTracer::BaseTracer;
};

/// A `Tracer` that stays in [0, 1]:
/// \f[ \trace \leftarrow \min(1, \max(0, \trace + \decay \, (\base - \trace) + \scale \; x)) \f]
/// After n steps without input it is, as every exponential trace,
/// \f[ \base + (\trace - \base) \, (1 - \decay)^n \f]
/// With scale 1 a spike sets the trace to 1, whatever it was: the memory of the latest spike only.
///
///     spark::SaturableTracer<Eigen::ArrayXf, spark::Exact> calcium(1000, 20.0f, 0.4f);
///
/// \kernel{SaturableTracer}
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `tau` | time, as dt | > 0, infinite: never decays; Euler needs dt <= tau |
/// | `scale` = 1 | of the trace | finite |
/// | `base` = 0 | of the trace | [0, 1] |
///
/// Start, guard, cost and errors as for `Tracer`.
template <class Array, class Integration = Euler> class SaturableTracer
    : public BaseTracer<SaturableTracer<Array, Integration>, Array, Leak<Integration, Clipped>> {
 public:
  static constexpr const char* name = "SaturableTracer";
  using SaturableTracer::BaseTracer::BaseTracer;
};

/// The law of `NearestTracer`.
template <class Integration> struct Nearest : Leak<Integration> {
  template <class C, class S, class X> static SPARK_INLINE void step(const C& c, S& s, const X& x) {
    const auto faded = leak(s.trace, c.decay, c.base, c.scale, detail::without_input(x));
    s.trace = select(nonzero(x), fma(c.scale, x, c.base), faded);
  }
  using Jumps = Nearest;
  template <class C, class S, class X> static SPARK_INLINE void jump(const C& c, S& s, const X& x) {
    s.trace = select(nonzero(x), fma(c.scale, x, c.base), s.trace);
  }
  /// A spike more in the same step changes nothing.
  template <class C, class S> static SPARK_INLINE auto again(const C&, S& s) { return decltype(s.trace)(0); }
};

/// A `Tracer` that remembers the latest spike only, as nearest-neighbour pairing asks for:
/// \f[ \trace \leftarrow \begin{cases} \base + \scale \; x & x \ne 0 \\ \trace + \decay \, (\base - \trace) &
///     x = 0 \end{cases} \f]
/// so that n steps after a spike it is
/// \f[ \base + \scale \; x \, (1 - \decay)^n \f]
/// (Morrison, Diesmann and Gerstner 2008, Biol Cybern 98:459.)
///
///     spark::NearestTracer<Eigen::ArrayXf, spark::Exact> last_spike(1000, 20.0f);
///
/// \kernel{NearestTracer}
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `tau` | time, as dt | > 0, infinite: never decays; Euler needs dt <= tau |
/// | `scale` = 1 | of the trace | finite |
/// | `base` = 0 | of the trace | finite |
///
/// Start, guard, cost and errors as for `Tracer`.
template <class Array, class Integration = Euler> class NearestTracer
    : public BaseTracer<NearestTracer<Array, Integration>, Array, Nearest<Integration>> {
 public:
  static constexpr const char* name = "NearestTracer";
  using NearestTracer::BaseTracer::BaseTracer;
};

SPARK_NAMESPACE_END
