// The other forms of input, and event-driven evaluation, of one class, SPARK_BENCH_CLASS. Compiled once for each class.
#include "subjects.hpp"

namespace bench {
namespace {

template <class T, class Kind> using Subject = subject::SPARK_BENCH_CLASS<T, Kind>;
const std::string class_name = Subject<float, Uniform>::name;

auto make(Index size) { return library_of(Subject<float, Uniform>(size, 0)); }

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
    const auto words = std::make_shared<std::vector<std::uint64_t>>(packed_raster(size, 1));
    group.time("bits", step_with(make(size), [=] { return spark::spike_bits(*words, size); }));
    group.time("dense", library_step(make(size), std::make_shared<Activity<bool>>(size)));
    group.ratio(table::bits, class_name, largest.label, "bits", "dense");
  });
}

void run(Size sizes) {
  const Index size = sizes.count, steps = 64;
  add_group("run/" + class_name + "/" + sizes.label, sizes.places, [=](Group& group) {
    const auto spikes = std::make_shared<const Eigen::Array<std::uint8_t, -1, -1>>(raster<std::uint8_t>(size, steps));
    const auto whole = make(size), single = make(size);
    group.time("run", [=] { whole->run(*spikes); });
    group.time("steps", [=] {
      for (Index k = 0; k < steps; ++k) {
        decltype(auto) output = (*single)(spikes->col(k));
        benchmark::DoNotOptimize(&output);
      }
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
      const auto events = std::make_shared<spark::EventDriven<typename Subject<float, Uniform>::Library>>(*make(size));
      group.time("events", [=] { (*events)(spark::spikes(spikes->next())); });
      group.time("bool", step_with(make(size), [=] { return Input<bool>(bools.data(), size); }));
      group.time("float", step_with(make(size), [=] { return Input<float>(floats.data(), size); }));
      group.ratio(table::events, class_name + ", dense bool", label, "events", "bool");
      group.ratio(table::events, class_name + ", dense float", label, "events", "float");
    });
  }
}

const Registration registration([] {
  index_list();
  bit_packed();
  run(million);
  if (!effort.quick && class_name == "Tracer") run(largest);
  event_driven();
});

}  // namespace
}  // namespace bench
