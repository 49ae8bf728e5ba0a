/// \file
/// The forms, beside dense arrays, in which a simulator hands over spikes. All are views: they copy nothing, and what
/// they look at must outlive the call that takes them.
#pragma once

#include <spark/parameter.hpp>

namespace spark {

/// The elements that spiked in one step. \see spikes
template <class I>
struct Spikes {
  const I* indices;
  Index count;

  Index operator[](Index k) const { return static_cast<Index>(indices[k]); }
};

/// Whether X is what `spikes` returns.
template <class X>
constexpr bool is_spike_list = false;
/// Whether X is what `spikes` returns.
template <class I>
constexpr bool is_spike_list<Spikes<I>> = true;

/// One bit per element and step. \see spike_bits
struct SpikeBits {
  const std::uint64_t* words;
  Index size;
  Index steps;

  Index words_per_step() const { return size / 64 + (size % 64 != 0 ? 1 : 0); }
};

/// The elements that spiked in each of many steps. \see spike_events
template <class O, class I>
class SpikeEvents {
 public:
  SpikeEvents(const O* offsets_, Index steps_, const I* indices_)
      : offsets(offsets_), steps(steps_), indices(indices_) {}

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

/// Whether the numbers of a container lie one after the other; an Eigen expression may have data() and yet be a row of
/// a column-major array.
template <class Container>
bool without_gaps(const Container& c) {
  if constexpr (std::is_base_of<Eigen::EigenBase<Container>, Container>::value) {
    return c.innerStride() == 1 && (c.outerSize() <= 1 || c.outerStride() == c.innerSize());
  } else {
    return true;
  }
}
/// The first number of such a container, else std::invalid_argument.
template <class Container>
auto first_of(const Container& numbers, const char* what) {
  if (!without_gaps(numbers)) refuse(what, " must lie in memory one after the other");
  return numbers.data();
}

/// The elements that spiked, in any order, as any contiguous container of integers; an index that occurs twice
/// counts twice. The container must outlive the call that takes the spikes. O(1), copies nothing.
template <class Container>
auto spikes(const Container& indices) {
  using I = std::decay_t<decltype(*indices.data())>;
  static_assert(std::is_integral<I>::value && !std::is_same<I, bool>::value,
                "spark::spikes takes a contiguous container of integers");
  return Spikes<I>{first_of(indices, "spikes: indices"), static_cast<Index>(indices.size())};
}

/// One bit per element in 64-bit words, least significant first; for several steps, each starts at a new word.
/// O(1), copies nothing. Bits beyond the last element are ignored.
template <class Word, std::enable_if_t<std::is_integral<Word>::value && sizeof(Word) == 8, int> = 0>
SpikeBits spike_bits(const Word* words, Index size, Index steps = 1) {
  if (size < 0 || steps < 0) refuse("spike_bits: size and steps must not be negative, got ", size, " and ", steps);
  return {reinterpret_cast<const std::uint64_t*>(words), size, steps};
}
/// The same from a container, whose length is checked: std::invalid_argument where it has too few words.
template <class Container, class = decltype(std::declval<const Container&>().data())>
SpikeBits spike_bits(const Container& words, Index size, Index steps = 1) {
  const SpikeBits bits = spike_bits(first_of(words, "spike_bits: words"), size, steps);
  const auto given = static_cast<Index>(words.size());
  if (size > 0 && given / bits.words_per_step() < steps) {
    refuse("spike_bits: words must hold ", bits.words_per_step(), " words for each of ", steps, " steps, got ", given);
  }
  return bits;
}

/// Many steps as lists: step k holds indices[offsets[k]] ... indices[offsets[k + 1] - 1]. O(steps): the offsets
/// are checked, std::invalid_argument where they decrease or point outside the indices.
template <class Offsets, class Indices>
auto spike_events(const Offsets& offsets, const Indices& indices) {
  const auto all = spikes(indices);
  const auto* const first = first_of(offsets, "spike_events: offsets");
  static_assert(std::is_integral<std::decay_t<decltype(*first)>>::value, "spark::spike_events takes integer offsets");
  const auto count = static_cast<Index>(offsets.size());
  if (count == 0) refuse("spike_events: offsets must hold at least one number, got none");
  std::int64_t last = 0;
  for (Index k = 0; k < count; ++k) {
    const auto offset = static_cast<std::int64_t>(first[k]);
    if (offset < last || offset > all.count) {
      refuse("spike_events: offsets must not decrease nor exceed the ", all.count, " indices, got ", offset,
             " at position ", k);
    }
    last = offset;
  }
  return SpikeEvents(first, count - 1, all.indices);
}

/// Throws std::invalid_argument where x, any dense Eigen expression, holds a NaN or an infinity. The tracers do not
/// look for them: a NaN stays in its own element, and masked_reset cures it.
template <class X>
void require_finite(const Eigen::DenseBase<X>& x) {
  const typename X::PlainObject values = x;
  for (Index i = 0; i < values.size(); ++i) {
    const auto v = widen(values.data()[i]);
    if (!is_finite(v)) refuse("require_finite: x must be finite, got ", v, " at element ", i);
  }
}

}  // namespace spark
