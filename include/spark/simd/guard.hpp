/// \file
/// The guard against subnormal numbers, on whose arithmetic processors lose a factor of 30 and more: what has faded
/// is exactly 0. The processor's floating-point mode is the caller's and stays as it is.
#pragma once

#include <spark/simd/pack.hpp>

namespace spark {

/// Below this a value is silent, that is exactly 0: 9.4e-38 in float, 7.3e-304 in double. As close to the
/// subnormal numbers as a test of the exponent's upper bits allows.
template <class T>
constexpr T silence_threshold() {
  return std::numeric_limits<T>::min() * (std::numeric_limits<T>::digits > 24 ? T(32768) : T(8));
}

/// v, or exactly 0 where |v| lies below the silence threshold: a trace that fades ends at 0 and never turns
/// subnormal. NaN and infinity pass. A scalar without bits of its own (an autodiff one) passes too.
template <class V>
EIGEN_ALWAYS_INLINE V settle(const V& v) {
  if constexpr (std::is_floating_point<V>::value) {
    return std::abs(v) < silence_threshold<V>() ? V(0) : v;
  } else {
    return v;
  }
}

/// The bits of the exponent that are all 0 in a silent number; asking for bits, not for an order, keeps
/// subnormals out of the arithmetic and takes one instruction less.
template <class T>
EIGEN_ALWAYS_INLINE auto loud_bits() {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  return Eigen::numext::bit_cast<Bits>(std::numeric_limits<T>::infinity()) &
         ~(Eigen::numext::bit_cast<Bits>(silence_threshold<T>()) - 1);
}
#ifdef SPARK_AVX512
EIGEN_ALWAYS_INLINE Pack<float> settle(Pack<float> a) {
  const __m512i loud = _mm512_set1_epi32(static_cast<int>(loud_bits<float>()));
  return Pack<float>(_mm512_maskz_mov_ps(_mm512_test_epi32_mask(_mm512_castps_si512(a.v), loud), a.v));
}
EIGEN_ALWAYS_INLINE Pack<double> settle(Pack<double> a) {
  const __m512i loud = _mm512_set1_epi64(static_cast<std::int64_t>(loud_bits<double>()));
  return Pack<double>(_mm512_maskz_mov_pd(_mm512_test_epi64_mask(_mm512_castpd_si512(a.v), loud), a.v));
}
#else
template <class T>
EIGEN_ALWAYS_INLINE Pack<T> settle(Pack<T> a) {
  namespace ei = Eigen::internal;
  const auto loud = Pack<T>(Eigen::numext::bit_cast<T>(loud_bits<T>()));
  return Pack<T>(ei::pandnot(a.v, ei::pcmp_eq(ei::pand(a.v, loud.v), Pack<T>(T(0)).v)));
}
#ifdef SPARK_AVX2
EIGEN_ALWAYS_INLINE Pack<float> settle(Pack<float> a) {
  const __m256i loud = _mm256_and_si256(bits(a), _mm256_set1_epi32(static_cast<int>(loud_bits<float>())));
  return from_bits<float>(_mm256_sign_epi32(bits(a), loud));
}
#endif
#endif

/// The same for what cannot be negative: 0 below the silence threshold, and so for any negative number; NaN and
/// infinity pass.
template <class V>
EIGEN_ALWAYS_INLINE V rectify(const V& v) {
  if constexpr (std::is_floating_point<V>::value) {
    return v < silence_threshold<V>() ? V(0) : v;
  } else {
    return spark::max(v, V(0));
  }
}
#ifdef SPARK_AVX512
EIGEN_ALWAYS_INLINE Pack<float> rectify(Pack<float> a) {
  const __m512 silence = _mm512_set1_ps(silence_threshold<float>());
  return Pack<float>(_mm512_maskz_mov_ps(_mm512_cmp_ps_mask(a.v, silence, _CMP_NLT_UQ), a.v));
}
EIGEN_ALWAYS_INLINE Pack<double> rectify(Pack<double> a) {
  const __m512d silence = _mm512_set1_pd(silence_threshold<double>());
  return Pack<double>(_mm512_maskz_mov_pd(_mm512_cmp_pd_mask(a.v, silence, _CMP_NLT_UQ), a.v));
}
#else
template <class T>
EIGEN_ALWAYS_INLINE Pack<T> rectify(Pack<T> a) {
  namespace ei = Eigen::internal;
  return Pack<T>(ei::pandnot(a.v, ei::pcmp_lt(a.v, Pack<T>(silence_threshold<T>()).v)));
}
#endif

/// v limited to [0, 1], and 0 below the silence threshold; a NaN stays.
template <class V>
EIGEN_ALWAYS_INLINE V clip(const V& v) {
  return spark::min(rectify(v), V(1));
}

}  // namespace spark
