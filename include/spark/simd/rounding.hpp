/// \file
/// How a number computed in float becomes one of 16 bits.
///
/// Rounding to the nearest is deaf to changes of less than half a unit in the last place: a `bfloat16` trace
/// stops decaying at tau/dt = 512, a `half` at 4096. Rounding up with a probability equal to the distance from
/// below has no bias, so the mean over traces, or over time, follows the exact law at any tau. (Gupta et al.
/// 2015, arXiv:1502.02551.)
#pragma once

#include <spark/random.hpp>
#include <spark/simd/storage.hpp>

namespace spark {

/// How 16-bit storage rounds; other storage does not ask.
enum class Rounding { Nearest, Stochastic };

#ifdef __GNUC__
#pragma GCC diagnostic push  // a packet is a vector of the compiler as template argument; its attribute does not matter
#pragma GCC diagnostic ignored "-Wignored-attributes"
#endif

/// As many unsigned integers of 32 bits as `Value<float>` has lanes.
template <class T, bool packed = (lanes<T> > 1)>
struct Words {
  using Float = typename Pack<T>::Packet;
  using Packet = typename Eigen::internal::unpacket_traits<Float>::integer_packet;

  Packet v;

  static EIGEN_ALWAYS_INLINE Words all(std::uint32_t word) {
    return {Eigen::internal::pset1<Packet>(static_cast<std::int32_t>(word))};
  }
  /// first + j * step for lane j.
  template <std::uint32_t step>
  static EIGEN_ALWAYS_INLINE Words sequence(std::uint32_t first) {
    alignas(64) static constexpr std::uint32_t offsets[16] = {
        0,        step,     2 * step,  3 * step,  4 * step,  5 * step,  6 * step,  7 * step,
        8 * step, 9 * step, 10 * step, 11 * step, 12 * step, 13 * step, 14 * step, 15 * step};
    return all(first) + Words{Eigen::internal::ploadu<Packet>(reinterpret_cast<const std::int32_t*>(offsets))};
  }
  static EIGEN_ALWAYS_INLINE Words of(Pack<T> x) { return {Eigen::internal::preinterpret<Packet>(x.v)}; }
  EIGEN_ALWAYS_INLINE Pack<T> as_float() const { return Pack<T>(Eigen::internal::preinterpret<Float>(v)); }
  EIGEN_ALWAYS_INLINE Pack<T> to_float() const {  // as signed integers
#ifdef EIGEN_VECTORIZE_AVX512  // the masked forms, because GCC 12 warns of the plain intrinsics' undefined operand
    return Pack<T>(_mm512_maskz_cvtepi32_ps(0xffff, v));
#else
    return Pack<T>(Eigen::internal::pcast<Packet, Float>(v));
#endif
  }
  friend EIGEN_ALWAYS_INLINE Words operator+(Words a, Words b) { return {Eigen::internal::padd(a.v, b.v)}; }
  friend EIGEN_ALWAYS_INLINE Words operator*(Words a, Words b) { return {Eigen::internal::pmul(a.v, b.v)}; }
  friend EIGEN_ALWAYS_INLINE Words operator&(Words a, Words b) { return {Eigen::internal::pand(a.v, b.v)}; }
  friend EIGEN_ALWAYS_INLINE Words operator^(Words a, Words b) { return {Eigen::internal::pxor(a.v, b.v)}; }
  template <int bits>
  EIGEN_ALWAYS_INLINE Words down() const {
#ifdef EIGEN_VECTORIZE_AVX512
    return {_mm512_maskz_srli_epi32(0xffff, v, bits)};
#else
    return {Eigen::internal::plogical_shift_right<bits>(v)};
#endif
  }
};
#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif

template <class T>
struct Words<T, false> {
  std::uint32_t v;

  static Words all(std::uint32_t word) { return {word}; }
  template <std::uint32_t>
  static Words sequence(std::uint32_t first) {
    return {first};
  }
  static Words of(T x) { return {Eigen::numext::bit_cast<std::uint32_t>(x)}; }
  T as_float() const { return Eigen::numext::bit_cast<T>(v); }
  T to_float() const { return static_cast<T>(static_cast<std::int32_t>(v)); }
  friend Words operator+(Words a, Words b) { return {a.v + b.v}; }
  friend Words operator*(Words a, Words b) { return {a.v * b.v}; }
  friend Words operator&(Words a, Words b) { return {a.v & b.v}; }
  friend Words operator^(Words a, Words b) { return {a.v ^ b.v}; }
  template <int bits>
  Words down() const {
    return {v >> bits};
  }
};

/// Rounds to the nearest even.
struct ToNearest {
  constexpr ToNearest at(int) const { return {}; }
};

/// Rounds up or down at random. The number drawn depends on the seed, the step, which of the tracer's states is
/// rounded and the element, on nothing else.
struct Stochastic {
  std::uint64_t seed;
  std::int64_t step;

  constexpr Stochastic at(int later) const { return {seed, step + later}; }

  /// The upper bits are the random ones: a product with a number that is random in each step.
  EIGEN_ALWAYS_INLINE Words<float> draw(int state, std::ptrdiff_t element) const {
    using W = Words<float>;
    constexpr std::uint32_t step_of_element = 0x9e3779b1;  // 2^32 / golden ratio: neighbours lie far apart
    const std::uint64_t key = mix(mix(seed + static_cast<std::uint64_t>(state)) + static_cast<std::uint64_t>(step));
    const W w = W::sequence<step_of_element>(static_cast<std::uint32_t>(element) * step_of_element +
                                             static_cast<std::uint32_t>(key));
    return (w ^ w.down<16>()) * W::all(static_cast<std::uint32_t>(key >> 32) | 1);
  }
};

/// x as it comes back after being stored as S.
template <class S, class T>
EIGEN_ALWAYS_INLINE Value<T> rounded(const Value<T>& x, ToNearest, int, std::ptrdiff_t) {
  if constexpr (is_16_bit<S>) {
    S stored[lanes<T>];
    store_value<T>(stored, x);
    return load_value<T>(stored);
  } else {
    return x;
  }
}
/// The same; only what 16 bits cannot hold is drawn by lot.
template <class S, class T>
EIGEN_ALWAYS_INLINE Value<T> rounded(const Value<T>& x, Stochastic lot, int state, std::ptrdiff_t element) {
  using V = Value<T>;
  using W = Words<float>;
  constexpr int lost = std::is_same<S, Eigen::half>::value ? 13 : 16;  // bits
  constexpr std::uint32_t kept = ~((std::uint32_t{1} << lost) - 1);
  const W drawn = lot.draw(state, element);
  const V up = ((W::of(x) + drawn.template down<32 - lost>()) & W::all(kept)).as_float();
  const V finite = select(nonzero(x - x), x, up);  // x - x is NaN where x has no neighbours
  if constexpr (std::is_same<S, Eigen::half>::value) {
    // below 2^-14 the grid of half is even, 2^-24 wide; the sum with 0.75 has the same grid
    const V dither = drawn.to_float() * V(1.3877787807814457e-17f);  // 2^-56: half a grid step either way
    const V small = ((x + dither) + V(0.75f)) - V(0.75f);
    const V magnitude = max(x, V(0.0f) - x);
    return select(nonzero(max(magnitude - V(6.103515625e-05f), V(0.0f))), finite, small);
  } else {
    return finite;
  }
}

/// The same for a single number.
template <class S, class T, class Lot>
T rounded_one(const T& x, Lot lot, int state, std::ptrdiff_t element) {
  if constexpr (lanes<T> == 1) {
    return rounded<S, T>(x, lot, state, element);
  } else {
    T first[lanes<T>];
    rounded<S, T>(Pack<T>(x), lot, state, element).store(first);
    return first[0];
  }
}

}  // namespace spark
