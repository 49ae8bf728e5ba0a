// What simulators call beside steps, against what they would do without it.
#include "subjects.hpp"

namespace bench {
template <class Library, class Without>
static void compare(Group& group, const std::string& row, Library library, Without without) {
  group.ratio(table::simulators, row, "time", group.time(std::move(library)), group.time(std::move(without)));
}

/// A parameter that is set at run time, as a neuromodulator does it, where all parameters are numbers.
static void set_tau() {
  add_group("simulators/set_tau", 1, [](Group& group) {
    spark::Tracer<Eigen::ArrayXf> tracer(1000, 20.0);
    double tau = 20;
    const auto decay = std::make_shared<float>();
    compare(
        group, "set_tau(number) / one division", [=]() mutable { tracer.set_tau(tau = 60 - tau); },
        [=]() mutable { *decay = static_cast<float>(1 / (tau = 60 - tau)); });
  });
}

/// Synapses of different weights that fire into one trace, as a list of indices and one of weights.
static void amounts() {
  for (const Size size : {Size{10000, "10,000", 9}, million}) {
    add_group(std::string("simulators/amounts/") + size.label, size.places, [=](Group& group) {
      Lists lists(size.count, static_cast<double>(size.count) / 1000, true);
      const std::vector<float> weights(lists().size() + 1, 0.5f);
      const auto make = [=] { return subject::Tracer<float>(size.count, 0).library(); };
      const auto with_amounts = [=]() mutable {
        const auto& list = lists();
        return spark::spikes(list.data(), weights.data(), static_cast<Index>(list.size()));
      };
      compare(group, std::string("A list with amounts / a plain list, ") + size.label + " elements",
              step_with(make(), with_amounts), step_with(make(), lists));
    });
  }
}

/// The traces of the presynaptic neurons that a postsynaptic spike looks at.
static void values() {
  add_group("simulators/values", million.places, [](Group& group) {
    using Tracer = spark::DoubleTracer<Eigen::ArrayXf>;
    Lists lists(million.count, 1000, false);
    const auto events = std::make_shared<spark::EventDriven<Tracer>>(Tracer(million.count, 20.0, 35.0));
    for (int step = 0; step < 256; ++step) (*events)(spark::spikes(lists()));
    std::vector<float> out(1000);
    compare(
        group, "values(indices) / value(i), 1,000 of 1 Mi at random", [=]() mutable { events->values(lists(), out); },
        [=]() mutable {
          std::size_t k = 0;
          for (const std::int32_t i : lists()) out[k++] = events->value(i);
        });
  });
}

/// Synapses of Tsodyks and Markram that look at their traces when they fire, in turn, after silences of any length.
static void synapses(std::size_t power_of_two, const char* label) {
  using Rule = spark::Rule<spark::RUTracer<Eigen::ArrayXd, spark::Exact>>;
  static_assert(sizeof(Rule::State) == 2 * sizeof(double), "a synapse keeps its traces and nothing else");
  struct Hand {
    double U = 0, R = 1;
  };

  add_group(std::string("simulators/synapses/") + label, 3, [=](Group& group) {
    const double R_tau = 800, U_tau = 50, share = 0.3;
    const Rule rule(R_tau, U_tau, share);
    const std::size_t last = power_of_two - 1;
    std::array<double, 256> silences;
    std::mt19937 random(4);
    std::exponential_distribution<double> interval(0.05);
    for (double& silence : silences) silence = interval(random);

    auto step_rule = [=, spikes = std::size_t{0}, synapses = std::vector(power_of_two, rule.rest())]() mutable {
      Rule::State& s = synapses[++spikes & last];
      rule.elapse(s, silences[spikes % 256]);
      return rule.step(s, 1.0);
    };
    auto step_by_hand = [=, spikes = std::size_t{0}, synapses = std::vector<Hand>(power_of_two)]() mutable {
      Hand& s = synapses[++spikes & last];
      const double silence = silences[spikes % 256] + 1;  // the step takes a dt, too
      s.U *= std::exp(-silence / U_tau);
      s.R = 1 - (1 - s.R) * std::exp(-silence / R_tau);
      s.U += (1 - s.U) * share;
      const double release = s.U * s.R;
      s.R -= release;
      return release;
    };
    for (int k = 0; k < 5000; ++k) require_equal("Rule", std::abs(step_rule() - step_by_hand()));
    compare(
        group, std::string("One synapse at a spike: a Rule / the lines by hand, ") + label,
        [=]() mutable { benchmark::DoNotOptimize(step_rule()); },
        [=]() mutable { benchmark::DoNotOptimize(step_by_hand()); });
  });
}

const Registration registration([] {
  set_tau();
  amounts();
  values();
  synapses(1024, "1,024 in turn");
  synapses(1, "the same one again and again");
});

}  // namespace bench
