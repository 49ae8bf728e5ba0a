/// \file
/// What the steps by hand in subjects.hpp are made of, which share nothing with the library that is held against them:
/// vectors of the compiler's own, as wide as the processor's registers, and intrinsics for what GCC would make more
/// instructions of. Each step is what somebody would write for one processor, one class and one storage type: a single
/// fused pass without guard against subnormals (run it under `FlushToZero`), checks or tail; the number of elements is
/// a multiple of 64.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

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
/// Where `c` is a product, GCC makes of a * b + c two of it, one for each place where it stands, and a copy more.
template <class R> BENCH_INLINE R fma(R a, R b, R c) { return a * b + c; }
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
BENCH_INLINE V<float> fma(V<float> a, V<float> b, V<float> c) { return _mm512_fmadd_ps(a, b, c); }
BENCH_INLINE V<float> clip(V<float> v) { return _mm512_min_ps(_mm512_max_ps(v, V<float>()), 1 - V<float>()); }
BENCH_INLINE V<double> fma(V<double> a, V<double> b, V<double> c) { return _mm512_fmadd_pd(a, b, c); }
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

BENCH_INLINE V<float> fma(V<float> a, V<float> b, V<float> c) { return _mm256_fmadd_ps(a, b, c); }
BENCH_INLINE V<float> clip(V<float> v) { return _mm256_min_ps(_mm256_max_ps(v, V<float>()), 1 - V<float>()); }
BENCH_INLINE V<double> fma(V<double> a, V<double> b, V<double> c) { return _mm256_fmadd_pd(a, b, c); }
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

/// Calls `body(i, spikes of x at i)` for every register's worth of elements, four at a time: GCC does not unroll
/// at -O2, and one at a time the loop's own instructions show.
template <class T, class X, class Body> BENCH_INLINE void sweep(const X* x, Index n, Body body) {
  constexpr Index count = sizeof(V<T>) / sizeof(T);
  for (Index i = 0; i < n; i += 4 * count) {
    body(i, load_as(T(), x + i));
    body(i + count, load_as(T(), x + i + count));
    body(i + 2 * count, load_as(T(), x + i + 2 * count));
    body(i + 3 * count, load_as(T(), x + i + 3 * count));
  }
}

/// A parameter at i: a number that is the same for all elements, or an array.
template <class T> BENCH_INLINE V<T> at(T number, Index) { return number - V<T>(); }
template <class T> BENCH_INLINE V<T> at(const T* numbers, Index i) { return load(numbers + i); }

/// scale * x, and that added to a sum, where x is a register of numbers or a mask
template <class R> BENCH_INLINE R scaled(R scale, R x) { return scale * x; }
template <class R, class Mask> BENCH_INLINE R scaled(R scale, Mask x) { return select(x, scale, R()); }
template <class R> BENCH_INLINE R add_scaled(R sum, R scale, R x) { return x * scale + sum; }
template <class R, class Mask> BENCH_INLINE R add_scaled(R sum, R scale, Mask x) { return select(x, sum + scale, sum); }

/// A step of one leaky trace, clipped to [0, 1] where the class is; `Decay` is T or const T*. What is the same for all
/// elements the compiler takes out of the loop: the step of a uniform trace is one multiplication and addition, where x
/// is a mask of one of two constants.
template <class T, class Decay, bool to_zero, bool clipped> struct Leak {
  T* trace;
  Decay decay;
  T scale, base;

  template <class In> BENCH_INLINE V<T> operator()(Index i, In x) const {
    const V<T> d = at<T>(decay, i), s = at(scale, i), before = load(trace + i);
    V<T> after;
    if constexpr (!std::is_pointer<Decay>::value)
      after = (1 - d) * before + add_scaled(d * base, s, x);
    else if constexpr (to_zero)
      after = add_scaled(before, s, x) - d * before;
    else
      after = add_scaled(before, s, x) + d * (base - before);
    if constexpr (clipped) after = clip(after);
    store(trace + i, after);
    return after;
  }
};

using Bytes = V<unsigned char>;  // as many as the processor moves at once

/// 128 bytes that are 0, which the compiler does not know.
alignas(64) inline unsigned char zeros[128];

template <class T> BENCH_INLINE void gather(const T* from, Bytes& seen) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(from);
  for (std::size_t k = 0; k < 64 * sizeof(T); k += sizeof seen) seen |= load(bytes + k);
}
template <class T> BENCH_INLINE void emit(T* to, Bytes seen, bool update) {
  auto* bytes = reinterpret_cast<unsigned char*>(to);
  for (std::size_t k = 0; k < 64 * sizeof(T); k += sizeof seen)
    store(bytes + k, update ? load(bytes + k) | seen : seen);
}

/// Reads x and the arrays `read`, updates the arrays `updated` in place, writes `written` where that is not null.
/// What was read is mixed into what is written, or the loads would be dropped, and yet the state stays what it was.
/// The mixing starts from one half of `zeros` and is masked with the other, since to a compiler that looks twice
/// `(a | x) & a` is just `a`.
template <class T, class X, std::size_t updates, std::size_t reads>
void move_bytes(Index n, std::array<T*, updates> updated, std::array<const T*, reads> read, T* written, const X* x) {
  const Bytes start = load(zeros), mask = load(zeros + 64);
  for (Index i = 0; i < n; i += 64) {
    Bytes seen = start;
    gather(x + i, seen);
    for (const T* from : read) gather(from + i, seen);
    seen &= mask;
    for (T* to : updated) emit(to + i, seen, true);
    if (written) emit(written + i, seen, false);
  }
}

// In by_hand.cpp, which is always compiled with -O3:

/// trace <- trace + decay * (base - trace) + scale * x
template <class X> void plain_loop(float* trace, const X* x, Index n, float decay, float scale, float base);

/// A step in which nobody spikes: of one trace, of a cascade, and of a synapse with resources R and their used share U.
void decay_all(float* trace, Index n, float keep);
void decay_all(float* trace_1, float* trace_2, Index n, float keep_1, float keep_2, float scale);
void decay_all(float* R, float* U, float* release, Index n, float decay_R, float decay_U);

}  // namespace bench
