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
/// The steps [first, first + count) of an input.
struct Pass {
  Index first;
  int count;
};

/// Copies `count` numbers, and zeros behind them until there are `unit`.
template <class X>
void pad(const X* from, Index count, X* to, Index unit) {
  std::fill(std::copy_n(from, count, to), to + unit, X(0));
}

/// The inputs of a pass: one row of numbers in memory for each step.
template <class X>
struct Rows {
  const X* step[steps_per_pass];

  template <class T>
  EIGEN_ALWAYS_INLINE auto at(int k, Index i) const {
    return load_value<T>(step[k] + i);
  }
  auto one(int k, Index i) const { return widen(step[k][i]); }
  /// Calls f(i, x) for the elements i < n whose input x in step k is not 0.
  template <class F>
  void for_each_nonzero(int k, Index n, F f) const {
    for (Index i = 0; i < n; ++i)
      if (nonzero(one(k, i))) f(i, one(k, i));
  }
  /// Element 0 of the result is element i of this one.
  Rows from(int steps, Index i) const {
    Rows rows;
    for (int k = 0; k < steps; ++k) rows.step[k] = step[k] + i;
    return rows;
  }
  /// Room for the first numbers of each row, and zeros behind them.
  template <Index width>
  struct Padded {
    X number[steps_per_pass][width];

    Rows copy(const Rows& rows, int steps, Index count, Index unit) {
      Rows copies;
      for (int k = 0; k < steps; ++k) {
        pad(rows.step[k], count, number[k], unit);
        copies.step[k] = number[k];
      }
      return copies;
    }
  };
};
/// The same, of bits: the lowest bit of the first word and those after it, from bit `first` on.
struct BitRows {
  const std::uint64_t* step[steps_per_pass];
  Index first;  // at an element whose number is a multiple of a register's

  template <class T>
  EIGEN_ALWAYS_INLINE auto at(int k, Index i) const {
    return load_bits<T>(step[k], first + i);
  }
  bool one(int k, Index i) const { return (step[k][(first + i) / 64] >> ((first + i) % 64) & 1) != 0; }
  template <class F>
  void for_each_nonzero(int k, Index n, F f) const {
    for (Index i = 0; i < n; ++i) {
      const Index at = first + i;
      const std::uint64_t rest = step[k][at / 64] >> at % 64;  // of this word
      if ((rest & 1) != 0) f(i, true);
      if (rest == 0) i += 63 - at % 64;
    }
  }
  BitRows from(int, Index i) const {
    BitRows rows = *this;
    rows.first += i;
    return rows;
  }
  template <Index width>
  struct Padded {
    std::uint64_t number[steps_per_pass][width / 64 + 2];

    BitRows copy(const BitRows& rows, int steps, Index count, Index unit) {
      BitRows copies{{}, rows.first % 64};
      for (int k = 0; k < steps; ++k) {
        pad(rows.step[k] + rows.first / 64, (copies.first + count + 63) / 64, number[k],
            (copies.first + unit + 63) / 64);
        copies.step[k] = number[k];
      }
      return copies;
    }
  };
};
/// No input at all.
struct Silence {
  template <class T>
  EIGEN_ALWAYS_INLINE Zero at(int, Index) const {
    return {};
  }
  Silence from(int, Index) const { return {}; }
  template <Index>
  struct Padded {
    Silence copy(Silence, int, Index, Index) { return {}; }
  };
};

/// Where the outputs of a pass go: nowhere, or to `data[step * stride + element]`.
struct Discard {
  template <class T>
  EIGEN_ALWAYS_INLINE void put(int, Index, const Value<T>&) const {}
  Discard from(Index) const { return {}; }
  template <Index>
  struct Padded {
    Discard room() { return {}; }
    void copy_to(Discard, int, Index) const {}
  };
};
template <class R>
struct Record {
  R* data;
  Index stride;

  template <class T>
  EIGEN_ALWAYS_INLINE void put(int k, Index i, const Value<T>& values) const {
    store_value<T>(data + k * stride + i, values);
  }
  Record from(Index i) const { return {data + i, stride}; }
  template <Index width>
  struct Padded {
    R number[steps_per_pass][width];

    Record room() { return {number[0], width}; }
    void copy_to(Record out, int steps, Index count) const {
      for (int k = 0; k < steps; ++k) std::copy_n(number[k], count, out.data + k * out.stride);
    }
  };
};

/// The coefficients of a law in memory: an array where they differ from element to element, else null. What they are
/// together decides which code runs; the decays come first among them.
template <class T, int count>
struct CoefficientsInMemory {
  std::array<T, count> number;
  std::array<const T*, count> values;
  bool decays_differ, others_differ, rests_at_zero;
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

  /// Does a pass of steps of the elements [first, first + count); the source presents their input span by span.
  template <class Source, class Out, class Lot>
  void operator()(const Source& source, Index first, Index count, Pass pass, Out out, Lot lot) const {
    source.visit(first, count, pass,
                 [&](Index at, Index n, const auto& input) { span(at, n, pass.count, input, out, lot); });
  }

 private:
  /// What a stretch of elements works on, each pointer at the stretch's first element.
  template <class Input, class Out>
  struct Operands {
    Memory state;
    std::array<V, coefficients> number;        // coefficients that are numbers; the first ones are read from memory:
    std::array<const T*, coefficients> from;   // an array,
    std::array<Index, coefficients> position;  // all bits set; or one register's worth of a number, no bit set
    Input input;
    Out out;
    Index element;

    EIGEN_ALWAYS_INLINE V load(std::size_t j, Index i) const { return load_value<T>(from[j] + (i & position[j])); }
  };
  /// The code for a stretch, of what its length must be a multiple, and how many coefficients it reads from memory.
  template <class Input, class Out, class Lot>
  struct Stretch {
    Index unit;
    int loaded;
    void (*steps)(const Operands<Input, Out>&, Index count, int steps, Lot);
  };

  /// Chooses between coefficients in registers and coefficients in memory. Time constants that differ from element to
  /// element, all else being numbers, is the case that deserves code of its own.
  template <bool single, class... Types>
  Stretch<Types...> choose() const {
    constexpr int none = 0, all = coefficients;
    if constexpr (width > 1) {  // a single lane would gain nothing from the special cases
      if (!coefficient.others_differ) {
        using Quiet = std::conditional_t<Law::can_rest_at_zero, Zero, V>;
        const bool quiet = !Law::can_rest_at_zero || coefficient.rests_at_zero;
        if (!coefficient.decays_differ)
          return quiet ? code<single, none, Quiet, Types...>() : code<single, none, V, Types...>();
        if (quiet) return code<single, decays<Law>, Quiet, Types...>();
      }
    }
    return code<single, all, V, Types...>();
  }
  template <bool single, int loaded, class Base, class Input, class Out, class Lot>
  static Stretch<Input, Out, Lot> code() {
    return {ways<single> * width, loaded, stretch<single, loaded, Base, Input, Out, Lot>};
  }

  /// Not inline: its code is the same wherever the input comes from.
  template <class Input, class Out, class Lot>
  EIGEN_DONT_INLINE void span(Index at, Index n, int steps, const Input& input, Out out, Lot lot) const {
    const auto stretch = steps == 1 ? choose<true, Input, Out, Lot>() : choose<false, Input, Out, Lot>();
    T filled[coefficients][width];
    Operands<Input, Out> on{state, {}, {}, {}, input, out.from(at), at};
    for (S*& memory : on.state) memory += at;
    for_each_index<coefficients>([&](auto j) {
      const T *number = &coefficient.number[j], *values = coefficient.values[j];
      on.number[j] = V(*number);
      if (j >= stretch.loaded) return;
      if (values == nullptr) std::fill_n(filled[j], width, *number);
      on.from[j] = values == nullptr ? filled[j] : values + at;
      on.position[j] = values == nullptr ? 0 : -1;
    });
    const Index rest = n % stretch.unit;
    if (rest < n) stretch.steps(on, n - rest, steps, lot);
    if (rest > 0) padded(stretch, on, n - rest, rest, steps, lot);
  }

  /// The last elements of a range, fewer than a unit: the same arithmetic on a padded copy.
  template <class Input, class Out, class Lot>
  static void padded(Stretch<Input, Out, Lot> stretch, const Operands<Input, Out>& on, Index first, Index count,
                     int steps, Lot lot) {
    constexpr Index room = ways<false> * width;
    S states_copy[states][room];
    T from_copy[coefficients][room];
    typename Input::template Padded<room> input;
    typename Out::template Padded<room> out;
    auto copy = on;
    for_each_index<states>([&](auto j) {
      copy.state[j] = states_copy[j];
      pad<S>(on.state[j] + first, count, copy.state[j], stretch.unit);
    });
    for_each_index<coefficients>([&](auto j) {
      if (j >= stretch.loaded || on.position[j] == 0) return;
      copy.from[j] = from_copy[j];
      pad<T>(on.from[j] + first, count, from_copy[j], stretch.unit);
    });
    copy.input = input.copy(on.input.from(steps, first), steps, count, stretch.unit);
    copy.out = out.room();
    copy.element += first;
    stretch.steps(copy, stretch.unit, steps, lot);
    for_each_index<states>([&](auto j) { std::copy_n(copy.state[j], count, on.state[j] + first); });
    out.copy_to(on.out.from(first), steps, count);
  }

  /// How many registers' worth take a step at a time. In a pass of several steps each waits for the one before, and the
  /// processor needs other elements to be busy with; AVX-512 has registers for twice as many. What takes a single step
  /// the compiler unrolls.
  static constexpr Index registers_of_state = lanes<T> * sizeof(T) == 64 ? 8 : 4;
  template <bool single>
  static constexpr Index ways = single || states >= registers_of_state ? 1 : registers_of_state / states;

  struct Nothing {};
  /// `count` registers' worth of elements side by side, the first of them element i.
  template <int loaded, class Base, Index count>
  struct Group {
    typename Law::template Coefficients<V, Base> c;
    State s;
    std::conditional_t<(count > 1), Group<loaded, Base, count - 1>, Nothing> others;

    template <class On>
    EIGEN_ALWAYS_INLINE void load(const On& on, Index i) {
      c = gather<Base>([&](auto j) {
        if constexpr (j < loaded)
          return on.load(j, i);
        else
          return on.number[j];
      });
      for_each_index<states>([&](auto j) {
        std::get<j>(tie<states>(s)) = in_register(load_value<T>(static_cast<const S*>(on.state[j] + i)));
      });
      if constexpr (count > 1) others.load(on, i + width);
    }

    template <bool single, class On, class Lot>
    EIGEN_ALWAYS_INLINE void step(const On& on, Index i, int k, Lot lot) {
      constexpr bool discards = std::is_same<decltype(on.out), Discard>::value;
      // storing rounds to the nearest anyway; between steps of one pass, and for a record of the state, it is done here
      constexpr bool rounds = is_16_bit<S> && !(single && (discards || Law::emits));
      const auto x = on.input.template at<T>(k, i);
      if constexpr (Law::emits) {
        const V output = Law::step(c, s, x);
        round<rounds>(s, lot, k, on.element + i);
        on.out.template put<T>(k, i, output);
      } else {
        Law::step(c, s, x);
        round<rounds>(s, lot, k, on.element + i);
        if constexpr (!discards) on.out.template put<T>(k, i, Law::value(c, s));
      }
      if constexpr (count > 1) others.template step<single>(on, i + width, k, lot);
    }

    template <class On>
    EIGEN_ALWAYS_INLINE void store(const On& on, Index i) const {
      for_each_index<states>([&](auto j) { store_value<T>(on.state[j] + i, std::get<j>(tie<states>(s))); });
      if constexpr (count > 1) others.store(on, i + width);
    }
  };

  /// All steps of `count` elements, a multiple of a group. Its operands are values that no store can change.
  template <bool single, int loaded, class Base, class Input, class Out, class Lot>
  static void stretch(const Operands<Input, Out>& operands, Index count, int steps, Lot lot) {
    const Operands<Input, Out> on = operands;
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC unroll 4  // which it would not do by itself; only the innermost loop, so where `single`
#endif
    for (Index i = 0; i < count; i += ways<single> * width) {
      Group<loaded, Base, ways<single>> group;
      group.load(on, i);
      if constexpr (single) {
        group.template step<single>(on, i, 0, lot);
      } else {
        for (int k = 0; k < steps; ++k) group.template step<single>(on, i, k, lot);
      }
      group.store(on, i);
    }
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
  template <bool rounds, class Lot>
  static EIGEN_ALWAYS_INLINE void round(State& s, Lot lot, int k, Index element) {
    for_each_index<states>([&](auto j) {
      V& value = std::get<j>(tie<states>(s));
      value = lot.at(k).template dither<S, T>(value, j, element);
      if constexpr (rounds) value = rounded<S, T>(value);
    });
  }
};

}  // namespace spark
