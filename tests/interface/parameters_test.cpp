// Parameters at run time: a tracer whose parameter was set is a new tracer with that parameter and the old state.
#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;
using Eigen::ArrayXf;

namespace {

constexpr Index n = 21;

// Every parameter in turn, from a number or an array to a number or an array.
template <class Kind, class S> void check_setting() {
  using T = typename Kind::template type<Column<S>, spark::Exact>;
  using P = typename T::Parameter;
  Random random(301);
  const auto value = [&](double p, bool array) -> P {
    if (!array) return p * random.uniform(0.5, 1);
    return Column<double>::NullaryExpr(n, [&](Index) { return p * random.uniform(0.5, 1); });
  };
  const auto make = [](const auto&... p) { return T(n, p..., spark::Options{0.5, 3}); };
  const ArrayXf x = ArrayXf::NullaryExpr(n, [&] { return random.chance(0.3) ? 1.0f : 0.0f; });
  spark::detail::for_each_index<T::parameters>([&](auto k) {
    for (int form = 0; form < 4; ++form) {
      auto given = std::apply([&](auto... p) { return std::array{value(p, form % 2 == 1)...}; }, Kind::typical);
      T tracer = std::apply(make, given);
      for (int step = 0; step < 5; ++step) tracer(x);
      given[k] = value(Kind::typical[k], form / 2 == 1);
      tracer.template set_parameter<k>(given[k]);
      T fresh = std::apply(make, given);
      spark::detail::for_each_index<T::states>(
          [&](auto j) { fresh.template set_state<j>(tracer.template state<j>()); });
      INFO(Kind::name << "<" << scalar_name<S>() << ">, parameter " << int(k) << ", form " << form);
      CHECK(identical(tracer.value(), fresh.value()));
      for (int step = 0; step < 5; ++step) CHECK(identical(tracer(x), fresh(x)));
      CHECK(tracer.clock() == 10);
      tracer.advance(7), fresh.advance(7);
      CHECK(identical(tracer.value(), fresh.value()));
    }
  });
}

struct AnyScale : spark::Leak<spark::Euler> {
  static constexpr spark::ParameterInfo parameters[] = {
      {"tau", spark::Domain::time_constant}, {"scale", spark::Domain::any, 1}, {"base", spark::Domain::finite, 0}};
};
template <class Array> struct AnyScaleTracer : spark::BaseTracer<AnyScaleTracer<Array>, Array, AnyScale> {
  static constexpr const char* name = "AnyScaleTracer";
  using AnyScaleTracer::BaseTracer::BaseTracer;
};

}  // namespace

TEMPLATE_LIST_TEST_CASE("a parameter that is set is that of a new tracer", "", EveryKind) {
  check_setting<TestType, float>();
  if constexpr (count_states(TestType::recurrence) == 2) check_setting<TestType, Eigen::half>();
}

TEST_CASE("event-driven tracers bridge the silence with the old parameters") {
  using T = spark::DoubleTracer<Eigen::ArrayXd, spark::Exact>;
  T dense(5, 10, 20, 1, 0.5, 0.1, 0.2);
  spark::EventDriven<T> events(dense);
  const std::vector<int> fired{0, 3};
  const auto both = [&](auto act) { act(dense), act(events); };
  both([&](auto& t) { t(spark::spikes(fired)), t.advance(30); });
  both([&](auto& t) { t.set_tau_1(5), t.set_base_2(Eigen::ArrayXd::LinSpaced(5, 0, 1)); });
  both([&](auto& t) {
    t.advance(20), t(spark::spikes(fired)), t.advance(3), t.set_scale_1(2), t(spark::spikes(fired));
  });
  CHECK(events.value().isApprox(dense.value(), 1e-12));
  CHECK(events.trace_1().isApprox(dense.trace_1(), 1e-12));
  CHECK(events.clock() == dense.clock());
  CHECK(events.tau_1()(2) == 5);
}

TEST_CASE("a parameter that is refused changes nothing") {
  spark::Tracer<ArrayXf> tracer(4, 20);
  tracer(ArrayXf::Ones(4));
  for (double bad : {0.0, -1.0, std::nan(""), 0.5})
    CHECK(complaint<std::invalid_argument>([&] { tracer.set_tau(bad); }, {"Tracer", "tau"}) == "");
  CHECK(complaint<std::invalid_argument>([&] { tracer.set_base(ArrayXf::Ones(3)); }, {"base", "4x1", "3x1"}) == "");
  CHECK(complaint<std::invalid_argument>([&] { tracer.set_tau(Eigen::Array4d(20, 30, -3, 40)); },
                                         {"tau must be positive", "-3", "at element 2"}) == "");
  CHECK(tracer.tau()(0) == 20);
  CHECK((tracer(ArrayXf::Zero(4)) == 0.95f).all());
}

TEST_CASE("what was given can be read back") {
  spark::RDTracer<ArrayXf> tracer(3, ArrayXf::LinSpaced(3, 2, 4), 20, 0.5);
  CHECK(tracer.tau_rise()(2) == 4);
  CHECK(tracer.tau_decay()(1) == 20);
  CHECK(tracer.scale_rise()(0) == 0.5f);
  CHECK(tracer.scale_decay()(0) == 1);
  tracer.set_scale_decay(ArrayXf::LinSpaced(3, 1, 3));
  CHECK(tracer.scale_decay()(2) == 3);
}

// scale_2 = dt makes the response independent of dt, also of one that is changed.
TEST_CASE("set_dt keeps the equations") {
  using A = Eigen::ArrayXd;
  const double want = (std::exp(-9.9 / 20) - std::exp(-9.9 / 5)) / (1 / 5.0 - 1 / 20.0);
  const auto check = [&](auto tracer) {
    tracer.set_dt(0.01);
    CHECK(close(static_cast<real>(tracer.scale_2()(0)), 0.01L, 1e-15L));
    tracer(A::Ones(1));
    tracer.advance(990);
    CHECK(std::abs(tracer.value()(0) - want) < 1e-9);
  };
  const spark::DoubleTracer<A, spark::Exact> numbers(1, 5, 20, 1, 0.1, spark::Options{0.1});
  check(numbers), check(spark::EventDriven(numbers));
  check(spark::DoubleTracer<A, spark::Exact>(1, 5, 20, 1, A::Constant(1, 0.1), spark::Options{0.1}));
}

// A ratio of two dt that is subnormal has lost digits.
TEST_CASE("set_dt may go from the longest step to a short one") {
  spark::DoubleTracer<Eigen::ArrayXd, spark::Exact> tracer(1, 6, 20, 0.75, 0.03125);
  tracer.set_dt(1e308), tracer.set_dt(3e-8);
  CHECK(close(static_cast<real>(tracer.scale_2()(0)), 0.03125L * 3e-8L, 1e-15L));
}

TEST_CASE("options may follow any number of parameters, and a default tracer is assigned to") {
  using A = Eigen::ArrayXd;
  const spark::Options fine{0.1};
  CHECK(spark::Tracer<A>(2, 20, fine).dt() == 0.1);
  CHECK(spark::Tracer<A>(2, 20, 3, fine).scale()(1) == 3);
  CHECK(spark::DoubleTracer<A>(2, 20, 30, fine).dt() == 0.1);
  CHECK(spark::RUTracer<A>(2, 20, 30, 0.5, fine).dt() == 0.1);
  CHECK(spark::Tracer<A>(2, 20, 1, 0, {0.1}).dt() == 0.1);
  CHECK(spark::Tracer<Eigen::Array3d>(3, 2).tau()(0) == 3);
  CHECK(spark::Tracer<Eigen::Array3d>(spark::Shape(3), 2).tau()(0) == 2);

  spark::Tracer<A> none;
  CHECK(none.size() == 0);
  none = spark::Tracer<A>(3, 20);
  CHECK(none.size() == 3);
  spark::RUTracer<Eigen::Array3d> fixed;
  CHECK(fixed.size() == 3);
  CHECK(std::isinf(fixed.R_tau()(0)));
  std::vector<spark::DoubleTracer<A>> all(4);
  all[2] = spark::DoubleTracer<A>(2, 10, 20);
  CHECK(all[2].decay_1()(0) == 0.1);
}

// One rule: what a storage type cannot follow is refused where nothing would move, and only there.
TEMPLATE_TEST_CASE("a dense step refuses the decays that its storage would lose, and no others", "", spark::Euler,
                   spark::Exact) {
  using Float = spark::Tracer<ArrayXf, TestType>;
  using Half = spark::Tracer<Column<Eigen::half>, TestType>;
  using Brain = spark::Tracer<Column<Eigen::bfloat16>, TestType>;
  const auto refuses = [](auto tracer, std::initializer_list<std::string> words) {
    const ArrayXf zero = ArrayXf::Zero(2);
    const Eigen::ArrayXXf raster = Eigen::ArrayXXf::Zero(2, 2);
    const std::vector<int> none;
    const auto check = [&](auto call) { CHECK(complaint<std::invalid_argument>(call, words) == ""); };
    check([&] { tracer(zero); });
    check([&] { tracer(spark::spikes(none)); });
    check([&] { tracer.step(0, 1, zero.head(1)); });
    check([&] { tracer.run(raster); });
    tracer.advance(10);
    spark::EventDriven events(tracer);
    events(zero);
  };
  const auto takes = [](auto tracer) { CHECK_NOTHROW(tracer(ArrayXf::Ones(2))); };
  const spark::Options stochastic{1, {}, spark::Rounding::Stochastic};
  refuses(Float(2, 33554432.0), {"Tracer", "tau", "33554432", "double"});
  refuses(Half(2, 4096), {"Tracer", "tau must be below 4096 dt", "4096", "Stochastic"});
  refuses(Half(2, 1e9), {"Tracer", "tau"});
  // 1 - exp(-dt/tau) is less than dt/tau
  refuses(spark::Tracer<Column<Eigen::bfloat16>, spark::Exact>(2, 511.75),
          {"tau must be below 511.5 dt", "got 511.75"});
  refuses(Brain(2, 512), {"tau must be below 512 dt", "512", "Stochastic"});
  refuses(spark::RUTracer<ArrayXf, TestType>(2, 20, Eigen::Array2d(20, 5e7), 0.5),
          {"U_tau", "50000000", "at element 1"});
  refuses(Half(2, 4e7, stochastic), {"tau", "33554432"});
  takes(Half(2, 1e5, stochastic)), takes(Half(2, 1e6, stochastic));
  takes(Float(2, 3e7)), takes(Half(2, 4094)), takes(Brain(2, 510));
  takes(Float(2, HUGE_VAL)), takes(Half(2, HUGE_VAL)), takes(spark::Tracer<Eigen::ArrayXd, TestType>(2, 1e12));
}

// An array of time constants is kept in float: 1e-50 became 0 there, and 1e300 infinite.
TEST_CASE("an array of time constants is checked as it is kept") {
  for (double tau : {1e-50, 1e300})
    CHECK(complaint<std::invalid_argument>([&] { spark::Tracer<ArrayXf, spark::Exact>(2, Eigen::Array2d(20, tau)); },
                                           {"tau must be positive and finite in the type", "at element 1"}) == "");
  CHECK_THROWS_AS(spark::Tracer<ArrayXf>(2, Eigen::Array2d(0.69, 20), spark::Options{0.7}), std::invalid_argument);
  CHECK_THROWS_AS(spark::Tracer<ArrayXf>(2, 0.99999999, Eigen::Array2d(1, 2)), std::invalid_argument);
  CHECK_NOTHROW(spark::RUTracer<ArrayXf, spark::Exact>(2, 20, Eigen::Array2d(0, HUGE_VAL), 0.5));
}

TEST_CASE("a rise that is too short is named") {
  const auto too_short = [](auto make) {
    return complaint<std::invalid_argument>(make, {"tau_rise (combined with the decay)", "got dt 1 "});
  };
  CHECK(too_short([] { spark::RDTracer<ArrayXf>(1, 0.5, 20); }) == "");
  CHECK(too_short([] { spark::RFSTracer<ArrayXf>(1, 0.5, 1.01, 20, 30); }) == "");   // with the fast decay
  CHECK(too_short([] { spark::RFSTracer<ArrayXf>(1, 0.5, 1.01, 1e9, 30); }) == "");  // with the slow one
}

TEST_CASE("options that are none are refused") {
  spark::Options rounding, start;
  rounding.rounding = static_cast<spark::Rounding>(7), start.start = static_cast<spark::Start>(5);
  CHECK(complaint<std::invalid_argument>([&] { spark::Tracer<ArrayXf>(1, 20, rounding); }, {"rounding", "7"}) == "");
  CHECK(complaint<std::invalid_argument>([&] { spark::Tracer<ArrayXf>(1, 20, start); }, {"start", "5"}) == "");
}

TEST_CASE("a parameter that may be any is not checked") {
  using T = AnyScaleTracer<ArrayXf>;
  const double infinite = HUGE_VAL, nan = std::nan("");
  CHECK(T(2, 20, infinite).scale()(1) == INFINITY);
  CHECK(std::isnan(T(2, 20, nan).scale()(1)));
  T t(2, 20, Eigen::Array2d(nan, 1));
  t.set_scale(-infinite);
  CHECK(t.scale()(0) == -INFINITY);
  CHECK(complaint<std::invalid_argument>([&] { t.set_base(nan); }, {"base", "nan"}) == "");
}
