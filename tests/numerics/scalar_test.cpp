// A scalar of the user's, whose namespace has functions of the names that laws use: those of spark are meant.
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
