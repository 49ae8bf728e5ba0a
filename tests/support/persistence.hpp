// What the tests of saving and loading share: bytes in memory, and runs that are compared to the bit.
#pragma once

#include <spark/tracers.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "compare.hpp"

namespace suite {

template <class T> std::string saved(const T& tracer) {
  std::ostringstream stream;
  spark::save(stream, tracer);
  return stream.str();
}

template <class T> T loaded(const std::string& bytes) {
  std::istringstream stream(bytes);
  return spark::load<T>(stream);
}

template <class T> void load_into(T& tracer, const std::string& bytes) {
  std::istringstream stream(bytes);
  spark::load(stream, tracer);
}

// What was saved and then altered, with the checksum that belongs there; what follows `end` stays as it is.
inline std::string sealed(std::string bytes, std::size_t end) {
  const std::uint32_t checksum = spark::detail::crc32(bytes.data(), static_cast<int>(end) - 4, 0);
  for (std::size_t i = 0; i < 4; ++i) bytes[end - 4 + i] = static_cast<char>(checksum >> 8 * i & 0xff);
  return bytes;
}

// Empty if a call is refused with these words; where it would load into a tracer, that also stays what it was.
using Wording = std::initializer_list<std::string>;
template <class Call> std::string refusal(Call call, Wording words) {
  return complaint<std::runtime_error>(call, words);
}
template <class T, class Load> std::string refusal_into(T tracer, Wording words, Load load) {
  const std::string before = saved(tracer);
  const std::string problem = refusal([&] { load(tracer); }, words);
  return saved(tracer) == before ? problem : "the tracer has changed";
}

// As bits, the form of input that compiles soonest.
template <class T> void take_steps(T& tracer, Random& random, int steps) {
  std::vector<std::uint64_t> words(static_cast<std::size_t>((tracer.size() + 63) / 64));
  for (int k = 0; k < steps; ++k) {
    for (std::uint64_t& word : words) word = random.bits() & random.bits();
    tracer(spark::spike_bits(words, tracer.size()));
  }
}

// To the bit: states and parameters of what is seen, and the numbers that its generator will draw.
template <class T> bool same(const T& a, const T& b) {
  auto next_a = a.rng(), next_b = b.rng();
  return a.shape() == b.shape() && a.dt() == b.dt() && a.rounding() == b.rounding() && next_a() == next_b() &&
         identical(a.value(), b.value()) && saved(a) == saved(b);
}

}  // namespace suite
