// What threads may do at the same time: step disjoint ranges of one tracer, read one, use tracers of their own. Whether
// they disturb one another the results tell only by chance; the thread sanitizer sees it: tools/sanitize.
#include <spark/tracers.hpp>
#include <thread>

#include "support/catch.hpp"
#include "support/raster.hpp"

using namespace suite;

namespace {

constexpr Index size = 1003;  // no cut of it falls on whole registers
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
  const Words words = raster.bits();
  const Index words_per_step = (size + 63) / 64;

  T whole = start, parts = start;
  for (Index k = 0; k < steps; ++k) whole(spikes.col(k));
  on_all_threads([&](int t) {
    const Index first = 64 * (t * (size / 64) / threads);  // bits begin with a word
    const Index count = (t + 1 == threads ? size : 64 * ((t + 1) * (size / 64) / threads)) - first;
    for (Index k = 0; k < steps; ++k) {
      if (k % 2 == 0) {
        parts.step(first, count, spikes.col(k).segment(first, count));
      } else {
        const std::vector<std::uint64_t> own(words.begin() + k * words_per_step + first / 64,
                                             words.begin() + (k + 1) * words_per_step);
        parts.step(first, count, spark::spike_bits(own, count));
      }
    }
  });
  CHECK((parts.value() == whole.value()).all());

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
  std::vector<float> sums(threads);
  on_all_threads([&](int t) { sums[static_cast<std::size_t>(t)] = whole.value().template cast<float>().sum(); });
  CHECK(sums == std::vector<float>(threads, sums[0]));
}

}  // namespace

TEST_CASE("threads that step ranges, read, and use tracers of their own") {
  using A = Eigen::ArrayXf;
  check(spark::Tracer<A>(size, A(A::LinSpaced(size, 5, 50)), 0.5, 0.25));
  check(spark::RUTracer<A>(size, 100.0, 20.0, 0.2));  // which has an output beside its state
  const spark::Options stochastic{1, 1, spark::Rounding::Stochastic};
  check(spark::Tracer<Column<Eigen::bfloat16>>(size, 2000.0, 1.0, 0.0, stochastic));
  check(spark::DoubleTracer<Column<Eigen::half>, spark::Exact>(size, 1e4, 2e4, 0.375, 0.01, 0.25, 0.5, stochastic));
}
