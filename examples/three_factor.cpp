/// three_factor: learning from a reward that comes later.
///
///     three_factor [--trials N] [--seed N] [--out FOLDER]
///
/// Instrumental conditioning as in Izhikevich 2007 (Cereb Cortex 17:2443), made small: a stimulus makes 30 inputs fire,
/// and the one of two motor groups, A and B, that answers with more spikes within 20 ms is the choice. For the first
/// half of the trials A is right, then B. The reward comes up to a second later, when the spikes are long over. What
/// bridges the time is a trace for each synapse, its eligibility: spikes leave there what STDP would have done, and
/// dopamine makes that true. Dopamine reports success, the reward less the reward expected (Frémaux and Gerstner 2016,
/// Front Neural Circuits 9:85). The figure shows a rewarded trial, and how the choice follows what is right.
#include "support/results.hpp"

#include <spark/tracers.hpp>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>

namespace {

constexpr int inputs = 30, group = 15, motors = 2 * group;  // A is the first half of the motor neurons
using Number = Eigen::Array<float, 1, 1>;
using Inputs = Eigen::Array<float, inputs, 1>;
using Motors = Eigen::Array<float, motors, 1>;
using Synapses = Eigen::Array<float, motors, inputs>;
template <class Array> using Trace = spark::Tracer<Array, spark::Exact>;

struct Network {
  Trace<Motors> potential{10}, post{20};  // time constants in ms, the length of a step
  Trace<Inputs> pre{20};
  Trace<Synapses> eligibility{1000};
  Trace<Number> dopamine{200};
  // Does not decay: a sum that stays in [0, 1].
  spark::SaturableTracer<Synapses, spark::Exact> weight{std::numeric_limits<double>::infinity(), 1, 0.5};
  spark::Rng random;
  Inputs pre_spikes = Inputs::Zero();
  Motors post_spikes = Motors::Zero();

  explicit Network(std::uint64_t seed) : random(seed) {}

  float uniform() { return static_cast<float>(random() >> 40) * 0x1p-24f; }

  /// A millisecond in which each input fires with this probability.
  void step(float probability, float success) {
    pre_spikes = Inputs::NullaryExpr([&] { return uniform() < probability ? 1.0f : 0.0f; });
    Motors current = 0.075f * (weight.trace().matrix() * pre_spikes.matrix()).array();
    current.head<group>() -= 0.15f * post_spikes.tail<group>().sum();  // the groups inhibit each other
    current.tail<group>() -= 0.15f * post_spikes.head<group>().sum();
    const Motors hazard = 0.1f * exp(5.0f * (potential(current) - 1.0f));
    post_spikes = hazard.unaryExpr([&](float h) { return uniform() < h ? 1.0f : 0.0f; });
    potential.masked_reset(post_spikes);

    pre(pre_spikes), post(post_spikes), dopamine(Number(success));
    if ((pre_spikes > 0.0f).any() || (post_spikes > 0.0f).any()) {
      const auto grows = post_spikes.matrix() * pre.trace().matrix().transpose();
      const auto declines = post.trace().matrix() * pre_spikes.matrix().transpose();
      eligibility((grows - 1.2f * declines).array());
    } else {
      eligibility.advance(1);
    }
    weight(0.001f * dopamine.value()(0) * eligibility.trace());
  }
};

void simulate(int trials, std::uint64_t seed, support::Results& results) {
  const int duration = 2000, window = 20;  // ms
  Network network(seed);
  Trace<Eigen::Array2f> lately(10.0, -std::expm1(-0.1));  // means over trials: A chosen, and rewarded
  lately.set_trace(Eigen::Array2f(0.5f, 0.5f));

  Eigen::ArrayXXd learning(trials, 6), course(duration, 4);
  bool shown = false;  // the first trial with a reward late enough to see
  for (int trial = 0; trial < trials; ++trial) {
    const int due = 200 + static_cast<int>(800 * network.uniform());
    float lead = 0, rewarded = 0;
    for (int t = 0; t < duration; ++t) {
      network.step(t < 5 ? 0.2f : 0.001f, t == due ? rewarded - lately.value()(1) : 0.0f);
      if (t < window) lead += network.post_spikes.head<group>().sum() - network.post_spikes.tail<group>().sum();
      if (t == window) rewarded = (trial < trials / 2 ? lead > 0 : lead < 0) ? 1.0f : 0.0f;
      if (shown) continue;
      const Synapses& eligible = network.eligibility.trace();
      course.row(t) << t, eligible.topRows<group>().mean(), eligible.bottomRows<group>().mean(),
          network.dopamine.value()(0);
    }
    shown = shown || (rewarded > 0 && due > 500);
    lately(Eigen::Array2f(lead > 0, rewarded));
    const Synapses& weight = network.weight.trace();
    learning.row(trial) << trial + 1, lead > 0, rewarded, lately.value()(0), weight.topRows<group>().mean(),
        weight.bottomRows<group>().mean();
  }

  std::printf("   trials  chose A  rewarded  weight to A  weight to B\n");
  for (int k = 0, part = trials / 8; k < 8; ++k) {
    const auto rows = learning.middleRows(k * part, part);
    std::printf("%3d - %3d %8.2f %9.2f %12.2f %12.2f\n", k * part + 1, (k + 1) * part, rows.col(1).mean(),
                rows.col(2).mean(), rows(part - 1, 4), rows(part - 1, 5));
  }
  results.table("learning", "trial,chose_A,rewarded,lately_A,weight_to_A,weight_to_B", learning);
  results.table("trial", "t_ms,eligibility_to_A,eligibility_to_B,dopamine", course);
  results.figure(960, 340, R"(
set multiplot layout 1,3 margins 0.065,0.985,0.17,0.9 spacing 0.08
set title 'A trial: what bridges the time' font ':Bold'
set xlabel 'time since the stimulus (ms)'
set ylabel 'dopamine, mean eligibility' offset 1
set xrange [-20:2000]
set xtics 500
set yrange [-0.03:*]
plot 'trial.csv' using 1:4 skip 1 with filledcurves y=0 linecolor rgb '#dddddd' title 'dopamine', \
     for [k=1:2] '' using 1:(column(k+1)) skip 1 with lines linetype k title 'synapses to '.(k == 1 ? 'A' : 'B')
stats 'learning.csv' using 1 skip 1 nooutput
set xlabel 'trial'
set xtics 60
set xrange [0:STATS_max]
set yrange [0:1.02]
set arrow from STATS_max/2,0 to STATS_max/2,1.02 nohead linetype 8
set title 'What is chosen'
set ylabel 'A, share of the latest choices' offset 1
set label 'A is right' at STATS_max/4,0.1 center textcolor linetype 1
set label 'B is right' at 3*STATS_max/4,0.9 center textcolor linetype 2
plot 'learning.csv' using 1:4 skip 1 with lines linetype 3 notitle
unset label
set title 'What is learnt'
set ylabel 'weight, mean over synapses'
plot for [k=1:2] 'learning.csv' using 1:(column(k+4)) skip 1 with lines linetype k title 'synapses to '.(k == 1 ? 'A' : 'B')
unset multiplot)");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Three-factor learning after Izhikevich 2007", "three_factor");
  int trials = 240;
  std::uint64_t seed = 1;
  app.add_option("--trials", trials, "half of them with A right, then B")->check(CLI::Range(8, 9999));
  app.add_option("--seed", seed, "the same seed, the same trials")->capture_default_str();
  return support::run(app, argc, argv, [&](support::Results& results) { simulate(trials, seed, results); });
}
