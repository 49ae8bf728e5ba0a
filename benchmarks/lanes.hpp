/// \file
/// The widest registers of the processor, for the kernels that the library is held against, and with which it shares
/// nothing: vectors of the compiler's own, and intrinsics for what GCC would make more instructions of.
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

template <class T> struct Register { typedef T Vector __attribute__((vector_size(BENCH_REGISTER))); };
template <class T> using V = typename Register<T>::Vector;

template <class T> BENCH_INLINE V<T> load(const T* from) {
  V<T> v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
template <class T> BENCH_INLINE void store(T* to, V<T> v) { std::memcpy(to, &v, sizeof v); }

template <class M, class R> BENCH_INLINE R select(M m, R yes, R no) { return m ? yes : no; }
template <class R> BENCH_INLINE auto nonzero(R v) { return v != R(); }
/// Between 0 and 1.
template <class R> BENCH_INLINE R clip(R v) {
  v = v < R() ? R() : v;
  return v > 1 - R() ? 1 - R() : v;
}
/// A register's worth of an input as numbers of type T; where the processor has mask registers, bools as a mask.
template <class T, class X> BENCH_INLINE V<T> load_as(T, const X* x) {
  T numbers[sizeof(V<T>) / sizeof(T)];
  for (T& number : numbers) number = static_cast<T>(*x++);
  return load(numbers);
}
template <class T> BENCH_INLINE V<T> load_as(T, const T* x) { return load(x); }

#if BENCH_REGISTER == 64

BENCH_INLINE V<float> select(__mmask16 m, V<float> yes, V<float> no) { return _mm512_mask_mov_ps(no, m, yes); }
BENCH_INLINE V<double> select(__mmask8 m, V<double> yes, V<double> no) { return _mm512_mask_mov_pd(no, m, yes); }
BENCH_INLINE __mmask16 nonzero(__mmask16 m) { return m; }
BENCH_INLINE __mmask8 nonzero(__mmask8 m) { return m; }
BENCH_INLINE V<float> clip(V<float> v) { return _mm512_min_ps(_mm512_max_ps(v, V<float>()), 1 - V<float>()); }
BENCH_INLINE V<double> clip(V<double> v) { return _mm512_min_pd(_mm512_max_pd(v, V<double>()), 1 - V<double>()); }

BENCH_INLINE __m128i bytes(float, const void* x) { return _mm_loadu_si128(static_cast<const __m128i*>(x)); }
BENCH_INLINE __m128i bytes(double, const void* x) { return _mm_loadl_epi64(static_cast<const __m128i*>(x)); }
BENCH_INLINE __mmask16 load_as(float t, const bool* x) { return _mm_test_epi8_mask(bytes(t, x), bytes(t, x)); }
BENCH_INLINE __mmask8 load_as(double t, const bool* x) {
  return __mmask8(_mm_test_epi8_mask(bytes(t, x), bytes(t, x)));
}
BENCH_INLINE V<float> load_as(float t, const std::uint8_t* x) {
  return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes(t, x)));
}
BENCH_INLINE V<double> load_as(double t, const std::uint8_t* x) {
  return _mm512_cvtepi32_pd(_mm256_cvtepu8_epi32(bytes(t, x)));
}
BENCH_INLINE V<double> load_as(double, const float* x) { return _mm512_cvtps_pd(_mm256_loadu_ps(x)); }

#elif BENCH_REGISTER == 32

BENCH_INLINE V<float> clip(V<float> v) { return _mm256_min_ps(_mm256_max_ps(v, V<float>()), 1 - V<float>()); }
BENCH_INLINE V<double> clip(V<double> v) { return _mm256_min_pd(_mm256_max_pd(v, V<double>()), 1 - V<double>()); }

template <class Byte> BENCH_INLINE V<float> load_as(float, const Byte* x) {
  return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(x))));
}
template <class Byte> BENCH_INLINE V<double> load_as(double, const Byte* x) {
  int bytes;
  std::memcpy(&bytes, x, sizeof bytes);
  return _mm256_cvtepi32_pd(_mm_cvtepu8_epi32(_mm_cvtsi32_si128(bytes)));
}
BENCH_INLINE V<float> load_as(float, const float* x) { return load(x); }
BENCH_INLINE V<double> load_as(double, const float* x) { return _mm256_cvtps_pd(_mm_loadu_ps(x)); }

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
