// What simulators call beside steps, against what they would do without it.
#include "subjects.hpp"

namespace bench {
namespace {

constexpr const char* column = "time";

/// A parameter that is set at run time, as a neuromodulator does it, where all parameters are numbers.
void set_tau() {
  add_group("simulators/set_tau", 1, [](Group& group) {
    const auto library = std::make_shared<spark::Tracer<Eigen::ArrayXf>>(1000, 20.0);
    const auto tau = std::make_shared<double>(20);
    const auto decay = std::make_shared<float>();
    group.time("set_tau", [=] { library->set_tau(*tau = 60 - *tau); });
    group.time("divide", [=] { *decay = static_cast<float>(1 / (*tau = 60 - *tau)); });
    group.ratio(table::simulators, "set_tau(number) / one division", column, "set_tau", "divide");
  });
}

/// Synapses of different weights that fire into one trace, as a list of indices and one of weights.
void amounts() {
  for (const Size size : {Size{10000, "10,000", 9}, million}) {
    add_group(std::string("simulators/amounts/") + size.label, size.places, [=](Group& group) {
      const auto lists = std::make_shared<Lists>(size.count, static_cast<double>(size.count) / 1000, true);
      const auto weights = std::make_shared<std::vector<float>>(lists->next().size() + 1, 0.5f);
      const auto make = [=] { return library_of(subject::Tracer<float>(size.count, 0)); };
      const auto with_amounts = [=] {
        const auto& list = lists->next();
        return spark::spikes(list.data(), weights->data(), static_cast<Index>(list.size()));
      };
      group.time("amounts", step_with(make(), with_amounts));
      group.time("plain", step_with(make(), [=] { return spark::spikes(lists->next()); }));
      group.ratio(table::simulators, std::string("A list with amounts / a plain list, ") + size.label + " elements",
                  column, "amounts", "plain");
    });
  }
}

/// The traces of the presynaptic neurons that a postsynaptic spike looks at.
void values() {
  add_group("simulators/values", million.places, [](Group& group) {
    using Events = spark::EventDriven<spark::DoubleTracer<Eigen::ArrayXf>>;
    const auto lists = std::make_shared<Lists>(million.count, 1000, false);
    const auto events = std::make_shared<Events>(spark::DoubleTracer<Eigen::ArrayXf>(million.count, 20.0, 35.0));
    for (int step = 0; step < 256; ++step) (*events)(spark::spikes(lists->next()));
    const auto out = std::make_shared<std::vector<float>>(1000);
    group.time("values", [=] { events->values(lists->next(), *out); });
    group.time("value", [=] {
      std::size_t k = 0;
      for (const std::int32_t i : lists->next()) (*out)[k++] = events->value(i);
    });
    group.ratio(table::simulators, "values(indices) / value(i), 1,000 of 1 Mi at random", column, "values", "value");
  });
}

/// Synapses of Tsodyks and Markram that look at their traces when they fire, in turn, after silences of any length.
struct Synapses {
  using Rule = spark::Rule<spark::RUTracer<Eigen::ArrayXd, spark::Exact>>;
  static_assert(sizeof(Rule::State) == 2 * sizeof(double), "a synapse keeps its traces and nothing else");
  struct Hand {
    double U = 0, R = 1;
  };

  double R_tau = 800, U_tau = 50, share = 0.3;
  Rule rule{R_tau, U_tau, share};
  std::vector<Rule::State> by_rule;
  std::vector<Hand> by_hand;
  std::size_t last, rule_spikes = 0, hand_spikes = 0;
  std::array<double, 256> silences;

  explicit Synapses(std::size_t power_of_two)
      : by_rule(power_of_two, rule.rest()), by_hand(power_of_two), last(power_of_two - 1) {
    std::mt19937 random(4);
    std::exponential_distribution<double> interval(0.05);
    for (double& silence : silences) silence = interval(random);
  }
  double rule_step() {
    Rule::State& s = by_rule[++rule_spikes & last];
    rule.elapse(s, silences[rule_spikes % 256]);
    return rule.step(s, 1.0);
  }
  double hand_step() {
    Hand& s = by_hand[++hand_spikes & last];
    const double silence = silences[hand_spikes % 256] + 1;  // the step takes a dt, too
    s.U *= std::exp(-silence / U_tau);
    s.R = 1 - (1 - s.R) * std::exp(-silence / R_tau);
    s.U += (1 - s.U) * share;
    const double release = s.U * s.R;
    s.R -= release;
    return release;
  }
};

void synapses(std::size_t count, const char* label) {
  add_group(std::string("simulators/synapses/") + label, 3, [=](Group& group) {
    const auto synapses = std::make_shared<Synapses>(count);
    for (int k = 0; k < 5000; ++k) require_equal("Rule", std::abs(synapses->rule_step() - synapses->hand_step()));
    group.time("rule", [=] { benchmark::DoNotOptimize(synapses->rule_step()); });
    group.time("hand", [=] { benchmark::DoNotOptimize(synapses->hand_step()); });
    group.ratio(table::simulators, std::string("One synapse at a spike: a Rule / the lines by hand, ") + label, column,
                "rule", "hand");
  });
}

const Registration registration([] {
  set_tau();
  amounts();
  values();
  synapses(1024, "1,024 in turn");
  synapses(1, "the same one again and again");
});

}  // namespace
}  // namespace bench
