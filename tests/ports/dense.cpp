// The loops of dense steps of every class, for script/ports to look at their assembly.
#include <spark/tracers.hpp>

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

template <template <class, class> class Tracer> void all() {
  step<Tracer<Eigen::ArrayXf, spark::Euler>>();
  step<Tracer<Eigen::ArrayXd, spark::Exact>>();
}

}  // namespace

int main() {
  all<spark::Tracer>();
  all<spark::SaturableTracer>();
  all<spark::NearestTracer>();
  all<spark::DoubleTracer>();
  all<spark::SaturableDoubleTracer>();
  all<spark::RDTracer>();
  all<spark::RFSTracer>();
  all<spark::RUTracer>();
}
