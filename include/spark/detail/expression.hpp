/// \file
/// How a dense Eigen expression becomes rows of numbers.
///
/// An array in memory is read where it lies. An expression whose element i depends on elements i alone is evaluated
/// piece by piece, while the state changes behind it, even if it reads that state. Any other is evaluated as a whole
/// first: one that moves elements about (a product, a transposition), holds a function of the user's that may read
/// anything, or reads the state at another offset.
#pragma once

#include <spark/parameter.hpp>

SPARK_NAMESPACE_BEGIN
namespace detail {

/// The memory of a state, of which element `first` is input i = 0.
struct StateMemory {
  const char *begin, *end, *first;
  std::size_t scalar;
};
template <class S> StateMemory memory_of(const S* data, Index size, Index first) {
  const auto at = [&](Index i) { return reinterpret_cast<const char*>(data + i); };
  return {at(0), at(size), at(first), sizeof(S)};
}

/// Whether an expression lies in memory without gaps along its inner dimension, as far as its type tells.
template <class X> constexpr bool has_data = (int(Eigen::internal::traits<X>::Flags) & int(Eigen::DirectAccessBit)) !=
                                             0;
template <class X>
constexpr bool in_memory = has_data<X>&& int(Eigen::internal::inner_stride_at_compile_time<X>::ret) == 1;

/// Whether a function of coefficients may read anything: it has a memory of its own, or is the user's, who may reach
/// the state by a global. Eigen's own specialise functor_traits.
template <class Op, class = void> constexpr bool is_of_user = false;
template <class Op>
constexpr bool is_of_user<Op, std::void_t<decltype(Eigen::internal::functor_traits<Op>::IsRepeatable)>> =
    !Eigen::internal::functor_traits<Op>::IsRepeatable;
template <class Op> constexpr bool may_read_state = !std::is_empty<Op>::value || is_of_user<Op>;

/// Whether an expression must be evaluated as a whole before the state changes. False where element i is known to
/// depend on elements i alone: that is for arrays in memory, and for the coefficient-wise expressions of them whose
/// functions are Eigen's.
inline bool moves(const void*, const StateMemory&) { return true; }

template <class X> bool reads_elsewhere(const X& x, const StateMemory& state) {
  if (x.size() == 0) return false;
  const auto* const data = reinterpret_cast<const char*>(x.data());
  const Index reach = (x.outerSize() - 1) * x.outerStride() + (x.innerSize() - 1) * x.innerStride() + 1;
  const char* const end = data + static_cast<std::size_t>(reach) * sizeof(typename X::Scalar);
  const bool apart = end <= state.begin || data >= state.end;
  const bool same = data == state.first && sizeof(typename X::Scalar) == state.scalar && without_gaps(x);
  return !apart && !same;
}
template <class X> bool moves(const Eigen::PlainObjectBase<X>* x, const StateMemory& state) {
  return reads_elsewhere(x->derived(), state);
}
template <class X> bool moves(const Eigen::MapBase<X, Eigen::ReadOnlyAccessors>* x, const StateMemory& state) {
  return reads_elsewhere(x->derived(), state);
}
/// A number for all elements. Any other function of an index may read anything.
template <class S, class X>
bool moves(const Eigen::CwiseNullaryOp<Eigen::internal::scalar_constant_op<S>, X>*, const StateMemory&) {
  return false;
}
template <class X> bool moves(const Eigen::ArrayWrapper<X>* x, const StateMemory& state) {
  return moves(&x->nestedExpression(), state);
}
template <class X> bool moves(const Eigen::MatrixWrapper<X>* x, const StateMemory& state) {
  return moves(&x->nestedExpression(), state);
}
template <class Op, class X> bool moves(const Eigen::CwiseUnaryOp<Op, X>* x, const StateMemory& state) {
  return may_read_state<Op> || moves(&x->nestedExpression(), state);
}
template <class Op, class A, class B> bool moves(const Eigen::CwiseBinaryOp<Op, A, B>* x, const StateMemory& state) {
  return may_read_state<Op> || moves(&x->lhs(), state) || moves(&x->rhs(), state);
}
template <class Op, class A, class B, class C>
bool moves(const Eigen::CwiseTernaryOp<Op, A, B, C>* x, const StateMemory& state) {
  return may_read_state<Op> || moves(&x->arg1(), state) || moves(&x->arg2(), state) || moves(&x->arg3(), state);
}
template <class C, class A, class B> bool moves(const Eigen::Select<C, A, B>* x, const StateMemory& state) {
  return moves(&x->conditionMatrix(), state) || moves(&x->thenMatrix(), state) || moves(&x->elseMatrix(), state);
}

/// The same for the states of `memories`, of a tracer in this order of storage.
template <bool row_major, class X, std::size_t count>
SPARK_INLINE bool must_evaluate(const X& x, const std::array<StateMemory, count>& memories) {
  constexpr bool turned = !X::IsVectorAtCompileTime && bool(X::IsRowMajor) != row_major;
  bool must = false;
  for_each_index<static_cast<int>(count)>([&](auto j) SPARK_INLINE_LAMBDA {
    const StateMemory& state = memories[j];
    must = must || moves(&x, turned ? StateMemory{state.begin, state.end, nullptr, 0} : state);
  });
  return must;
}

/// Calls use with x, or with a copy of it where it must be evaluated first.
template <class X, class Use> SPARK_INLINE void with_evaluated(const X& x, bool must, Use use) {
  if (must) {
    const typename X::PlainObject whole = x;  // NOLINT(performance-unnecessary-copy-initialization): x may change
    return use(whole);
  }
  use(x);
}

/// What a piece of an expression is evaluated in: the type that computes, so that a number is 0 or not whatever form
/// it comes in; truth values stay.
template <class T, class X> using PieceScalar =
    std::conditional_t<std::is_same<typename X::Scalar, bool>::value, bool, T>;
template <class R> constexpr Index piece_size = std::max<Index>(2048 / static_cast<Index>(sizeof(R)), 1);

/// The elements of an expression by their number in a tracer's storage, counted from `first`; a row or column
/// broadcasts to `shape`.
template <bool row_major, class X> class Elements {
 public:
  Elements(const X& x, Shape shape)
      : values_(x),
        inner_(std::max<Index>(row_major ? shape.cols : shape.rows, 1)),
        rows_(x.rows() > 1),
        cols_(x.cols() > 1) {}

  /// Calls f(k, x) for the elements first + k, k < n.
  template <class F> void operator()(Index first, Index n, F f) const {
    Index i = first % inner_, o = first / inner_;
    for (Index k = 0; k < n; ++k) {
      const Index row = row_major ? o : i, col = row_major ? i : o;
      f(k, values_.coeff(rows_ ? row : 0, cols_ ? col : 0));
      if (++i == inner_) i = 0, ++o;
    }
  }

 private:
  Eigen::internal::evaluator<X> values_;
  Index inner_;
  bool rows_, cols_;
};

/// Calls use(first, last, rows) for pieces of the elements [first, first + count), whose input is x.
template <class T, bool row_major, class X, class Use>
SPARK_INLINE void rows_of(const X& x, Index first, Index count, Use use) {
  constexpr bool ordered = in_memory<X> && (X::IsVectorAtCompileTime || bool(X::IsRowMajor) == row_major);
  constexpr bool whole = X::IsVectorAtCompileTime || std::is_base_of<Eigen::PlainObjectBase<X>, X>::value;
  if constexpr (ordered)
    if (whole || without_gaps(x))
      return use(first, first + count, Rows<typename X::Scalar>{x.derived().data(), 0, first});
  if constexpr (!ordered || !whole) {
    using R = PieceScalar<T, X>;
    constexpr Index piece = piece_size<R>;
    R row[piece];
    const Elements<row_major, X> elements(x, shape_of(x));
    for (Index at = first; at < first + count; at += piece) {
      const Index n = std::min(piece, first + count - at);
      elements(at - first, n, [&](Index k, const auto& v) { row[k] = static_cast<R>(widen(v)); });
      use(at, at + n, Rows<R>{row, 0, at});
    }
  }
}

constexpr int steps_per_pass = 8;

/// The same for the steps of a raster, coefficient (i, k) the input of element i at step k: calls
/// use(step, steps, first, last, rows) for passes of up to `steps_per_pass` steps.
template <class T, class X, class Use> void raster_rows_of(const X& x, Use use) {
  for (Index k = 0; k < x.cols(); k += steps_per_pass) {
    const int steps = static_cast<int>(std::min<Index>(steps_per_pass, x.cols() - k));
    if constexpr (in_memory<X> && !X::IsRowMajor) {
      use(k, steps, 0, x.rows(),
          Rows<typename X::Scalar>{x.derived().data() + k * x.outerStride(), x.outerStride(), 0});
    } else {
      using R = PieceScalar<T, X>;
      constexpr Index piece = piece_size<R>;
      R rows[steps_per_pass][piece];
      const Eigen::internal::evaluator<X> values(x);
      for (Index at = 0; at < x.rows(); at += piece) {
        const Index n = std::min(piece, x.rows() - at);
        for (int step = 0; step < steps; ++step)
          for (Index i = 0; i < n; ++i) rows[step][i] = static_cast<R>(widen(values.coeff(at + i, k + step)));
        use(k, steps, at, at + n, Rows<R>{rows[0], piece, at});
      }
    }
  }
}

}  // namespace detail
SPARK_NAMESPACE_END
