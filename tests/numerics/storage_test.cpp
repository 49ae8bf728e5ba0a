// One type in memory, another in registers: all numbers of 16 bits, and every place where rounding turns.
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/registers.hpp"

using namespace suite;

namespace {

template <class T> constexpr auto width = static_cast<std::size_t>(spark::detail::register_width<T>);

// Everything that lies in memory, a register at a time.
template <class T, class S> std::vector<T> loaded(const S* memory, std::size_t count) {
  using Loaded = std::conditional_t<std::is_same_v<S, bool>, typename Register<T>::M, Register<T>>;
  std::vector<T> all;
  for (std::size_t i = 0; i < count; i += width<T>)
    for (const T& number : numbers(Register<T>(Loaded::load(memory + i)))) all.push_back(number);
  return all;
}
template <class S, class T> std::vector<S> stored(const std::vector<T>& values) {
  std::vector<S> all(values.size());
  for (std::size_t i = 0; i + width<T> <= values.size(); i += width<T>) Register<T>::load(&values[i]).store(&all[i]);
  return all;
}

template <class S> S of_bits(int bits) { return Eigen::numext::bit_cast<S>(static_cast<std::uint16_t>(bits)); }

}  // namespace

TEMPLATE_TEST_CASE("every number of 16 bits is widened as it is", "", Eigen::half, Eigen::bfloat16) {
  std::vector<TestType> all;
  for (int bits = 0; bits < 65536; ++bits) all.push_back(of_bits<TestType>(bits));
  const std::vector<float> at_once = loaded<float>(all.data(), all.size());
  int wrong = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto want = static_cast<float>(all[i]);
    wrong += !agree(want, spark::detail::widen(all[i])) + !agree(want, at_once[i]);
  }
  CHECK(wrong == 0);
}

// The numbers themselves, what lies half way to the next, and what lies beside that; of both signs.
TEMPLATE_TEST_CASE("a number is narrowed to the nearest, of two to the even one", "", Eigen::half, Eigen::bfloat16) {
  const bool half = std::is_same_v<TestType, Eigen::half>;
  const int infinity = half ? 0x7c00 : 0x7f80, first = half ? 0 : 0x80;  // float's subnormal numbers do not occur
  std::vector<float> values;
  std::vector<int> want;
  const auto add = [&](float x, int bits) {
    values.insert(values.end(), {x, -x});
    want.insert(want.end(), {bits, bits | 0x8000});
  };
  for (int bits = first; bits < infinity; ++bits) {
    const auto here = static_cast<float>(of_bits<TestType>(bits));
    const float before = bits == 0 ? 0 : static_cast<float>(of_bits<TestType>(bits - 1));
    const float half_way = bits + 1 < infinity ? here / 2 + static_cast<float>(of_bits<TestType>(bits + 1)) / 2
                                               : here + (here - before) / 2;
    add(here, bits);
    add(half_way, bits % 2 == 0 ? bits : bits + 1);
    add(std::nextafter(half_way, 0.0f), bits);
    add(std::nextafter(half_way, INFINITY), bits + 1);
  }
  add(FLT_MAX, infinity);
  add(INFINITY, infinity);
  while (values.size() % 16 != 0) add(0, 0);

  const std::vector<TestType> at_once = stored<TestType>(values);
  int wrong = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto expected = of_bits<TestType>(want[i]);
    wrong += !same_bits(spark::detail::narrow<TestType>(values[i]), expected) + !same_bits(at_once[i], expected);
  }
  CHECK(wrong == 0);
  for (float nan : {NAN, -NAN, Eigen::numext::bit_cast<float>(0x7f800001u)}) {
    CHECK(std::isnan(static_cast<float>(spark::detail::narrow<TestType>(nan))));
    for (const TestType& s : stored<TestType>(std::vector<float>(16, nan))) CHECK(std::isnan(static_cast<float>(s)));
  }
}

TEMPLATE_TEST_CASE("bytes, truth values and other numbers are read as they are", "", float, double, long double) {
  const auto check = [](auto number) {  // the i-th
    decltype(number(0)) memory[256];
    for (int i = 0; i < 256; ++i) memory[i] = number(i);
    const auto read = loaded<TestType>(&memory[0], 256);
    for (int i = 0; i < 256; ++i) CHECK(read[static_cast<std::size_t>(i)] == static_cast<TestType>(number(i)));
  };
  check([](int i) { return static_cast<std::uint8_t>(i); });
  check([](int i) { return static_cast<std::int16_t>(-100 * i); });
  check([](int i) { return i % 3 == 0; });
}

TEST_CASE("float is read as double and written with one rounding") {
  std::vector<float> floats;
  std::vector<double> doubles;
  for (int i = 0; i < 64; ++i) {
    doubles.push_back(std::pow(1.7, i - 32) / 3);
    floats.push_back(static_cast<float>(doubles.back()));
  }
  CHECK(loaded<double>(floats.data(), floats.size()) == std::vector<double>(floats.begin(), floats.end()));
  CHECK(stored<float>(doubles) == floats);
}

TEMPLATE_TEST_CASE("bits are read as what they stand for", "", float, double, long double) {
  using R = Register<TestType>;
  const std::uint64_t words[2] = {0x8000000123456789u, 0xfedcba9876543210u};
  for (std::size_t at = 0; at < 128; at += width<TestType>) {
    const auto read = numbers(R(R::M::load_bits(words, at)));
    for (std::size_t i = 0; i < read.size(); ++i) {
      INFO("bit " << at + i);
      CHECK(read[i] == static_cast<TestType>(words[(at + i) / 64] >> (at + i) % 64 & 1));
    }
  }
}
