// Parameters at run time: a tracer whose parameter was set is a new tracer with that parameter and the old state.
#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

constexpr Index n = 21;

// Every parameter in turn, from a number or an array to a number or an array.
template <class Kind, class S> void check_setting() {
  using T = typename Kind::template type<Column<S>, Exact>;
  using P = typename T::Parameter;
  Random random(301);
  const auto value = [&](double p, bool array) -> P {
    if (!array) return p * random.uniform(0.5, 1);
    return Column<double>::NullaryExpr(n, [&](Index) { return p * random.uniform(0.5, 1); });
  };
  const auto make = [](const auto&... p) { return T(n, p..., spark::Options{0.5, 3}); };
  const ArrayXf x = ArrayXf::NullaryExpr(n, [&] { return random.chance(0.3) ? 1.0f : 0.0f; });
  const auto check = [&](std::size_t k, void (*set)(T&, const P&)) {
    for (int form = 0; form < 4; ++form) {
      auto given = std::apply([&](auto... p) { return std::array{value(p, form % 2 == 1)...}; }, Kind::typical);
      T tracer = std::apply(make, given);
      for (int step = 0; step < 5; ++step) tracer(x);
      given[k] = value(Kind::typical[k], form / 2 == 1);
      set(tracer, given[k]);
      T fresh = std::apply(make, given);
      spark::detail::for_each_index<T::states>(
          [&](auto j) { fresh.template set_state<j>(tracer.template state<j>()); });
      Verdict verdict;
      spark::detail::for_each_index<T::parameters>([&](auto j) {
        const Column<typename T::Number> read = tracer.template parameter<j>();
        for (Index i = 0; i < n; ++i)
          verdict.expect(read(i) == static_cast<typename T::Number>(given[j](i, 0)), "what is read back");
      });
      verdict.expect(identical(tracer.value(), fresh.value()), "the value");
      for (int step = 0; step < 5; ++step) verdict.expect(identical(tracer(x), fresh(x)), "a step");
      verdict.expect(tracer.clock() == 10, "the clock");
      tracer.advance(7), fresh.advance(7);
      verdict.expect(identical(tracer.value(), fresh.value()), "a silence");
      INFO(Kind::name << "<" << scalar_name<S>() << ">, parameter " << k << ", form " << form);
      CHECK(verdict.report() == "");
    }
  };
  spark::detail::for_each_index<T::parameters>(
      [&](auto k) { check(k, [](T& tracer, const P& p) { tracer.template set_parameter<decltype(k)::value>(p); }); });
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a parameter that is set is that of a new tracer", "", EveryKind) {
  check_setting<TestType, float>();
  if constexpr (count_states(TestType::recurrence) == 2) check_setting<TestType, Eigen::half>();
}

TEST_CASE("event-driven tracers bridge the silence with the old parameters") {
  using T = spark::DoubleTracer<ArrayXd, Exact>;  // whose base is no state of rest
  T dense(5, 10, 20, 1, 0.5, 0.1, 0.2);
  spark::EventDriven<T> events(dense);
  const std::vector<int> fired{0, 3};
  const ArrayXd ramp = ArrayXd::LinSpaced(5, 0, 1);
  const auto both = [&](auto act) {
    act(dense), act(events);
    CHECK(events.value().isApprox(dense.value(), 1e-13));
    CHECK(events.trace_1().isApprox(dense.trace_1(), 1e-13));
    CHECK(events.clock() == dense.clock());
  };
  both([&](auto& t) { t(spark::spikes(fired)), t.advance(30), t.set_tau_1(5), t.set_base_2(ramp); });
  both([&](auto& t) {
    t.advance(20), t(spark::spikes(fired)), t.advance(3), t.set_scale_1(2), t(spark::spikes(fired));
  });
  CHECK(events.tau_1()(2) == 5);
  both([&](auto& t) { t.advance(5), t.set_trace_1(ramp); });
  CHECK((events.trace_1() == ramp).all());
  // after more steps than a reading of the clock holds
  const std::int64_t readings = std::int64_t{1} << 32;
  both([&](auto& t) { t.advance(readings + 3), t.masked_reset(spark::spikes(fired)), t.advance(7); });
  both([&](auto& t) { t.advance(readings - 12), t.run(Eigen::MatrixXd::Identity(5, 10)); });  // within a run
  CHECK_THROWS_AS(events.set_trace_2(ArrayXd::Ones(2)), std::invalid_argument);
}

// scale_2 = dt makes the response independent of dt, also of one that is changed.
TEST_CASE("set_dt keeps the equations") {
  const double want = (std::exp(-9.9 / 20) - std::exp(-9.9 / 5)) / (1 / 5.0 - 1 / 20.0);
  const auto check = [&](auto tracer) {
    tracer.set_dt(0.01);
    CHECK(close(static_cast<real>(tracer.scale_2()(0)), 0.01L, 1e-15L));
    tracer(ArrayXd::Ones(1));
    tracer.advance(990);
    CHECK(std::abs(tracer.value()(0) - want) < 1e-9);
  };
  const spark::DoubleTracer<ArrayXd, Exact> numbers(1, 5, 20, 1, 0.1, spark::Options{0.1});
  check(numbers), check(spark::EventDriven(numbers));
  check(spark::DoubleTracer<ArrayXd, Exact>(1, 5, 20, 1, ArrayXd::Constant(1, 0.1), spark::Options{0.1}));
  // by way of the longest step; a ratio of two dt that is subnormal has lost digits
  spark::DoubleTracer<ArrayXd, Exact> tracer(1, 6, 20, 0.75, 0.03125);
  tracer.set_dt(1e308), tracer.set_dt(3e-8);
  CHECK(close(static_cast<real>(tracer.scale_2()(0)), 0.03125L * 3e-8L, 1e-15L));
}

TEST_CASE("options may follow any number of parameters, and a default tracer is assigned to") {
  const spark::Options fine{0.1};
  CHECK(spark::Tracer<ArrayXd>(2, 20, fine).dt() == 0.1);
  CHECK(spark::Tracer<ArrayXd>(2, 20, 3, fine).scale()(1) == 3);
  CHECK(spark::DoubleTracer<ArrayXd>(2, 20, 30, fine).dt() == 0.1);
  CHECK(spark::RUTracer<ArrayXd>(2, 20, 30, 0.5, fine).dt() == 0.1);
  CHECK(spark::Tracer<ArrayXd>(2, 20, 1, 0, {0.1}).dt() == 0.1);
  CHECK(spark::Tracer<Eigen::Array3d>(3, 2).tau()(0) == 3);
  CHECK(spark::Tracer<Eigen::Array3d>(spark::Shape(3), 2).tau()(0) == 2);

  spark::Tracer<ArrayXd> none;
  CHECK(none.size() == 0);
  none = spark::Tracer<ArrayXd>(3, 20);
  CHECK(none.size() == 3);
  spark::RUTracer<Eigen::Array3d> fixed;
  CHECK(fixed.size() == 3);
  CHECK(std::isinf(fixed.R_tau()(0)));
  std::vector<spark::DoubleTracer<ArrayXd>> all(4);
  all[2] = spark::DoubleTracer<ArrayXd>(2, 10, 20);
  CHECK(all[2].decay_1()(0) == 0.1);
}
