/// by_hand: what a step costs, over the loop that one would write without this library.
///
///     by_hand [--size N] [--rounds R]
///
/// Prints nanoseconds per element and step of both, each the least of R rounds that alternate, and their ratio.
#include <spark/tracers.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <vector>

namespace {

using Trace = spark::Tracer<Eigen::ArrayXf, spark::Exact>;
using Short = Eigen::Array<Eigen::bfloat16, Eigen::Dynamic, 1>;
using Raster = Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>;

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void compare(const char* what, int rounds, double steps, const std::function<void()>& here,
             const std::function<void()>& by_hand) {
  double least_here = 1e9, least_by_hand = 1e9;
  for (int round = 0; round < rounds; ++round) {
    least_by_hand = std::min(least_by_hand, seconds(by_hand));
    least_here = std::min(least_here, seconds(here));
  }
  std::printf("%-52s %7.3f %7.3f %6.2f\n", what, 1e9 * least_here / steps, 1e9 * least_by_hand / steps,
              least_here / least_by_hand);
}

void measure(int size, int rounds) {
  const int steps = 64, spikes = std::max(1, size / 1000);
  const double all = 1.0 * size * steps, tau = 20;
  const float keep = static_cast<float>(std::exp(-1 / tau));
  const Raster raster = Raster::NullaryExpr(size, steps, [](auto i, auto k) { return (7 * i + 13 * k) % 97 == 0; });
  const auto bytes = raster.cast<std::uint8_t>().eval();
  std::vector<int> fired(static_cast<std::size_t>(spikes));
  spark::Rng random(1);
  for (int& i : fired) i = static_cast<int>(random() % static_cast<std::uint64_t>(size));

  std::vector<float> trace(static_cast<std::size_t>(size)), R(trace.size(), 1.0f), U(trace.size());
  const auto loop_dense = [&](int k) {
    const bool* const x = raster.col(k).data();
    for (int i = 0; i < size; ++i) trace[i] = keep * trace[i] + (x[i] ? 1.0f : 0.0f);
  };
  const auto loop_bytes = [&](int k) {
    const std::uint8_t* const x = bytes.col(k).data();
    for (int i = 0; i < size; ++i) trace[i] = keep * trace[i] + static_cast<float>(x[i]);
  };
  const auto loop_list = [&] {
    for (float& t : trace) t *= keep;
    for (const int i : fired) trace[i] += 1;
  };
  std::vector<int> last(trace.size());  // the step of the latest spike
  int now = 0;
  const auto loop_lazy = [&] {
    ++now;
    for (const int i : fired) {
      trace[i] = trace[i] * std::exp(static_cast<float>(last[i] - now) / static_cast<float>(tau)) + 1;
      last[i] = now;
    }
  };
  const auto each = [&](auto step) {
    return [=] {
      for (int k = 0; k < steps; ++k) step(k);
    };
  };
  std::printf("%d elements%s here  by hand  ratio\n", size, "                                    ");

  Trace dense(size, tau), list(size, tau), run(size, tau);
  compare("step, dense bool", rounds, all, each([&](int k) { dense(raster.col(k)); }), each(loop_dense));
  compare("step, dense uint8_t", rounds, all, each([&](int k) { dense(bytes.col(k)); }), each(loop_bytes));
  compare("step, list of 0.1 %", rounds, all, each([&](int) { list(spark::spikes(fired)); }),
          each([&](int) { loop_list(); }));
  compare(
      "run over 64 steps, dense bool", rounds, all, [&] { run.run(raster); }, each(loop_dense));
  spark::Tracer<Short, spark::Exact> half(size, tau);
  compare("step, bfloat16, dense bool; by hand in float", rounds, all, each([&](int k) { half(raster.col(k)); }),
          each(loop_dense));
  spark::EventDriven events{Trace(size, tau)};
  compare("EventDriven, list of 0.1 %, nothing read", rounds, all, each([&](int) { events(spark::spikes(fired)); }),
          each([&](int) { loop_list(); }));
  compare("the same; by hand only those that spiked", rounds, all, each([&](int) { events(spark::spikes(fired)); }),
          each([&](int) { loop_lazy(); }));

  const float keep_R = static_cast<float>(std::exp(-1 / 800.0)), keep_U = static_cast<float>(std::exp(-1 / 50.0));
  float sum = 0;
  const auto loop_synapses = [&] {
    for (int i = 0; i < size; ++i) U[i] *= keep_U, R[i] = 1 - (1 - R[i]) * keep_R;
    for (const int i : fired) U[i] += 0.5f * (1 - U[i]), sum += U[i] * R[i], R[i] -= U[i] * R[i];
  };
  spark::EventDriven synapses{spark::RUTracer<Eigen::ArrayXf, spark::Exact>(size, 800.0, 50.0, 0.5)};
  compare("EventDriven of RUTracer, releases of 0.1 %", rounds, all,
          each([&](int) { synapses(spark::spikes(fired), [&](auto, float release) { sum += release; }); }),
          each([&](int) { loop_synapses(); }));
  std::printf("(check: %g)\n\n", static_cast<double>(sum) + static_cast<double>(trace[0]));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Costs of steps, over loops written by hand");
  int size = 0, rounds = 15;
  app.add_option("--size", size, "elements; without it two sizes, 10,000 and 1,000,000");
  app.add_option("--rounds", rounds, "rounds of 64 steps of which the fastest counts");
  CLI11_PARSE(app, argc, argv);
  if (size > 0) {
    measure(size, rounds);
  } else {
    measure(10000, rounds);
    measure(1000000, rounds);
  }
}
