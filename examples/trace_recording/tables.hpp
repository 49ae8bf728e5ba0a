/// \file
/// The traces in numbers: a summary of the whole recording, and every step of what is in view.
#pragma once

#include "kinds.hpp"
#include "view.hpp"

namespace trace_recording {

inline std::string columns_of(const std::vector<Kind>& kinds, std::string columns,
                              const std::vector<std::string>& of_each) {
  for (const Kind& kind : kinds) {
    for (const std::string& what : of_each) columns += "," + kind.column + what;
  }
  return columns;
}

/// Per unit: its number, its spikes, its rate and the coefficient of variation of its inter-spike intervals (0 for a
/// clock, 1 for a Poisson process, more for bursts), then mean and maximum of each kind of trace.
class Summary {
 public:
  Summary(const Recording& r, const Bins& bins, const std::vector<Kind>& kinds) : kinds_(kinds), steps_(bins.steps()) {
    const auto units = static_cast<Eigen::Index>(r.ids.size());
    Eigen::ArrayXXd sums = Eigen::ArrayXXd::Zero(units, 4);  // of 1, of intervals, of their squares; the last time
    for (const Spike& s : r.spikes) {
      auto sum = sums.row(s.unit);
      const double interval = sum(0) > 0 ? s.time_ms - sum(3) : 0;
      sum << sum(0) + 1, sum(1) + interval, sum(2) + interval * interval, s.time_ms;
    }
    rows_.setZero(units, 4 + 2 * static_cast<Eigen::Index>(kinds.size()));
    for (Eigen::Index u = 0; u < units; ++u) {
      const double spikes = sums(u, 0), mean = sums(u, 1) / (spikes - 1), square = sums(u, 2) / (spikes - 1);
      const double deviation = std::sqrt(std::max(0.0, square - mean * mean));
      rows_.row(u).head(4) << static_cast<double>(r.ids[static_cast<std::size_t>(u)]), spikes,
          r.length_ms() > 0 ? 1000 * spikes / r.length_ms() : untold,
          spikes > 2 && mean > 0 ? deviation / mean : untold;
    }
  }

  void add(std::size_t kind, const Record& record) {
    const auto column = 4 + 2 * static_cast<Eigen::Index>(kind);
    rows_.col(column) += record.rowwise().sum() / static_cast<double>(steps_);
    rows_.col(column + 1) = rows_.col(column + 1).max(record.rowwise().maxCoeff());
  }

  std::string columns() const { return columns_of(kinds_, "unit,spikes,rate_hz,cv_isi", {"_mean", "_max"}); }
  const Eigen::ArrayXXd& rows() const { return rows_; }

  /// For the eye: the first units, three digits.
  std::string table() const {
    std::string all = " unit spikes    Hz   CV     ";
    for (const Kind& kind : kinds_) all += std::string(7 - kind.head.size(), ' ') + kind.head;
    const Eigen::Index most = std::min<Eigen::Index>(rows_.rows(), 12);
    for (Eigen::Index u = 0; u < most; ++u) {
      all += format("\n%5.0f", rows_(u, 0)) + format(" %6.0f", rows_(u, 1)) + format(" %5.3g", rows_(u, 2), "     -") +
             format(" %4.2f", rows_(u, 3), "    -") + " mean";
      for (Eigen::Index c = 4; c < rows_.cols(); c += 2) all += format(" %6.3g", rows_(u, c));
      all += "\n                        max ";
      for (Eigen::Index c = 5; c < rows_.cols(); c += 2) all += format(" %6.3g", rows_(u, c));
    }
    if (rows_.rows() > most) all += text("\n  ... and ", rows_.rows() - most, " more, all in summary.csv");
    return all + '\n';
  }

 private:
  const std::vector<Kind>& kinds_;
  std::int64_t steps_;
  Eigen::ArrayXXd rows_;
};

/// Lines of traces.csv for the steps of a block that lie in view, one per step and unit.
inline std::string lines_of(const Recording& r, const View& view, const Bins& bins, const Block& block,
                            const std::vector<Record>& records) {
  std::string lines;
  for (std::int64_t step = std::max(block.first, view.first); step < std::min(block.end(), view.last); ++step) {
    // Ten digits: more than any recording holds, and a grid of times prints as it was meant.
    const std::string time = format("%.10g,", bins.ms(step));
    for (const std::int64_t unit : view.units) {
      lines += time + std::to_string(r.ids[static_cast<std::size_t>(unit)]);
      for (const Record& record : records) lines += format(",%.10g", record(unit, step - block.first));
      lines += '\n';
    }
  }
  return lines;
}

}  // namespace trace_recording
