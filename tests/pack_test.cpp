// What a law is written in is the same on registers as on single numbers, bit for bit, and is what its name says.
#include <cmath>
#include <limits>
#include <spark/simd/guard.hpp>
#include <vector>

#include "catch.hpp"
#include "support/compare.hpp"

using namespace suite;

namespace {

// Where operations differ if they differ anywhere; all of them follow each other in all orders.
template <class T>
std::vector<T> values() {
  using Limits = std::numeric_limits<T>;
  const T silence = spark::silence_threshold<T>(), before = std::nextafter(silence, T(0));
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

// Calls f with each triple of values, as `Value<T>`; f returns one too. Counts where register and number disagree.
template <class T, class F>
int disagreements(F f) {
  constexpr int lanes = spark::lanes<T>;
  int wrong = 0;
  const std::vector<T> all = values<T>();
  for (const T& a : all)
    for (const T& b : all)
      for (std::size_t first = 0; first < all.size(); ++first) {
        T c[lanes], together[lanes];
        for (int i = 0; i < lanes; ++i) c[i] = all[(first + static_cast<std::size_t>(i)) % all.size()];
        if constexpr (lanes > 1) {
          using P = spark::Pack<T>;
          P(f(P(a), P(b), P::load(c))).store(together);
          for (int i = 0; i < lanes; ++i) wrong += !agree(together[i], T(f(a, b, c[i])));
        }
      }
  return wrong;
}

}  // namespace

TEMPLATE_TEST_CASE("registers compute what single numbers do", "", float, double) {
  using T = TestType;
  CHECK(disagreements<T>([](auto a, auto, auto c) { return a + c; }) == 0);
  CHECK(disagreements<T>([](auto a, auto, auto c) { return a - c; }) == 0);
  CHECK(disagreements<T>([](auto a, auto, auto c) { return a * c; }) == 0);
  CHECK(disagreements<T>([](auto a, auto b, auto c) { return spark::fma(a, b, c); }) == 0);
  CHECK(disagreements<T>([](auto a, auto b, auto c) { return spark::fnma(a, b, c); }) == 0);
  CHECK(disagreements<T>([](auto a, auto, auto c) { return spark::min(a, c); }) == 0);
  CHECK(disagreements<T>([](auto a, auto, auto c) { return spark::max(a, c); }) == 0);
  CHECK(disagreements<T>([](auto a, auto b, auto c) { return spark::select(spark::nonzero(c), a, b); }) == 0);
  CHECK(disagreements<T>([](auto, auto, auto c) { return spark::settle(c); }) == 0);
  CHECK(disagreements<T>([](auto, auto, auto c) { return spark::rectify(c); }) == 0);
  CHECK(disagreements<T>([](auto, auto, auto c) { return spark::clip(c); }) == 0);
}

TEMPLATE_TEST_CASE("single numbers compute what the names say", "", float, double, long double) {
  using T = TestType;
  const T silence = spark::silence_threshold<T>();
  CHECK(silence < T(1e-37L));
  CHECK(silence > 4 * std::numeric_limits<T>::min());
  if (std::numeric_limits<T>::digits > 24) CHECK(silence < T(1e-300L));
  for (const T& a : values<T>())
    for (const T& b : values<T>()) {
      CHECK(agree(spark::min(a, b), b < a ? b : a));  // a NaN in the first place stays
      CHECK(agree(spark::max(a, b), b > a ? b : a));
      CHECK(spark::nonzero(a) == !(a == 0));
      CHECK(agree(spark::select(true, a, b), a));
      CHECK(agree(spark::select(false, a, b), b));
      CHECK(agree(spark::settle(a), std::abs(a) < silence ? T(0) : a));
      CHECK(agree(spark::rectify(a), a < silence ? T(0) : a));
      CHECK(agree(spark::clip(a), a < silence ? T(0) : a > 1 ? T(1) : a));
    }
  CHECK(spark::fma(T(3), T(4), T(5)) == 17);
  CHECK(spark::fnma(T(3), T(4), T(5)) == -7);
}

namespace {

// What may take the place of a number.
template <class T, class V>
void check_nothing(const V& a, const V& b) {
  const auto number = [](const V& v) {
    if constexpr (spark::lanes<T> == 1 || std::is_same_v<V, T>) {
      return T(v);
    } else {
      T all[spark::lanes<T>];
      v.store(all);
      return all[0];
    }
  };
  const spark::Zero zero;
  CHECK(number(a + zero) == 3);
  CHECK(number(spark::fma(a, zero, b)) == 5);
  CHECK(number(spark::fnma(a, zero, b)) == 5);
  CHECK(number(spark::fma(a, b, zero)) == 15);
  CHECK(number(spark::fma(a, zero, zero)) == 0);
  CHECK(number(spark::fma(a, zero - b, a)) == -12);
  CHECK(number(spark::select(spark::nonzero(zero), a, b)) == 5);
}

}  // namespace

TEMPLATE_TEST_CASE("a known zero leaves out its terms", "", float, double, long double) {
  using T = TestType;
  using V = spark::Value<T>;
  check_nothing<T>(T(3), T(5));
  check_nothing<T>(V(T(3)), V(T(5)));
}

TEMPLATE_TEST_CASE("a truth value is 1 or 0, and NaN is true", "", float, double) {
  using T = TestType;
  constexpr int lanes = spark::lanes<T>;
  if constexpr (lanes > 1) {
    using P = spark::Pack<T>;
    for (T v : {T(0), -T(0), T(1), T(-2), std::numeric_limits<T>::min(), std::numeric_limits<T>::infinity(),
                std::numeric_limits<T>::quiet_NaN()}) {
      const T want = v == 0 ? 0 : 1;
      const spark::Mask<T> mask = spark::nonzero(P(v));
      T all[5][lanes];
      P(mask).store(all[0]);
      (P(T(3)) * mask).store(all[1]);
      spark::fma(P(T(3)), mask, P(T(5))).store(all[2]);
      spark::fnma(P(T(3)), mask, P(T(5))).store(all[3]);
      spark::select(spark::nonzero(mask), P(T(3)), P(T(5))).store(all[4]);
      for (int i = 0; i < lanes; ++i) {
        CHECK(all[0][i] == want);
        CHECK(all[1][i] == 3 * want);
        CHECK(all[2][i] == 5 + 3 * want);
        CHECK(all[3][i] == 5 - 3 * want);
        CHECK(all[4][i] == 5 - 2 * want);
      }
    }
  }
}
