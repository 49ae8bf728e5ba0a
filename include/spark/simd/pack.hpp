/// \file
/// The values a law is evaluated on: as many numbers as the processor computes at once, or one scalar.
///
/// `Pack<T>` is a register of numbers, `Mask<T>` a truth value for each of them. Eigen's packets do the work, so
/// that x86, ARM, POWER and RISC-V are served alike; any scalar type is the case of one lane. Intrinsics stand
/// here only where Eigen 3.4 has no such operation or a slow one.
///
/// The operations are `+ - *`, `fma`, `fnma`, `min`, `max`, `nonzero`, `select` and those of guard.hpp, the same on
/// packs and scalars: one text of a law serves both. None allocates or throws.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#if defined(EIGEN_VECTORIZE_AVX512) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define SPARK_AVX512  // truth values live in mask registers
#elif defined(EIGEN_VECTORIZE_AVX2) && !defined(EIGEN_VECTORIZE_AVX512)
#define SPARK_AVX2
#endif

namespace spark {

/// A number known to be 0 when the program is compiled; the terms that it multiplies vanish from the loop.
/// As input it says that nothing arrives, as coefficient that the traces rest at 0.
struct Zero {
  Zero() = default;
  template <class V>
  constexpr explicit Zero(const V&) {}
};

/// The negative of a value that is about to be multiplied, so that its sign costs nothing.
template <class V>
struct Negated {
  V value;
};

template <class T>
struct Mask;

template <class T>
struct Pack {
  using Packet = typename Eigen::internal::packet_traits<T>::type;

  Packet v;

  Pack() = default;
  EIGEN_ALWAYS_INLINE explicit Pack(const Packet& packet) : v(packet) {}
  EIGEN_ALWAYS_INLINE explicit Pack(T number) : v(Eigen::internal::pset1<Packet>(number)) {}
  EIGEN_ALWAYS_INLINE Pack(Mask<T> mask);  // 1 where true, 0 elsewhere

  static EIGEN_ALWAYS_INLINE Pack load(const T* from) { return Pack(Eigen::internal::ploadu<Packet>(from)); }
  EIGEN_ALWAYS_INLINE void store(T* to) const { Eigen::internal::pstoreu(to, v); }
};

/// Number of T that are computed at once; 1 for types without packets.
template <class T>
constexpr int lanes =
    std::is_same<T, float>::value || std::is_same<T, double>::value ? Eigen::internal::packet_traits<T>::size : 1;

/// What a law over T is evaluated on.
template <class T>
using Value = std::conditional_t<(lanes<T> > 1), Pack<T>, T>;

template <class T>
struct Mask {
#ifdef SPARK_AVX512
  std::conditional_t<sizeof(T) == 4, __mmask16, __mmask8> m;
#elif defined(SPARK_AVX2)
  __m256i m;  // each 32 bits of a lane a positive integer, or 0
#else
  typename Pack<T>::Packet m;  // all bits of a lane, or none
#endif
};

#ifdef SPARK_AVX2
EIGEN_ALWAYS_INLINE __m256i bits(Pack<float> a) { return _mm256_castps_si256(a.v); }
EIGEN_ALWAYS_INLINE __m256i bits(Pack<double> a) { return _mm256_castpd_si256(a.v); }
template <class T>
EIGEN_ALWAYS_INLINE Pack<T> from_bits(__m256i bits) {
  if constexpr (sizeof(T) == 4)
    return Pack<T>(_mm256_castsi256_ps(bits));
  else
    return Pack<T>(_mm256_castsi256_pd(bits));
}
#endif

#if defined(EIGEN_VECTORIZE_FMA) || defined(EIGEN_VECTORIZE_AVX512) || defined(__ARM_FEATURE_FMA)
inline constexpr bool fused_multiply_add = true;  // in registers, and so in scalars of the same type: the bits agree
#else
inline constexpr bool fused_multiply_add = false;
#endif

// --- arithmetic --------------------------------------------------------------------------------------

template <class T>
EIGEN_ALWAYS_INLINE Pack<T> operator+(Pack<T> a, Pack<T> b) {
  return Pack<T>(Eigen::internal::padd(a.v, b.v));
}
template <class T>
EIGEN_ALWAYS_INLINE Pack<T> operator-(Pack<T> a, Pack<T> b) {
  return Pack<T>(Eigen::internal::psub(a.v, b.v));
}
template <class T>
EIGEN_ALWAYS_INLINE Pack<T> operator*(Pack<T> a, Pack<T> b) {
  return Pack<T>(Eigen::internal::pmul(a.v, b.v));
}

/// a * b + c
template <class V, class E>  // E: V, or an expression of it as autodiff scalars have
EIGEN_ALWAYS_INLINE V fma(const V& a, const E& b, const V& c) {
  if constexpr (fused_multiply_add && (lanes < V >> 1)) {
    return std::fma(a, b, c);
  } else {
    return V(a * b + c);
  }
}
template <class T>
EIGEN_ALWAYS_INLINE Pack<T> fma(Pack<T> a, Pack<T> b, Pack<T> c) {
  return Pack<T>(Eigen::internal::pmadd(a.v, b.v, c.v));
}

/// c - a * b
template <class V>
EIGEN_ALWAYS_INLINE V fnma(const V& a, const V& b, const V& c) {
  if constexpr (fused_multiply_add && (lanes < V >> 1)) {
    return std::fma(-a, b, c);
  } else {
    return V(c - a * b);
  }
}
template <class T>
EIGEN_ALWAYS_INLINE Pack<T> fnma(Pack<T> a, Pack<T> b, Pack<T> c) {
  return Pack<T>(Eigen::internal::psub(c.v, Eigen::internal::pmul(a.v, b.v)));
}
#ifdef EIGEN_VECTORIZE_AVX512
EIGEN_ALWAYS_INLINE Pack<float> fnma(Pack<float> a, Pack<float> b, Pack<float> c) {
  return Pack<float>(_mm512_fnmadd_ps(a.v, b.v, c.v));
}
EIGEN_ALWAYS_INLINE Pack<double> fnma(Pack<double> a, Pack<double> b, Pack<double> c) {
  return Pack<double>(_mm512_fnmadd_pd(a.v, b.v, c.v));
}
#elif defined(EIGEN_VECTORIZE_FMA) && defined(EIGEN_VECTORIZE_AVX)
EIGEN_ALWAYS_INLINE Pack<float> fnma(Pack<float> a, Pack<float> b, Pack<float> c) {
  return Pack<float>(_mm256_fnmadd_ps(a.v, b.v, c.v));
}
EIGEN_ALWAYS_INLINE Pack<double> fnma(Pack<double> a, Pack<double> b, Pack<double> c) {
  return Pack<double>(_mm256_fnmadd_pd(a.v, b.v, c.v));
}
#elif defined(EIGEN_VECTORIZE_NEON) && EIGEN_ARCH_ARM64
EIGEN_ALWAYS_INLINE Pack<float> fnma(Pack<float> a, Pack<float> b, Pack<float> c) {
  return Pack<float>(vfmsq_f32(c.v, a.v, b.v));
}
EIGEN_ALWAYS_INLINE Pack<double> fnma(Pack<double> a, Pack<double> b, Pack<double> c) {
  return Pack<double>(vfmsq_f64(c.v, a.v, b.v));
}
#endif

/// The smaller one; a NaN in the first argument stays.
template <class V>
EIGEN_ALWAYS_INLINE V min(const V& a, const V& b) {
  return b < a ? b : a;
}
template <class T>
EIGEN_ALWAYS_INLINE Pack<T> min(Pack<T> a, Pack<T> b) {
  return Pack<T>(Eigen::internal::pmin(a.v, b.v));
}

/// The larger one; a NaN in the first argument stays.
template <class V>
EIGEN_ALWAYS_INLINE V max(const V& a, const V& b) {
  return a < b ? b : a;
}
template <class T>
EIGEN_ALWAYS_INLINE Pack<T> max(Pack<T> a, Pack<T> b) {
  return Pack<T>(Eigen::internal::pmax(a.v, b.v));
}

#ifdef EIGEN_VECTORIZE_AVX512
// The same instructions in their masked form: GCC 12 warns of the plain intrinsics' undefined operand.
EIGEN_ALWAYS_INLINE Pack<float> min(Pack<float> a, Pack<float> b) {
  return Pack<float>(_mm512_maskz_min_ps(0xffff, b.v, a.v));
}
EIGEN_ALWAYS_INLINE Pack<double> min(Pack<double> a, Pack<double> b) {
  return Pack<double>(_mm512_maskz_min_pd(0xff, b.v, a.v));
}
EIGEN_ALWAYS_INLINE Pack<float> max(Pack<float> a, Pack<float> b) {
  return Pack<float>(_mm512_maskz_max_ps(0xffff, b.v, a.v));
}
EIGEN_ALWAYS_INLINE Pack<double> max(Pack<double> a, Pack<double> b) {
  return Pack<double>(_mm512_maskz_max_pd(0xff, b.v, a.v));
}
#endif

// --- truth values ------------------------------------------------------------------------------------

template <class V>
EIGEN_ALWAYS_INLINE bool nonzero(const V& x) {
  return x != V(0);
}
template <class T>
EIGEN_ALWAYS_INLINE Mask<T> nonzero(Mask<T> x) {
  return x;
}

template <class V>
EIGEN_ALWAYS_INLINE V select(bool condition, const V& a, const V& b) {
  return condition ? a : b;
}

#ifdef SPARK_AVX512
EIGEN_ALWAYS_INLINE Mask<float> nonzero(Pack<float> x) {
  return {_mm512_cmp_ps_mask(x.v, _mm512_setzero_ps(), _CMP_NEQ_UQ)};
}
EIGEN_ALWAYS_INLINE Mask<double> nonzero(Pack<double> x) {
  return {_mm512_cmp_pd_mask(x.v, _mm512_setzero_pd(), _CMP_NEQ_UQ)};
}
EIGEN_ALWAYS_INLINE Pack<float> select(Mask<float> c, Pack<float> a, Pack<float> b) {
  return Pack<float>(_mm512_mask_mov_ps(b.v, c.m, a.v));
}
EIGEN_ALWAYS_INLINE Pack<double> select(Mask<double> c, Pack<double> a, Pack<double> b) {
  return Pack<double>(_mm512_mask_mov_pd(b.v, c.m, a.v));
}
/// a where the mask is true, 0 elsewhere
EIGEN_ALWAYS_INLINE Pack<float> operator*(Pack<float> a, Mask<float> x) {
  return Pack<float>(_mm512_maskz_mov_ps(x.m, a.v));
}
EIGEN_ALWAYS_INLINE Pack<double> operator*(Pack<double> a, Mask<double> x) {
  return Pack<double>(_mm512_maskz_mov_pd(x.m, a.v));
}
EIGEN_ALWAYS_INLINE Pack<float> fma(Pack<float> a, Mask<float> x, Pack<float> c) {
  return Pack<float>(_mm512_mask_add_ps(c.v, x.m, c.v, a.v));
}
EIGEN_ALWAYS_INLINE Pack<double> fma(Pack<double> a, Mask<double> x, Pack<double> c) {
  return Pack<double>(_mm512_mask_add_pd(c.v, x.m, c.v, a.v));
}
EIGEN_ALWAYS_INLINE Pack<float> fnma(Pack<float> a, Mask<float> x, Pack<float> c) {
  return Pack<float>(_mm512_mask_sub_ps(c.v, x.m, c.v, a.v));
}
EIGEN_ALWAYS_INLINE Pack<double> fnma(Pack<double> a, Mask<double> x, Pack<double> c) {
  return Pack<double>(_mm512_mask_sub_pd(c.v, x.m, c.v, a.v));
}
#else
#ifdef SPARK_AVX2
// Bools in memory widen to such integers at once, and the sign instruction, which gives 0 where its second operand is
// 0, takes the place of two.
template <class T>
EIGEN_ALWAYS_INLINE Mask<T> nonzero(Pack<T> x) {
  const __m256i zero = bits(Pack<T>(Eigen::internal::pcmp_eq(x.v, Pack<T>(T(0)).v)));
  return {_mm256_andnot_si256(zero, _mm256_set1_epi32(1))};
}
template <class T>
EIGEN_ALWAYS_INLINE Pack<T> select(Mask<T> c, Pack<T> a, Pack<T> b) {
  return from_bits<T>(_mm256_blendv_epi8(bits(b), bits(a), _mm256_cmpgt_epi32(c.m, _mm256_setzero_si256())));
}
template <class T>
EIGEN_ALWAYS_INLINE Pack<T> operator*(Pack<T> a, Mask<T> x) {
  return from_bits<T>(_mm256_sign_epi32(bits(a), x.m));
}
#else
template <class T>
EIGEN_ALWAYS_INLINE Mask<T> nonzero(Pack<T> x) {
  using Packet = typename Pack<T>::Packet;
  namespace ei = Eigen::internal;
  return {ei::pandnot(ei::ptrue(x.v), ei::pcmp_eq(x.v, ei::pset1<Packet>(T(0))))};
}
template <class T>
EIGEN_ALWAYS_INLINE Pack<T> select(Mask<T> c, Pack<T> a, Pack<T> b) {
  return Pack<T>(Eigen::internal::pselect(c.m, a.v, b.v));
}
template <class T>
EIGEN_ALWAYS_INLINE Pack<T> operator*(Pack<T> a, Mask<T> x) {
  return Pack<T>(Eigen::internal::pand(a.v, x.m));
}
#endif
template <class T>
EIGEN_ALWAYS_INLINE Pack<T> fma(Pack<T> a, Mask<T> x, Pack<T> c) {
  return c + a * x;
}
template <class T>
EIGEN_ALWAYS_INLINE Pack<T> fnma(Pack<T> a, Mask<T> x, Pack<T> c) {
  return c - a * x;
}
#endif

template <class T>
EIGEN_ALWAYS_INLINE Pack<T>::Pack(Mask<T> mask) : v((Pack(T(1)) * mask).v) {}

// --- nothing -----------------------------------------------------------------------------------------

template <class V>
EIGEN_ALWAYS_INLINE Negated<V> operator-(Zero, const V& b) {
  return {b};
}
template <class V>
EIGEN_ALWAYS_INLINE V operator+(const V& a, Zero) {
  return a;
}
template <class V>
EIGEN_ALWAYS_INLINE V fma(const V& a, Negated<V> b, const V& c) {
  return fnma(a, b.value, c);
}
template <class V>
EIGEN_ALWAYS_INLINE V fma(const V&, Zero, const V& c) {
  return c;
}
template <class V, class X>
EIGEN_ALWAYS_INLINE V fma(const V& a, const X& x, Zero) {
  return a * x;
}
template <class V>
EIGEN_ALWAYS_INLINE V fma(const V&, Zero, Zero) {
  return V(0);
}
template <class V>
EIGEN_ALWAYS_INLINE V fnma(const V&, Zero, const V& c) {
  return c;
}
EIGEN_ALWAYS_INLINE Zero nonzero(Zero) { return {}; }
template <class V>
EIGEN_ALWAYS_INLINE V select(Zero, const V&, const V& b) {
  return b;
}

}  // namespace spark
