/// \file
/// The walk of a law over the elements: the one place where traces meet memory.
///
/// One or several steps are done per pass. The state of a register's worth of elements is loaded once, stays in
/// registers for all steps of the pass, and is stored once; so a run over a raster crosses memory once in
/// `steps_per_pass` steps. What is left over at the end of a range goes through the same arithmetic in a padded
/// copy, so the bits of an element do not depend on where it lies.
#pragma once

#include <spark/law/interval.hpp>
#include <spark/simd/rounding.hpp>

#include <algorithm>

namespace spark {

using Index = Eigen::Index;

constexpr int steps_per_pass = 8;

/// Elements whose input is staged together; also the length over which a number is spread out beside parameters
/// that differ from element to element.
constexpr Index tile = 64;

/// The inputs of a pass: one row of numbers in memory for each step.
template <class X>
struct Rows {
  const X* step[steps_per_pass];

  template <class T>
  EIGEN_ALWAYS_INLINE auto at(int k, Index i) const {
    return load<T>(step[k] + i);
  }
  template <class T>
  EIGEN_ALWAYS_INLINE auto at(int k, Index i, Index count) const {
    X padded[lanes<T>] = {};
    std::copy_n(step[k] + i, count, padded);
    return load<T>(padded);
  }
};
/// No input at all.
struct Silence {
  template <class T>
  EIGEN_ALWAYS_INLINE Zero at(int, Index, Index = 0) const {
    return {};
  }
};

/// Where the outputs of a pass go: nowhere, or to `data[step * stride + element]`.
struct Discard {};
template <class R>
struct Record {
  R* data;
  Index stride;
};

/// The coefficients of a law in memory: an array where they differ from element to element, else null.
template <class T, int count>
struct CoefficientsInMemory {
  std::array<T, count> number;
  std::array<const T*, count> values;
  bool rests_at_zero;
};

template <class Law, class T, class S>
struct Sweep {
  using V = Value<T>;
  using State = typename Law::template State<V>;
  static constexpr int states = members<typename Law::template State<T>, T>;
  static constexpr int coefficients = members<typename Law::template Coefficients<T>, T>;
  static constexpr Index width = lanes<T>;
  using Memory = std::array<S*, states>;

  Memory state;
  CoefficientsInMemory<T, coefficients> coefficient;

  /// Does `steps` steps of the elements [first, first + count); the source presents their input span by span.
  template <class Source, class Out, class Lot>
  void operator()(Source& source, Index first, Index count, int steps, Out out, Lot lot) const {
    source.visit(first, count, steps, [&](Index at, Index n, const auto& input) {
      if (steps == 1) {
        pass<true>(at, n, 1, input, out, lot);
      } else {
        pass<false>(at, n, steps, input, out, lot);
      }
    });
  }

 private:
  /// Chooses between coefficients in registers and coefficients in memory. Time constants that differ from element to
  /// element, all else being numbers, is the case that deserves code of its own.
  template <bool single, class Input, class Out, class Lot>
  void pass(Index at, Index n, int steps, const Input& input, Out out, Lot lot) const {
    using Quiet = std::conditional_t<Law::can_rest_at_zero, Zero, V>;
    const auto differ = [this](int from, int to) {
      const auto begin = coefficient.values.begin();
      return std::any_of(begin + from, begin + to, [](const T* values) { return values != nullptr; });
    };
    const bool quiet = !Law::can_rest_at_zero || coefficient.rests_at_zero;
    const bool decays_differ = differ(0, decays<Law>), others_differ = differ(decays<Law>, coefficients);
    if constexpr (width > 1) {  // a single lane would gain nothing from the special cases
      if (!others_differ && decays_differ && quiet) {
        return spans<single, decays<Law>, Quiet>(at, n, steps, input, out, lot);
      }
      if (!others_differ && !decays_differ) {
        if constexpr (Law::can_rest_at_zero) {
          if (quiet) return spans<single, 0, Zero>(at, n, steps, input, out, lot);
        }
        return spans<single, 0, V>(at, n, steps, input, out, lot);
      }
    }
    spans<single, coefficients, V>(at, n, steps, input, out, lot);
  }

  /// The first `loaded` coefficients are read from memory, a number among them from one tile that it fills.
  template <bool single, int loaded, class Base, class Input, class Out, class Lot>
  void spans(Index at, Index n, int steps, const Input& input, Out out, Lot lot) const {
    const Memory memory = state;  // a copy that no store can alias
    std::array<V, coefficients> number;
    std::array<const T*, loaded> from;
    std::array<Index, loaded> ahead;
    T filled[loaded + 1][tile];
    for_each_index<coefficients>([&](auto j) {
      number[j] = V(coefficient.number[j]);
      if constexpr (j < loaded) {
        const bool is_number = coefficient.values[j] == nullptr;
        if (is_number) std::fill_n(filled[j], tile, coefficient.number[j]);
        from[j] = is_number ? filled[j] : coefficient.values[j] + at;
        ahead[j] = is_number ? 0 : tile;
      }
    });
    constexpr bool in_registers = loaded == 0;
    for (Index start = 0; start < n; start += tile) {
      const Index end = in_registers ? n : std::min(n, start + tile), whole = end - (end - start) % width;
      for (Index i = start; i < whole; i += width) {
        const auto c = gather<Base>([&](auto j) {
          if constexpr (j < loaded)
            return load<T>(from[j] + (i - start));
          else
            return number[j];
        });
        elements<single, true>(memory, c, at + i, width, steps, input, i, out, lot);
      }
      if (whole < end) {
        const auto c = gather<Base>([&](auto j) {
          if constexpr (j < loaded) {
            T padded[width] = {};
            std::copy_n(from[j] + (whole - start), end - whole, padded);
            return load<T>(static_cast<const T*>(padded));
          } else {
            return number[j];
          }
        });
        elements<single, false>(memory, c, at + whole, end - whole, steps, input, whole, out, lot);
      }
      if constexpr (in_registers) break;
      for_each_index<loaded>([&](auto j) { from[j] += ahead[j]; });
    }
  }

  /// All steps of at most a register's worth of elements: `count` of them, all lanes if `whole`.
  template <bool single, bool whole, class C, class Input, class Out, class Lot>
  static EIGEN_ALWAYS_INLINE void elements(const Memory& memory, const C& c, Index element, Index count, int steps,
                                           const Input& input, Index offset, Out out, Lot lot) {
    State s;
    for_each_index<states>([&](auto j) {
      if constexpr (whole) {
        std::get<j>(tie<states>(s)) = in_register(load<T>(static_cast<const S*>(memory[j] + element)));
      } else {
        S padded[width] = {};
        std::copy_n(memory[j] + element, count, padded);
        std::get<j>(tie<states>(s)) = load<T>(static_cast<const S*>(padded));
      }
    });
    for (int k = 0; k < (single ? 1 : steps); ++k) {
      if constexpr (whole) {
        step<single, whole>(c, s, input.template at<T>(k, offset), k, element, count, out, lot);
      } else {
        step<single, whole>(c, s, input.template at<T>(k, offset, count), k, element, count, out, lot);
      }
    }
    for_each_index<states>([&](auto j) { put<whole>(memory[j] + element, count, std::get<j>(tie<states>(s))); });
  }

  /// Writes the first `count` lanes, all of them if `whole`.
  template <bool whole, class To>
  static EIGEN_ALWAYS_INLINE void put(To* to, Index count, const V& values) {
    if constexpr (whole) {
      store<T>(to, values);
    } else {
      To padded[width];
      store<T>(padded, values);
      std::copy_n(padded, count, to);
    }
  }

  template <bool single, bool whole, class C, class X, class Out, class Lot>
  static EIGEN_ALWAYS_INLINE void step(const C& c, State& s, const X& x, int k, Index element, Index count, Out out,
                                       Lot lot) {
    // storing rounds to the nearest anyway: between steps of one pass it must be done here
    constexpr bool rounds =
        is_16_bit<S> && !(single && std::is_same<Lot, ToNearest>::value && std::is_same<Out, Discard>::value);
    if constexpr (Law::emits) {
      const V output = Law::step(c, s, x);
      if constexpr (rounds) round(s, lot, k, element);
      record<whole>(out, k, element, count, output);
    } else {
      Law::step(c, s, x);
      if constexpr (rounds) round(s, lot, k, element);
      if constexpr (!std::is_same<Out, Discard>::value) record<whole>(out, k, element, count, Law::value(c, s));
    }
  }

  template <bool whole>
  static EIGEN_ALWAYS_INLINE void record(Discard, int, Index, Index, const V&) {}
  template <bool whole, class R>
  static EIGEN_ALWAYS_INLINE void record(Record<R> out, int k, Index element, Index count, const V& output) {
    put<whole>(out.data + k * out.stride + element, count, output);
  }

  /// GCC 12 would rather read a state from memory again for each of its uses, at the price of a third more loads.
  static EIGEN_ALWAYS_INLINE V in_register(V v) {
#if defined(EIGEN_VECTORIZE_AVX512) && defined(__GNUC__) && !defined(__clang__)
    if constexpr (width > 1) {
      auto packet = v.v;
      asm("" : "+v"(packet));
      return V(packet);
    }
#endif
    return v;
  }

  /// Becomes a coefficient of either kind when an aggregate is filled.
  struct Any {
    V v;
    EIGEN_ALWAYS_INLINE operator V() const { return v; }
    EIGEN_ALWAYS_INLINE operator Zero() const { return {}; }
  };
  template <class Base, class Load, std::size_t... j>
  static EIGEN_ALWAYS_INLINE auto gather(Load load, std::index_sequence<j...>) {
    return
        typename Law::template Coefficients<V, Base>{Any{load(std::integral_constant<int, static_cast<int>(j)>())}...};
  }
  template <class Base, class Load>
  static EIGEN_ALWAYS_INLINE auto gather(Load load) {
    return gather<Base>(load, std::make_index_sequence<coefficients>());
  }
  template <class Lot>
  static EIGEN_ALWAYS_INLINE void round(State& s, Lot lot, int k, Index element) {
    for_each_index<states>([&](auto j) {
      V& value = std::get<j>(tie<states>(s));
      value = rounded<S, T>(value, lot.at(k), j, element);
    });
  }
};

}  // namespace spark
