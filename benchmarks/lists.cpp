// A step from a list of the few that spiked, the form in which simulators hand over spikes, against what anybody would
// write for it: let all decay, then add to the few.
#include "subjects.hpp"

namespace bench {
namespace {

template <class Subject> void compare(Size size, const char* share, double spikes_per_step) {
  const std::string name = Subject::name;
  add_group("few/" + name + "/" + size.label + "/" + share, size.places, [=](Group& group) {
    const auto spikes = std::make_shared<Lists>(size.count, spikes_per_step, true);
    const auto hand = std::make_shared<Subject>(size.count, 0);
    const auto library = std::make_shared<typename Subject::Library>(hand->library());
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

template <class Subject> void compare() {
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
