/// \file
/// What a tracer is constructed from: its shape, its parameters, its options.
#pragma once

#include <spark/error.hpp>
#include <spark/law/law.hpp>
#include <spark/simd/rounding.hpp>

#include <optional>

namespace spark {

using Index = Eigen::Index;  ///< of elements, steps, rows and columns

/// Rows and columns of a tracer. One length makes a column, or a row where the array type is one.
struct Shape {
  Index rows = 0;
  Index cols = 1;

  template <class N, std::enable_if_t<std::is_integral<N>::value, int> = 0>
  Shape(N length) : rows(static_cast<Index>(length)) {}
  template <class R, class C, std::enable_if_t<std::is_integral<R>::value && std::is_integral<C>::value, int> = 0>
  Shape(R row_count, C column_count) : rows(static_cast<Index>(row_count)), cols(static_cast<Index>(column_count)) {}

  friend bool operator==(Shape a, Shape b) { return a.rows == b.rows && a.cols == b.cols; }
  friend bool operator!=(Shape a, Shape b) { return !(a == b); }
  friend std::ostream& operator<<(std::ostream& out, Shape s) { return out << s.rows << 'x' << s.cols; }
};

/// The shape of any dense Eigen expression.
template <class X>
Shape shape_of(const Eigen::EigenBase<X>& x) {
  return {x.rows(), x.cols()};
}

/// Whether arrays of type `Plain` may have this shape.
template <class Plain>
bool may_have(Shape shape) {
  const auto may = [](Index n, int fixed, int most) {
    return n >= 0 && (fixed == Eigen::Dynamic || n == fixed) && (most == Eigen::Dynamic || n <= most);
  };
  return may(shape.rows, Plain::RowsAtCompileTime, Plain::MaxRowsAtCompileTime) &&
         may(shape.cols, Plain::ColsAtCompileTime, Plain::MaxColsAtCompileTime);
}

/// What tracers of every class may be told besides their parameters.
struct Options {
  double dt = 1;                           ///< length of a step, in the unit of the time constants
  std::optional<std::uint64_t> seed = {};  ///< absent: drawn from the system
  Rounding rounding = Rounding::Nearest;   ///< of 16-bit storage
};

/// The type in which coefficients are prepared: double, or wider where the traces are.
template <class T>
using Wide = std::conditional_t<std::is_same<T, float>::value, double, T>;

/// A number, or an array of the tracer's shape, or a column or row that broadcasts to it.
template <class W>
class Parameter {
 public:
  template <class N, std::enable_if_t<std::is_convertible<N, W>::value || is_16_bit<N>, int> = 0>
  Parameter(const N& number) : values_(Values::Constant(1, 1, static_cast<W>(widen(number)))), is_number_(true) {}
  template <class X>
  Parameter(const Eigen::DenseBase<X>& values)
      : values_(values.derived().array().template cast<W>()), is_number_(false) {}

  bool is_number() const { return is_number_; }
  Shape shape() const { return shape_of(values_); }
  bool fits(Shape whole) const {
    return is_number_ || ((values_.rows() == whole.rows || values_.rows() == 1) &&
                          (values_.cols() == whole.cols || values_.cols() == 1));
  }
  const W& operator()(Index row, Index col) const {
    return values_(values_.rows() == 1 ? 0 : row, values_.cols() == 1 ? 0 : col);
  }

 private:
  using Values = Eigen::Array<W, Eigen::Dynamic, Eigen::Dynamic>;
  Values values_;
  bool is_number_;
};

/// One number for all elements, or one for each. `exact` keeps the number in the type in which the user gave it.
template <class Values, class Exact = typename Values::Scalar>
struct Field {
  using Scalar = typename Values::Scalar;
  using Strides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
  using Expression = Eigen::Map<const Values, Eigen::Unaligned, Strides>;

  Scalar number = Scalar(0);
  Exact exact = Exact(0);
  Values values = Values::Constant(fixed(Values::RowsAtCompileTime), fixed(Values::ColsAtCompileTime), Scalar(0));
  bool uniform = true;

  /// From a function of row and column, or of nothing that matters if it is a number.
  template <class F>
  static Field make(bool is_number, Shape shape, F at) {
    Field field;
    if (is_number) {
      field.exact = at(0, 0);
      field.number = static_cast<Scalar>(field.exact);
    } else {
      field.spread(shape);
      for (Index col = 0; col < shape.cols && shape.rows > 0; ++col) {
        for (Index row = 0; row < shape.rows; ++row) field.values(row, col) = static_cast<Scalar>(at(row, col));
      }
    }
    return field;
  }

  /// Makes room for one number for each element.
  void spread(Shape shape) {
    uniform = false;
    values.resize(shape.rows, shape.cols);
  }
  /// Becomes a number again where all values are the same. (Autodiff scalars that compare equal may still differ.)
  void shrink() {
    if (!std::is_arithmetic<Scalar>::value || values.size() == 0 || !(values == values.data()[0]).all()) return;
    *this = Field{values.data()[0], Exact(values.data()[0]), Field{}.values, true};
  }

  const Scalar& operator[](Index i) const { return uniform ? number : values.data()[i]; }
  Exact exactly(Index i) const { return uniform ? exact : static_cast<Exact>(values.data()[i]); }

  /// As an Eigen expression of the tracer's shape; a number is read with stride 0.
  Expression expression(Shape shape) const {
    return uniform ? Expression(&number, shape.rows, shape.cols, Strides(0, 0))
                   : Expression(values.data(), shape.rows, shape.cols, Strides(values.outerStride(), 1));
  }

 private:
  static constexpr Index fixed(int extent) { return extent == Eigen::Dynamic ? 0 : extent; }
};

}  // namespace spark
