// Silences of a clipped cascade, which has a closed form on some of its ways only.
#include <cmath>
#include <spark/tracers.hpp>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;
using Eigen::ArrayXd;

// A clip has no closed form; where the library finds that none can occur it takes one, and must not be wrong.
TEMPLATE_TEST_CASE("a silence of a clipped cascade is its steps, wherever it starts", "", spark::Euler, spark::Exact) {
  using T = spark::SaturableDoubleTracer<ArrayXd, TestType>;
  Random random(41);
  for (int trial = 0; trial < 5000; ++trial) {
    const double tau_1 = std::exp(random.uniform(0.1, 5)), tau_2 = std::exp(random.uniform(0.1, 5));
    const double base_1 = random.chance(0.5) ? 0 : random.uniform(0, 1),
                 base_2 = random.chance(0.5) ? 0 : random.uniform(0, random.chance(0.5) ? 1 : 0.05);
    // feeds that cannot reach a bound, such as cross both, and such as rest near one
    const double scale_2 = random.chance(0.3) && base_1 > 0
                               ? random.uniform(0.9, 1.01) / (tau_2 * base_1)
                               : (random.chance(0.3) ? -1 : 1) * std::exp(random.uniform(-6, 1));
    T stepped(1, tau_1, tau_2, 1, scale_2, base_1, base_2);
    stepped.set_trace_1(ArrayXd::Constant(1, random.uniform(0, 1)));
    stepped.set_trace_2(
        ArrayXd::Constant(1, random.chance(0.3) ? static_cast<double>(random.below(2)) : random.uniform(0, 1)));
    T advanced = stepped;
    spark::EventDriven<T> events(stepped);
    const auto n = static_cast<int>(std::exp(random.uniform(0, 7)));
    for (int k = 0; k < n; ++k) stepped(ArrayXd::Zero(1));
    advanced.advance(n), events.advance(n);
    INFO("tau " << tau_1 << " and " << tau_2 << ", scale_2 " << scale_2 << ", base " << base_1 << " and " << base_2
                << ", " << n << " steps");
    CHECK(std::abs(advanced.trace_2()(0) - stepped.trace_2()(0)) < 1e-12);
    CHECK(std::abs(advanced.trace_1()(0) - stepped.trace_1()(0)) < 1e-12);
    CHECK(std::abs(events.value(0) - stepped.value()(0)) < 1e-12);
  }
}
