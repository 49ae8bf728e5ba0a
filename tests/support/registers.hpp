// What registers compute, load and store, against single numbers and Eigen: for the unit tests, and for other
// processors (ports/telling.cpp). Each function calls tell(what, how many numbers are wrong).
#pragma once

#include <limits>
#include <spark/tracers.hpp>
#include <vector>

#include "compare.hpp"

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
  return same_bits(a, b);
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

// Everything that lies in memory, a register at a time.
template <class T, class S> std::vector<T> loaded_from(const S* memory, std::size_t count) {
  using Loaded = std::conditional_t<std::is_same_v<S, bool>, typename Register<T>::M, Register<T>>;
  std::vector<T> all;
  for (std::size_t i = 0; i < count; i += static_cast<std::size_t>(spark::detail::register_width<T>))
    for (const T& number : numbers(Register<T>(Loaded::load(memory + i)))) all.push_back(number);
  return all;
}
template <class S, class T> std::vector<S> stored_as(const std::vector<T>& values) {
  constexpr auto width = static_cast<std::size_t>(spark::detail::register_width<T>);
  std::vector<S> all(values.size());
  for (std::size_t i = 0; i + width <= values.size(); i += width) Register<T>::load(&values[i]).store(&all[i]);
  return all;
}

// Bytes, truth values, bits and other numbers.
template <class T, class Tell> void compare_loads(Tell tell) {
  const auto compare = [&](const char* what, auto number) {  // the i-th
    decltype(number(0)) memory[256];
    for (int i = 0; i < 256; ++i) memory[i] = number(i);
    const std::vector<T> read = loaded_from<T>(&memory[0], 256);
    int wrong = 0;
    for (int i = 0; i < 256; ++i) wrong += !agree(read[static_cast<std::size_t>(i)], static_cast<T>(number(i)));
    tell(what, wrong);
  };
  compare("bytes", [](int i) { return static_cast<std::uint8_t>(i); });
  compare("16-bit integers", [](int i) { return static_cast<std::int16_t>(-100 * i); });
  compare("truth values", [](int i) { return i % 3 == 0; });
  compare("float", [](int i) { return static_cast<float>(std::pow(1.7, i % 64 - 32) / 3); });
  const std::uint64_t words[2] = {0x8000000123456789u, 0xfedcba9876543210u};
  int wrong = 0;
  for (std::size_t at = 0; at < 128;)
    for (const T& number : numbers(Register<T>(Register<T>::M::load_bits(words, at)))) {
      wrong += number != static_cast<T>(words[at / 64] >> at % 64 & 1);
      ++at;
    }
  tell("bits", wrong);
}

template <class S> S of_bits(int bits) { return Eigen::numext::bit_cast<S>(static_cast<std::uint16_t>(bits)); }

// All numbers of 16 bits are widened as they are, and a number is narrowed to the nearest, of two to the even one: each
// of both signs, what lies half way to the next, and what lies beside that.
template <class S, class Tell> void compare_storage(Tell tell) {
  std::vector<S> every;
  for (int bits = 0; bits < 65536; ++bits) every.push_back(of_bits<S>(bits));
  const std::vector<float> at_once = loaded_from<float>(every.data(), every.size());
  int widened = 0, narrowed = 0;
  for (std::size_t i = 0; i < every.size(); ++i) {
    const auto want = static_cast<float>(every[i]);
    widened += !agree(want, spark::detail::widen(every[i])) + !agree(want, at_once[i]);
  }
  tell("widened", widened);

  const int infinity = std::is_same_v<S, Eigen::half> ? 0x7c00 : 0x7f80;
  const int first = std::is_same_v<S, Eigen::half> ? 0 : 0x80;  // float's subnormal numbers do not occur
  std::vector<float> values;
  std::vector<S> want;
  const auto add = [&](float x, int bits) {
    values.insert(values.end(), {x, -x});
    want.insert(want.end(), {of_bits<S>(bits), of_bits<S>(bits | 0x8000)});
  };
  const auto number = [](int bits) { return double{static_cast<float>(of_bits<S>(bits))}; };
  for (int bits = first; bits < infinity; ++bits) {
    const double here = number(bits), next = bits + 1 < infinity ? number(bits + 1) : 2 * here - number(bits - 1);
    const auto half_way = static_cast<float>((here + next) / 2);
    add(static_cast<float>(here), bits);
    add(half_way, bits % 2 == 0 ? bits : bits + 1);
    add(std::nextafter(half_way, 0.0f), bits);
    add(std::nextafter(half_way, INFINITY), bits + 1);
  }
  add(FLT_MAX, infinity);
  add(INFINITY, infinity);
  for (float nan : {NAN, Eigen::numext::bit_cast<float>(0x7f800001u)}) add(nan, infinity + 1);
  while (values.size() % 16 != 0) add(0, 0);
  const std::vector<S> stored = stored_as<S>(values);
  for (std::size_t i = 0; i < values.size(); ++i)
    narrowed += !agree(spark::detail::narrow<S>(values[i]), want[i]) + !agree(stored[i], want[i]);
  tell("narrowed", narrowed);
}

}  // namespace suite
