/// \file
/// What a law is, and the arithmetic that laws share.
///
/// A law is the recurrence of a tracer: coefficients and state in, state and output out. It knows no storage, no shape
/// and no loop over elements. It is written once and computed on lanes of any width (lanes.hpp). A law `L` has
///
///     template <class V> struct Parameters;             what the user gives: all members V
///     template <class V> struct Coefficients;           what a step needs; the decays come first
///     template <class V> struct State;                  what is remembered
///     static constexpr ParameterInfo parameters[];      name, domain and default of each parameter
///     static constexpr StateInfo states[];              name and domain of each state
///     static constexpr int taus[];                      for each decay the parameter that is its tau
///     static Coefficients<W> prepare(const Parameters<W>&, const W& dt);
///     static State<V> rest(const Coefficients<V>&);     where a tracer starts and a reset leads
///     static void step(const C& c, S& s, const X& x);   one step of any width
///     static constexpr int value_state;                 the state that is the value, or else
///     static V value(const C& c, const S& s);           a function of the states
///
/// and may have what `LawDefaults` lists; `again(c, s)`, one more spike in the same step, where K spikes are not an x
/// of K, which returns what it adds to the output; and `Jumps` with `jump(c, s, x)`, where input comes last
/// (`has_jump`). Silence, n steps at once, is the law's own step with `Silence` as input: in it `leak` fades by what
/// the decays then hold. A law that cannot say so has `relax(c, s)` of its own, and `after(c, log_keep, n)` where other
/// coefficients than the decays change with n; or no closed form, and is stepped.
#pragma once

#include <spark/detail/lanes.hpp>

#include <array>

SPARK_NAMESPACE_BEGIN

/// The values that a parameter or a state may take.
enum class Domain {
  time_constant,          ///< > 0, infinite allowed: never decays
  time_constant_or_zero,  ///< >= 0, 0 in Exact only: nothing is remembered
  finite,
  unit,  ///< [0, 1]
  any    ///< not checked
};

/// A parameter as errors, checks and files know it. Without a `standard` value it must be given.
struct ParameterInfo {
  static constexpr double required = -1e300;
  const char* name;
  Domain domain;
  double standard = required;
};

/// A state likewise.
struct StateInfo {
  const char* name;
  Domain domain;
};

namespace detail {
/// The base of a law's Members: the object that has `state<j>()`, `parameter<j>()` and their like.
template <class Self> struct MembersOf {
 protected:
  const Self& self() const { return static_cast<const Self&>(*this); }
  Self& self() { return static_cast<Self&>(*this); }
};
}  // namespace detail

/// What a law may have beside what it must; it derives from this and overrides what differs.
struct LawDefaults {
  /// The name of the integration, as files know it. `Rule::elapse` asks for that of `Exact`.
  static constexpr const char* integration = "";
  /// Whether `step` returns an output that the state no longer tells (the release of a synapse).
  static constexpr bool emits = false;
  /// Whether `step` also takes Coefficients<V, Zero>, which stand for those of which `rests_at_zero(c)` is true.
  static constexpr bool can_rest_at_zero = false;
  /// Whether `step` with `Silence` as input is n steps at once: every decay is passed to `leak`, and nothing else
  /// fades.
  static constexpr bool fades = false;
  /// Whether silence in closed form holds from every state on; otherwise `closed(c, s)` tells whether it does from s
  /// on, and `held(c, s, log_keep_1, n)` how many of n steps it does because the value stays at a bound.
  static constexpr bool always_closed = true;
  /// The parameter that is a gain for each step, and follows dt where the equations are to stay: -1 for none.
  static constexpr int gain_per_step = -1;
  /// Names for states, parameters and decays, in a tracer and in `EventDriven` alike.
  template <class Self> struct Members {};
};

namespace detail {

// --- scalars ------------------------------------------------------------------------------------------

/// Whether v is NaN or infinite: all bits of its exponent are 1.
template <class T> bool exponent_is_full(const T& v) {
  if constexpr (sizeof(T) == 4) {
    return (Eigen::numext::bit_cast<std::uint32_t>(v) & 0x7f800000u) == 0x7f800000u;
  } else if constexpr (sizeof(T) == 8) {
    return (Eigen::numext::bit_cast<std::uint64_t>(v) & 0x7ff0000000000000u) == 0x7ff0000000000000u;
  } else {  // brought into the range of double
    constexpr int excess = std::numeric_limits<T>::max_exponent - std::numeric_limits<double>::max_exponent + 1;
    return exponent_is_full(static_cast<double>(std::ldexp(v, -excess)));
  }
}
/// Neither infinite nor NaN, asked of the bits, because -ffast-math lets compilers assume that no number is either.
template <class W> bool is_finite(const W& v) {
  if constexpr (std::is_floating_point<W>::value) {
    return !exponent_is_full(v);
  } else if constexpr (is_16_bit<W>) {
    return is_finite(widen(v));
  } else {
    const W difference = v - v;
    return difference == difference;
  }
}
template <class W> EIGEN_DEVICE_FUNC bool is_nan(const W& v) {
  if constexpr (std::is_same<W, float>::value) {
    return (Eigen::numext::bit_cast<std::uint32_t>(v) & 0x7fffffffu) > 0x7f800000u;
  } else if constexpr (std::is_same<W, double>::value) {
    return (Eigen::numext::bit_cast<std::uint64_t>(v) & 0x7fffffffffffffffu) > 0x7ff0000000000000u;
  } else if constexpr (std::is_floating_point<W>::value) {
    return is_nan(static_cast<double>(v));
  } else {
    return !(v == v);
  }
}

/// A number as T: one that overflows stays finite, as infinity times a trace of 0 would be NaN.
template <class T, class W> EIGEN_DEVICE_FUNC T kept_finite(const W& number) {
  if constexpr (std::is_arithmetic<T>::value) {
    constexpr auto most = static_cast<W>(std::numeric_limits<T>::max());
    return static_cast<T>(number > most ? most : number < -most ? W(-most) : number);
  } else {
    return static_cast<T>(number);
  }
}

/// x as it is rounded: -ffast-math takes (1 + x) - 1 for x.
template <class W> SPARK_INLINE const W& rounded(const W& x) {
  SPARK_IN_MEMORY(x);
  return x;
}
/// exp(x) - 1 without cancellation, also for scalars that only know exp and log (W. Kahan).
template <class W> EIGEN_DEVICE_FUNC W expm1(const W& x) {
  if constexpr (std::is_arithmetic<W>::value) {
    return std::expm1(x);
  } else {
    using std::exp;
    using std::log;
    const W u = rounded(W(exp(x)));
    if (u == W(1)) return x;
    const W difference = u - W(1);
    if (difference == W(-1)) return difference;
    return difference * x / log(u);
  }
}
/// log(1 + x) in the same way.
template <class W> EIGEN_DEVICE_FUNC W log1p(const W& x) {
  if constexpr (std::is_arithmetic<W>::value) {
    return std::log1p(x);
  } else {
    using std::log;
    const W u = rounded(W(W(1) + x));
    if (u == W(1)) return x;
    return log(u) * x / W(u - W(1));
  }
}
/// keep^n, given log(keep); n >= 0, keep in [0, 1].
template <class W> EIGEN_DEVICE_FUNC W kept(const W& log_keep, const W& n) {
  using std::exp;
  return n == W(0) ? W(1) : W(exp(W(n * log_keep)));
}
/// 1 - keep^n. Where keep^n is well below 1 the difference loses nothing and exp is several times faster than expm1.
template <class W> EIGEN_DEVICE_FUNC W lost(const W& log_keep, const W& n) {
  using std::exp;
  if (n == W(0)) return W(0);
  const W exponent = n * log_keep;
  return exponent < W(-1) ? W(W(1) - exp(exponent)) : W(-detail::expm1(exponent));
}

}  // namespace detail

/// Forward Euler: a step loses dt/tau of the distance to base.
struct Euler {
  static constexpr const char* name = "Euler";
  template <class W> static W decay(const W& dt, const W& tau) { return dt / tau; }
};

/// Exact over a step: it loses 1 - exp(-dt/tau), input arrives at its end.
struct Exact {
  static constexpr const char* name = "Exact";
  template <class W> static W decay(const W& dt, const W& tau) {
    return tau == W(0) ? W(1) : W(-detail::expm1(W(-dt / tau)));
  }
};

namespace detail {

// --- one exponential trace ----------------------------------------------------------------------------

/// The input of a step that stands for n steps without input.
struct Silence {};
SPARK_INLINE Zero nonzero(Silence) { return {}; }
/// The same step without its input.
template <class X> SPARK_INLINE Zero without_input(const X&) { return {}; }
SPARK_INLINE Silence without_input(Silence) { return {}; }
/// Silence adds nothing.
template <class T, int width, class C> SPARK_INLINE Lanes<T, width> fma(const Lanes<T, width>&, Silence, const C& c) {
  return Lanes<T, width>(c);
}

template <class T> EIGEN_DEVICE_FUNC constexpr T least_share() {
  return std::numeric_limits<std::conditional_t<std::numeric_limits<T>::is_specialized, T, float>>::min();
}
template <class W> EIGEN_DEVICE_FUNC constexpr W all_lost() {
  return signed_zeros && std::is_floating_point<W>::value ? W(-0.0) : W(-least_share<W>());
}
/// For n * log_keep below this, -2^-10, 1 minus the share that is left keeps 43 of double's 53 digits of what is lost.
inline constexpr double share_suffices = -0.0009765625;
/// What n steps without input do to a distance from base: the negative of the share that is left or, where nearly all
/// is left, the share that is lost. -0 says that all is lost, or the least share where a compiler may take both zeros
/// for one. One exponential serves both but for the smallest losses: silences of any length take the same branch,
/// which a processor predicts.
template <class W> SPARK_INLINE W faded(const W& log_keep, const W& n) {
  using std::exp;
  const W exponent = n * log_keep;
  if (EIGEN_PREDICT_FALSE(!(exponent < W(share_suffices))))
    return lost(log_keep, n);  // also where it is NaN, 0 steps of a decay of 1
  const W left = exp(exponent);
  return left > W(least_share<W>()) ? W(-left) : all_lost<W>();
}
/// A trace after such an interval, of which `share` is what `faded` says. An infinite trace becomes NaN, as in steps.
template <class V, class B> SPARK_INLINE V fade(const V& trace, const V& share, const B& base) {
  const V end = (trace - trace) + base;
  return fma(share, toward(trace, base), select(negative(share), end, trace));
}
template <class V> SPARK_INLINE V toward(const V& trace, const V& base) { return base - trace; }
template <class V> SPARK_INLINE V toward(const V& trace, Zero) { return V(Zero{}) - trace; }

/// One step of decay, before the guard. As an increment a decay far below the precision of 1 keeps all of its own.
template <class T, int width, class B>
SPARK_INLINE Lanes<T, width> lessened(const Lanes<T, width>& trace, const Lanes<T, width>& decay, const B& base) {
  using V = Lanes<T, width>;
  if constexpr (!fused_multiply_add && std::is_floating_point<T>::value) {
    // The product is rounded by itself. Where it is subnormal, or flushed to 0, the trace would stay for ever.
    const V change = decay * toward(trace, base);
    return select(normal(change), trace + change, select(nonzero(decay), V(base), trace));
  } else if constexpr (std::is_same<B, Zero>::value) {
    return fnma(decay, trace, trace);
  } else {
    return fma(decay, base - trace, trace);
  }
}
/// One step of one exponential trace: decay, guard, input. What decays is exactly 0 below the guard.
template <class V, class B, class X>
SPARK_INLINE V leak(const V& trace, const V& decay, const B& base, const V& scale, const X& x) {
  return fma(scale, x, settle(lessened(trace, decay, base)));
}
/// n steps without input, in which `share`, in the place of the decay, is what `faded` says.
template <class V, class B> SPARK_INLINE V leak(const V& trace, const V& share, const B& base, const V&, Silence) {
  return settle(fade(trace, share, base));
}
/// The same of a trace in [0, 1], for which one comparison is guard and bound.
template <class V, class B, class X>
SPARK_INLINE V clipped_leak(const V& trace, const V& decay, const B& base, const V& scale, const X& x) {
  return clip(fma(scale, x, lessened(trace, decay, base)));
}
template <class V, class B>
SPARK_INLINE V clipped_leak(const V& trace, const V& share, const B& base, const V&, Silence) {
  return clip(fade(trace, share, base));
}

/// a * b of two shares, settled. Where multiply and add are fused, the sum with a number whose last place is the
/// guard's takes the place of a product that would be subnormal, and slow.
template <class T, int width> SPARK_INLINE Lanes<T, width> product(const Lanes<T, width>& a, const Lanes<T, width>& b) {
  if constexpr (fused_multiply_add && std::is_floating_point<T>::value && sizeof(T) <= 8) {
    const Lanes<T, width> above(guard_threshold<T>() / std::numeric_limits<T>::epsilon());
    return fma(a, b, above) - above;
  } else {
    return settle(a * b);
  }
}

// --- reflection: the members of an aggregate by number ------------------------------------------------

/// How many members an aggregate of V has.
template <class Aggregate, class V> constexpr int members = sizeof(Aggregate) / sizeof(V);

/// The j-th of its arguments.
template <int j, class First, class... Rest> SPARK_INLINE auto& pick(First& first, Rest&... rest) {
  if constexpr (j == 0) {
    return first;
  } else {
    return pick<j - 1>(rest...);
  }
}
/// Member j of an aggregate of `count` members, which C++17 cannot count by itself.
template <int j, int count, class Aggregate> SPARK_INLINE auto& member(Aggregate&& a) {
  static_assert(0 <= j && j < count, "spark: the aggregate has fewer members; they are counted from 0");
  static_assert(count <= 8, "spark: Parameters, Coefficients and State of a law have at most eight members each");
  if constexpr (count == 1) {
    auto& [m0] = a;
    return pick<j>(m0);
  } else if constexpr (count == 2) {
    auto& [m0, m1] = a;
    return pick<j>(m0, m1);
  } else if constexpr (count == 3) {
    auto& [m0, m1, m2] = a;
    return pick<j>(m0, m1, m2);
  } else if constexpr (count == 4) {
    auto& [m0, m1, m2, m3] = a;
    return pick<j>(m0, m1, m2, m3);
  } else if constexpr (count == 5) {
    auto& [m0, m1, m2, m3, m4] = a;
    return pick<j>(m0, m1, m2, m3, m4);
  } else if constexpr (count == 6) {
    auto& [m0, m1, m2, m3, m4, m5] = a;
    return pick<j>(m0, m1, m2, m3, m4, m5);
  } else if constexpr (count == 7) {
    auto& [m0, m1, m2, m3, m4, m5, m6] = a;
    return pick<j>(m0, m1, m2, m3, m4, m5, m6);
  } else {
    auto& [m0, m1, m2, m3, m4, m5, m6, m7] = a;
    return pick<j>(m0, m1, m2, m3, m4, m5, m6, m7);
  }
}

template <class Law, class V> using CoefficientsOf = typename Law::template Coefficients<V>;
template <class Law, class V> using StateOf = typename Law::template State<V>;
template <class Law> constexpr int parameters_of = static_cast<int>(std::size(Law::parameters));
template <class Law> constexpr int decays_of = static_cast<int>(std::size(Law::taus));
template <class Law> constexpr int coefficients_of = members<CoefficientsOf<Law, float>, float>;
template <class Law> constexpr int states_of = members<StateOf<Law, float>, float>;

/// Whether a law has a part: Part<Law> is what the part's use comes to.
template <template <class> class Part, class Law, class = void> constexpr bool has = false;
template <template <class> class Part, class Law> constexpr bool has<Part, Law, std::void_t<Part<Law>>> = true;

template <class Law> using ReadBy = const CoefficientsOf<Law, Lanes<double, 1>>;
template <class Law> using ChangedBy = StateOf<Law, Lanes<double, 1>>&;
template <class Law> using PrepareOf = decltype(Law::prepare(typename Law::template Parameters<double>(), 1.0));
template <class Law> using RestOf = decltype(Law::rest(CoefficientsOf<Law, double>()));
template <class Law> using StepOf =
    decltype(Law::step(ReadBy<Law>(), std::declval<ChangedBy<Law>>(), Lanes<double, 1>()));
template <class Law> using RelaxOf = decltype(Law::relax(ReadBy<Law>(), std::declval<ChangedBy<Law>>()));
template <class Law> using AfterOf =
    decltype(Law::after(CoefficientsOf<Law, double>(), std::array<double, decays_of<Law>>(), 1.0));
template <class Law> using JumpOf = decltype(Law::jump(ReadBy<Law>(), std::declval<ChangedBy<Law>>(), 1));
template <class Law> using JumpsOf = std::enable_if_t<std::is_same<typename Law::Jumps, Law>::value>;
template <class Law> using AgainOf = decltype(Law::again(ReadBy<Law>(), std::declval<ChangedBy<Law>>()));
template <class Law> using ValueStateOf = decltype(Law::value_state);
template <class Law> using ValueOf = decltype(Law::value(ReadBy<Law>(), StateOf<Law, Lanes<double, 1>>()));

/// Whether input comes last: a step with x is, to the bit, one without and then `jump(c, s, x)`. `Jumps` names the
/// law of whose `step` that holds: a law that derives from it and has another step does not inherit it.
template <class Law> constexpr bool has_jump = has<JumpsOf, Law>;
/// Whether K spikes at once are more than an x of K: `again(c, s)` is one more spike in the same step.
template <class Law> constexpr bool has_again = has<AgainOf, Law>;
/// Whether the value is a function of the states, not one of them.
template <class Law> constexpr bool has_value_function = has<ValueOf, Law>;
/// Whether silence has a closed form.
template <class Law> constexpr bool has_closed_form = Law::fades || has<RelaxOf, Law>;

/// The value of an element: a function of the states, or one of them.
template <class Law, class C, class S> SPARK_INLINE auto value_of(const C& c, const S& s) {
  if constexpr (has_value_function<Law>) {
    return Law::value(c, s);
  } else {
    return member<Law::value_state, states_of<Law>>(s);
  }
}

/// Names the piece that a law lacks, in the first line of the compiler's complaint.
template <class Law> constexpr bool require_law() {
  static_assert(parameters_of<Law> <= 8 && coefficients_of<Law> <= 8 && states_of<Law> <= 8,
                "spark: a law has at most eight parameters, coefficients and states; split it into two tracers");
  static_assert(members<typename Law::template Parameters<float>, float> == parameters_of<Law>,
                "spark: a law names each member of its Parameters in `parameters`, in their order");
  static_assert(std::size(Law::states) == states_of<Law>,
                "spark: a law names each member of its State in `states`, in their order");
  static_assert(decays_of<Law> >= 1 && decays_of<Law> <= coefficients_of<Law>,
                "spark: a law names in `taus` the parameter of each decay; its Coefficients begin with the decays");
  static_assert(
      has<PrepareOf, Law>,
      "spark: a law needs `template <class W> static Coefficients<W> prepare(const Parameters<W>& p, const W& "
      "dt)`, which computes the coefficients of a step, the decays first");
  static_assert(has<RestOf, Law>,
                "spark: a law needs `template <class V> static State<V> rest(const Coefficients<V>& c)`");
  static_assert(has<StepOf, Law>,
                "spark: a law needs `template <class C, class S, class X> static SPARK_INLINE void "
                "step(const C& c, S& s, const X& x)`");
  static_assert(!has_jump<Law> || has<JumpOf, Law>,
                "spark: a law that names itself in `Jumps` needs `template <class C, class S, class X> static "
                "SPARK_INLINE void jump(const C& c, S& s, const X& x)`");
  static_assert(has_value_function<Law> || has<ValueStateOf, Law>,
                "spark: a law needs `static constexpr int value_state = j`, the state that is its value, "
                "or `template <class C, class S> static SPARK_INLINE auto value(const C& c, const S& s)`");
  return true;
}

}  // namespace detail

using detail::faded;  // for the `after` of a law of one's own

SPARK_NAMESPACE_END
