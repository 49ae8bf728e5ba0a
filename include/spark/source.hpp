/// \file
/// How each form of input becomes rows of numbers.
///
/// A source presents the input of a range of elements span by span, for the steps of one pass:
/// `visit(first, count, pass, f)` calls `f(at, n, input)` for disjoint spans [at, at + n) that cover the range, where
/// `input` is `Rows` of numbers, or `Silence`. Sources allocate nothing.
#pragma once

#include <spark/input.hpp>
#include <spark/simd/sweep.hpp>

#include <cstdlib>
#include <cstring>
#include <new>

namespace spark {

/// True for an expression whose element i depends on elements i alone, so that it can be evaluated piece by piece
/// while the state changes behind it, even if it reads that state. Whatever moves elements about (a product, a
/// transposition, a reversal) is evaluated as a whole first.
template <class X>
struct is_elementwise : std::false_type {};
template <class X>
struct is_elementwise<const X> : is_elementwise<X> {};
template <class S, int R, int C, int O, int MR, int MC>
struct is_elementwise<Eigen::Array<S, R, C, O, MR, MC>> : std::true_type {};
template <class S, int R, int C, int O, int MR, int MC>
struct is_elementwise<Eigen::Matrix<S, R, C, O, MR, MC>> : std::true_type {};
template <class X, int O, class Stride>
struct is_elementwise<Eigen::Map<X, O, Stride>> : std::true_type {};
template <class X, int O, class Stride>
struct is_elementwise<Eigen::Ref<X, O, Stride>> : std::true_type {};
template <class X, int R, int C, bool panel>
struct is_elementwise<Eigen::Block<X, R, C, panel>> : is_elementwise<X> {};
template <class X, int R>
struct is_elementwise<Eigen::VectorBlock<X, R>> : is_elementwise<X> {};
template <class X>
struct is_elementwise<Eigen::ArrayWrapper<X>> : is_elementwise<X> {};
template <class X>
struct is_elementwise<Eigen::MatrixWrapper<X>> : is_elementwise<X> {};
template <class Op, class X>
struct is_elementwise<Eigen::CwiseNullaryOp<Op, X>> : std::true_type {};
template <class Op, class X>
struct is_elementwise<Eigen::CwiseUnaryOp<Op, X>> : is_elementwise<X> {};
template <class Op, class A, class B>
struct is_elementwise<Eigen::CwiseBinaryOp<Op, A, B>>
    : std::integral_constant<bool, is_elementwise<A>::value && is_elementwise<B>::value> {};
template <class Op, class A, class B, class C>
struct is_elementwise<Eigen::CwiseTernaryOp<Op, A, B, C>>
    : std::integral_constant<bool, is_elementwise<A>::value && is_elementwise<B>::value && is_elementwise<C>::value> {};
template <class A, class B, class C>
struct is_elementwise<Eigen::Select<A, B, C>>
    : std::integral_constant<bool, is_elementwise<A>::value && is_elementwise<B>::value && is_elementwise<C>::value> {};

/// No input.
struct SilentSource {
  template <class F>
  void visit(Index first, Index count, Pass, F f) const {
    f(first, count, Silence{});
  }
};

/// Numbers that lie in memory one after the other, a row for each step.
template <class X>
struct RowSource {
  const X* data;  // of element 0 of step 0
  Index stride;

  template <class F>
  void visit(Index first, Index count, Pass pass, F f) const {
    Rows<X> rows;
    for (int k = 0; k < pass.count; ++k) rows.step[k] = data + (pass.first + k) * stride + first;
    f(first, count, rows);
  }
};

/// Bits in rows of `stride` words, a row for each step; bit 0 of a row is that of element `origin`.
struct BitSource {
  const std::uint64_t* words;
  Index stride, origin;

  template <class F>
  void visit(Index first, Index count, Pass pass, F f) const {
    BitRows rows{{}, first - origin};
    for (int k = 0; k < pass.count; ++k) rows.step[k] = words + (pass.first + k) * stride;
    f(first, count, rows);
  }
};

/// Any other source: `fill(k, at, n, row)` writes n numbers of step k, a piece at a time.
template <class X, class Fill>
struct PieceSource {
  static constexpr Index piece = std::max<Index>(2048 / sizeof(X), 1);
  Fill fill;

  template <class F>
  void visit(Index first, Index count, Pass pass, F f) const {
    X row[steps_per_pass][piece];
    Rows<X> rows;
    for (int k = 0; k < pass.count; ++k) rows.step[k] = row[k];
    for (const Index end = first + count; first < end; first += piece) {
      const Index n = std::min(piece, end - first);
      for (int k = 0; k < pass.count; ++k) fill(pass.first + k, first, n, row[k]);
      f(first, n, rows);
    }
  }
};
template <class X, class Fill>
PieceSource<X, Fill> piece_source(Fill fill) {
  return {fill};
}

/// Whether an expression lies in memory without gaps along its inner dimension, as far as its type tells.
template <class X>
constexpr bool in_memory = (int(Eigen::internal::traits<X>::Flags) & int(Eigen::DirectAccessBit)) != 0 &&
                           int(X::InnerStrideAtCompileTime) == 1;

/// Calls `use` with a source for the dense expression x, whose coefficient (row, col) is the input of element
/// row + col * rows (`row_major`: row * cols + col), counted from `first`. T is the type that computes.
template <class T, bool row_major, class X, class Use>
void with_dense_source(const X& x, Index first, Use use) {
  if constexpr (!is_elementwise<X>::value) {
    const typename X::PlainObject whole = x;
    with_dense_source<T, row_major>(whole, first, use);
  } else {
    if constexpr (in_memory<X> && (X::IsVectorAtCompileTime || bool(X::IsRowMajor) == row_major)) {
      if (x.outerSize() == 1 || x.outerStride() == x.innerSize()) {
        return use(RowSource<typename X::Scalar>{x.derived().data() - first, 0});
      }
    }
    const Eigen::internal::evaluator<X> values(x);
    const Index inner = row_major ? x.cols() : x.rows();
    use(piece_source<T>([&](Index, Index at, Index n, T* row) {
      Index i = (at - first) % inner, o = (at - first) / inner;
      for (Index k = 0; k < n; ++k) {
        row[k] = static_cast<T>(widen(row_major ? values.coeff(o, i) : values.coeff(i, o)));
        if (++i == inner) i = 0, ++o;
      }
    }));
  }
}

/// The same for a raster: coefficient (i, k) is the input of element i at step k.
template <class T, class X, class Use>
void with_raster_source(const X& x, Use use) {
  if constexpr (!is_elementwise<X>::value) {
    const typename X::PlainObject whole = x;
    with_raster_source<T>(whole, use);
  } else if constexpr (in_memory<X> && !X::IsRowMajor) {
    use(RowSource<typename X::Scalar>{x.derived().data(), x.outerStride()});
  } else {
    const Eigen::internal::evaluator<X> values(x);
    use(piece_source<T>([&](Index k, Index at, Index n, T* row) {
      for (Index i = 0; i < n; ++i) row[i] = static_cast<T>(widen(values.coeff(at + i, k)));
    }));
  }
}

/// Turns lists of indices, in any order, into rows. Its memory, a byte for each element and all 0 between steps, holds
/// a bit for each element and step or, where an index occurs twice in one, a count for each element.
class Mailbox {
 public:
  explicit Mailbox(Index size) : stride_((size + 63) / 64), memory_(stride_ * steps_per_pass) {}

  /// For `steps` steps, in whose step k `list(k)` spiked: calls `use(source, pass)` for all of them together or, where
  /// an index occurs twice in one, for one after the other.
  template <class T, class List, class Use>
  void with_source(int steps, List list, Use use) {
    bool twice = false;
    const auto for_each_word = [&](auto f) {
      for (int k = 0; k < steps; ++k) {
        std::uint64_t* const row = memory_.words() + k * stride_;
        for_each(list(k), [&](Index i) { f(row[i / 64], std::uint64_t{1} << (i % 64)); });
      }
    };
    for_each_word([&](std::uint64_t& word, std::uint64_t bit) {
      twice |= (word & bit) != 0;
      word |= bit;
    });
    if (!twice) use(BitSource{memory_.words(), stride_, 0}, Pass{0, steps});
    for_each_word([](std::uint64_t& word, std::uint64_t) { word = 0; });
    for (int k = 0; k < steps && twice; ++k) {
      with_counts<T>(list(k), [&](const auto& source) { use(source, Pass{k, 1}); });
    }
  }

 private:
  template <class T, class I, class Use>
  void with_counts(Spikes<I> spikes, Use use) {
    bool overflow = false;
    auto* const counts = reinterpret_cast<std::uint8_t*>(memory_.words());
    for_each(spikes, [&](Index i) {
      overflow |= counts[i] == 255;
      counts[i] = static_cast<std::uint8_t>(counts[i] + (counts[i] < 255));
    });
    if (!overflow) {
      use(RowSource<std::uint8_t>{counts, 0});
    } else {
      use(piece_source<T>([&](Index, Index at, Index n, T* row) {
        for (Index i = 0; i < n; ++i) row[i] = static_cast<T>(counts[at + i]);
        if (std::find(counts + at, counts + at + n, 255) == counts + at + n) return;  // none of these overflowed
        std::fill_n(row, n, T(0));
        for_each(spikes, [&](Index i) {
          if (at <= i && i < at + n) row[i - at] += T(1);
        });
      }));
    }
    for_each(spikes, [&](Index i) { counts[i] = 0; });
  }

  /// From calloc: no page is touched before a list comes. A copy is made between steps, so it begins with zeros as
  /// well. (<memory> takes long to compile.)
  class Zeros {
   public:
    explicit Zeros(Index count)
        : count_(count), words_(static_cast<std::uint64_t*>(std::calloc(static_cast<std::size_t>(count), 8))) {
      if (count > 0 && !words_) throw std::bad_alloc();
    }
    Zeros(const Zeros& other) : Zeros(other.count_) {}
    Zeros(Zeros&& other) noexcept : count_(other.count_), words_(std::exchange(other.words_, nullptr)) {}
    Zeros& operator=(Zeros other) noexcept {
      std::swap(count_, other.count_);
      std::swap(words_, other.words_);
      return *this;
    }
    ~Zeros() { std::free(words_); }
    std::uint64_t* words() const { return words_; }

   private:
    Index count_;
    std::uint64_t* words_;
  };
  template <class I, class F>
  static void for_each(Spikes<I> spikes, F f) {
    for (Index k = 0; k < spikes.count; ++k) f(spikes[k]);
  }

  Index stride_;  // words in a row of bits
  Zeros memory_;
};

}  // namespace spark
