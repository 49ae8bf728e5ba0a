/// \file
/// Every tracer of the library, each made in one expression.
#pragma once

#include "bins.hpp"
#include "figure.hpp"
#include "settings.hpp"

#include <spark/tracers.hpp>

#include <Eigen/Core>

#include <cmath>
#include <functional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace trace_recording {

/// One number per unit.
using Array = Eigen::ArrayXd;

/// A tracer that has forgotten its type, and what it is called in the results.
struct Kind {
  std::string column;  // in traces.csv
  std::string head;    // in the summary
  Heading heading;     // in the figure
  std::function<void(const Block&, Record&)> run;
};

using Parameters = std::vector<std::pair<std::string, double>>;

/// "τ = 20 ms, scale = 1"
inline std::string text_of(const Parameters& parameters) {
  std::ostringstream text;
  for (const auto& [symbol, value] : parameters) {
    const bool is_time = symbol.rfind("τ", 0) == 0;
    text << (text.tellp() > 0 ? ", " : "") << symbol << " = ";
    if (std::isinf(value)) {
      text << "∞";
    } else {
      text << value << (is_time ? " ms" : "");
    }
  }
  return text.str();
}

struct Names {
  std::string column, head, title, meaning;
};

template <class Tracer>
Kind kind(const Names& names, const Parameters& parameters, Tracer tracer) {
  return {names.column, names.head, Heading{names.title, text_of(parameters), names.meaning},
          [tracer = std::move(tracer)](const Block& block, Record& record) mutable {
            record.resize(tracer.size(), block.steps());
            tracer.run(spark::spike_events(block.offsets, block.indices), record);
          }};
}

template <class Integration>
std::vector<Kind> every_kind(Eigen::Index units, const Settings& s) {
  spark::Options clock;
  clock.dt = s.dt;
  // So scaled, a spike brings the second trace of a cascade as much as it brings a Tracer, but spread over tau_1.
  const double spread = s.dt / s.tau_1;

  return {
      kind({"tracer", "Tracer", "Tracer", "every spike adds"}, {{"τ", s.tau}, {"scale", s.scale}},
           spark::Tracer<Array, Integration>(units, s.tau, s.scale, 0, clock)),

      kind({"nearest", "Near.", "NearestTracer", "only the latest spike counts"}, {{"τ", s.tau}, {"scale", s.scale}},
           spark::NearestTracer<Array, Integration>(units, s.tau, s.scale, 0, clock)),

      kind({"saturable", "Sat.", "SaturableTracer", "spikes add up to 1, not above"},
           {{"τ", s.tau}, {"scale", s.scale_saturable}},
           spark::SaturableTracer<Array, Integration>(units, s.tau, s.scale_saturable, 0, clock)),

      kind({"double", "Double", "DoubleTracer", "a trace of a trace"},
           {{"τ_1", s.tau_1}, {"τ_2", s.tau_2}, {"scale", s.scale}},
           spark::DoubleTracer<Array, Integration>(units, s.tau_1, s.tau_2, s.scale, spread, 0, 0, clock)),

      kind({"saturable_double", "SatDbl", "SaturableDoubleTracer", "a trace of a trace, up to 1"},
           {{"τ_1", s.tau_1}, {"τ_2", s.tau_2}, {"scale", s.scale_saturable}},
           spark::SaturableDoubleTracer<Array, Integration>(units, s.tau_1, s.tau_2, s.scale_saturable, spread, 0, 0,
                                                            clock)),

      kind({"release", "RU", "RUTracer", "short-term plasticity: release U·R"},
           {{"τ_R", s.tau_R}, {"τ_U", s.tau_U}, {"scale", s.scale_U}},
           spark::RUTracer<Array, Integration>(units, s.tau_R, s.tau_U, s.scale_U, clock)),

      kind({"rise_decay", "RD", "RDTracer", "rise and decay"}, {{"τ_{rise}", s.tau_rise}, {"τ_{decay}", s.tau_decay}},
           spark::RDTracer<Array, Integration>(units, s.tau_rise, s.tau_decay, 1, 1, 0, 0, clock)),

      kind({"rise_fast_slow", "RFS", "RFSTracer", "rise, then a fast and a slow decay"},
           {{"α", s.alpha}, {"τ_{rise}", s.tau_rise}, {"τ_{fast}", s.tau_fast}, {"τ_{slow}", s.tau_slow}},
           spark::RFSTracer<Array, Integration>(units, s.alpha, s.tau_rise, s.tau_fast, s.tau_slow, clock)),
  };
}

/// The same member of every kind.
template <class Member>
std::vector<Member> all(const std::vector<Kind>& kinds, Member Kind::*member) {
  std::vector<Member> values;
  for (const Kind& kind : kinds) values.push_back(kind.*member);
  return values;
}

}  // namespace trace_recording
