// Scalars of the user's: Eigen's AutoDiffScalar, whose derivatives of a trace by its parameters and its input are
// compared with finite differences of the long double reference and closed forms, and one whose namespace has functions
// of the names that laws use: those of spark are meant.
#include <Eigen/Core>
// after Core, which it needs and does not include
#include <unsupported/Eigen/AutoDiff>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace other {

struct Real {
  double v = 0;

  Real() = default;
  Real(double number) : v(number) {}
  explicit operator std::int64_t() const { return static_cast<std::int64_t>(v); }

  Real& operator+=(Real b) { return *this = v + b.v; }
  friend Real operator+(Real a, Real b) { return a.v + b.v; }
  friend Real operator-(Real a, Real b) { return a.v - b.v; }
  friend Real operator*(Real a, Real b) { return a.v * b.v; }
  friend Real operator/(Real a, Real b) { return a.v / b.v; }
  friend Real operator-(Real a) { return -a.v; }
  friend bool operator==(Real a, Real b) { return a.v == b.v; }
  friend bool operator!=(Real a, Real b) { return a.v != b.v; }
  friend bool operator<(Real a, Real b) { return a.v < b.v; }
  friend bool operator>(Real a, Real b) { return a.v > b.v; }
  friend bool operator<=(Real a, Real b) { return a.v <= b.v; }
  friend bool operator>=(Real a, Real b) { return a.v >= b.v; }
  friend Real exp(Real a) { return std::exp(a.v); }
  friend Real log(Real a) { return std::log(a.v); }
  friend std::ostream& operator<<(std::ostream& out, Real a) { return out << a.v; }
};

template <class T> T fma(const T&, const T&, const T&) = delete;
template <class T> T expm1(const T&) = delete;
template <class T> T log1p(const T&) = delete;
template <class T> T min(const T&, const T&) = delete;
template <class T> T max(const T&, const T&) = delete;

}  // namespace other

template <> struct Eigen::NumTraits<other::Real> : Eigen::GenericNumTraits<double> {
  using Real = other::Real;
  using NonInteger = other::Real;
  using Nested = other::Real;
  using Literal = other::Real;
};

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

template <class Kind, class Integration> void check_differences() {
  using T = typename Kind::template type<Duals, Integration>;
  int k = 0;
  // braces, so that the parameters are numbered in their order
  auto parameters = std::apply([&](auto... p) { return std::array{variable(p, k++)...}; }, Kind::typical);
  T tracer = std::apply([](const auto&... p) { return T(3, p...); }, parameters);
  for (int step = 0; step < steps; ++step) tracer(Duals::Constant(3, variable(1, amplitude) * spike(step)));
  const Duals value = tracer.value();

  const Reference r{
      Kind::recurrence, std::is_same_v<Integration, Exact>, 1, {Kind::typical.begin(), Kind::typical.end()}};
  for (int i = 0; i < 3; ++i) {
    INFO(Kind::name << (r.exact ? ", Exact" : ", Euler"));
    CHECK(close(value(i).value(), reference_value(r, 1), 1e-13L));
    for (int j = 0; j < 7; ++j) {
      if (j != amplitude && static_cast<std::size_t>(j) >= Kind::typical.size()) continue;
      // symmetric difference of fourth order
      const auto at = [&](real offset) {
        Reference moved = r;
        if (j != amplitude) moved.p[static_cast<std::size_t>(j)] += offset;
        return reference_value(moved, j == amplitude ? 1 + offset : 1);
      };
      const real h = 1e-4L;
      const real want = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      INFO("derivative " << j << ": got " << value(i).derivatives()(j) << ", want " << show(want));
      CHECK(close(value(i).derivatives()(j), want, 1e-10L, 1e-11L));
    }
  }
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("derivatives agree with finite differences", "", EveryKind) {
  check_differences<TestType, Euler>();
  check_differences<TestType, Exact>();
}

// Equal parameters of different elements are different variables.
TEST_CASE("derivatives of an exact trace in closed form, in each element by its own parameters") {
  const double tau = 20, scale = 0.5, base = 0.25;
  Duals taus(3), x(3);
  taus << variable(tau, 0), variable(tau, 1), variable(tau, 2);
  x << variable(1, amplitude), variable(1, amplitude), 0;  // the last is silent
  spark::Tracer<Duals, Exact> t(3, taus, variable(scale, 3), variable(base, 4));
  real by_scale = 0, by_tau = 0;
  for (int age = 40; age >= 10; --age) {
    const bool spikes = age == 40 || age == 37 || age == 30 || age == 29 || age == 10;
    t(spikes ? x : Duals(Duals::Zero(3)));
    const real left = spikes ? std::exp(-age / real(tau)) : 0;
    by_scale += left;
    by_tau += scale * left * age / (tau * tau);
  }
  t.advance(10);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& d = t.trace()(static_cast<Index>(i));
    const real spiked = i < 2;
    std::array<real, 7> want = {0, 0, 0, spiked * by_scale, 1, 0, spiked * scale * by_scale};
    want[i] = spiked * by_tau;
    CHECK(close(d.value(), base + spiked * scale * by_scale, i < 2 ? 1e-14L : 1e-15L));
    for (int j = 0; j < 7; ++j)
      CHECK(close(d.derivatives()(j), want[static_cast<std::size_t>(j)], j == 4 ? 1e-14L : 1e-13L));
  }
}

// Where the time constants are equal, the closed form is a limit, and so is its derivative.
TEST_CASE("derivatives of equal and nearly equal time constants") {
  const double tau = 20, age = 30;
  const real want = age * age / (2 * tau * tau) * std::exp(-age / tau);
  for (double difference : {0.0, 1e-14, 1e-12, 1e-10, 1e-8}) {
    using T = spark::DoubleTracer<Duals, Exact>;
    T stepped(1, variable(tau, 0), variable(tau * (1 + difference), 1));
    stepped(one(1));  // plain numbers
    auto advanced = stepped;
    for (int k = 0; k < age; ++k) stepped(one(0));
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

// At a clip the trace no longer depends on what drove it there.
TEST_CASE("a clipped trace has no derivative") {
  spark::SaturableTracer<Duals> t(1, variable(20, 0), variable(0.75, 1));
  t(spark::spikes(std::vector<int>{0}));
  CHECK(t.trace()(0).value() == 0.75);
  CHECK(t.trace()(0).derivatives()(1) == 1);
  t(Duals::Constant(1, variable(1, amplitude)));
  CHECK(t.trace()(0).value() == 1);
  CHECK(t.trace()(0).derivatives().isZero());
}

TEST_CASE("a silence in which a double tracer of duals is clipped equals its steps") {
  spark::SaturableDoubleTracer<Duals, Exact> start(1, variable(10, 0), variable(20, 1), 1, variable(0.2, 2),
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

TEMPLATE_LIST_TEST_CASE("any scalar with Eigen's traits makes a tracer like that of double", "", EveryKind) {
  const auto driven = [](auto tracer) {
    tracer(spark::spikes(std::vector<int>{1, 2, 2}));
    tracer(Eigen::Array3f(0.5f, 0, 1));
    tracer.advance(7);
    tracer.masked_reset(spark::spikes(std::vector<int>{2}));
    spark::EventDriven events(tracer);
    events.advance(3);
    events(spark::spikes(std::vector<int>{0}));
    tracer = events.dense();
    return tracer;
  };
  const auto got = driven(typical<TestType, Column<other::Real>, Exact>(3));
  const auto want = driven(typical<TestType, ArrayXd, Exact>(3));
  for (int i = 0; i < 3; ++i) CHECK(close(got.value()(i).v, want.value()(i), 0, 1e-12L));
}

TEST_CASE("exp(x) - 1 and log(1 + x) of such a scalar lose no digits") {
  for (double x : {0.0, 1e-300, 1e-17, -1e-17, 1e-8, -1e-8, 0.3, -0.3, 5.0, -50.0, -1000.0}) {
    INFO(x);
    CHECK(close(spark::detail::expm1(other::Real(x)).v, std::expm1(x), 1e-15L));
    if (x > -1) CHECK(close(spark::detail::log1p(other::Real(x)).v, std::log1p(x), 1e-15L));
  }
}
