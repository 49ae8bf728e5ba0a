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
  for_each_index<decays<Law>>([&](auto j) { logs[j] = log1p(W(-std::get<j>(all))); });
  return logs;
}

/// An aggregate of `From` as one of `To`, member by member.
template <class To, class From, int count, class A, class B>
void convert(A& from, B& to) {
  const auto source = tie<count>(from);
  const auto target = tie<count>(to);
  for_each_index<count>([&](auto j) { std::get<j>(target) = static_cast<To>(std::get<j>(source)); });
}

/// The coefficients of n >= 0 steps without input, for `Law::relax`.
template <class Law, class T, class W, class Log>
EIGEN_ALWAYS_INLINE typename Law::template Coefficients<T> coefficients_after(
    const typename Law::template Coefficients<W>& c, const std::array<Log, decays<Law>>& log_keep, std::int64_t n) {
  auto wide = Law::after(c, log_keep, static_cast<W>(static_cast<double>(n)));
  typename Law::template Coefficients<T> narrow{};
  constexpr int count = members<decltype(wide), W>;
  convert<T, W, count>(wide, narrow);
  // what is left in W may be less than T knows
  for_each_index<decays<Law>>([&](auto j) {
    T& share = std::get<j>(tie<count>(narrow));
    const T least = least_share<T>();
    if (std::get<j>(tie<count>(wide)) < W(0) && !(share < -least)) share = -least;
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

/// Takes one element through n steps without input: by the closed form, or, as long as that does not hold, by single
/// steps, but no longer than they change anything.
template <class Law, class T, class W, class Log>
EIGEN_ALWAYS_INLINE void silence(const typename Law::template Coefficients<T>& c,
                                 const typename Law::template Coefficients<W>& wide,
                                 const std::array<Log, decays<Law>>& log_keep, typename Law::template State<T>& s,
                                 std::int64_t n) {
  if constexpr (!Law::has_closed_form) {
    for (; n > 0 && !Law::closed(c, s); --n) {
      auto before = s;
      Law::step(c, s, Zero{});
      constexpr int states = members<decltype(before), T>;
      if (tie<states>(before) == tie<states>(s)) return;
    }
  }
  if (n > 0) Law::relax(coefficients_after<Law, T, W>(wide, log_keep, n), s);
}

}  // namespace spark
