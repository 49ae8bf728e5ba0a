// What the tracers say of themselves: names, types, shapes and values of every attribute.
#include <set>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

// Attributes, each with the value that all its elements have.
void check_values(spark::Shape shape, std::initializer_list<std::pair<ArrayXXd, double>> attributes) {
  for (const auto& [attribute, value] : attributes) {
    INFO("an attribute of value " << value);
    CHECK(spark::Shape(attribute.rows(), attribute.cols()) == shape);
    CHECK((attribute == value).all());
  }
}

// What was left out: scales, then as many bases.
template <class T> void check_defaults(const T& t) {
  constexpr int scales = T::parameters / 3;
  CHECK(t.dt() == 1);
  spark::detail::for_each_index<2 * scales>([&](auto j) {
    check_values(2, {{t.template parameter<scales + j>(), j < scales ? 1 : 0}});
  });
}

}  // namespace

TEST_CASE("attributes of the single tracers") {
  const auto check = [](const auto& t, double decay) {
    CHECK(t.shape() == spark::Shape(3, 4));
    CHECK(t.size() == 12);
    CHECK(t.dt() == 0.5);
    CHECK(t.seed() == 17);
    check_values({3, 4}, {{t.scale(), 0.75}, {t.base(), 0.25}, {t.trace(), 0.25}, {t.value(), 0.25}});
    check_values({3, 4}, {{t.decay(), decay}});
  };
  const spark::Options options{0.5, 17};
  check(spark::Tracer<ArrayXXd>({3, 4}, 20, 0.75, 0.25, options), 0.5 / 20);
  check(spark::Tracer<ArrayXXd, Exact>({3, 4}, 20, 0.75, 0.25, options), -std::expm1(-0.025));
  check(spark::SaturableTracer<ArrayXXd>({3, 4}, 20, 0.75, 0.25, options), 0.5 / 20);
  check(spark::NearestTracer<ArrayXXd, Exact>({3, 4}, 20, 0.75, 0.25, options), -std::expm1(-0.025));
}

TEST_CASE("attributes of the double tracers") {
  const auto check = [](const auto& t) {
    CHECK(t.shape() == spark::Shape(5));
    check_values(t.shape(), {{t.scale_1(), 0.5}, {t.scale_2(), 0.75}, {t.base_1(), 0.125}, {t.base_2(), 0.25}});
    check_values(t.shape(), {{t.decay_1(), 0.1}, {t.decay_2(), 0.05}});
    check_values(t.shape(), {{t.trace_1(), 0.125}, {t.trace_2(), 0.25}, {t.value(), 0.25}});
  };
  check(spark::DoubleTracer<ArrayXd>(5, 10, 20, 0.5, 0.75, 0.125, 0.25));
  check(spark::SaturableDoubleTracer<ArrayXd>(5, 10, 20, 0.5, 0.75, 0.125, 0.25));
}

TEST_CASE("attributes of the release tracer") {
  spark::RUTracer<ArrayXd> t(5, 20, 10, 0.375);
  check_values(5, {{t.scale_U(), 0.375}, {t.decay_R(), 0.05}, {t.decay_U(), 0.1}});
  check_values(5, {{t.trace_R(), 1}, {t.trace_U(), 0}, {t.value(), 0}});
  // no facilitation: the usage lasts no longer than its step
  check_values(5, {{spark::RUTracer<ArrayXd, Exact>(5, 20, 0, 0.375).decay_U(), 1}});
}

TEST_CASE("attributes of the rising tracers") {
  spark::RDTracer<ArrayXd> t(5, 10, 20, 0.5, 0.75, 0.125, 0.25);
  check_values(5, {{t.scale_rise(), 0.5}, {t.scale_decay(), 0.75}, {t.base_rise(), 0.125}, {t.base_decay(), 0.25}});
  check_values(5, {{t.trace_rise(), 0.125}, {t.trace_decay(), 0.25}, {t.value(), 0.125}, {t.decay_decay(), 0.05}});
  check_values(5, {{t.tau_rise(), 10}, {t.tau_decay(), 20}});
  CHECK(close(real(t.decay_rise()(4)), 0.15L, 1e-15L));
  t.set_scale_decay(3);
  check_values(5, {{t.scale_decay(), 3}});

  spark::RFSTracer<ArrayXd> f(5, 0.25, 10, 20, 40);
  check_values(5, {{f.alpha(), 0.25}, {f.decay_fast(), 0.05}, {f.decay_slow(), 0.025}, {f.value(), 0}});
  check_values(5, {{f.trace_rise_fast(), 0}, {f.trace_fast(), 0}, {f.trace_rise_slow(), 0}, {f.trace_slow(), 0}});
  CHECK(close(real(f.decay_rise_fast()(4)), 0.15L, 1e-15L));
  CHECK(close(real(f.decay_rise_slow()(4)), 0.125L, 1e-15L));
}

TEST_CASE("defaults are scale 1, base 0, dt 1, with a shape and without") {
  using Two = Eigen::Array2d;
  check_defaults(spark::Tracer<ArrayXd>(2, 20)), check_defaults(spark::Tracer<Two>(20));
  check_defaults(spark::SaturableTracer<ArrayXd>(2, 20)), check_defaults(spark::SaturableTracer<Two>(20));
  check_defaults(spark::NearestTracer<ArrayXd>(2, 20)), check_defaults(spark::NearestTracer<Two>(20));
  check_defaults(spark::DoubleTracer<ArrayXd>(2, 20, 30)), check_defaults(spark::DoubleTracer<Two>(20, 30));
  check_defaults(spark::SaturableDoubleTracer<ArrayXd>(2, 20, 30));
  check_defaults(spark::SaturableDoubleTracer<Two>(20, 30));
  check_defaults(spark::RDTracer<ArrayXd>(2, 3, 20)), check_defaults(spark::RDTracer<Two>(3, 20));
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
  spark::Tracer<Eigen::Array<double, 3, 1>> array(Eigen::Array3d(10, 20, 40));
  CHECK((Eigen::Array3d(array.decay()) == Eigen::Array3d(0.1, 0.05, 0.025)).all());
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
  const auto first = a.rng()();
  CHECK(first == b.rng()());
  CHECK(a.rng()() != first);
  std::set<std::uint64_t> seeds;
  for (int k = 0; k < 20; ++k) seeds.insert(spark::Tracer<ArrayXd>(2, 20).seed());
  CHECK(seeds.size() == 20);
}

TEST_CASE("a range takes a vector of either direction, and no matrix") {
  spark::Tracer<ArrayXd> t(6, 20);
  CHECK_NOTHROW(t.step(1, 4, ArrayXd::Ones(4)));
  CHECK_NOTHROW(t.step(1, 4, Eigen::RowVectorXd::Ones(4)));
  CHECK_THROWS_AS(t.step(1, 4, ArrayXXd::Ones(2, 2)), std::invalid_argument);
  CHECK_THROWS_AS(t.step(4, -1, ArrayXd::Ones(0)), std::invalid_argument);
  const std::vector<std::uint64_t> words(2);
  CHECK_NOTHROW(t(spark::spike_bits(words, 6)));
  CHECK_THROWS_AS(t(spark::spike_bits(words, 6, 2)), std::invalid_argument);
}
