// What simulators call most: steps of a few elements, against a plain loop compiled with the flags of this file; and
// steps from a list of the few that spiked, against letting all decay and adding to the few.
#include "subjects.hpp"

namespace bench {
namespace {

/// Every third element spikes, in the first three forms; in a list just one.
struct Spikes {
  Array<bool> bools;
  Array<float> floats;
  std::vector<std::uint64_t> words;
  std::vector<int> one;

  explicit Spikes(Index n)
      : bools(Array<bool>::NullaryExpr(n, [](Index i) { return i % 3 == 0; })),
        floats(bools.cast<float>()),
        words(packed(bools.data(), n)),
        one{static_cast<int>(n / 2)} {}
};

template <class Loop> void compare(Index n) {
  add_group(std::string("small/") + Loop::name + "/" + std::to_string(n), 3, [=](Group& group) {
    const auto s = std::make_shared<Spikes>(n);
    const bool* const bools = s->bools.data();
    const float* const floats = s->floats.data();
    const std::uint64_t* const words = s->words.data();
    using Library = typename Loop::Library;
    const auto compare_with = [&](const std::string& input, auto library_step, auto loop_step) {
      const auto loop = std::make_shared<Loop>(n, 0);
      const auto library = library_of(*loop);
      Eigen::ArrayXf output;
      for (int k = 0; k < 4; ++k) {
        output = library_step(*library);
        loop_step(*loop);
      }
      require_equal(Loop::name, static_cast<double>((output - loop->output()).abs().maxCoeff()));
      group.time(input + " library", [=] {
        decltype(auto) result = library_step(*library);
        benchmark::DoNotOptimize(&result);
      });
      group.time<FlushToZero>(input + " loop", [=] { loop_step(*loop); });
      group.ratio(table::small, Loop::name + (", " + input), std::to_string(n), input + " library", input + " loop");
    };
    compare_with(
        "bool", [=](Library& t) -> decltype(auto) { return t(s->bools); },
        [=](Loop& t) { t.loop([=](Index i) { return static_cast<float>(bools[i]); }); });
    compare_with(
        "float", [=](Library& t) -> decltype(auto) { return t(s->floats); },
        [=](Loop& t) { t.loop([=](Index i) { return floats[i]; }); });
    compare_with(
        "bits", [=](Library& t) -> decltype(auto) { return t(spark::spike_bits(words, n)); },
        [=](Loop& t) { t.loop([=](Index i) { return static_cast<float>(words[i / 64] >> i % 64 & 1); }); });
    compare_with(
        "list of one", [=](Library& t) -> decltype(auto) { return t(spark::spikes(s->one)); },
        [=](Loop& t) { t.few(s->one, [&] { t.loop(Nobody()); }); });
    compare_with(
        "advance(1)",
        [=](Library& t) -> decltype(auto) {
          t.advance(1);
          return t.value();
        },
        [=](Loop& t) { t.loop(Nobody()); });
  });
}

template <class Subject> void few_spikes(Size size, const char* share, double spikes_per_step) {
  const std::string name = Subject::name;
  add_group("few/" + name + "/" + size.label + "/" + share, size.places, [=](Group& group) {
    const auto spikes = std::make_shared<Lists>(size.count, spikes_per_step, true);
    const auto hand = std::make_shared<Subject>(size.count, 0);
    const auto library = library_of(*hand);
    const auto by_hand = [=](const std::vector<std::int32_t>& list) { hand->few(list, [=] { hand->decay_all(); }); };
    for (int step = 0; step < 20; ++step) {
      const std::vector<std::int32_t>& list = spikes->next();
      const Array<float> output = (*library)(spark::spikes(list));
      by_hand(list);
      require_equal(name, static_cast<double>((output - hand->output()).abs().maxCoeff()));
    }
    group.time("library", step_with(library, [=] { return spark::spikes(spikes->next()); }));
    group.time<FlushToZero>("hand", [=] { by_hand(spikes->next()); });
    group.ratio(table::few, name + ", " + share + " spike", size.label, "library", "hand");
  });
}

template <class Subject> void few_spikes() {
  std::vector<Size> sizes{{1000, "1,000", 9}, {10000, "10,000", 9}, {200000, "200,000", 3}, {1000000, "1,000,000", 3}};
  if (quick) sizes = {sizes[0], sizes[2]};
  for (const auto& [share, one_in] :
       {std::pair("0.01 %", 10000.0), std::pair("0.1 %", 1000.0), std::pair("1 %", 100.0)})
    for (const Size size : sizes) few_spikes<Subject>(size, share, static_cast<double>(size.count) / one_in);
}

template <class Subject> void add_class() {
  for (const Index n : {1, 8, 10, 37, 100, 300}) compare<Subject>(n);
  few_spikes<Subject>();
}

const Registration registration([] {
  add_class<subject::Tracer<float>>();
  add_class<subject::DoubleTracer<float>>();
  add_class<subject::RUTracer<float>>();
});

}  // namespace
}  // namespace bench
