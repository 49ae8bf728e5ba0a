/// \file
/// The values a law is evaluated on: as many numbers as the processor computes at once, or one scalar.
///
/// `Pack<T>` is a register of numbers, `Mask<T>` a truth value for each of them. Eigen's packets do the work, so
/// that x86, ARM, POWER and RISC-V are served alike; any scalar type is the case of one lane. Intrinsics stand
/// here only where Eigen 3.4 has no such operation or a slow one.
///
/// The operations are `+ - *`, `fma`, `fnma`, `min`, `max`, `nonzero`, `select` and `settle`, the same on packs
/// and scalars: one text of a law serves both. None allocates or throws.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#if defined(EIGEN_VECTORIZE_AVX512) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define SPARK_AVX512  // truth values live in mask registers
#endif

namespace spark {

/// Below this a value is silent, that is exactly 0: 9.4e-38 in float, 7.3e-304 in double. As close to the
/// subnormal numbers as a test of the exponent's upper bits allows.
template <class T>
constexpr T silence_threshold() {
  return std::numeric_limits<T>::min() * (std::numeric_limits<T>::digits > 24 ? T(32768) : T(8));
}

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
#else
  typename Pack<T>::Packet m;  // all bits of a lane, or none
#endif
};

#if defined(EIGEN_VECTORIZE_FMA) || defined(EIGEN_VECTORIZE_AVX512) || defined(__ARM_FEATURE_FMA)
constexpr bool fused_multiply_add = true;  // in registers, and so in scalars of the same type: the bits agree
#else
constexpr bool fused_multiply_add = false;
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

// --- the guard ---------------------------------------------------------------------------------------

/// v, or exactly 0 where |v| lies below the silence threshold: a trace that fades ends at 0 and never turns
/// subnormal. NaN and infinity pass. A scalar without bits of its own (an autodiff one) passes too.
template <class V>
EIGEN_ALWAYS_INLINE V settle(const V& v) {
  if constexpr (std::is_floating_point<V>::value) {
    return v < silence_threshold<V>() && v > -silence_threshold<V>() ? V(0) : v;
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
#endif

/// v limited to [0, 1]; a NaN stays.
template <class V>
EIGEN_ALWAYS_INLINE V clip(const V& v) {
  return min(max(v, V(0)), V(1));
}

}  // namespace spark
