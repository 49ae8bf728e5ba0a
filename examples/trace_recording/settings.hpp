/// \file
/// What the command line says.
#pragma once

#include "reader.hpp"

#include <CLI/CLI.hpp>

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

/// The options remember where to write.
inline void declare(CLI::App& app, Settings& s) {
  app.description(
      "Runs every kind of tracer over recorded spikes, and writes the traces, a summary and a figure.\n"
      "All times are in milliseconds.");
  app.get_formatter()->column_width(34);
  std::string group = "Options";
  const auto ask = [&](const char* name, auto& value, const char* meaning) {
    return app.add_option(name, value, meaning)->group(group);
  };
  const auto add = [&](const char* name, auto& value, const char* meaning) {
    ask(name, value, meaning)->capture_default_str();
  };
  app.add_option("recording", s.recording, "text files, such as CSV or what NEST writes; without, neurons that burst");
  add("--out", s.out, "folder for the results");
  add("--dt", s.dt, "length of a step");
  app.add_flag("--exact,!--euler", s.exact, "solve exactly between spikes (the default), or by Euler's method");
  ask("--start", s.start, "begin of the recording; by default the first spike");
  ask("--end", s.end, "end of the recording; by default the last spike");

  group = "How the recording is read, where the file does not tell";
  Format& f = s.format;
  ask("--time-column", f.time_column, "column of times, by name or number");
  ask("--unit-column", f.unit_column, "column of units, by name or number");
  CLI::Option* const unit = ask("--time-unit", f.time_unit, "unit of times")->check(CLI::IsMember({"s", "ms", "us"}));
  CLI::Option* const rate = ask("--sampling-rate", f.sampling_rate, "times count samples, at so many Hz");
  CLI::Option* const step = ask("--nest-resolution", f.nest_resolution, "times count NEST's steps of so many ms");
  rate->check(CLI::Range(1e-6, 1e12))->excludes(unit);
  step->check(CLI::Range(1e-6, 1e12))->excludes(unit)->excludes(rate);
  app.add_flag("--row-per-unit", f.row_per_unit, "each line holds the times of one unit")->group(group);
  ask("--population", f.population, "the one to read, where there are several");
  ask("--all-units", f.all_units, "all units, also silent ones: $(seq 0 99)")->check(CLI::NonNegativeNumber);

  group = "Tracer, NearestTracer, SaturableTracer";
  add("--tau", s.tau, "time constant");
  add("--scale", s.scale, "what one spike adds");
  add("--scale-saturable", s.scale_saturable, "what one spike adds where 1 is the ceiling");
  group = "DoubleTracer, SaturableDoubleTracer";
  add("--tau-1", s.tau_1, "time constant of the trace that spikes drive");
  add("--tau-2", s.tau_2, "time constant of the trace that follows it");
  group = "RUTracer";
  add("--tau-R", s.tau_R, "time in which resources recover");
  add("--tau-U", s.tau_U, "time in which facilitation fades");
  add("--scale-U", s.scale_U, "usage that one spike adds, of what is left to 1");
  group = "RDTracer, RFSTracer";
  add("--tau-rise", s.tau_rise, "time constant of the rise");
  add("--tau-decay", s.tau_decay, "time constant of the decay (RDTracer)");
  add("--alpha", s.alpha, "share of the fast part (RFSTracer)");
  add("--tau-fast", s.tau_fast, "time constant of the fast decay (RFSTracer)");
  add("--tau-slow", s.tau_slow, "time constant of the slow decay (RFSTracer)");

  group = "What is drawn and written to traces.csv";
  ask("--units", s.units, "units; by default a busy, a middling and a quiet one");
  ask("--from", s.from, "begin; by default where these units are lively");
  ask("--to", s.to, "end; 'inf' is the end of the recording");
  app.add_flag("!--no-figure", s.figure, "only the tables")->group(group);
  group = "The recording that is made up";
  add("--seed", s.seed, "the same seed, the same spikes");
  add("--duration", s.duration, "its length");
}

}  // namespace trace_recording
