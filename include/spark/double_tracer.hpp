/// \file
/// Two exponential traces in a row: DoubleTracer and SaturableDoubleTracer.
#pragma once

#include <spark/tracer.hpp>

SPARK_NAMESPACE_BEGIN

/// The law of `DoubleTracer` and, clipped, of `SaturableDoubleTracer`. A step of either integration is a linear map of
/// the old state (Rotter and Diesmann 1999, Biol Cybern 81:381),
///
///     trace_2 <- trace_2 + decay_2 * (base_2 - trace_2) + feed * trace_1 + push
///
/// and so are n steps without input. Divided differences keep equal and nearly equal tau as accurate as distant ones.
template <class Integration, class Bound = Unbounded> struct Cascade : LawDefaults {
  static constexpr const char* integration = Integration::name;
  static constexpr bool exact = std::is_same<Integration, Exact>::value;
  template <class V> struct Parameters { V tau_1, tau_2, scale_1, scale_2, base_1, base_2; };
  template <class V, class Base = V> struct Coefficients {
    V decay_1, decay_2, scale_1, feed;
    Base push, base_1, base_2;
  };
  template <class V> struct State { V trace_1, trace_2; };
  static constexpr ParameterInfo parameters[] = {{"tau_1", Domain::time_constant}, {"tau_2", Domain::time_constant},
                                                 {"scale_1", Domain::finite, 1},   {"scale_2", Domain::finite, 1},
                                                 {"base_1", Bound::base, 0},       {"base_2", Bound::base, 0}};
  static constexpr StateInfo states[] = {{"trace_1", Bound::state}, {"trace_2", Bound::state}};
  static constexpr int taus[] = {0, 1};
  static constexpr int value_state = 1, gain_per_step = 3;
  static constexpr bool can_rest_at_zero = true;

  template <class W> static Coefficients<W> prepare(const Parameters<W>& p, const W& dt) {
    Coefficients<W> c{Integration::decay(dt, p.tau_1),
                      Integration::decay(dt, p.tau_2),
                      p.scale_1,
                      p.scale_2,
                      W(0),
                      p.base_1,
                      p.base_2};
    if constexpr (exact) {
      const W a = dt / p.tau_1, b = dt / p.tau_2;
      const W slow = a < b ? a : b;
      const W gap = !detail::is_finite(slow) ? W(0) : a < b ? W(b - a) : W(a - b);  // two infinities have no difference
      using std::exp;
      c.feed = p.scale_2 * W(exp(W(-slow)) * mean_decay(gap));  // what trace_1 - base_1 = 1 leaves in trace_2
      c.push = p.base_1 * W(p.scale_2 * mean_decay(b) - c.feed);
    }
    return c;
  }
  template <class C> static bool rests_at_zero(const C& c) { return c.base_1 == 0 && c.base_2 == 0 && c.push == 0; }
  template <class V> static State<V> rest(const Coefficients<V>& c) { return {c.base_1, c.base_2}; }

  template <class C, class S, class X> static SPARK_INLINE void step(const C& c, S& s, const X& x) {
    if constexpr (exact) step_second(c, s);
    s.trace_1 = Bound::step(s.trace_1, c.decay_1, c.base_1, c.scale_1, x);
    if constexpr (!exact) step_second(c, s);
  }
  /// In Exact input comes last.
  using Jumps = std::conditional_t<exact && std::is_same<Bound, Unbounded>::value, Cascade, void>;
  template <class C, class S, class X> static SPARK_INLINE void jump(const C& c, S& s, const X& x) {
    s.trace_1 = fma(c.scale_1, x, s.trace_1);
  }

  /// n steps without input: the same map, with other coefficients.
  template <class C, class S> static SPARK_INLINE void relax(const C& c, S& s) {
    const auto fed = fma(c.feed, s.trace_1, c.push);
    s.trace_2 = Bound::limit(fade(s.trace_2, c.decay_2, c.base_2) + fed);
    s.trace_1 = Bound::limit(fade(s.trace_1, c.decay_1, c.base_1));
  }
  template <class W> static EIGEN_DEVICE_FUNC Coefficients<W> after(const Coefficients<W>& c,
                                                                    const std::array<W, 2>& log_keep, const W& n) {
    using namespace detail;
    // what one step adds to trace_2 where trace_1 = base_1, and by how much more where trace_1 = base_1 + 1
    const W steady = exact ? W(c.push + c.feed * c.base_1) : W(c.feed * c.base_1);
    const W excess = exact ? c.feed : W(c.feed * W(W(1) - c.decay_1));
    const W repeats = c.decay_2 == W(0) ? n : W(lost(log_keep[1], n) / c.decay_2);
    const W feed = kept_finite<W>(excess * divided_difference(c, log_keep, n));
    const W push = steady * repeats - feed * c.base_1;
    return {faded(log_keep[0], n), faded(log_keep[1], n), c.scale_1, feed, push, c.base_1, c.base_2};
  }

  /// The closed form holds where no clip occurs, that is where trace_2 cannot reach a bound. Either each step moves it
  /// towards a level in [0, 1], a mixture of base_2 and what trace_1 sustains, which stays between itself and base_1.
  /// Or trace_2 and its final level are so far inside that all which trace_1 has still to add cannot reach a bound.
  static constexpr bool always_closed = !std::is_same<Bound, Clipped>::value;
  template <class T> static EIGEN_DEVICE_FUNC bool closed(const Coefficients<T>& c, const State<T>& s) {
    const auto min = [](const T& a, const T& b) -> const T& { return b < a ? b : a; };
    const auto max = [](const T& a, const T& b) -> const T& { return a < b ? b : a; };
    const T fed = c.feed * s.trace_1, sustained = c.feed * c.base_1, own = c.decay_2 * c.base_2 + c.push;
    if (own + min(fed, sustained) >= T(0) && own + max(fed, sustained) <= c.decay_2) return true;
    if (s.trace_1 != s.trace_1 || s.trace_2 != s.trace_2) return true;  // no step ends a NaN
    // the level is times decay_2, and what is given times decay_1: the conditions below are multiplied out
    const T level = own + sustained;
    const T given = max(T(fed - sustained), T(0)), taken = min(T(fed - sustained), T(0));
    return c.decay_1 * s.trace_2 + given <= c.decay_1 && c.decay_1 * s.trace_2 + taken >= T(0) &&
           c.decay_1 * level + c.decay_2 * given <= c.decay_1 * c.decay_2 &&
           c.decay_1 * level + c.decay_2 * taken >= T(0);
  }
  /// How many of the next n steps leave trace_2 at the bound where it stands. What pushes it there moves with trace_1
  /// from what it is to what base_1 sustains, and the bound holds as long as that is not negative; where it becomes so
  /// within a step, that is no longer among them.
  template <class T> static EIGEN_DEVICE_FUNC std::int64_t held(const Coefficients<T>& c, const State<T>& s,
                                                                const T& log_keep_1, std::int64_t n) {
    if (s.trace_2 != T(0) && s.trace_2 != T(1)) return 0;
    const T outwards = s.trace_2 == T(1) ? T(1) : T(-1);
    const auto push = [&](const T& trace_1) {
      return outwards * (c.feed * trace_1 + c.push + c.decay_2 * (c.base_2 - s.trace_2));
    };
    const T now = push(s.trace_1), finally = push(c.base_1);
    if (now < T(0) || now + c.decay_1 * (finally - now) < T(0)) return 0;
    if (finally >= T(0)) return n;
    using std::log;
    const T steps = log(T(finally / (finally - now))) / log_keep_1;
    return steps < static_cast<T>(static_cast<double>(n)) ? static_cast<std::int64_t>(steps) : n;
  }

  template <class Self> struct Members : detail::MembersOf<Self> {
    using detail::MembersOf<Self>::self;
    decltype(auto) trace_1() const { return self().template state<0>(); }
    decltype(auto) trace_2() const { return self().template state<1>(); }
    auto tau_1() const { return self().template parameter<0>(); }
    auto tau_2() const { return self().template parameter<1>(); }
    auto scale_1() const { return self().template parameter<2>(); }
    auto scale_2() const { return self().template parameter<3>(); }
    auto base_1() const { return self().template parameter<4>(); }
    auto base_2() const { return self().template parameter<5>(); }
    auto decay_1() const { return self().template coefficient<0>(); }
    auto decay_2() const { return self().template coefficient<1>(); }
    template <class X> void set_trace_1(const X& x) { self().template set_state<0>(x); }
    template <class X> void set_trace_2(const X& x) { self().template set_state<1>(x); }
    template <class P> void set_tau_1(const P& p) { self().template set_parameter<0>(p); }
    template <class P> void set_tau_2(const P& p) { self().template set_parameter<1>(p); }
    template <class P> void set_scale_1(const P& p) { self().template set_parameter<2>(p); }
    template <class P> void set_scale_2(const P& p) { self().template set_parameter<3>(p); }
    template <class P> void set_base_1(const P& p) { self().template set_parameter<4>(p); }
    template <class P> void set_base_2(const P& p) { self().template set_parameter<5>(p); }
  };

 private:
  template <class C, class S> static SPARK_INLINE void step_second(const C& c, S& s) {
    auto second = fma(c.feed, s.trace_1, lessened(s.trace_2, c.decay_2, c.base_2));
    if constexpr (exact) second = second + c.push;
    s.trace_2 = Bound::limit(second);  // what trace_1 feeds may be subnormal
  }

  /// (1 - exp(-z)) / z, the mean over a step of what decays at rate z >= 0. The series serves derivatives too.
  template <class W> static W mean_decay(const W& z) {
    if (!(z < W(1e-6))) return W(-detail::expm1(W(-z)) / z);
    W sum(1);
    for (int k = 6; k > 1; --k) sum = W(1) - z / W(k) * sum;
    return sum;
  }

  /// (k_1^n - k_2^n) / (k_1 - k_2) for k = 1 - decay. Where the powers are near one another, the larger times what the
  /// ratio loses; where they are nearer still, a series.
  template <class W> static EIGEN_DEVICE_FUNC W divided_difference(const Coefficients<W>& c,
                                                                   const std::array<W, 2>& log_keep, const W& n) {
    using namespace detail;
    const bool first = c.decay_1 < c.decay_2;
    const W& slow = log_keep[first ? 0 : 1];
    const W keep = W(1) - (first ? c.decay_1 : c.decay_2);
    const W gap = first ? W(c.decay_2 - c.decay_1) : W(c.decay_1 - c.decay_2);
    if (keep == W(0)) return n < W(1) ? W(0) : kept(slow, W(n - W(1)));
    if ((n + W(1)) * gap < W(1e-5) * keep) {
      const W r = gap / keep;
      W sum(1);
      for (int k = 6; k > 0; --k) sum = W(1) - W(n - W(k)) * r / W(k + 1) * sum;
      return n * kept(slow, W(n - W(1))) * sum;
    }
    const W more = kept(slow, n), less = kept(log_keep[first ? 1 : 0], n);
    return (less < W(0.5) * more ? W(more - less) : W(more * lost(W(detail::log1p(W(-gap / keep))), n))) / gap;
  }
};

/// Two exponential traces in a row: x drives trace_1, trace_1 drives trace_2, which is the value.
/// \f[ \trace_1 \leftarrow \trace_1 + \decay_1 \, (\base_1 - \trace_1) + \scale_1 \; x \f]
/// \f[ \trace_2 \leftarrow \trace_2 + \decay_2 \, (\base_2 - \trace_2) + \scale_2 \; \trace_1 \f]
/// is a step of Euler; Exact solves
/// \f[ \frac{d\,\trace_1}{dt} = \frac{\base_1 - \trace_1}{\tau_1} \qquad
///     \frac{d\,\trace_2}{dt} = \frac{\base_2 - \trace_2}{\tau_2} + \frac{\scale_2}{dt} \, \trace_1 \f]
/// over dt and then adds scale_1 * x. Equal and nearly equal time constants (the alpha function) are as accurate as
/// distant ones. With scale_2 = dt the response to a spike is, whatever dt is,
/// \f[ \frac{\tau_1 \tau_2}{\tau_1 - \tau_2} \left( e^{-t/\tau_1} - e^{-t/\tau_2} \right) \f]
///
///     spark::DoubleTracer<Eigen::ArrayXf, spark::Exact> psp(1000, 5.0f, 20.0f);
///
/// \kernel{DoubleTracer}
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `tau_1`, `tau_2` | time, as dt | > 0, infinite: never decays; Euler needs dt <= tau |
/// | `scale_1` = 1 | of trace_1 | finite |
/// | `scale_2` = 1 | of trace_2 for trace_1 and step | finite; `set_dt` changes it in proportion |
/// | `base_1` = 0, `base_2` = 0 | of the traces | finite |
///
/// Start, guard, cost and errors as for `Tracer`. Every reset returns both traces to their base.
template <class Array, class Integration = Euler> class DoubleTracer
    : public BaseTracer<DoubleTracer<Array, Integration>, Array, Cascade<Integration>> {
 public:
  static constexpr const char* name = "DoubleTracer";
  using DoubleTracer::BaseTracer::BaseTracer;
};

/// A `DoubleTracer` of which each trace is clipped to [0, 1] after its own update:
/// \f[ \trace_j \leftarrow \min(1, \max(0, \trace_j)) \f]
/// so that the clipped trace_1 drives trace_2. In silence it is a `DoubleTracer` but where trace_2 meets a bound: there
/// it stays as long as trace_1 holds it.
///
///     spark::SaturableDoubleTracer<Eigen::ArrayXf, spark::Exact> calcium(1000, 5.0f, 20.0f, 0.4f);
///
/// \kernel{SaturableDoubleTracer}
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `tau_1`, `tau_2` | time, as dt | > 0, infinite: never decays; Euler needs dt <= tau |
/// | `scale_1` = 1 | of trace_1 | finite |
/// | `scale_2` = 1 | of trace_2 for trace_1 and step | finite; `set_dt` changes it in proportion |
/// | `base_1` = 0, `base_2` = 0 | of the traces | [0, 1] |
///
/// Start, guard, cost and errors as for `Tracer`. Every reset returns both traces to their base.
template <class Array, class Integration = Euler> class SaturableDoubleTracer
    : public BaseTracer<SaturableDoubleTracer<Array, Integration>, Array, Cascade<Integration, Clipped>> {
 public:
  static constexpr const char* name = "SaturableDoubleTracer";
  using SaturableDoubleTracer::BaseTracer::BaseTracer;
};

SPARK_NAMESPACE_END
