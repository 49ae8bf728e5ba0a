/// \file
/// Recorded spikes, the stretch of time in which they were recorded, its steps, and the part of it that is shown.
#pragma once

#include "../support/spike_trains.hpp"
#include "../support/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace trace_recording {

using namespace support;

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

template <class... Parts> [[noreturn]] void refuse(const Parts&... parts) { throw std::runtime_error(text(parts...)); }

/// Leaves the spikes from `start_ms` to `end_ms`; where nobody has said when, from the first or to the last one.
inline void limit(Recording& r, double start_ms, double end_ms) {
  if (!std::isnan(start_ms)) r.start_ms = start_ms;
  if (!std::isnan(end_ms)) r.end_ms = end_ms;
  if (r.start_ms > r.end_ms) refuse("--end ", r.end_ms, ": comes before --start ", r.start_ms);
  const auto outside = [&](const Spike& s) { return s.time_ms < r.start_ms || s.time_ms > r.end_ms; };
  const auto left_out = std::count_if(r.spikes.begin(), r.spikes.end(), outside);
  r.spikes.erase(std::remove_if(r.spikes.begin(), r.spikes.end(), outside), r.spikes.end());
  if (r.spikes.empty()) refuse(r.name, ": no spike lies between --start and --end");
  const bool first = std::isnan(r.start_ms), last = std::isnan(r.end_ms);
  if (first) r.start_ms = r.spikes.front().time_ms;
  if (last) r.end_ms = r.spikes.back().time_ms;
  if (!std::isfinite(r.length_ms())) refuse("--start and --end have to be finite");
  r.notes.push_back(text("recorded from ", r.start_ms, first ? " ms (the first spike, else --start)" : " ms", " to ",
                         r.end_ms, last ? " ms (the last spike, else --end)" : " ms",
                         left_out ? text(", without ", left_out, " spikes before or after") : ""));
}

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
    const bool too_long = length > 0 && dt > length;
    if (too_long || length / dt > 1e10 || furthest / dt > 1e15) {
      refuse("--dt ", dt, too_long ? ": is longer than the recording" : ": makes too many steps of the recording",
             ", which lasts ", length, " ms and ends at ", recording.end_ms,
             " ms, if --time-unit or --sampling-rate do not say otherwise");
    }
    first_ = done_ = step_of(recording.start_ms);
    end_ = step_of(recording.end_ms) + 1;
  }

  std::int64_t first() const { return first_; }
  std::int64_t end() const { return end_; }
  std::int64_t steps() const { return end_ - first_; }
  double ms(std::int64_t step) const { return static_cast<double>(step) * dt_; }

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

  /// Says what looks as if the times were not in milliseconds; else nothing.
  std::string hint() const {
    const auto spikes = static_cast<double>(recording_.spikes.size()),
               empty = std::max(0.0, static_cast<double>(steps()) - spikes);
    const double rate_hz = 1000 * spikes / recording_.length_ms() / static_cast<double>(recording_.ids.size());
    const bool likely = recording_.length_ms() == 0 || (rate_hz > 1e-3 && rate_hz < 1000);
    if (likely && empty <= 1e8) return "";
    return "warning: " + (likely ? text(empty, " steps without a spike") : text(rate_hz, " Hz in the mean")) +
           ": if that is wrong, --time-unit, --sampling-rate, --start, --end\n";
  }

 private:
  const Recording& recording_;
  double dt_;
  std::int64_t first_ = 0, end_ = 0, done_ = 0;
  std::size_t seen_ = 0;
};

/// For those who have no recording at hand, neurons that fire in bursts; the same seed, the same spikes.
inline Recording bursting_neurons(std::uint64_t seed, double duration_ms) {
  constexpr double longest_ms = 1e8;  // more than a day, and some ten million spikes
  if (!(duration_ms > 0 && duration_ms <= longest_ms)) refuse("--duration ", duration_ms, ": not between 0 and 1e8 ms");
  std::mt19937_64 random(seed);
  Recording r{"bursting neurons", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, {}, 0, duration_ms};
  for (const std::int64_t unit : r.ids) {
    for (const double time : bursts(random, duration_ms)) r.spikes.push_back({time, unit});
  }
  if (r.spikes.empty()) refuse("--duration ", duration_ms, ": too short, no neuron fired");
  r.sort();
  return r;
}

/// What is drawn and written: a few units, and a stretch of time.
struct View {
  std::vector<std::int64_t> units;          ///< positions in Recording::ids
  std::vector<std::vector<double>> trains;  ///< their spikes
  std::int64_t first = 0, last = 0;         ///< the steps [first, last)
};

/// One busy unit, one quiet one, and one between: together they show what the recording holds.
inline std::vector<std::int64_t> typical_units(const Recording& r) {
  std::vector<std::pair<std::int64_t, std::int64_t>> ranking;  // negative number of spikes, unit
  for (const std::int64_t& id : r.ids) ranking.emplace_back(0, &id - r.ids.data());
  for (const Spike& s : r.spikes) --ranking[static_cast<std::size_t>(s.unit)].first;
  std::sort(ranking.begin(), ranking.end());
  while (ranking.back().first == 0) ranking.pop_back();
  const std::size_t n = ranking.size();
  std::vector<std::int64_t> units{ranking[n / 8].second, ranking[n / 2].second, ranking[7 * n / 8].second};
  std::sort(units.begin(), units.end());
  units.erase(std::unique(units.begin(), units.end()), units.end());
  return units;
}

inline std::vector<std::int64_t> positions(const Recording& r, const std::vector<std::int64_t>& wanted) {
  std::vector<std::int64_t> units;
  for (const std::int64_t id : wanted) {
    const auto unit = std::lower_bound(r.ids.begin(), r.ids.end(), id) - r.ids.begin();
    if (!std::binary_search(r.ids.begin(), r.ids.end(), id)) refuse("--units ", id, ": ", r.name, " has no such unit");
    if (std::find(units.begin(), units.end(), unit) == units.end()) units.push_back(unit);
  }
  return units;
}

/// Where a window shows most spikes of the unit that it shows fewest of; it begins a little before a spike.
inline double liveliest(const View& view, double length_ms) {
  std::pair<std::ptrdiff_t, std::ptrdiff_t> best{-1, -1};  // fewest, all
  double best_from = 0;
  for (const auto& train : view.trains) {
    for (std::size_t i = 0; i < train.size(); i += train.size() / 1000 + 1) {
      const double from = std::floor(10 * train[i] / length_ms - 1e-6) * length_ms / 10;
      std::pair<std::ptrdiff_t, std::ptrdiff_t> shown{std::numeric_limits<std::ptrdiff_t>::max(), 0};
      for (const auto& other : view.trains) {
        const auto begin = std::lower_bound(other.begin(), other.end(), from);
        const auto n = std::lower_bound(begin, other.end(), from + length_ms) - begin;
        shown = {std::min(shown.first, n), shown.second + n};
      }
      if (shown > best) best = shown, best_from = from;
    }
  }
  return best_from;
}

/// Untold `from_ms` or `to_ms`, and no units, mean: choose well. A well-chosen window is short enough to tell single
/// spikes apart, and never empty.
inline View choose_view(const Recording& r, const Bins& bins, const std::vector<std::int64_t>& wanted, double from_ms,
                        double to_ms) {
  constexpr double legible_spikes = 36;
  View view{wanted.empty() ? typical_units(r) : positions(r, wanted), {}};
  view.trains.resize(view.units.size());
  double spikes = 0;
  for (const Spike& s : r.spikes) {
    for (std::size_t u = 0; u < view.units.size(); ++u) {
      if (view.units[u] == s.unit) view.trains[u].push_back(s.time_ms), ++spikes;
    }
  }
  const double start_ms = bins.ms(bins.first()), end_ms = bins.ms(bins.end());
  const double length_ms = round_number(legible_spikes * (end_ms - start_ms) / std::max(spikes, 1.0));
  if (std::isnan(from_ms)) {
    const double best = std::isnan(to_ms) ? liveliest(view, length_ms) : to_ms - length_ms;
    from_ms = std::clamp(best, start_ms, std::max(start_ms, end_ms - length_ms));
  }
  if (std::isnan(to_ms)) to_ms = from_ms + length_ms;
  if (from_ms < std::min(start_ms, r.start_ms))
    refuse("--from ", from_ms, ": the recording begins at ", start_ms, " ms");
  if (from_ms >= end_ms) refuse("--from ", from_ms, ": the recording ends at ", end_ms, " ms");
  if (to_ms <= from_ms) refuse("--to ", to_ms, ": has to come after --from ", from_ms);
  view.first = std::clamp(bins.step_of(from_ms), bins.first(), bins.end() - 1);
  view.last = std::max(bins.step_of(std::min(to_ms, end_ms)), view.first + 1);
  return view;
}

}  // namespace trace_recording
