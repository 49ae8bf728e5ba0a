/// \file
/// What the command line says.
#pragma once

#include <CLI/CLI.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace trace_recording {

/// Times in milliseconds throughout.
struct Settings {
  std::string recording;  ///< empty: make one up
  std::string out = "traces";
  double dt = 0.1;
  bool exact = true;

  double tau = 20, scale = 1, scale_saturable = 0.4;
  double tau_1 = 5, tau_2 = 20;
  double tau_R = 130, tau_U = 530, scale_U = 0.1;
  double tau_rise = 2, tau_decay = 50;
  double alpha = 0.7, tau_fast = 10, tau_slow = 100;

  std::vector<std::int64_t> units;
  double from = std::numeric_limits<double>::quiet_NaN();
  double to = std::numeric_limits<double>::quiet_NaN();
  bool figure = true;

  std::uint64_t seed = 1;
  double duration = 10000;
  double nest_resolution = 0.1;
};

/// A copy of what was given on the command line; the options remember where to write.
inline void declare(CLI::App& app, Settings& s) {
  app.description(
      "Runs every kind of tracer over recorded spikes, and writes the traces, a summary and a "
      "figure.\n"
      "All times are in milliseconds.");
  app.get_formatter()->column_width(34);

  app.add_option("recording", s.recording,
                 "CSV (time_ms,unit) or the ASCII that NEST writes; without it, neurons that burst");
  app.add_option("--out", s.out, "folder for the results")->capture_default_str();
  app.add_option("--dt", s.dt, "length of a step")->capture_default_str();
  app.add_flag("--exact,!--euler", s.exact, "solve exactly between spikes (the default), or by Euler's method");
  app.add_option("--nest-resolution", s.nest_resolution, "length of a step in NEST's files in steps")
      ->capture_default_str();

  const auto add = [&](const std::string& group, const std::string& name, double& value, const std::string& meaning) {
    app.add_option(name, value, meaning)->group(group)->capture_default_str();
  };
  const std::string single = "Tracer, NearestTracer, SaturableTracer";
  add(single, "--tau", s.tau, "time constant");
  add(single, "--scale", s.scale, "what one spike adds");
  add(single, "--scale-saturable", s.scale_saturable, "what one spike adds where 1 is the ceiling");
  const std::string cascade = "DoubleTracer, SaturableDoubleTracer";
  add(cascade, "--tau-1", s.tau_1, "time constant of the trace that spikes drive");
  add(cascade, "--tau-2", s.tau_2, "time constant of the trace that follows it");
  const std::string synapse = "RUTracer";
  add(synapse, "--tau-R", s.tau_R, "time in which resources recover");
  add(synapse, "--tau-U", s.tau_U, "time in which facilitation fades");
  add(synapse, "--scale-U", s.scale_U, "usage that one spike adds, of what is left to 1");
  const std::string shapes = "RDTracer, RFSTracer";
  add(shapes, "--tau-rise", s.tau_rise, "time constant of the rise");
  add(shapes, "--tau-decay", s.tau_decay, "time constant of the decay (RDTracer)");
  add(shapes, "--alpha", s.alpha, "share of the fast part (RFSTracer)");
  add(shapes, "--tau-fast", s.tau_fast, "time constant of the fast decay (RFSTracer)");
  add(shapes, "--tau-slow", s.tau_slow, "time constant of the slow decay (RFSTracer)");

  const std::string view = "What is drawn and written to traces.csv";
  app.add_option("--units", s.units, "units; by default a busy, a middling and a quiet one")->group(view);
  app.add_option("--from", s.from, "begin; by default where these units are lively")->group(view);
  app.add_option("--to", s.to, "end; 'inf' is the end of the recording")->group(view);
  app.add_flag("!--no-figure", s.figure, "only the tables")->group(view);

  const std::string made_up = "The recording that is made up";
  app.add_option("--seed", s.seed, "the same seed, the same spikes")->group(made_up)->capture_default_str();
  app.add_option("--duration", s.duration, "its length")->group(made_up)->capture_default_str();
}

}  // namespace trace_recording
