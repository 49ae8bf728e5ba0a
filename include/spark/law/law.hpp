/// \file
/// What a law is.
///
/// A law is the recurrence of a tracer and its closed form, and nothing else: coefficients in, state in, state
/// and output out. It knows no storage, no shape and no loop over elements. `BaseTracer` evaluates it on packs of
/// SIMD lanes, `EventDriven` on one element, an autodiff program on dual numbers. A law `L` has
///
///     template <class V> struct Parameters;                   what the user gives: all members V
///     template <class V, class Base = V> struct Coefficients; what a step needs; the decays come first
///     template <class V> struct State;                        what is remembered
///     static constexpr Named parameters[], states[];          their names and domains
///     static constexpr int taus[];                            for each decay the parameter that is its tau
///     static Coefficients<W> prepare(const Parameters<W>&, W dt);
///     static State<V> rest(const Coefficients<V>&);           where a reset leads
///     static void step(const Coefficients<V, B>&, State<V>&, X x);
///     static V value(const Coefficients<V, B>&, const State<V>&);
///     static Coefficients<W> after(const Coefficients<W>&, const std::array<W, decays>& log_keep, W n);
///     static void relax(const Coefficients<V>&, State<V>&);   an interval without input
///
/// so that `relax(after(c, log_keep, n), s)` equals n steps without input; `log_keep` holds log(1 - decay). The
/// input `x` of a step is a `V`, a `Mask` (0 or 1), or `Zero`: it must only appear in `fma`, `fnma`, `nonzero`,
/// or be converted to `V`.
#pragma once

#include <spark/simd/guard.hpp>

#include <array>
#include <cmath>
#include <tuple>
#include <utility>

namespace spark {

// --- arithmetic that laws share, on scalars -----------------------------------------------------------

/// Neither infinite nor NaN.
template <class W>
bool is_finite(const W& v) {
  const W difference = v - v;  // NaN for infinity too
  return difference == difference;
}

/// exp(x) - 1 without cancellation, also for scalars that only know exp and log (W. Kahan).
template <class W>
W expm1(const W& x) {
  if constexpr (std::is_arithmetic<W>::value) {
    return std::expm1(x);
  } else {
    using std::exp;
    using std::log;
    const W u = exp(x);
    if (u == W(1)) return x;
    const W difference = u - W(1);
    if (difference == W(-1)) return difference;
    return difference * x / log(u);
  }
}
/// log(1 + x) in the same way.
template <class W>
W log1p(const W& x) {
  if constexpr (std::is_arithmetic<W>::value) {
    return std::log1p(x);
  } else {
    using std::log;
    const W u = W(1) + x;
    if (u == W(1)) return x;
    return log(u) * x / W(u - W(1));
  }
}

/// keep^n, given log(keep); n >= 0, keep in [0, 1].
template <class W>
W kept(const W& log_keep, const W& n) {
  using std::exp;
  return n == W(0) ? W(1) : W(exp(W(n * log_keep)));
}
/// 1 - keep^n. Where keep^n is well below 1 the difference loses nothing and exp is several times faster than expm1.
template <class W>
W lost(const W& log_keep, const W& n) {
  using std::exp;
  if (n == W(0)) return W(0);
  const W exponent = n * log_keep;
  return exponent < W(-1) ? W(W(1) - exp(exponent)) : W(-spark::expm1(exponent));
}

/// Forward Euler: a step loses dt/tau of the distance to base.
struct Euler {
  static constexpr const char* name = "Euler";
  template <class W>
  static W decay(const W& dt, const W& tau) {
    return dt / tau;
  }
};

/// Exact over a step: it loses 1 - exp(-dt/tau), input arrives at its end.
struct Exact {
  static constexpr const char* name = "Exact";
  template <class W>
  static W decay(const W& dt, const W& tau) {
    return -spark::expm1(W(-dt / tau));
  }
};

/// The values a parameter or a state may take. Every parameter but a time constant is finite.
enum class Domain {
  time_constant,          ///< > 0, infinite allowed: never decays
  time_constant_or_zero,  ///< >= 0, 0 in Exact only: nothing is remembered
  finite,
  unit,  ///< [0, 1]
  any
};

/// A parameter or a state, as errors and the checks know it.
struct Named {
  const char* name;
  Domain domain;
};

/// What most laws have in common; a law derives from it and overrides what differs.
struct LawDefaults {
  /// What tells apart the laws of one tracer class, in a file.
  static constexpr const char* integration = "";
  /// Whether `step` returns an output that the state no longer tells (the release of a synapse).
  static constexpr bool emits = false;
  /// Whether `step` also takes Coefficients<V, Zero>, which stand for those of which `rests_at_zero(c)` is true.
  static constexpr bool can_rest_at_zero = false;
  /// Whether `relax` holds from every state on; otherwise `closed(c, s)` tells whether it does from s on, and
  /// `held(c, s, log_keep_1, n)` for how many of n steps it does because s stays at a bound.
  static constexpr bool has_closed_form = true;
};

/// Stands for any smaller share that is left of a distance: 0 would say that none was lost, and subnormals are slow.
template <class W>
W least_share() {
  return W(std::numeric_limits<std::conditional_t<std::numeric_limits<W>::is_specialized, W, float>>::min());
}
/// What n steps without input do to a distance from base: the share that is lost, or, where that is more than half,
/// the negative of the share that is left. Either keeps full relative precision, and takes one exponential.
template <class W>
W faded(const W& log_keep, const W& n) {
  using std::exp;
  const W exponent = n * log_keep;
  if (!(exponent < W(-0.7))) return lost(log_keep, n);  // also where it is NaN, 0 steps of a decay of 1
  const W left = exp(exponent);
  const W least = least_share<W>();
  return left > least ? W(-left) : W(-least);
}
/// A trace after such an interval.
template <class V, class B>
EIGEN_ALWAYS_INLINE V fade(const V& trace, const V& faded, const B& base) {
  const V toward = base - trace;
  if constexpr (std::is_floating_point<V>::value) {
    // `nonzero` would compare twice, for NaN; and a choice of references would be a branch, often taken wrongly
    return spark::fma(faded, toward, faded < V(0) ? V(base) : V(trace));
  } else {
    return spark::fma(faded, toward, select(nonzero(spark::max(V(V(0) - faded), V(0))), V(base), trace));
  }
}

// --- reflection: the members of an aggregate by number ------------------------------------------------

/// How many members an aggregate of V has.
template <class Aggregate, class V>
constexpr int members = sizeof(Aggregate) / sizeof(V);

/// Calls f with each number below `count`, as a constant.
template <int count, class F, std::size_t... j>
EIGEN_ALWAYS_INLINE void for_each_index(F&& f, std::index_sequence<j...>) {
  (f(std::integral_constant<int, static_cast<int>(j)>()), ...);
}
/// \overload
template <int count, class F>
EIGEN_ALWAYS_INLINE void for_each_index(F&& f) {
  for_each_index<count>(f, std::make_index_sequence<count>());
}

/// References to all members. C++17 cannot count them by itself.
template <int count, class Aggregate>
EIGEN_ALWAYS_INLINE auto tie(Aggregate& a) {
  static_assert(1 <= count && count <= 8, "a law's aggregates have one to eight members");
  if constexpr (count == 1) {
    auto& [m0] = a;
    return std::tie(m0);
  } else if constexpr (count == 2) {
    auto& [m0, m1] = a;
    return std::tie(m0, m1);
  } else if constexpr (count == 3) {
    auto& [m0, m1, m2] = a;
    return std::tie(m0, m1, m2);
  } else if constexpr (count == 4) {
    auto& [m0, m1, m2, m3] = a;
    return std::tie(m0, m1, m2, m3);
  } else if constexpr (count == 5) {
    auto& [m0, m1, m2, m3, m4] = a;
    return std::tie(m0, m1, m2, m3, m4);
  } else if constexpr (count == 6) {
    auto& [m0, m1, m2, m3, m4, m5] = a;
    return std::tie(m0, m1, m2, m3, m4, m5);
  } else if constexpr (count == 7) {
    auto& [m0, m1, m2, m3, m4, m5, m6] = a;
    return std::tie(m0, m1, m2, m3, m4, m5, m6);
  } else if constexpr (count == 8) {
    auto& [m0, m1, m2, m3, m4, m5, m6, m7] = a;
    return std::tie(m0, m1, m2, m3, m4, m5, m6, m7);
  }
}

}  // namespace spark
