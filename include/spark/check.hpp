/// \file
/// The checks of every input, in one place. They run in every build type and before anything changes.
#pragma once

#include <spark/input.hpp>

namespace spark {

/// The shape of a new array of type `Plain`; one length may be that of a row.
template <class Plain>
Shape check_shape(const char* name, Shape shape) {
  if (Plain::RowsAtCompileTime == 1 && shape.cols == 1) std::swap(shape.rows, shape.cols);
  if (shape.rows < 0 || shape.cols < 0) refuse(name, ": shape must not be negative, got ", shape);
  const auto extent = [](int fixed, int most) -> std::string {
    if (fixed != Eigen::Dynamic) return std::to_string(fixed);
    return most == Eigen::Dynamic ? "n" : "(at most " + std::to_string(most) + ")";
  };
  if (!may_have<Plain>(shape)) {
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

  Index size() const { return shape.rows * shape.cols; }

  void same_shape(const char* what, Shape given, Shape expected) const {
    if (given != expected) refuse(name, ": ", what, " must have shape ", expected, ", got ", given);
  }

  /// Memory of the caller, for a state.
  template <class X>
  void memory(const X& x) const {
    same_shape("state", shape_of(x), shape);
    if (!without_gaps(x)) refuse(name, ": state must lie in memory one after the other");
  }

  /// The input of one step, or a mask.
  template <class X>
  void step(const Eigen::DenseBase<X>& x, const char* what = "x") const {
    same_shape(what, shape_of(x), shape);
  }
  void step(SpikeBits x, const char* what = "x") const { bits(what, x, size(), 1); }
  template <class I>
  void step(Spikes<I> spikes, const char* = "x") const {
    for (Index k = 0; k < spikes.count; ++k) {
      const auto i = static_cast<std::int64_t>(spikes.indices[k]);
      if (i < 0 || i >= size()) {
        refuse_range(name, ": a spike's index must be at least 0 and less than ", size(), ", got ", +spikes.indices[k]);
      }
    }
  }

  /// The input of one step of the elements [first, first + count).
  template <class X>
  void range(Index first, Index count, const X& x) const {
    if (first < 0 || count < 0 || count > size() - first) {
      refuse(name, ": the range of a step must lie inside the ", size(), " elements, got first ", first, ", count ",
             count);
    }
    vector(x, count);
  }

  /// The input of many steps; returns their number.
  template <class X>
  Index raster(const Eigen::DenseBase<X>& x) const {
    same_shape("raster", shape_of(x), Shape(size(), x.cols()));
    return x.cols();
  }
  Index raster(SpikeBits x) const {
    bits("raster", x, size(), x.steps);
    return x.steps;
  }
  template <class O, class I>
  Index raster(const SpikeEvents<O, I>& events) const {
    step(events.all());
    return events.steps;
  }

  /// The same, and where its output goes; returns the shape of that.
  template <class Raster, class Output>
  Shape record(const Raster& x, const Output& output) const {
    const Shape expected(size(), raster(x));
    same_shape("record", shape_of(output), expected);
    return expected;
  }

  /// Silent steps, of which anybody may ask for any number, unlike of steps that have to be done: they stop where a
  /// clock is still far from what 64 bits hold, and from what `load` refuses.
  void duration(std::int64_t steps, std::int64_t clock) const {
    if (steps < 0) refuse(name, ": the steps to advance must not be negative, got ", steps);
    constexpr std::int64_t latest = std::int64_t{1} << 61;
    if (steps > std::max<std::int64_t>(latest - clock, 0)) {
      refuse(name, ": the steps to advance must not lead beyond 2^61, got ", steps, " after ", clock);
    }
  }

 private:
  void bits(const char* what, SpikeBits x, Index count, Index steps) const {
    if (x.size != count || x.steps != steps) {
      refuse(name, ": ", what, " must hold bits of ", count, " elements and ", steps, " steps, got ", x.size, " and ",
             x.steps);
    }
  }
  template <class X>
  void vector(const Eigen::DenseBase<X>& x, Index count) const {
    if (x.size() != count || (x.rows() != 1 && x.cols() != 1)) {
      refuse(name, ": x must be a vector of ", count, " numbers, got shape ", shape_of(x));
    }
  }
  void vector(SpikeBits x, Index count) const { bits("x", x, count, 1); }
};

}  // namespace spark
