// What a law is written in is the same on registers as on single numbers, bit for bit, and is what its name says. One
// type may lie in memory and another in registers: all numbers of 16 bits, and every place where rounding turns.
#include <limits>
#include <vector>

#include "support/catch.hpp"
#include "support/compare.hpp"

#include <spark/tracers.hpp>

using namespace suite;
using spark::detail::Lanes, spark::detail::Mask, spark::detail::Zero, spark::detail::register_width;

template <class T> using One = Lanes<T, 1>;
template <class T> using Register = Lanes<T, register_width<T>>;

template <class T, int w> static std::vector<T> numbers(const Lanes<T, w>& lanes) {
  std::vector<T> all(std::size_t{w});
  lanes.store(all.data());
  return all;
}

// To the bit; of a NaN processors choose the payload.
template <class T> static bool agree(const T& a, const T& b) {
  using spark::detail::is_nan, spark::detail::widen;
  if (is_nan(widen(a))) return is_nan(widen(b));
  return same_bits(a, b);
}
template <class T> static bool agree(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const T& x, const T& y) { return agree(x, y); });
}

// Where operations differ if they differ anywhere; all of them follow each other in all orders.
template <class T> static std::vector<T> odd_numbers() {
  using Limits = std::numeric_limits<T>;
  const T silence = spark::detail::guard_threshold<T>(), before = std::nextafter(silence, T(0));
  std::vector<T> all = {Limits::quiet_NaN()};
  for (const T v : {T(0), T(0.375), T(1), T(2), std::nextafter(T(1), T(2)), silence, before, Limits::min(),
                    Limits::max(), Limits::infinity(), T(0.1), T(1) / T(3)})
    all.insert(all.end(), {v, -v});
  return all;
}

// f of each triple of numbers, on registers and on single numbers.
template <class V, class T, class F> static void compare_with_single(const char* name, F f) {
  int wrong = 0;
  const std::vector<T> all = odd_numbers<T>();
  for (const T& a : all)
    for (const T& b : all)
      for (std::size_t first = 0; first < all.size(); ++first) {
        std::vector<T> c = numbers(V(a));
        for (std::size_t i = 0; i < c.size(); ++i) c[i] = all[(first + i) % all.size()];
        const std::vector<T> together = numbers(V(f(V(a), V(b), V::load(c.data()))));
        for (T& number : c) number = One<T>(f(One<T>(a), One<T>(b), One<T>(number))).number();
        wrong += !agree(together, c);
      }
  INFO(name);
  CHECK(wrong == 0);
}

// Everything that lies in memory, a register at a time.
template <class T, class Loaded = Register<T>, class S> static std::vector<T> loaded_from(const S* memory, int count) {
  std::vector<T> all;
  for (int i = 0; i < count; i += register_width<T>)
    for (const T& number : numbers(Register<T>(Loaded::load(memory + i)))) all.push_back(number);
  return all;
}
template <class S, class T> static std::vector<S> stored_as(const std::vector<T>& values) {
  std::vector<S> all(values.size());
  REQUIRE(values.size() % std::size_t{register_width<T>} == 0);
  for (std::size_t i = 0; i < values.size(); i += std::size_t{register_width<T>})
    Register<T>::load(&values[i]).store(&all[i]);
  return all;
}

// The i-th number of some type, read as T.
template <class T, class Loaded = Register<T>, class F> static void compare_loads(const char* what, F number) {
  decltype(number(0)) memory[256];
  std::vector<T> want;
  for (int i = 0; i < 256; ++i) want.push_back(static_cast<T>(memory[i] = number(i)));
  INFO(what);
  CHECK(agree(loaded_from<T, Loaded>(&memory[0], 256), want));
}

template <class S> static S of_bits(int bits) { return Eigen::numext::bit_cast<S>(static_cast<std::uint16_t>(bits)); }

TEMPLATE_TEST_CASE("registers compute what single numbers do", "", float, double) {
  const auto compare = [](const char* name, auto f) {
    compare_with_single<Register<TestType>, TestType>(name, f);
    compare_with_single<Lanes<TestType, 4 * register_width<TestType>>, TestType>(name, f);
  };
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

TEMPLATE_TEST_CASE("single numbers compute what the names say", "", float, double, long double) {
  using T = TestType;
  using V = One<T>;
  const T silence = spark::detail::guard_threshold<T>();
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
  using V = Lanes<T, 2 * register_width<T>>;
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

// All numbers of 16 bits are widened as they are, and a number is narrowed to the nearest, of two to the even one: each
// of both signs, what lies half way to the next, and what lies beside that.
TEMPLATE_TEST_CASE("16 bits hold what is nearest, and are read as they are", "", Eigen::half, Eigen::bfloat16) {
  using S = TestType;
  std::vector<S> every;
  std::vector<float> as_float, one_by_one;
  for (int bits = 0; bits < 65536; ++bits) {
    every.push_back(of_bits<S>(bits));
    as_float.push_back(static_cast<float>(every.back()));
    one_by_one.push_back(spark::detail::widen(every.back()));
  }
  CHECK(agree(one_by_one, as_float));
  CHECK(agree(loaded_from<float>(every.data(), 65536), as_float));

  const int infinity = std::is_same_v<S, Eigen::half> ? 0x7c00 : 0x7f80;
  const int first = std::is_same_v<S, Eigen::half> ? 0 : 0x80;  // float's subnormal numbers do not occur
  std::vector<float> values;
  std::vector<S> want, narrowed;
  const auto add = [&](float x, int bits) {
    values.insert(values.end(), {x, -x});
    want.insert(want.end(), {of_bits<S>(bits), of_bits<S>(bits | 0x8000)});
  };
  const auto number = [&](int bits) { return double{as_float[static_cast<std::size_t>(bits)]}; };
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
  for (const float value : values) narrowed.push_back(spark::detail::narrow<S>(value));
  CHECK(agree(narrowed, want));
  CHECK(agree(stored_as<S>(values), want));
}

// All exponents, and the numbers on and around which a format rounds.
TEMPLATE_TEST_CASE("a register rounds at random as single numbers do", "", Eigen::half, Eigen::bfloat16) {
  const spark::detail::Stochastic random{42, 7};
  constexpr int width = register_width<float>;
  std::vector<float> wide(std::size_t{width});
  std::vector<TestType> dithered(wide.size()), one_by_one(wide.size());
  std::uint32_t bits = 0;
  int wrong = 0;
  for (Index step = 0; step < 100000; ++step) {
    for (std::size_t i = 0; i < wide.size(); ++i) {
      bits += 0x9e3779b1u;
      wide[i] = Eigen::numext::bit_cast<float>(step % 3 == 0 ? bits & ~0xfffu : bits);
      const auto one = random.dither<TestType>(One<float>(wide[i]), 1, step + static_cast<Index>(i), 3);
      one_by_one[i] = spark::detail::narrow<TestType>(one.number());
    }
    random.dither<TestType>(Register<float>::load(wide.data()), 1, step, 3).store(dithered.data());
    wrong += !agree(dithered, one_by_one);
  }
  CHECK(wrong == 0);
}

TEMPLATE_TEST_CASE("what lies in memory is read as it is", "", float, double, long double) {
  using T = TestType;
  compare_loads<T>("bytes", [](int i) { return static_cast<std::uint8_t>(i); });
  compare_loads<T>("16-bit integers", [](int i) { return static_cast<std::int16_t>(-100 * i); });
  compare_loads<T, typename Register<T>::M>("truth values", [](int i) { return i % 3 == 0; });
  compare_loads<T>("float", [](int i) { return static_cast<float>(std::pow(1.7, i % 64 - 32) / 3); });
  const std::uint64_t words[2] = {0x8000000123456789u, 0xfedcba9876543210u};
  for (std::size_t at = 0; at < 128;)
    for (const T& number : numbers(Register<T>(Register<T>::M::load_bits(words, at)))) {
      CHECK(number == static_cast<T>(words[at / 64] >> at % 64 & 1));
      ++at;
    }
}

TEST_CASE("double is written as float with one rounding") {
  std::vector<double> doubles;
  for (int i = 0; i < 64; ++i) doubles.push_back(std::pow(1.7, i - 32) / 3);
  CHECK(stored_as<float>(doubles) == std::vector<float>(doubles.begin(), doubles.end()));
}
