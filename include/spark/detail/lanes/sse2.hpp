/// \file
/// What SSE2, the baseline of x86-64, does better than Eigen's packets.
#pragma once

#include <spark/detail/registers.hpp>

#ifdef SPARK_SSE2

SPARK_NAMESPACE_BEGIN
namespace detail {

/// What float and double have in common.
template <class T> struct Sse2 : Packets<T> {
  using typename Packets<T>::Register;
  static SPARK_INLINE Register min(Register a, Register b) { return Eigen::internal::pmin(a, b); }
  static SPARK_INLINE Register max(Register a, Register b) { return Eigen::internal::pmax(a, b); }
};

/// The bits of each byte, the lowest first, as bytes.
struct SpreadBits {
  std::uint8_t bytes[256][8];
  constexpr SpreadBits() : bytes() {
    for (int byte = 0; byte < 256; ++byte)
      for (int bit = 0; bit < 8; ++bit) bytes[byte][bit] = byte >> bit & 1;
  }
};
inline constexpr SpreadBits spread_bits;

template <> struct Registers<float> : Sse2<float> {
  using Packets<float>::load;
  using Packets<float>::store;

  static SPARK_INLINE __m128i widened(const void* from) {
    const __m128i zero = _mm_setzero_si128();
    return _mm_unpacklo_epi16(_mm_unpacklo_epi8(_mm_cvtsi32_si128(four_bytes(from)), zero), zero);
  }
  static SPARK_INLINE __m128 load(const std::uint8_t* from) { return _mm_cvtepi32_ps(widened(from)); }
  static SPARK_INLINE Mask load_mask(const bool* from) {
    return _mm_castsi128_ps(_mm_sub_epi32(_mm_setzero_si128(), widened(from)));
  }
  static SPARK_INLINE Mask load_bits(const std::uint64_t* words, std::size_t at) {
    const std::uint8_t* const bytes = spread_bits.bytes[words[at / 64] >> at % 64 & 0xff];
    return _mm_castsi128_ps(_mm_sub_epi32(_mm_setzero_si128(), widened(bytes)));
  }
  static SPARK_INLINE __m128 load(const Eigen::bfloat16* from) {
    const __m128i words = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
    return _mm_castsi128_ps(_mm_unpacklo_epi16(_mm_setzero_si128(), words));
  }
  static SPARK_INLINE void store(Eigen::bfloat16* to, __m128 a) {
    const __m128i words = nearest_bfloat16_words(a);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_packs_epi32(_mm_srai_epi32(words, 16), words));
  }
  static SPARK_INLINE Word word_dot(Word a, Word b) { return _mm_madd_epi16(a, b); }
};

template <> struct Registers<double> : Sse2<double> {
  using Packets<double>::load;
  using Packets<double>::store;

  static SPARK_INLINE __m128d load(const float* from) {
    return _mm_cvtps_pd(_mm_castsi128_ps(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from))));
  }
  static SPARK_INLINE void store(float* to, __m128d a) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_castps_si128(_mm_cvtpd_ps(a)));
  }
};

}  // namespace detail
SPARK_NAMESPACE_END

#endif
