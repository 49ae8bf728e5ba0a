// Of one class, SPARK_BENCH_CLASS: the dense step against everything that a user might do instead, 16-bit storage
// against float, silence against activity, the other forms of input, event-driven evaluation and threads.
#include <thread>

#include "subjects.hpp"

namespace bench {
template <class T, Kind kind = uniform> using Subject = subject::SPARK_BENCH_CLASS<T, kind>;
const std::string class_name = SPARK_BENCH_NAME;

template <class T, class X, Kind kind> static void dense(const std::string& row, Size size, double base = 0) {
  add_group("dense/" + row + "/" + size.label, size.places, [=](Group& group) {
    const auto plain = std::make_shared<Subject<T, kind>>(size.count, base);
    auto tracer = plain->library();
    Activity<X> activity(size.count);
    for (int step = 0; step < 2; ++step) {
      const Input<X> x = activity();
      const Array<T> output = tracer(x);
      step == 0 ? plain->eigen(x) : plain->hand(x.data());
      require_equal(row, static_cast<double>((output - plain->output()).abs().maxCoeff()));
    }

    const int library = group.time(step_with(std::move(tracer), activity));
    const int hand = group.time<FlushToZero>([=]() mutable { plain->hand(activity().data()); });
    group.ratio(table::hand, row, size.label, library, hand);
    if (base != 0) return;
    if constexpr (!std::is_same<X, std::uint8_t>::value) {  // to an expression a byte is what a bool is
      const int eigen = group.time([=]() mutable { plain->eigen(activity()); });
      group.ratio(table::eigen, row, size.label, library, eigen);
    }
    if (size.count != largest.count) return;
    const int bytes = group.time([=]() mutable { plain->bytes(activity().data()); });
    group.ratio(table::memory, row, size.label, library, bytes);
  });
}

template <class T, class X> static void dense(const char* types) {
  const std::string row = class_name + ", " + types + " input", each = row + ", tau per element";
  for (const Size size : sizes()) dense<T, X, uniform>(row, size);
  for (const Size size : sizes()) dense<T, X, per_element>(each, size);
  if (!Subject<T>::has_base) return;
  // out of the first cache the additions for a base hide behind memory
  dense<T, X, uniform>(row + ", base not 0", smallest, 0.125);
  dense<T, X, per_element>(each + ", base not 0", smallest, 0.125);
}

/// 16 bits against float. The plain expression in half arithmetic takes so long that it is timed at one size.
template <class T> static void sixteen(const char* type) {
  for (const Size size : {smallest, largest}) {
    const std::string row = class_name + ", " + type;
    add_group("16 bit/" + row + "/" + size.label, size.places, [=](Group& group) {
      Subject<T> plain(size.count, 0);
      Activity<bool> activity(size.count);
      const auto time = [&](const auto& subject, spark::Rounding rounding) {
        return group.time(step_with(subject.library({1, 1, rounding}), activity));
      };
      const int library = time(plain, spark::Rounding::Nearest);
      const int floats = time(Subject<float>(size.count, 0), spark::Rounding::Nearest);
      group.ratio(table::sixteen, row, size.label, library, floats);
      if (size.count == largest.count) {
        group.ratio(table::rounding, row, size.label, time(plain, spark::Rounding::Stochastic), library);
      } else {
        const int eigen = group.time([=]() mutable { plain.eigen(activity()); });
        group.ratio(table::eigen, row + ", bool input", size.label, library, eigen);
      }
    });
  }
}

template <class T> static void silent(const char* type) {
  add_group("silent/" + class_name + "/" + type, 5, [=](Group& group) {
    constexpr Index size = 1024;
    const Subject<T> subject(size, 0, 5);  // so fast a decay that even a long double would become subnormal
    const Array<bool> nothing = Array<bool>::Zero(size);
    auto tracer = subject.library();
    tracer(Array<bool>::Ones(size));
    for (int step = 0; step < 100000; ++step) tracer(nothing);
    const int silent = group.time(step_with(std::move(tracer), [=]() -> const Array<bool>& { return nothing; }));
    const int active = group.time(step_with(subject.library(), Activity<bool>(size)));
    group.ratio(table::silent, class_name, type, silent, active);
  });
}

constexpr Index steps = 64;  // of a run
constexpr Index huge = largest.count, half = huge / 2;

static auto make(Index size) { return Subject<float>(size, 0).library(); }

/// A step with x, again and again.
template <class X> static auto step_on(const Array<X>& x) {
  return step_with(make(x.size()), [=] { return Input<X>(x.data(), x.size()); });
}

static void index_list() {
  const Index size = million.count;
  add_group("list/" + class_name, million.places, [=](Group& group) {
    const Lists sorted(size, static_cast<double>(size) / 2000, true),
        shuffled(size, static_cast<double>(size) / 2000, false);
    const int dense = group.time(step_on(sorted.dense<float>(size)));
    group.ratio(table::list, class_name, "sorted", group.time(step_with(make(size), sorted)), dense);
    group.ratio(table::list, class_name, "shuffled", group.time(step_with(make(size), shuffled)), dense);
  });
}

static void bit_packed() {
  add_group("bits/" + class_name, largest.places, [](Group& group) {
    Activity<bool> activity(huge);
    const auto words = packed(activity().data(), huge);
    const int bits = group.time(step_with(make(huge), [=] { return spark::spike_bits(words, huge); }));
    group.ratio(table::bits, class_name, largest.label, bits, group.time(step_with(make(huge), activity)));
  });
}

static void run(Size size) {
  add_group("run/" + class_name + "/" + size.label, size.places, [=](Group& group) {
    const auto spikes = raster<std::uint8_t>(size.count, steps);
    const int whole = group.time([=, tracer = make(size.count)]() mutable { tracer.run(*spikes); });
    const int single = group.time([=, tracer = make(size.count)]() mutable {
      for (Index k = 0; k < steps; ++k) {
        decltype(auto) output = tracer(spikes->col(k));
        benchmark::DoNotOptimize(&output);
      }
    });
    group.ratio(table::run, class_name, size.label, whole, single);
  });
}

static void event_driven() {
  using Events = spark::EventDriven<Subject<float>::Library>;
  const Index size = million.count;
  for (const auto& [share, one_in] : {std::pair("0.05 %", 2000.0), std::pair("0.005 %", 20000.0)}) {
    add_group("events/" + class_name + "/" + share, million.places, [=, share = share, one_in = one_in](Group& group) {
      Lists lists(size, static_cast<double>(size) / one_in, true);
      const int events = group.time([lists, events = Events(make(size))]() mutable { events(spark::spikes(lists())); });
      const int bools = group.time(step_on(lists.dense<bool>(size)));
      const int floats = group.time(step_on(lists.dense<float>(size)));
      group.ratio(table::events, class_name + ", dense bool", share, events, bools);
      group.ratio(table::events, class_name + ", dense float", share, events, floats);
    });
  }
}

static void packed_run() {
  add_group("packed run/large", largest.places, [](Group& group) {
    const auto words = packed(raster<bool>(huge, steps)->data(), huge * steps);
    const auto floats = raster<float>(huge, steps);
    const int library =
        group.time([=, tracer = make(huge)]() mutable { tracer.run(spark::spike_bits(words, huge, steps)); });
    const int eigen = group.time([=, plain = Subject<float>(huge, 0)]() mutable {
      for (Index k = 0; k < steps; ++k)
        plain.trace[0] += plain.decay[0] * (plain.base - plain.trace[0]) + floats->col(k);
    });
    group.ratio(table::raster, class_name, largest.label, library, eigen);
  });
}

/// Calls `f(0)` here and `f(1)` on a second thread. What starting that costs is a few hundredths of the shortest step.
template <class F> static void both(F f) {
  std::thread other([&] { f(1); });
  f(0);
  other.join();
}

static void two_threads() {
  add_group("threads/step", largest.places, [](Group& group) {
    group.wall_clock = true;
    Activity<bool> activity(huge);
    const int one = group.time([=, tracer = make(huge)]() mutable { tracer.step(0, huge, activity()); });
    const int two = group.time([=, tracer = make(huge)]() mutable {
      const bool* spikes = activity().data();
      both([&](Index part) { tracer.step(part * half, half, Input<bool>(spikes + part * half, half)); });
    });
    group.ratio(table::threads, class_name, "step", two, one);
  });

  add_group("threads/run", largest.places, [](Group& group) {
    group.wall_clock = true;
    const auto spikes = raster<std::uint8_t>(huge, steps);
    const int one = group.time([=, tracer = make(huge)]() mutable { tracer.run(*spikes); });
    const int two = group.time([=, halves = std::array{make(half), make(half)}]() mutable {
      both([&](Index part) { halves[static_cast<std::size_t>(part)].run(spikes->middleRows(part * half, half)); });
    });
    group.ratio(table::threads, class_name, "run", two, one);
  });
}

const Registration registration([] {
  dense<float, bool>("float, bool");
  dense<float, std::uint8_t>("float, uint8");
  dense<float, float>("float, float");
  dense<double, bool>("double, bool");
  dense<double, std::uint8_t>("double, uint8");
  dense<double, float>("double, float");
  sixteen<Eigen::half>("half");
  sixteen<Eigen::bfloat16>("bfloat16");
  silent<Eigen::half>("half");
  silent<Eigen::bfloat16>("bfloat16");
  silent<float>("float");
  silent<double>("double");
  if (!quick) silent<long double>("long double");

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

}  // namespace bench
