/// \file
/// The picture on each class page: what one spike and a burst of five leave. A program of its own, as its pictures
/// follow the theme of the reader and are as small as a card: figures <folder>
#include "playground.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

constexpr int steps = 600, onset = 40, interval = 40, burst = 5;
constexpr double dt = 0.25;
constexpr double left = 44, right = 470, top = 14, bottom = 150;

struct Kind {
  const char* name;
  std::vector<double> parameters;
};
const Kind kinds[] = {
    {"Tracer", {20, 1, 0}},
    {"SaturableTracer", {20, 0.5, 0}},
    {"NearestTracer", {20, 1, 0}},
    {"DoubleTracer", {5, 20, 1, 0.2 * dt, 0, 0}},
    {"SaturableDoubleTracer", {5, 20, 1, 0.2 * dt, 0, 0}},
    {"RDTracer", {5, 20, 1, 1, 0, 0}},
    {"RFSTracer", {0.6, 3, 10, 60}},
    {"RUTracer", {200, 50, 0.3}},
};

double x_of(int step) { return left + (right - left) * step / steps; }

/// What two neurons put out in each step: the first spikes once, the second five times.
std::vector<std::vector<double>> simulate(int kind) {
  std::vector<int> offsets = {0}, indices;
  for (int k = 0; k < steps; ++k) {
    if (k == onset) indices.push_back(0);
    if (k >= onset && k < onset + burst * interval && (k - onset) % interval == 0) indices.push_back(1);
    offsets.push_back(static_cast<int>(indices.size()));
  }
  playground_make(0, kind, 1, 2, dt, kinds[kind].parameters.data());
  const auto width = static_cast<std::size_t>(2 * (1 + playground_states(0)));
  std::vector<double> record(steps * width);
  playground_run(0, steps, offsets.data(), indices.data(), record.data());
  std::vector<std::vector<double>> outputs(2);
  for (std::size_t k = 0; k < record.size(); k += width) {
    outputs[0].push_back(record[k]);
    outputs[1].push_back(record[k + 1]);
  }
  return outputs;
}

void axes(std::ostream& out, double high) {
  for (const double share : {0.0, 0.5, 1.0}) {
    const double y = bottom + (top - bottom) * share;
    out << "<path class='grid' d='M" << left << ' ' << y << 'H' << right << "'/><text text-anchor='end' x='" << left - 6
        << "' y='" << y + 4 << "'>" << high * share << "</text>\n";
  }
  for (int ms = 0; ms <= 125; ms += 25) {
    out << "<text text-anchor='middle' x='" << x_of(onset + static_cast<int>(ms / dt)) << "' y='168'>" << ms
        << (ms == 125 ? " ms" : "") << "</text>\n";
  }
}

/// A curve, or of an RUTracer a line for each spike.
void draw(std::ostream& out, const std::vector<double>& values, double high, const char* colour, bool at_spikes) {
  out << "<path class='" << colour << "' d='";
  for (int k = 0; k < steps; ++k) {
    const double y = bottom + (top - bottom) * values[static_cast<std::size_t>(k)] / high;
    if (!at_spikes) {
      out << (k == 0 ? 'M' : 'L') << x_of(k) << ' ' << y;
    } else if (k >= onset && k < onset + burst * interval && (k - onset) % interval == 0) {
      out << 'M' << x_of(k) << ' ' << bottom << 'V' << y;
    }
  }
  out << "'/>\n";
}

void figure(std::ostream& out, int kind) {
  const auto outputs = simulate(kind);
  const bool releases = kinds[kind].name == std::string("RUTracer");
  double high = 0.25;
  while (high < *std::max_element(outputs[1].begin(), outputs[1].end())) high += high < 1 ? 0.25 : 0.5;
  out << "<svg xmlns='http://www.w3.org/2000/svg' width='480' height='176' viewBox='0 0 480 176'>\n<style>\n"
         "text { font: 11px sans-serif; fill: #6b7280 } path { fill: none; stroke-width: 2 }\n"
         ".grid { stroke: #e2e2dd; stroke-width: 1 } .one { stroke: #0072b2 } .five { stroke: #d55e00 }\n"
         ".blue { fill: #0072b2 } .orange { fill: #d55e00 }\n"
         "@media (prefers-color-scheme: dark) { text { fill: #949ca6 } .grid { stroke: #353c43 }\n"
         ".one { stroke: #56b4e9 } .five { stroke: #f08a45 } .blue { fill: #56b4e9 } .orange { fill: #f08a45 } "
         "}\n</style>\n";
  axes(out, high);
  draw(out, outputs[1], high, "five", releases);
  if (!releases) draw(out, outputs[0], high, "one", false);
  const char* const legend = releases ? "what each of five spikes releases"
                                      : "<tspan class='blue'>one spike</tspan> <tspan class='orange'>five</tspan>";
  out << "<text text-anchor='end' x='" << right << "' y='" << top + 12 << "'>" << legend << "</text>\n</svg>\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "figures <folder>\n";
    return 1;
  }
  for (int kind = 0; kind < static_cast<int>(std::size(kinds)); ++kind) {
    std::ofstream out(std::string(argv[1]) + "/kernel-" + kinds[kind].name + ".svg");
    out.precision(4);
    figure(out, kind);
    if (!out.flush()) {
      std::cerr << "cannot write to " << argv[1] << '\n';
      return 1;
    }
  }
}
