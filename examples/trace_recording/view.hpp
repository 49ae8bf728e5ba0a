/// \file
/// The part of a recording that is drawn and written: a few units, and a stretch of time.
#pragma once

#include "bins.hpp"
#include "recording.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

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

namespace detail {

/// One busy unit, one quiet one, and one between: together they show what the recording holds.
inline std::vector<std::int64_t> typical_units(const Recording& recording) {
  std::vector<std::size_t> spikes(recording.ids.size());
  for (const Spike& s : recording.spikes) ++spikes[static_cast<std::size_t>(s.unit)];

  std::vector<std::int64_t> ranking(recording.ids.size());
  std::iota(ranking.begin(), ranking.end(), 0);
  std::stable_sort(ranking.begin(), ranking.end(), [&](std::int64_t a, std::int64_t b) {
    return spikes[static_cast<std::size_t>(a)] > spikes[static_cast<std::size_t>(b)];
  });
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
    if (found == recording.ids.end() || *found != id) {
      throw std::invalid_argument("--units " + std::to_string(id) + ": " + recording.name + " has no such unit");
    }
    const auto unit = found - recording.ids.begin();
    if (std::find(units.begin(), units.end(), unit) == units.end()) units.push_back(unit);
  }
  return units;
}

/// The spike times of each of the units.
inline std::vector<std::vector<double>> trains(const Recording& recording, const std::vector<std::int64_t>& units) {
  std::vector<std::vector<double>> times(units.size());
  for (const Spike& s : recording.spikes) {
    const auto found = std::find(units.begin(), units.end(), s.unit);
    if (found == units.end()) continue;
    times[static_cast<std::size_t>(found - units.begin())].push_back(s.time_ms);
  }
  return times;
}

/// Where a window of the given length shows most spikes of the unit that it shows fewest of.
inline double liveliest(const std::vector<std::vector<double>>& trains, double length_ms, double end_ms) {
  double best_from = 0;
  std::ptrdiff_t best = -1;
  double from = 0;
  for (int half = 0; half == 0 || from + length_ms <= end_ms; from = ++half * length_ms / 2) {
    std::ptrdiff_t fewest = std::numeric_limits<std::ptrdiff_t>::max();
    for (const auto& train : trains) {
      const auto begin = std::lower_bound(train.begin(), train.end(), from);
      fewest = std::min(fewest, std::lower_bound(begin, train.end(), from + length_ms) - begin);
    }
    if (fewest > best) best = fewest, best_from = from;
  }
  return best_from;
}

}  // namespace detail

/// NaN for `from_ms` or `to_ms`, and no units, mean: choose well.
///
/// A well-chosen window is short enough to tell single spikes apart, and lies where the quietest of
/// the units fires most.
inline View choose_view(const Recording& recording, const Bins& bins, const std::vector<std::int64_t>& wanted_units,
                        double from_ms, double to_ms) {
  constexpr double legible_spikes = 36;
  View view;
  view.units = wanted_units.empty() ? detail::typical_units(recording) : detail::positions(recording, wanted_units);

  const std::vector<std::vector<double>> trains = detail::trains(recording, view.units);
  double spikes = 0;
  for (const auto& train : trains) spikes += static_cast<double>(train.size());
  const double end_ms = static_cast<double>(bins.steps()) * bins.dt();
  const double length_ms = round_number(legible_spikes * end_ms / spikes);

  if (std::isnan(from_ms) && std::isnan(to_ms)) from_ms = detail::liveliest(trains, length_ms, end_ms);
  if (std::isnan(from_ms)) from_ms = std::max(0.0, to_ms - length_ms);
  if (std::isnan(to_ms)) to_ms = from_ms + length_ms;

  std::ostringstream reason;
  if (from_ms < 0) {
    reason << "--from " << from_ms << ": recordings begin at 0 ms";
  } else if (from_ms >= end_ms) {
    reason << "--from " << from_ms << ": the recording ends at " << end_ms << " ms";
  } else if (to_ms <= from_ms) {
    reason << "--to " << to_ms << ": has to come after --from " << from_ms;
  }
  if (!reason.str().empty()) throw std::invalid_argument(reason.str());

  const double last = std::min(to_ms / bins.dt(), static_cast<double>(bins.steps()));
  view.first = std::min<std::int64_t>(std::llround(from_ms / bins.dt()), bins.steps() - 1);
  view.last = std::max<std::int64_t>(std::llround(last), view.first + 1);
  return view;
}

}  // namespace trace_recording
