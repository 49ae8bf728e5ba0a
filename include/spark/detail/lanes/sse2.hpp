/// \file
/// What SSE2, the baseline of x86-64, does better than Eigen's packets.
#pragma once

#include <spark/detail/registers.hpp>

#include <array>

#ifdef SPARK_SSE2

SPARK_NAMESPACE_BEGIN
namespace detail {

/// The bits of each byte, the lowest first, as bytes.
inline constexpr auto spread_bits = [] {
  std::array<std::array<std::uint8_t, 8>, 256> bytes{};
  for (std::size_t byte = 0; byte < 256; ++byte)
    for (std::size_t bit = 0; bit < 8; ++bit) bytes[byte][bit] = byte >> bit & 1;
  return bytes;
}();

template <> struct Registers<float> : Packets<float> {
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
    const auto& bytes = spread_bits[words[at / 64] >> at % 64 & 0xff];
    return _mm_castsi128_ps(_mm_sub_epi32(_mm_setzero_si128(), widened(bytes.data())));
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

template <> struct Registers<double> : Packets<double> {
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
