// Promises that were once broken; each test begins with what went wrong.
#include <locale>

#include "support/catch.hpp"
#include "support/kinds.hpp"
#include "support/persistence.hpp"

using namespace suite;
using Eigen::ArrayXf;
using spark::Exact;

static const spark::Options stochastic{1, 7, spark::Rounding::Stochastic};

// A share too small for float stood for "all is lost", and was multiplied by a tall trace.
TEMPLATE_TEST_CASE("a long silence ends at exactly base, however tall the trace", "", float, double) {
  using A = Column<TestType>;
  for (double base : {0.0, 0.25})
    for (double height : {1.0, 10.0, 1e5, 1e30}) {
      const auto check = [&](auto stepped, auto trace) {
        stepped(A::Ones(1));
        auto silent = stepped;
        spark::EventDriven events(stepped);
        silent.advance(1000000), events.advance(1000000);
        CHECK(trace(silent)(0) == TestType(base));
        CHECK(trace(events)(0) == TestType(base));
        if (base != 0) return;
        for (int k = 0; k < 20000; ++k) stepped(A::Zero(1));
        CHECK(stepped.value()(0) == 0);
        CHECK(silent.value()(0) == 0);
      };
      INFO("height " << height << ", base " << base);
      check(spark::Tracer<A, Exact>(1, 20.0, height, base), [](auto& t) { return t.trace(); });
      check(spark::Tracer<A>(1, 1.0, height, base), [](auto& t) { return t.trace(); });  // keeps nothing of a step
      check(spark::DoubleTracer<A, Exact>(1, 10.0, 20.0, height, 1, base, base), [](auto& t) { return t.trace_1(); });
    }
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
    const real want = to_real(R(0)) * to_real(U(0)), guard = sizeof(TestType) == 4 ? 1e-37L : 1e-300L;
    REQUIRE(close(to_real(A(synapse.value())(0)), want, 2 * Precision<TestType>::eps(), guard));
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
    static_cast<void>(reader.value());
    reader.values(indices, out);
    CHECK(out[1] == reader.value(8));
    static_cast<void>(reader.trace_1());
    static_cast<void>(static_cast<T>(reader));
  }
  CHECK(saved(alone) == saved(watched));
  CHECK_THROWS_AS(watched.values(std::vector<int>{1, 8, 9}, out), std::out_of_range);
  CHECK_THROWS_AS(watched.values(std::vector<int>{1, 8}, out), std::invalid_argument);
}

TEST_CASE("states of an event-driven tracer can be written") {
  using T = spark::DoubleTracer<Eigen::ArrayXd, Exact>;
  T dense(3, 10, 20);
  spark::EventDriven<T> events(dense);
  const std::vector<int> fired{0, 1};
  dense(spark::spikes(fired)), events(spark::spikes(fired));
  dense.advance(5), events.advance(5);
  dense.set_trace_1(Eigen::Array3d(1, 2, 3)), events.set_trace_1(Eigen::Array3d(1, 2, 3));
  CHECK((events.trace_1() == Eigen::Array3d(1, 2, 3)).all());
  dense.advance(5), events.advance(5);
  CHECK(events.value().isApprox(dense.value(), 1e-13));
  CHECK_THROWS_AS(events.set_trace_2(Eigen::Array2d(1, 2)), std::invalid_argument);
}

// A mask rounded the states of all, also of those that it did not name.
TEMPLATE_TEST_CASE("a mask touches what it names and no other bit", "", float, Eigen::half, Eigen::bfloat16) {
  using T = spark::RDTracer<Eigen::Array<TestType, Eigen::Dynamic, Eigen::Dynamic>, Exact>;
  T dense({5, 4}, 30, 100, 1, 1, 0.5, 0.25);
  spark::EventDriven<T> events(dense);
  const std::vector<int> fired{0, 3, 7, 12, 13, 19};
  dense(spark::spikes(fired)), events(spark::spikes(fired));
  dense.advance(20), events.advance(20);
  using Named = Eigen::Array<bool, 5, 4>;
  const TestType base = spark::detail::narrow<TestType>(0.5f);
  const auto check = [&](const auto& mask, const Named& named) {
    T reset = dense;
    spark::EventDriven<T> events_reset(events);
    reset.masked_reset(mask), events_reset.masked_reset(mask);
    for (Index i = 0; i < 20; ++i) {
      CHECK(same_bits(reset.trace_rise().data()[i], named.data()[i] ? base : dense.trace_rise().data()[i]));
      CHECK(events_reset.value(i) == (named.data()[i] ? -0.25f : events.value(i)));
    }
  };
  Eigen::Array<bool, 5, 1> rows;
  rows << true, false, false, true, false;
  const Eigen::Array<float, 1, 4> cols(0, 2, 0, -1);
  Named listed = Named::Zero(), bits = Named::Zero();
  for (int i : fired) listed.data()[i] = true;
  bits.data()[0] = bits.data()[2] = true;
  check(rows, rows.replicate(1, 4));
  check(cols, (cols != 0).replicate(5, 1));
  check(rows.replicate(1, 4), rows.replicate(1, 4));
  check(spark::spikes(fired), listed);
  check(spark::spike_bits(std::vector<std::uint64_t>{5}, 20), bits);
  CHECK_THROWS_AS(dense.masked_reset(Eigen::Array<bool, 4, 1>::Ones()), std::invalid_argument);
  CHECK_THROWS_AS(dense.masked_reset(Eigen::Array<bool, 1, 1>::Ones()), std::invalid_argument);
}

// A mask that reads one state must not see it reset when the next is.
TEST_CASE("a mask is evaluated before any state changes") {
  spark::DoubleTracer<ArrayXf> tracer(300, 10, 20);
  tracer(ArrayXf::LinSpaced(300, 0, 1).round());
  tracer.masked_reset(tracer.trace_1());
  CHECK((tracer.trace_2() == 0).all());
}
// One that broadcasts may be the tracer's own first column, which is reset before the others are.
TEMPLATE_TEST_CASE_SIG("a mask that broadcasts is evaluated before any state changes", "", ((int order), order),
                       Eigen::ColMajor, Eigen::RowMajor) {
  using Array = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, order>;
  constexpr bool by_row = order == Eigen::RowMajor;
  constexpr Index rows = by_row ? 3 : 400, cols = by_row ? 400 : 3;
  const auto first = [](const Array& a) {
    if constexpr (by_row) {
      return a.row(0) > 0.25f;
    } else {
      return a.col(0) > 0.25f;
    }
  };
  const Array before = Array::Random(rows, cols).abs();
  const auto named = first(before).replicate(by_row ? rows : 1, by_row ? 1 : cols);
  spark::Tracer<Array> tracer({rows, cols}, 20);
  tracer.set_trace(before);
  tracer.masked_reset(first(tracer.trace()));
  CHECK(identical(tracer.trace(), named.select(Array::Zero(rows, cols), before)));
}

// Whether 1e-50 is 0 depended on whether the mask lay in memory; later it was 0 in a mask too.
TEST_CASE("an input is 0 as it is computed, a mask as it is given") {
  Eigen::ArrayXd mask(2);
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

// An empty share of the work, for which there is no memory either. (The sanitizer looks.)
TEST_CASE("a range may be empty") {
  spark::Tracer<ArrayXf> tracer(10, 20.0);
  ArrayXf none;
  CHECK_NOTHROW(tracer.step(5, 0, none, none));
}

// A function of the user's that reads other elements of the state was evaluated while the state changed.
TEST_CASE("a function of the user's is evaluated before the step") {
  const int n = 2000;
  spark::Tracer<ArrayXf> tracer(n, 20.0), want(n, 20.0);
  const ArrayXf start = ArrayXf::LinSpaced(n, 1, n);
  const ArrayXf& v = tracer.value();
  const auto mirrored = ArrayXf::NullaryExpr(n, [&](Index i) { return v(n - 1 - i); });
  tracer.set_trace(start), want.set_trace(start);
  tracer(mirrored), want(ArrayXf(start.reverse()));
  CHECK(identical(tracer.value(), want.value()));
  const auto captured = tracer.value().unaryExpr([&](float x) { return x + v(0); });
  const ArrayXf x = captured;
  tracer(captured), want(x);
  CHECK(identical(tracer.value(), want.value()));
  tracer.masked_reset(mirrored);
  CHECK((tracer.value() == 0).all());

  // one without a memory of its own may reach the state by a global
  static spark::Tracer<ArrayXf> global(n, 20.0);
  global.set_trace(ArrayXf::Ones(n));
  global(start.unaryExpr([](float) { return global.value()(0); }));
  CHECK((global.value() == 1.95f).all());
}

// A record one column after its raster in the same array was wrong from the third step on.
TEST_CASE("a record may overlap its raster") {
  Eigen::ArrayXXf big = Eigen::ArrayXXf::Ones(32, 9), want(32, 8);
  const Eigen::ArrayXXf input = big.leftCols(8);
  spark::Tracer<ArrayXf> tracer(32, 20.0), reference(32, 20.0), in_place(32, 20.0);
  reference.run(input, want);
  tracer.run(big.leftCols(8), big.rightCols(8));
  CHECK(identical(Eigen::ArrayXXf(big.rightCols(8)), want));
  Eigen::ArrayXXf same = input;
  in_place.run(same, same);
  CHECK(identical(same, want));
}

// An output one element behind its input was written before the input was read.
TEST_CASE("the output of a range may overlap its input") {
  const int n = 300;
  ArrayXf shared = ArrayXf::LinSpaced(n + 1, 0, 1), want(n);
  spark::Tracer<ArrayXf> tracer(n, 20.0), reference = tracer;
  reference.step(0, n, ArrayXf(shared.head(n)), want);
  tracer.step(0, n, shared.head(n), shared.tail(n));
  CHECK(identical(ArrayXf(shared.tail(n)), want));
  CHECK(identical(tracer.value(), reference.value()));

  spark::RUTracer<ArrayXf> synapse(n, 200.0, 50.0, 0.4);
  const ArrayXf& release = synapse(ArrayXf::LinSpaced(n, 0, 1));
  auto same = synapse;
  same.step(1, n - 1, ArrayXf(release.head(n - 1)));
  synapse.step(1, n - 1, release.head(n - 1));
  CHECK(identical(synapse.trace_R(), same.trace_R()));
}

// A row of a larger array was written as if its elements lay one after the other.
TEST_CASE("outputs may go to any row or column of an array") {
  using RowMajor = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const ArrayXf x = ArrayXf::LinSpaced(5, 0, 1);
  spark::Tracer<ArrayXf> tracer(5, 20.0);
  const auto check = [&](auto big, auto part) {
    auto want = big;
    tracer.reset(), tracer.step(0, 5, x, part(big));
    for (Index i = 0; i < 5; ++i)
      part(want).coeffRef(part(want).rows() == 1 ? 0 : i, part(want).rows() == 1 ? i : 0) = x(i);
    CHECK(identical(big, want));
  };
  check(Eigen::ArrayXXf(Eigen::ArrayXXf::Zero(8, 8)), [](auto& big) { return big.block(1, 0, 1, 5); });
  check(Eigen::ArrayXXf(Eigen::ArrayXXf::Zero(8, 8)), [](auto& big) { return big.row(3).segment(1, 5); });
  check(RowMajor(RowMajor::Zero(8, 8)), [](auto& big) { return big.block(1, 2, 5, 1); });
}

// A record with gaps that begins where its raster does was taken for the raster itself.
TEST_CASE("a record may begin where its raster does and have gaps") {
  ArrayXf memory = ArrayXf::Ones(6);
  memory.tail(2).setConstant(9);
  using Gaps = Eigen::Map<Eigen::ArrayXXf, 0, Eigen::OuterStride<>>;
  spark::Tracer<ArrayXf> tracer(2, 20.0);
  tracer.run(Eigen::Map<Eigen::ArrayXXf>(memory.data(), 2, 2), Gaps(memory.data(), 2, 2, Eigen::OuterStride<>(3)));
  CHECK((tracer.value() == 1.95f).all());
}

// A Map whose strides turn the state over was taken for the state itself.
TEST_CASE("an input that is the transposed state is evaluated before the step") {
  using Square = Eigen::ArrayXXf;
  const int n = 60;
  spark::Tracer<Square> tracer({n, n}, 20.0);
  tracer.set_trace(Square::Random(n, n));
  auto reference = tracer;
  using Strides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
  const Eigen::Map<const Square, 0, Strides> transposed(tracer.trace().data(), n, n, Strides(1, n));
  reference(Square(transposed)), tracer(transposed);
  CHECK(identical(tracer.value(), reference.value()));
}

// Clock readings begin anew once in 2^31 steps; within a raster they did so too early.
TEST_CASE("a raster may cross the step at which clock readings begin anew") {
  using A = Eigen::ArrayXd;
  spark::EventDriven steps(spark::Tracer<A, Exact>(2, 20.0));
  steps.advance((std::int64_t{1} << 31) - 20);
  auto at_once = steps;
  Eigen::ArrayXXd raster = Eigen::ArrayXXd::Zero(2, 100);
  raster(0, 2) = raster(1, 7) = raster(0, 18) = 1;
  for (Index k = 0; k < raster.cols(); ++k) steps(raster.col(k));
  at_once.run(raster);
  CHECK(at_once.clock() == steps.clock());
  CHECK(at_once.value().isApprox(steps.value(), 1e-12));
}

TEST_CASE("a reset after more steps than a clock reading holds") {
  using T = spark::DoubleTracer<Eigen::ArrayXd, Exact>;  // whose base is no state of rest
  T dense(3, 10.0, 20.0, 1, 0.5, 1, 0);
  spark::EventDriven<T> events(dense);
  const std::vector<int> fired{1};
  dense.advance((std::int64_t{1} << 32) + 3), events.advance((std::int64_t{1} << 32) + 3);
  dense.masked_reset(spark::spikes(fired)), events.masked_reset(spark::spikes(fired));
  dense.advance(7), events.advance(7);
  CHECK(events.value().isApprox(dense.value(), 1e-12));
}

// It was copied for each piece of an expression.
TEST_CASE("who is told of each spike keeps a state") {
  spark::EventDriven events(spark::Tracer<ArrayXf>(5000, 20.0));
  int told = 0;
  const ArrayXf x = ArrayXf::Ones(5000);
  events(x * 1.0f, [count = 0, &told](auto, auto) mutable { told = ++count; });
  CHECK(told == 5000);
}

using DividedTracers =
    std::tuple<spark::RUTracer<ArrayXf, Exact>, spark::RUTracer<Column<Eigen::bfloat16>, Exact>,
               spark::DoubleTracer<Column<Eigen::bfloat16>, Exact>, spark::DoubleTracer<Column<Eigen::half>, Exact>>;
// Ranges did not count for the clock, and files told a difference. A thread may be steps ahead of another, and the work
// may be divided otherwise in each step.
TEMPLATE_LIST_TEST_CASE("ranges in any division are whole steps", "", DividedTracers) {
  constexpr Index n = 90, steps = 12;
  using S = typename TestType::Scalar;
  TestType whole(n, 300.0, 200.0, 0.4, stochastic), ranges = whole;
  Random random(351);
  const auto inputs =
      ColumnMajor<float>::NullaryExpr(n, steps, [&] { return random.chance(0.2) ? 1.0f : 0.0f; }).eval();
  ColumnMajor<S> outputs(n, steps);
  for (Index k = 0; k < steps; ++k) outputs.col(k) = whole(inputs.col(k));
  // how many steps each element has taken; a range takes one only where all of it has taken as many
  Column<Index> taken = Column<Index>::Zero(n);
  for (int call = 0; call < 4000; ++call) {
    const Index first = random.below(n), count = std::min(n - first, 1 + random.below(20)), step = taken(first);
    if (step == steps || (taken.segment(first, count) != step).any()) continue;
    Column<S> out(count);
    std::vector<int> list;
    for (Index i = n; i-- > 0;)
      if (inputs(i, step) != 0) list.push_back(static_cast<int>(i));
    if (random.chance(0.5)) {
      ranges.step(first, count, inputs.col(step).segment(first, count), out);
    } else {
      ranges.step(first, count, spark::spikes(list), out);
    }
    CHECK(identical(out, outputs.col(step).segment(first, count)));
    taken.segment(first, count) += 1;
  }
  for (Index i = 0; i < n; ++i)
    while (taken(i) < steps) ranges.step(i, 1, inputs.col(taken(i)++).segment(i, 1));
  CHECK(saved(ranges) == saved(whole));
  CHECK(ranges.clock() == steps);
  CHECK(spark::EventDriven(ranges).clock() == steps);
}

// Bits of elements that are steps ahead of their neighbours were read from the begin of a register.
TEMPLATE_LIST_TEST_CASE("a range whose elements are not at the same step takes every form of input", "",
                        DividedTracers) {
  constexpr Index n = 300;
  TestType by_flags(n, 300.0, 200.0, 0.4, stochastic), by_bits = by_flags, by_list = by_flags, by_numbers = by_flags;
  Random random(352);
  for (int call = 0; call < 200; ++call) {
    const Index first = random.below(n), count = 1 + random.below(n - first);
    const Column<bool> flags = Column<bool>::NullaryExpr(count, [&] { return random.chance(0.1); });
    std::vector<std::uint64_t> words(static_cast<std::size_t>(count / 64 + 1));
    std::vector<int> list;
    for (Index i = 0; i < count; ++i) {
      if (!flags(i)) continue;
      words[static_cast<std::size_t>(i / 64)] |= std::uint64_t{1} << i % 64;
      list.push_back(static_cast<int>(first + i));
    }
    by_flags.step(first, count, flags);
    by_numbers.step(first, count, flags.cast<float>());
    by_bits.step(first, count, spark::spike_bits(words, count));
    by_list.step(first, count, spark::spikes(list));
    REQUIRE((saved(by_bits) == saved(by_flags)));
    REQUIRE((saved(by_list) == saved(by_flags)));
    REQUIRE((saved(by_numbers) == saved(by_flags)));
  }
}

// The 32-bit count of range steps wrapped after 2^32; a file stands for that many.
TEST_CASE("the clock of ranges does not wrap") {
  using T = spark::Tracer<Column<Eigen::half>>;
  T ranges(64, 50.0, stochastic);
  ranges.advance((std::int64_t{1} << 32) - 2);
  T whole = ranges;
  const ArrayXf x = ArrayXf::Constant(64, 0.3f);
  for (int k = 0; k < 8; ++k) ranges.step(0, 32, x.head(32)), ranges.step(32, 32, x.tail(32)), whole(x);
  CHECK(identical(ranges.value(), whole.value()));
  CHECK(ranges.clock() == whole.clock());
}

// "less than 2.000, got 12.345": texts followed the global locale.
TEST_CASE("texts of errors are the same under any locale") {
  struct German : std::numpunct<char> {
    char do_thousands_sep() const override { return '.'; }
    char do_decimal_point() const override { return ','; }
    std::string do_grouping() const override { return "\3"; }
  };
  const std::vector<int> far{12345};
  const std::locale before = std::locale::global(std::locale(std::locale(), new German));
  spark::Tracer<ArrayXf> tracer(2000, 20.0);
  CHECK(complaint<std::out_of_range>([&] { tracer(spark::spikes(far)); }, {"less than 2000, got 12345"}) == "");
  CHECK(complaint<std::invalid_argument>([] { spark::Tracer<ArrayXf>(2, -1.5); }, {"got -1.5"}) == "");
  std::locale::global(before);
}

// Stochastic rounding of half had 12 random digits of 13, and long time constants were biased.
TEMPLATE_TEST_CASE("stochastic rounding follows time constants as long as float does", "", Eigen::half,
                   Eigen::bfloat16) {
  spark::Tracer<Column<TestType>, Exact> tracer(256, 3e5, stochastic);
  tracer(ArrayXf::Ones(256));
  const ColumnMajor<bool> silence = ColumnMajor<bool>::Zero(256, 1000);
  for (int k = 0; k < 60; ++k) tracer.run(silence);
  const double mean = tracer.value().template cast<double>().mean();
  CHECK(std::abs(mean - std::exp(-0.2)) < 0.006);
}
