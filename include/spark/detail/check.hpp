/// \file
/// The checks of what goes into steps, runs and resets; those of parameters are in coefficients.hpp. Those of values
/// run in every build type and before anything changes.
#pragma once

#include <spark/input.hpp>

SPARK_NAMESPACE_BEGIN
namespace detail {

/// Says what a tracer takes, in the first line of the compiler's complaint.
template <class X> constexpr bool require_input() {
  static_assert(is_dense<X> || is_spike_list<X> || std::is_same<X, SpikeBits>::value,
                "spark: a tracer takes a dense Eigen expression of its shape, spark::spikes(indices) or "
                "spark::spike_bits(words, size); for numbers in a std::vector v write "
                "Eigen::Map<const Eigen::ArrayXf>(v.data(), v.size()), for indices spark::spikes(v)");
  return true;
}
template <class X> constexpr bool require_raster() {
  static_assert(is_dense<X> || is_spike_events<X> || std::is_same<X, SpikeBits>::value,
                "spark: run takes a dense Eigen array with a row for each element and a column for each step, "
                "spark::spike_events(offsets, indices) or spark::spike_bits(words, size, steps)");
  return true;
}
template <class Out> constexpr bool require_output() {
  static_assert(is_dense<Out>,
                "spark: outputs go into a dense Eigen array; for the numbers of a std::vector v write "
                "Eigen::Map<Eigen::ArrayXf>(v.data(), v.size())");
  return true;
}
/// Of a duration where a number of steps is asked for, which would be cut off in silence.
template <class N> constexpr void refuse_fraction() {
  static_assert(never<N>,
                "spark: advance takes a whole number of steps; for a duration write std::llround(duration / dt)");
}
template <class N> using IfFraction = std::enable_if_t<std::is_floating_point<N>::value, int>;

/// The shape of a new array of type `Plain`; one length may be that of a row.
template <class Plain> Shape check_shape(const char* name, Shape shape) {
  if (Plain::RowsAtCompileTime == 1 && shape.cols == 1) std::swap(shape.rows, shape.cols);
  if (shape.rows < 0 || shape.cols < 0) refuse(name, ": shape must not be negative, got ", shape);
  if (!may_have<Plain>(shape)) {
    const auto extent = [](int fixed, int most) -> std::string {
      if (fixed != Eigen::Dynamic) return std::to_string(fixed);
      return most == Eigen::Dynamic ? "n" : "(at most " + std::to_string(most) + ")";
    };
    refuse(name, ": shape must be that of the array type, ",
           extent(Plain::RowsAtCompileTime, Plain::MaxRowsAtCompileTime), "x",
           extent(Plain::ColsAtCompileTime, Plain::MaxColsAtCompileTime), ", got ", shape);
  }
  return shape;
}

/// Checks what a tracer of this name and shape is given; `what` is the argument's name.
struct Check {
  const char* name;
  Shape shape;

  void same_shape(const char* what, Shape given, Shape expected) const {
    if (given != expected) refuse(name, ": ", what, " must have shape ", expected, ", got ", given);
  }

  /// The input of one step, or a mask in the form of one. Returns the order of its elements.
  template <class X, std::enable_if_t<is_dense<X>, int> = 0> Order input(const X& x) const {
    same_shape("x", shape_of(x), shape);
    return Order::strict;
  }
  Order input(SpikeBits x, const char* what = "x") const {
    bits(what, x, shape.size(), 1);
    return Order::strict;
  }
  template <class I, class A> Order input(const Spikes<I, A>& spikes, const char* = "x") const {
    const auto size = static_cast<std::uint64_t>(shape.size());
    const Order order = order_of(spikes);
    if (order != Order::none) {  // the ends tell of all
      if (spikes.count > 0 && !(inside(spikes.indices[0], size) && inside(spikes.indices[spikes.count - 1], size)))
        refuse_index(name, shape.size(), spikes);
      return order;
    }
    const auto last = static_cast<I>(std::min<std::uint64_t>(size - (size > 0), std::numeric_limits<I>::max()));
    I outside = size == 0;  // as wide as an index, so that compilers vectorise the loop
    for (Index k = 0; k < spikes.count; ++k)
      outside = static_cast<I>(outside | static_cast<I>((spikes.indices[k] < I(0)) | (spikes.indices[k] > last)));
    if (outside != 0) refuse_index(name, shape.size(), spikes);
    return order;
  }
  /// A mask, which may also be a row or column that broadcasts.
  template <class X> void mask(const X& x) const {
    if constexpr (is_dense<X>) {
      const Shape given = shape_of(x);
      const bool rows = given.rows == shape.rows && given.cols == 1, cols = given.rows == 1 && given.cols == shape.cols;
      if (given != shape && !rows && !cols)
        refuse(name, ": mask must have shape ", shape, ", or be a row or column that broadcasts to it, got ", given);
    } else {
      input(x, "mask");
    }
  }

  /// The elements [first, first + count) and their input.
  template <class X> Order range(Index first, Index count, const X& x) const {
    if (first < 0 || count < 0 || count > shape.size() - first) {
      refuse(name, ": the range of a step must lie inside the ", shape.size(), " elements, got first ", first,
             ", count ", count);
    }
    if constexpr (is_dense<X>) {
      vector("x", x, count);
    } else if constexpr (is_spike_list<X>) {
      return input(x);
    } else {
      bits("x", x, count, 1);
    }
    return Order::strict;
  }
  template <class X> void vector(const char* what, const X& x, Index count) const {
    if (x.size() != count || (x.rows() != 1 && x.cols() != 1))
      refuse(name, ": ", what, " must be a vector of ", count, " numbers, got shape ", shape_of(x));
  }

  /// The input of many steps; returns their number.
  template <class X, std::enable_if_t<is_dense<X>, int> = 0> Index raster(const X& x) const {
    if (x.rows() != shape.size()) {
      refuse(name, ": raster must have ", shape.size(), " rows, one for each element, and a column for each step, got ",
             shape_of(x));
    }
    return x.cols();
  }
  Index raster(SpikeBits x) const {
    bits("raster", x, shape.size(), x.steps);
    return x.steps;
  }
  template <class O, class I> Index raster(const SpikeEvents<O, I>& events) const {
    input(events.all());
    return events.steps;
  }

  /// Silent steps cost nothing, so any number may be asked for. Beyond 2^61 they are refused, far below where the clock
  /// overflows or `load` refuses it.
  void duration(std::int64_t steps, std::int64_t clock) const {
    if (steps < 0) refuse(name, ": the steps to advance must not be negative, got ", steps);
    constexpr std::int64_t latest = std::int64_t{1} << 61;
    if (steps > std::max<std::int64_t>(latest - clock, 0))
      refuse(name, ": the steps to advance must not lead beyond 2^61, got ", steps, " after ", clock);
  }

 private:
  template <class I> static bool inside(I index, std::uint64_t size) {
    using U = std::make_unsigned_t<std::conditional_t<(sizeof(I) < sizeof(int)), int, I>>;
    return (!std::is_signed<I>::value || index >= 0) && static_cast<U>(index) < size;
  }
  void bits(const char* what, SpikeBits x, Index count, Index steps) const {
    if (x.size == count && x.steps == steps) return;
    refuse(name, ": ", what, " must hold bits of ", count, " elements and ", steps, " steps, got ", x.size, " and ",
           x.steps);
  }
  /// By value, so that whoever checks may keep the list in registers.
  template <class I, class A>
  [[noreturn]] static EIGEN_DONT_INLINE void refuse_index(const char* name, Index size, Spikes<I, A> spikes) {
    Index k = 0;
    while (inside(spikes.indices[k], static_cast<std::uint64_t>(size))) ++k;
    refuse_range(name, ": an index must be at least 0 and less than ", size, ", got ", +spikes.indices[k]);
  }
};

}  // namespace detail
SPARK_NAMESPACE_END
