#pragma once

#include <spark/law/leak.hpp>

namespace spark {

/// Two exponential traces in a row, the first driving the second. Euler:
///
///     trace_1 <- trace_1 + decay_1 * (base_1 - trace_1) + scale_1 * x
///     trace_2 <- trace_2 + decay_2 * (base_2 - trace_2) + scale_2 * trace_1      (the new one)
///
/// Exact solves, over one step,
///
///     d trace_1/dt = (base_1 - trace_1)/tau_1
///     d trace_2/dt = (base_2 - trace_2)/tau_2 + (scale_2/dt) * trace_1
///
/// and adds scale_1 * x to trace_1 at its end. Its response to a spike is, up to a factor, the difference of two
/// exponentials; for tau_1 = tau_2 the alpha function (Rotter and Diesmann 1999, Biol Cybern 81:381). Both are one
/// linear map of the old state,
///
///     trace_2 <- trace_2 + decay_2 * (base_2 - trace_2) + feed * trace_1 + push
///
/// and so are n steps without input. Divided differences keep equal and nearly equal tau as accurate as distant
/// ones.
template <class Integration, class Bound = Unbounded>
struct Cascade : LawDefaults {
  static constexpr const char* integration = Integration::name;

  template <class V>
  struct Parameters {
    V tau_1, tau_2, scale_1, scale_2, base_1, base_2;
  };
  template <class V, class Base = V>
  struct Coefficients {
    V decay_1, decay_2, scale_1, feed;
    Base push, base_1, base_2;
  };
  template <class V>
  struct State {
    V trace_1, trace_2;
  };
  static constexpr Named parameters[] = {{"tau_1", Domain::time_constant}, {"tau_2", Domain::time_constant},
                                         {"scale_1", Domain::finite},      {"scale_2", Domain::finite},
                                         {"base_1", Bound::domain},        {"base_2", Bound::domain}};
  static constexpr Domain trace_domain = Bound::domain == Domain::unit ? Domain::unit : Domain::any;
  static constexpr Named states[] = {{"trace_1", trace_domain}, {"trace_2", trace_domain}};
  static constexpr int taus[] = {0, 1};
  static constexpr bool exact = std::is_same<Integration, Exact>::value;

  template <class W>
  static Coefficients<W> prepare(const Parameters<W>& p, const W& dt) {
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
      const W gap = !is_finite(slow) ? W(0) : a < b ? W(b - a) : W(a - b);  // two infinities have no difference
      using std::exp;
      c.feed = p.scale_2 * W(exp(W(-slow)) * mean_decay(gap));  // what trace_1 - base_1 = 1 leaves in trace_2
      c.push = p.base_1 * W(p.scale_2 * mean_decay(b) - c.feed);
    }
    return c;
  }

  static constexpr bool can_rest_at_zero = true;
  template <class C>
  static bool rests_at_zero(const C& c) {
    return c.base_1 == 0 && c.base_2 == 0 && c.push == 0;
  }

  template <class V>
  static State<V> rest(const Coefficients<V>& c) {
    return {c.base_1, c.base_2};
  }

  template <class V, class B, class X>
  static EIGEN_ALWAYS_INLINE void step(const Coefficients<V, B>& c, State<V>& s, const X& x) {
    if constexpr (exact) step_second(c, s);
    s.trace_1 = Bound::apply(leak(s.trace_1, c.decay_1, c.base_1, c.scale_1, x));
    if constexpr (!exact) step_second(c, s);
  }

  template <class V, class B>
  static EIGEN_ALWAYS_INLINE V value(const Coefficients<V, B>&, const State<V>& s) {
    return s.trace_2;
  }

  template <class W>
  static Coefficients<W> after(const Coefficients<W>& c, const std::array<W, 2>& log_keep, const W& n) {
    // what one step adds to trace_2 where trace_1 = base_1, and by how much more where trace_1 = base_1 + 1
    const W steady = exact ? W(c.push + c.feed * c.base_1) : W(c.feed * c.base_1);
    const W excess = exact ? c.feed : W(c.feed * W(W(1) - c.decay_1));
    const W repeats = c.decay_2 == W(0) ? n : W(lost(log_keep[1], n) / c.decay_2);
    const W feed = excess * divided_difference(c, log_keep, n);
    return {faded(log_keep[0], n),
            faded(log_keep[1], n),
            c.scale_1,
            feed,
            steady * repeats - feed * c.base_1,
            c.base_1,
            c.base_2};
  }

  template <class V>
  static EIGEN_ALWAYS_INLINE void relax(const Coefficients<V>& c, State<V>& s) {
    const V fed = spark::fma(c.feed, s.trace_1, c.push);
    s.trace_2 = Bound::apply(V(fade(s.trace_2, c.decay_2, c.base_2) + fed));
    s.trace_1 = Bound::apply(fade(s.trace_1, c.decay_1, c.base_1));
  }

  /// A clip in the middle of an interval has no closed form. None occurs where trace_2 cannot reach a bound. Either it
  /// moves, in each step, towards a level within: a mixture of base_2 and what trace_1 sustains, and trace_1 stays
  /// between itself and base_1. Or the level that base_1 sustains is so far within, and so is trace_2, that all which
  /// trace_1 has still to give does not suffice.
  static constexpr bool has_closed_form = !std::is_same<Bound, Clipped>::value;
  template <class T>
  static bool closed(const Coefficients<T>& c, const State<T>& s) {
    const T fed = c.feed * s.trace_1, sustained = c.feed * c.base_1, own = c.decay_2 * c.base_2 + c.push;
    if (own + spark::min(fed, sustained) >= T(0) && own + spark::max(fed, sustained) <= c.decay_2) return true;
    if (s.trace_1 != s.trace_1 || s.trace_2 != s.trace_2) return true;  // a NaN is past all bounds
    const T level = own + sustained;  // times decay_2, as what is given is times decay_1
    const T given = spark::max(T(fed - sustained), T(0)), taken = spark::min(T(fed - sustained), T(0));
    return c.decay_1 * s.trace_2 + given <= c.decay_1 && c.decay_1 * s.trace_2 + taken >= T(0) &&
           c.decay_1 * level + c.decay_2 * given <= c.decay_1 * c.decay_2 &&
           c.decay_1 * level + c.decay_2 * taken >= T(0);
  }

  /// How many of the next n steps leave trace_2 at the bound where it stands. What pushes it there moves with trace_1
  /// from what it is to what base_1 sustains, and the bound holds as long as that is not negative; where it becomes so
  /// within a step, that is no longer among them.
  template <class T>
  static std::int64_t held(const Coefficients<T>& c, const State<T>& s, const T& log_keep_1, std::int64_t n) {
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

 private:
  template <class V, class B>
  static EIGEN_ALWAYS_INLINE void step_second(const Coefficients<V, B>& c, State<V>& s) {
    V fed = spark::fma(c.feed, s.trace_1, s.trace_2);
    if constexpr (exact) fed = fed + c.push;
    s.trace_2 = Bound::apply(spark::fma(c.decay_2, c.base_2 - s.trace_2, fed));
  }

  /// (1 - exp(-z)) / z, the mean over a step of what decays at rate z >= 0. The series serves derivatives too.
  template <class W>
  static W mean_decay(const W& z) {
    return z < W(1e-6) ? W(W(1) - z / W(2) + z * z / W(6)) : W(-spark::expm1(W(-z)) / z);
  }

  /// (k_1^n - k_2^n) / (k_1 - k_2) for k = 1 - decay. Where the powers are near one another, from the larger of the two
  /// outwards; by its series where they are so near that their difference would not matter to the power.
  template <class W>
  static W divided_difference(const Coefficients<W>& c, const std::array<W, 2>& log_keep, const W& n) {
    const bool first = c.decay_1 < c.decay_2;
    const W& slow = log_keep[first ? 0 : 1];
    const W keep = W(1) - (first ? c.decay_1 : c.decay_2);
    const W gap = first ? W(c.decay_2 - c.decay_1) : W(c.decay_1 - c.decay_2);
    if (keep == W(0)) return n < W(1) ? W(0) : kept(slow, W(n - W(1)));
    if (n * gap < W(1e-5) * keep) {
      const W r = gap / keep, one = n - W(1), two = n - W(2);
      return n * kept(slow, one) * W(W(1) - one * r / W(2) * W(W(1) - two * r / W(3)));
    }
    const W more = kept(slow, n), less = kept(log_keep[first ? 1 : 0], n);
    return (less < W(0.5) * more ? W(more - less) : W(more * lost(W(spark::log1p(W(-gap / keep))), n))) / gap;
  }
};

}  // namespace spark
