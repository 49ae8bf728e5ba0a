#pragma once

#include <spark/law/leak.hpp>

namespace spark {

/// One exponential trace that remembers the latest spike only, for nearest-neighbour pairing:
///
///     trace <- trace + decay * (base - trace);  where x is not 0: trace <- base + scale * x
///
/// (Morrison, Diesmann and Gerstner 2008, Biol Cybern 98:459.)
template <class Integration>
struct Nearest : Leak<Integration> {
  using Law = Leak<Integration>;
  template <class V, class B = V>
  using Coefficients = typename Law::template Coefficients<V, B>;
  template <class V>
  using State = typename Law::template State<V>;

  template <class V, class B, class X>
  static EIGEN_ALWAYS_INLINE void step(const Coefficients<V, B>& c, State<V>& s, const X& x) {
    s.trace =
        settle(select(nonzero(x), spark::fma(c.scale, x, c.base), leak(s.trace, c.decay, c.base, c.scale, Zero{})));
  }
};

}  // namespace spark
