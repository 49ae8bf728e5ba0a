// What the interface promises about types, checked by the compiler: each promise beside its opposite.
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
static_assert(!std::is_same_v<spark::Tracer<ArrayXf>, spark::Tracer<ArrayXf, Exact>>);

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

// What may be constructed from what.
template <class T, class... Args> constexpr bool takes = std::is_constructible_v<T, Args...>;
using Shape = decltype(std::declval<const Single&>().shape());
using Fixed = spark::Tracer<Eigen::Array<float, 4, 1>>;
static_assert(takes<Single, int, int> && takes<Single, int, double, float, int>);
static_assert(takes<Single, int, ArrayXf> && takes<Single, Shape, double, ArrayXf, double>);
static_assert(!takes<Single, int> && takes<Single>);
static_assert(!takes<spark::Tracer<Eigen::Map<ArrayXf>>>, "memory of the caller is not made up");
static_assert(!takes<Single, int, std::string> && !takes<Single, std::string, double>);
static_assert(!takes<Single, int, double, double, double, double>);
static_assert(takes<Fixed, double> && takes<Fixed, Eigen::Array<float, 4, 1>, double>);
static_assert(takes<Fixed> && takes<Fixed, Shape, double>);
static_assert(takes<Fixed, int, double>, "a number in first place is tau");
static_assert(!takes<Release, int, double, double> && takes<Release, int, double, double, double>,
              "no default scale_U");

// Events are values too, made from a tracer and turned back, but not by accident.
using Events = spark::EventDriven<Single>;
static_assert(std::is_nothrow_move_constructible_v<Events> && std::is_copy_constructible_v<Events>);
static_assert(takes<Events, Single> && takes<Single, Events&>);
static_assert(!std::is_convertible_v<Single, Events>);
static_assert(!takes<Events, Double> && !takes<Events, int, double>);

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
