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
  // `widen` and `nearest_half` of storage.hpp, four numbers at a time. Inline, their twenty instructions each would
  // make up half of a kernel.
  static EIGEN_DONT_INLINE __m128 load(const Eigen::half* from) {
    const __m128i zero = _mm_setzero_si128(), bias = word_set(112u << 23);
    const __m128i bits = _mm_unpacklo_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from)), zero);
    const __m128i magnitude = _mm_slli_epi32(word_and(bits, word_set(0x7fff)), 13);
    const __m128i exponent = word_and(magnitude, word_set(31u << 23));
    const __m128i special = word_and(_mm_cmpeq_epi32(exponent, word_set(31u << 23)), bias);
    const __m128 small = sub(number(word_add(magnitude, word_set(113u << 23))), set(6.103515625e-05f));
    const __m128 large = number(word_add(magnitude, word_add(bias, special)));
    const __m128 sign = number(_mm_slli_epi32(word_and(bits, word_set(0x8000)), 16));
    return _mm_or_ps(select(number(_mm_cmpeq_epi32(exponent, zero)), small, large), sign);
  }
  static EIGEN_DONT_INLINE void store(Eigen::half* to, __m128 a) {
    const __m128i bits = word(a), magnitude = word_and(bits, word_set(0x7fffffff));
    const auto below = [&](std::uint32_t bound) { return number(_mm_cmplt_epi32(magnitude, word_set(bound))); };
    const __m128i odd = word_and(_mm_srli_epi32(magnitude, 13), word_set(1));
    const __m128i small = _mm_sub_epi32(word(add(number(magnitude), set(0.5f))), word_set(126u << 23));
    const __m128i normal = _mm_srli_epi32(word_add(word_add(magnitude, odd), word_set(0xfff - (112u << 23))), 13);
    const __m128 special = select(below(0x7f800001), number(word_set(0x7c00)), number(word_set(0x7e00)));
    const __m128 finite = select(below(113u << 23), number(small), number(normal));
    const __m128i half =
        word_or(word(select(below(143u << 23), finite, special)), _mm_slli_epi32(_mm_srli_epi32(bits, 31), 15));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to),
                     _mm_packs_epi32(_mm_srai_epi32(_mm_slli_epi32(half, 16), 16), half));
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
