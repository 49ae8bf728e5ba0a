// What holds under -ffast-math, with which CMakeLists.txt compiles this file: simulators are often built so. The
// compiler may then reorder sums, take -0 for 0, and believe that nothing is infinite or NaN.
#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

// Not known to the compiler.
static double read(const char* number) { return std::strtod(number, nullptr); }

template <class S> using ExactTracer = spark::Tracer<Column<S>, Exact>;
template <class S> using EulerTracer = spark::Tracer<Column<S>, Euler>;

TEMPLATE_PRODUCT_TEST_CASE("a silence fades and ends at base under -ffast-math", "", (ExactTracer, EulerTracer),
                           (float, double, long double)) {
  for (const double base : {0.0, 0.25})
    for (const double height : {1.0, 10.0, 1e5, 1e30})
      for (const int n : {1, 20, 1000, 1700, 20000, 1000000}) {
        TestType tracer(9, 20.0, height, base);
        tracer(TestType::Array::Ones(9));
        spark::EventDriven events(tracer);
        tracer.advance(n), events.advance(n);
        const double want = base + height * std::exp(n * std::log1p(-static_cast<double>(tracer.decay()(0))));
        CAPTURE(base, height, n);
        for (const auto got : {tracer.value()(8), events.value(8)})
          CHECK(static_cast<double>(got) == Approx(want).epsilon(1e-5).margin(1e-37));
      }
}

// Nothing is left of a decay of 1, by whatever zero that is said.
TEMPLATE_PRODUCT_TEST_CASE("what a step loses is gone under -ffast-math", "", (ExactTracer, EulerTracer),
                           (float, double, long double)) {
  const double tau = std::is_same_v<typename TestType::Law, spark::Leak<Exact>> ? 1e-5 : 1;
  for (const double base : {0.0, 0.25})
    for (const double height : {1.0, 10.0, 1e5, 1e30})
      for (const int n : {2, 3, 100, 5000, 1000000})
        for (const auto& start : {TestType(2, tau, height, base), TestType(2, Eigen::Array2d(tau, 20), height, base)}) {
          TestType tracer = start;
          tracer(TestType::Array::Ones(2));
          spark::EventDriven events(tracer);
          tracer.advance(n), events.advance(n);
          for (const typename TestType::Scalar got : {tracer.value()(0), events.value(0)})
            CHECK(got == static_cast<decltype(got)>(base));
        }
}

TEST_CASE("a rule whose U lasts no longer than its step keeps nothing of it under -ffast-math") {
  const spark::Rule<spark::RUTracer<ArrayXd, Exact>> rule(800, 0, 0.3);
  for (const double t : {1e-12, 1e-6, 0.5, 1.0, 1e6}) {
    auto s = rule.rest();
    rule.step(s, 1), rule.elapse(s, t);
    CHECK(s.trace_U == 0);
  }
}

TEMPLATE_TEST_CASE("silence at once is its steps under -ffast-math", "", float, double) {
  using A = Column<TestType>;
  const double infinity = read("inf");
  const auto compare = [](auto at_once) {
    at_once(A::Ones(5));
    auto stepped = at_once;
    at_once.advance(50);
    for (int k = 0; k < 50; ++k) stepped(A::Zero(5));
    const auto difference = static_cast<double>((at_once.value() - stepped.value()).abs().maxCoeff());
    CHECK(difference < 64 * 50 * Precision<TestType>::eps());
  };
  for (const double tau_1 : {10.0, infinity})
    for (const double tau_2 : {3.0, 20.0, infinity}) {
      CAPTURE(tau_1, tau_2);
      compare(spark::DoubleTracer<A, Exact>(5, tau_1, tau_2));
      compare(spark::DoubleTracer<A, Euler>(5, tau_1, tau_2));
      compare(spark::RUTracer<A, Exact>(5, tau_1, tau_2, 0.3));
      compare(spark::RUTracer<A, Euler>(5, tau_1, tau_2, 0.3));
    }
  compare(spark::RDTracer<A, Exact>(5, 2, 30));
  compare(spark::RFSTracer<A, Exact>(5, 0.7, 2, 10, 100));
}

TEMPLATE_TEST_CASE("arguments are checked under -ffast-math", "", float, double, long double) {
  using T = spark::SaturableTracer<Column<TestType>>;
  for (const char* text : {"nan", "-nan", "-inf", "inf"}) {
    const double number = read(text);
    const Column<TestType> numbers = Column<TestType>::Constant(2, static_cast<TestType>(number));
    INFO(text);
    CHECK_THROWS_AS(T(2, 20, number), std::invalid_argument);
    CHECK_THROWS_AS(T(2, 20, 1, number), std::invalid_argument);
    CHECK_THROWS_AS(T(2, 20, 1, 0, {number}), std::invalid_argument);
    CHECK_THROWS_AS(T(2, 20).set_trace(numbers), std::invalid_argument);
    CHECK_THROWS_AS(spark::require_finite(numbers), std::invalid_argument);
    if (std::string(text) != "inf") CHECK_THROWS_AS(T(2, number), std::invalid_argument);
  }
}
