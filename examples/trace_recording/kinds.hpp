/// \file
/// Every tracer of the library, each made in one expression.
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
  support::Panels::Panel panel;
  std::function<void(const Block&, Record&)> run;
};

template <class Integration>
std::vector<Kind> every_kind(Eigen::Index units, const Settings& s) {
  std::vector<Kind> kinds;
  const auto add = [&](const char* column, const char* head, support::Panels::Panel panel, auto tracer) {
    const auto run = [tracer](const Block& block, Record& record) mutable {
      record.resize(tracer.size(), block.steps());
      tracer.run(spark::spike_events(block.offsets, block.indices), record);
    };
    kinds.push_back({column, head, std::move(panel), run});
  };
  const auto ms = [](const char* symbol, double tau) {
    return text("τ", symbol, " = ", std::isinf(tau) ? "∞" : text(tau, " ms"));
  };
  const std::string scale = text(", scale = ", s.scale), saturable = text(", scale = ", s.scale_saturable);
  const std::string cascade = ms("_1", s.tau_1) + ", " + ms("_2", s.tau_2), rise = ms("_{rise}", s.tau_rise) + ", ";
  spark::Options clock;
  clock.dt = s.dt;
  // So scaled, a spike brings the second trace of a cascade as much as it brings a Tracer, but spread over tau_1.
  const double spread = s.dt / s.tau_1;

  add("tracer", "Tracer", {"Tracer", ms("", s.tau) + scale, "every spike adds"},
      spark::Tracer<Array, Integration>(units, s.tau, s.scale, 0, clock));
  add("nearest", "Near.", {"NearestTracer", ms("", s.tau) + scale, "only the latest spike counts"},
      spark::NearestTracer<Array, Integration>(units, s.tau, s.scale, 0, clock));
  add("saturable", "Sat.", {"SaturableTracer", ms("", s.tau) + saturable, "spikes add up to 1, not above"},
      spark::SaturableTracer<Array, Integration>(units, s.tau, s.scale_saturable, 0, clock));
  add("double", "Double", {"DoubleTracer", cascade + scale, "a trace of a trace"},
      spark::DoubleTracer<Array, Integration>(units, s.tau_1, s.tau_2, s.scale, spread, 0, 0, clock));
  add("saturable_double", "SatDbl", {"SaturableDoubleTracer", cascade + saturable, "a trace of a trace, up to 1"},
      spark::SaturableDoubleTracer<Array, Integration>(units, s.tau_1, s.tau_2, s.scale_saturable, spread, 0, 0,
                                                       clock));
  const std::string release = ms("_R", s.tau_R) + ", " + ms("_U", s.tau_U) + text(", scale = ", s.scale_U);
  add("release", "RU", {"RUTracer", release, "short-term plasticity: release U·R"},
      spark::RUTracer<Array, Integration>(units, s.tau_R, s.tau_U, s.scale_U, clock));
  add("rise_decay", "RD", {"RDTracer", rise + ms("_{decay}", s.tau_decay), "rise and decay"},
      spark::RDTracer<Array, Integration>(units, s.tau_rise, s.tau_decay, 1, 1, 0, 0, clock));
  const std::string decays = ms("_{fast}", s.tau_fast) + ", " + ms("_{slow}", s.tau_slow);
  add("rise_fast_slow", "RFS",
      {"RFSTracer", text("α = ", s.alpha, ", ", rise, decays), "rise, then a fast and a slow decay"},
      spark::RFSTracer<Array, Integration>(units, s.alpha, s.tau_rise, s.tau_fast, s.tau_slow, clock));
  return kinds;
}

}  // namespace trace_recording
