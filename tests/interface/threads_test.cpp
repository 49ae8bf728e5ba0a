// Ranges in any division, and what threads may do at the same time: step disjoint ranges of one tracer, read one, use
// tracers of their own. Whether they disturb one another the results tell only by chance; the thread sanitizer sees it:
// tools/sanitize.
#include <spark/tracers.hpp>
#include <thread>

#include "support/catch.hpp"
#include "support/persistence.hpp"
#include "support/raster.hpp"

using namespace suite;

namespace {

const spark::Options stochastic{1, 1, spark::Rounding::Stochastic};

constexpr Index size = 1003;  // a third of it is no whole number of registers
constexpr int threads = 3, steps = 40;

template <class F> void on_all_threads(F f) {
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) all.emplace_back(f, t);
  for (std::thread& thread : all) thread.join();
}

// The steps of a run, in every form that a range takes.
template <class T> void check(const T& start) {
  Random random(1);
  const Raster raster = Raster::random(size, steps, false, random);
  const ColumnMajor<bool> spikes = raster.dense<bool>();
  T whole = start, parts = start;
  for (Index k = 0; k < steps; ++k) whole(spikes.col(k));
  on_all_threads([&](int t) {
    const Index first = t * size / threads, count = (t + 1) * size / threads - first;
    for (Index k = 0; k < steps; ++k) {
      const auto x = raster.counts[static_cast<std::size_t>(k)].begin() + first;
      if (k % 2 == 0) {
        parts.step(first, count, spikes.col(k).segment(first, count));
      } else {
        parts.step(first, count, spark::spike_bits(bits_of({x, x + count}), count));
      }
    }
  });
  CHECK((parts.value() == whole.value()).all());

  // of their own; all read the same one
  std::vector<T> own(threads, start);
  std::vector<char> as_steps(threads);
  on_all_threads([&](int t) {
    T& tracer = own[static_cast<std::size_t>(t)];
    tracer.run(spikes);
    as_steps[static_cast<std::size_t>(t)] = (tracer.value() == whole.value()).all();
    tracer.advance(5);
    tracer.masked_reset(spikes.col(t));
  });
  CHECK(as_steps == std::vector<char>(threads, true));
}

}  // namespace

TEST_CASE("threads that step ranges, read, and use tracers of their own") {
  check(spark::Tracer<ArrayXf>(size, ArrayXf(ArrayXf::LinSpaced(size, 5, 50)), 0.5, 0.25));
  check(spark::RUTracer<ArrayXf>(size, 100.0, 20.0, 0.2));  // which has an output beside its state
  check(spark::Tracer<Column<Eigen::bfloat16>>(size, 2000.0, 1.0, 0.0, stochastic));
  check(spark::DoubleTracer<Column<Eigen::half>, spark::Exact>(size, 1e4, 2e4, 0.375, 0.01, 0.25, 0.5, stochastic));
}

using DividedTracers =
    std::tuple<spark::RUTracer<ArrayXf, spark::Exact>, spark::RUTracer<Column<Eigen::bfloat16>, spark::Exact>,
               spark::DoubleTracer<Column<Eigen::bfloat16>, spark::Exact>,
               spark::DoubleTracer<Column<Eigen::half>, spark::Exact>>;
// A thread may be steps ahead of another, and the work may be divided otherwise in each step. Ranges did not count for
// the clock, or wrapped it after 2^32 steps; bits of elements that are steps ahead were read from the begin of a
// register.
TEMPLATE_LIST_TEST_CASE("ranges in any division are whole steps, in every form of input", "", DividedTracers) {
  using S = typename TestType::Scalar;
  constexpr Index n = 300, end = 200;
  constexpr std::int64_t begin = (std::int64_t{1} << 32) - 100;
  TestType whole(n, 300.0, 200.0, 0.4, stochastic);
  whole.advance(begin);
  TestType ranges = whole;
  Random random(351);
  const auto inputs = ColumnMajor<bool>::NullaryExpr(n, end, [&] { return random.chance(0.2); }).eval();
  ColumnMajor<S> outputs(n, end);
  for (Index k = 0; k < end; ++k) outputs.col(k) = whole(inputs.col(k));

  Column<Index> taken = Column<Index>::Zero(n);  // how many steps by each element
  const auto step = [&](Index first, Index count) {
    Inputs x(static_cast<std::size_t>(count));
    Column<S> out(count), want(count);
    Indices list;
    for (Index i = 0; i < count; ++i) {
      const Index k = taken(first + i)++;
      want(i) = outputs(first + i, k);
      if (!inputs(first + i, k)) continue;
      x[static_cast<std::size_t>(i)] = 1;
      list.push_back(static_cast<int>(first + i));
    }
    if (random.chance(0.5)) std::reverse(list.begin(), list.end());
    const Column<bool> flags = Eigen::Map<const ArrayXd>(x.data(), count) > 0;
    const Words words = bits_of(x);
    switch (random.below(4)) {
      case 0: return ranges.step(first, count, flags);
      case 1: return ranges.step(first, count, spark::spike_bits(words, count));
      case 2: ranges.step(first, count, flags.template cast<float>(), out); break;
      default: ranges.step(first, count, spark::spikes(list), out);
    }
    CHECK(identical(out, want));
  };
  for (int call = 0; call < 4000; ++call) {
    const Index first = random.below(n), count = random.chance(0.5) ? 1 + random.below(n - first) : 1;
    if (taken.segment(first, count).maxCoeff() < end) step(first, count);
  }
  for (Index i = 0; i < n; ++i)
    while (taken(i) < end) step(i, 1);
  CHECK(saved(ranges) == saved(whole));
  CHECK(ranges.clock() == begin + end);
  CHECK(spark::EventDriven(ranges).clock() == begin + end);
}
