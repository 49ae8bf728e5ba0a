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

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define BENCH_INLINE __attribute__((always_inline)) inline
#define BENCH_INLINE_LAMBDA __attribute__((always_inline))

namespace bench {

using Index = std::ptrdiff_t;

template <class T> struct Lanes;

// What differs between the registers of x86 in its name only: `p` before the operation, `s` after it.
#define BENCH_ARITHMETIC(T, p, s)                                               \
  static BENCH_INLINE V load(const T* from) { return p##_loadu_##s(from); }     \
  static BENCH_INLINE void store(T* to, V v) { p##_storeu_##s(to, v); }         \
  static BENCH_INLINE V set(T a) { return p##_set1_##s(a); }                    \
  static BENCH_INLINE V sub(V a, V b) { return p##_sub_##s(a, b); }             \
  static BENCH_INLINE V mul(V a, V b) { return p##_mul_##s(a, b); }             \
  static BENCH_INLINE V fma(V a, V b, V c) { return p##_fmadd_##s(a, b, c); }   \
  static BENCH_INLINE V fnma(V a, V b, V c) { return p##_fnmadd_##s(a, b, c); } \
  static BENCH_INLINE V clip(V v, V low, V high) { return p##_min_##s(p##_max_##s(v, low), high); }

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)

#define BENCH_MASKS(s)                                                                                       \
  static BENCH_INLINE V select(M m, V yes, V no) { return _mm512_mask_mov_##s(no, m, yes); }                 \
  static BENCH_INLINE V add_where(M m, V a, V b) { return _mm512_mask_add_##s(a, m, a, b); }                 \
  static BENCH_INLINE V sub_where(M m, V a, V b) { return _mm512_mask_sub_##s(a, m, a, b); }                 \
  static BENCH_INLINE M nonzero(V v) { return _mm512_cmp_##s##_mask(v, _mm512_setzero_##s(), _CMP_NEQ_UQ); } \
  static BENCH_INLINE M nonzero(M m) { return m; }

template <> struct Lanes<float> {
  using V = __m512;
  using M = __mmask16;
  static constexpr Index count = 16;
  BENCH_ARITHMETIC(float, _mm512, ps)
  BENCH_MASKS(ps)

  static BENCH_INLINE __m128i bytes(const void* x) { return _mm_loadu_si128(static_cast<const __m128i*>(x)); }
  static BENCH_INLINE M spikes(const bool* x) { return _mm_test_epi8_mask(bytes(x), bytes(x)); }
  static BENCH_INLINE V spikes(const std::uint8_t* x) { return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes(x))); }
  static BENCH_INLINE V spikes(const float* x) { return load(x); }
};

template <> struct Lanes<double> {
  using V = __m512d;
  using M = __mmask8;
  static constexpr Index count = 8;
  BENCH_ARITHMETIC(double, _mm512, pd)
  BENCH_MASKS(pd)

  static BENCH_INLINE __m128i bytes(const void* x) { return _mm_loadl_epi64(static_cast<const __m128i*>(x)); }
  static BENCH_INLINE M spikes(const bool* x) { return static_cast<M>(_mm_test_epi8_mask(bytes(x), bytes(x))); }
  static BENCH_INLINE V spikes(const std::uint8_t* x) { return _mm512_cvtepi32_pd(_mm256_cvtepu8_epi32(bytes(x))); }
  static BENCH_INLINE V spikes(const float* x) { return _mm512_cvtps_pd(_mm256_loadu_ps(x)); }
};

#elif defined(__AVX2__) && defined(__FMA__)

#define BENCH_MASKS(s)                                                                                \
  static BENCH_INLINE V select(M m, V yes, V no) { return _mm256_blendv_##s(no, yes, m); }            \
  static BENCH_INLINE M nonzero(V v) { return _mm256_cmp_##s(v, _mm256_setzero_##s(), _CMP_NEQ_UQ); } \
  static BENCH_INLINE V spikes(const bool* x) { return spikes(reinterpret_cast<const std::uint8_t*>(x)); }

template <> struct Lanes<float> {
  using V = __m256;
  using M = __m256;
  static constexpr Index count = 8;
  BENCH_ARITHMETIC(float, _mm256, ps)
  BENCH_MASKS(ps)

  static BENCH_INLINE V spikes(const std::uint8_t* x) {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(x));
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes));
  }
  static BENCH_INLINE V spikes(const float* x) { return load(x); }
};

template <> struct Lanes<double> {
  using V = __m256d;
  using M = __m256d;
  static constexpr Index count = 4;
  BENCH_ARITHMETIC(double, _mm256, pd)
  BENCH_MASKS(pd)

  static BENCH_INLINE V spikes(const std::uint8_t* x) {
    int bytes;
    std::memcpy(&bytes, x, sizeof bytes);
    return _mm256_cvtepi32_pd(_mm_cvtepu8_epi32(_mm_cvtsi32_si128(bytes)));
  }
  static BENCH_INLINE V spikes(const float* x) { return _mm256_cvtps_pd(_mm_loadu_ps(x)); }
};

#else

/// Any other processor: 16 bytes in the compiler's own words, which serve NEON and SSE2.
template <class T> struct Lanes {
  typedef T V __attribute__((vector_size(16)));
  using M = decltype(V() != V());
  static constexpr Index count = sizeof(V) / sizeof(T);

  static BENCH_INLINE V load(const T* from) {
    V v;
    std::memcpy(&v, from, sizeof v);
    return v;
  }
  static BENCH_INLINE void store(T* to, V v) { std::memcpy(to, &v, sizeof v); }
  static BENCH_INLINE V set(T a) { return a - V(); }
  static BENCH_INLINE V sub(V a, V b) { return a - b; }
  static BENCH_INLINE V mul(V a, V b) { return a * b; }
  static BENCH_INLINE V fma(V a, V b, V c) { return a * b + c; }
  static BENCH_INLINE V fnma(V a, V b, V c) { return c - a * b; }
  static BENCH_INLINE V clip(V v, V low, V high) {
    v = v < low ? low : v;
    return v > high ? high : v;
  }
  static BENCH_INLINE V select(M m, V yes, V no) { return m ? yes : no; }
  static BENCH_INLINE M nonzero(V v) { return v != V(); }
  template <class X> static BENCH_INLINE V spikes(const X* x) {
    T numbers[count];
    for (Index j = 0; j < count; ++j) numbers[j] = static_cast<T>(x[j]);
    return load(numbers);
  }
};

#endif

/// As many bytes as the processor moves at once.
struct Wide {
  typedef std::uint64_t V __attribute__((vector_size(sizeof(Lanes<float>::V))));
  static BENCH_INLINE V load(const void* from) {
    V v;
    std::memcpy(&v, from, sizeof v);
    return v;
  }
  static BENCH_INLINE void store(void* to, V v) { std::memcpy(to, &v, sizeof v); }
};

/// Subnormal results and operands count as 0 while this lives, so that a kernel without a guard is never caught
/// by them. The library must not need this, and runs without.
struct FlushToZero {
#if defined(__x86_64__)
  const unsigned before = _mm_getcsr();
  FlushToZero() { _mm_setcsr(before | 0x8040u); }
  ~FlushToZero() { _mm_setcsr(before); }
#elif defined(__aarch64__)
  std::uint64_t before;
  FlushToZero() {
    asm volatile("mrs %0, fpcr" : "=r"(before));
    asm volatile("msr fpcr, %0" : : "r"(before | (std::uint64_t{1} << 24)));
  }
  ~FlushToZero() { asm volatile("msr fpcr, %0" : : "r"(before)); }
#else
  FlushToZero() {}  // so that an object that is not used draws no warning
  ~FlushToZero() {}
#endif
  FlushToZero(const FlushToZero&) = delete;
  FlushToZero& operator=(const FlushToZero&) = delete;
};

}  // namespace bench
