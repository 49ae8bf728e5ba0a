/// \file
/// What AVX2 does better than Eigen's packets. A truth value is a lane of which each 32 bits are a positive integer, or
/// 0: bools in memory widen to that at once, and the sign instruction, which gives 0 where its second operand is 0,
/// takes the place of two.
#pragma once

#include <spark/detail/registers.hpp>

#ifdef SPARK_AVX2

SPARK_NAMESPACE_BEGIN
namespace detail {

SPARK_INLINE __m256i bits_of_register(__m256 a) { return _mm256_castps_si256(a); }
SPARK_INLINE __m256i bits_of_register(__m256d a) { return _mm256_castpd_si256(a); }
SPARK_INLINE __m256i eight_bytes(const void* from) {
  return _mm256_cvtepu8_epi32(_mm_loadl_epi64(static_cast<const __m128i*>(from)));
}

/// What float and double have in common.
template <class T> struct Avx2 : Packets<T> {
  using Packets<T>::set;
  using typename Packets<T>::Register;
  using Mask = __m256i;

  static SPARK_INLINE Register of_bits(__m256i bits) {
    if constexpr (sizeof(T) == 4) {
      return _mm256_castsi256_ps(bits);
    } else {
      return _mm256_castsi256_pd(bits);
    }
  }
  static SPARK_INLINE Mask nonzero(Register a) {
    const __m256i zero = bits_of_register(ei::pcmp_eq(a, set(T(0))));
    return _mm256_andnot_si256(zero, _mm256_set1_epi32(1));
  }
  static SPARK_INLINE Mask negative(Register a) {
    return _mm256_srli_epi32(bits_of_register(Packets<T>::negative(a)), 31);
  }
  static SPARK_INLINE Mask normal(Register a) { return nonzero(ei::pand(a, set(std::numeric_limits<T>::infinity()))); }
  static SPARK_INLINE Register where(Mask m, Register a) { return of_bits(_mm256_sign_epi32(bits_of_register(a), m)); }
  static SPARK_INLINE Register select(Mask m, Register a, Register b) {
    const __m256i chosen = _mm256_cmpgt_epi32(m, _mm256_setzero_si256());
    return of_bits(_mm256_blendv_epi8(bits_of_register(b), bits_of_register(a), chosen));
  }
  static SPARK_INLINE Register add_where(Register a, Mask m, Register c) { return Packets<T>::add(c, where(m, a)); }
  static SPARK_INLINE Register sub_where(Register a, Mask m, Register c) { return Packets<T>::sub(c, where(m, a)); }
};

template <> struct Registers<float> : Avx2<float> {
  using Packets<float>::load;
  using Packets<float>::store;

  static SPARK_INLINE __m256 load(const std::uint8_t* from) { return _mm256_cvtepi32_ps(eight_bytes(from)); }
  static SPARK_INLINE Mask load_mask(const bool* from) { return eight_bytes(from); }
  static SPARK_INLINE Mask load_bits(const std::uint64_t* words, std::size_t at) {
    const auto byte = static_cast<int>(words[at / 64] >> at % 64 & 0xff);
    return _mm256_and_si256(_mm256_set1_epi32(byte), _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128));
  }
#ifdef __F16C__
  static SPARK_INLINE __m256 load(const Eigen::half* from) {
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
  }
  static SPARK_INLINE void store(Eigen::half* to, __m256 a) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_cvtps_ph(a, _MM_FROUND_TO_NEAREST_INT));
  }
#endif
  static SPARK_INLINE __m256 load(const Eigen::bfloat16* from) {
    const __m128i words = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(words), 16));
  }
  static SPARK_INLINE void store(Eigen::bfloat16* to, __m256 a) {
    const __m256i words = _mm256_srli_epi32(nearest_bfloat16_words(a), 16);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                     _mm_packus_epi32(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)));
  }
#ifdef EIGEN_VECTORIZE_FMA
  static SPARK_INLINE __m256 fnma(__m256 a, __m256 b, __m256 c) { return _mm256_fnmadd_ps(a, b, c); }
#endif
  static SPARK_INLINE __m256 settle(__m256 a) {
    const __m256i guard = _mm256_set1_epi32(static_cast<int>(guard_bits<float>()));
    return _mm256_castsi256_ps(
        _mm256_sign_epi32(_mm256_castps_si256(a), _mm256_and_si256(_mm256_castps_si256(a), guard)));
  }
  static SPARK_INLINE Word word_dot(Word a, Word b) { return _mm256_madd_epi16(a, b); }
};

template <> struct Registers<double> : Avx2<double> {
  using Packets<double>::load;
  using Packets<double>::store;

  static SPARK_INLINE __m256d load(const std::uint8_t* from) {
    return _mm256_cvtepi32_pd(_mm_cvtepu8_epi32(_mm_cvtsi32_si128(four_bytes(from))));
  }
  static SPARK_INLINE Mask load_mask(const bool* from) {
    // each byte to both halves of its lane; the upper bit of an index leaves 0
    const __m128i first = _mm_setr_epi32(static_cast<int>(0x80808000), static_cast<int>(0x80808000),
                                         static_cast<int>(0x80808001), static_cast<int>(0x80808001));
    const __m128i second = _mm_setr_epi32(static_cast<int>(0x80808002), static_cast<int>(0x80808002),
                                          static_cast<int>(0x80808003), static_cast<int>(0x80808003));
    return _mm256_shuffle_epi8(_mm256_set1_epi32(four_bytes(from)), _mm256_set_m128i(second, first));
  }
  static SPARK_INLINE Mask load_bits(const std::uint64_t* words, std::size_t at) {
    const auto byte = static_cast<int>(words[at / 64] >> at % 64 & 0xff);
    return _mm256_and_si256(_mm256_set1_epi32(byte), _mm256_setr_epi32(1, 1, 2, 2, 4, 4, 8, 8));
  }
  static SPARK_INLINE __m256d load(const float* from) { return _mm256_cvtps_pd(_mm_loadu_ps(from)); }
  static SPARK_INLINE void store(float* to, __m256d a) { _mm_storeu_ps(to, _mm256_cvtpd_ps(a)); }
#ifdef EIGEN_VECTORIZE_FMA
  static SPARK_INLINE __m256d fnma(__m256d a, __m256d b, __m256d c) { return _mm256_fnmadd_pd(a, b, c); }
#endif
};

}  // namespace detail
SPARK_NAMESPACE_END

#endif
