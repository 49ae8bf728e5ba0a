/// \file
/// What the steps by hand in subjects.hpp are made of. Each is what somebody would write for one processor, one class
/// and one storage type: a single fused pass without guard against subnormals (run it under `FlushToZero`), checks or
/// tail; the number of elements is a multiple of 64.
#pragma once

#include "lanes.hpp"

#include <array>
#include <type_traits>

namespace bench {

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
