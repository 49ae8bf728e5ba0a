/// embedding: a tracer inside a simulator that is there already.
///
///     embedding [--out FOLDER]
///
/// `Population` is the kind of class that simulators consist of: leaky integrate-and-fire neurons in plain arrays, and
/// spikes as a list of indices. The lines marked with + teach it spike-frequency adaptation: each spike adds to a
/// current that holds the neuron back and fades in 100 ms. The tracer keeps it in the simulator's own memory, where the
/// old code reads it as one more array, takes the list of spikes as it is, and goes into the checkpoint.
///
/// As Benda and Herz 2003 (Neural Comput 15:2523) have it, the rate drops from an onset rate f(I) to the rate at which
/// f(I - A) and the adaptation A that it causes are in balance. The figure shows both for 100 neurons, each with a
/// current of its own, and the formulas as lines. A second simulator that starts from a checkpoint of the first must
/// fire the same spikes; if not, the program fails.
#include "support/results.hpp"

#include <spark/tracers.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

namespace {

constexpr double dt = 0.1, tau_membrane = 20, tau_adaptation = 100;  // ms
const auto decay = static_cast<float>(-std::expm1(-dt / tau_membrane));
constexpr double jump = 0.1;  // of the adaptation at a spike; the threshold is 1

class Population {
 public:
  explicit Population(std::vector<float> current)
      : current_(std::move(current)),
        potential_(current_.size()),
        adaptation_(current_.size()),  // +
        tracer_({View(adaptation_.data(), Eigen::Index(current_.size()))}, tau_adaptation, jump,
                spark::Options{dt}) {  // +
  }
  Population(Population&&) = delete;  // + the tracer of a copy would write to the memory of the original

  /// One step; returns the neurons that spiked.
  const std::vector<int>& step() {
    spiked_.clear();
    for (std::size_t i = 0; i < current_.size(); ++i) {
      potential_[i] += decay * (current_[i] - adaptation_[i] - potential_[i]);  // + adaptation
      if (potential_[i] < 1) continue;
      potential_[i] = 0;
      spiked_.push_back(static_cast<int>(i));
    }
    tracer_(spark::spikes(spiked_));  // +
    return spiked_;
  }

  void save(std::ostream& out) const {
    out.write(reinterpret_cast<const char*>(potential_.data()), bytes());
    spark::save(out, tracer_);  // +
  }
  void load(std::istream& in) {
    in.read(reinterpret_cast<char*>(potential_.data()), bytes());
    spark::load(in, tracer_);  // +
  }

  float potential(std::size_t i) const { return potential_[i]; }
  float adaptation(std::size_t i) const { return adaptation_[i]; }

 private:
  using View = Eigen::Map<Eigen::ArrayXf>;  // +

  std::streamsize bytes() const { return static_cast<std::streamsize>(potential_.size() * sizeof(float)); }

  std::vector<float> current_, potential_;
  std::vector<float> adaptation_;  // +
  std::vector<int> spiked_;
  spark::Tracer<View, spark::Exact> tracer_;  // + over adaptation_
};

void simulate(support::Results& results) {
  const int neurons = 100, steps = 15000, checkpoint = 1500, watched = 50;
  std::vector<float> current(neurons);
  for (int i = 0; i < neurons; ++i) current[i] = 1.02f + 0.02f * static_cast<float>(i);

  Population first(current), second(current);
  std::stringstream file;
  bool same = true;
  std::vector<std::vector<double>> spikes(neurons);
  Eigen::ArrayXXd course(steps, 4);
  for (int k = 0; k < steps; ++k) {
    const std::vector<int>& spiked = first.step();
    if (k >= checkpoint) same = same && spiked == second.step();
    if (k + 1 == checkpoint) first.save(file), second.load(file);
    for (const int i : spiked) spikes[i].push_back((k + 1) * dt);
    course.row(k) << (k + 1) * dt, first.potential(watched), first.adaptation(watched), second.adaptation(watched);
  }

  Eigen::ArrayXXd rates(neurons, 3);
  std::printf("current  rate at the onset  after half a second (Hz)\n");
  for (int i = 0; i < neurons; ++i) {
    const std::vector<double>& times = spikes[i];
    const auto late = std::lower_bound(times.begin(), times.end(), 500.0);
    const auto intervals = static_cast<double>(times.end() - late - 1);
    rates.row(i) << current[i], 1000 / times[0], 1000 * intervals / (times.back() - *late);
    if (i % 30 == 9) std::printf("%7.2f %18.1f %25.1f\n", rates(i, 0), rates(i, 1), rates(i, 2));
  }
  std::printf("From the checkpoint on, the second simulator fires %s\n", same ? "the same spikes" : "OTHER SPIKES");

  results.table("course", "t_ms,potential,adaptation,adaptation_restored", course);
  results.table("rates", "current,onset_Hz,steady_Hz", rates);
  results.figure(900, 380, R"(
set multiplot layout 1,2 margins 0.07,0.975,0.15,0.9 spacing 0.1
set title 'One neuron: intervals grow' font ':Bold'
set xlabel 'time (ms)'
set ylabel 'in units of the threshold' offset 1
set xrange [0:400]
set yrange [0:1.6]
set key top right
set arrow from 150,0 to 150,1.1 nohead linetype 8
set label 'checkpoint' at 154,1.07 textcolor linetype 7
plot 'course.csv' using 1:2 skip 1 every 4 with lines linetype 8 title 'potential', \
     '' using 1:3 skip 1 every 4 with lines linetype 1 title 'adaptation', \
     '' using ($1 < 150 ? NaN : $1):4 skip 1 every 4 with lines linetype 5 dashtype (3,4) title 'restored'
unset arrow
unset label
set title 'All neurons: rates'
set xlabel 'current'
set ylabel 'rate (Hz)'
set xrange [1:3]
set yrange [0:*]
set key top left reverse Left
f(current) = -1/(0.02*log(1 - 1/current))
set samples 500
plot f(x) with lines linetype 2 title 'f(I)', \
     'rates.csv' using 1:2 skip 1 every 4 with points linetype 2 pointsize 0.5 title 'at the onset', \
     '+' using ($1 + 0.1*0.1*f($1)):(f($1)) with lines linetype 1 title 'f(I − A) in balance', \
     'rates.csv' using 1:3 skip 1 every 4 with points linetype 1 pointsize 0.5 title 'after half a second'
unset multiplot)");
  if (!same) throw std::runtime_error("the simulator that was restored went another way");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A tracer inside an existing simulator: spike-frequency adaptation", "embedding");
  return support::run(app, argc, argv, simulate);
}
