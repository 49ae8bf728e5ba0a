/// \file
/// Where traces meet memory: the one function that takes elements through steps, and the view that has it.
///
/// `View::through` loads the state of one element or of some registers' worth of them, does some steps and stores it:
/// for steps, runs and ranges, on several registers, and on single numbers for the tail. `View::step` does one step of
/// one element, for a loop or kernel of the user's. `View::spike` does that of an element of a list, or of
/// `EventDriven`, that may have spiked several times. All are one `step_state` below; only a law that jumps lets an
/// element of a list take a silent step and then its `jump` (detail/spike_list.hpp). The bits are the same.
#pragma once

#include <spark/detail/rounding.hpp>
#include <spark/detail/silence.hpp>

SPARK_NAMESPACE_BEGIN

using Index = Eigen::Index;  ///< of elements, steps, rows and columns

namespace detail {

// --- inputs: `at<V>(k, i)` is the input of the elements from i on in step k -----------------------------

/// Numbers in memory, a row for each step.
template <class X> struct Rows {
  const X* data;  // of element `origin` of the first step
  Index stride, origin;

  template <class V> SPARK_INLINE auto at(int k, Index i) const {
    const X* const from = data + (k * stride + i - origin);
    if constexpr (V::registers > 1) {  // of a run: more streams than the processor fetches ahead by itself
      constexpr int bytes = V::registers * V::O::width * static_cast<int>(sizeof(X));
      for (int b = 0; b < bytes; b += 64) SPARK_PREFETCH(reinterpret_cast<const char*>(from) + 1024 + b);
    }
    if constexpr (std::is_same<X, bool>::value) {
      return V::M::load(from);
    } else {
      return V::load(from);
    }
  }
};
/// Bits, a row of words for each step; the lowest bit of a row is that of element `origin`.
struct BitRows {
  const std::uint64_t* words;
  Index stride, origin;

  template <class V> SPARK_INLINE auto at(int k, Index i) const {
    return V::M::load_bits(words + k * stride, static_cast<std::size_t>(i - origin));
  }
};
/// The same for every element and step: `Zero` for no input, or `Silence` for the interval that the coefficients then
/// stand for.
template <class X> struct Constant {
  template <class V> SPARK_INLINE X at(int, Index) const { return {}; }
};

// --- outputs: nowhere, or `data[step * stride + element]` -----------------------------------------------

struct Discard {
  template <class V> SPARK_INLINE void put(int, Index, const V&) const {}
  template <class V> void operator()(Index, const V&) const {}
};
template <class R> struct Record {
  R* data;
  Index stride;

  template <class V> SPARK_INLINE void put(int k, Index i, const V& output) const {
    output.store(data + k * stride + i);
  }
};

/// Which kernel runs: whether arrays are among the coefficients, and whether every base is 0, which then vanishes from
/// the loop.
struct CoefficientKind {
  bool arrays, at_zero;
};

using OneStep = std::integral_constant<int, 1>;

}  // namespace detail

/// State and coefficients of a tracer, for loops and kernels of one's own: no ownership, no checks, trivially copyable.
///
///     auto view = tracer.view();
///     for (Index i = 0; i < tracer.size(); ++i) drive[i] += w * view.step(i, spiked[i]);
///
/// `Law` is the tracer's law, `T` the type that computes, `S` the type that is stored. A step through a view is a step
/// of the tracer, bit for bit; the tracer's clock does not count it. All functions compile for a device as well; there
/// `step` and `value` hold no call and, in float, no double.
template <class Law, class T, class S> struct View {
  static constexpr int states = detail::states_of<Law>;
  static constexpr int coefficients = detail::coefficients_of<Law>;

  S* state[states];                    ///< state j of element 0
  const T* coefficient[coefficients];  ///< coefficient j of element 0, or null where all elements have the same,
  T number[coefficients];              ///< which stands here

  /// One step of element i with input x; returns the step's output.
  template <class X> SPARK_INLINE T step(Index i, const X& x) const {
    auto s = load<One>(i);
    const auto c = coefficients_at<One>(i);
    const One output = step_state<!Law::emits, true>(c, s, One(static_cast<T>(x)), i, 0, detail::ToNearest());
    store(i, s);
    return output.number();
  }
  /// n >= 0 silent steps of element i: one as a step, more in closed form.
  EIGEN_DEVICE_FUNC void advance(Index i, std::int64_t n) const {
    auto s = load<One>(i);
    const auto c = coefficients_at<One>(i);
    if (n == 1) {
      Law::step(c, s, detail::Zero());
    } else {
      detail::ClosedForm<Law, T>(c).bridge(s, n);
    }
    store(i, s);
  }
  /// The value of element i.
  SPARK_INLINE T value(Index i) const { return detail::value_of<Law>(coefficients_at<One>(i), load<One>(i)).number(); }

  // --- what the library itself calls -------------------------------------------------------------------
  /// \cond

  using One = detail::Lanes<T, 1>;

  template <class V> SPARK_INLINE detail::StateOf<Law, V> load(Index i) const {
    detail::StateOf<Law, V> s;
    detail::for_each_index<states>([&](auto j) {
      auto& value = detail::member<j, states>(s);
      value = V::load(static_cast<const S*>(state[j] + i));
      if constexpr (V::O::width > 1)
        detail::for_each_index<V::registers>([&](auto k)
                                                 SPARK_INLINE_LAMBDA { value.r[k] = detail::in_register(value.r[k]); });
    });
    return s;
  }
  template <class V> SPARK_INLINE void store(Index i, const detail::StateOf<Law, V>& s) const {
    detail::for_each_index<states>([&](auto j) { detail::member<j, states>(s).store(state[j] + i); });
  }

  /// The coefficients of the elements from i on.
  template <class V> SPARK_INLINE detail::CoefficientsOf<Law, V> coefficients_at(Index i) const {
    auto c = numbers<V, false>();
    load_coefficients(i, c);
    return c;
  }
  /// Those of them that are arrays.
  template <class C> SPARK_INLINE void load_coefficients(Index i, C& c) const {
    detail::for_each_index<coefficients>([&](auto j) SPARK_INLINE_LAMBDA {
      auto& value = detail::member<j, coefficients>(c);
      using V = std::decay_t<decltype(value)>;
      if constexpr (!std::is_same<V, detail::Zero>::value)
        if (coefficient[j]) value = V::load(coefficient[j] + i);
    });
  }

  /// Takes the elements from i on, as many as V holds, through `steps` steps.
  template <class C, class Steps, class In, class Out, class Round>
  SPARK_INLINE void through(const C& c, Index i, Steps steps, const In& in, const Out& out, const Round& round) const {
    using V = std::decay_t<decltype(detail::member<0, coefficients>(c))>;
    constexpr bool single = std::is_same<Steps, detail::OneStep>::value;
    constexpr bool tells = !std::is_same<Out, detail::Discard>::value;
    constexpr bool as_stored = !single || (tells && !Law::emits);
    auto s = load<V>(i);
    for (int k = 0; k < steps; ++k)
      out.put(k, i, step_state<as_stored, tells>(c, s, in.template at<V>(k, i), i, k, round));
    store(i, s);
  }
  /// One element with `count` spikes of x at once; returns the output. The state stays where it is.
  template <class Round> SPARK_INLINE T spike(const detail::CoefficientsOf<Law, One>& c, detail::StateOf<Law, One>& s,
                                              Index i, const T& x, std::int64_t count, const Round& rounding) const {
    if constexpr (detail::has_again<Law>) {
      One output = step_state<false, true>(c, s, One(x), i, 0, detail::ToNearest());
      for (std::int64_t k = 1; k < count; ++k) output = output + Law::again(c, s);
      round<true>(s, i, 0, rounding);
      if constexpr (!Law::emits) output = detail::value_of<Law>(c, s);
      return output.number();
    } else {
      return step_state<true, true>(c, s, One(input_of(x, count)), i, 0, rounding).number();
    }
  }
  /// `count` spikes of x as one input, of a law that sums them.
  static SPARK_INLINE T input_of(const T& x, std::int64_t count) {
    return detail::has_again<Law> ? x : x * static_cast<T>(static_cast<double>(count));
  }

  /// Rounds the state of the elements from i on as step k does. Storing rounds to the nearest anyway; between steps of
  /// one pass, and for an output, it is done here.
  template <bool as_stored, class State, class Round>
  static SPARK_INLINE void round(State& s, Index i, int k, const Round& rounding) {
    if constexpr (detail::is_16_bit<S>) {
      detail::for_each_index<states>([&](auto j) SPARK_INLINE_LAMBDA {
        auto& value = detail::member<j, states>(s);
        value = rounding.template dither<S>(value, j, i, k);
        if constexpr (as_stored) value = detail::stored<S>(value);
      });
    }
  }

  /// Takes the elements [first, last) through `steps` steps.
  template <class Steps, class In, class Out, class Round> void walk(detail::CoefficientKind kind, Index first,
                                                                     Index last, Steps steps, const In& in,
                                                                     const Out& out, const Round& round) const {
    constexpr bool at_random = std::is_same<Round, detail::Stochastic>::value;  // which costs so much more than a base
    if constexpr (Law::can_rest_at_zero && detail::register_width<T> != 1 && !at_random) {
      if (kind.at_zero && kind.arrays) return walk_as<true, true>(*this, first, last, steps, in, out, round);
      if (kind.at_zero) return walk_as<false, true>(*this, first, last, steps, in, out, round);
    }
    if (kind.arrays) return walk_as<true, false>(*this, first, last, steps, in, out, round);
    walk_as<false, false>(*this, first, last, steps, in, out, round);
  }
  /// The same by one of its kernels. It works on copies of its operands, so that the compiler knows that no store
  /// changes them.
  template <bool arrays, bool at_zero, class Steps, class In, class Out, class Round>
  static EIGEN_DONT_INLINE void walk_as(const View& view, Index first, Index last, Steps steps, const In& input,
                                        const Out& output, const Round& rounding) {
    const View on = view;
    const In in = input;
    const Out out = output;
    const Round round = rounding;
    constexpr int width = detail::register_width<T>;
    if constexpr (!std::is_same<Steps, detail::OneStep>::value && interleaved > 1)
      first = walk_wide<arrays, at_zero, width * interleaved>(on, first, last, steps, in, out, round);
    if constexpr (width > 1) first = walk_wide<arrays, at_zero, width>(on, first, last, steps, in, out, round);
    walk_wide<arrays, at_zero, 1>(on, first, last, steps, in, out, round);
  }

  /// \endcond
 private:
  /// A step, or an interval of silence; returns the output, where it is asked for.
  template <bool as_stored, bool tells, class C, class State, class X, class Round>
  static SPARK_INLINE auto step_state(const C& c, State& s, const X& x, Index i, int k, const Round& rounding) {
    constexpr bool is_interval = std::is_same<X, detail::Silence>::value;
    if constexpr (Law::emits && !is_interval) {
      const auto output = Law::step(c, s, x);
      round<as_stored>(s, i, k, rounding);
      return output;
    } else {
      if constexpr (is_interval) {
        detail::relax<Law>(c, s);
      } else {
        Law::step(c, s, x);
      }
      round<as_stored>(s, i, k, rounding);
      if constexpr (tells) {
        return detail::value_of<Law>(c, s);
      } else {
        return detail::Zero();
      }
    }
  }

  /// Wide in a pass of several steps, in which each waits for the one before: the processor needs other elements to be
  /// busy with. AVX-512 has registers for twice as many.
  static constexpr int register_bytes = detail::register_width<T> * static_cast<int>(sizeof(T));
  static constexpr int registers = register_bytes == 64 ? 8 : 4;
  static constexpr int interleaved = detail::register_width<T> == 1 || states >= registers ? 1 : registers / states;

  /// As many elements as fill lanes of this width; returns the first that is left.
  template <bool arrays, bool at_zero, int width, class Steps, class In, class Out, class Round>
  static SPARK_INLINE Index walk_wide(const View& on, Index i, Index last, Steps steps, const In& in, const Out& out,
                                      const Round& round) {
    using V = detail::Lanes<T, width>;
    if (i + width > last) return i;
    auto c = on.template numbers<V, at_zero>();
    if constexpr (width == 1) {  // a tail is short
      for (; i < last; ++i) {
        if constexpr (arrays) on.load_coefficients(i, c);
        on.through(c, i, steps, in, out, round);
      }
    } else {
      SPARK_UNROLL
      for (; i + width <= last; i += width) {
        on.fetch_ahead(i);
        if constexpr (arrays) on.load_coefficients(i, c);
        on.through(c, i, steps, in, out, round);
      }
    }
    return i;
  }

  /// With registers of 16 bytes so many instructions belong to one line of cache that the processor does not see the
  /// next lines in time: out of cache a step takes a quarter of its time with them fetched ahead. Wider ones gain
  /// little.
  SPARK_INLINE void fetch_ahead(Index i) const {
    if constexpr (register_bytes == 16)
      for (int j = 0; j < states; ++j) SPARK_PREFETCH(reinterpret_cast<const char*>(state[j] + i) + 2048);
  }

  /// The coefficients where all are numbers; a base of 0 vanishes from the loop.
  template <class V, bool at_zero> SPARK_INLINE auto numbers() const {
    const auto filled = [this](auto c) SPARK_INLINE_LAMBDA {
      detail::for_each_index<coefficients>([&](auto j) SPARK_INLINE_LAMBDA {
        auto& value = detail::member<j, coefficients>(c);
        if constexpr (std::is_same<V&, decltype(value)>::value) value = V(number[j]);
      });
      return c;
    };
    if constexpr (at_zero) {
      return filled(typename Law::template Coefficients<V, detail::Zero>());
    } else {
      return filled(detail::CoefficientsOf<Law, V>());
    }
  }
};

SPARK_NAMESPACE_END
