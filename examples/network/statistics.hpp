/// \file
/// How often, how regularly and how much in step the neurons fire.
#pragma once

#include "../support/spike_trains.hpp"
#include "simulation.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace network {

/// The spikes from step `begin` to before step `end`.
struct Interval {
  const Spikes& spikes;
  int neurons;
  std::int64_t begin, end;

  double seconds() const { return static_cast<double>(end - begin) * dt / 1000; }

  /// use(step, neuron) for each spike, in order.
  template <class Use> void each(Use use) const {
    const auto from = [this](std::int64_t step) {
      return std::lower_bound(spikes.begin(), spikes.end(), step * neurons);
    };
    for (auto k = from(begin), last = from(end); k != last; ++k) use(*k / neurons, static_cast<int>(*k % neurons));
  }
};

/// The number of spikes in each bin of `width` steps, a row, of each of the neurons [0, last), a column.
inline Eigen::ArrayXXf counts(const Interval& interval, int last, std::int64_t width) {
  Eigen::ArrayXXf counts = Eigen::ArrayXXf::Zero((interval.end - interval.begin) / width, last);
  interval.each([&](std::int64_t step, int neuron) {
    const Eigen::Index bin = (step - interval.begin) / width;
    if (neuron < last && bin < counts.rows()) ++counts(bin, neuron);
  });
  return counts;
}

/// The coefficient of variation of the intervals between spikes, averaged over the neurons [0, last) that have at least
/// three intervals: 0 for a clock, 1 for a Poisson process.
inline double variation(const Interval& interval, int last) {
  support::Intervals intervals(last);
  interval.each([&](std::int64_t step, int neuron) {
    if (neuron < last) intervals.add(neuron, static_cast<double>(step));
  });
  const auto enough = (intervals.spikes() >= 4).eval();
  return enough.select(intervals.variation(), 0).sum() / std::max<double>(1, static_cast<double>(enough.count()));
}

/// The mean correlation of the counts of two neurons, weighted by their standard deviations: 1 if all fire together,
/// 0 if each fires on its own. From the variance of all together, which is the sum of all covariances.
inline double correlation(const Eigen::ArrayXXf& counts) {
  const Eigen::ArrayXXf centred = counts.rowwise() - counts.colwise().mean();
  const Eigen::ArrayXd variances = centred.square().colwise().mean().transpose().cast<double>();
  const double own = variances.sum(), all = centred.rowwise().sum().cast<double>().square().mean();
  const double deviations = variances.sqrt().sum();
  return (all - own) / (deviations * deviations - own);
}

struct Activity {
  double excitatory, inhibitory;  // Hz
  double variation;               // of the excitatory neurons
  double correlation;             // of the first 1000 of them, counted in bins of 2 ms
};

inline Activity activity(const Interval& interval, int excitatory) {
  Eigen::Array2d rate = Eigen::Array2d::Zero();
  interval.each([&](std::int64_t, int neuron) { ++rate[neuron < excitatory ? 0 : 1]; });
  rate /= Eigen::Array2d{excitatory, interval.neurons - excitatory} * interval.seconds();
  return {rate[0], rate[1], variation(interval, excitatory),
          correlation(counts(interval, std::min(1000, excitatory), 20))};
}

}  // namespace network
