/// \file
/// What the command line says.
#pragma once

#include "reader.hpp"

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdlib>
#include <string>

namespace trace_recording {

/// Times in milliseconds throughout.
struct Settings {
  std::vector<std::string> recording;  ///< files; none: make one up
  std::string out = "traces";
  double dt = 0.1, start = untold, end = untold;
  bool exact = true, figure = true;
  Format format{};
  double tau = 20, scale = 1, scale_saturable = 0.4, tau_1 = 5, tau_2 = 20;
  double tau_R = 130, tau_U = 530, scale_U = 0.1;
  double tau_rise = 2, tau_decay = 50, alpha = 0.7, tau_fast = 10, tau_slow = 100;
  std::vector<std::int64_t> units;
  double from = untold, to = untold, duration = 10000;
  std::uint64_t seed = 1;
};

/// NaN is what nobody has said.
inline std::string refuse_nan(const std::string& time) {
  return std::isnan(std::strtod(time.c_str(), nullptr)) ? "has to be a number, got " + time : std::string();
}

/// The options remember where to write.
inline void declare_reading(CLI::App& app, Format& f) {
  app.option_defaults()->group("How the recording is read, where the file does not tell");
  app.add_option("--time-column", f.time_column, "column of times, by name or number");
  app.add_option("--unit-column", f.unit_column, "column of units, by name or number");
  CLI::Option* const unit =
      app.add_option("--time-unit", f.time_unit, "unit of times")->check(CLI::IsMember({"s", "ms", "us"}));
  CLI::Option* const rate = app.add_option("--sampling-rate", f.sampling_rate, "times count samples, at so many Hz");
  CLI::Option* const step =
      app.add_option("--nest-resolution", f.nest_resolution, "times count NEST's steps of so many ms");
  rate->check(CLI::Range(1e-6, 1e12))->excludes(unit);
  step->check(CLI::Range(1e-6, 1e12))->excludes(unit)->excludes(rate);
  app.add_flag("--row-per-unit", f.row_per_unit, "each line holds the times of one unit");
  app.add_option("--population", f.population, "the one to read, where there are several");
  app.add_option("--all-units", f.all_units, "all units, also silent ones: $(seq 0 99)")->check(CLI::NonNegativeNumber);
}

inline void declare_tracers(CLI::App& app, Settings& s) {
  app.option_defaults()->always_capture_default();
  app.option_defaults()->group("Tracer, NearestTracer, SaturableTracer");
  app.add_option("--tau", s.tau, "time constant");
  app.add_option("--scale", s.scale, "what one spike adds");
  app.add_option("--scale-saturable", s.scale_saturable, "what one spike adds where 1 is the ceiling");
  app.option_defaults()->group("DoubleTracer, SaturableDoubleTracer");
  app.add_option("--tau-1", s.tau_1, "time constant of the trace that spikes drive");
  app.add_option("--tau-2", s.tau_2, "time constant of the trace that follows it");
  app.option_defaults()->group("RUTracer");
  app.add_option("--tau-R", s.tau_R, "time in which resources recover");
  app.add_option("--tau-U", s.tau_U, "time in which facilitation fades");
  app.add_option("--scale-U", s.scale_U, "usage that one spike adds, of what is left to 1");
  app.option_defaults()->group("RDTracer, RFSTracer");
  app.add_option("--tau-rise", s.tau_rise, "time constant of the rise");
  app.add_option("--tau-decay", s.tau_decay, "time constant of the decay (RDTracer)");
  app.add_option("--alpha", s.alpha, "share of the fast part (RFSTracer)");
  app.add_option("--tau-fast", s.tau_fast, "time constant of the fast decay (RFSTracer)");
  app.add_option("--tau-slow", s.tau_slow, "time constant of the slow decay (RFSTracer)");
  app.option_defaults()->group("The recording that is made up");
  app.add_option("--seed", s.seed, "the same seed, the same spikes")->check(CLI::NonNegativeNumber);
  app.add_option("--duration", s.duration, "its length");
}

inline void declare(CLI::App& app, Settings& s) {
  app.description(
      "Runs every kind of tracer over recorded spikes, and writes the traces, a summary and a figure.\n"
      "All times are in milliseconds.");
  app.get_formatter()->column_width(34);
  app.add_option("recording", s.recording, "text files, such as CSV or what NEST writes; without, neurons that burst");
  app.add_option("--out", s.out, "folder for the results")->capture_default_str();
  app.add_option("--dt", s.dt, "length of a step")->capture_default_str();
  app.add_flag("--exact,!--euler", s.exact, "solve exactly between spikes (the default), or by Euler's method");
  app.add_option("--start", s.start, "begin of the recording; by default the first spike")->check(refuse_nan);
  app.add_option("--end", s.end, "end of the recording; by default the last spike")->check(refuse_nan);
  declare_reading(app, s.format);
  app.option_defaults()->group("What is drawn and written to traces.csv");
  app.add_option("--units", s.units, "units; by default a busy, a middling and a quiet one");
  app.add_option("--from", s.from, "begin; by default where these units are lively")->check(refuse_nan);
  app.add_option("--to", s.to, "end; 'inf' is the end of the recording")->check(refuse_nan);
  app.add_flag("!--no-figure", s.figure, "only the tables");
  declare_tracers(app, s);
}

}  // namespace trace_recording
