/// trace_recording: every kind of tracer over a recording of spikes.
///
///     trace_recording spikes.csv --out traces    # your own recording, or NEST's
///     trace_recording --out traces               # none at hand? neurons that burst
///     trace_recording --help                     # time constants, window, integration
///
/// In the folder `traces` lie then figure.svg and figure.png, in which every burst rises and fades in the manner of
/// each kind of trace; traces.csv, the same in numbers; and summary.csv, mean and maximum over the whole recording.
#include "../support/gnuplot.hpp"
#include "../support/output.hpp"
#include "../support/progress.hpp"
#include "bins.hpp"
#include "bursting.hpp"
#include "figure.hpp"
#include "kinds.hpp"
#include "recording.hpp"
#include "settings.hpp"
#include "summary.hpp"
#include "traces_csv.hpp"
#include "view.hpp"

#include <spark/tracers.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace trace_recording;
using namespace support;

namespace {

std::string caption(const Recording& recording, const Settings& settings) {
  std::ostringstream text;
  text << fs::path(recording.name).filename().string() << ": " << recording.spikes.size() << " spikes of "
       << recording.ids.size() << " units, " << (settings.exact ? "exact" : "Euler") << " steps of " << settings.dt
       << " ms";
  return text.str();
}

/// Every tracer over the whole recording, a block of steps at a time.
void run(std::vector<Kind>& kinds, Bins& bins, Summary& summary, Figure& figure, TracesCsv& traces,
         Progress& progress) {
  std::vector<Record> records(kinds.size());
  for (Block block; bins.next(block);) {
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      kinds[k].run(block, records[k]);
      summary.add(k, records[k]);
      figure.add(k, block.first, records[k]);
    }
    traces.add(block, records);
    progress.show(block.end());
  }
}

void trace(const Settings& settings) {
  const Recording recording = settings.recording.empty() ? bursting_neurons(settings.seed, settings.duration)
                                                         : read_recording(settings.recording, settings.nest_resolution);
  Bins bins(recording, settings.dt);
  const View view = choose_view(recording, bins, settings.units, settings.from, settings.to);

  const auto units = static_cast<Eigen::Index>(recording.ids.size());
  std::vector<Kind> kinds =
      settings.exact ? every_kind<spark::Exact>(units, settings) : every_kind<spark::Euler>(units, settings);

  // In this order: an interrupt that arrives while there is half a file must not end the program.
  Progress progress("tracing", bins.steps());
  OutputFolder folder(settings.out);
  Summary summary(recording, bins, kinds.size());
  Figure figure(recording, view, settings.dt, all(kinds, &Kind::heading));
  TracesCsv traces(folder, recording, view, settings.dt, all(kinds, &Kind::column));
  run(kinds, bins, summary, figure, traces, progress);

  traces.close();
  folder.write("summary.csv", summary.csv(all(kinds, &Kind::column)));
  Drawing drawing = Drawing::Unwanted;
  if (settings.figure) {
    folder.write("figure.gnuplot", figure.script(caption(recording, settings)));
    drawing = draw_figure(folder.staging());
  }
  folder.publish();

  std::cout << summary.table(all(kinds, &Kind::head)) << '\n'
            << settings.out << ": traces.csv, summary.csv" << drawn(drawing) << '\n';
  if (drawing == Drawing::Failed) throw std::runtime_error("gnuplot could not draw figure.gnuplot");
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app;
  declare(app, settings);
  try {
    app.parse(argc, argv);
    trace(settings);
    return EXIT_SUCCESS;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;  // --help is no failure
  } catch (const std::exception& error) {
    std::cerr << "trace_recording: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
