// Tracers of Eigen's AutoDiffScalar: derivatives of a trace by its parameters and its input, against finite
// differences of the long double reference and closed forms.
#include <Eigen/Core>
// after Core, which it needs and does not include
#include <unsupported/Eigen/AutoDiff>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

// Up to six parameters, and the input's amplitude last.
using Derivatives = Eigen::Matrix<double, 7, 1>;
using Dual = Eigen::AutoDiffScalar<Derivatives>;
using Duals = Eigen::Array<Dual, Eigen::Dynamic, 1>;
constexpr int amplitude = 6;

Dual variable(double value, int k) { return Dual(value, 7, k); }

constexpr int steps = 60;
double spike(int k) { return k % 7 == 3 || k % 11 == 5 ? 0.75 : 0; }

real reference_value(const Reference& r, real gain) {
  Reference::State state = r.start();
  for (int k = 0; k < steps; ++k) state = r.step(state, gain * spike(k)).state;
  return r.value(state);
}

// Symmetric differences of fourth order: parameter j, or the input's amplitude, is moved.
real derivative(const Reference& r, int j, real gain) {
  const auto at = [&](real offset) {
    if (j == amplitude) return reference_value(r, gain * (1 + offset));
    Reference moved = r;
    moved.p[static_cast<std::size_t>(j)] += offset;
    return reference_value(moved, gain);
  };
  const real h = 1e-4L;
  return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

const Eigen::Array3d gains(0, 0.5, 1);  // the first element depends on its parameters alone

void check_values(const Duals& value, const Reference& r) {
  for (int i = 0; i < 3; ++i) {
    INFO((r.exact ? "Exact" : "Euler") << ", element " << i);
    CHECK(close(value(i).value(), reference_value(r, gains(i)), 1e-14L));
    for (int j = 0; j < 7; ++j) {
      if (j != amplitude && static_cast<std::size_t>(j) >= r.p.size()) continue;
      const real want = derivative(r, j, gains(i));
      INFO("derivative " << j << ": got " << value(i).derivatives()(j) << ", want " << show(want));
      CHECK(close(value(i).derivatives()(j), want, 9e5L * LDBL_EPSILON, 1e5L * LDBL_EPSILON));
    }
  }
}

template <class Kind, class Integration> void check_differences() {
  using T = typename Kind::template type<Duals, Integration>;
  int k = 0;
  // braces, so that the parameters are numbered in their order
  auto parameters = std::apply([&](auto... p) { return std::array{variable(p, k++)...}; }, Kind::typical);
  T tracer = std::apply([](const auto&... p) { return T(3, p...); }, parameters);
  for (int step = 0; step < steps; ++step) tracer(gains.cast<Dual>() * (variable(1, amplitude) * spike(step)));
  constexpr bool exact = std::is_same_v<Integration, spark::Exact>;
  check_values(tracer.value(), {Kind::recurrence, exact, 1, {Kind::typical.begin(), Kind::typical.end()}});
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("derivatives agree with finite differences", "", EveryKind) {
  INFO(TestType::name);
  check_differences<TestType, spark::Euler>();
  check_differences<TestType, spark::Exact>();
}

// Equal parameters of different elements are different variables.
TEST_CASE("derivatives pass through advance, in each element by its own parameters") {
  Duals tau(2);
  tau << variable(20, 0), variable(20, 1);
  spark::Tracer<Duals, spark::Exact> t(2, tau, variable(1, 2));
  t(Duals(Duals::Ones(2)));
  t.advance(30);
  const real left = std::exp(-1.5L);
  for (int i = 0; i < 2; ++i) {
    const auto& d = t.trace()(i);
    CHECK(close(d.value(), left, 1e-14L));
    for (int j = 0; j < 2; ++j) CHECK(close(d.derivatives()(j), i == j ? left * 30 / 400 : 0, 1e-13L));
    CHECK(close(d.derivatives()(2), left, 1e-14L));
  }
}

// Where the time constants are equal, the closed form is a limit, and so is its derivative.
TEST_CASE("derivatives of equal and nearly equal time constants") {
  const double tau = 20, age = 30;
  const real want = age * age / (2 * tau * tau) * std::exp(-age / tau);
  for (double difference : {0.0, 1e-14, 1e-12, 1e-10, 1e-8}) {
    using T = spark::DoubleTracer<Duals, spark::Exact>;
    T stepped(1, variable(tau, 0), variable(tau * (1 + difference), 1));
    stepped(Duals::Ones(1));
    auto advanced = stepped;
    for (int k = 0; k < age; ++k) stepped(Duals::Zero(1));
    advanced.advance(static_cast<int>(age));
    INFO("relative difference " << difference);
    for (const T* t : {&stepped, &advanced}) {
      const auto& d = t->trace_2()(0);
      CHECK(close(d.value(), age * std::exp(-age / tau), 1e-7L));
      CHECK(close(d.derivatives()(0), want, 1e-7L));
      CHECK(close(d.derivatives()(1), want, 1e-7L));
    }
  }
}

TEST_CASE("input of a plain scalar drives a tracer of duals") {
  spark::Tracer<Duals> t(2, variable(20, 0));
  t(Eigen::Array2d(1, 0));
  t(spark::spikes(std::vector<int>{0}));
  CHECK(close(t.trace()(0).value(), 1.95L, 1e-15L));
  CHECK(close(t.trace()(0).derivatives()(0), 1.0L / 400, 1e-14L));
  CHECK(t.trace()(1).value() == 0);
}

// At a clip the trace no longer depends on what drove it there.
TEST_CASE("a clipped trace has no derivative") {
  spark::SaturableTracer<Duals> t(1, variable(20, 0), variable(0.75, 1));
  t(Duals::Constant(1, variable(1, amplitude)));
  CHECK(t.trace()(0).derivatives()(1) == 1);
  t(Duals::Constant(1, variable(1, amplitude)));
  CHECK(t.trace()(0).value() == 1);
  CHECK(t.trace()(0).derivatives().isZero());
}

TEST_CASE("a silence in which a double tracer of duals is clipped equals its steps") {
  spark::SaturableDoubleTracer<Duals, spark::Exact> start(1, variable(10, 0), variable(20, 1), 1, variable(0.2, 2),
                                                          variable(0.75, 3));
  start(Duals::Ones(1));
  auto stepped = start;
  for (int n = 1; n <= 60; ++n) {
    stepped(Duals::Zero(1));
    auto silent = start;
    silent.advance(n);
    INFO(n << " steps");
    for (auto state : {&decltype(start)::trace_1, &decltype(start)::trace_2}) {
      const Dual &got = (silent.*state)()(0), &want = (stepped.*state)()(0);
      CHECK(close(got.value(), want.value(), 1e-12L));
      for (int j = 0; j < 4; ++j) CHECK(close(got.derivatives()(j), want.derivatives()(j), 1e-12L, 1e-15L));
    }
  }
}
