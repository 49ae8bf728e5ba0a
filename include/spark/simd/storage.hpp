/// \file
/// Numbers in memory of one type, in registers of another.
///
/// 16-bit traces are stored as `Eigen::half` or `Eigen::bfloat16` and computed in float; spikes arrive as bytes.
/// `load_value` widens, `store_value` rounds to nearest even. The processor's own conversions are used where it has
/// them: GCC 12 does not find them by itself, and Eigen 3.4's half arithmetic costs 200 times as much. Elsewhere the
/// conversions are branch-free integer code over one register's worth of numbers.
#pragma once

#include <spark/simd/pack.hpp>

#include <array>
#include <cstring>

namespace spark {

template <class S>
constexpr bool is_16_bit = std::is_same<S, Eigen::half>::value || std::is_same<S, Eigen::bfloat16>::value;

/// The type that computes where S is stored.
template <class S>
using Compute = std::conditional_t<is_16_bit<S>, float, S>;

// --- one number --------------------------------------------------------------------------------------

inline float widen(Eigen::bfloat16 x) {
  return Eigen::numext::bit_cast<float>(std::uint32_t{Eigen::numext::bit_cast<std::uint16_t>(x)} << 16);
}
inline float widen(Eigen::half x) {
  const std::uint32_t bits = Eigen::numext::bit_cast<std::uint16_t>(x);
  const std::uint32_t exponent = bits & 0x7c00u, magnitude = (bits & 0x7fffu) << 13;
  // a subnormal half is the difference of two normal floats; adding the implicit bit and taking it off again
  // normalises without an instruction that meets a subnormal
  const float small = Eigen::numext::bit_cast<float>(magnitude + (113u << 23)) - 6.103515625e-05f;
  const std::uint32_t large = magnitude + (exponent == 0x7c00u ? 224u << 23 : 112u << 23);
  const std::uint32_t result = exponent == 0 ? Eigen::numext::bit_cast<std::uint32_t>(small) : large;
  return Eigen::numext::bit_cast<float>(result | ((bits & 0x8000u) << 16));
}
template <class S>
S widen(const S& x) {
  return x;
}

inline std::uint16_t nearest_bfloat16(float x) {
  const std::uint32_t bits = Eigen::numext::bit_cast<std::uint32_t>(x);
  const std::uint32_t rounded = bits + 0x7fffu + ((bits >> 16) & 1u);
  return static_cast<std::uint16_t>((x == x ? rounded : bits | 0x400000u) >> 16);
}
inline std::uint16_t nearest_half(float x) {
  const std::uint32_t bits = Eigen::numext::bit_cast<std::uint32_t>(x), magnitude = bits & 0x7fffffffu;
  // half's subnormals share the exponent of 0.5: the addition aligns and rounds
  const std::uint32_t small =
      Eigen::numext::bit_cast<std::uint32_t>(Eigen::numext::bit_cast<float>(magnitude) + 0.5f) - (126u << 23);
  const std::uint32_t normal = (magnitude - (112u << 23) + 0xfffu + ((magnitude >> 13) & 1u)) >> 13;
  const std::uint32_t special = magnitude > 0x7f800000u ? 0x7e00u : 0x7c00u;
  const std::uint32_t finite = magnitude < (113u << 23) ? small : normal;
  return static_cast<std::uint16_t>((magnitude >= (143u << 23) ? special : finite) | ((bits >> 16) & 0x8000u));
}
/// x as S, rounded to the nearest where S has fewer digits.
template <class S, class T>
S narrow(const T& x) {
  if constexpr (std::is_same<S, Eigen::half>::value) {
    return Eigen::numext::bit_cast<Eigen::half>(nearest_half(static_cast<float>(x)));
  } else if constexpr (std::is_same<S, Eigen::bfloat16>::value) {
    return Eigen::numext::bit_cast<Eigen::bfloat16>(nearest_bfloat16(static_cast<float>(x)));
  } else {
    return static_cast<S>(x);
  }
}

// --- as many as are computed at once -----------------------------------------------------------------

/// How a register of S in memory becomes a `Pack<T>` and back; number by number unless specialised below.
template <class T, class S>
struct Conversion {
  static EIGEN_ALWAYS_INLINE Pack<T> load(const S* from) {
    T numbers[lanes<T>];
    for (int i = 0; i < lanes<T>; ++i) numbers[i] = static_cast<T>(widen(from[i]));
    return Pack<T>::load(numbers);
  }
  static EIGEN_ALWAYS_INLINE void store(S* to, Pack<T> values) {
    T numbers[lanes<T>];
    values.store(numbers);
    for (int i = 0; i < lanes<T>; ++i) to[i] = narrow<S>(numbers[i]);
  }
};
template <class T>
struct Conversion<T, T> {
  static EIGEN_ALWAYS_INLINE Pack<T> load(const T* from) { return Pack<T>::load(from); }
  static EIGEN_ALWAYS_INLINE void store(T* to, Pack<T> values) { values.store(to); }
};

#if defined(EIGEN_VECTORIZE_SSE2) || (defined(EIGEN_VECTORIZE_NEON) && EIGEN_ARCH_ARM64)
template <>
struct Conversion<double, float> {
  static EIGEN_ALWAYS_INLINE Pack<double> load(const float* from) {
#if defined(EIGEN_VECTORIZE_AVX512)
    return Pack<double>(_mm512_maskz_cvtps_pd(0xff, _mm256_loadu_ps(from)));
#elif defined(EIGEN_VECTORIZE_AVX)
    return Pack<double>(_mm256_cvtps_pd(_mm_loadu_ps(from)));
#elif defined(EIGEN_VECTORIZE_SSE2)
    return Pack<double>(_mm_cvtps_pd(_mm_castsi128_ps(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from)))));
#else
    return Pack<double>(vcvt_f64_f32(vld1_f32(from)));
#endif
  }
  static EIGEN_ALWAYS_INLINE void store(float* to, Pack<double> values) {
#if defined(EIGEN_VECTORIZE_AVX512)
    _mm256_storeu_ps(to, _mm512_maskz_cvtpd_ps(0xff, values.v));
#elif defined(EIGEN_VECTORIZE_AVX)
    _mm_storeu_ps(to, _mm256_cvtpd_ps(values.v));
#elif defined(EIGEN_VECTORIZE_SSE2)
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_castps_si128(_mm_cvtpd_ps(values.v)));
#else
    vst1_f32(to, vcvt_f32_f64(values.v));
#endif
  }
};
#endif

EIGEN_ALWAYS_INLINE std::int32_t four_bytes(const std::uint8_t* from) {
  std::int32_t bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  return bytes;
}

template <class T>
EIGEN_ALWAYS_INLINE Mask<T> load_mask(const std::uint8_t* from) {
  return nonzero(Conversion<T, std::uint8_t>::load(from));
}

#if defined(SPARK_AVX512)

template <>
struct Conversion<float, std::uint8_t> {
  static EIGEN_ALWAYS_INLINE Pack<float> load(const std::uint8_t* from) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    return Pack<float>(_mm512_maskz_cvtepi32_ps(0xffff, _mm512_maskz_cvtepu8_epi32(0xffff, bytes)));
  }
};
template <>
struct Conversion<double, std::uint8_t> {
  static EIGEN_ALWAYS_INLINE Pack<double> load(const std::uint8_t* from) {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
    return Pack<double>(_mm512_maskz_cvtepi32_pd(0xff, _mm256_cvtepu8_epi32(bytes)));
  }
};
template <>
EIGEN_ALWAYS_INLINE Mask<float> load_mask<float>(const std::uint8_t* from) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  return {_mm_test_epi8_mask(bytes, bytes)};
}
template <>
EIGEN_ALWAYS_INLINE Mask<double> load_mask<double>(const std::uint8_t* from) {
  const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
  return {static_cast<__mmask8>(_mm_test_epi8_mask(bytes, bytes))};
}
template <>
struct Conversion<float, Eigen::half> {
  static EIGEN_ALWAYS_INLINE Pack<float> load(const Eigen::half* from) {
    return Pack<float>(_mm512_maskz_cvtph_ps(0xffff, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))));
  }
  static EIGEN_ALWAYS_INLINE void store(Eigen::half* to, Pack<float> values) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to),
                        _mm512_maskz_cvtps_ph(0xffff, values.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  }
};
template <>
struct Conversion<float, Eigen::bfloat16> {
  static EIGEN_ALWAYS_INLINE Pack<float> load(const Eigen::bfloat16* from) {
    const __m256i words = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    return Pack<float>(
        _mm512_castsi512_ps(_mm512_maskz_slli_epi32(0xffff, _mm512_maskz_cvtepu16_epi32(0xffff, words), 16)));
  }
  static EIGEN_ALWAYS_INLINE void store(Eigen::bfloat16* to, Pack<float> values) {
#ifdef __AVX512BF16__
    const __m256bh words = _mm512_cvtneps_pbh(values.v);
    std::memcpy(static_cast<void*>(to), &words, sizeof words);
#else
    const __m512i bits = _mm512_castps_si512(values.v);
    const __m512i odd = _mm512_and_si512(_mm512_maskz_srli_epi32(0xffff, bits, 16), _mm512_set1_epi32(1));
    const __m512i rounded = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
    const __m512i quiet = _mm512_or_si512(bits, _mm512_set1_epi32(0x400000));
    const __mmask16 nan = _mm512_cmp_ps_mask(values.v, values.v, _CMP_UNORD_Q);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to),
                        _mm512_maskz_cvtepi32_epi16(
                            0xffff, _mm512_maskz_srli_epi32(0xffff, _mm512_mask_mov_epi32(rounded, nan, quiet), 16)));
#endif
  }
};

#elif defined(SPARK_AVX2)

EIGEN_ALWAYS_INLINE __m256i eight_bytes(const std::uint8_t* from) {
  return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from)));
}
template <>
struct Conversion<float, std::uint8_t> {
  static EIGEN_ALWAYS_INLINE Pack<float> load(const std::uint8_t* from) {
    return Pack<float>(_mm256_cvtepi32_ps(eight_bytes(from)));
  }
};
template <>
struct Conversion<double, std::uint8_t> {
  static EIGEN_ALWAYS_INLINE Pack<double> load(const std::uint8_t* from) {
    return Pack<double>(_mm256_cvtepi32_pd(_mm_cvtepu8_epi32(_mm_cvtsi32_si128(four_bytes(from)))));
  }
};
template <>
EIGEN_ALWAYS_INLINE Mask<float> load_mask<float>(const std::uint8_t* from) {
  return {eight_bytes(from)};
}
template <>
EIGEN_ALWAYS_INLINE Mask<double> load_mask<double>(const std::uint8_t* from) {
  // each byte to both halves of its lane; the upper bit of an index leaves 0
  const __m128i first = _mm_setr_epi32(0x80808000, 0x80808000, 0x80808001, 0x80808001);
  const __m128i second = _mm_setr_epi32(0x80808002, 0x80808002, 0x80808003, 0x80808003);
  return {_mm256_shuffle_epi8(_mm256_set1_epi32(four_bytes(from)), _mm256_set_m128i(second, first))};
}
#ifdef __F16C__
template <>
struct Conversion<float, Eigen::half> {
  static EIGEN_ALWAYS_INLINE Pack<float> load(const Eigen::half* from) {
    return Pack<float>(_mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))));
  }
  static EIGEN_ALWAYS_INLINE void store(Eigen::half* to, Pack<float> values) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_cvtps_ph(values.v, _MM_FROUND_TO_NEAREST_INT));
  }
};
#endif
template <>
struct Conversion<float, Eigen::bfloat16> {
  static EIGEN_ALWAYS_INLINE Pack<float> load(const Eigen::bfloat16* from) {
    const __m128i words = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    return Pack<float>(_mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(words), 16)));
  }
  static EIGEN_ALWAYS_INLINE void store(Eigen::bfloat16* to, Pack<float> values) {
    const __m256i bits = _mm256_castps_si256(values.v);
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    const __m256i rounded = _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff)));
    const __m256i quiet = _mm256_or_si256(bits, _mm256_set1_epi32(0x400000));
    const __m256i nan = _mm256_castps_si256(_mm256_cmp_ps(values.v, values.v, _CMP_UNORD_Q));
    const __m256i words = _mm256_srli_epi32(_mm256_blendv_epi8(rounded, quiet, nan), 16);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                     _mm_packus_epi32(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)));
  }
};

#elif defined(EIGEN_VECTORIZE_SSE2) && !defined(EIGEN_VECTORIZE_AVX)

EIGEN_ALWAYS_INLINE __m128i widened_bytes(const std::uint8_t* from) {
  const __m128i zero = _mm_setzero_si128();
  return _mm_unpacklo_epi16(_mm_unpacklo_epi8(_mm_cvtsi32_si128(four_bytes(from)), zero), zero);
}
template <>
struct Conversion<float, std::uint8_t> {
  static EIGEN_ALWAYS_INLINE Pack<float> load(const std::uint8_t* from) {
    return Pack<float>(_mm_cvtepi32_ps(widened_bytes(from)));
  }
};
template <>
EIGEN_ALWAYS_INLINE Mask<float> load_mask<float>(const std::uint8_t* from) {
  return {_mm_castsi128_ps(_mm_sub_epi32(_mm_setzero_si128(), widened_bytes(from)))};
}

#endif

/// Reads `lanes<T>` numbers of type S as a `Value<T>`; bools as a `Mask<T>` where there is one.
template <class T, class S>
EIGEN_ALWAYS_INLINE auto load_value(const S* from) {
  if constexpr (lanes<T> == 1) {
    return static_cast<T>(widen(*from));
  } else if constexpr (std::is_same<S, bool>::value) {
    return load_mask<T>(reinterpret_cast<const std::uint8_t*>(from));
  } else {
    return Conversion<T, S>::load(from);
  }
}

#if !defined(SPARK_AVX512) && !defined(SPARK_AVX2)
/// The bits of each byte, the lowest first, as bytes.
constexpr std::array<std::array<std::uint8_t, 8>, 256> spread_bits() {
  std::array<std::array<std::uint8_t, 8>, 256> bytes{};
  for (std::size_t byte = 0; byte < 256; ++byte)
    for (std::size_t bit = 0; bit < 8; ++bit) bytes[byte][bit] = byte >> bit & 1;
  return bytes;
}
inline constexpr auto bytes_of_bits = spread_bits();
#endif

/// The truth values that bit `at` and those after it stand for, where bit 0 is the lowest of the first word and `at` a
/// multiple of `lanes<T>`.
template <class T>
EIGEN_ALWAYS_INLINE auto load_bits(const std::uint64_t* words, std::ptrdiff_t at) {
  const auto place = static_cast<std::size_t>(at);  // divided without regard to a sign
  const std::uint64_t bits = words[place / 64] >> place % 64;
  if constexpr (lanes<T> == 1) {
    return T(static_cast<int>(bits & 1));
  } else {
#if defined(SPARK_AVX512)
    decltype(Mask<T>::m) m;  // the byte or two where they lie, which takes one instruction
    const char* const from = reinterpret_cast<const char*>(words) + place / 8;
#if defined(__GNUC__) && !defined(__clang__)  // GCC loads it by way of another register, and a run takes 10 % longer
    const auto& memory = *reinterpret_cast<const char(*)[sizeof m]>(from);
    if constexpr (sizeof m == 2) {
      asm("kmovw %1, %0" : "=k"(m) : "m"(memory));
    } else {
      asm("kmovb %1, %0" : "=k"(m) : "m"(memory));
    }
#else
    std::memcpy(&m, from, sizeof m);
#endif
    return Mask<T>{m};
#elif defined(SPARK_AVX2)
    const __m256i each =
        lanes<T> == 8 ? _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128) : _mm256_setr_epi32(1, 1, 2, 2, 4, 4, 8, 8);
    return Mask<T>{_mm256_and_si256(_mm256_set1_epi32(static_cast<int>(bits & 0xff)), each)};
#else
    std::uint8_t bytes[lanes<T> + 7];
    for (int j = 0; j < lanes<T>; j += 8) std::memcpy(bytes + j, &bytes_of_bits[bits >> j & 0xff], 8);
    return load_mask<T>(bytes);
#endif
  }
}

/// Writes `lanes<T>` numbers as S.
template <class T, class S>
EIGEN_ALWAYS_INLINE void store_value(S* to, const Value<T>& values) {
  if constexpr (lanes<T> == 1) {
    *to = narrow<S>(values);
  } else {
    Conversion<T, S>::store(to, values);
  }
}

}  // namespace spark
