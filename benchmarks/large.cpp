// What needs gigabytes or two threads, for one class: a float Tracer of 8 Mi elements.
#include <thread>

#include "subjects.hpp"

namespace bench {
namespace {

using Plain = subject::Tracer<float, Uniform>;
constexpr Index size = largest.count, half = size / 2, steps = 64;

auto make(Index count) { return library_of(Plain(count, 0)); }

void packed_run() {
  add_group("packed run/large", largest.places, [](Group& group) {
    const auto words = std::make_shared<std::vector<std::uint64_t>>(packed_raster(size, steps));
    const auto floats = std::make_shared<Eigen::ArrayXXf>(raster<float>(size, steps));
    const auto library = make(size);
    const auto plain = std::make_shared<Plain>(size, 0);
    group.time("run", [=] { library->run(spark::spike_bits(*words, size, steps)); });
    group.time("eigen", [=] {
      for (Index k = 0; k < steps; ++k)
        plain->trace[0] += plain->decay[0] * (plain->base - plain->trace[0]) + floats->col(k);
    });
    group.ratio(table::raster, "Tracer", largest.label, "run", "eigen");
  });
}

/// Calls `f(0)` here and `f(1)` on a second thread. What starting that costs is a few hundredths of the shortest step.
template <class F> void both(F f) {
  std::thread other([&] { f(1); });
  f(0);
  other.join();
}

void two_threads() {
  if (std::thread::hardware_concurrency() < 2) return;

  add_group("threads/step", largest.places, [](Group& group) {
    group.use_wall_clock();
    const auto activity = std::make_shared<Activity<bool>>(size);
    const auto one = make(size), two = make(size);
    group.time("one", [=] { one->step(0, size, Input<bool>(activity->next(), size)); });
    group.time("two", [=] {
      const bool* x = activity->next();
      both([&](Index part) { two->step(part * half, half, Input<bool>(x + part * half, half)); });
    });
    group.ratio(table::threads, "Tracer", "step", "two", "one");
  });

  add_group("threads/run", largest.places, [](Group& group) {
    group.use_wall_clock();
    const auto spikes = std::make_shared<const Eigen::Array<std::uint8_t, -1, -1>>(raster<std::uint8_t>(size, steps));
    const auto one = make(size);
    const std::shared_ptr<Plain::Library> halves[] = {make(half), make(half)};
    group.time("one", [=] { one->run(*spikes); });
    group.time("two", [=] { both([&](Index part) { halves[part]->run(spikes->middleRows(part * half, half)); }); });
    group.ratio(table::threads, "Tracer", "run", "two", "one");
  });
}

const Registration registration([] {
  two_threads();
  if (!effort.quick) packed_run();
});

}  // namespace
}  // namespace bench
