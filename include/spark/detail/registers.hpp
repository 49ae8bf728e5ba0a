/// \file
/// The operations on one register, or on one number, on which lanes are built.
#pragma once

#include <spark/detail/storage.hpp>

#include <cmath>
#include <utility>

SPARK_NAMESPACE_BEGIN
namespace detail {

namespace ei = Eigen::internal;

template <class F, int... j> SPARK_INLINE void for_each_index(F&& f, std::integer_sequence<int, j...>) {
  (f(std::integral_constant<int, j>()), ...);
}
/// Calls f with each number below `count`, as a constant.
template <int count, class F> SPARK_INLINE void for_each_index(F&& f) {
  if constexpr (count == 1) {  // most often
    f(std::integral_constant<int, 0>());
  } else {
    for_each_index(f, std::make_integer_sequence<int, count>());
  }
}

/// A number known to be 0 when the program is compiled: the terms that it multiplies vanish.
struct Zero {};

/// The guard: what is below this becomes exactly 0: 9.4e-38 in float, 7.3e-304 in double. As close to the subnormal
/// numbers, on which processors lose a factor of 30, as a test of the exponent's upper bits allows.
template <class T> EIGEN_DEVICE_FUNC constexpr T guard_threshold() {
  return std::numeric_limits<T>::min() * (std::numeric_limits<T>::digits > 24 ? T(32768) : T(8));
}
/// The bits of the exponent that are all 0 below it. Asking for bits keeps subnormals out of the arithmetic.
template <class T> EIGEN_DEVICE_FUNC constexpr auto guard_bits() {
  if constexpr (sizeof(T) == 4) {
    return std::uint32_t{0x7e000000};
  } else {
    return std::uint64_t{0x7f00000000000000};
  }
}

/// The operations on one number.
template <class T> struct Single {
  static constexpr int width = 1;
  static constexpr bool real = std::is_floating_point<T>::value;
  static constexpr bool fused = fused_multiply_add && (std::is_same<T, float>::value || std::is_same<T, double>::value);
  using Register = T;
  using Mask = bool;
  using Word = std::uint32_t;

  static SPARK_INLINE T set(const T& x) { return x; }
  template <class S> static SPARK_INLINE T load(const S* from) { return static_cast<T>(widen(*from)); }
  template <class S> static SPARK_INLINE void store(S* to, const T& x) { *to = narrow<S>(x); }
  static SPARK_INLINE bool load_mask(const bool* from) { return *from; }
  static SPARK_INLINE bool load_bits(const std::uint64_t* words, std::size_t at) {
    return (words[at / 64] >> at % 64 & 1) != 0;
  }

  static SPARK_INLINE T add(const T& a, const T& b) { return a + b; }
  static SPARK_INLINE T sub(const T& a, const T& b) { return a - b; }
  static SPARK_INLINE T mul(const T& a, const T& b) {
    T product = a * b;
    if constexpr (fused) SPARK_AS_ROUNDED(product);
    return product;
  }
  static SPARK_INLINE T fma(const T& a, const T& b, const T& c) {
    if constexpr (fused) return std::fma(a, b, c);
    const T product = a * b;  // a variable: compilers contract a*b + c where it is one expression
    return product + c;
  }
  static SPARK_INLINE T fnma(const T& a, const T& b, const T& c) {
    if constexpr (fused) return std::fma(-a, b, c);
    const T product = a * b;
    return c - product;
  }
  static SPARK_INLINE T min(const T& a, const T& b) { return b < a ? b : a; }
  static SPARK_INLINE T max(const T& a, const T& b) { return a < b ? b : a; }
  static SPARK_INLINE T settle(const T& a) {
    if constexpr (real) return std::abs(a) < guard_threshold<T>() ? T(0) : a;
    return a;
  }
  static SPARK_INLINE T rectify(const T& a) {
    if constexpr (real) return a < guard_threshold<T>() ? T(0) : a;
    return a < T(0) ? T(0) : a;
  }
  static SPARK_INLINE bool nonzero(const T& a) { return a != T(0); }
  static SPARK_INLINE bool negative(const T& a) {
    if constexpr (real) return std::signbit(a);
    return a < T(0);
  }
  static SPARK_INLINE bool normal(const T& a) { return !real || !(std::abs(a) < std::numeric_limits<T>::min()); }
  static SPARK_INLINE T where(bool m, const T& a) { return m ? a : T(0); }
  static SPARK_INLINE T select(bool m, const T& a, const T& b) { return m ? a : b; }
  static SPARK_INLINE T add_where(const T& a, bool m, const T& c) { return c + where(m, a); }
  static SPARK_INLINE T sub_where(const T& a, bool m, const T& c) { return c - where(m, a); }

  static SPARK_INLINE Word word(T x) { return Eigen::numext::bit_cast<Word>(x); }
  static SPARK_INLINE T number(Word w) { return Eigen::numext::bit_cast<T>(w); }
  static SPARK_INLINE Word word_set(std::uint32_t w) { return w; }
  static SPARK_INLINE Word word_sequence(std::uint32_t first, std::uint32_t) { return first; }
  static SPARK_INLINE Word word_add(Word a, Word b) { return a + b; }
  static SPARK_INLINE Word word_and(Word a, Word b) { return a & b; }
  static SPARK_INLINE Word word_or(Word a, Word b) { return a | b; }
  /// The sum of the products of the upper and of the lower halves, these taken as signed.
  static SPARK_INLINE Word word_dot(Word a, Word b) {
    const auto product = [](std::uint32_t x, std::uint32_t y) {
      return static_cast<std::uint32_t>(static_cast<std::int16_t>(x) * static_cast<std::int16_t>(y));
    };
    return product(a >> 16, b >> 16) + product(a, b);
  }
};

SPARK_PACKETS_AS_ARGUMENTS
/// The register of 32-bit integers that float has. Double needs none, and s390x before z14 has packets of double alone.
template <class T, class Register> struct WordOf { using type = Register; };
template <class Register> struct WordOf<float, Register> {
  using type = typename ei::unpacket_traits<Register>::integer_packet;
};

/// The operations on one register, in terms of Eigen's packets.
template <class T> struct Packets {
  using Register = typename ei::packet_traits<T>::type;
  using Mask = Register;  // all bits of a lane, or none
  using Word = typename WordOf<T, Register>::type;
  static constexpr int width = ei::packet_traits<T>::size;

  static SPARK_INLINE Register set(T x) { return ei::pset1<Register>(x); }
  static SPARK_INLINE Register load(const T* from) { return ei::ploadu<Register>(from); }
  static SPARK_INLINE void store(T* to, Register a) { ei::pstoreu(to, a); }
  template <class S> static SPARK_INLINE Register load(const S* from) {
    T numbers[width];
    for (int i = 0; i < width; ++i) numbers[i] = Single<T>::load(from + i);
    return load(numbers);
  }
  template <class S> static SPARK_INLINE void store(S* to, Register a) {
    T numbers[width];
    store(numbers, a);
    for (int i = 0; i < width; ++i) to[i] = narrow<S>(numbers[i]);
  }
  static SPARK_INLINE Mask load_mask(const bool* from) {
    T numbers[width];
    for (int i = 0; i < width; ++i) numbers[i] = T(from[i]);
    return nonzero(load(numbers));
  }
  /// `at` is a multiple of the width: no register's bits lie in two words.
  static SPARK_INLINE Mask load_bits(const std::uint64_t* words, std::size_t at) {
    const std::uint64_t bits = words[at / 64] >> at % 64;
    T numbers[width];
    for (int i = 0; i < width; ++i) numbers[i] = T(bits >> i & 1);
    return nonzero(load(numbers));
  }

  static SPARK_INLINE Register add(Register a, Register b) { return ei::padd(a, b); }
  static SPARK_INLINE Register sub(Register a, Register b) { return ei::psub(a, b); }
  static SPARK_INLINE Register mul(Register a, Register b) { return ei::pmul(a, b); }
  static SPARK_INLINE Register fma(Register a, Register b, Register c) { return ei::pmadd(a, b, c); }
  static SPARK_INLINE Register fnma(Register a, Register b, Register c) {
    return fused_multiply_add ? fma(ei::pnegate(a), b, c) : sub(c, mul(a, b));
  }
#ifdef EIGEN_VECTORIZE_SSE2  // whose instructions keep a NaN in the first argument
  static SPARK_INLINE Register min(Register a, Register b) { return ei::pmin(a, b); }
  static SPARK_INLINE Register max(Register a, Register b) { return ei::pmax(a, b); }
#else
  static SPARK_INLINE Register min(Register a, Register b) { return ei::pselect(ei::pcmp_lt(b, a), b, a); }
  static SPARK_INLINE Register max(Register a, Register b) { return ei::pselect(ei::pcmp_lt(a, b), b, a); }
#endif
  static SPARK_INLINE Register settle(Register a) {
    const Register guard = set(Eigen::numext::bit_cast<T>(guard_bits<T>()));
    return ei::pandnot(a, ei::pcmp_eq(ei::pand(a, guard), set(T(0))));
  }
  static SPARK_INLINE Register rectify(Register a) { return ei::pandnot(a, ei::pcmp_lt(a, set(guard_threshold<T>()))); }
  static SPARK_INLINE Mask nonzero(Register a) { return ei::pandnot(ei::ptrue(a), ei::pcmp_eq(a, set(T(0)))); }
  static SPARK_INLINE Mask negative(Register a) {  // 1 with the sign of a
    const Register sign = ei::pand(a, set(T(-0.0)));
    return ei::pcmp_lt(ei::por(sign, set(T(1))), set(T(0)));
  }
  static SPARK_INLINE Mask normal(Register a) { return nonzero(ei::pand(a, set(std::numeric_limits<T>::infinity()))); }
  static SPARK_INLINE Register where(Mask m, Register a) { return ei::pand(a, m); }
  static SPARK_INLINE Register select(Mask m, Register a, Register b) { return ei::pselect(m, a, b); }
  static SPARK_INLINE Register add_where(Register a, Mask m, Register c) { return add(c, where(m, a)); }
  static SPARK_INLINE Register sub_where(Register a, Mask m, Register c) { return sub(c, where(m, a)); }

  static SPARK_INLINE Word word(Register a) { return ei::preinterpret<Word>(a); }
  static SPARK_INLINE Register number(Word w) { return ei::preinterpret<Register>(w); }
  static SPARK_INLINE Word word_set(std::uint32_t w) { return ei::pset1<Word>(static_cast<std::int32_t>(w)); }
  /// first + j * step in lane j.
  static SPARK_INLINE Word word_sequence(std::uint32_t first, std::uint32_t step) {
    std::int32_t words[width];
    for (int j = 0; j < width; ++j) words[j] = static_cast<std::int32_t>(step * static_cast<std::uint32_t>(j));
    return word_add(word_set(first), ei::ploadu<Word>(words));
  }
  static SPARK_INLINE Word word_add(Word a, Word b) { return ei::padd(a, b); }
  static SPARK_INLINE Word word_and(Word a, Word b) { return ei::pand(a, b); }
  static SPARK_INLINE Word word_or(Word a, Word b) { return ei::por(a, b); }
  /// a as bfloat16, rounded to the nearest even, in the upper halves.
  static SPARK_INLINE Word nearest_bfloat16_words(Register a) {
    const Word bits = word(a), odd = word_and(ei::plogical_shift_right<16>(bits), word_set(1));
    const Word rounded = word_add(bits, word_add(odd, word_set(0x7fff))), quiet = word_or(bits, word_set(0x400000));
    return word(ei::pselect(ei::pcmp_eq(a, a), number(rounded), number(quiet)));
  }
  static SPARK_INLINE Word word_dot(Word a, Word b) {
    const auto upper = [](Word v) { return ei::parithmetic_shift_right<16>(v); };
    const auto lower = [&](Word v) { return upper(ei::plogical_shift_left<16>(v)); };
    return ei::padd(ei::pmul(upper(a), upper(b)), ei::pmul(lower(a), lower(b)));
  }
};
SPARK_PACKETS_END

/// The operations on one register of T: the generic ones, where the processor's file in lanes/ has none of its own.
/// Under a compiler for GPUs Eigen's packets are those of a device, whose kernels work on single numbers.
#ifdef EIGEN_GPUCC
template <class T> struct Registers : Single<T> {};
#else
template <class T> struct Registers : std::conditional_t<(ei::packet_traits<T>::size > 1), Packets<T>, Single<T>> {};
#endif

}  // namespace detail
SPARK_NAMESPACE_END
