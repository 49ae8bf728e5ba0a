// What the tracers say of themselves: names, types, shapes and values of every attribute.
#include <limits>
#include <set>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;
using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using spark::Exact;

namespace {

template <class X> bool all_equal(const X& x, double v) { return (ArrayXXd(x.matrix()) == v).all(); }

template <class X> bool has_shape(const X& x, Index rows, Index cols) { return x.rows() == rows && x.cols() == cols; }

}  // namespace

TEST_CASE("attributes of the single tracers") {
  const auto check = [](const auto& t) {
    CHECK(t.shape().rows == 3);
    CHECK(t.shape().cols == 4);
    CHECK(t.size() == 12);
    CHECK(t.dt() == 0.5);
    CHECK(t.seed() == 17);
    for (const ArrayXXd& x :
         {ArrayXXd(t.scale()), ArrayXXd(t.base()), ArrayXXd(t.decay()), t.trace(), ArrayXXd(t.value())})
      CHECK(has_shape(x, 3, 4));
    CHECK(all_equal(t.scale(), 0.75));
    CHECK(all_equal(t.base(), 0.25));
    CHECK(all_equal(t.trace(), 0.25));
    CHECK(all_equal(t.value(), 0.25));
  };
  spark::Options options;
  options.dt = 0.5;
  options.seed = 17;
  spark::Tracer<ArrayXXd> euler({3, 4}, 20, 0.75, 0.25, options);
  check(euler);
  CHECK(all_equal(euler.decay(), 0.5 / 20));
  spark::Tracer<ArrayXXd, Exact> exact({3, 4}, 20, 0.75, 0.25, options);
  check(exact);
  CHECK(close(real(exact.decay()(2, 3)), -std::expm1(-0.025L), 1e-15L));
  check(spark::SaturableTracer<ArrayXXd>({3, 4}, 20, 0.75, 0.25, options));
  check(spark::NearestTracer<ArrayXXd, Exact>({3, 4}, 20, 0.75, 0.25, options));
}

TEST_CASE("attributes of the double tracers") {
  const auto check = [](const auto& t) {
    CHECK(t.shape().rows == 5);
    CHECK(t.shape().cols == 1);
    CHECK(all_equal(t.scale_1(), 0.5));
    CHECK(all_equal(t.scale_2(), 0.75));
    CHECK(all_equal(t.base_1(), 0.125));
    CHECK(all_equal(t.base_2(), 0.25));
    CHECK(all_equal(t.decay_1(), 0.1));
    CHECK(all_equal(t.decay_2(), 0.05));
    CHECK(all_equal(t.trace_1(), 0.125));
    CHECK(all_equal(t.trace_2(), 0.25));
    CHECK(all_equal(t.value(), 0.25));
    CHECK(has_shape(t.decay_2(), 5, 1));
  };
  check(spark::DoubleTracer<ArrayXd>(5, 10, 20, 0.5, 0.75, 0.125, 0.25));
  check(spark::SaturableDoubleTracer<ArrayXd>(5, 10, 20, 0.5, 0.75, 0.125, 0.25));
}

TEST_CASE("attributes of the release tracer") {
  spark::RUTracer<ArrayXd> t(5, 20, 10, 0.375);
  CHECK(all_equal(t.scale_U(), 0.375));
  CHECK(all_equal(t.decay_R(), 0.05));
  CHECK(all_equal(t.decay_U(), 0.1));
  CHECK(all_equal(t.trace_R(), 1));
  CHECK(all_equal(t.trace_U(), 0));
  CHECK(all_equal(t.value(), 0));
  // no facilitation: the usage lasts no longer than its step
  spark::RUTracer<ArrayXd, Exact> depressing(5, 20, 0, 0.375);
  CHECK(all_equal(depressing.decay_U(), 1));
}

TEST_CASE("attributes of the rising tracers") {
  spark::RDTracer<ArrayXd> t(5, 10, 20, 0.5, 0.75, 0.125, 0.25);
  CHECK(all_equal(t.scale_rise(), 0.5));
  CHECK(all_equal(t.scale_decay(), 0.75));
  CHECK(all_equal(t.base_rise(), 0.125));
  CHECK(all_equal(t.base_decay(), 0.25));
  CHECK(close(real(t.decay_rise()(4)), 0.15L, 1e-15L));
  CHECK(all_equal(t.decay_decay(), 0.05));
  CHECK(all_equal(t.trace_rise(), 0.125));
  CHECK(all_equal(t.trace_decay(), 0.25));
  CHECK(all_equal(t.value(), 0.125));

  spark::RFSTracer<ArrayXd> f(5, 0.25, 10, 20, 40);
  CHECK(all_equal(f.alpha(), 0.25));
  CHECK(close(real(f.decay_rise_fast()(4)), 0.15L, 1e-15L));
  CHECK(all_equal(f.decay_fast(), 0.05));
  CHECK(close(real(f.decay_rise_slow()(4)), 0.125L, 1e-15L));
  CHECK(all_equal(f.decay_slow(), 0.025));
  for (const ArrayXd& x :
       {f.trace_rise_fast(), f.trace_fast(), f.trace_rise_slow(), f.trace_slow(), ArrayXd(f.value())})
    CHECK(all_equal(x, 0));
}

TEST_CASE("defaults are scale 1, base 0, dt 1, with a shape and without") {
  using Two = Eigen::Array2d;
  const auto single = [](const auto& t) {
    CHECK(all_equal(t.scale(), 1));
    CHECK(all_equal(t.base(), 0));
    CHECK(t.dt() == 1);
  };
  single(spark::Tracer<ArrayXd>(2, 20)), single(spark::Tracer<Two>(20));
  single(spark::SaturableTracer<ArrayXd>(2, 20)), single(spark::SaturableTracer<Two>(20));
  single(spark::NearestTracer<ArrayXd>(2, 20)), single(spark::NearestTracer<Two>(20));
  const auto twice = [](const auto& t) {
    CHECK(all_equal(t.scale_1(), 1));
    CHECK(all_equal(t.scale_2(), 1));
    CHECK(all_equal(t.base_1(), 0));
    CHECK(all_equal(t.base_2(), 0));
  };
  twice(spark::DoubleTracer<ArrayXd>(2, 20, 30)), twice(spark::DoubleTracer<Two>(20, 30));
  twice(spark::SaturableDoubleTracer<ArrayXd>(2, 20, 30)), twice(spark::SaturableDoubleTracer<Two>(20, 30));
  const auto rising = [](const auto& t) {
    CHECK(all_equal(t.scale_rise(), 1));
    CHECK(all_equal(t.scale_decay(), 1));
    CHECK(all_equal(t.base_rise(), 0));
    CHECK(all_equal(t.base_decay(), 0));
  };
  rising(spark::RDTracer<ArrayXd>(2, 3, 20)), rising(spark::RDTracer<Two>(3, 20));
}

TEST_CASE("array, column and row parameters keep their values in place") {
  ArrayXXd tau(2, 3);
  tau << 10, 20, 40, 80, 160, 320;
  const Eigen::Array2d scale(0.5, 2);
  const Eigen::Array<double, 1, 3> base(1, 2, 3);
  spark::Tracer<ArrayXXd> t({2, 3}, tau, scale, base);
  CHECK((ArrayXXd(t.decay()) == 1 / tau).all());
  CHECK((ArrayXXd(t.scale()) == scale.replicate(1, 3)).all());
  CHECK((ArrayXXd(t.base()) == base.replicate(2, 1)).all());
  CHECK((t.trace() == base.replicate(2, 1)).all());
  // a row-major tracer from column-major parameters
  using RowMajor = Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  spark::Tracer<RowMajor> r({2, 3}, tau, scale, base);
  CHECK((ArrayXXd(r.decay()) == 1 / tau).all());
  CHECK((ArrayXXd(r.scale()) == scale.replicate(1, 3)).all());
  // parameters of another scalar, matrices, and expressions
  spark::Tracer<ArrayXXd> f({2, 3}, tau.cast<float>(), scale.cast<int>() + 1, base.matrix() * 2.0);
  CHECK((ArrayXXd(f.decay()) == 1 / tau).all());
  CHECK((ArrayXXd(f.base()) == 2 * base.replicate(2, 1)).all());
}

TEST_CASE("numbers of any type are parameters") {
  spark::Tracer<Eigen::ArrayXf> ints(2, 20, 1, 0), floats(2, 20.0f, 1.0f, 0.0f), doubles(2, 20.0, 1.0, 0.0),
      longs(2, 20.0L, 1L, 0u), halves(2, Eigen::half(20), 1, 0);
  for (const auto* t : {&floats, &doubles, &longs, &halves})
    CHECK(identical(Eigen::ArrayXf(t->decay()), Eigen::ArrayXf(ints.decay())));
}

TEST_CASE("a tracer of fixed size needs no shape") {
  spark::Tracer<Eigen::Array<float, 16, 1>> t(20);
  CHECK(t.size() == 16);
  spark::DoubleTracer<Eigen::Array<float, 2, 8>> d(20, 30);
  CHECK(d.shape().rows == 2);
  CHECK(d.shape().cols == 8);
  spark::RUTracer<Eigen::Array<double, 1, 4>> r(20, 30, 0.5);
  CHECK(r.shape().rows == 1);
  CHECK(r.shape().cols == 4);
  spark::Tracer<Eigen::Array<double, 3, 1>> array(Eigen::Array3d(10, 20, 40));
  CHECK((Eigen::Array3d(array.decay()) == Eigen::Array3d(0.1, 0.05, 0.025)).all());
}

TEST_CASE("a row tracer has one row") {
  spark::Tracer<Eigen::Array<float, 1, Eigen::Dynamic>> t(7, 20);
  CHECK(t.shape().rows == 1);
  CHECK(t.shape().cols == 7);
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

TEST_CASE("set_dt recomputes every decay") {
  spark::DoubleTracer<ArrayXd, Exact> t(2, 10, 20);
  t.set_dt(0.25);
  CHECK(close(real(t.decay_1()(1)), -std::expm1(-0.025L), 1e-15L));
  CHECK(close(real(t.decay_2()(1)), -std::expm1(-0.0125L), 1e-15L));
  spark::RUTracer<ArrayXd> r(2, Eigen::Array2d(10, 20), 40, 0.5);
  r.set_dt(2);
  CHECK((ArrayXd(r.decay_R()) == Eigen::Array2d(0.2, 0.1)).all());
  CHECK(all_equal(r.decay_U(), 0.05));
}

TEST_CASE("every tracer owns a generator") {
  spark::Options options;
  options.seed = 5;
  spark::Tracer<ArrayXd> a(2, 20, 1, 0, options), b(2, 20, 1, 0, options);
  const auto draw = [](auto& t) { return t.rng()(); };
  const auto first = draw(a);
  CHECK(first == draw(b));
  CHECK(draw(a) != first);
  std::set<std::uint64_t> seeds;
  for (int k = 0; k < 20; ++k) seeds.insert(spark::Tracer<ArrayXd>(2, 20).seed());
  CHECK(seeds.size() == 20);
}

TEST_CASE("each parameter may differ from element to element, alone") {
  const Eigen::ArrayXd tau = Eigen::ArrayXd::LinSpaced(70, 5, 50), scale = Eigen::ArrayXd::LinSpaced(70, -1, 2),
                       base = Eigen::ArrayXd::LinSpaced(70, 0, 1), x = Eigen::ArrayXd::LinSpaced(70, 0, 3);
  using T = spark::Tracer<Eigen::ArrayXd>;
  T taus(70, tau, 2, 0.5), scales(70, 20, scale, 0.5), bases(70, 20, 2, base);
  for (int k = 0; k < 3; ++k) taus(x), scales(x), bases(x);
  for (Index i = 0; i < 70; ++i) {
    T of_tau(1, tau(i), 2, 0.5), of_scale(1, 20, scale(i), 0.5), of_base(1, 20, 2, base(i));
    for (int k = 0; k < 3; ++k) of_tau(x.segment(i, 1)), of_scale(x.segment(i, 1)), of_base(x.segment(i, 1));
    CHECK(taus.trace()(i) == of_tau.trace()(0));
    CHECK(scales.trace()(i) == of_scale.trace()(0));
    CHECK(bases.trace()(i) == of_base.trace()(0));
  }
}

TEST_CASE("a bound may be a parameter and a state") {
  using T = spark::SaturableTracer<Eigen::ArrayXd>;
  CHECK_NOTHROW(T(2, 20, 1, 1).set_trace(Eigen::ArrayXd::Ones(2)));
  CHECK_NOTHROW(T(2, 20, 1, 0).set_trace(Eigen::ArrayXd::Zero(2)));
  CHECK_THROWS_AS(T(2, 20).set_trace(Eigen::ArrayXd::Constant(2, 1.5)), std::invalid_argument);
  CHECK_NOTHROW(spark::Tracer<Eigen::ArrayXd>(2, 20).set_trace(Eigen::ArrayXd::Constant(2, 1.5)));
  CHECK_NOTHROW(spark::RUTracer<Eigen::ArrayXd>(2, 20, 20, 1));
}

TEST_CASE("a range takes a vector of either direction, and no matrix") {
  spark::Tracer<Eigen::ArrayXd> t(6, 20);
  CHECK_NOTHROW(t.step(1, 4, Eigen::ArrayXd::Ones(4)));
  CHECK_NOTHROW(t.step(1, 4, Eigen::RowVectorXd::Ones(4)));
  CHECK_THROWS_AS(t.step(1, 4, Eigen::ArrayXXd::Ones(2, 2)), std::invalid_argument);
  CHECK_THROWS_AS(t.step(4, -1, Eigen::ArrayXd::Ones(0)), std::invalid_argument);
  const std::vector<std::uint64_t> words(2);
  CHECK_NOTHROW(t(spark::spike_bits(words, 6)));
  CHECK_THROWS_AS(t(spark::spike_bits(words, 6, 2)), std::invalid_argument);
}
