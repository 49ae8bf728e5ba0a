/// \file
/// The values on which a law computes: `Lanes<T, width>`, one number or several registers' worth of numbers.
///
/// An operation on lanes is that operation on each of their registers. Eigen's packets do the work, so that x86, ARM,
/// POWER and RISC-V are served alike; the files in lanes/ override what one processor does better. A single number,
/// `Lanes<T, 1>`, serves the tail of an array, event-driven tracers, device kernels, and types without registers. It
/// rounds as a register does: `fma` is fused in both or in neither, and no other operation can be contracted.
///
/// A law may use `+ - *`, `fma(a, x, c)` = a*x + c, `fnma(a, x, c)` = c - a*x, `min`, `max` (a NaN in the first
/// argument stays), `nonzero`, `select`, `settle`, `rectify` and `clip`. The input `x` of a step is lanes of numbers,
/// a `Mask` (1 where true, 0 elsewhere), `Zero` or `Silence` (law.hpp). Where a mask is false and c is -0, `fma` gives
/// either zero; `settle` c first.
#pragma once

// Those of lanes/ are empty but for their own processor.
#include <spark/detail/lanes/avx2.hpp>
#include <spark/detail/lanes/avx512.hpp>
#include <spark/detail/lanes/neon.hpp>
#include <spark/detail/lanes/sse2.hpp>
#include <spark/detail/registers.hpp>

SPARK_NAMESPACE_BEGIN
namespace detail {

/// How many numbers one register holds; 1 for types that are computed one by one.
template <class T> constexpr int register_width = 1;
template <> inline constexpr int register_width<float> = Registers<float>::width;
template <> inline constexpr int register_width<double> = Registers<double>::width;

template <class T, int width> using Operations = std::conditional_t<width == 1, Single<T>, Registers<T>>;

/// A truth value for each lane.
template <class T, int width> struct Mask {
  using O = Operations<T, width>;
  static constexpr int registers = width / O::width;

  typename O::Mask r[registers];

  static SPARK_INLINE Mask load(const bool* from) {
    Mask m;
    for_each_index<registers>([&](auto j) SPARK_INLINE_LAMBDA { m.r[j] = O::load_mask(from + j * O::width); });
    return m;
  }
  static SPARK_INLINE Mask load_bits(const std::uint64_t* words, std::size_t at) {
    Mask m;
    for_each_index<registers>(
        [&](auto j) SPARK_INLINE_LAMBDA { m.r[j] = O::load_bits(words, at + std::size_t{j} * O::width); });
    return m;
  }
  friend SPARK_INLINE Mask nonzero(const Mask& m) { return m; }
};

template <class T, int width> struct Lanes {
  using O = Operations<T, width>;
  using M = Mask<T, width>;
  static constexpr int registers = width / O::width;

  typename O::Register r[registers];

  Lanes() = default;
  SPARK_INLINE Lanes(const T& number) {
    for_each_index<registers>([&](auto j) SPARK_INLINE_LAMBDA { r[j] = O::set(number); });
  }
  template <class N, std::enable_if_t<std::is_arithmetic<N>::value && !std::is_same<N, T>::value, int> = 0>
  SPARK_INLINE Lanes(N constant) : Lanes(T(constant)) {}
  SPARK_INLINE explicit Lanes(Zero) : Lanes(T(0)) {}
  SPARK_INLINE explicit Lanes(M m) : Lanes(where(m, Lanes(T(1)))) {}

  template <class S> static SPARK_INLINE Lanes load(const S* from) {
    Lanes lanes;
    for_each_index<registers>([&](auto j) SPARK_INLINE_LAMBDA { lanes.r[j] = O::load(from + j * O::width); });
    return lanes;
  }
  template <class S> SPARK_INLINE void store(S* to) const {
    for_each_index<registers>([&](auto j) SPARK_INLINE_LAMBDA { O::store(to + j * O::width, r[j]); });
  }
  /// The one number of Lanes<T, 1>.
  SPARK_INLINE const T& number() const {
    static_assert(width == 1, "one number");
    return r[0];
  }

  friend SPARK_INLINE Lanes operator+(const Lanes& a, const Lanes& b) { return each<O::add>(a, b); }
  friend SPARK_INLINE Lanes operator-(const Lanes& a, const Lanes& b) { return each<O::sub>(a, b); }
  friend SPARK_INLINE Lanes operator*(const Lanes& a, const Lanes& b) { return each<O::mul>(a, b); }
  friend SPARK_INLINE Lanes fma(const Lanes& a, const Lanes& b, const Lanes& c) { return each<O::fma>(a, b, c); }
  friend SPARK_INLINE Lanes fnma(const Lanes& a, const Lanes& b, const Lanes& c) { return each<O::fnma>(a, b, c); }
  friend SPARK_INLINE Lanes min(const Lanes& a, const Lanes& b) { return each<O::min>(a, b); }
  friend SPARK_INLINE Lanes max(const Lanes& a, const Lanes& b) { return each<O::max>(a, b); }
  /// a, or exactly 0 where it is about to turn subnormal; NaN and infinity pass.
  friend SPARK_INLINE Lanes settle(const Lanes& a) { return each<O::settle>(a); }
  /// The same for what cannot be negative: 0 for any negative number as well.
  friend SPARK_INLINE Lanes rectify(const Lanes& a) { return each<O::rectify>(a); }
  /// a limited to [0, 1], and settled; a NaN stays.
  friend SPARK_INLINE Lanes clip(const Lanes& a) { return min(rectify(a), Lanes(T(1))); }

  friend SPARK_INLINE M nonzero(const Lanes& a) { return each<O::nonzero, M>(a); }
  /// Where the sign of a is minus, that of -0 too.
  friend SPARK_INLINE M negative(const Lanes& a) { return each<O::negative, M>(a); }
  /// Where a is neither 0 nor subnormal.
  friend SPARK_INLINE M normal(const Lanes& a) { return each<O::normal, M>(a); }
  /// a where the mask is true, else 0.
  friend SPARK_INLINE Lanes where(const M& m, const Lanes& a) { return each<O::where>(m, a); }
  friend SPARK_INLINE Lanes select(const M& m, const Lanes& a, const Lanes& b) { return each<O::select>(m, a, b); }
  friend SPARK_INLINE Lanes fma(const Lanes& a, const M& x, const Lanes& c) { return each<O::add_where>(a, x, c); }
  friend SPARK_INLINE Lanes fnma(const Lanes& a, const M& x, const Lanes& c) { return each<O::sub_where>(a, x, c); }

  friend SPARK_INLINE Lanes operator+(const Lanes& a, Zero) { return a; }
  friend SPARK_INLINE Lanes operator-(const Lanes& a, Zero) { return a; }
  friend SPARK_INLINE Lanes fma(const Lanes&, Zero, const Lanes& c) { return c; }
  friend SPARK_INLINE Lanes fnma(const Lanes&, Zero, const Lanes& c) { return c; }
  friend SPARK_INLINE Lanes fma(const Lanes&, Zero, Zero) { return Lanes(T(0)); }
  friend SPARK_INLINE Lanes fma(const Lanes& a, const Lanes& x, Zero) { return fma(a, x, Lanes(T(0))); }  // never -0
  friend SPARK_INLINE Lanes fma(const Lanes& a, const M& x, Zero) { return where(x, a); }
  friend SPARK_INLINE Lanes select(Zero, const Lanes&, const Lanes& b) { return b; }

  /// f of each register of the operands.
  template <auto f, class Result = Lanes, class... L> static SPARK_INLINE Result each(const L&... l) {
    Result result;
    for_each_index<registers>([&](auto j) SPARK_INLINE_LAMBDA { result.r[j] = f(l.r[j]...); });
    return result;
  }
};
SPARK_INLINE Zero nonzero(Zero) { return {}; }

}  // namespace detail
SPARK_NAMESPACE_END
