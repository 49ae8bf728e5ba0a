/// \file
/// Random numbers that depend on a seed and a position alone: the same whatever the order in which they are drawn.
#pragma once

#include <spark/detail/platform.hpp>

#include <atomic>
#include <cstdint>
#include <ctime>
#include <limits>

SPARK_NAMESPACE_BEGIN
namespace detail {

/// A bijection of 64 bits in which every input bit moves every output bit. (Steele, Lea and Flood 2014, SplitMix64,
/// with Stafford's variant 13 of the constants.)
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// A seed from a time, from where this library lies in memory, which many systems choose at random, and from how many
/// seeds were asked for: a clock may stand still for milliseconds.
inline std::uint64_t seed_at(std::uint64_t time) {
  static std::atomic<unsigned> calls{0};
  const std::uint64_t where = reinterpret_cast<std::uintptr_t>(&calls);
  return mix(time) ^ mix(where + 0x9e3779b97f4a7c15u * ++calls);
}
/// The same from the clock. (std::random_device would take longer to compile than the rest of the library.)
inline std::uint64_t system_seed() {
  std::timespec now{};
  std::timespec_get(&now, TIME_UTC);
  return seed_at(static_cast<std::uint64_t>(now.tv_sec) * 1000000007u + static_cast<std::uint64_t>(now.tv_nsec));
}

}  // namespace detail

/// A tracer's own generator: the n-th number is a function of seed and n, so its whole state is two integers.
/// Meets the standard's requirements of a uniform random bit generator. Not for cryptography.
class Rng {
 public:
  using result_type = std::uint64_t;

  explicit Rng(std::uint64_t seed) : seed_(seed) {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  result_type operator()() { return detail::mix(seed_ + 0x9e3779b97f4a7c15u * ++position_); }
  void discard(std::uint64_t count) { position_ += count; }

  std::uint64_t seed() const { return seed_; }
  std::uint64_t position() const { return position_; }

  friend bool operator==(const Rng& a, const Rng& b) { return a.seed_ == b.seed_ && a.position_ == b.position_; }
  friend bool operator!=(const Rng& a, const Rng& b) { return !(a == b); }

 private:
  std::uint64_t seed_;
  std::uint64_t position_ = 0;
};

SPARK_NAMESPACE_END
