// Promises that were once broken; each test begins with what went wrong.
#include <locale>

#include "support/catch.hpp"
#include "support/kinds.hpp"
#include "support/persistence.hpp"

using namespace suite;

// A share too small for float stood for "all is lost", and was multiplied by a tall trace.
TEMPLATE_TEST_CASE("a long silence ends at exactly base, however tall the trace", "", float, double) {
  using A = Column<TestType>;
  const double base = GENERATE(0.0, 0.25), height = GENERATE(1.0, 10.0, 1e5, 1e30);
  const auto check = [&](auto stepped) {
    stepped(A::Ones(1));
    auto silent = stepped;
    spark::EventDriven events(stepped);
    silent.advance(1000000), events.advance(1000000);
    for (TestType got : {silent.template state<0>()(0), events.template state<0>()(0)}) CHECK(got == TestType(base));
    if (base != 0) return;
    for (int k = 0; k < 20000; ++k) stepped(A::Zero(1));
    for (TestType got : {silent.value()(0), stepped.value()(0)}) CHECK(got == 0);
  };
  INFO("height " << height << ", base " << base);
  check(spark::Tracer<A, Exact>(1, 20.0, height, base));
  check(spark::Tracer<A>(1, 1.0, height, base));  // keeps nothing of a step
  check(spark::DoubleTracer<A, Exact>(1, 10.0, 20.0, height, 1, base, base));
}

// ... and what a tall trace still has may not be taken for nothing.
TEST_CASE("what is left of a tall trace is right up to the guard") {
  for (double height : {1.0, 100.0, 1e20, 1e38})
    for (int n : {100, 500, 1500, 1700, 1900, 2500, 3400, 3700, 5000}) {
      spark::Tracer<ArrayXf, Exact> advanced(2, 20.0, height), arrays(2, Eigen::Array2d(20, 20.5), height);
      advanced(ArrayXf::Ones(2)), arrays(ArrayXf::Ones(2));
      spark::EventDriven events(advanced);
      advanced.advance(n), events.advance(n), arrays.advance(n);
      const real want = to_real(static_cast<float>(height)) * std::exp(-n / 20.0L);
      INFO("height " << height << ", " << n << " steps");
      for (float got : {advanced.value()(0), events.value(0), arrays.value()(0)})
        CHECK(close(to_real(got), want, 1e-5L, 1e-37L));
    }
}

// Steps made a NaN of an infinite trace, the closed form kept infinity.
TEST_CASE("an infinite trace is NaN after a silence, by any way") {
  spark::Tracer<ArrayXf, Exact> steps(1, 20.0, 3e38f);
  CHECK(std::isinf(steps(ArrayXf::Constant(1, 2))(0)));
  auto silent = steps;
  spark::EventDriven ten(steps), hundred(steps);
  ten.advance(10), hundred.advance(100), silent.advance(100), steps(ArrayXf::Zero(1));
  for (float got : {steps.value()(0), silent.value()(0), ten.value(0), hundred.value(0)}) CHECK(std::isnan(got));
}

// A base below the guard started there and was 0 a step later; outputs were subnormal.
TEST_CASE("bases, scales and states below the guard are 0, and so are outputs") {
  const ArrayXf zero = ArrayXf::Zero(1), one = ArrayXf::Ones(1);
  for (float base : {1e-40f, 1e-38f, 5e-38f}) {
    spark::Tracer<ArrayXf> tracer(1, 20.0, base, base);
    CHECK(tracer.value()(0) == 0);
    CHECK(tracer.scale()(0) == 0);
    tracer.set_trace(ArrayXf::Constant(1, base));
    CHECK(tracer.value()(0) == 0);
  }
  spark::RUTracer<ArrayXf, Exact> synapse(1, INFINITY, 20.0, 0.5);
  spark::RDTracer<ArrayXf, Exact> rise(1, 1e6, 20.0);
  for (int k = 0; k < 30; ++k) synapse(one);
  rise(one);
  for (int k = 0; k < 3000; ++k) {
    REQUIRE(!is_subnormal(synapse(zero)(0)));
    REQUIRE(!is_subnormal(rise(zero)(0)));
    REQUIRE(!is_subnormal(ArrayXf(synapse.value())(0)));
  }
  synapse.set_trace_R(ArrayXf::Constant(1, 1e-6f)), synapse.set_trace_U(ArrayXf::Constant(1, 1e-33f));
  CHECK(synapse(zero)(0) == 0);
}

// The product of two shares is that of the numbers wherever it is not about to be subnormal.
TEMPLATE_TEST_CASE("a release is the product of its shares", "", float, double) {
  using A = Column<TestType>;
  Random random(331);
  spark::RUTracer<A, Exact> synapse(1, 1e9, 1e9, 0.5);
  for (int k = 0; k < 20000; ++k) {
    const A R = A::Constant(1, static_cast<TestType>(std::exp2(-random.uniform(0, 70))));
    const A U = A::Constant(1, static_cast<TestType>(std::exp2(-random.uniform(0, 70))));
    synapse.set_trace_R(R), synapse.set_trace_U(U);
    const real got = to_real(A(synapse.value())(0)), guard = sizeof(TestType) == 4 ? 1e-37L : 1e-300L;
    REQUIRE(close(got, to_real(R(0)) * to_real(U(0)), 2 * Precision<TestType>::eps(), guard));
  }
}

// Reading all values rounded the states to 16 bits, and a watched trace stuck.
TEMPLATE_TEST_CASE("reading an event-driven tracer changes nothing", "", Eigen::bfloat16, Eigen::half, float) {
  using T = spark::DoubleTracer<Column<TestType>, Exact>;
  spark::EventDriven<T> alone(T(9, 300, 200)), watched = alone;
  Random random(341);
  const std::vector<int> indices{3, 8, 3};
  std::vector<float> out(3);
  for (int k = 0; k < 600; ++k) {
    const std::vector<int> fired{static_cast<int>(random.below(9))};
    if (random.chance(0.05)) alone(spark::spikes(fired)), watched(spark::spikes(fired));
    const auto silent = random.below(5);
    alone.advance(silent), watched.advance(silent);
    const auto& reader = std::as_const(watched);
    reader.values(indices, out);
    CHECK(out[1] == reader.value(8));
    static_cast<void>(reader.value()), static_cast<void>(reader.trace_1()), static_cast<void>(reader.dense());
  }
  CHECK(saved(alone) == saved(watched));
  CHECK_THROWS_AS(watched.values(std::vector<int>{1, 8, 9}, out), std::out_of_range);
  CHECK_THROWS_AS(watched.values(std::vector<int>{1, 8}, out), std::invalid_argument);
}

// A mask rounded the states of all, also of those that it did not name.
TEMPLATE_TEST_CASE("a mask touches what it names and no other bit", "", float, Eigen::half, Eigen::bfloat16) {
  using T = spark::RDTracer<ColumnMajor<TestType>, Exact>;
  T dense({5, 4}, 30, 100, 1, 1, 0.5, 0.25);
  dense.set_trace_rise(ArrayXXf::Random(5, 4)), dense.set_trace_decay(ArrayXXf::Random(5, 4));
  spark::EventDriven<T> events(dense);
  events.advance(20);  // to states that 16 bits do not hold
  using Named = Eigen::Array<bool, 5, 4>;
  const auto check = [&](const char* form, const auto& mask, const Named& named) {
    T reset = dense;
    spark::EventDriven<T> events_reset(events);
    reset.masked_reset(mask), events_reset.masked_reset(mask);
    INFO(form);
    CHECK(identical(reset.trace_rise(), named.select(TestType(0.5f), dense.trace_rise())));
    for (Index i = 0; i < 20; ++i) CHECK(events_reset.value(i) == (named.data()[i] ? -0.25f : events.value(i)));
  };
  const Eigen::Array<bool, 5, 1> rows(true, false, false, true, false);
  const Eigen::Array<float, 1, 4> cols(0, 2, 0, -1);
  const Named named = rows.replicate(1, 4);
  const std::vector<int> indices{0, 3, 5, 8, 10, 13, 15, 18};
  const std::vector<std::uint64_t> words{0x4a529};
  check("a column", rows, named);
  check("a row", cols, (cols != 0).replicate(5, 1));
  check("an array", named, named);
  check("a list", spark::spikes(indices), named);
  check("bits", spark::spike_bits(words, 20), named);
  CHECK_THROWS_AS(dense.masked_reset(Eigen::Array<bool, 4, 1>::Ones()), std::invalid_argument);
  CHECK_THROWS_AS(dense.masked_reset(Eigen::Array<bool, 1, 1>::Ones()), std::invalid_argument);
}

// A mask that broadcasts may be the tracer's own first column, or row, which is reset before the others are.
TEMPLATE_TEST_CASE("a mask that broadcasts is evaluated before any state changes", "", ColumnMajor<float>,
                   RowMajor<float>) {
  constexpr bool by_row = TestType::IsRowMajor;
  constexpr Index rows = by_row ? 3 : 400, cols = by_row ? 400 : 3;
  constexpr auto along = by_row ? Eigen::Horizontal : Eigen::Vertical;
  const TestType before = TestType::Random(rows, cols).abs();
  const auto named = (before.template subVector<along>(0) > 0.25f).replicate(by_row ? rows : 1, by_row ? 1 : cols);
  spark::Tracer<TestType> tracer({rows, cols}, 20);
  tracer.set_trace(before);
  tracer.masked_reset(tracer.trace().template subVector<along>(0) > 0.25f);
  CHECK(identical(tracer.trace(), named.select(TestType::Zero(rows, cols), before)));
}

// Whether 1e-50 is 0 depended on whether the mask lay in memory; later it was 0 in a mask too.
TEST_CASE("an input is 0 as it is computed, a mask as it is given") {
  ArrayXd mask(2);
  mask << 1e-50, 0;
  spark::NearestTracer<ArrayXf> memory(2, 20.0, 1, 0.5), expression = memory;
  memory(mask), expression(mask * 1.0);
  CHECK(identical(memory.value(), expression.value()));
  memory(ArrayXf::Ones(2)), expression(ArrayXf::Ones(2));
  memory.masked_reset(mask), expression.masked_reset(mask * 1.0);
  CHECK(identical(memory.value(), expression.value()));
  CHECK((memory.trace()(0) == 0.5f && memory.trace()(1) == 1.5f));
  int told = 0;
  spark::EventDriven events(memory);
  events(mask, [&](auto, auto) { ++told; }), events(mask * 1.0, [&](auto, auto) { --told; });
  CHECK(told == 0);
}

// -1 times a scale of 0 is -0, which only a dense step kept.
TEST_CASE("a negative input whose scale is 0 leaves 0, by any way") {
  spark::NearestTracer<ArrayXf> dense(40, 20.0, 0.0), list = dense, viewed = dense;
  ArrayXf x = ArrayXf::Zero(40);
  x(3) = -1;
  const std::vector<int> who{3};
  dense(x), list(spark::spikes(who, std::vector<float>{-1})), viewed.view().step(3, -1.0f);
  CHECK(identical(list.value(), dense.value()));
  CHECK(identical(viewed.value(), dense.value()));
}

// A function of the user's that reaches the state by a global, without a memory of its own, was evaluated too late.
TEST_CASE("a function of the user's is evaluated before the step") {
  const ArrayXf start = ArrayXf::Ones(2000);
  static spark::Tracer<ArrayXf> global(2000, 20.0);
  global.set_trace(start);
  global(start.unaryExpr([](float) { return global.value()(0); }));
  CHECK((global.value() == 1.95f).all());
}

// A record one column after its raster in the same array was wrong from the third step on.
TEST_CASE("a record may overlap its raster") {
  ArrayXXf big = ArrayXXf::Ones(32, 9), same = big.leftCols(8), want(32, 8);
  spark::Tracer<ArrayXf> tracer(32, 20.0), reference(32, 20.0), in_place(32, 20.0);
  reference.run(same, want);
  tracer.run(big.leftCols(8), big.rightCols(8));
  CHECK(identical(big.rightCols(8), want));
  in_place.run(same, same);
  CHECK(identical(same, want));

  // one with gaps that begins where its raster does was taken for the raster itself
  ArrayXf memory = ArrayXf::Ones(6);
  memory.tail(2).setConstant(9);
  using Gaps = Eigen::Map<ArrayXXf, 0, Eigen::OuterStride<>>;
  spark::Tracer<ArrayXf> two(2, 20.0);
  two.run(Eigen::Map<ArrayXXf>(memory.data(), 2, 2), Gaps(memory.data(), 2, 2, Eigen::OuterStride<>(3)));
  CHECK((two.value() == 1.95f).all());
}

// An output one element behind its input was written before the input was read.
TEST_CASE("the output of a range may overlap its input") {
  const int n = 300;
  ArrayXf shared = ArrayXf::LinSpaced(n + 1, 0, 1);
  const ArrayXf x = shared.head(n);
  spark::Tracer<ArrayXf> tracer(n, 20.0);
  tracer.step(0, n, shared.head(n), shared.tail(n));
  CHECK(identical(shared.tail(n), x));
  CHECK(identical(tracer.value(), x));

  spark::RUTracer<ArrayXf> synapse(n, 200.0, 50.0, 0.4);
  const ArrayXf& release = synapse(ArrayXf::LinSpaced(n, 0, 1));
  auto same = synapse;
  same.step(1, n - 1, ArrayXf(release.head(n - 1)));
  synapse.step(1, n - 1, release.head(n - 1));
  CHECK(identical(synapse.trace_R(), same.trace_R()));
}

// A row of a larger array was written as if its elements lay one after the other.
TEST_CASE("outputs may go to any row or column of an array") {
  const ArrayXf x = ArrayXf::LinSpaced(5, 0, 1);
  spark::Tracer<ArrayXf> tracer(5, 20.0);
  const auto check = [&](auto big, auto part) {
    big.setZero(8, 8);
    auto want = big;
    tracer.reset(), tracer.step(0, 5, x, part(big));
    part(want).reshaped() = x;
    CHECK(identical(big, want));
  };
  check(ColumnMajor<float>(), [](auto& big) { return big.block(1, 0, 1, 5); });
  check(ColumnMajor<float>(), [](auto& big) { return big.row(3).segment(1, 5); });
  check(RowMajor<float>(), [](auto& big) { return big.block(1, 2, 5, 1); });
  ArrayXf none;
  CHECK_NOTHROW(tracer.step(5, 0, none, none));  // which has no memory: the sanitizer looks
}

// It was copied for each piece of an expression.
TEST_CASE("who is told of each spike keeps a state") {
  spark::EventDriven events(spark::Tracer<ArrayXf>(5000, 20.0));
  int told = 0;
  const ArrayXf x = ArrayXf::Ones(5000);
  events(x * 1.0f, [count = 0, &told](auto, auto) mutable { told = ++count; });
  CHECK(told == 5000);
}

// "less than 2.000, got 12.345": texts followed the global locale.
TEST_CASE("texts of errors are the same under any locale") {
  struct German : std::numpunct<char> {
    char do_thousands_sep() const override { return '.'; }
    char do_decimal_point() const override { return ','; }
    std::string do_grouping() const override { return "\3"; }
  };
  const std::locale before = std::locale::global(std::locale(std::locale(), new German));
  spark::Tracer<ArrayXf> tracer(2000, 20.0);
  const std::vector<int> far{12345};
  CHECK(complaint<std::out_of_range>([&] { tracer(spark::spikes(far)); }, {"less than 2000, got 12345"}) == "");
  CHECK(complaint<std::invalid_argument>([] { spark::Tracer<ArrayXf>(2, -1.5); }, {"got -1.5"}) == "");
  std::locale::global(before);
}
