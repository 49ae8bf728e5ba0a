/// \file
/// A recording for those who have none at hand: neurons that fire in bursts, each in its own manner.
#pragma once

#include "recording.hpp"

#include <random>

namespace trace_recording {

/// The same seed gives the same spikes on every system, since only the generator comes from the standard library; what
/// its distributions draw differs between implementations.
class BurstingNeurons {
 public:
  BurstingNeurons(std::uint64_t seed, double duration_ms) : random_(seed), duration_ms_(duration_ms) {}

  /// From rare, long bursts to frequent, short ones; within a burst the spikes come ever more slowly.
  void fire(int unit, std::vector<Spike>& spikes) {
    const double pause_ms = 60 + 380 * uniform(), spikes_per_burst = 2 + 9 * uniform();
    const double first_interval_ms = 3 + 4 * uniform();
    constexpr double refractory_ms = 2, adaptation = 1.12;
    double now = waiting_time(pause_ms);
    while (now < duration_ms_) {
      const double length = 1 + waiting_time(spikes_per_burst - 1);
      double interval = first_interval_ms;
      for (int spike = 0; spike < length && now < duration_ms_; ++spike) {
        spikes.push_back({std::round(now * 10) / 10, unit});  // recorders sample; ten times per millisecond is usual
        now += std::max(refractory_ms, interval * (0.8 + 0.4 * uniform()));
        interval *= adaptation;
      }
      now += refractory_ms + waiting_time(pause_ms);
    }
  }

 private:
  double uniform() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  double waiting_time(double mean) { return -mean * std::log1p(-uniform()); }

  std::mt19937_64 random_;
  double duration_ms_;
};

inline Recording bursting_neurons(std::uint64_t seed, double duration_ms, int neurons = 12) {
  constexpr double longest_ms = 1e8;  // more than a day, and some ten million spikes
  if (!(duration_ms > 0 && duration_ms <= longest_ms)) {
    refuse("--duration ", duration_ms, ": has to lie between 0 and 1e8 ms");
  }
  Recording recording{"bursting neurons", {}, {}, 0, duration_ms};
  BurstingNeurons random(seed, duration_ms);
  for (int unit = 0; unit < neurons; ++unit) {
    recording.ids.push_back(unit);
    random.fire(unit, recording.spikes);
  }
  if (recording.spikes.empty()) refuse("--duration ", duration_ms, ": too short, no neuron fired");
  recording.sort();
  return recording;
}

}  // namespace trace_recording
