/// trace_recording: every kind of tracer over a recording of spikes.
///
///     trace_recording spikes.csv --out traces    # your own recording, or NEST's
///     trace_recording --out traces               # none at hand? neurons that burst
///     trace_recording --help                     # formats, time constants, window, integration
///
/// In the folder `traces` lie then figure.svg and figure.png, in which every burst rises and fades in the manner of
/// each kind of trace; traces.csv, the same in numbers; and summary.csv, mean and maximum over the whole recording.
#include "../support/progress.hpp"
#include "../support/results.hpp"
#include "traces.hpp"

using namespace trace_recording;

namespace {

Recording recording_of(const Settings& s) {
  Reader reader(s.format);
  for (const std::string& file : s.recording) reader.read(std::filesystem::path(file));
  Recording recording = s.recording.empty() ? bursting_neurons(s.seed, s.duration) : reader.finish();
  limit(recording, s.start, s.end);
  return recording;
}

void trace(const Settings& s) {
  const Recording recording = recording_of(s);
  for (const std::string& note : recording.notes) std::cout << note << std::endl;
  Bins bins(recording, s.dt);
  std::cerr << bins.hint();
  const View view = choose_view(recording, bins, s.units, s.from, s.to);
  const auto units = static_cast<Eigen::Index>(recording.ids.size());
  std::vector<Kind> kinds = s.exact ? every_kind<spark::Exact>(units, s) : every_kind<spark::Euler>(units, s);
  std::vector<Panels::Panel> panels;
  for (const Kind& kind : kinds) panels.push_back(kind.panel);

  // In this order: an interrupt that arrives while there is half a file must not end the program.
  Progress progress("tracing", bins.steps());
  Results results(s.out);
  Summary summary(recording, bins, kinds);
  Panels figure(panels, recording.ids, view.units, {view.first, view.last, s.dt});
  for (const Spike& spike : recording.spikes) figure.spike(spike.time_ms, spike.unit);
  auto traces = results.file("traces.csv");
  traces.write(names_of(kinds, "time_ms,unit", {""}) + '\n');
  std::vector<Record> records(kinds.size());
  for (Block block; bins.next(block);) {
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      kinds[k].run(block, records[k]);
      summary.add(k, records[k]);
      figure.trace(k, block.first, records[k]);
    }
    traces.write(lines_of(recording, view, bins, block, records));
    progress.show(block.end() - bins.first());
  }
  traces.close();
  results.table("summary", summary.columns(), summary.rows());
  std::cout << summary.table() << '\n';
  if (!s.figure) return results.publish();
  const std::string caption =
      text(fs::path(recording.name).filename().string(), ": ", recording.spikes.size(), " spikes of ", units,
           " units, ", s.exact ? "exact" : "Euler", " steps of ", s.dt, " ms");
  results.figure(figure.width, figure.height(), figure.commands, figure.data(caption));
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("", "trace_recording");
  declare(app, settings);
  return support::run(app, argc, argv, [&] { trace(settings); });
}
