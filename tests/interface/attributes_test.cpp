// What the tracers say of themselves, and what they are told: types, each promise beside its opposite, checked by the
// compiler; names, shapes and values of every attribute.
#include <set>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

template <class Kind, class A, class Integration, class Other> constexpr bool keeps_contract() {
  using T = typename Kind::template type<A, Integration>;
  using O = typename Kind::template type<A, Other>;
  static_assert(std::is_copy_constructible_v<T> && std::is_copy_assignable_v<T>);
  // Moves that may throw would make a growing std::vector copy every trace.
  static_assert(std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T>);
  static_assert(std::is_nothrow_destructible_v<T> && std::is_nothrow_swappable_v<T>);
  // To be assigned to; and no virtual table.
  static_assert(std::is_default_constructible_v<T> && !std::is_polymorphic_v<T>);
  static_assert(std::is_base_of_v<spark::BaseTracer<T, A, typename T::Law>, T>);
  static_assert(!std::is_base_of_v<spark::BaseTracer<O, A, typename O::Law>, T>, "the base knows the whole class");
  // Integrations are not mixed up by accident, nor is a number a tracer.
  static_assert(!std::is_convertible_v<O, T> && !std::is_constructible_v<T, O>);
  static_assert(!std::is_convertible_v<int, T> && !std::is_convertible_v<A, T>);
  return true;
}

template <class A, class... Kind> constexpr bool all_keep_contract(Kinds<Kind...>) {
  return (keeps_contract<Kind, A, Euler, Exact>() && ...) && (keeps_contract<Kind, A, Exact, Euler>() && ...);
}

static_assert(all_keep_contract<ArrayXf>(EveryKind()));
static_assert(all_keep_contract<Eigen::Array<double, 3, 4>>(EveryKind()));
static_assert(all_keep_contract<Eigen::Array<Eigen::half, 1, Eigen::Dynamic>>(EveryKind()));

// Euler is the default.
static_assert(std::is_same_v<spark::Tracer<ArrayXf>, spark::Tracer<ArrayXf, Euler>>);

#define TYPE_OF(Tracer, call) decltype(std::declval<const Tracer&>().call)

// Traces are references to what is stored: no copy, and no way to write past the checks.
using Single = spark::Tracer<ArrayXf>;
using Saturable = spark::SaturableTracer<ArrayXXf>;
using Double = spark::DoubleTracer<ArrayXf>;
using Release = spark::RUTracer<ArrayXf>;
template <class A, class... X> constexpr bool are_stored = (std::is_same_v<X, const A&> && ...);
static_assert(are_stored<ArrayXf, TYPE_OF(Single, trace()), TYPE_OF(Single, value())>);
static_assert(are_stored<ArrayXXf, TYPE_OF(Saturable, trace())>);
static_assert(are_stored<ArrayXf, TYPE_OF(Double, trace_1()), TYPE_OF(Double, trace_2()), TYPE_OF(Double, value())>);
static_assert(are_stored<ArrayXf, TYPE_OF(Release, trace_R()), TYPE_OF(Release, trace_U())>);
static_assert(!std::is_same_v<decltype(std::declval<Single&>().trace()), ArrayXf&>);

// Parameters and decays are expressions: a number is not blown up to an array.
template <class X> constexpr bool is_expression = std::is_base_of_v<Eigen::DenseBase<std::decay_t<X>>, std::decay_t<X>>;
static_assert(is_expression<TYPE_OF(Single, decay())> && is_expression<TYPE_OF(Single, scale())>);
static_assert(is_expression<TYPE_OF(Double, base_2())> && is_expression<TYPE_OF(Release, scale_U())>);
static_assert(is_expression<TYPE_OF(Release, value())> && !is_expression<TYPE_OF(Single, dt())>);
static_assert(!std::is_same_v<std::decay_t<TYPE_OF(Single, decay())>, ArrayXf>);

static_assert(std::is_same_v<TYPE_OF(Single, dt()), double> && std::is_same_v<TYPE_OF(Single, size()), Index> &&
              std::is_same_v<TYPE_OF(Single, seed()), std::uint64_t>);

// The scalar of value() is the scalar of the tracer, so that `Array v = tracer.value()` compiles.
template <class T> using ValueScalar = typename std::decay_t<TYPE_OF(T, value())>::Scalar;
template <class S, class... Kind> constexpr bool value_scalars_are(Kinds<Kind...>) {
  return (std::is_same_v<ValueScalar<typename Kind::template type<Column<S>, Euler>>, S> && ...);
}
static_assert(value_scalars_are<float>(EveryKind()) && value_scalars_are<long double>(EveryKind()));
static_assert(value_scalars_are<Eigen::half>(EveryKind()) && value_scalars_are<Eigen::bfloat16>(EveryKind()));

// What may be constructed from what, and what not; shapes and numbers of any kind are below.
template <class T, class... Args> constexpr bool takes = std::is_constructible_v<T, Args...>;
static_assert(!takes<Single, int> && takes<Single>);
static_assert(!takes<spark::Tracer<Eigen::Map<ArrayXf>>>, "memory of the caller is not made up");
static_assert(!takes<Single, int, std::string> && !takes<Single, std::string, double>);
static_assert(!takes<Single, int, double, double, double, double>);
static_assert(!takes<Release, int, double, double> && takes<Release, int, double, double, double>,
              "no default scale_U");

// Events are values too, made from a tracer and turned back, but not by accident.
using Events = spark::EventDriven<Single>;
static_assert(std::is_nothrow_move_constructible_v<Events> && std::is_copy_constructible_v<Events>);
static_assert(takes<Events, Single> && takes<Single, Events&>);
static_assert(!std::is_convertible_v<Single, Events>);
static_assert(!takes<Events, Double> && !takes<Events, int, double>);

constexpr Index n = 21;

// A parameter by its name: how it is read, and how it is set.
#define PARAMETER(name) \
  std::pair([](const auto& t) { return t.name().eval(); }, [](auto& t, const auto& p) { t.set_##name(p); })

// Sets every parameter in turn, from a number or an array to a number or an array: the tracer is then a new one with
// that parameter and the old state.
template <class Kind, class S, class... Name> void check_parameters(const Name&... name) {
  using T = typename Kind::template type<Column<S>, Exact>;
  using P = typename T::Parameter;
  struct Named {
    Column<float> (*read)(const T&);
    void (*set)(T&, const P&);
  };
  const std::array named{Named{name.first, name.second}...};
  static_assert(named.size() == Kind::typical.size(), "every parameter of the class");
  Random random(301);
  const auto value = [&](double p, bool array) -> P {
    if (!array) return p * random.uniform(0.5, 1);
    return Column<double>::NullaryExpr(n, [&](Index) { return p * random.uniform(0.5, 1); });
  };
  const auto make = [](const auto&... p) { return T(n, p..., spark::Options{0.5, 3}); };
  const ArrayXf x = ArrayXf::NullaryExpr(n, [&] { return random.chance(0.3) ? 1.0f : 0.0f; });
  for (std::size_t k = 0; k < named.size(); ++k)
    for (int form = 0; form < 4; ++form) {
      auto given = std::apply([&](auto... p) { return std::array{value(p, form % 2 == 1)...}; }, Kind::typical);
      T tracer = std::apply(make, given);
      for (int step = 0; step < 5; ++step) tracer(x);
      given[k] = value(Kind::typical[k], form / 2 == 1);
      named[k].set(tracer, given[k]);
      T fresh = std::apply(make, given);
      for (int j = 0; j < T::states; ++j) set_state<Kind>(fresh, j, *states<Kind>(tracer)[std::size_t(j)]);
      INFO(Kind::name << "<" << scalar_name<S>() << ">, parameter " << k << ", form " << form);
      for (std::size_t j = 0; j < named.size(); ++j) {
        const auto want = Column<float>::NullaryExpr(n, [&](Index i) { return static_cast<float>(given[j](i, 0)); });
        CHECK(identical(named[j].read(tracer), want));
      }
      CHECK(identical(tracer.value(), fresh.value()));
      for (int step = 0; step < 5; ++step) CHECK(identical(tracer(x), fresh(x)));
      CHECK(tracer.clock() == 10);
      tracer.advance(7), fresh.advance(7);
      CHECK(identical(tracer.value(), fresh.value()));
    }
}

template <class Kind, class... Name> void check_float_and_half(const Name&... name) {
  check_parameters<Kind, float>(name...), check_parameters<Kind, Eigen::half>(name...);
}

// What was left out: as many scales as time constants, then as many bases.
template <class Kind, class... Tau> void check_defaults(Tau... tau) {
  constexpr int count = sizeof...(tau);
  const auto check = [](const auto& t) {
    CHECK(t.dt() == 1);
    spark::detail::for_each_index<2 * count>([&](auto j) {
      CHECK(identical(t.template parameter<count + j>(), Eigen::Array2d::Constant(j < count ? 1 : 0)));
    });
  };
  check(typename Kind::template type<ArrayXd, Euler>(2, tau...));
  check(typename Kind::template type<Eigen::Array2d, Euler>(tau...));
}

}  // namespace

TEST_CASE("a vector of tracers moves them when it grows") {
  std::vector<Single> all;
  all.emplace_back(1000, 20);
  const float* state = all[0].trace().data();
  for (int k = 0; k < 100; ++k) all.emplace_back(3, 20);
  CHECK(all[0].trace().data() == state);
}

TEST_CASE("swapping and assigning take over shape and parameters, not only the state") {
  Single a(3, 20, 0.5), b(5, ArrayXf::LinSpaced(5, 40, 80), 2, 0.25);
  a(ArrayXf::Ones(3));
  std::swap(a, b);
  CHECK((a.size() == 5 && b.size() == 3));
  CHECK(((a.trace() == 0.25f).all() && (b.trace() == 0.5f).all()));
  CHECK(a.decay()(0) == 0.025f);
  b = a;
  CHECK(b.size() == 5);
  const ArrayXf x = ArrayXf::LinSpaced(5, 0, 1);
  CHECK(identical(b(x), a(x)));
}

TEST_CASE("the members of an aggregate are reached by number") {
  spark::detail::for_each_index<8>([](auto last) {
    constexpr int count = last + 1;
    std::array<double, count> a{};
    STATIC_REQUIRE(spark::detail::members<std::array<double, count>, double> == count);
    spark::detail::for_each_index<count>([&](auto j) { CHECK(&spark::detail::member<j, count>(a) == &a[j]); });
  });
}

TEMPLATE_LIST_TEST_CASE("parameters of single tracers are read and set by name", "", SingleKinds) {
  check_parameters<TestType, float>(PARAMETER(tau), PARAMETER(scale), PARAMETER(base));
}

TEMPLATE_LIST_TEST_CASE("parameters of double tracers are read and set by name", "", DoubleKinds) {
  check_float_and_half<TestType>(PARAMETER(tau_1), PARAMETER(tau_2), PARAMETER(scale_1), PARAMETER(scale_2),
                                 PARAMETER(base_1), PARAMETER(base_2));
}

TEST_CASE("parameters of the other tracers are read and set by name") {
  check_float_and_half<RUTracerKind>(PARAMETER(R_tau), PARAMETER(U_tau), PARAMETER(scale_U));
  check_float_and_half<RDTracerKind>(PARAMETER(tau_rise), PARAMETER(tau_decay), PARAMETER(scale_rise),
                                     PARAMETER(scale_decay), PARAMETER(base_rise), PARAMETER(base_decay));
  check_parameters<RFSTracerKind, float>(PARAMETER(alpha), PARAMETER(tau_rise), PARAMETER(tau_fast_decay),
                                         PARAMETER(tau_slow_decay));
}

// For all time constants: precision_test.cpp.
TEST_CASE("decays are read by name; a rise has that of its decay added") {
  CHECK(spark::Tracer<ArrayXd, Exact>(1, 20, spark::Options{0.5}).decay()(0) == -std::expm1(-0.025));
  CHECK(spark::RUTracer<ArrayXd, Exact>(1, 20, 0, 0.375).decay_U()(0) == 1);  // U lasts no longer than its step
  const spark::RDTracer<ArrayXd> single(1, 10, 20);
  CHECK(single.decay_decay()(0) == 0.05);
  CHECK(close(real(single.decay_rise()(0)), 0.15L, 1e-15L));
  const spark::RFSTracer<ArrayXd> both(1, 0.25, 10, 20, 40);
  CHECK((both.decay_fast()(0) == 0.05 && both.decay_slow()(0) == 0.025));
  CHECK(close(real(both.decay_rise_fast()(0)), 0.15L, 1e-15L));
  CHECK(close(real(both.decay_rise_slow()(0)), 0.125L, 1e-15L));
}

TEST_CASE("defaults are scale 1, base 0, dt 1, with a shape and without") {
  check_defaults<TracerKind>(20), check_defaults<SaturableTracerKind>(20), check_defaults<NearestTracerKind>(20);
  check_defaults<DoubleTracerKind>(20, 30), check_defaults<SaturableDoubleTracerKind>(20, 30);
  check_defaults<RDTracerKind>(3, 20);
}

TEST_CASE("array, column and row parameters keep their values in place") {
  ArrayXXd tau(2, 3);
  tau << 10, 20, 40, 80, 160, 320;
  const Eigen::Array2d scale(0.5, 2);
  const Eigen::Array<double, 1, 3> base(1, 2, 3);
  const auto check = [&](const auto& t, double factor) {
    CHECK((ArrayXXd(t.decay()) == 1 / tau).all());
    CHECK((ArrayXXd(t.scale()) == factor * scale.replicate(1, 3)).all());
    CHECK((ArrayXXd(t.base()) == factor * base.replicate(2, 1)).all());
    CHECK((ArrayXXd(t.trace()) == factor * base.replicate(2, 1)).all());
  };
  check(spark::Tracer<ArrayXXd>({2, 3}, tau, scale, base), 1);
  check(spark::Tracer<RowMajor<double>>({2, 3}, tau, scale, base), 1);
  // of another scalar, matrices, and expressions
  check(spark::Tracer<ArrayXXd>({2, 3}, tau.cast<float>(), (4 * scale).cast<int>() / 2, base.matrix() * 2.0), 2);
}

TEST_CASE("numbers of any type are parameters") {
  spark::Tracer<ArrayXf> ints(2, 20, 1, 0), floats(2, 20.0f, 1.0f, 0.0f), doubles(2, 20.0, 1.0, 0.0),
      longs(2, 20.0L, 1L, 0u), halves(2, Eigen::half(20), 1, 0);
  for (const auto* t : {&floats, &doubles, &longs, &halves})
    CHECK(identical(ArrayXf(t->decay()), ArrayXf(ints.decay())));
}

TEST_CASE("a shape is what the array type leaves open") {
  CHECK(spark::Tracer<Eigen::Array<float, 16, 1>>(20).size() == 16);
  CHECK(spark::DoubleTracer<Eigen::Array<float, 2, 8>>(20, 30).shape() == spark::Shape(2, 8));
  CHECK(spark::RUTracer<Eigen::Array<double, 1, 4>>(20, 30, 0.5).shape() == spark::Shape(1, 4));
  CHECK(spark::Tracer<Eigen::Array<float, 1, Eigen::Dynamic>>(7, 20).shape() == spark::Shape(1, 7));
  const spark::Tracer<ArrayXXd> table({3, 4}, 20);
  CHECK(table.shape() == spark::Shape(3, 4));
  CHECK(identical(table.decay(), ArrayXXd::Constant(3, 4, 0.05)));  // a number, in all elements
  CHECK(spark::Tracer<Eigen::Array3d>(3, 2).tau()(0) == 3);
  CHECK(spark::Tracer<Eigen::Array3d>(spark::Shape(3), 2).tau()(0) == 2);
  CHECK(spark::Tracer<Eigen::Array3d>(Eigen::Array3d(10, 20, 40)).decay()(2) == 0.025);
}

TEST_CASE("options may follow any number of parameters") {
  const spark::Options fine{0.1};
  CHECK(spark::Tracer<ArrayXd>(2, 20, fine).dt() == 0.1);
  CHECK(spark::Tracer<ArrayXd>(2, 20, 3, fine).scale()(1) == 3);
  CHECK(spark::DoubleTracer<ArrayXd>(2, 20, 30, fine).dt() == 0.1);
  CHECK(spark::RUTracer<ArrayXd>(2, 20, 30, 0.5, fine).dt() == 0.1);
  CHECK(spark::Tracer<ArrayXd>(2, 20, 1, 0, {0.1}).dt() == 0.1);
}

TEST_CASE("a default tracer is there to be assigned to") {
  std::vector<spark::DoubleTracer<ArrayXd>> all(4);
  CHECK(all[2].size() == 0);
  all[2] = spark::DoubleTracer<ArrayXd>(2, 10, 20);
  CHECK((all[2].size() == 2 && all[2].decay_1()(0) == 0.1));
  const spark::RUTracer<Eigen::Array3d> fixed;
  CHECK((fixed.size() == 3 && std::isinf(fixed.R_tau()(0))));
}

TEST_CASE("a tracer of no elements does nothing") {
  spark::DoubleTracer<ArrayXd> t(0, 20, 30);
  CHECK(t.size() == 0);
  t(ArrayXd(0));
  t(spark::spikes(std::vector<int>()));
  t.advance(5);
  t.reset();
  CHECK(t.value().size() == 0);
  CHECK(spark::Tracer<ArrayXXd>({3, 0}, 20).size() == 0);
}

TEST_CASE("every tracer owns a generator") {
  const spark::Options options{1, 5};
  spark::Tracer<ArrayXd> a(2, 20, options), b(2, 20, options);
  CHECK(a.seed() == 5);
  const auto first = a.rng()();
  CHECK(first == b.rng()());
  CHECK(a.rng()() != first);
  std::set<std::uint64_t> seeds;
  for (int k = 0; k < 20; ++k) seeds.insert(spark::Tracer<ArrayXd>(2, 20).seed());
  CHECK(seeds.size() == 20);
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
  both([&](auto& t) { t.advance(readings - 12), t.run(Eigen::MatrixXd::Identity(5, 10)); });
  // once in 2^31 steps readings begin anew, here within a run
  both([&](auto& t) { t.advance(readings / 2 - 30), t.run(Eigen::MatrixXd::Identity(5, 10).replicate(1, 10)); });
  both([&](auto& t) { t.set_dt(0.5), t(spark::spikes(fired)), t.advance(9); });
  CHECK_THROWS_AS(events.set_trace_2(ArrayXd::Ones(2)), std::invalid_argument);
}

// All else that set_dt keeps: laws_test.cpp. A ratio of two dt that is subnormal has lost digits.
TEST_CASE("a gain follows dt by way of the longest step") {
  spark::DoubleTracer<ArrayXd, Exact> tracer(1, 6, 20, 0.75, 0.03125);
  tracer.set_dt(1e308), tracer.set_dt(3e-8);
  CHECK(close(static_cast<real>(tracer.scale_2()(0)), 0.03125L * 3e-8L, 1e-15L));
}
