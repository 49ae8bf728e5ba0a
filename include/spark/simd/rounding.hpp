/// \file
/// How a number computed in float becomes one of 16 bits.
///
/// Rounding to the nearest is deaf to changes of less than half a unit in the last place: a `bfloat16` trace
/// stops decaying at tau/dt = 512, a `half` at 4096. Rounding up with a probability equal to the distance from
/// below has no bias, so the mean over traces, or over time, follows the exact law at any tau. (Gupta et al.
/// 2015, arXiv:1502.02551.) It is done by a random number, added before what rounds to the nearest.
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
  friend EIGEN_ALWAYS_INLINE Words operator+(Words a, Words b) { return {Eigen::internal::padd(a.v, b.v)}; }
  friend EIGEN_ALWAYS_INLINE Words operator&(Words a, Words b) { return {Eigen::internal::pand(a.v, b.v)}; }
  friend EIGEN_ALWAYS_INLINE Words operator|(Words a, Words b) { return {Eigen::internal::por(a.v, b.v)}; }
  /// The sum of the products of the upper and of the lower halves, these taken as signed.
  friend EIGEN_ALWAYS_INLINE Words dot(Words a, Words b) {
#if defined(SPARK_AVX512)
    return {_mm512_madd_epi16(a.v, b.v)};
#elif defined(SPARK_AVX2)
    return {_mm256_madd_epi16(a.v, b.v)};
#elif defined(EIGEN_VECTORIZE_SSE2) && !defined(EIGEN_VECTORIZE_AVX)
    return {_mm_madd_epi16(a.v, b.v)};
#else
    namespace ei = Eigen::internal;
    const auto upper = [](Packet v) { return ei::parithmetic_shift_right<16>(v); };
    const auto lower = [&](Packet v) { return upper(ei::plogical_shift_left<16>(v)); };
    return {ei::padd(ei::pmul(upper(a.v), upper(b.v)), ei::pmul(lower(a.v), lower(b.v)))};
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
  friend Words operator+(Words a, Words b) { return {a.v + b.v}; }
  friend Words operator&(Words a, Words b) { return {a.v & b.v}; }
  friend Words operator|(Words a, Words b) { return {a.v | b.v}; }
  friend Words dot(Words a, Words b) {
    const auto product = [](std::uint32_t x, std::uint32_t y) {
      return static_cast<std::uint32_t>(static_cast<std::int16_t>(x) * static_cast<std::int16_t>(y));
    };
    return {product(a.v >> 16, b.v >> 16) + product(a.v, b.v)};
  }
};

/// Where x is infinite or NaN.
template <class V>
EIGEN_ALWAYS_INLINE auto non_finite(const V& x) {
  return nonzero(x - x);  // which is NaN then
}
#ifdef SPARK_AVX512
EIGEN_ALWAYS_INLINE Mask<float> non_finite(Pack<float> x) { return {_mm512_fpclass_ps_mask(x.v, 0x99)}; }
#endif

/// Rounds to the nearest even.
struct ToNearest {
  constexpr ToNearest at(int) const { return {}; }

  template <class S, class T>
  EIGEN_ALWAYS_INLINE Value<T> dither(const Value<T>& x, int, std::ptrdiff_t) const {
    return x;
  }
};

/// Rounds up or down at random. The number drawn depends on the seed, the step, which of the tracer's states is
/// rounded and the element, on nothing else.
struct Stochastic {
  std::uint64_t seed;
  std::int64_t step;

  constexpr Stochastic at(int later) const { return {seed, step + later}; }

  /// Random bits, the lower 23. The multipliers, random in each step, make the numbers of any two elements independent
  /// of each other.
  EIGEN_ALWAYS_INLINE Words<float> draw(int state, std::ptrdiff_t element) const {
    using W = Words<float>;
    constexpr std::uint32_t step_of_element = 0x9e3779b1;  // 2^32 / golden ratio: neighbours lie far apart
    const std::uint64_t key = mix(mix(seed + static_cast<std::uint64_t>(state)) + static_cast<std::uint64_t>(step));
    const W w = W::sequence<step_of_element>(static_cast<std::uint32_t>(element) * step_of_element +
                                             static_cast<std::uint32_t>(key));
    // odd and large, that each bit of w reaches those in the middle
    return dot(w, W::all((static_cast<std::uint32_t>(key >> 32) & 0x3fff3fff) | 0x40014001));
  }

  /// x moved at random, by less than a unit in the last place of S: rounded to the nearest it is one of the two
  /// neighbours of x in S, each with its probability. An x that S holds comes back.
  template <class S, class T>
  EIGEN_ALWAYS_INLINE Value<T> dither(const Value<T>& x, int state, std::ptrdiff_t element) const {
    using V = Value<T>;
    using W = Words<float>;
    if constexpr (std::is_same<S, Eigen::bfloat16>::value) {
      const W up = (W::of(x) + (draw(state, element) & W::all(0xffff))) & W::all(0xffff0000);
      return select(non_finite(x), x, up.as_float());
    } else {
      static_assert(std::is_same<S, Eigen::half>::value, "numbers of 16 bits are rounded stochastically");
      // From [1, 2) units in the last place to [-1/2, 1/2); odd numbers of x's own last digit, that there be no tie.
      const V chance = ((draw(state, element) & W::all(0x007ff800)) | W::all(0x3a800400)).as_float() - V(1.5f / 1024);
      const V power = (W::of(x) & W::all(0x7f800000)).as_float();
      const V even = max(min(power, V(32768.0f)), V(6.1035156e-5f));  // the grid is, below 2^-14
      const V moved = fma(chance, even, (W::of(x) & W::all(0x7fffffff)).as_float());
      // at a power of two the grid becomes finer: the neighbours of what lies above do not lie below
      return (W::of(max(moved, power)) | (W::of(x) & W::all(0x80000000))).as_float();
    }
  }
};

/// x as it comes back after being stored as S.
template <class S, class T>
EIGEN_ALWAYS_INLINE Value<T> rounded(const Value<T>& x) {
  if constexpr (is_16_bit<S>) {
    S stored[lanes<T>];
    store_value<T>(stored, x);
    return load_value<T>(stored);
  } else {
    return x;
  }
}

/// The same for a single number, as the lot decides.
template <class S, class T, class Lot>
T rounded_one(const T& x, Lot lot, int state, std::ptrdiff_t element) {
  if constexpr (lanes<T> == 1) {
    return rounded<S, T>(lot.template dither<S, T>(x, state, element));
  } else {
    T first[lanes<T>];
    rounded<S, T>(lot.template dither<S, T>(Pack<T>(x), state, element)).store(first);
    return first[0];
  }
}

}  // namespace spark
