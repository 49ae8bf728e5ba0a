/// \file
/// A trace with more steps than the paper has dots.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace trace_recording {

/// The extremes of a trace in each column of dots: what a pen would cover. Drawing every n-th step
/// instead would lose peaks, and the memory that this takes does not grow with the recording.
class Envelope {
 public:
  Envelope(std::int64_t steps, std::int64_t most_columns)
      : steps_per_column_((steps + most_columns - 1) / most_columns),
        extremes_(static_cast<std::size_t>((steps + steps_per_column_ - 1) / steps_per_column_)) {}

  void add(std::int64_t step, double value) {
    Extremes& e = extremes_[static_cast<std::size_t>(step / steps_per_column_)];
    if (e.empty) e = {value, value, false, false};
    if (value < e.low) e.low = value, e.falling = true;
    if (value > e.high) e.high = value, e.falling = false;
  }

  std::int64_t columns() const { return static_cast<std::int64_t>(extremes_.size()); }
  std::int64_t steps_per_column() const { return steps_per_column_; }

  /// Both extremes of a column, in the order in which the trace took them.
  std::pair<double, double> column(std::int64_t c) const {
    const Extremes& e = extremes_[static_cast<std::size_t>(c)];
    return e.falling ? std::make_pair(e.high, e.low) : std::make_pair(e.low, e.high);
  }

 private:
  struct Extremes {
    double low = 0, high = 0;
    bool falling = false, empty = true;
  };

  std::int64_t steps_per_column_;
  std::vector<Extremes> extremes_;
};

}  // namespace trace_recording
