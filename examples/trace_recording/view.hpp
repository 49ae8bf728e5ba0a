/// \file
/// The part of a recording that is drawn and written: a few units, and a stretch of time.
#pragma once

#include "recording.hpp"

namespace trace_recording {

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
  const double length_ms = support::round_number(legible_spikes * (end_ms - start_ms) / std::max(spikes, 1.0));
  if (std::isnan(from_ms)) {
    const double best = std::isnan(to_ms) ? liveliest(view, length_ms) : to_ms - length_ms;
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
