// Of one class, SPARK_BENCH_CLASS: the other forms of input, event-driven evaluation and threads.
#include <thread>

#include "subjects.hpp"

namespace bench {
namespace {

template <class T, Kind kind = uniform> using Subject = subject::SPARK_BENCH_CLASS<T, kind>;
const std::string class_name = Subject<float>::name;
constexpr Index steps = 64;  // of a run

auto make(Index size) { return library_of(Subject<float>(size, 0)); }

void index_list() {
  const Index size = million.count;
  add_group("list/" + class_name, million.places, [=](Group& group) {
    const auto spikes = std::make_shared<Lists>(size, static_cast<double>(size) / 2000, true),
               shuffled = std::make_shared<Lists>(size, static_cast<double>(size) / 2000, false);
    const Array<float> dense = spikes->dense<float>(size);
    group.time("sorted", step_with(make(size), [=] { return spark::spikes(spikes->next()); }));
    group.time("shuffled", step_with(make(size), [=] { return spark::spikes(shuffled->next()); }));
    group.time("dense", step_with(make(size), [=] { return Input<float>(dense.data(), size); }));
    group.ratio(table::list, class_name, "sorted", "sorted", "dense");
    group.ratio(table::list, class_name, "shuffled", "shuffled", "dense");
  });
}

void bit_packed() {
  const Index size = largest.count;
  add_group("bits/" + class_name, largest.places, [=](Group& group) {
    const auto words = packed_raster(size, 1);
    group.time("bits", step_with(make(size), [=] { return spark::spike_bits(*words, size); }));
    group.time("dense", library_step(make(size), std::make_shared<Activity<bool>>(size)));
    group.ratio(table::bits, class_name, largest.label, "bits", "dense");
  });
}

void run(Size sizes) {
  const Index size = sizes.count;
  add_group("run/" + class_name + "/" + sizes.label, sizes.places, [=](Group& group) {
    const auto spikes = raster<std::uint8_t>(size, steps);
    const auto whole = make(size), single = make(size);
    group.time("run", [=] { whole->run(*spikes); });
    group.time("steps", [=] {
      for (Index k = 0; k < steps; ++k) step_with(single, [=] { return spikes->col(k); })();
    });
    group.ratio(table::run, class_name, sizes.label, "run", "steps");
  });
}

void event_driven() {
  const Index size = million.count;
  for (const auto& [label, one_in] : {std::pair("0.05 %", 2000.0), std::pair("0.005 %", 20000.0)}) {
    add_group("events/" + class_name + "/" + label, million.places, [=, label = label, one_in = one_in](Group& group) {
      const auto spikes = std::make_shared<Lists>(size, static_cast<double>(size) / one_in, true);
      const Array<bool> bools = spikes->dense<bool>(size);
      const Array<float> floats = bools.cast<float>();
      const auto events = std::make_shared<spark::EventDriven<typename Subject<float>::Library>>(*make(size));
      group.time("events", [=] { (*events)(spark::spikes(spikes->next())); });
      group.time("bool", step_with(make(size), [=] { return Input<bool>(bools.data(), size); }));
      group.time("float", step_with(make(size), [=] { return Input<float>(floats.data(), size); }));
      group.ratio(table::events, class_name + ", dense bool", label, "events", "bool");
      group.ratio(table::events, class_name + ", dense float", label, "events", "float");
    });
  }
}

constexpr Index huge = largest.count, half = huge / 2;

void packed_run() {
  add_group("packed run/large", largest.places, [](Group& group) {
    const auto words = packed_raster(huge, steps);
    const auto floats = raster<float>(huge, steps);
    const auto library = make(huge);
    const auto plain = std::make_shared<Subject<float>>(huge, 0);
    group.time("run", [=] { library->run(spark::spike_bits(*words, huge, steps)); });
    group.time("eigen", [=] {
      for (Index k = 0; k < steps; ++k)
        plain->trace[0] += plain->decay[0] * (plain->base - plain->trace[0]) + floats->col(k);
    });
    group.ratio(table::raster, class_name, largest.label, "run", "eigen");
  });
}

/// Calls `f(0)` here and `f(1)` on a second thread. What starting that costs is a few hundredths of the shortest step.
template <class F> void both(F f) {
  std::thread other([&] { f(1); });
  f(0);
  other.join();
}

void two_threads() {
  add_group("threads/step", largest.places, [](Group& group) {
    group.wall_clock = true;
    const auto activity = std::make_shared<Activity<bool>>(huge);
    const auto one = make(huge), two = make(huge);
    group.time("one", [=] { one->step(0, huge, Input<bool>(activity->next(), huge)); });
    group.time("two", [=] {
      const bool* x = activity->next();
      both([&](Index part) { two->step(part * half, half, Input<bool>(x + part * half, half)); });
    });
    group.ratio(table::threads, class_name, "step", "two", "one");
  });

  add_group("threads/run", largest.places, [](Group& group) {
    group.wall_clock = true;
    const auto spikes = raster<std::uint8_t>(huge, steps);
    const auto one = make(huge);
    const std::array halves{make(half), make(half)};
    group.time("one", [=] { one->run(*spikes); });
    group.time("two", [=] {
      both([&](Index part) { halves[static_cast<std::size_t>(part)]->run(spikes->middleRows(part * half, half)); });
    });
    group.ratio(table::threads, class_name, "run", "two", "one");
  });
}

const Registration registration([] {
  index_list();
  bit_packed();
  run(million);
  event_driven();
  if (class_name != "Tracer") return;  // what needs gigabytes or two threads, for one class
  if (std::thread::hardware_concurrency() > 1) two_threads();
  if (quick) return;
  run(largest);
  packed_run();
});

}  // namespace
}  // namespace bench
