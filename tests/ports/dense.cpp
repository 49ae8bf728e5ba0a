// The loops of dense steps of every class, for script/ports to look at their assembly.
#include "../support/kinds.hpp"

namespace {

// A step of numbers, of bits, and of bool.
template <class Tracer> void step() {
  using T = typename Tracer::Number;
  using V = spark::View<typename Tracer::Law, T, typename Tracer::Scalar>;
  using namespace spark::detail;
  const auto walk = [](const auto& in) {
    using In = std::decay_t<decltype(in)>;
    void (V::*volatile kept)(CoefficientKind, spark::Index, spark::Index, OneStep, const In&, const Discard&,
                             const ToNearest&) const = &V::template walk<OneStep, In, Discard, ToNearest>;
    (void)kept;
  };
  walk(Rows<T>{});
  walk(Rows<bool>{});
  walk(BitRows{});
}

template <class... Kind> void all(suite::Kinds<Kind...>) {
  (step<typename Kind::template type<Eigen::ArrayXf, spark::Euler>>(), ...);
  (step<typename Kind::template type<Eigen::ArrayXd, spark::Exact>>(), ...);
}

}  // namespace

int main() { all(suite::EveryKind()); }
