// A step from a list of the few that spiked, the form in which simulators hand over spikes, against what anybody would
// write for it: let all decay, then add to the few.
#include <memory>

#include "by_hand.hpp"
#include "harness.hpp"
#include "spikes.hpp"
#include "subjects.hpp"

namespace bench {
namespace {

using List = std::vector<std::int32_t>;

template <class Subject>
struct ByHand;

template <>
struct ByHand<subject::Tracer<float, Uniform>> : subject::Tracer<float, Uniform> {
  using Tracer::Tracer;
  static constexpr const char* name = "Tracer";

  void step(const List& list) {
    decay_all(trace.data(), size, 1 - time.decay);
    for (const std::int32_t i : list) trace[i] += scale;
  }
};

template <>
struct ByHand<subject::DoubleTracer<float, Uniform>> : subject::DoubleTracer<float, Uniform> {
  using DoubleTracer::DoubleTracer;
  static constexpr const char* name = "DoubleTracer";

  void step(const List& list) {
    decay_all(trace_1.data(), trace_2.data(), size, 1 - time_1.decay, 1 - time_2.decay, scale);
    for (const std::int32_t i : list) {
      trace_1[i] += scale;
      trace_2[i] += scale * scale;
    }
  }
};

template <>
struct ByHand<subject::RUTracer<float, Uniform>> : subject::RUTracer<float, Uniform> {
  using RUTracer::RUTracer;
  static constexpr const char* name = "RUTracer";

  /// A spike raises U from what it was before it decayed; so it goes first, enlarged by what it is about to lose.
  void step(const List& list) {
    const float raise = share / (1 - time_U.decay);
    for (const std::int32_t i : list) U[i] += (1 - U[i]) * raise;
    decay_all(R.data(), U.data(), release.data(), size, time_R.decay, time_U.decay);
    for (const std::int32_t i : list) R[i] -= release[i];
  }
};

template <class Subject>
void compare(Size size, const char* share, double spikes_per_step) {
  using Hand = ByHand<Subject>;
  const std::string name = Hand::name;
  add_group("few/" + name + "/" + size.label + "/" + share, size.places, [=](Group& group) {
    const auto spikes = std::make_shared<Lists>(size.count, spikes_per_step, true);
    const auto hand = std::make_shared<Hand>(size.count, 0);
    const auto library = std::make_shared<typename Subject::Library>(hand->library());
    for (int step = 0; step < 20; ++step) {
      const List& list = spikes->next();
      const Array<float> output = (*library)(spark::spikes(list));
      hand->step(list);
      require_equal(name, static_cast<double>((output - hand->output()).abs().maxCoeff()));
    }
    group.time("library", [=] {
      decltype(auto) output = (*library)(spark::spikes(spikes->next()));
      benchmark::DoNotOptimize(&output);
    });
    group.time<FlushToZero>("hand", [=] { hand->step(spikes->next()); });
    group.ratio(table::few, name + ", " + share + " spike", size.label, "library", "hand");
  });
}

template <class Subject>
void compare() {
  std::vector<Size> sizes{{1000, "1,000", 9}, {10000, "10,000", 9}, {200000, "200,000", 3}, {1000000, "1,000,000", 3}};
  if (effort().quick) sizes = {sizes[0], sizes[2]};
  for (const auto& [share, one_in] :
       {std::pair("0.01 %", 10000.0), std::pair("0.1 %", 1000.0), std::pair("1 %", 100.0)})
    for (const Size size : sizes) compare<Subject>(size, share, static_cast<double>(size.count) / one_in);
}

const Registration registration([] {
  compare<subject::Tracer<float, Uniform>>();
  compare<subject::DoubleTracer<float, Uniform>>();
  compare<subject::RUTracer<float, Uniform>>();
});

}  // namespace
}  // namespace bench
