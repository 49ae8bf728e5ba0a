/// threads: one population stepped by several threads, with OpenMP.
///
///     threads [--size N] [--steps T] [--threads P]
///
/// Each thread owns a range of the neurons and takes it through all steps; ranges are independent, so no thread waits
/// for another within the run. The traces are those of one thread, bit for bit, also where 16-bit storage rounds at
/// random: the program says so, and how long one and all threads took.
#include <CLI/CLI.hpp>
#include <spark/tracers.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#ifdef _OPENMP
#include <omp.h>
#else
constexpr int omp_get_max_threads() { return 1; }
constexpr int omp_get_thread_num() { return 0; }
#endif

namespace {

using Eigen::Index;
using Storage = Eigen::Array<Eigen::bfloat16, Eigen::Dynamic, 1>;
using Spikes = Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>;  // a column for each step

/// Takes the tracer through `steps` steps on so many threads; returns the seconds that took.
template <class Tracer> double run(Tracer& tracer, const Spikes& spikes, int steps, int threads) {
  const auto start = std::chrono::steady_clock::now();
#ifdef _OPENMP
#pragma omp parallel num_threads(threads)
#endif
  {
    const Index first = tracer.size() * omp_get_thread_num() / threads;
    const Index count = tracer.size() * (omp_get_thread_num() + 1) / threads - first;
    for (int k = 0; k < steps; ++k) tracer.step(first, count, spikes.col(k % spikes.cols()).segment(first, count));
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  Index size = 4000000;
  int steps = 100, threads = omp_get_max_threads();
  CLI::App app("One population stepped by several threads");
  app.add_option("--size", size, "neurons")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--steps", steps, "steps")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--threads", threads, "threads")->check(CLI::Range(1, omp_get_max_threads()))->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  const Spikes spikes = Spikes::NullaryExpr(size, 8, [](Index i, Index k) { return (7 * i + k) % 20 == 0; });
  spark::Options options;
  options.seed = 1;
  options.rounding = spark::Rounding::Stochastic;
  spark::Tracer<Storage, spark::Exact> alone(size, 2000.0, 1, 0, options), together = alone;

  const double one = run(alone, spikes, steps, 1), many = run(together, spikes, steps, threads);
  const bool same = (alone.trace() == together.trace()).all();
  std::printf("%d steps of %td neurons: %.3f s on one thread, %.3f s on %d (%.2f of it); the traces are %s\n", steps,
              size, one, many, threads, many / one, same ? "the same bits" : "NOT THE SAME");
  return same ? EXIT_SUCCESS : EXIT_FAILURE;
}
