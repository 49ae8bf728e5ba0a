/// \file
/// Spike trains: those of neurons that burst, made up, and how regular trains are.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace support {

/// The intervals between the spikes of each of several neurons.
class Intervals {
 public:
  explicit Intervals(Eigen::Index neurons)
      : spikes_(Eigen::ArrayXd::Zero(neurons)), last_(spikes_), sum_(spikes_), squares_(spikes_) {}

  /// In order of time.
  void add(Eigen::Index neuron, double time) {
    const double interval = spikes_[neuron] > 0 ? time - last_[neuron] : 0;
    ++spikes_[neuron];
    last_[neuron] = time;
    sum_[neuron] += interval;
    squares_[neuron] += interval * interval;
  }

  const Eigen::ArrayXd& spikes() const { return spikes_; }

  /// The standard deviation of the intervals over their mean: 0 for a clock, 1 for a Poisson process, more for bursts.
  /// NaN for fewer than two intervals.
  Eigen::ArrayXd variation() const {
    const Eigen::ArrayXd n = spikes_ - 1, mean = sum_ / n;
    const Eigen::ArrayXd cv = (squares_ / n - mean.square()).max(0).sqrt() / mean;
    return (n >= 2 && mean > 0).select(cv, std::numeric_limits<double>::quiet_NaN());
  }

 private:
  Eigen::ArrayXd spikes_, last_, sum_, squares_;
};

/// When a neuron fires, up to `duration_ms`: from rare, long bursts to frequent, short ones, each neuron in its own
/// manner; within a burst the spikes come ever more slowly.
///
/// The same generator gives the same spikes on every system, since only the generator comes from the standard library;
/// what its distributions draw differs between implementations.
inline std::vector<double> bursts(std::mt19937_64& random, double duration_ms) {
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  const auto waiting_time = [&](double mean) { return -mean * std::log1p(-uniform()); };
  const double pause_ms = 60 + 380 * uniform(), spikes_per_burst = 2 + 9 * uniform();
  const double first_interval_ms = 3 + 4 * uniform();
  constexpr double refractory_ms = 2, adaptation = 1.12;
  std::vector<double> times;
  for (double now = waiting_time(pause_ms); now < duration_ms; now += refractory_ms + waiting_time(pause_ms)) {
    const double length = 1 + waiting_time(spikes_per_burst - 1);
    double interval = first_interval_ms;
    for (int spike = 0; spike < length && now < duration_ms; ++spike) {
      times.push_back(std::round(now * 10) / 10);  // recorders sample; ten times per millisecond is usual
      now += std::max(refractory_ms, interval * (0.8 + 0.4 * uniform()));
      interval *= adaptation;
    }
  }
  return times;
}

}  // namespace support
