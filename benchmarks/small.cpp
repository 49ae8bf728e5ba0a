// What simulators call most, against what anybody would write for it: steps of a few elements, where a call should cost
// what its arithmetic costs, against a plain loop compiled with the flags of this file; and steps from a list of the
// few that spiked, against letting all decay and adding to the few.
#include <utility>
#include <vector>

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

template <class Loop, class LibraryStep, class LoopStep>
void compare(Group& group, Index n, const char* input, LibraryStep library_step, LoopStep loop_step) {
  const auto loop = std::make_shared<Loop>(n, 0);
  const auto library = library_of(*loop);
  Eigen::ArrayXf output;
  for (int k = 0; k < 4; ++k) {
    output = library_step(*library);
    loop_step(*loop);
  }
  require_equal(Loop::name, static_cast<double>((output - loop->output()).abs().maxCoeff()));

  const std::string name = input;
  group.time(name + " library", [=] {
    decltype(auto) result = library_step(*library);
    benchmark::DoNotOptimize(&result);
  });
  group.time<FlushToZero>(name + " loop", [=] { loop_step(*loop); });
  group.ratio(table::small, Loop::name + (", " + name), std::to_string(n), name + " library", name + " loop");
}

template <class Loop> void compare(Index n) {
  add_group(std::string("small/") + Loop::name + "/" + std::to_string(n), 3, [=](Group& group) {
    const auto s = std::make_shared<Spikes>(n);
    const bool* const bools = s->bools.data();
    const float* const floats = s->floats.data();
    const std::uint64_t* const words = s->words.data();
    using Library = typename Loop::Library;
    const auto compare_with = [&](const char* input, auto library_step, auto loop_step) {
      compare<Loop>(group, n, input, library_step, loop_step);
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
    for (int step = 0; step < 20; ++step) {
      const std::vector<std::int32_t>& list = spikes->next();
      const Array<float> output = (*library)(spark::spikes(list));
      hand->few(list, [=] { hand->decay_all(); });
      require_equal(name, static_cast<double>((output - hand->output()).abs().maxCoeff()));
    }
    group.time("library", step_with(library, [=] { return spark::spikes(spikes->next()); }));
    group.time<FlushToZero>("hand", [=] { hand->few(spikes->next(), [=] { hand->decay_all(); }); });
    group.ratio(table::few, name + ", " + share + " spike", size.label, "library", "hand");
  });
}

template <class Subject> void few_spikes() {
  std::vector<Size> sizes{{1000, "1,000", 9}, {10000, "10,000", 9}, {200000, "200,000", 3}, {1000000, "1,000,000", 3}};
  if (effort.quick) sizes = {sizes[0], sizes[2]};
  for (const auto& [share, one_in] :
       {std::pair("0.01 %", 10000.0), std::pair("0.1 %", 1000.0), std::pair("1 %", 100.0)})
    for (const Size size : sizes) few_spikes<Subject>(size, share, static_cast<double>(size.count) / one_in);
}

const Registration registration([] {
  for (const Index n : {1, 8, 10, 37, 100, 300}) {
    compare<subject::Tracer<float, Uniform>>(n);
    compare<subject::DoubleTracer<float, Uniform>>(n);
    compare<subject::RUTracer<float, Uniform>>(n);
  }
  few_spikes<subject::Tracer<float, Uniform>>();
  few_spikes<subject::DoubleTracer<float, Uniform>>();
  few_spikes<subject::RUTracer<float, Uniform>>();
});

}  // namespace
}  // namespace bench
