/// \file
/// What a tracer is constructed from: its shape, its parameters, its options.
#pragma once

#include <spark/detail/error.hpp>
#include <spark/view.hpp>

#include <optional>
#include <vector>

SPARK_NAMESPACE_BEGIN

/// Rows and columns of a tracer. One length makes a column, or a row where the array type is one.
struct Shape {
  Index rows = 0;
  Index cols = 1;

  template <class N, std::enable_if_t<std::is_integral<N>::value, int> = 0> Shape(N length)
      : rows(static_cast<Index>(length)) {}
  template <class R, class C, std::enable_if_t<std::is_integral<R>::value && std::is_integral<C>::value, int> = 0>
  Shape(R row_count, C column_count) : rows(static_cast<Index>(row_count)), cols(static_cast<Index>(column_count)) {}

  Index size() const { return rows * cols; }

  friend bool operator==(Shape a, Shape b) { return a.rows == b.rows && a.cols == b.cols; }
  friend bool operator!=(Shape a, Shape b) { return !(a == b); }
  friend std::ostream& operator<<(std::ostream& out, Shape s) { return out << s.rows << 'x' << s.cols; }
};

/// What a tracer over memory of the caller does with what lies there.
enum class Start {
  at_base,  ///< overwrites it by base
  as_is     ///< takes it as its state
};

/// What tracers of every class may be told besides their parameters.
struct Options {
  double dt = 1;                           ///< length of a step, in the unit of the time constants
  std::optional<std::uint64_t> seed = {};  ///< absent: drawn from the system, another in each run of a program
  Rounding rounding = Rounding::Nearest;   ///< of 16-bit storage
  Start start = Start::at_base;            ///< of a tracer over Eigen::Map
};

/// A number, or an array of the tracer's shape, or a column or row that broadcasts to it. W: the type that prepares.
template <class W> class Parameter {
 public:
  template <class N, std::enable_if_t<std::is_convertible<N, W>::value || detail::is_16_bit<N>, int> = 0>
  Parameter(const N& number) : number_(static_cast<W>(detail::widen(number))), is_number_(true) {}
  template <class X> Parameter(const Eigen::DenseBase<X>& values)
      : number_(0), values_(values.derived().array().template cast<W>()), is_number_(false) {}
  /// Refused: says how numbers in a vector are given.
  template <class N, class Allocator> Parameter(const std::vector<N, Allocator>&) {
    static_assert(detail::never<N>,
                  "spark: a parameter is a number or a dense Eigen expression; for the numbers in a "
                  "std::vector v write Eigen::Map<const Eigen::ArrayXd>(v.data(), v.size())");
  }

  bool is_number() const { return is_number_; }
  Shape shape() const { return {values_.rows(), values_.cols()}; }
  bool fits(Shape whole) const {
    return is_number_ || ((values_.rows() == whole.rows || values_.rows() == 1) &&
                          (values_.cols() == whole.cols || values_.cols() == 1));
  }
  const W& operator()(Index row, Index col) const {
    return is_number_ ? number_ : values_(values_.rows() == 1 ? 0 : row, values_.cols() == 1 ? 0 : col);
  }

 private:
  W number_;
  Eigen::Array<W, Eigen::Dynamic, Eigen::Dynamic> values_;
  bool is_number_;
};

namespace detail {

/// The shape of any dense Eigen expression.
template <class X> Shape shape_of(const Eigen::EigenBase<X>& x) { return {x.rows(), x.cols()}; }

/// Whether the numbers of a dense expression lie one after the other; it may have data() and yet be a row of a
/// column-major array.
template <class X> bool without_gaps(const X& x) {
  return x.size() <= 1 || (x.innerStride() == 1 && (x.outerSize() <= 1 || x.outerStride() == x.innerSize()));
}

/// Whether arrays of type `Plain` may have this shape.
template <class Plain> bool may_have(Shape shape) {
  const auto may = [](Index n, int fixed, int most) {
    return n >= 0 && (fixed == Eigen::Dynamic || n == fixed) && (most == Eigen::Dynamic || n <= most);
  };
  return may(shape.rows, Plain::RowsAtCompileTime, Plain::MaxRowsAtCompileTime) &&
         may(shape.cols, Plain::ColsAtCompileTime, Plain::MaxColsAtCompileTime);
}

/// One number for all elements, or one for each in storage order. `exact` keeps a number in the type that prepares.
template <class T, class W = T, class Allocator = std::allocator<T>> struct Field {
  T number = T(0);
  W exact = W(0);
  std::vector<T, Allocator> values;
  bool is_array = false;

  /// Makes room for one value for each element; as a new vector, since to resize one is more code to compile.
  void spread(Index size) {
    values = decltype(values)(static_cast<std::size_t>(size));
    is_array = true;
  }
  /// Sets the value of element i, or the one number.
  void set(Index i, const W& value) {
    (is_array ? values[static_cast<std::size_t>(i)] : number) = static_cast<T>(value);
    if (!is_array) exact = value;
  }
  /// Becomes a number again where all values are the same. (Autodiff scalars that compare equal may still differ.)
  void shrink() {
    if (!std::is_arithmetic<T>::value || !is_array || values.empty()) return;
    const auto differs = [this](const T& v) { return !(v == values[0]); };
    if (std::none_of(values.begin(), values.end(), differs)) *this = Field{values[0], W(values[0]), {}, false};
  }

  const T& operator[](Index i) const { return is_array ? values[static_cast<std::size_t>(i)] : number; }
  /// What coefficients are prepared from; 0 where there is no element.
  W exactly(Index i) const { return values.empty() ? exact : static_cast<W>(values[static_cast<std::size_t>(i)]); }
  const T* data() const { return is_array ? values.data() : nullptr; }

  /// As an Eigen expression of the tracer's shape; a number is read with stride 0.
  template <class Values> auto expression(Shape shape) const {
    using Strides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
    const Index outer = Values::IsRowMajor ? shape.cols : shape.rows;
    return Eigen::Map<const Values, Eigen::Unaligned, Strides>(
        is_array ? values.data() : &number, shape.rows, shape.cols, is_array ? Strides(outer, 1) : Strides(0, 0));
  }
};

/// Whether a constructor may be given this many parameters, the others having standard values.
template <class Law> constexpr bool may_give(int count) {
  for (int j = count; j < parameters_of<Law>; ++j)
    if (Law::parameters[j].standard == ParameterInfo::required) return false;
  return count <= parameters_of<Law>;
}

/// The type of an argument of a constructor that is not there: nothing converts to it.
template <int> class Never {
  struct Key;

 public:
  explicit Never(const Key&);
};
/// A shape, and nothing that converts to one: with arrays of fixed size a number in first place is tau.
struct ExplicitShape : Shape {
  template <class S, std::enable_if_t<std::is_same<S, Shape>::value, int> = 0> ExplicitShape(S shape) : Shape(shape) {}
  template <class R, class C, std::enable_if_t<std::is_integral<R>::value && std::is_integral<C>::value, int> = 0>
  ExplicitShape(R row_count, C column_count) : Shape(row_count, column_count) {}
};

/// The parameters of a law from those that were given first; the others have their standard values, time constants
/// without one being infinite.
template <class Law, class W, std::size_t... j>
std::array<Parameter<W>, sizeof...(j)> with_standards(std::initializer_list<Parameter<W>> first,
                                                      std::index_sequence<j...>) {
  const auto standard = [](const ParameterInfo& info) -> Parameter<W> {
    if (info.standard != ParameterInfo::required) return info.standard;
    const bool is_tau = info.domain == Domain::time_constant || info.domain == Domain::time_constant_or_zero;
    return is_tau ? std::numeric_limits<double>::infinity() : 0.0;
  };
  return {(j < first.size() ? first.begin()[j] : standard(Law::parameters[j]))...};
}
template <class Law, class W>
std::array<Parameter<W>, parameters_of<Law>> with_standards(std::initializer_list<Parameter<W>> first) {
  return with_standards<Law, W>(first, std::make_index_sequence<parameters_of<Law>>());
}

}  // namespace detail
SPARK_NAMESPACE_END
