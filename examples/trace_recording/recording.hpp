/// \file
/// Recorded spikes, and the stretch of time in which they were recorded.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace trace_recording {

/// Nobody has said it.
constexpr double untold = std::numeric_limits<double>::quiet_NaN();

struct Spike {
  double time_ms;
  std::int64_t unit;  ///< position in Recording::ids
};

struct Recording {
  std::string name;
  std::vector<std::int64_t> ids;  ///< the units as the file numbers them, ascending; some may be silent
  std::vector<Spike> spikes;      ///< in order of time; a time that occurs twice is two spikes
  double start_ms = untold, end_ms = untold;
  std::vector<std::string> notes{};  ///< what was assumed, and what looks wrong

  double length_ms() const { return end_ms - start_ms; }
  void sort() {
    const auto earlier = [](const Spike& a, const Spike& b) { return a.time_ms < b.time_ms; };
    if (!std::is_sorted(spikes.begin(), spikes.end(), earlier)) std::stable_sort(spikes.begin(), spikes.end(), earlier);
  }
};

template <class... Parts>
std::string text(const Parts&... parts) {
  std::ostringstream out;
  out.precision(10);
  (out << ... << parts);
  return out.str();
}

template <class... Parts>
[[noreturn]] void refuse(const Parts&... parts) {
  throw std::runtime_error(text(parts...));
}

/// Leaves the spikes from `start_ms` to `end_ms`; where nobody has said when, from the first or to the last one.
inline void limit(Recording& r, double start_ms, double end_ms) {
  if (!std::isnan(start_ms)) r.start_ms = start_ms;
  if (!std::isnan(end_ms)) r.end_ms = end_ms;
  if (r.start_ms > r.end_ms) refuse("--end ", r.end_ms, ": comes before --start ", r.start_ms);
  const std::size_t all = r.spikes.size();
  const auto outside = [&](const Spike& s) { return s.time_ms < r.start_ms || s.time_ms > r.end_ms; };
  r.spikes.erase(std::remove_if(r.spikes.begin(), r.spikes.end(), outside), r.spikes.end());
  if (r.spikes.empty()) refuse(r.name, ": no spike lies between --start and --end");
  const bool from_first = std::isnan(r.start_ms), to_last = std::isnan(r.end_ms);
  if (from_first) r.start_ms = r.spikes.front().time_ms;
  if (to_last) r.end_ms = r.spikes.back().time_ms;
  if (!std::isfinite(r.length_ms())) refuse("--start and --end have to be finite");
  const std::size_t left_out = all - r.spikes.size();
  r.notes.push_back(text("recorded from ", r.start_ms, " ms", from_first ? " (the first spike, else --start)" : "",
                         " to ", r.end_ms, " ms", to_last ? " (the last spike, else --end)" : "",
                         left_out ? text(", without ", left_out, " spikes before or after") : ""));
}

}  // namespace trace_recording
