/// \file
/// What somebody would write by hand for one processor, one class and one storage type: a single fused pass without
/// guard against subnormals (run it under `FlushToZero`), checks or tail; `n` is a multiple of 64. Numbers that are the
/// same for all elements are folded before the loop: the step of a uniform trace is one multiplication and addition,
/// `keep * trace + (scale * x + decay * base)`, its second term one of two constants where x is a mask.
#pragma once

#include "lanes.hpp"

#include <array>
#include <type_traits>
#include <utility>

namespace bench {

template <class T> using V = typename Lanes<T>::V;

/// a mask, not numbers: the bool arrays of a processor with mask registers
template <class T, class In> constexpr bool is_mask = !std::is_same<In, V<T>>::value;

/// Calls `body(i, spikes of x at i)` for every register's worth of elements, four at a time: GCC does not unroll
/// at -O2, and one at a time the loop's own instructions show.
template <class T, class X, class Body> BENCH_INLINE void sweep(const X* x, Index n, Body body) {
  using L = Lanes<T>;
  for (Index i = 0; i < n; i += 4 * L::count) {
    body(i, L::spikes(x + i));
    body(i + L::count, L::spikes(x + i + L::count));
    body(i + 2 * L::count, L::spikes(x + i + 2 * L::count));
    body(i + 3 * L::count, L::spikes(x + i + 3 * L::count));
  }
}

/// trace + scale * x
template <class T, class In> BENCH_INLINE V<T> add_scaled(V<T> trace, V<T> scale, In x) {
  using L = Lanes<T>;
  if constexpr (is_mask<T, In>)
    return L::add_where(x, trace, scale);
  else
    return L::fma(x, scale, trace);
}

/// One leaky trace: the value after one step.
template <class T> struct UniformLeak {
  V<T> keep, scale, silent, spiking;

  UniformLeak(T decay, T s, T base)
      : keep(Lanes<T>::set(1 - decay)),
        scale(Lanes<T>::set(s)),
        silent(Lanes<T>::set(decay * base)),
        spiking(Lanes<T>::set(decay * base + s)) {}

  template <class In> BENCH_INLINE V<T> operator()(Index, V<T> trace, In x) const {
    using L = Lanes<T>;
    if constexpr (is_mask<T, In>)
      return L::fma(keep, trace, L::select(x, spiking, silent));
    else
      return L::fma(keep, trace, L::fma(x, scale, silent));
  }
};

template <class T, bool to_zero> struct PerElementLeak {
  const T* decay;
  V<T> scale, base;

  PerElementLeak(const T* d, T s, T b) : decay(d), scale(Lanes<T>::set(s)), base(Lanes<T>::set(b)) {}

  template <class In> BENCH_INLINE V<T> operator()(Index i, V<T> trace, In x) const {
    using L = Lanes<T>;
    const V<T> d = L::load(decay + i), driven = add_scaled<T>(trace, scale, x);
    if constexpr (to_zero)
      return L::fnma(d, trace, driven);
    else
      return L::fma(d, base - trace, driven);
  }
};

/// Clipped to [0, 1] where the class is.
template <class T, bool clipped> BENCH_INLINE V<T> within(V<T> v) {
  if constexpr (clipped)
    return Lanes<T>::clip(v, Lanes<T>::set(0), Lanes<T>::set(1));
  else
    return v;
}

/// Traces side by side, all driven by x; pairs of pointer and leak.
template <bool clipped, class T, class X, class... Leak>
void step_traces(const X* x, Index n, std::pair<T*, Leak>... traces) {
  using L = Lanes<T>;
  sweep<T>(x, n, [=](Index i, auto in) BENCH_INLINE_LAMBDA {
    (L::store(traces.first + i, within<T, clipped>(traces.second(i, L::load(traces.first + i), in))), ...);
  });
}

/// A cascade: the second trace is driven by the first.
template <bool clipped, class T, class X, class Leak>
void step_cascade(const X* x, Index n, std::pair<T*, Leak> first, std::pair<T*, Leak> second) {
  using L = Lanes<T>;
  sweep<T>(x, n, [=](Index i, auto in) BENCH_INLINE_LAMBDA {
    const V<T> drive = within<T, clipped>(first.second(i, L::load(first.first + i), in));
    L::store(first.first + i, drive);
    L::store(second.first + i, within<T, clipped>(second.second(i, L::load(second.first + i), drive)));
  });
}

/// A spike sets the trace, silence lets it decay.
template <class T, class X, class Leak> void step_nearest(const X* x, Index n, std::pair<T*, Leak> trace, T s, T b) {
  using L = Lanes<T>;
  const V<T> scale = L::set(s), base = L::set(b), spiking = L::set(b + s), nothing = L::set(0);
  sweep<T>(x, n, [=](Index i, auto in) BENCH_INLINE_LAMBDA {
    const V<T> silent = trace.second(i, L::load(trace.first + i), nothing);
    V<T> set = spiking;
    if constexpr (!is_mask<T, decltype(in)>) set = L::fma(in, scale, base);
    L::store(trace.first + i, L::select(L::nonzero(in), set, silent));
  });
}

template <class T> BENCH_INLINE V<T> at(T number, Index) { return Lanes<T>::set(number); }
template <class T> BENCH_INLINE V<T> at(const T* numbers, Index i) { return Lanes<T>::load(numbers + i); }

/// Decay is T or const T*. An input of 0 or 1 cannot drive U or R out of [0, 1]; any other can, and is
/// clipped as the library promises.
template <class T, class X, class Decay>
void step_ru(T* trace_R, T* trace_U, T* release, const X* x, Index n, Decay decay_R, Decay decay_U, T s) {
  using L = Lanes<T>;
  const V<T> scale = L::set(s), zero = L::set(0), one = L::set(1);
  sweep<T>(x, n, [=](Index i, auto in) BENCH_INLINE_LAMBDA {
    const V<T> d_U = at<T>(decay_U, i), d_R = at<T>(decay_R, i);
    V<T> U = L::load(trace_U + i), R = L::load(trace_R + i);
    if constexpr (is_mask<T, decltype(in)>) {
      // (1 - d_U) * U + (1 - U) * s, with the sums of constants taken out of the loop
      const V<T> keep = one - d_U;
      if constexpr (std::is_pointer<Decay>::value)
        U = L::add_where(in, keep * U, L::fnma(scale, U, scale));
      else
        U = L::fma(L::select(in, keep - scale, keep), U, L::select(in, scale, zero));
    } else {
      const V<T> share = scale * in;
      U = L::fma(one - d_U - share, U, share);
      if constexpr (!std::is_same<X, bool>::value) U = L::clip(U, zero, one);
    }
    const V<T> released = U * R;
    if constexpr (std::is_pointer<Decay>::value)
      R = L::fma(d_R, one - R, R);
    else
      R = L::fma(one - d_R, R, d_R);
    if constexpr (is_mask<T, decltype(in)>) {
      R = L::sub_where(in, R, released);
    } else {
      R = L::fnma(released, in, R);
      if constexpr (!std::is_same<X, bool>::value) R = L::clip(R, zero, one);
    }
    L::store(trace_U + i, U);
    L::store(trace_R + i, R);
    L::store(release + i, released);
  });
}

using Bytes = Registers<unsigned char>;  // as many as the processor moves at once

/// 128 bytes that are 0, which the compiler does not know.
alignas(64) inline unsigned char zeros[128];

template <class T> BENCH_INLINE void gather(const T* from, Bytes::V& seen) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(from);
  for (std::size_t k = 0; k < 64 * sizeof(T); k += sizeof seen) seen |= Bytes::load(bytes + k);
}
template <class T> BENCH_INLINE void emit(T* to, Bytes::V seen, bool update) {
  auto* bytes = reinterpret_cast<unsigned char*>(to);
  for (std::size_t k = 0; k < 64 * sizeof(T); k += sizeof seen)
    Bytes::store(bytes + k, update ? Bytes::load(bytes + k) | seen : seen);
}

/// Reads x and the arrays `read`, updates the arrays `updated` in place, writes `written` where that is not null.
/// What was read is mixed into what is written, or the loads would be dropped, and yet the state stays what it was.
/// The mixing starts from one half of `zeros` and is masked with the other, since to a compiler that looks twice
/// `(a | x) & a` is just `a`.
template <class T, class X, std::size_t updates, std::size_t reads>
void move_bytes(Index n, std::array<T*, updates> updated, std::array<const T*, reads> read, T* written, const X* x) {
  const Bytes::V start = Bytes::load(zeros), mask = Bytes::load(zeros + 64);
  for (Index i = 0; i < n; i += 64) {
    Bytes::V seen = start;
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
