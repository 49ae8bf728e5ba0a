/// \file
/// How a number computed in float becomes one of 16 bits.
///
/// Rounding to the nearest loses changes of less than half a unit in the last place: a `bfloat16` trace of 1 stops
/// decaying at tau/dt = 512, a `half` at 4096. Rounding up with a probability equal to the distance from below has no
/// bias, so the mean over traces, or over time, follows the law as far as float does. (Gupta et al. 2015,
/// arXiv:1502.02551.) A random number is added to the digits that are dropped, and what carries is kept.
#pragma once

#include <spark/detail/lanes.hpp>
#include <spark/random.hpp>

SPARK_NAMESPACE_BEGIN

/// How 16-bit storage rounds. Wider storage rounds to the nearest.
enum class Rounding { Nearest, Stochastic };

namespace detail {

/// Rounds to the nearest even: storing does that.
struct ToNearest {
  template <class S, class V> SPARK_INLINE V dither(const V& x, int, Eigen::Index, int) const { return x; }
};

/// Rounds up or down at random. The number drawn depends on the seed, the step, which of the tracer's states is rounded
/// and the element, on nothing else.
struct Stochastic {
  std::uint64_t seed;
  std::int64_t step;  // the first; the k-th after it adds k

  /// x rounded up or down at random to a number that S holds; one that S holds already comes back.
  template <class S, class V> SPARK_INLINE V dither(const V& x, int state, Eigen::Index element, int k) const {
    using O = typename V::O;
    const std::uint64_t step_key = key(state, k);
    V result;
    for_each_index<V::registers>([&](auto j) SPARK_INLINE_LAMBDA {
      const auto first = static_cast<std::uint32_t>(element) + std::uint32_t{j} * O::width;
      result.r[j] = rounded<S, O>(x.r[j], draw<O>(step_key, first));
    });
    return result;
  }

  /// What decides the random numbers of a state in the k-th step; neighbouring seeds share none.
  SPARK_INLINE std::uint64_t key(int state, int k) const {
    return mix(mix(mix(seed) + static_cast<std::uint64_t>(state)) + static_cast<std::uint64_t>(step + k));
  }
  /// 32 random bits for each lane, from `element` on. The multipliers are others for each element: with the same for
  /// all the numbers of a step were a progression, and in one step of some hundred all elements rounded alike.
  template <class O> static SPARK_INLINE typename O::Word draw(std::uint64_t key, std::uint32_t element) {
    constexpr std::uint32_t golden = 0x9e3779b1;  // 2^32 / golden ratio: neighbours lie far apart
    const auto w = O::word_sequence(element * golden + static_cast<std::uint32_t>(key), golden);
    const auto multipliers = [](auto random) SPARK_INLINE_LAMBDA {
      // odd and large, that each bit of w reaches those in the middle
      return O::word_or(O::word_and(random, O::word_set(0x3fff3fff)), O::word_set(0x40014001));
    };
    const auto first = O::word_dot(w, multipliers(O::word_set(static_cast<std::uint32_t>(key >> 32))));
    return O::word_dot(w, multipliers(first));
  }

 private:
  template <class S, class O>
  static SPARK_INLINE typename O::Register rounded(typename O::Register x, typename O::Word random) {
    static_assert(is_16_bit<S>, "numbers of 16 bits are rounded stochastically");
    constexpr std::uint32_t dropped = std::is_same<S, Eigen::half>::value ? 0x1fff : 0xffff;
    const auto chance = O::word_and(random, O::word_set(dropped));
    const auto up = [&](typename O::Register y) SPARK_INLINE_LAMBDA {
      return O::number(O::word_and(O::word_add(O::word(y), chance), O::word_set(~dropped)));
    };
    if constexpr (std::is_same<S, Eigen::half>::value) {
      // Below 2^-14 the grid of half is even: the same offset aligns all digits to it.
      const auto magnitude = O::number(O::word_and(O::word(x), O::word_set(0x7fffffff)));
      const auto offset = O::sub(O::max(magnitude, O::set(6.103515625e-05f)), magnitude);
      const auto small = O::nonzero(offset);
      const auto shift = O::where(small, O::set(6.103515625e-05f));
      const auto moved = O::sub(up(O::add(magnitude, shift)), shift);
      const auto sign = O::word_and(O::word(x), O::word_set(0x80000000));
      return O::select(O::nonzero(O::sub(x, x)), x, O::number(O::word_or(O::word(moved), sign)));
    } else {
      return O::select(O::nonzero(O::sub(x, x)), x, up(x));
    }
  }
};

/// x as it comes back after being stored as S. A bfloat16 is the upper half of a float, and needs no memory for that.
template <class S, class V> SPARK_INLINE V stored(const V& x) {
  using O = typename V::O;
  V back;
  for_each_index<V::registers>([&](auto j) SPARK_INLINE_LAMBDA {
    if constexpr (std::is_same<S, Eigen::bfloat16>::value && O::width > 1) {
      back.r[j] = O::number(O::word_and(O::nearest_bfloat16_words(x.r[j]), O::word_set(0xffff0000)));
    } else {
      S memory[O::width];
      O::store(memory, x.r[j]);
      back.r[j] = O::load(static_cast<const S*>(memory));
    }
  });
  return back;
}

}  // namespace detail
SPARK_NAMESPACE_END
