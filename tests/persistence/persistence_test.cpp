// k steps, a save, a load and the rest equal one run, bit for bit: every kind, integration, scalar and shape.
#include <cmath>

#include "support/catch.hpp"
#include "support/kinds.hpp"
#include "support/persistence.hpp"

using namespace suite;

namespace {

template <class T> void go_on(T& tracer) {
  Random random(5);
  take_steps(tracer, random, 7);
  tracer.set_dt(tracer.dt() / 2);  // from the parameters as they were given
  take_steps(tracer, random, 7);
}

// `other` has the same shape, and differs in all else.
template <class T> void check(T tracer, T other) {
  INFO(T::Dense::name << ", " << scalar_name<typename T::Dense::Scalar>());
  Random random(3);
  take_steps(tracer, random, 9);
  tracer.rng().discard(11);
  const std::string bytes = saved(tracer);

  T copy = loaded<T>(bytes);
  CHECK_FALSE(same(other, tracer));
  load_into(other, bytes);
  const T before = tracer;
  go_on(tracer);
  for (T* each : {&copy, &other}) {
    CHECK(same(*each, before));
    go_on(*each);
    CHECK(same(*each, tracer));
  }
  CHECK(saved(tracer) != bytes);
}

using Halves = Column<Eigen::half>;

// Most elements are not where the clock is when they are saved: a quarter spikes in each step.
template <class Dense> void check_events(const Dense& start) {
  spark::EventDriven<Dense> events(start), other(start);
  events.advance(30);
  other.set_dt(0.25);
  check(events, other);
}

// A tracer of one's own, made otherwise than the library's.
struct Squared : spark::Leak<spark::Exact> {
  template <class C, class S> static auto value(const C&, const S& s) { return s.trace * s.trace; }
};
class SquaredTracer : public spark::BaseTracer<SquaredTracer, ArrayXf, Squared> {
 public:
  static inline const char* name = "SquaredTracer";

  SquaredTracer() = default;
  SquaredTracer(int size, double tau) : BaseTracer(spark::Shape(size), {tau, 1, 0}, {1, 4}) {}
};

}  // namespace

TEMPLATE_LIST_TEST_CASE("every class goes on where it was", "", EveryKind) {
  const auto check_with = [](auto integration) {
    using T = typename TestType::template type<ArrayXf, decltype(integration)>;
    const auto make = [](auto... standard) {
      int k = 0;
      const auto given = [&](double p) -> typename T::Parameter {  // numbers of more digits than float has, and arrays
        if (k++ % 2 == 0) return 0.99 * p;
        return ArrayXf(static_cast<float>(p) * ArrayXf::LinSpaced(77, 0.75f, 1));
      };
      return T{77, given(standard)..., spark::Options{0.7, 0xfedcba9876543210u}};
    };
    check(std::apply(make, TestType::typical), typical<TestType, ArrayXf, decltype(integration)>(77));
  };
  check_with(Euler());
  check_with(Exact());
}

TEST_CASE("every scalar and shape goes on where it was") {
  using Fixed = spark::DoubleTracer<Eigen::Array<double, 3, 4>, spark::Exact>;
  check(Fixed({3, 4}, Eigen::Array3d(10, 20, 30), 15.1), Fixed({3, 4}, 5, 6));
  using Long = spark::RDTracer<Eigen::Array<long double, 1, Eigen::Dynamic>>;
  check(Long(70, 3.1L, 20.1L), Long(70, 5, 6));
  for (const spark::Rounding rounding : {spark::Rounding::Nearest, spark::Rounding::Stochastic}) {
    const spark::Options options{0.7, 4, rounding};
    using Half = spark::Tracer<Halves>;
    check(Half(77, ArrayXd::LinSpaced(77, 20, 80), 0.3, 0.2, options), Half(77, 30));
    using Brain = spark::RUTracer<RowMajor<Eigen::bfloat16>, spark::Exact>;
    check(Brain({7, 11}, 20.1, 30.1, 0.5, options), Brain({7, 11}, 20, 30, 0.5));
  }
}

TEST_CASE("elements that are ahead of others stay ahead") {
  using T = spark::Tracer<Halves, spark::Exact>;
  T tracer(100, 300.0, 0.3, 0.1, {1, 7, spark::Rounding::Stochastic});
  const ArrayXf x = ArrayXf::LinSpaced(100, 0, 1);
  T whole = tracer;
  for (int k = 0; k < 3; ++k) whole(x);
  for (int k = 0; k < 2; ++k) tracer.step(0, 33, x.head(33));
  tracer.step(33, 67, x.tail(67));
  T copy = loaded<T>(saved(tracer));
  for (T* each : {&tracer, &copy}) {
    each->step(33, 67, x.tail(67));
    (*each)(x);
    CHECK(same(*each, whole));
  }
}

TEST_CASE("event-driven tracers go on where they were") {
  spark::Options options{0.75, 21};
  check_events(spark::Tracer<ArrayXf, spark::Exact>(20, 30.3, 0.7, 0.1, options));
  check_events(spark::RUTracer<ArrayXd>(20, 100, ArrayXd::LinSpaced(20, 10, 50), 0.5, options));
  check_events(spark::SaturableDoubleTracer<ArrayXf>(20, 10, 20, 1, 0.25, 0.5, 0.25, options));
  options.rounding = spark::Rounding::Stochastic;
  check_events(spark::RFSTracer<Halves, spark::Exact>(20, 0.25, 5, 100, 9000, options));
}

TEST_CASE("a tracer of one's own goes on where it was") {
  SquaredTracer tracer(90, 20);
  check(tracer, SquaredTracer(90, 30));
  std::string name(255, 'a');
  SquaredTracer::name = name.c_str();
  load_into(tracer, saved(tracer));
  SquaredTracer::name = (name += 'a').c_str();
  CHECK(refusal([&] { saved(tracer); }, {"cannot save", "255"}) == "");
}

TEST_CASE("infinity, NaN, signed zeros and empty shapes pass") {
  const auto passes = [](const auto& t) { return same(loaded<std::decay_t<decltype(t)>>(saved(t)), t); };
  using T = spark::RUTracer<ArrayXf>;
  T tracer(3, INFINITY, Eigen::Array3f(10, INFINITY, 20), 0.5);
  tracer(Eigen::Array3f(0, std::nanf("7"), 1));
  CHECK(std::isnan(tracer.trace_U()(1)));
  CHECK(passes(tracer));
  spark::Tracer<ArrayXd> open(2, INFINITY);
  open.set_trace(Eigen::Array2d(-0.0, -INFINITY));
  CHECK(passes(open));
  using Matrix = spark::Tracer<ArrayXXf>;
  CHECK(passes(Matrix({0, 5}, 20)));
  CHECK(passes(Matrix({0, 5}, Eigen::Array<float, 1, 5>::Constant(3))));
  CHECK(passes(Matrix({0, 5}, ArrayXXf(0, 5))));
}

TEST_CASE("several tracers follow each other in a stream") {
  using A = spark::Tracer<ArrayXf>;
  using B = spark::RUTracer<ArrayXd>;
  const A a(3, 20), c(5, 40);
  const B b(2, 100, 50, 0.5);
  std::stringstream stream(saved(a) + saved(b) + saved(c) + "and more");
  CHECK(same(spark::load<A>(stream), a));
  CHECK(same(spark::load<B>(stream), b));
  CHECK(same(spark::load<A>(stream), c));
  CHECK(std::string(std::istreambuf_iterator<char>(stream), {}) == "and more");
}

TEST_CASE("a tracer over the caller's memory is saved, and loaded into") {
  using View = Eigen::Map<ArrayXf>;
  using Mapped = spark::DoubleTracer<View>;
  ArrayXXf memory(9, 2), others(9, 2);
  Mapped tracer({View(memory.data(), 9), View(memory.data() + 9, 9)}, 10, 20);
  go_on(tracer);
  Mapped other({View(others.data(), 9), View(others.data() + 9, 9)}, 5, 6);
  load_into(other, saved(tracer));
  CHECK(identical(memory, others));
  // in a file it does not matter whose the memory was
  auto own = loaded<spark::DoubleTracer<ArrayXf>>(saved(tracer));
  go_on(tracer), go_on(other), go_on(own);
  CHECK(same(other, tracer));
  CHECK(identical(own.value(), tracer.value()));
}
