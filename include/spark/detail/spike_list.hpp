/// \file
/// A step from a list of spikes, at the cost of a silent step and of its spikes.
///
/// All elements take a silent step; then those that spiked jump, where the law's input comes last. Under other laws
/// their new states are computed first, one by one, and written over the silent ones. One number rounds as a register
/// does, so the bits are those of a dense step. Nothing is allocated for a list that does not descend; another is
/// sorted first.
#pragma once

#include <spark/detail/coefficients.hpp>
#include <spark/input.hpp>

SPARK_NAMESPACE_BEGIN
namespace detail {

/// Where a spike stands in its list, behind its element: numbers that sort as wanted.
using Position = std::uint64_t;

/// Calls f with the position of each spike of the elements [first, last), and with its element, counted from `first`.
template <class I, class A, class F>
SPARK_INLINE void for_each_position(Spikes<I, A> spikes, Index first, Index last, F f) {
  for (Index k = 0; k < spikes.count; ++k)
    if (const Index i = spikes[k]; i >= first && i < last)
      f(static_cast<Position>(i) << 32 | static_cast<Position>(k), i - first);
}
/// Sorts the spikes of a long list: first into buckets of neighbouring elements, each of which is then soon sorted.
template <class I, class A>
EIGEN_DONT_INLINE void sort_buckets(Spikes<I, A> spikes, Index first, Index last, std::vector<Position>& positions) {
  constexpr Index buckets = 256;
  int shift = 0;
  while ((last - first - 1) >> shift >= buckets) ++shift;
  Index ends[buckets] = {};
  for_each_position(spikes, first, last, [&](Position, Index i) { ++ends[i >> shift]; });
  Index count = 0;  // of the buckets so far
  for (Index& end : ends) count += std::exchange(end, count);
  positions.resize(static_cast<std::size_t>(count));
  Position* const sorted = positions.data();
  for_each_position(spikes, first, last, [&](Position p, Index i) { sorted[ends[i >> shift]++] = p; });
  for (Index b = 0; b < buckets; ++b) std::sort(sorted + (b > 0 ? ends[b - 1] : 0), sorted + ends[b]);
}
/// Sorts the spikes of the elements [first, last); amounts of equal indices keep their order.
template <class I, class A>
EIGEN_DONT_INLINE void sort(Spikes<I, A> spikes, Index first, Index last, std::vector<Position>& positions) {
  constexpr auto most = std::uint64_t{1} << 32;
  if (static_cast<std::uint64_t>(spikes.count) > most || static_cast<std::uint64_t>(last) > most)
    refuse("spikes: indices must not descend in a list of more than 2^32 spikes or of as many elements");
  positions.clear();
  if (spikes.count > 64) return sort_buckets(spikes, first, last, positions);
  for_each_position(spikes, first, last, [&](Position p, Index) { positions.push_back(p); });
  std::sort(positions.begin(), positions.end());
}

/// The spikes [begin, end) of a list in an order that does not descend: its own, or that of sorted positions.
template <class T, class I, class A> struct Ascending {
  const I* indices;
  const A* amounts;
  const Position* positions;  // null where the list itself ascends
  Index begin, end;
  bool once;  // the list itself ascends, and no index occurs twice

  /// All spikes of one element: how many, and x as in a dense step.
  struct Group {
    Index element;
    std::int64_t count;
    T x;
  };

  Index element(Index k) const {
    return positions ? static_cast<Index>(positions[k] >> 32) : static_cast<Index>(indices[k]);
  }
  /// The group of the k-th spike, where each is one.
  Group single(Index k) const { return {static_cast<Index>(indices[k]), 1, amount(k)}; }
  /// Takes the group at `begin` off.
  Group next() {
    Group group{element(begin), 1, amount(begin)};
    const Index first = begin++;
    if (once) return group;
    for (; begin < end && element(begin) == group.element; ++begin)
      if constexpr (!std::is_void<A>::value) group.x = group.x + amount(begin);
    if constexpr (std::is_void<A>::value) group.count = begin - first;
    return group;
  }
  /// Behind the first `count`, and behind what is left of the last one's element.
  Index behind(Index count) const {
    Index k = std::min(begin + count, end);
    while (k < end && element(k) == element(k - 1)) ++k;
    return k;
  }

  /// Those of the elements [first, last).
  Ascending between(Index first, Index last) const {
    const auto below = [this](Index bound) {
      Index from = begin, to = end;
      while (from < to) {
        const Index middle = from + (to - from) / 2;
        if (element(middle) < bound) {
          from = middle + 1;
        } else {
          to = middle;
        }
      }
      return from;
    };
    return {indices, amounts, positions, below(first), below(last), once};
  }

 private:
  T amount(Index k) const {
    if constexpr (std::is_void<A>::value) {
      return T(1);
    } else {
      return static_cast<T>(widen(amounts[positions ? static_cast<Index>(positions[k] & 0xffffffffu) : k]));
    }
  }
};

/// The list as it is where it ascends, else by the positions of the elements [first, last), which are sorted.
template <class T, class I, class A> Ascending<T, I, A> ascending(const Spikes<I, A>& spikes, Order order, Index first,
                                                                  Index last, std::vector<Position>& positions) {
  if (order != Order::none) return {spikes.indices, spikes.amounts, nullptr, 0, spikes.count, order == Order::strict};
  sort(spikes, first, last, positions);
  return {spikes.indices, spikes.amounts, positions.data(), 0, static_cast<Index>(positions.size()), false};
}

/// A step of the elements [first, last), all of the list's among them.
template <class Law, class T, class S> class ListStep {
  using ViewType = View<Law, T, S>;

 public:
  const ViewType& view;
  CoefficientKind kind;

  /// Some spikes at a time, whose elements are then still in the cache.
  template <class List, class Out, class Round>
  void operator()(const List& spikes, Index first, Index last, const Out& out, const Round& round) const {
    // Where spikes are not few, rows pay off. States of a large tracer come from afar: there walks that are short wait
    // for memory, and spikes that are stepped one by one even more.
    const bool large = last - first > 65536;
    const Index elements_per_spike = large && ViewType::states > 1 && !jumps ? 64 : 16;
    const Index at_once = large ? most_at_once : 64;
    if ((spikes.end - spikes.begin) * elements_per_spike > last - first) return dense(spikes, first, last, out, round);
    List list = spikes;  // in registers
    const auto shared = view.template coefficients_at<One>(first);
    while (list.begin < list.end) {
      const Index end = list.behind(at_once);
      // in whole registers, as far as the next spike leaves room
      const Index next = end < list.end ? list.element(end) : last;
      const Index whole = first + (next - first) / 64 * 64;
      const Index until = next < last && whole > list.element(end - 1) ? whole : next;
      if constexpr (jumps) {
        view.walk(kind, first, until, OneStep(), Constant<Zero>(), out, round);
        for_each_group(list, end, shared,
                       [&](const auto& group, const auto& c) SPARK_INLINE_LAMBDA { jump(group, c, out); });
      } else {
        Aside aside[most_at_once];
        int count = 0;
        for_each_group(list, end, shared, [&](const auto& group, const auto& c) SPARK_INLINE_LAMBDA {
          step(group, c, aside[count++], round);
        });
        view.walk(kind, first, until, OneStep(), Constant<Zero>(), out, round);
        for (int k = 0; k < count; ++k) put(aside[k], out);
      }
      first = until;
    }
    if (first < last) view.walk(kind, first, last, OneStep(), Constant<Zero>(), out, round);
  }

 private:
  using One = Lanes<T, 1>;
  static constexpr bool jumps = has_jump<Law> && std::is_same<T, S>::value;  // 16 bits round before the jump
  static constexpr Index most_at_once = jumps ? 1024 : 256;  // spikes, of which those that jump need no room
  struct Aside {
    Index element;
    StateOf<Law, One> state;
    T output;
  };
  /// Calls f with the groups up to `end`, each with the coefficients of its element, and takes them off the list.
  template <class List, class F>
  SPARK_INLINE void for_each_group(List& list, Index end, const CoefficientsOf<Law, One>& shared, F f) const {
    if (list.once && !kind.arrays) {  // most often
      for (Index k = list.begin; k < end; ++k) f(list.single(k), shared);
      list.begin = end;
      return;
    }
    while (list.begin < end) {
      const auto group = list.next();
      f(group, view.template coefficients_at<One>(group.element));
    }
  }
  /// The element of a group after its spikes.
  template <class Group, class Round> SPARK_INLINE void step(const Group& group, const CoefficientsOf<Law, One>& c,
                                                             Aside& aside, const Round& round) const {
    auto s = view.template load<One>(group.element);  // a copy, which stays in registers
    aside.output = view.spike(c, s, group.element, group.x, group.count, round);
    aside.element = group.element;
    aside.state = s;
  }
  /// The element of a group that has taken the silent step.
  template <class Group, class Out>
  SPARK_INLINE void jump(const Group& group, const CoefficientsOf<Law, One>& c, const Out& out) const {
    auto s = view.template load<One>(group.element);
    Law::jump(c, s, One(ViewType::input_of(group.x, group.count)));
    if constexpr (has_again<Law>)
      for (std::int64_t k = 1; k < group.count; ++k) Law::again(c, s);
    view.store(group.element, s);
    out.put(0, group.element, value_of<Law>(c, s));
  }
  template <class Out> SPARK_INLINE void put(const Aside& aside, const Out& out) const {
    view.store(aside.element, aside.state);
    out.put(0, aside.element, One(aside.output));
  }

  /// Where many spiked: rows of numbers, a piece at a time.
  template <class List, class Out, class Round>
  void dense(const List& spikes, Index first, Index last, const Out& out, const Round& round) const {
    List list = spikes;
    constexpr Index piece = 512;
    T row[piece];
    for (; first < last; first += piece) {
      const Index end = std::min(first + piece, last);
      std::fill(row, row + (end - first), T(0));
      Aside several[has_again<Law> ? piece : 1];  // of which a row cannot tell
      int count = 0;
      while (list.begin < list.end && list.element(list.begin) < end) {
        const auto group = list.next();
        if (has_again<Law> && group.count > 1) {
          step(group, view.template coefficients_at<One>(group.element), several[count++], round);
        } else {
          row[group.element - first] = ViewType::input_of(group.x, group.count);
        }
      }
      view.walk(kind, first, end, OneStep(), Rows<T>{row, 0, first}, out, round);
      for (int k = 0; k < count; ++k) put(several[k], out);
    }
  }
};

}  // namespace detail
SPARK_NAMESPACE_END
