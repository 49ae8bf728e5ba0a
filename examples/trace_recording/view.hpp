/// \file
/// The part of a recording that is drawn and written: a few units, and a stretch of time.
#pragma once

#include "bins.hpp"

#include <numeric>

namespace trace_recording {

struct View {
  std::vector<std::int64_t> units;  ///< positions in Recording::ids
  std::int64_t first = 0;           ///< the steps [first, last)
  std::int64_t last = 0;

  std::int64_t steps() const { return last - first; }
};

/// The smallest of 1, 2, 5, 10, 20 … (times any power of ten) that is not below `value`.
inline double round_number(double value) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double digit : {1.0, 2.0, 5.0}) {
    if (value <= digit * power * (1 + 1e-9)) return digit * power;
  }
  return 10 * power;
}

/// One busy unit, one quiet one, and one between: together they show what the recording holds.
inline std::vector<std::int64_t> typical_units(const Recording& recording) {
  std::vector<std::size_t> spikes(recording.ids.size());
  for (const Spike& s : recording.spikes) ++spikes[static_cast<std::size_t>(s.unit)];
  const auto count = [&](std::int64_t unit) { return spikes[static_cast<std::size_t>(unit)]; };

  std::vector<std::int64_t> ranking(recording.ids.size());
  std::iota(ranking.begin(), ranking.end(), 0);
  std::stable_sort(ranking.begin(), ranking.end(), [&](auto a, auto b) { return count(a) > count(b); });
  while (count(ranking.back()) == 0) ranking.pop_back();
  const std::size_t n = ranking.size();
  std::vector<std::int64_t> units{ranking[n / 8], ranking[n / 2], ranking[7 * n / 8]};
  std::sort(units.begin(), units.end());
  units.erase(std::unique(units.begin(), units.end()), units.end());
  return units;
}

inline std::vector<std::int64_t> positions(const Recording& recording, const std::vector<std::int64_t>& wanted) {
  std::vector<std::int64_t> units;
  for (const std::int64_t id : wanted) {
    const auto found = std::lower_bound(recording.ids.begin(), recording.ids.end(), id);
    if (found == recording.ids.end() || *found != id) refuse("--units ", id, ": ", recording.name, " has no such unit");
    const auto unit = found - recording.ids.begin();
    if (std::find(units.begin(), units.end(), unit) == units.end()) units.push_back(unit);
  }
  return units;
}

/// Where a window shows most spikes of the unit that it shows fewest of; it begins a little before a spike.
inline double liveliest(const std::vector<std::vector<double>>& trains, double length_ms) {
  std::pair<std::ptrdiff_t, std::ptrdiff_t> best{-1, -1};
  double best_from = 0;
  for (const auto& train : trains) {
    for (std::size_t i = 0; i < train.size(); i += train.size() / 1000 + 1) {
      const double from = std::floor(10 * train[i] / length_ms - 1e-6) * length_ms / 10;
      std::pair<std::ptrdiff_t, std::ptrdiff_t> fewest_and_all{std::numeric_limits<std::ptrdiff_t>::max(), 0};
      for (const auto& other : trains) {
        const auto begin = std::lower_bound(other.begin(), other.end(), from);
        const auto n = std::lower_bound(begin, other.end(), from + length_ms) - begin;
        fewest_and_all = {std::min(fewest_and_all.first, n), fewest_and_all.second + n};
      }
      if (fewest_and_all > best) best = fewest_and_all, best_from = from;
    }
  }
  return best_from;
}

/// Untold `from_ms` or `to_ms`, and no units, mean: choose well. A well-chosen window is short enough to tell single
/// spikes apart, and never empty.
inline View choose_view(const Recording& r, const Bins& bins, const std::vector<std::int64_t>& wanted, double from_ms,
                        double to_ms) {
  constexpr double legible_spikes = 36;
  View view;
  view.units = wanted.empty() ? typical_units(r) : positions(r, wanted);
  std::vector<std::vector<double>> trains(view.units.size());
  double spikes = 0;
  for (const Spike& s : r.spikes) {
    const auto unit =
        static_cast<std::size_t>(std::find(view.units.begin(), view.units.end(), s.unit) - view.units.begin());
    if (unit < trains.size()) trains[unit].push_back(s.time_ms), ++spikes;
  }
  const double start_ms = static_cast<double>(bins.first()) * bins.dt(),
               end_ms = static_cast<double>(bins.end()) * bins.dt();
  const double length_ms = round_number(legible_spikes * (end_ms - start_ms) / std::max(spikes, 1.0));
  if (std::isnan(from_ms)) {
    const double best = !std::isnan(to_ms) ? to_ms - length_ms : spikes > 0 ? liveliest(trains, length_ms) : start_ms;
    from_ms = std::clamp(best, start_ms, std::max(start_ms, end_ms - length_ms));
  }
  if (std::isnan(to_ms)) to_ms = from_ms + length_ms;
  if (from_ms < start_ms) refuse("--from ", from_ms, ": the recording begins at ", start_ms, " ms");
  if (from_ms >= end_ms) refuse("--from ", from_ms, ": the recording ends at ", end_ms, " ms");
  if (to_ms <= from_ms) refuse("--to ", to_ms, ": has to come after --from ", from_ms);
  view.first = std::min(bins.step_of(from_ms), bins.end() - 1);
  view.last = std::max(bins.step_of(std::min(to_ms, end_ms)), view.first + 1);
  return view;
}

}  // namespace trace_recording
