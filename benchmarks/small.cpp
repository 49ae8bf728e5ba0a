// What simulators call most: steps of a few elements, against a plain loop compiled with the flags of this file; and
// steps from a list of the few that spiked, against letting all decay and adding to the few.
#include "subjects.hpp"

namespace bench {
template <class Subject> static void compare(const std::string& name, Index n) {
  using Library = typename Subject::Library;
  add_group("small/" + name + "/" + std::to_string(n), 3, [=](Group& group) {
    const auto compare_with = [&](const std::string& input, auto library_step, auto loop_step) {
      Subject plain(n, 0);
      Library tracer = plain.library();
      Array<float> output;
      for (int k = 0; k < 4; ++k) {
        output = library_step(tracer);
        loop_step(plain);
      }
      require_equal(name, static_cast<double>((output - plain.output()).abs().maxCoeff()));
      const int library = group.time([=]() mutable {
        decltype(auto) result = library_step(tracer);
        benchmark::DoNotOptimize(&result);
      });
      const int loop = group.time<FlushToZero>([=]() mutable { loop_step(plain); });
      group.ratio(table::small, name + ", " + input, std::to_string(n), library, loop);
    };

    // every third element spikes, in a list just one
    const Array<bool> bools = Array<bool>::NullaryExpr(n, [](Index i) { return i % 3 == 0; });
    const Array<float> floats = bools.cast<float>();
    const std::vector<std::uint64_t> words = packed(bools.data(), n);
    const std::vector<int> one{static_cast<int>(n / 2)};
    compare_with(
        "bool", [=](Library& t) -> decltype(auto) { return t(bools); },
        [=](Subject& t) { t.loop([x = bools.data()](Index i) { return static_cast<float>(x[i]); }); });
    compare_with(
        "float", [=](Library& t) -> decltype(auto) { return t(floats); },
        [=](Subject& t) { t.loop([x = floats.data()](Index i) { return x[i]; }); });
    compare_with(
        "bits", [=](Library& t) -> decltype(auto) { return t(spark::spike_bits(words.data(), n)); },
        [=](Subject& t) {
          t.loop([x = words.data()](Index i) { return static_cast<float>(x[i / 64] >> i % 64 & 1); });
        });
    compare_with(
        "list of one", [=](Library& t) -> decltype(auto) { return t(spark::spikes(one)); },
        [=](Subject& t) { t.few(one, [&] { t.loop(nobody); }); });
    compare_with(
        "advance(1)",
        [](Library& t) -> decltype(auto) {
          t.advance(1);
          return t.value();
        },
        [](Subject& t) { t.loop(nobody); });
  });
}

template <class Subject>
static void few_spikes(const std::string& name, Size size, const char* share, double spikes_per_step) {
  add_group("few/" + name + "/" + size.label + "/" + share, size.places, [=](Group& group) {
    Lists lists(size.count, spikes_per_step, true);
    Subject plain(size.count, 0);
    auto tracer = plain.library();
    const auto by_hand = [](Subject& t, const std::vector<std::int32_t>& list) { t.few(list, [&] { t.decay_all(); }); };
    for (int step = 0; step < 20; ++step) {
      const std::vector<std::int32_t>& list = lists();
      const Array<float> output = tracer(spark::spikes(list));
      by_hand(plain, list);
      require_equal(name, static_cast<double>((output - plain.output()).abs().maxCoeff()));
    }
    const int library = group.time(step_with(std::move(tracer), lists));
    const int hand = group.time<FlushToZero>([=]() mutable { by_hand(plain, lists()); });
    group.ratio(table::few, name + ", " + share + " spike", size.label, library, hand);
  });
}

template <class Subject> static void few_spikes(const std::string& name) {
  std::vector<Size> sizes{{1000, "1,000", 9}, {10000, "10,000", 9}, {200000, "200,000", 3}, {1000000, "1,000,000", 3}};
  if (quick) sizes = {sizes[0], sizes[2]};
  for (const auto& [share, one_in] :
       {std::pair("0.01 %", 10000.0), std::pair("0.1 %", 1000.0), std::pair("1 %", 100.0)})
    for (const Size size : sizes) few_spikes<Subject>(name, size, share, static_cast<double>(size.count) / one_in);
}

template <class Subject> static void add_class(const std::string& name) {
  for (const Index n : {1, 8, 10, 37, 100, 300}) compare<Subject>(name, n);
  few_spikes<Subject>(name);
}

const Registration registration([] {
  add_class<subject::Tracer<float>>("Tracer");
  add_class<subject::DoubleTracer<float>>("DoubleTracer");
  add_class<subject::RUTracer<float>>("RUTracer");
});

}  // namespace bench
