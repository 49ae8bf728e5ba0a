/// \file
/// Silence in closed form: what is left of a state after n steps without input.
#pragma once

#include <spark/law/law.hpp>

namespace spark {

template <class Law>
constexpr int decays = static_cast<int>(std::size(Law::taus));

/// log(1 - decay) for each decay; what the closed forms take their powers from.
template <class Law, class W>
std::array<W, decays<Law>> log_keeps(typename Law::template Coefficients<W> c) {
  constexpr int count = members<typename Law::template Coefficients<W>, W>;
  const auto all = tie<count>(c);
  std::array<W, decays<Law>> logs;
  for_each_index<decays<Law>>([&](auto j) { logs[j] = spark::log1p(W(-std::get<j>(all))); });
  return logs;
}

/// The coefficients of n >= 0 steps without input, for `Law::relax`. What is left of a distance, if it is less than a
/// trace can be, is nothing: no coefficient is subnormal.
template <class Law, class T, class W>
typename Law::template Coefficients<T> coefficients_after(const typename Law::template Coefficients<W>& c,
                                                          const std::array<W, decays<Law>>& log_keep, std::int64_t n) {
  auto wide = Law::after(c, log_keep, static_cast<W>(static_cast<double>(n)));
  typename Law::template Coefficients<T> narrow{};
  constexpr int count = members<decltype(narrow), T>;
  for_each_index<count>([&](auto j) {
    const W& exact = std::get<j>(tie<count>(wide));
    const T coefficient = static_cast<T>(exact);
    const bool share_left = j < decays<Law> && exact < W(0);  // in W it may be less than T knows
    std::get<j>(tie<count>(narrow)) = share_left ? spark::min(coefficient, T(-least_share<T>())) : settle(coefficient);
  });
  return narrow;
}

/// The law whose step is an interval without input: the coefficients come from `coefficients_after`.
template <class Law>
struct Interval : Law {
  static constexpr bool emits = false;
  static constexpr bool can_rest_at_zero = false;

  template <class C, class S>
  static EIGEN_ALWAYS_INLINE void step(const C& c, S& s, Zero) {
    Law::relax(c, s);
  }
};

/// The intervals from which a silence of fewer than 2^18 steps is put together: those of j, 64 j and 4096 j steps,
/// for j below 64. For whoever needs many silences of the same coefficients: no exponential, no division.
template <class Law, class T>
class Intervals {
 public:
  static constexpr std::int64_t end = std::int64_t{1} << 18;

  Intervals() = default;
  template <class W>
  Intervals(const typename Law::template Coefficients<W>& c, const std::array<W, decays<Law>>& log_keep) {
    for (std::size_t i = 0; i < after_.size(); ++i) {
      after_[i] = coefficients_after<Law, T, W>(c, log_keep, static_cast<std::int64_t>((i % 64) << (6 * (i / 64))));
    }
  }

  /// n steps; n < end. An interval of no steps changes nothing, and costs less than asking for it.
  EIGEN_ALWAYS_INLINE void relax(typename Law::template State<T>& s, std::int64_t n) const {
    const auto length = static_cast<std::size_t>(n);
    Law::relax(after_[length % 64], s);
    Law::relax(after_[64 + length / 64 % 64], s);
    if (length >= 4096) Law::relax(after_[128 + length / 4096], s);
  }

 private:
  std::array<typename Law::template Coefficients<T>, std::size_t{3} * 64> after_{};
};

/// Takes one element through n steps without input: by `relax(n)` where the closed form holds or a bound does, else by
/// single steps, but no longer than they change anything.
template <class Law, class T, class W, class Relax>
EIGEN_ALWAYS_INLINE void silence(const typename Law::template Coefficients<T>& c,
                                 const std::array<W, decays<Law>>& log_keep, typename Law::template State<T>& s,
                                 std::int64_t n, Relax relax) {
  if constexpr (!Law::has_closed_form) {
    constexpr bool number = std::is_constructible<std::int64_t, T>::value;  // others may change though no value does
    while (n > 0 && !Law::closed(c, s)) {
      const auto before = s;
      if constexpr (number) {
        if (const std::int64_t held = Law::held(c, s, static_cast<T>(log_keep[0]), n)) {
          relax(held);
          n -= held;
          continue;
        }
      }
      Law::step(c, s, Zero{});
      --n;
      constexpr int states = members<typename Law::template State<T>, T>;
      if (number && tie<states>(before) == tie<states>(s)) return;
    }
  }
  if (n > 0) relax(n);
}

}  // namespace spark
