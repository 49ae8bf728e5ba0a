// What a law is written in is the same on registers as on single numbers, bit for bit, and is what its name says. One
// type may lie in memory and another in registers: all numbers of 16 bits, and every place where rounding turns.
#include "support/catch.hpp"
#include "support/registers.hpp"

using namespace suite;
using spark::detail::Mask, spark::detail::Zero;

template <class T> using One = Lanes<T, 1>;

static void tell(const char* what, int wrong) {
  INFO(what);
  CHECK(wrong == 0);
}

TEMPLATE_TEST_CASE("registers compute what single numbers do", "", float, double) {
  constexpr int one = spark::detail::register_width<TestType>;
  compare_registers<one, TestType>(tell);
  compare_registers<4 * one, TestType>(tell);
}

TEMPLATE_TEST_CASE("single numbers compute what the names say", "", float, double, long double) {
  using T = TestType;
  using V = One<T>;
  const T silence = spark::detail::silence_threshold<T>();
  CHECK(silence < T(1e-37L));
  CHECK(silence > 4 * std::numeric_limits<T>::min());
  if (std::numeric_limits<T>::digits > 24) CHECK(silence < T(1e-300L));
  for (const T& a : odd_numbers<T>())
    for (const T& b : odd_numbers<T>()) {
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

// What may take the place of a number.
TEMPLATE_PRODUCT_TEST_CASE("a known zero leaves out its terms", "", (One, Register), (float, double, long double)) {
  const TestType a(3), b(5);
  const auto number = [](const TestType& v) { return numbers(v).back(); };
  const Zero zero;
  CHECK(number(a + zero) == 3);
  CHECK(number(a - zero) == 3);
  CHECK(number(fma(a, zero, b)) == 5);
  CHECK(number(fnma(a, zero, b)) == 5);
  CHECK(number(fma(a, b, zero)) == 15);
  CHECK(number(fma(a, zero, zero)) == 0);
  CHECK(number(select(nonzero(zero), a, b)) == 5);
}

TEMPLATE_TEST_CASE("a truth value is 1 or 0, and NaN is true", "", float, double) {
  using T = TestType;
  using V = Lanes<T, 2 * spark::detail::register_width<T>>;
  for (T v : {T(0), -T(0), T(1), T(-2), std::numeric_limits<T>::min(), T(INFINITY), T(NAN)}) {
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

TEMPLATE_TEST_CASE("16 bits hold what is nearest, and are read as they are", "", Eigen::half, Eigen::bfloat16) {
  compare_storage<TestType>(tell);
}

TEMPLATE_TEST_CASE("what lies in memory is read as it is", "", float, double, long double) {
  compare_loads<TestType>(tell);
}

TEST_CASE("double is written as float with one rounding") {
  std::vector<double> doubles;
  for (int i = 0; i < 64; ++i) doubles.push_back(std::pow(1.7, i - 32) / 3);
  CHECK(stored_as<float>(doubles) == std::vector<float>(doubles.begin(), doubles.end()));
}
