/// \file
/// Silence in closed form: what is left of a state after n steps without input.
#pragma once

#include <spark/detail/law.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

SPARK_NAMESPACE_BEGIN
namespace detail {

/// The type in which coefficients are prepared: double, or wider where the traces are.
template <class T> using Wide = std::conditional_t<std::is_same<T, float>::value, double, T>;

/// Takes s through the interval that the coefficients c stand for.
template <class Law, class C, class S> SPARK_INLINE void relax(const C& c, S& s) {
  if constexpr (has<RelaxOf, Law>) {
    Law::relax(c, s);
  } else {
    Law::step(c, s, Silence());
  }
}

/// The silences of one element, or of all where they share their coefficients.
template <class Law, class T> class ClosedForm {
 public:
  using W = Wide<T>;
  using One = Lanes<T, 1>;
  using State = StateOf<Law, One>;
  using Coefficients = CoefficientsOf<Law, One>;

  ClosedForm() = default;
  EIGEN_DEVICE_FUNC explicit ClosedForm(const Coefficients& c) : step_(c) {
    for_each_index<count>([&](auto j) { member<j, count>(wide_) = static_cast<W>(member<j, count>(c).number()); });
    if constexpr (has_closed_form<Law>)
      for_each_index<decays>([&](auto j) { log_keep_[j] = log_keep_of(member<j, count>(wide_)); });
  }

  /// The coefficients of n >= 0 steps; n need not be whole. No coefficient is subnormal.
  SPARK_INLINE Coefficients after(const W& n) const {
    CoefficientsOf<Law, W> wide = wide_;
    if constexpr (has<AfterOf, Law>) {
      wide = Law::after(wide_, log_keep_, n);
    } else {  // the decays fade; whatever else a step needs stays
      for_each_index<decays>([&](auto j) { member<j, count>(wide) = faded(log_keep_[j], n); });
    }
    Coefficients c;
    for_each_index<count>([&](auto j) {
      const W& exact = member<j, count>(wide);
      One& rounded = member<j, count>(c);
      rounded = One(j < decays ? share(exact) : kept_finite<T>(exact));
      if (j >= decays || !negative(rounded).r[0]) rounded = settle(rounded);
    });
    return c;
  }

  /// Whether a share that is left is below the least of T, though a tall trace would still be seen after it. Then two
  /// halves are taken, of which each leaves a normal number.
  EIGEN_DEVICE_FUNC bool splits(const W& n) const {
    if constexpr (std::is_arithmetic<T>::value && has_closed_form<Law>) {
      // A decay of 1 leaves nothing, and no half of it more; the least share, where zeros have no sign.
      const bool whole = !signed_zeros && n >= W(2);
      for (const W& log_keep : log_keep_)
        if (n * log_keep < log_least() && (log_keep > log_of_nothing() || whole)) return true;
    }
    return false;
  }
  /// After how many steps the fastest decay leaves less than the least share, and the slowest one less than that of
  /// `tallest`.
  std::pair<std::int64_t, std::int64_t> fades_from(const W& tallest) const {
    using std::log;
    const W never = W(std::int64_t{1} << 62);
    W first = never, last = W(0);
    for (const W& log_keep : log_keep_) {
      if (!is_finite(log_keep)) continue;  // at once
      const bool fades = log_keep < W(0);
      first = fades ? std::min(first, W(log_least() / log_keep)) : first;
      last = fades ? std::max(last, std::min(never, W((log_least() - log(tallest)) / log_keep))) : never;
    }
    return {static_cast<std::int64_t>(first), static_cast<std::int64_t>(last)};
  }

  /// Takes a state through an interval. It is inline for the sake of whoever takes one state through many: what depends
  /// on the state follows it from load to store, and the exponentials of the next interval run beside it.
  SPARK_INLINE void relax_by(State& s, const W& n) const {
    if (splits(n)) return relax_by_halves(s, n);
    if (!signed_zeros && n == W(1)) {  // or the least share would stay
      Law::step(step_, s, Zero());
    } else {
      relax<Law>(after(n), s);
    }
  }
  /// Whether an interval changes nothing but the shares of the decays.
  static constexpr bool by_shares =
      std::is_arithmetic<T>::value && has_closed_form<Law> && Law::always_closed && !has<AfterOf, Law>;
  /// For which n the share that each decay leaves is normal and exact enough, so that its exponential is all there is
  /// to compute. A decay of 1 leaves -0 after any n > 0.
  std::pair<W, W> range_of_shares() const {
    W from = std::numeric_limits<double>::min(), to = std::numeric_limits<W>::max();
    for (const W& log_keep : log_keep_) {
      if (!is_finite(log_keep)) continue;
      if (!(log_keep < W(0))) return {W(0), W(0)};
      from = std::max(from, W(share_suffices / log_keep));
      to = std::min(to, W(W(0.99) * log_least() / log_keep));
    }
    return {from, to};
  }
  /// The coefficients of an interval in that range.
  SPARK_INLINE Coefficients after_by_shares(const W& n) const {
    Coefficients c = step_;
    for_each_index<decays>([&](auto j) { member<j, count>(c) = One(share(-std::exp(n * log_keep_[j]))); });
    return c;
  }
  /// Takes a state through n steps without input: by the closed form where it holds or the value stays at a bound, else
  /// by single steps, but no longer than they change anything.
  EIGEN_DEVICE_FUNC void bridge(State& s, std::int64_t n) const {
    bridge(s, n, [&](auto steps) { relax_by(s, static_cast<W>(static_cast<double>(steps))); });
  }
  /// The same with an interval of one's own, `relax_by(steps)`.
  template <class Relax> SPARK_INLINE void bridge(State& s, std::int64_t n, Relax relax_steps) const {
    if constexpr (!has_closed_form<Law>) {
      while (n > 0 && step_changes(s)) --n;
    } else {
      if constexpr (!Law::always_closed) n = reach_closed(s, n, relax_steps);
      if (n > 0) relax_steps(n);
    }
  }

 private:
  static constexpr int count = coefficients_of<Law>;
  static constexpr int decays = decays_of<Law>;
  static constexpr int states = states_of<Law>;
  static constexpr bool real = std::is_arithmetic<T>::value;  // else derivatives may change though no value does

  /// What `faded` says, as T. Where more than half is left, T keeps what is lost, which is small and exact; what is
  /// left below the least of T counts as all lost.
  static SPARK_INLINE T share(const W& exact) {
    if constexpr (real && !std::is_same<T, W>::value) {
      if (exact < W(-0.5)) return static_cast<T>(exact + W(1));
      if (exact < W(0) && exact > W(-least_share<T>())) return all_lost<T>();
    }
    return static_cast<T>(exact);
  }

  /// log(1 - decay). That of a decay of 1 is infinite, or so large that any part of a step leaves nothing, where
  /// compilers may take it that nothing is infinite.
  static EIGEN_DEVICE_FUNC W log_keep_of(const W& decay) {
    if (!signed_zeros && decay == W(1)) return log_of_nothing();
    return detail::log1p(W(-decay));
  }
  static EIGEN_DEVICE_FUNC constexpr W log_of_nothing() { return W(-1e200); }
  /// The logarithm of the least share.
  static EIGEN_DEVICE_FUNC constexpr W log_least() {
    return W((std::numeric_limits<T>::min_exponent - 1) * 0.69314718055994530942);
  }

  EIGEN_DEVICE_FUNC EIGEN_DONT_INLINE void relax_by_halves(State& s, const W& n) const {
    const Coefficients half = after(n / W(2));
    relax<Law>(half, s);
    relax<Law>(half, s);
  }
  /// One step; whether it changed the state.
  EIGEN_DEVICE_FUNC bool step_changes(State& s) const {
    const State before = s;
    Law::step(step_, s, Zero());
    bool changed = !real;
    for_each_index<states>([&](auto j) {
      const T &old = member<j, states>(before).number(), &now = member<j, states>(s).number();
      if constexpr (real) changed |= old != now && !(is_nan(old) && is_nan(now));
    });
    return changed;
  }

  /// Steps until the closed form holds; returns how many of n steps are left.
  template <class Relax>
  EIGEN_DEVICE_FUNC std::int64_t reach_closed(State& s, std::int64_t n, Relax relax_steps) const {
    CoefficientsOf<Law, T> c;
    for_each_index<count>([&](auto j) { member<j, count>(c) = member<j, count>(step_).number(); });
    while (n > 0) {
      StateOf<Law, T> now;
      for_each_index<states>([&](auto j) { member<j, states>(now) = member<j, states>(s).number(); });
      if (Law::closed(c, now)) break;
      std::int64_t held = 0;
      if constexpr (real) held = Law::held(c, now, static_cast<T>(log_keep_[0]), n);
      if (held > 0) {
        auto& value = member<Law::value_state, states>(s);
        const One bound = value;
        relax_steps(held);
        value = bound;  // of a difference of large numbers the closed form could not tell it
        n -= held;
      } else {
        if (!step_changes(s)) return 0;
        --n;
      }
    }
    return n;
  }

  Coefficients step_{};
  CoefficientsOf<Law, W> wide_{};
  std::array<W, decays> log_keep_{};
};

/// The intervals from which a silence of fewer than 2^18 steps is put together: those of j, 64 j and 4096 j steps, for
/// j below 64. For whoever needs many silences of the same coefficients: no exponential, no division.
template <class Law, class T> class Intervals {
  using Form = ClosedForm<Law, T>;

 public:
  Intervals() = default;
  explicit Intervals(const typename Form::Coefficients& c) : form_(c) {
    if constexpr (has_closed_form<Law>) {
      for (std::size_t i = 0; i < after_.size(); ++i)
        after_[i] = form_.after(static_cast<typename Form::W>(static_cast<int>(i % 64 << 6 * (i / 64))));
      T most(0);
      if constexpr (has<AfterOf, Law>)
        for (const auto& interval : after_) most = std::max(most, handed_on(interval));
      hands_on_tall_ = T(2) / (most + T(1));
      std::tie(tall_from_, gone_from_) = form_.fades_from(typename Form::W(T(4) * (most + T(1))));
    }
  }

  SPARK_INLINE void bridge(typename Form::State& s, std::int64_t n) const {
    constexpr std::int64_t end = std::int64_t{1} << 18;
    if (n >= end || (n >= tall_from_ && must_split(s, n))) return long_or_tall(s, n);
    form_.bridge(s, n, [&](auto steps) SPARK_INLINE_LAMBDA {
      const auto length = static_cast<std::size_t>(steps);
      relax<Law>(after_[length % 64], s);
      relax<Law>(after_[64 + length / 64 % 64], s);
      if (length >= 4096) relax<Law>(after_[128 + length / 4096], s);
    });
  }

 private:
  EIGEN_DONT_INLINE void long_or_tall(typename Form::State& s, std::int64_t n) const { form_.bridge(s, n); }
  /// Whether the least share of a trace is not 0: one of 4 or more, or one that makes another so tall, until that is
  /// gone, too.
  bool must_split(const typename Form::State& s, std::int64_t n) const {
    return tall(s, T(4)) || (has<AfterOf, Law> && n < gone_from_ && tall(s, hands_on_tall_));
  }
  static bool tall(const typename Form::State& s, const T& least) {
    bool any = false;
    for_each_index<states_of<Law>>([&](auto j) {
      const T& v = member<j, states_of<Law>>(s).number();
      any |= !(v < least && v > -least);
    });
    return any;
  }
  /// The most that an interval can make of a trace of 1 in another.
  static T handed_on(const typename Form::Coefficients& interval) {
    T most(0);
    for_each_index<coefficients_of<Law>>([&](auto j) {
      const T& v = member<j, coefficients_of<Law>>(interval).number();
      if (j >= decays_of<Law>) most = std::max(most, std::max(v, T(-v)));
    });
    return most;
  }

  Form form_;
  std::array<typename Form::Coefficients, std::size_t{3} * 64> after_{};
  std::int64_t tall_from_ = std::int64_t{1} << 62;
  std::int64_t gone_from_ = 0;
  T hands_on_tall_ = T(4);
};

}  // namespace detail
SPARK_NAMESPACE_END
