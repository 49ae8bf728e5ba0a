/// \file
/// What AVX-512 does better than Eigen's packets: truth values live in mask registers. Intrinsics stand in their masked
/// form where GCC 12 warns of the plain one's undefined operand.
#pragma once

#include <spark/detail/registers.hpp>

#ifdef SPARK_AVX512

SPARK_NAMESPACE_BEGIN
namespace detail {

/// The bits of a mask register, where they lie in memory. GCC would load them by way of another register, and a run
/// would take 10 % longer.
template <class M> SPARK_INLINE M load_mask_register(const std::uint64_t* words, std::size_t at) {
  M m;
  const char* const from = reinterpret_cast<const char*>(words) + at / 8;
#ifdef SPARK_GCC
  const auto& memory = *reinterpret_cast<const char(*)[sizeof m]>(from);
  if constexpr (sizeof m == 2) {
    asm("kmovw %1, %0" : "=k"(m) : "m"(memory));
  } else {
    asm("kmovb %1, %0" : "=k"(m) : "m"(memory));
  }
#else
  std::memcpy(&m, from, sizeof m);
#endif
  return m;
}

template <> struct Registers<float> : Packets<float> {
  using Packets<float>::load;
  using Packets<float>::store;
  using Mask = __mmask16;

  static SPARK_INLINE __m512 load(const std::uint8_t* from) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    return _mm512_maskz_cvtepi32_ps(0xffff, _mm512_maskz_cvtepu8_epi32(0xffff, bytes));
  }
  static SPARK_INLINE Mask load_mask(const bool* from) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    return _mm_test_epi8_mask(bytes, bytes);
  }
  static SPARK_INLINE Mask load_bits(const std::uint64_t* words, std::size_t at) {
    return load_mask_register<Mask>(words, at);
  }
  static SPARK_INLINE __m512 load(const Eigen::half* from) {
    return _mm512_maskz_cvtph_ps(0xffff, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
  }
  static SPARK_INLINE void store(Eigen::half* to, __m512 a) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to),
                        _mm512_maskz_cvtps_ph(0xffff, a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  }
  // One permutation of words each, in place of a widening or narrowing and a shift.
  static SPARK_INLINE __m512 load(const Eigen::bfloat16* from) {
    const __m512i to_upper_halves =
        _mm512_setr_epi32(0, 1 << 16, 2 << 16, 3 << 16, 4 << 16, 5 << 16, 6 << 16, 7 << 16, 8 << 16, 9 << 16, 10 << 16,
                          11 << 16, 12 << 16, 13 << 16, 14 << 16, 15 << 16);
    const __m512i words = _mm512_castsi256_si512(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
    return _mm512_castsi512_ps(_mm512_maskz_permutexvar_epi16(0xaaaaaaaa, to_upper_halves, words));
  }
  static SPARK_INLINE void store(Eigen::bfloat16* to, __m512 a) {
    const __m512i from_upper_halves = _mm512_setr_epi32(0x30001, 0x70005, 0xb0009, 0xf000d, 0x130011, 0x170015,
                                                        0x1b0019, 0x1f001d, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m512i words = _mm512_maskz_permutexvar_epi16(0xffff, from_upper_halves, nearest_bfloat16_words(a));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_maskz_extracti64x4_epi64(0xf, words, 0));
  }
  static SPARK_INLINE Word nearest_bfloat16_words(__m512 a) {
    const __m512i bits = _mm512_castps_si512(a);
    const Mask odd = _mm512_test_epi32_mask(bits, _mm512_set1_epi32(0x10000)), nan = _mm512_fpclass_ps_mask(a, 0x81);
    const __m512i increment = _mm512_mask_mov_epi32(_mm512_set1_epi32(0x7fff), odd, _mm512_set1_epi32(0x8000));
    return _mm512_mask_or_epi32(_mm512_add_epi32(bits, increment), nan, bits, _mm512_set1_epi32(0x400000));
  }

  static SPARK_INLINE __m512 fnma(__m512 a, __m512 b, __m512 c) { return _mm512_fnmadd_ps(a, b, c); }
  static SPARK_INLINE __m512 min(__m512 a, __m512 b) { return _mm512_maskz_min_ps(0xffff, b, a); }
  static SPARK_INLINE __m512 max(__m512 a, __m512 b) { return _mm512_maskz_max_ps(0xffff, b, a); }
  static SPARK_INLINE __m512 settle(__m512 a) {
    const __m512i guard = _mm512_set1_epi32(static_cast<int>(guard_bits<float>()));
    return _mm512_maskz_mov_ps(_mm512_test_epi32_mask(_mm512_castps_si512(a), guard), a);
  }
  static SPARK_INLINE __m512 rectify(__m512 a) {
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(a, set(guard_threshold<float>()), _CMP_NLT_UQ), a);
  }
  static SPARK_INLINE Mask nonzero(__m512 a) { return _mm512_cmp_ps_mask(a, _mm512_setzero_ps(), _CMP_NEQ_UQ); }
  static SPARK_INLINE Mask negative(__m512 a) { return _mm512_movepi32_mask(_mm512_castps_si512(a)); }
  static SPARK_INLINE Mask normal(__m512 a) {
    return _mm512_test_epi32_mask(_mm512_castps_si512(a), _mm512_set1_epi32(0x7f800000));
  }
  static SPARK_INLINE __m512 where(Mask m, __m512 a) { return _mm512_maskz_mov_ps(m, a); }
  static SPARK_INLINE __m512 select(Mask m, __m512 a, __m512 b) { return _mm512_mask_mov_ps(b, m, a); }
  static SPARK_INLINE __m512 add_where(__m512 a, Mask m, __m512 c) { return _mm512_mask_add_ps(c, m, c, a); }
  static SPARK_INLINE __m512 sub_where(__m512 a, Mask m, __m512 c) { return _mm512_mask_sub_ps(c, m, c, a); }
  static SPARK_INLINE Word word_dot(Word a, Word b) { return _mm512_madd_epi16(a, b); }
};

template <> struct Registers<double> : Packets<double> {
  using Packets<double>::load;
  using Packets<double>::store;
  using Mask = __mmask8;

  static SPARK_INLINE __m512d load(const std::uint8_t* from) {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
    return _mm512_maskz_cvtepi32_pd(0xff, _mm256_cvtepu8_epi32(bytes));
  }
  static SPARK_INLINE Mask load_mask(const bool* from) {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
    return static_cast<Mask>(_mm_test_epi8_mask(bytes, bytes));
  }
  static SPARK_INLINE Mask load_bits(const std::uint64_t* words, std::size_t at) {
    return load_mask_register<Mask>(words, at);
  }
  static SPARK_INLINE __m512d load(const float* from) { return _mm512_maskz_cvtps_pd(0xff, _mm256_loadu_ps(from)); }
  static SPARK_INLINE void store(float* to, __m512d a) { _mm256_storeu_ps(to, _mm512_maskz_cvtpd_ps(0xff, a)); }

  static SPARK_INLINE __m512d fnma(__m512d a, __m512d b, __m512d c) { return _mm512_fnmadd_pd(a, b, c); }
  static SPARK_INLINE __m512d min(__m512d a, __m512d b) { return _mm512_maskz_min_pd(0xff, b, a); }
  static SPARK_INLINE __m512d max(__m512d a, __m512d b) { return _mm512_maskz_max_pd(0xff, b, a); }
  static SPARK_INLINE __m512d settle(__m512d a) {
    const __m512i guard = _mm512_set1_epi64(static_cast<std::int64_t>(guard_bits<double>()));
    return _mm512_maskz_mov_pd(_mm512_test_epi64_mask(_mm512_castpd_si512(a), guard), a);
  }
  static SPARK_INLINE __m512d rectify(__m512d a) {
    return _mm512_maskz_mov_pd(_mm512_cmp_pd_mask(a, set(guard_threshold<double>()), _CMP_NLT_UQ), a);
  }
  static SPARK_INLINE Mask nonzero(__m512d a) { return _mm512_cmp_pd_mask(a, _mm512_setzero_pd(), _CMP_NEQ_UQ); }
  static SPARK_INLINE Mask negative(__m512d a) { return _mm512_movepi64_mask(_mm512_castpd_si512(a)); }
  static SPARK_INLINE Mask normal(__m512d a) {
    return _mm512_test_epi64_mask(_mm512_castpd_si512(a), _mm512_set1_epi64(0x7ff0000000000000));
  }
  static SPARK_INLINE __m512d where(Mask m, __m512d a) { return _mm512_maskz_mov_pd(m, a); }
  static SPARK_INLINE __m512d select(Mask m, __m512d a, __m512d b) { return _mm512_mask_mov_pd(b, m, a); }
  static SPARK_INLINE __m512d add_where(__m512d a, Mask m, __m512d c) { return _mm512_mask_add_pd(c, m, c, a); }
  static SPARK_INLINE __m512d sub_where(__m512d a, Mask m, __m512d c) { return _mm512_mask_sub_pd(c, m, c, a); }
};

}  // namespace detail
SPARK_NAMESPACE_END

#endif
