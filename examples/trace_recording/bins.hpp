/// \file
/// Spike times become steps: what happened in each step of length dt, some thousand steps at a time.
#pragma once

#include "recording.hpp"

namespace trace_recording {

/// Consecutive steps as the library reads them (spark::spike_events): in the step `first + k` the units
/// `indices[offsets[k]]` … `indices[offsets[k + 1] - 1]` spiked.
struct Block {
  std::int64_t first = 0;
  std::vector<std::int64_t> offsets{}, indices{};

  std::int64_t steps() const { return static_cast<std::int64_t>(offsets.size()) - 1; }
  std::int64_t end() const { return first + steps(); }
};

/// Each spike falls on the nearest step, so step k tells the state at the time k * dt, and a recording that was sampled
/// at dt loses nothing. Two spikes of one unit in one step stay two.
class Bins {
 public:
  Bins(const Recording& recording, double dt) : recording_(recording), dt_(dt) {
    const double length = recording.length_ms();
    const double furthest = std::max(std::abs(recording.start_ms), std::abs(recording.end_ms));
    if (!(dt > 0) || std::isinf(dt)) refuse("--dt ", dt, ": has to be a positive number of milliseconds");
    // Hours of computing, and numbers of steps that are exact.
    if ((length > 0 && dt > length) || length / dt > 1e10 || furthest / dt > 1e15) {
      refuse("--dt ", dt, ": the recording lasts ", length,
             " ms, if --time-unit or --sampling-rate do not say otherwise");
    }
    first_ = done_ = step_of(recording.start_ms);
    end_ = step_of(recording.end_ms) + 1;
  }

  double dt() const { return dt_; }
  std::int64_t first() const { return first_; }
  std::int64_t end() const { return end_; }
  std::int64_t steps() const { return end_ - first_; }

  /// Halves go up, whatever the rounding of binary fractions made of them.
  std::int64_t step_of(double time_ms) const {
    const double steps = time_ms / dt_;
    return static_cast<std::int64_t>(std::floor(steps + 0.5 + 1e-6 + 1e-15 * std::abs(steps)));
  }

  /// Moves on to the next steps; false once all have been seen.
  bool next(Block& block) {
    // A block's outputs, one number per unit and step, should fit the cache.
    const auto units = static_cast<std::int64_t>(recording_.ids.size());
    const std::int64_t end = std::min(done_ + std::clamp<std::int64_t>((1 << 17) / units, 1, 4096), end_);
    block = {done_, {0}};
    for (const auto& spikes = recording_.spikes; done_ < end; ++done_) {
      for (; seen_ < spikes.size() && step_of(spikes[seen_].time_ms) == done_; ++seen_) {
        block.indices.push_back(spikes[seen_].unit);
      }
      block.offsets.push_back(static_cast<std::int64_t>(block.indices.size()));
    }
    return block.steps() > 0;
  }

  /// What looks as if the times were not in milliseconds.
  std::vector<std::string> hints() const {
    std::vector<std::string> hints;
    const auto spikes = static_cast<double>(recording_.spikes.size());
    const double rate_hz = 1000 * spikes / recording_.length_ms() / static_cast<double>(recording_.ids.size());
    const double empty = static_cast<double>(steps()) - spikes;
    const std::string advice = "; if that is wrong: --time-unit, --sampling-rate, --start, --end";
    if (std::isfinite(rate_hz) && (rate_hz > 1000 || rate_hz < 1e-3))
      hints.push_back(text("a mean rate of ", rate_hz, " Hz", advice));
    if (empty > 1e8) hints.push_back(text(empty, " steps without a spike", advice));
    return hints;
  }

 private:
  const Recording& recording_;
  double dt_;
  std::int64_t first_ = 0, end_ = 0, done_ = 0;
  std::size_t seen_ = 0;
};

}  // namespace trace_recording
