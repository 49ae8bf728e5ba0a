/// \file
/// Every tracer of the library, each made in one expression, and its traces in numbers.
#pragma once

#include "../support/panels.hpp"
#include "settings.hpp"

#include <spark/tracers.hpp>

#include <Eigen/Core>

#include <functional>

namespace trace_recording {

/// One number per unit; and over time, a row per unit, a column per step.
using Array = Eigen::ArrayXd;
using Record = Eigen::ArrayXXd;

/// A tracer that has forgotten its type, and what it is called in the tables and in the figure.
struct Kind {
  std::string column, head;
  Panels::Panel panel;
  std::function<void(const Block&, Record&)> run;
};

template <class Tracer> Kind kind(const char* column, const char* head, Panels::Panel panel, Tracer tracer) {
  const auto run = [tracer = std::move(tracer)](const Block& block, Record& record) mutable {
    record.resize(tracer.size(), block.steps());
    tracer.run(spark::spike_events(block.offsets, block.indices), record);
  };
  return {column, head, std::move(panel), run};
}

template <class Integration> std::vector<Kind> every_kind(Eigen::Index units, const Settings& s) {
  const auto ms = [](const char* symbol, double tau) {
    return text("τ", symbol, " = ", std::isinf(tau) ? "∞" : text(tau, " ms"));
  };
  const std::string scale = text(", scale = ", s.scale), saturable = text(", scale = ", s.scale_saturable);
  const std::string cascade = ms("_1", s.tau_1) + ", " + ms("_2", s.tau_2), rise = ms("_{rise}", s.tau_rise) + ", ";
  const std::string release = ms("_R", s.tau_R) + ", " + ms("_U", s.tau_U) + text(", scale = ", s.scale_U);
  const std::string decays = ms("_{fast}", s.tau_fast) + ", " + ms("_{slow}", s.tau_slow);
  spark::Options clock;
  clock.dt = s.dt;
  // So scaled, a spike brings the second trace of a cascade as much as it brings a Tracer, but spread over tau_1.
  const double spread = s.dt / s.tau_1;
  return {
      kind("tracer", "Tracer", {"Tracer", ms("", s.tau) + scale, "every spike adds"},
           spark::Tracer<Array, Integration>(units, s.tau, s.scale, 0, clock)),
      kind("nearest", "Near.", {"NearestTracer", ms("", s.tau) + scale, "only the latest spike counts"},
           spark::NearestTracer<Array, Integration>(units, s.tau, s.scale, 0, clock)),
      kind("saturable", "Sat.", {"SaturableTracer", ms("", s.tau) + saturable, "spikes add up to 1, not above"},
           spark::SaturableTracer<Array, Integration>(units, s.tau, s.scale_saturable, 0, clock)),
      kind("double", "Double", {"DoubleTracer", cascade + scale, "a trace of a trace"},
           spark::DoubleTracer<Array, Integration>(units, s.tau_1, s.tau_2, s.scale, spread, 0, 0, clock)),
      kind("saturable_double", "SatDbl", {"SaturableDoubleTracer", cascade + saturable, "a trace of a trace, up to 1"},
           spark::SaturableDoubleTracer<Array, Integration>(units, s.tau_1, s.tau_2, s.scale_saturable, spread, 0, 0,
                                                            clock)),
      kind("release", "RU", {"RUTracer", release, "short-term plasticity: release U·R"},
           spark::RUTracer<Array, Integration>(units, s.tau_R, s.tau_U, s.scale_U, clock)),
      kind("rise_decay", "RD", {"RDTracer", rise + ms("_{decay}", s.tau_decay), "rise and decay"},
           spark::RDTracer<Array, Integration>(units, s.tau_rise, s.tau_decay, 1, 1, 0, 0, clock)),
      kind("rise_fast_slow", "RFS",
           {"RFSTracer", text("α = ", s.alpha, ", ", rise, decays), "rise, then a fast and a slow decay"},
           spark::RFSTracer<Array, Integration>(units, s.alpha, s.tau_rise, s.tau_fast, s.tau_slow, clock)),
  };
}

inline std::string names_of(const std::vector<Kind>& kinds, std::string columns, std::vector<std::string> ends) {
  for (const Kind& kind : kinds) {
    for (const std::string& end : ends) columns += "," + kind.column + end;
  }
  return columns;
}

/// Per unit: its number, its spikes, its rate and the coefficient of variation of its inter-spike intervals, then mean
/// and maximum of each kind of trace.
class Summary {
 public:
  Summary(const Recording& r, const Bins& bins, const std::vector<Kind>& kinds) : kinds_(kinds), steps_(bins.steps()) {
    const auto units = static_cast<Eigen::Index>(r.ids.size());
    Intervals intervals(units);
    for (const Spike& s : r.spikes) intervals.add(s.unit, s.time_ms);
    rows_.setZero(units, 4 + 2 * static_cast<Eigen::Index>(kinds.size()));
    for (Eigen::Index u = 0; u < units; ++u) rows_(u, 0) = static_cast<double>(r.ids[static_cast<std::size_t>(u)]);
    rows_.col(1) = intervals.spikes();
    rows_.col(2) = intervals.spikes() * (r.length_ms() > 0 ? 1000 / r.length_ms() : untold);
    rows_.col(3) = intervals.variation();
    for (Eigen::Index c = 5; c < rows_.cols(); c += 2)
      rows_.col(c).setConstant(-std::numeric_limits<double>::infinity());
  }

  void add(std::size_t kind, const Record& record) {
    const auto column = 4 + 2 * static_cast<Eigen::Index>(kind);
    rows_.col(column) += record.rowwise().sum() / static_cast<double>(steps_);
    rows_.col(column + 1) = rows_.col(column + 1).max(record.rowwise().maxCoeff());
  }

  std::string columns() const { return names_of(kinds_, "unit,spikes,rate_hz,cv_isi", {"_mean", "_max"}); }
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
    // Fifteen digits of a time tell all steps up to 31 years apart, and a grid of times prints as it was meant.
    const std::string time = format("%.15g,", bins.ms(step));
    for (const std::int64_t unit : view.units) {
      lines += time + std::to_string(r.ids[static_cast<std::size_t>(unit)]);
      for (const Record& record : records) lines += format(",%.10g", record(unit, step - block.first));
      lines += '\n';
    }
  }
  return lines;
}

}  // namespace trace_recording
