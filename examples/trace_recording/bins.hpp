/// \file
/// Spike times become steps: what happened in each step of length dt, some thousand steps at a
/// time.
#pragma once

#include "recording.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace trace_recording {

/// Consecutive steps as the library reads them (spark::spike_events): in the step `first + k` the
/// units `indices[offsets[k]]` … `indices[offsets[k + 1] - 1]` spiked.
struct Block {
  std::int64_t first = 0;
  std::vector<std::int64_t> offsets;
  std::vector<std::int64_t> indices;

  std::int64_t steps() const { return static_cast<std::int64_t>(offsets.size()) - 1; }
  std::int64_t end() const { return first + steps(); }
};

/// Each spike falls on the nearest step, so step k tells the state at the time k * dt, and a
/// recording that was sampled at dt loses nothing. Two spikes of one unit in one step stay two.
class Bins {
 public:
  Bins(const Recording& recording, double dt) : spikes_(recording.spikes), dt_(dt) {
    constexpr double most_steps = 1e10;  // hours of computing
    const double end = recording.end_ms();
    std::ostringstream reason;
    if (!(dt > 0) || std::isinf(dt)) {
      reason << "it has to be a positive number of milliseconds";
    } else if (end > 0 && dt > end) {
      reason << "the whole recording lasts only " << end << " ms";
    } else if (end / dt > most_steps) {
      reason << "the recording of " << end << " ms would be cut into " << end / dt << " steps";
    }
    if (!reason.str().empty()) {
      std::ostringstream text;
      text << "--dt " << dt << ": " << reason.str();
      throw std::invalid_argument(text.str());
    }
    steps_ = step_of(spikes_.back()) + 1;
    // A block's outputs, one number per unit and step, should fit the cache.
    const auto units = static_cast<std::int64_t>(recording.ids.size());
    block_steps_ = std::clamp<std::int64_t>((std::int64_t(1) << 17) / units, 1, 4096);
  }

  std::int64_t steps() const { return steps_; }
  double dt() const { return dt_; }

  /// Moves on to the next steps; false once all have been seen.
  bool next(Block& block) {
    block.first = done_;
    block.offsets.assign(1, 0);
    block.indices.clear();
    const std::int64_t end = std::min(done_ + block_steps_, steps_);
    for (; done_ < end; ++done_) {
      for (; seen_ < spikes_.size() && step_of(spikes_[seen_]) == done_; ++seen_) {
        block.indices.push_back(spikes_[seen_].unit);
      }
      block.offsets.push_back(static_cast<std::int64_t>(block.indices.size()));
    }
    return block.steps() > 0;
  }

 private:
  std::int64_t step_of(const Spike& spike) const { return std::llround(spike.time_ms / dt_); }

  const std::vector<Spike>& spikes_;
  double dt_;
  std::int64_t steps_ = 0;
  std::int64_t block_steps_ = 0;
  std::int64_t done_ = 0;
  std::size_t seen_ = 0;
};

}  // namespace trace_recording
