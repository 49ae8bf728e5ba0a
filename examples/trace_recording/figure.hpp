/// \file
/// The figure: a raster above one panel per kind of trace, all on one time axis.
///
/// It is a single gnuplot script that holds its own data, so it can be redrawn, restyled and passed on without this
/// program.
#pragma once

#include "envelope.hpp"
#include "layout.hpp"
#include "view.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iomanip>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace trace_recording {

/// The outputs of one kind of tracer: a row per unit, a column per step.
using Record = Eigen::ArrayXXd;

/// What stands above a panel: "**Tracer**  τ = 20 ms                        every spike adds".
struct Heading {
  std::string title, parameters, meaning;
};

class Figure {
 public:
  Figure(const Recording& recording, const View& view, double dt, std::vector<Heading> headings)
      : recording_(recording),
        view_(view),
        dt_(dt),
        headings_(std::move(headings)),
        layout_(recording.ids.size(), std::to_string(recording.ids.back()).size(), headings_.size()),
        lines_(headings_.size() * view.units.size(), Envelope(view.steps(), 800)) {}

  /// Takes what lies in view of the outputs of one kind in the steps from `first` on.
  void add(std::size_t kind, std::int64_t first, const Record& record) {
    const std::int64_t begin = std::max(first, view_.first);
    const std::int64_t end = std::min<std::int64_t>(first + record.cols(), view_.last);
    for (std::size_t u = 0; u < view_.units.size(); ++u) {
      for (std::int64_t step = begin; step < end; ++step) {
        line(kind, u).add(step - view_.first, record(view_.units[u], step - first));
      }
    }
  }

  /// What gnuplot has to do; `caption` stands above the raster.
  std::string script(const std::string& caption) const {
    std::ostringstream out;
    out.precision(10);
    out << "# gnuplot figure.gnuplot   draws figure.svg and figure.png (gnuplot 5 or newer)\n\n";
    write_spikes(out);
    for (std::size_t u = 0; u < view_.units.size(); ++u) write_traces(out, u);
    write_style(out);
    write_titles(out, caption);
    write_raster(out);
    for (std::size_t kind = 0; kind < headings_.size(); ++kind) write_panel(out, kind);
    out << "unset multiplot\nunset output\n}\n";
    return out.str();
  }

 private:
  bool in_seconds() const {
    return static_cast<double>(view_.steps()) * dt_ > 4000 || static_cast<double>(view_.last) * dt_ > 60000;
  }
  double axis_time(double step) const { return step * dt_ / (in_seconds() ? 1000 : 1); }
  double axis_time(std::int64_t step) const { return axis_time(static_cast<double>(step)); }

  /// A distance of tick marks that puts at most `most` of them on an axis.
  static double tick(double length, double most) { return round_number(length / most); }

  /// Colours that stay apart for the colour-blind and in grey (Okabe and Ito).
  static std::string colour(std::size_t u) {
    static const std::vector<std::string> colours{"0x0072b2", "0xd55e00", "0x009e73",
                                                  "0xcc79a7", "0xe69f00", "0x56b4e9"};
    return colours[u % colours.size()];
  }
  std::string colour_of_row(std::int64_t unit) const {
    const auto found = std::find(view_.units.begin(), view_.units.end(), unit);
    return found == view_.units.end() ? "0x999999" : colour(static_cast<std::size_t>(found - view_.units.begin()));
  }

  const Envelope& line(std::size_t kind, std::size_t u) const { return lines_[kind * view_.units.size() + u]; }
  Envelope& line(std::size_t kind, std::size_t u) { return lines_[kind * view_.units.size() + u]; }

  void write_spikes(std::ostream& out) const;
  void write_traces(std::ostream& out, std::size_t u) const;
  void write_style(std::ostream& out) const;
  void write_titles(std::ostream& out, const std::string& caption) const;
  void write_raster(std::ostream& out) const;
  void write_panel(std::ostream& out, std::size_t kind) const;

  const Recording& recording_;
  View view_;
  double dt_;
  std::vector<Heading> headings_;
  Layout layout_;
  std::vector<Envelope> lines_;  // kind by kind, and within a kind unit by unit
};

/// Time, row and colour. Spikes that would fall on the same dot are drawn once.
inline void Figure::write_spikes(std::ostream& out) const {
  const double dot = static_cast<double>(view_.steps()) * dt_ / (3 * Layout::width);
  std::vector<double> previous(recording_.ids.size(), -std::numeric_limits<double>::infinity());
  out << "$spikes << END\n";
  for (const Spike& s : recording_.spikes) {
    const auto row = static_cast<std::size_t>(s.unit);
    const double step = s.time_ms / dt_;
    if (step < static_cast<double>(view_.first) || step >= static_cast<double>(view_.last)) continue;
    if (s.time_ms - previous[row] < dot) continue;
    previous[row] = s.time_ms;
    out << axis_time(step) << ' ' << row << ' ' << colour_of_row(s.unit) << '\n';
  }
  out << "NaN NaN 0\nEND\n\n";  // gnuplot refuses data without a line
}

/// Time and one column per kind of trace.
inline void Figure::write_traces(std::ostream& out, std::size_t u) const {
  const Envelope& shape = lines_.front();
  const auto column_steps = static_cast<double>(shape.steps_per_column());
  const auto write_row = [&](double step, auto value) {
    out << std::setprecision(10) << axis_time(step) << std::setprecision(5);
    for (std::size_t kind = 0; kind < headings_.size(); ++kind) out << ' ' << value(line(kind, u));
    out << '\n';
  };
  out << "$unit" << u << " << END\n";
  for (std::int64_t c = 0; c < shape.columns(); ++c) {
    const double step = static_cast<double>(view_.first) + static_cast<double>(c) * column_steps;
    write_row(step, [c](const Envelope& e) { return e.column(c).first; });
    if (column_steps > 1) write_row(step + column_steps / 2, [c](const Envelope& e) { return e.column(c).second; });
  }
  out << std::setprecision(10) << "END\n\n";
}

/// The same drawing twice, for the screen and for print.
inline void Figure::write_style(std::ostream& out) const {
  out << "set encoding utf8\n"
      << "do for [format in 'svg png'] {\n"
      << "if (format eq 'svg') { set terminal svg " << layout_.size(1) << " font 'Arial,13' background '#ffffff' }\n"
      << "if (format eq 'png') { set terminal pngcairo " << layout_.size(2)
      << " font 'Arial,10' fontscale 2 linewidth 2 background '#ffffff' }\n"
      << R"(set output 'figure.'.format
set multiplot
set border 2 linecolor '#555555'
set tics nomirror textcolor '#333333'
set xtics scale 0
set ytics scale 0.5
set format x ''
set grid xtics linetype 1 linecolor '#e4e4e4' linewidth 0.7
unset key
)";
  const double begin = axis_time(view_.first);
  const double end = axis_time(view_.last);
  out << "set xrange [" << begin << ':' << end << "]\nset xtics " << tick(end - begin, 10) << "\n\n";
}

/// The caption, the shown units each in its colour, and the axes.
inline void Figure::write_titles(std::ostream& out, const std::string& caption) const {
  std::string quoted;
  for (const char c : caption) quoted += c == '\'' ? "''" : std::string(1, c);
  out << "set label 1 '" << quoted << "' " << layout_.at(layout_.left, 16) << " noenhanced textcolor '#333333'\n";
  out << "set label 2 'unit' " << layout_.at_raster_title() << " center rotate\n";
  out << "set label 3 'trace (dimensionless)' " << layout_.at_panels_title() << " center rotate\n";
  out << "set label 4 'time (" << (in_seconds() ? "s" : "ms") << ")' " << layout_.at_time_title() << " center\n";

  double x = layout_.left;
  for (std::size_t u = 0; u < view_.units.size(); ++u) {
    const auto unit = static_cast<std::size_t>(view_.units[u]);
    const std::string text = "unit " + std::to_string(recording_.ids[unit]);
    if (x > 0.9 * Layout::width) break;  // a long list goes on in the raster
    out << "set label " << u + 5 << " '" << text << "' " << layout_.at(x, 36) << " textcolor rgb " << colour(u) << '\n';
    x += 7 * static_cast<double>(text.size()) + 22;
  }
}

inline void Figure::write_raster(std::ostream& out) const {
  const std::size_t rows = recording_.ids.size();
  const auto labelled = std::max<std::size_t>(1, static_cast<std::size_t>(tick(static_cast<double>(rows), 12)));
  out << layout_.raster() << "set yrange [-0.7:" << static_cast<double>(rows) - 0.3 << "]\nset ytics scale 0 (";
  for (std::size_t row = 0; row < rows; row += labelled) {
    out << (row ? ", '" : "'") << recording_.ids[row] << "' " << row;
  }
  out << ")\n";
  if (rows <= 100) {
    out << "plot $spikes using 1:($2-0.4):(0):(0.8):3 with vectors nohead linewidth 1.2 linecolor rgb variable\n";
  } else {  // too close for strokes
    out << "plot $spikes using 1:2 with points pointtype 7 pointsize 0.2 linecolor rgb 0x999999, \\\n"
           "  $spikes using 1:($3 == 0x999999 ? NaN : $2):3 with points pointtype 7 pointsize 0.5 \\\n"
           "  linecolor rgb variable\n";
  }
  out << "unset label\nset ytics scale 0.5\n\n";
}

inline void Figure::write_panel(std::ostream& out, std::size_t kind) const {
  double low = 0;
  double high = 0;
  for (std::size_t u = 0; u < view_.units.size(); ++u) {
    for (std::int64_t c = 0; c < line(kind, u).columns(); ++c) {
      const auto [a, b] = line(kind, u).column(c);
      low = std::min({low, a, b});
      high = std::max({high, a, b});
    }
  }
  if (!(high > low)) high = low + 1;  // silence

  const Heading& heading = headings_[kind];
  out << layout_.panel(kind) << "set label 1 '{/:Bold " << heading.title << "}   " << heading.parameters
      << "' at graph 0,1.19\n"
      << "set label 2 '{/:Italic " << heading.meaning << "}' at graph 1,1.19 right textcolor '#777777'\n"
      << "set yrange [" << low << ':' << high + 0.04 * (high - low) << "]\n"
      << "set ytics " << tick(high - low, 3) << '\n';
  if (kind + 1 == headings_.size()) out << "set border 3\nset format x '%g'\nset xtics scale 0.5\n";
  for (std::size_t u = 0; u < view_.units.size(); ++u) {
    out << (u == 0 ? "plot " : ", ") << "$unit" << u << " using 1:" << kind + 2
        << " with lines linewidth 1.2 linecolor rgb " << colour(u);
  }
  out << "\nunset label\n\n";
}

}  // namespace trace_recording
