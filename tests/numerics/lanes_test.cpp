// What a law is written in is the same on registers as on single numbers, bit for bit, and is what its name says.
#include <cmath>
#include <limits>
#include <spark/detail/lanes.hpp>
#include <vector>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace suite;
using spark::detail::Lanes, spark::detail::Mask, spark::detail::Zero;

namespace {

template <class T>
using One = Lanes<T, 1>;
template <class T>
constexpr int width = spark::detail::register_width<T>;

template <class T, int w>
std::vector<T> numbers(const Lanes<T, w>& lanes) {
  std::vector<T> all(static_cast<std::size_t>(w));
  lanes.store(all.data());
  return all;
}

// Where operations differ if they differ anywhere; all of them follow each other in all orders.
template <class T>
std::vector<T> values() {
  using Limits = std::numeric_limits<T>;
  const T silence = spark::detail::silence_threshold<T>(), before = std::nextafter(silence, T(0));
  std::vector<T> positive = {T(0),    T(0.375), T(1),          T(2),          std::nextafter(T(1), T(2)),
                             silence, before,   Limits::min(), Limits::max(), Limits::infinity()};
  std::vector<T> all = {Limits::quiet_NaN()};
  for (const T& v : positive) all.insert(all.end(), {v, -v});
  return all;
}

template <class T>
bool agree(const T& a, const T& b) {
  return std::isnan(a) ? std::isnan(b) : same_bits(a, b);
}

// Calls f with each triple of values, on one register, on several and on single numbers. Counts where they disagree.
template <int w, class T, class F>
int disagreements(F f) {
  using V = Lanes<T, w>;
  int wrong = 0;
  const std::vector<T> all = values<T>();
  for (const T& a : all)
    for (const T& b : all)
      for (std::size_t first = 0; first < all.size(); ++first) {
        T c[w];
        for (int i = 0; i < w; ++i) c[i] = all[(first + static_cast<std::size_t>(i)) % all.size()];
        const auto together = numbers(V(f(V(a), V(b), V::load(&c[0]))));
        for (int i = 0; i < w; ++i)
          wrong +=
              !agree(together[static_cast<std::size_t>(i)], One<T>(f(One<T>(a), One<T>(b), One<T>(c[i]))).number());
      }
  return wrong;
}
template <class T, class F>
int disagreements(F f) {
  return disagreements<width<T>, T>(f) + disagreements<4 * width<T>, T>(f);
}

}  // namespace

TEMPLATE_TEST_CASE("registers compute what single numbers do", "", float, double) {
  using T = TestType;
  CHECK(disagreements<T>([](auto a, auto, auto c) { return a + c; }) == 0);
  CHECK(disagreements<T>([](auto a, auto, auto c) { return a - c; }) == 0);
  CHECK(disagreements<T>([](auto a, auto, auto c) { return a * c; }) == 0);
  CHECK(disagreements<T>([](auto a, auto b, auto c) { return fma(a, b, c); }) == 0);
  CHECK(disagreements<T>([](auto a, auto b, auto c) { return fnma(a, b, c); }) == 0);
  CHECK(disagreements<T>([](auto a, auto, auto c) { return min(a, c); }) == 0);
  CHECK(disagreements<T>([](auto a, auto, auto c) { return max(a, c); }) == 0);
  CHECK(disagreements<T>([](auto a, auto b, auto c) { return select(nonzero(c), a, b); }) == 0);
  CHECK(disagreements<T>([](auto a, auto b, auto c) { return select(negative(c), a, b); }) == 0);
  CHECK(disagreements<T>([](auto a, auto b, auto c) { return select(normal(c), a, b); }) == 0);
  CHECK(disagreements<T>([](auto, auto, auto c) { return settle(c); }) == 0);
  CHECK(disagreements<T>([](auto, auto, auto c) { return rectify(c); }) == 0);
  CHECK(disagreements<T>([](auto, auto, auto c) { return clip(c); }) == 0);
}

TEMPLATE_TEST_CASE("single numbers compute what the names say", "", float, double, long double) {
  using T = TestType;
  using V = One<T>;
  const T silence = spark::detail::silence_threshold<T>();
  CHECK(silence < T(1e-37L));
  CHECK(silence > 4 * std::numeric_limits<T>::min());
  if (std::numeric_limits<T>::digits > 24) CHECK(silence < T(1e-300L));
  for (const T& a : values<T>())
    for (const T& b : values<T>()) {
      CHECK(agree(min(V(a), V(b)).number(), b < a ? b : a));  // a NaN in the first place stays
      CHECK(agree(max(V(a), V(b)).number(), b > a ? b : a));
      CHECK(nonzero(V(a)).r[0] == !(a == 0));
      CHECK(negative(V(a)).r[0] == std::signbit(a));
      CHECK(normal(V(a)).r[0] == !(std::abs(a) < std::numeric_limits<T>::min()));
      CHECK(agree(select(Mask<T, 1>{{true}}, V(a), V(b)).number(), a));
      CHECK(agree(select(Mask<T, 1>{{false}}, V(a), V(b)).number(), b));
      CHECK(agree(settle(V(a)).number(), std::abs(a) < silence ? T(0) : a));
      CHECK(agree(rectify(V(a)).number(), a < silence ? T(0) : a));
      CHECK(agree(clip(V(a)).number(), a < silence ? T(0) : a > 1 ? T(1) : a));
    }
  CHECK(fma(V(3), V(4), V(5)).number() == 17);
  CHECK(fnma(V(3), V(4), V(5)).number() == -7);
  CHECK((1 - V(3)).number() == -2);
}

namespace {

// What may take the place of a number.
template <class V>
void check_nothing() {
  const V a(3), b(5);
  const auto number = [](const V& v) { return numbers(v).back(); };
  const Zero zero;
  CHECK(number(a + zero) == 3);
  CHECK(number(a - zero) == 3);
  CHECK(number(fma(a, zero, b)) == 5);
  CHECK(number(fnma(a, zero, b)) == 5);
  CHECK(number(fma(a, b, zero)) == 15);
  CHECK(number(fma(a, zero, zero)) == 0);
  CHECK(number(select(nonzero(zero), a, b)) == 5);
}

}  // namespace

TEMPLATE_TEST_CASE("a known zero leaves out its terms", "", float, double, long double) {
  check_nothing<One<TestType>>();
  check_nothing<Lanes<TestType, width<TestType>>>();
}

TEMPLATE_TEST_CASE("a truth value is 1 or 0, and NaN is true", "", float, double) {
  using T = TestType;
  using V = Lanes<T, 2 * width<T>>;
  for (T v : {T(0), -T(0), T(1), T(-2), std::numeric_limits<T>::min(), std::numeric_limits<T>::infinity(),
              std::numeric_limits<T>::quiet_NaN()}) {
    const T want = v == 0 ? 0 : 1;
    const auto mask = nonzero(V(v));
    const auto all = [](const V& lanes, T number) {
      for (const T& n : numbers(lanes)) CHECK(n == number);
    };
    all(V(mask), want);
    all(where(mask, V(3)), 3 * want);
    all(fma(V(3), mask, V(5)), 5 + 3 * want);
    all(fnma(V(3), mask, V(5)), 5 - 3 * want);
    all(select(nonzero(mask), V(3), V(5)), 5 - 2 * want);
  }
}
