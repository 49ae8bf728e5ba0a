/// \file
/// The forms, beside dense arrays, in which a simulator hands over spikes. All are views: they copy nothing; what they
/// look at must outlive the call that takes them, and be no memory that the call writes.
#pragma once

#include <spark/parameter.hpp>

#include <initializer_list>
#include <iterator>

SPARK_NAMESPACE_BEGIN

/// The elements that spiked in one step, with or without an amount for each. \see spikes
template <class I, class A = void> struct Spikes {
  const I* indices;
  Index count;
  const A* amounts = nullptr;

  Index operator[](Index k) const { return static_cast<Index>(indices[k]); }
};

/// One bit per element and step. \see spike_bits
struct SpikeBits {
  const std::uint64_t* words;
  Index size;
  Index steps;

  Index words_per_step() const { return size / 64 + (size % 64 != 0 ? 1 : 0); }
};

/// The elements that spiked in each of many steps. \see spike_events
template <class O, class I> struct SpikeEvents {
  const O* offsets;
  Index steps;
  const I* indices;

  Spikes<I> step(Index k) const { return between(offsets[k], offsets[k + 1]); }
  Spikes<I> all() const { return between(offsets[0], offsets[steps]); }

 private:
  Spikes<I> between(O begin, O end) const {
    return {indices + static_cast<Index>(begin), static_cast<Index>(end) - static_cast<Index>(begin)};
  }
};

namespace detail {

template <class X> constexpr bool is_spike_events = false;
template <class O, class I> constexpr bool is_spike_events<SpikeEvents<O, I>> = true;
template <class X> constexpr bool is_spike_list = false;
template <class I, class A> constexpr bool is_spike_list<Spikes<I, A>> = true;
template <class X> std::true_type derives_from_eigen(const Eigen::EigenBase<X>*);
std::false_type derives_from_eigen(...);
template <class X> constexpr bool is_dense = decltype(derives_from_eigen(static_cast<const X*>(nullptr)))::value;

template <class Container> using DataOf = decltype(std::data(std::declval<const Container&>()));

/// The first number of a container, else std::invalid_argument.
template <class Container> auto first_of(const Container& numbers, const char* what) {
  static_assert(has<DataOf, Container>,
                "spark: indices, amounts, words and offsets lie in memory one after the other: a std::vector, a "
                "std::array, an Eigen array, or a pointer and a length; copy a std::deque or a std::set into one");
  if constexpr (is_dense<Container>) {
    if (!without_gaps(numbers)) refuse(what, " must lie in memory one after the other");
    return numbers.data();
  } else if constexpr (has<DataOf, Container>) {
    return std::data(numbers);
  } else {
    return static_cast<const int*>(nullptr);
  }
}

/// Refuses a null pointer to n numbers, of which the message begins with `what`.
template <class X, class... What> void require_memory(const X* data, Index n, const What&... what) {
  if (n > 0 && !data) refuse(what..., " must lie in memory, got a null pointer");
}

/// Of braces that stand for a list of spikes.
template <class I> constexpr void refuse_braces() {
  static_assert(never<I>,
                "spark: give the list a name and hand over spark::spikes(fired), with "
                "std::vector<int> fired{...}");
}

/// How the elements of an input follow each other: each above the one before it, none below it, or in any order.
enum class Order { strict, weak, none };

/// Of the indices of a list. Blocks of known lengths, and results as wide as an index, make compilers vectorise the
/// comparisons at -O2, too.
template <class I, class A> Order order_of(const Spikes<I, A>& spikes) {
  I equals = 0, falls = 0;
  Index k = 1;
  const auto compare = [&](Index count) SPARK_INLINE_LAMBDA {
    const I* const index = spikes.indices + k;
    I equal = 0, fall = 0;
    for (Index j = 0; j < count; ++j) {
      equal = static_cast<I>(equal | static_cast<I>(index[j] == index[j - 1]));
      fall = static_cast<I>(fall | static_cast<I>(index[j] < index[j - 1]));
    }
    equals = static_cast<I>(equals | equal);
    falls = static_cast<I>(falls | fall);
    k += count;
  };
  while (falls == 0 && spikes.count - k >= 32) compare(32);
  while (falls == 0 && spikes.count - k >= 8) compare(8);
  while (falls == 0 && spikes.count - k >= 1) compare(1);
  return falls != 0 ? Order::none : equals != 0 ? Order::weak : Order::strict;
}

template <class I> constexpr void require_indices() {
  static_assert(std::is_integral<I>::value && !std::is_same<I, bool>::value,
                "spark: spikes takes the integer indices of the elements that spiked; for a flag or a number for each "
                "element hand over the dense array itself, for packed bits spark::spike_bits(words, size)");
}

}  // namespace detail

/// The elements that spiked, in any order, as any contiguous container of integers. An index that occurs K times is K
/// spikes at once: an x of K, but a `NearestTracer` goes to base + scale, and an `RUTracer` jumps K times, each from
/// what the one before left. O(1), copies nothing.
template <class Container> auto spikes(const Container& indices) {
  const auto* const first = detail::first_of(indices, "spikes: indices");
  using I = std::decay_t<decltype(*first)>;
  detail::require_indices<I>();
  return Spikes<I>{first, static_cast<Index>(std::size(indices))};
}
/// The same; Clang warns where the spikes outlive a temporary vector.
template <class I, class Allocator> auto spikes(const std::vector<I, Allocator>& indices SPARK_LIFETIMEBOUND) {
  return spikes<std::vector<I, Allocator>>(indices);
}
/// The same from a pointer to n indices.
template <class I, std::enable_if_t<std::is_integral<I>::value, int> = 0> Spikes<I> spikes(const I* indices, Index n) {
  detail::require_indices<I>();
  if (n < 0) detail::refuse("spikes: n must not be negative, got ", n);
  detail::require_memory(indices, n, "spikes: indices");
  return {indices, n};
}
/// Refused: the spikes would point to a list that no longer exists.
template <class I> Spikes<I> spikes(std::initializer_list<I>) {
  detail::refuse_braces<I>();
  return {};
}

/// Spikes with an amount for each, the x of its element in a dense step; amounts of equal indices add up to one x.
/// std::invalid_argument where there are not as many amounts as indices.
template <class Container, class Amounts,
          std::enable_if_t<!std::is_integral<Amounts>::value && !std::is_pointer<Container>::value, int> = 0>
auto spikes(const Container& indices, const Amounts& amounts) {
  const auto list = spikes(indices);
  const auto* const first = detail::first_of(amounts, "spikes: amounts");
  using A = std::decay_t<decltype(*first)>;
  if (static_cast<Index>(std::size(amounts)) != list.count)
    detail::refuse("spikes: amounts must be as many as indices, ", list.count, ", got ", std::size(amounts));
  return Spikes<std::decay_t<decltype(*list.indices)>, A>{list.indices, list.count, first};
}
/// The same from pointers to n indices and n amounts.
template <class I, class A> Spikes<I, A> spikes(const I* indices, const A* amounts, Index n) {
  const Spikes<I> list = spikes(indices, n);
  detail::require_memory(amounts, n, "spikes: amounts");
  return {list.indices, list.count, amounts};
}

/// One bit per element in 64-bit words, least significant first; for several steps, each starts at a new word.
/// O(1), copies nothing. Bits beyond the last element are ignored.
template <class Word> SpikeBits spike_bits(const Word* words, Index size, Index steps = 1) {
  static_assert(std::is_integral<Word>::value && sizeof(Word) == 8,
                "spark: spike_bits takes words of 64 bits, such as std::uint64_t; copy narrower ones by std::memcpy");
  if (size < 0 || steps < 0)
    detail::refuse("spike_bits: size and steps must not be negative, got ", size, " and ", steps);
  detail::require_memory(words, size > 0 ? steps : 0, "spike_bits: words");
  return {reinterpret_cast<const std::uint64_t*>(words), size, steps};
}
/// The same from a container, whose length is checked: std::invalid_argument where it has too few words.
template <class Container, class = detail::DataOf<Container>>
SpikeBits spike_bits(const Container& words, Index size, Index steps = 1) {
  const auto* const first = detail::first_of(words, "spike_bits: words");
  const Index given = static_cast<Index>(std::size(words)), needed = SpikeBits{nullptr, size, steps}.words_per_step();
  if (size > 0 && given / needed < steps)
    detail::refuse("spike_bits: words must hold ", needed, " words for each of ", steps, " steps, got ", given);
  return spike_bits(first, size, steps);
}

/// Many steps as lists: step k holds indices[offsets[k]] ... indices[offsets[k + 1] - 1]. O(steps): the offsets
/// are checked, std::invalid_argument where they decrease or point outside the indices.
template <class Offsets, class Indices> auto spike_events(const Offsets& offsets, const Indices& indices) {
  const auto all = spikes(indices);
  const auto* const first = detail::first_of(offsets, "spike_events: offsets");
  using O = std::decay_t<decltype(*first)>;
  static_assert(std::is_integral<O>::value, "spark: spike_events takes integer offsets");
  const auto count = static_cast<Index>(std::size(offsets));
  if (count == 0) detail::refuse("spike_events: offsets must hold at least one number, got none");
  std::int64_t last = 0;
  for (Index k = 0; k < count; ++k) {
    const auto offset = static_cast<std::int64_t>(first[k]);
    if (offset < last || offset > all.count) {
      detail::refuse("spike_events: offsets must not decrease nor exceed the ", all.count, " indices, got ", offset,
                     " at position ", k);
    }
    last = offset;
  }
  return SpikeEvents<O, std::decay_t<decltype(*all.indices)>>{first, count - 1, all.indices};
}

/// Throws std::invalid_argument where x, any dense Eigen expression, holds a NaN or an infinity. The tracers do not
/// look for them: a NaN stays in its own element, and masked_reset cures it.
template <class X> void require_finite(const Eigen::DenseBase<X>& x) {
  const typename X::PlainObject values = x;
  for (Index i = 0; i < values.size(); ++i) {
    const auto v = detail::widen(values.data()[i]);
    if (!detail::is_finite(v)) detail::refuse("require_finite: x must be finite, got ", v, " at element ", i);
  }
}

SPARK_NAMESPACE_END
