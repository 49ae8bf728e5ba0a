// Populations of a few elements, where a call should cost what its arithmetic costs: against the plain loop that a user
// would write, compiled with the flags of this file.
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
        words(static_cast<std::size_t>((n + 63) / 64)),
        one{static_cast<int>(n / 2)} {
    for (Index i = 0; i < n; i += 3) words[static_cast<std::size_t>(i / 64)] |= std::uint64_t{1} << i % 64;
  }
};

template <class Loop, class LibraryStep, class LoopStep>
void compare(Group& group, Index n, const char* input, LibraryStep library_step, LoopStep loop_step) {
  const auto loop = std::make_shared<Loop>(n, 0);
  const auto library = std::make_shared<typename Loop::Library>(loop->library());
  for (int k = 0; k < 3; ++k) {
    library_step(*library);
    loop_step(*loop);
  }
  const Eigen::ArrayXf output = library_step(*library);
  loop_step(*loop);
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

const Registration registration([] {
  for (const Index n : {1, 8, 10, 37, 100, 300}) {
    compare<subject::Tracer<float, Uniform>>(n);
    compare<subject::DoubleTracer<float, Uniform>>(n);
    compare<subject::RUTracer<float, Uniform>>(n);
  }
});

}  // namespace
}  // namespace bench
