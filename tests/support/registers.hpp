// The operations of lanes on registers, against the same on single numbers: for the unit tests, and for other
// processors (ports/telling.cpp).
#pragma once

#include <cstring>
#include <limits>
#include <spark/tracers.hpp>
#include <vector>

namespace suite {

using spark::detail::Lanes;

template <class T> using Register = Lanes<T, spark::detail::register_width<T>>;

template <class T, int w> std::vector<T> numbers(const Lanes<T, w>& lanes) {
  std::vector<T> all(std::size_t{w});
  lanes.store(all.data());
  return all;
}

// To the bit; of a NaN processors choose the payload.
template <class T> bool agree(const T& a, const T& b) {
  using spark::detail::is_nan, spark::detail::widen;
  if (is_nan(widen(a))) return is_nan(widen(b));
  return std::memcmp(&a, &b, spark::detail::bytes_of<T>) == 0;
}

// Where operations differ if they differ anywhere; all of them follow each other in all orders.
template <class T> std::vector<T> odd_numbers() {
  using Limits = std::numeric_limits<T>;
  const T silence = spark::detail::silence_threshold<T>(), before = std::nextafter(silence, T(0));
  std::vector<T> all = {Limits::quiet_NaN()};
  for (const T v : {T(0), T(0.375), T(1), T(2), std::nextafter(T(1), T(2)), silence, before, Limits::min(),
                    Limits::max(), Limits::infinity(), T(0.1), T(1) / T(3)})
    all.insert(all.end(), {v, -v});
  return all;
}

// Calls f with each triple of numbers, on registers and on single numbers. Counts where they disagree.
template <int width, class T, class F> int disagreements(F f) {
  using V = Lanes<T, width>;
  using One = Lanes<T, 1>;
  int wrong = 0;
  const std::vector<T> all = odd_numbers<T>();
  for (const T& a : all)
    for (const T& b : all)
      for (std::size_t first = 0; first < all.size(); ++first) {
        T c[std::size_t{width}];
        for (std::size_t i = 0; i < std::size_t{width}; ++i) c[i] = all[(first + i) % all.size()];
        const std::vector<T> together = numbers(V(f(V(a), V(b), V::load(&c[0]))));
        for (std::size_t i = 0; i < together.size(); ++i)
          wrong += !agree(together[i], One(f(One(a), One(b), One(c[i]))).number());
      }
  return wrong;
}

// Calls tell(name, disagreements) for each operation.
template <int width, class T, class Tell> void compare_registers(Tell tell) {
  const auto compare = [&](const char* name, auto f) { tell(name, disagreements<width, T>(f)); };
  compare("+", [](auto a, auto, auto c) { return a + c; });
  compare("-", [](auto a, auto, auto c) { return a - c; });
  compare("*", [](auto a, auto, auto c) { return a * c; });
  compare("fma", [](auto a, auto b, auto c) { return fma(a, b, c); });
  compare("fnma", [](auto a, auto b, auto c) { return fnma(a, b, c); });
  compare("min", [](auto a, auto, auto c) { return min(a, c); });
  compare("max", [](auto a, auto, auto c) { return max(a, c); });
  compare("nonzero", [](auto a, auto b, auto c) { return select(nonzero(c), a, b); });
  compare("negative", [](auto a, auto b, auto c) { return select(negative(c), a, b); });
  compare("normal", [](auto a, auto b, auto c) { return select(normal(c), a, b); });
  compare("settle", [](auto, auto, auto c) { return settle(c); });
  compare("rectify", [](auto, auto, auto c) { return rectify(c); });
  compare("clip", [](auto, auto, auto c) { return clip(c); });
  // 0 is added to -0 or is not, so the sign is the processor's choice; a law adds to what is settled, and that is no -0
  compare("fma with a mask", [](auto a, auto b, auto c) { return fma(a, nonzero(c), settle(b)); });
  compare("fnma with a mask", [](auto a, auto b, auto c) { return fnma(a, nonzero(c), b); });
}

}  // namespace suite
