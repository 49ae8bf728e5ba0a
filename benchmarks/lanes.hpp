/// \file
/// The widest registers of the processor, spelled in its own intrinsics, for the kernels that the library is
/// held against. Nothing here is shared with the library: a rival that used its code would prove nothing.
///
/// `Lanes<T>` is one register of floats or doubles. `spikes` loads as many elements of an input form, either as
/// numbers or, where the processor has mask registers, a bool array as a mask.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#if defined(_MSC_VER)
#define BENCH_INLINE __forceinline
#define BENCH_INLINE_LAMBDA
#else
#define BENCH_INLINE __attribute__((always_inline)) inline
#define BENCH_INLINE_LAMBDA __attribute__((always_inline))
#endif

namespace bench {

using Index = std::ptrdiff_t;

template <class T>
struct Lanes;

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)

constexpr const char* instruction_set = "AVX-512";

template <>
struct Lanes<float> {
  using V = __m512;
  using M = __mmask16;
  static constexpr Index count = 16;

  static BENCH_INLINE V load(const float* p) { return _mm512_loadu_ps(p); }
  static BENCH_INLINE void store(float* p, V v) { _mm512_storeu_ps(p, v); }
  static BENCH_INLINE V set(float a) { return _mm512_set1_ps(a); }
  static BENCH_INLINE V sub(V a, V b) { return _mm512_sub_ps(a, b); }
  static BENCH_INLINE V mul(V a, V b) { return _mm512_mul_ps(a, b); }
  static BENCH_INLINE V fma(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }
  static BENCH_INLINE V fnma(V a, V b, V c) { return _mm512_fnmadd_ps(a, b, c); }
  static BENCH_INLINE V clip(V v, V low, V high) { return _mm512_min_ps(_mm512_max_ps(v, low), high); }
  static BENCH_INLINE V select(M m, V yes, V no) { return _mm512_mask_mov_ps(no, m, yes); }
  static BENCH_INLINE V add_where(M m, V a, V b) { return _mm512_mask_add_ps(a, m, a, b); }
  static BENCH_INLINE V sub_where(M m, V a, V b) { return _mm512_mask_sub_ps(a, m, a, b); }
  static BENCH_INLINE M nonzero(V v) { return _mm512_cmp_ps_mask(v, _mm512_setzero_ps(), _CMP_NEQ_UQ); }
  static BENCH_INLINE M nonzero(M m) { return m; }

  static BENCH_INLINE M spikes(const bool* x) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(x));
    return _mm_test_epi8_mask(bytes, bytes);
  }
  static BENCH_INLINE V spikes(const std::uint8_t* x) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(x));
    return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes));
  }
  static BENCH_INLINE V spikes(const float* x) { return _mm512_loadu_ps(x); }
};

template <>
struct Lanes<double> {
  using V = __m512d;
  using M = __mmask8;
  static constexpr Index count = 8;

  static BENCH_INLINE V load(const double* p) { return _mm512_loadu_pd(p); }
  static BENCH_INLINE void store(double* p, V v) { _mm512_storeu_pd(p, v); }
  static BENCH_INLINE V set(double a) { return _mm512_set1_pd(a); }
  static BENCH_INLINE V sub(V a, V b) { return _mm512_sub_pd(a, b); }
  static BENCH_INLINE V mul(V a, V b) { return _mm512_mul_pd(a, b); }
  static BENCH_INLINE V fma(V a, V b, V c) { return _mm512_fmadd_pd(a, b, c); }
  static BENCH_INLINE V fnma(V a, V b, V c) { return _mm512_fnmadd_pd(a, b, c); }
  static BENCH_INLINE V clip(V v, V low, V high) { return _mm512_min_pd(_mm512_max_pd(v, low), high); }
  static BENCH_INLINE V select(M m, V yes, V no) { return _mm512_mask_mov_pd(no, m, yes); }
  static BENCH_INLINE V add_where(M m, V a, V b) { return _mm512_mask_add_pd(a, m, a, b); }
  static BENCH_INLINE V sub_where(M m, V a, V b) { return _mm512_mask_sub_pd(a, m, a, b); }
  static BENCH_INLINE M nonzero(V v) { return _mm512_cmp_pd_mask(v, _mm512_setzero_pd(), _CMP_NEQ_UQ); }
  static BENCH_INLINE M nonzero(M m) { return m; }

  static BENCH_INLINE M spikes(const bool* x) {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(x));
    return static_cast<M>(_mm_test_epi8_mask(bytes, bytes));
  }
  static BENCH_INLINE V spikes(const std::uint8_t* x) {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(x));
    return _mm512_cvtepi32_pd(_mm256_cvtepu8_epi32(bytes));
  }
  static BENCH_INLINE V spikes(const float* x) { return _mm512_cvtps_pd(_mm256_loadu_ps(x)); }
};

/// 64 bytes or whatever the processor moves at once.
struct Wide {
  using V = __m512i;
  static BENCH_INLINE V load(const void* p) { return _mm512_loadu_si512(p); }
  static BENCH_INLINE void store(void* p, V v) { _mm512_storeu_si512(p, v); }
  static BENCH_INLINE V both(V a, V b) { return _mm512_or_si512(a, b); }
  static BENCH_INLINE V common(V a, V b) { return _mm512_and_si512(a, b); }
};

#elif defined(__AVX2__) && defined(__FMA__)

constexpr const char* instruction_set = "AVX2";

template <>
struct Lanes<float> {
  using V = __m256;
  using M = __m256;
  static constexpr Index count = 8;

  static BENCH_INLINE V load(const float* p) { return _mm256_loadu_ps(p); }
  static BENCH_INLINE void store(float* p, V v) { _mm256_storeu_ps(p, v); }
  static BENCH_INLINE V set(float a) { return _mm256_set1_ps(a); }
  static BENCH_INLINE V sub(V a, V b) { return _mm256_sub_ps(a, b); }
  static BENCH_INLINE V mul(V a, V b) { return _mm256_mul_ps(a, b); }
  static BENCH_INLINE V fma(V a, V b, V c) { return _mm256_fmadd_ps(a, b, c); }
  static BENCH_INLINE V fnma(V a, V b, V c) { return _mm256_fnmadd_ps(a, b, c); }
  static BENCH_INLINE V clip(V v, V low, V high) { return _mm256_min_ps(_mm256_max_ps(v, low), high); }
  static BENCH_INLINE V select(M m, V yes, V no) { return _mm256_blendv_ps(no, yes, m); }
  static BENCH_INLINE M nonzero(V v) { return _mm256_cmp_ps(v, _mm256_setzero_ps(), _CMP_NEQ_UQ); }

  static BENCH_INLINE V spikes(const std::uint8_t* x) {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(x));
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes));
  }
  static BENCH_INLINE V spikes(const bool* x) { return spikes(reinterpret_cast<const std::uint8_t*>(x)); }
  static BENCH_INLINE V spikes(const float* x) { return _mm256_loadu_ps(x); }
};

template <>
struct Lanes<double> {
  using V = __m256d;
  using M = __m256d;
  static constexpr Index count = 4;

  static BENCH_INLINE V load(const double* p) { return _mm256_loadu_pd(p); }
  static BENCH_INLINE void store(double* p, V v) { _mm256_storeu_pd(p, v); }
  static BENCH_INLINE V set(double a) { return _mm256_set1_pd(a); }
  static BENCH_INLINE V sub(V a, V b) { return _mm256_sub_pd(a, b); }
  static BENCH_INLINE V mul(V a, V b) { return _mm256_mul_pd(a, b); }
  static BENCH_INLINE V fma(V a, V b, V c) { return _mm256_fmadd_pd(a, b, c); }
  static BENCH_INLINE V fnma(V a, V b, V c) { return _mm256_fnmadd_pd(a, b, c); }
  static BENCH_INLINE V clip(V v, V low, V high) { return _mm256_min_pd(_mm256_max_pd(v, low), high); }
  static BENCH_INLINE V select(M m, V yes, V no) { return _mm256_blendv_pd(no, yes, m); }
  static BENCH_INLINE M nonzero(V v) { return _mm256_cmp_pd(v, _mm256_setzero_pd(), _CMP_NEQ_UQ); }

  static BENCH_INLINE V spikes(const std::uint8_t* x) {
    int bytes;
    std::memcpy(&bytes, x, sizeof bytes);
    return _mm256_cvtepi32_pd(_mm_cvtepu8_epi32(_mm_cvtsi32_si128(bytes)));
  }
  static BENCH_INLINE V spikes(const bool* x) { return spikes(reinterpret_cast<const std::uint8_t*>(x)); }
  static BENCH_INLINE V spikes(const float* x) { return _mm256_cvtps_pd(_mm_loadu_ps(x)); }
};

struct Wide {
  using V = __m256i;
  static BENCH_INLINE V load(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }
  static BENCH_INLINE void store(void* p, V v) { _mm256_storeu_si256(static_cast<__m256i*>(p), v); }
  static BENCH_INLINE V both(V a, V b) { return _mm256_or_si256(a, b); }
  static BENCH_INLINE V common(V a, V b) { return _mm256_and_si256(a, b); }
};

#elif defined(__aarch64__)

constexpr const char* instruction_set = "NEON";

template <>
struct Lanes<float> {
  using V = float32x4_t;
  using M = uint32x4_t;
  static constexpr Index count = 4;

  static BENCH_INLINE V load(const float* p) { return vld1q_f32(p); }
  static BENCH_INLINE void store(float* p, V v) { vst1q_f32(p, v); }
  static BENCH_INLINE V set(float a) { return vdupq_n_f32(a); }
  static BENCH_INLINE V sub(V a, V b) { return vsubq_f32(a, b); }
  static BENCH_INLINE V mul(V a, V b) { return vmulq_f32(a, b); }
  static BENCH_INLINE V fma(V a, V b, V c) { return vfmaq_f32(c, a, b); }
  static BENCH_INLINE V fnma(V a, V b, V c) { return vfmsq_f32(c, a, b); }
  static BENCH_INLINE V clip(V v, V low, V high) { return vminq_f32(vmaxq_f32(v, low), high); }
  static BENCH_INLINE V select(M m, V yes, V no) { return vbslq_f32(m, yes, no); }
  static BENCH_INLINE M nonzero(V v) { return vmvnq_u32(vceqzq_f32(v)); }

  static BENCH_INLINE V spikes(const std::uint8_t* x) {
    std::uint32_t bytes;
    std::memcpy(&bytes, x, sizeof bytes);
    return vcvtq_f32_u32(vmovl_u16(vget_low_u16(vmovl_u8(vcreate_u8(bytes)))));
  }
  static BENCH_INLINE V spikes(const bool* x) { return spikes(reinterpret_cast<const std::uint8_t*>(x)); }
  static BENCH_INLINE V spikes(const float* x) { return vld1q_f32(x); }
};

template <>
struct Lanes<double> {
  using V = float64x2_t;
  using M = uint64x2_t;
  static constexpr Index count = 2;

  static BENCH_INLINE V load(const double* p) { return vld1q_f64(p); }
  static BENCH_INLINE void store(double* p, V v) { vst1q_f64(p, v); }
  static BENCH_INLINE V set(double a) { return vdupq_n_f64(a); }
  static BENCH_INLINE V sub(V a, V b) { return vsubq_f64(a, b); }
  static BENCH_INLINE V mul(V a, V b) { return vmulq_f64(a, b); }
  static BENCH_INLINE V fma(V a, V b, V c) { return vfmaq_f64(c, a, b); }
  static BENCH_INLINE V fnma(V a, V b, V c) { return vfmsq_f64(c, a, b); }
  static BENCH_INLINE V clip(V v, V low, V high) { return vminq_f64(vmaxq_f64(v, low), high); }
  static BENCH_INLINE V select(M m, V yes, V no) { return vbslq_f64(m, yes, no); }
  static BENCH_INLINE M nonzero(V v) { return vceqzq_u64(vceqzq_f64(v)); }

  static BENCH_INLINE V spikes(const std::uint8_t* x) {
    return vcvtq_f64_u64(vcombine_u64(vcreate_u64(x[0]), vcreate_u64(x[1])));
  }
  static BENCH_INLINE V spikes(const bool* x) { return spikes(reinterpret_cast<const std::uint8_t*>(x)); }
  static BENCH_INLINE V spikes(const float* x) { return vcvt_f64_f32(vld1_f32(x)); }
};

struct Wide {
  using V = uint8x16_t;
  static BENCH_INLINE V load(const void* p) { return vld1q_u8(static_cast<const std::uint8_t*>(p)); }
  static BENCH_INLINE void store(void* p, V v) { vst1q_u8(static_cast<std::uint8_t*>(p), v); }
  static BENCH_INLINE V both(V a, V b) { return vorrq_u8(a, b); }
  static BENCH_INLINE V common(V a, V b) { return vandq_u8(a, b); }
};

#else

constexpr const char* instruction_set = "a plain loop";

template <class T>
struct Lanes {
  using V = T;
  using M = bool;
  static constexpr Index count = 1;

  static BENCH_INLINE V load(const T* p) { return *p; }
  static BENCH_INLINE void store(T* p, V v) { *p = v; }
  static BENCH_INLINE V set(T a) { return a; }
  static BENCH_INLINE V sub(V a, V b) { return a - b; }
  static BENCH_INLINE V mul(V a, V b) { return a * b; }
  static BENCH_INLINE V fma(V a, V b, V c) { return a * b + c; }
  static BENCH_INLINE V fnma(V a, V b, V c) { return c - a * b; }
  static BENCH_INLINE V clip(V v, V low, V high) { return v < low ? low : high < v ? high : v; }
  static BENCH_INLINE V select(M m, V yes, V no) { return m ? yes : no; }
  static BENCH_INLINE M nonzero(V v) { return v != 0; }
  template <class X>
  static BENCH_INLINE V spikes(const X* x) {
    return static_cast<T>(*x);
  }
};

struct Wide {
  using V = std::uint64_t;
  static BENCH_INLINE V load(const void* p) {
    V v;
    std::memcpy(&v, p, sizeof v);
    return v;
  }
  static BENCH_INLINE void store(void* p, V v) { std::memcpy(p, &v, sizeof v); }
  static BENCH_INLINE V both(V a, V b) { return a | b; }
  static BENCH_INLINE V common(V a, V b) { return a & b; }
};

#endif

/// Subnormal results and operands count as 0 while this lives, so that a kernel without a guard is never caught
/// by them. The library must not need this, and runs without.
class FlushToZero {
 public:
#if defined(__x86_64__) || defined(_M_X64)
  FlushToZero() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040u); }
  ~FlushToZero() { _mm_setcsr(before_); }

 private:
  unsigned before_;
#elif defined(__aarch64__)
  FlushToZero() {
    asm volatile("mrs %0, fpcr" : "=r"(before_));
    asm volatile("msr fpcr, %0" : : "r"(before_ | (std::uint64_t{1} << 24)));
  }
  ~FlushToZero() { asm volatile("msr fpcr, %0" : : "r"(before_)); }

 private:
  std::uint64_t before_;
#else
  FlushToZero() {}
  ~FlushToZero() {}

 private:
#endif
  FlushToZero(const FlushToZero&) = delete;
  FlushToZero& operator=(const FlushToZero&) = delete;
};

}  // namespace bench
