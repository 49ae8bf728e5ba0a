// Where an element stands in the array, and how long the array is, makes no difference to it: every
// length around the tiles, words and unrolled loops of an implementation agrees with tracers of one
// element, bit for bit. Ranges on threads and split runs rest on this.
#pragma once

#include <tuple>

#include "../catch.hpp"
#include "suite.hpp"

namespace suite {

inline constexpr Index longest = 300, steps = 9;

template <class X>
using Matrix = Eigen::Array<X, Eigen::Dynamic, Eigen::Dynamic>;

template <class Kind, class S, class Integration, class X>
void check_lengths_of(const Matrix<X>& raster) {
  using A = Eigen::Array<S, Eigen::Dynamic, 1>;
  using T = typename Kind::template type<A, Integration>;
  // element e of a tracer with numbers or arrays as parameters, of n elements from e on
  const auto make = [](Index e, Index n, bool arrays) {
    return std::apply(
        [&](auto... p) {
          if (!arrays) return T(n, p...);
          return T(n, A(A::NullaryExpr(n, [p, e](Index i) { return from_real<S>(vary(p, e + i)); }))...);
        },
        Kind::typical);
  };
  for (bool arrays : {false, true}) {
    Matrix<S> output(longest, steps), advanced(longest, 1);
    for (Index e = 0; e < longest; ++e) {
      T one = make(e, 1, arrays);
      for (Index k = 0; k < steps; ++k) output(e, k) = A(one(raster.col(k).segment(e, 1)))(0);
      one.advance(11);
      advanced(e) = A(one.value())(0);
    }
    Verdict verdict;
    for (Index n = 1; n <= longest; n += n < 140 ? 1 : 23) {
      T stepped = make(0, n, arrays), ran = make(0, n, arrays);
      Matrix<S> record(n, steps);
      for (Index k = 0; k < steps; ++k) {
        const A out = stepped(raster.col(k).segment(0, n));
        verdict.expect(identical(out, output.col(k).head(n)),
                       [&] { return "step " + std::to_string(k) + ", length " + std::to_string(n); });
      }
      ran.run(raster.topRows(n), record);
      verdict.expect(identical(record, output.topRows(n)), [&] { return "run, length " + std::to_string(n); });
      stepped.advance(11), ran.advance(11);
      verdict.expect(
          identical(A(stepped.value()), advanced.col(0).head(n)) && identical(A(ran.value()), advanced.col(0).head(n)),
          [&] { return "advance, length " + std::to_string(n); });
    }
    INFO(Kind::name << "<" << scalar_name<S>() << ">, parameters as " << (arrays ? "arrays" : "numbers"));
    CHECK(verdict.report() == "");
  }
}

template <class S, class Integration, class X, class... Kind>
void check_lengths(Kinds<Kind...>) {
  Random random(31);
  Matrix<X> raster(longest, steps);
  for (Index k = 0; k < raster.size(); ++k) raster.data()[k] = static_cast<X>(random.chance(0.3));
  (check_lengths_of<Kind, S, Integration>(raster), ...);
}

}  // namespace suite
