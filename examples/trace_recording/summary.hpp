/// \file
/// The whole recording in a few numbers per unit.
#pragma once

#include "bins.hpp"
#include "figure.hpp"
#include "recording.hpp"

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace trace_recording {

/// How regularly a unit fires: its rate, and the coefficient of variation of its inter-spike
/// intervals (0 for a clock, 1 for a Poisson process, more for bursts).
struct Firing {
  std::int64_t spikes = 0;
  double last_ms = 0, sum = 0, sum_of_squares = 0;  // of the intervals

  void add(double time_ms) {
    const double interval = time_ms - last_ms;
    if (spikes > 0) sum += interval, sum_of_squares += interval * interval;
    last_ms = time_ms;
    ++spikes;
  }
  double rate_hz(double duration_ms) const { return 1000 * static_cast<double>(spikes) / duration_ms; }
  /// NaN for fewer than two intervals.
  double cv() const {
    const auto n = static_cast<double>(spikes - 1);
    const double mean = sum / n;
    if (!(n > 1)) return std::nan("");
    return std::sqrt(std::max(0.0, sum_of_squares / n - mean * mean)) / mean;
  }
};

class Summary {
 public:
  Summary(const Recording& recording, const Bins& bins, std::size_t kinds)
      : ids_(recording.ids),
        firing_(ids_.size()),
        steps_(static_cast<double>(bins.steps())),
        duration_ms_(steps_ * bins.dt()) {
    for (const Spike& s : recording.spikes) firing_[static_cast<std::size_t>(s.unit)].add(s.time_ms);
    const auto rows = static_cast<Eigen::Index>(ids_.size());
    sum_.setZero(rows, static_cast<Eigen::Index>(kinds));
    max_.setConstant(rows, static_cast<Eigen::Index>(kinds), -std::numeric_limits<double>::infinity());
  }

  void add(std::size_t kind, const Record& record) {
    const auto k = static_cast<Eigen::Index>(kind);
    sum_.col(k) += record.rowwise().sum();
    max_.col(k) = max_.col(k).max(record.rowwise().maxCoeff());
  }

  /// For a spreadsheet: every unit, every digit.
  std::string csv(const std::vector<std::string>& columns) const {
    std::string text = "unit,spikes,rate_hz,cv_isi";
    for (const std::string& name : columns) text += "," + name + "_mean," + name + "_max";
    text += '\n';
    for (std::size_t u = 0; u < ids_.size(); ++u) {
      text += std::to_string(ids_[u]) + "," + std::to_string(firing_[u].spikes);
      text += format(",%.10g", firing_[u].rate_hz(duration_ms_)) + format(",%.10g", firing_[u].cv());
      for (Eigen::Index k = 0; k < sum_.cols(); ++k) {
        text += format(",%.10g", mean(u, k)) + format(",%.10g", max(u, k));
      }
      text += '\n';
    }
    return text;
  }

  /// For the eye: the first units, three digits.
  std::string table(const std::vector<std::string>& heads) const {
    constexpr std::size_t most = 12;
    std::string text = " unit spikes    Hz   CV     ";
    for (const std::string& head : heads) text += padded(head);
    text += '\n';
    for (std::size_t u = 0; u < std::min(most, ids_.size()); ++u) {
      text += padded(std::to_string(ids_[u]), 5) + padded(std::to_string(firing_[u].spikes)) +
              padded(format("%.3g", firing_[u].rate_hz(duration_ms_)), 6) + padded(format("%.2f", firing_[u].cv()), 5) +
              " mean";
      for (Eigen::Index k = 0; k < sum_.cols(); ++k) text += padded(format("%.3g", mean(u, k)));
      text += '\n' + padded("max ", 28);
      for (Eigen::Index k = 0; k < sum_.cols(); ++k) text += padded(format("%.3g", max(u, k)));
      text += '\n';
    }
    if (ids_.size() > most) {
      text += "  ... and " + std::to_string(ids_.size() - most) + " more, all in summary.csv\n";
    }
    return text;
  }

 private:
  static std::string format(const char* how, double value) {
    if (std::isnan(value)) return how[0] == ',' ? "," : "-";
    char text[32];
    std::snprintf(text, sizeof text, how, value);
    return text;
  }
  static std::string padded(const std::string& text, std::size_t width = 7) {
    return std::string(text.size() < width ? width - text.size() : 1, ' ') + text;
  }
  double mean(std::size_t u, Eigen::Index k) const { return sum_(static_cast<Eigen::Index>(u), k) / steps_; }
  double max(std::size_t u, Eigen::Index k) const { return max_(static_cast<Eigen::Index>(u), k); }

  std::vector<std::int64_t> ids_;
  std::vector<Firing> firing_;
  double steps_;
  double duration_ms_;
  Eigen::ArrayXXd sum_, max_;  // a row per unit, a column per kind of trace
};

}  // namespace trace_recording
