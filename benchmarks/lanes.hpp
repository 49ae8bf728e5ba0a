/// \file
/// The widest registers of the processor, for the kernels that the library is held against, and with which it shares
/// nothing. `spikes` loads a register's worth of an input as numbers or, where the processor has mask registers, of
/// bools as a mask.
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

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define BENCH_REGISTER 64
#elif defined(__AVX2__) && defined(__FMA__)
#define BENCH_REGISTER 32
#else
#define BENCH_REGISTER 16  // any other processor, NEON and SSE2 among them
#endif

/// In the compiler's own words.
template <class T> struct Registers {
  typedef T V __attribute__((vector_size(BENCH_REGISTER)));
  using M = decltype(V() != V());
  static constexpr Index count = sizeof(V) / sizeof(T);

  static BENCH_INLINE V load(const T* from) {
    V v;
    std::memcpy(&v, from, sizeof v);
    return v;
  }
  static BENCH_INLINE void store(T* to, V v) { std::memcpy(to, &v, sizeof v); }
  static BENCH_INLINE V set(T a) { return a - V(); }
  static BENCH_INLINE V fma(V a, V b, V c) { return a * b + c; }
  static BENCH_INLINE V fnma(V a, V b, V c) { return c - a * b; }
  static BENCH_INLINE V clip(V v, V low, V high) {
    v = v < low ? low : v;
    return v > high ? high : v;
  }
  static BENCH_INLINE V select(M m, V yes, V no) { return m ? yes : no; }
  static BENCH_INLINE V add_where(M m, V a, V b) { return m ? a + b : a; }
  static BENCH_INLINE V sub_where(M m, V a, V b) { return m ? a - b : a; }
  static BENCH_INLINE M nonzero(V v) { return v != V(); }
  template <class X> static BENCH_INLINE V spikes(const X* x) {
    T numbers[count];
    for (Index j = 0; j < count; ++j) numbers[j] = static_cast<T>(x[j]);
    return load(numbers);
  }
};

template <class T> struct Lanes : Registers<T> {};

// What a compiler that sees it in its own words makes other instructions of: `p` before the operation, `s` after it.
#define BENCH_INTRINSICS(p, s)                                                  \
  static BENCH_INLINE V fma(V a, V b, V c) { return p##_fmadd_##s(a, b, c); }   \
  static BENCH_INLINE V fnma(V a, V b, V c) { return p##_fnmadd_##s(a, b, c); } \
  static BENCH_INLINE V clip(V v, V low, V high) { return p##_min_##s(p##_max_##s(v, low), high); }

#if BENCH_REGISTER == 64

#define BENCH_MASKS(s)                                                                       \
  static BENCH_INLINE V select(M m, V yes, V no) { return _mm512_mask_mov_##s(no, m, yes); } \
  static BENCH_INLINE V add_where(M m, V a, V b) { return _mm512_mask_add_##s(a, m, a, b); } \
  static BENCH_INLINE V sub_where(M m, V a, V b) { return _mm512_mask_sub_##s(a, m, a, b); } \
  static BENCH_INLINE M nonzero(V v) { return _mm512_cmp_##s##_mask(v, V(), _CMP_NEQ_UQ); }  \
  static BENCH_INLINE M nonzero(M m) { return m; }

template <> struct Lanes<float> : Registers<float> {
  using M = __mmask16;
  BENCH_INTRINSICS(_mm512, ps)
  BENCH_MASKS(ps)
  static BENCH_INLINE __m128i bytes(const void* x) { return _mm_loadu_si128(static_cast<const __m128i*>(x)); }
  static BENCH_INLINE M spikes(const bool* x) { return _mm_test_epi8_mask(bytes(x), bytes(x)); }
  static BENCH_INLINE V spikes(const std::uint8_t* x) { return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes(x))); }
  static BENCH_INLINE V spikes(const float* x) { return load(x); }
};

template <> struct Lanes<double> : Registers<double> {
  using M = __mmask8;
  BENCH_INTRINSICS(_mm512, pd)
  BENCH_MASKS(pd)
  static BENCH_INLINE __m128i bytes(const void* x) { return _mm_loadl_epi64(static_cast<const __m128i*>(x)); }
  static BENCH_INLINE M spikes(const bool* x) { return static_cast<M>(_mm_test_epi8_mask(bytes(x), bytes(x))); }
  static BENCH_INLINE V spikes(const std::uint8_t* x) { return _mm512_cvtepi32_pd(_mm256_cvtepu8_epi32(bytes(x))); }
  static BENCH_INLINE V spikes(const float* x) { return _mm512_cvtps_pd(_mm256_loadu_ps(x)); }
};

#elif BENCH_REGISTER == 32

template <> struct Lanes<float> : Registers<float> {
  BENCH_INTRINSICS(_mm256, ps)
  template <class Byte> static BENCH_INLINE V spikes(const Byte* x) {
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(x))));
  }
  static BENCH_INLINE V spikes(const float* x) { return load(x); }
};

template <> struct Lanes<double> : Registers<double> {
  BENCH_INTRINSICS(_mm256, pd)
  template <class Byte> static BENCH_INLINE V spikes(const Byte* x) {
    int bytes;
    std::memcpy(&bytes, x, sizeof bytes);
    return _mm256_cvtepi32_pd(_mm_cvtepu8_epi32(_mm_cvtsi32_si128(bytes)));
  }
  static BENCH_INLINE V spikes(const float* x) { return _mm256_cvtps_pd(_mm_loadu_ps(x)); }
};

#endif

/// Subnormal results and operands count as 0 while this lives, for a kernel without a guard. The library runs without.
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
#endif
};

}  // namespace bench
