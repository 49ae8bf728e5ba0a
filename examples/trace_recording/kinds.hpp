/// \file
/// Every tracer of the library, each made in one expression.
#pragma once

#include "bins.hpp"
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
  std::string column, head, title, meaning, parameters;
  std::function<void(const Block&, Record&)> run{};

  template <class Tracer>
  Kind of(Tracer tracer) && {
    run = [tracer = std::move(tracer)](const Block& block, Record& record) mutable {
      record.resize(tracer.size(), block.steps());
      tracer.run(spark::spike_events(block.offsets, block.indices), record);
    };
    return std::move(*this);
  }
};

template <class Integration>
std::vector<Kind> every_kind(Eigen::Index units, const Settings& s) {
  spark::Options clock;
  clock.dt = s.dt;
  const auto ms = [](const char* symbol, double tau) {
    return text("τ", symbol, " = ", std::isinf(tau) ? "∞" : text(tau, " ms"));
  };
  const std::string single = ms("", s.tau) + text(", scale = ", s.scale),
                    saturable = text(", scale = ", s.scale_saturable);
  const std::string cascade = ms("_1", s.tau_1) + ", " + ms("_2", s.tau_2), rise = ms("_{rise}", s.tau_rise) + ", ";
  // So scaled, a spike brings the second trace of a cascade as much as it brings a Tracer, but spread over tau_1.
  const double spread = s.dt / s.tau_1;

  return {
      Kind{"tracer", "Tracer", "Tracer", "every spike adds", single}.of(
          spark::Tracer<Array, Integration>(units, s.tau, s.scale, 0, clock)),
      Kind{"nearest", "Near.", "NearestTracer", "only the latest spike counts", single}.of(
          spark::NearestTracer<Array, Integration>(units, s.tau, s.scale, 0, clock)),
      Kind{"saturable", "Sat.", "SaturableTracer", "spikes add up to 1, not above", ms("", s.tau) + saturable}.of(
          spark::SaturableTracer<Array, Integration>(units, s.tau, s.scale_saturable, 0, clock)),
      Kind{"double", "Double", "DoubleTracer", "a trace of a trace", cascade + text(", scale = ", s.scale)}.of(
          spark::DoubleTracer<Array, Integration>(units, s.tau_1, s.tau_2, s.scale, spread, 0, 0, clock)),
      Kind{"saturable_double", "SatDbl", "SaturableDoubleTracer", "a trace of a trace, up to 1", cascade + saturable}
          .of(spark::SaturableDoubleTracer<Array, Integration>(units, s.tau_1, s.tau_2, s.scale_saturable, spread, 0, 0,
                                                               clock)),
      Kind{"release", "RU", "RUTracer", "short-term plasticity: release U·R",
           ms("_R", s.tau_R) + ", " + ms("_U", s.tau_U) + text(", scale = ", s.scale_U)}
          .of(spark::RUTracer<Array, Integration>(units, s.tau_R, s.tau_U, s.scale_U, clock)),
      Kind{"rise_decay", "RD", "RDTracer", "rise and decay", rise + ms("_{decay}", s.tau_decay)}.of(
          spark::RDTracer<Array, Integration>(units, s.tau_rise, s.tau_decay, 1, 1, 0, 0, clock)),
      Kind{"rise_fast_slow", "RFS", "RFSTracer", "rise, then a fast and a slow decay",
           text("α = ", s.alpha, ", ") + rise + ms("_{fast}", s.tau_fast) + ", " + ms("_{slow}", s.tau_slow)}
          .of(spark::RFSTracer<Array, Integration>(units, s.alpha, s.tau_rise, s.tau_fast, s.tau_slow, clock)),
  };
}

}  // namespace trace_recording
