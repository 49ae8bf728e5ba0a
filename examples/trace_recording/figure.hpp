/// \file
/// The figure: a raster above one panel per kind of trace, all on one time axis.
#pragma once

#include "tables.hpp"

namespace trace_recording {

/// Commands for gnuplot with their data, so it can be redrawn, restyled and passed on without this program.
///
/// Of a trace with more steps than the paper has dots it keeps the extremes in each column of dots: what a pen would
/// cover. Drawing every n-th step instead would lose peaks, and this takes no more memory for a longer recording.
class Figure {
 public:
  static constexpr int width = 900;

  Figure(const Recording& recording, const View& view, double dt, const std::vector<Kind>& kinds)
      : recording_(recording),
        view_(view),
        kinds_(kinds),
        dt_(dt),
        column_steps_((view.steps() + most_columns - 1) / most_columns),
        columns_((view.steps() + column_steps_ - 1) / column_steps_),
        extremes_(static_cast<std::size_t>(columns_) * kinds.size() * view.units.size()) {}

  /// Takes what lies in view of the outputs of one kind in the steps from `first` on.
  void add(std::size_t kind, std::int64_t first, const Record& record) {
    const std::int64_t end = std::min<std::int64_t>(first + record.cols(), view_.last);
    for (std::int64_t step = std::max(first, view_.first); step < end; ++step) {
      std::size_t at =
          static_cast<std::size_t>((step - view_.first) / column_steps_) * view_.units.size() * kinds_.size();
      for (std::size_t u = 0; u < view_.units.size(); ++u, at += kinds_.size()) {
        extremes_[at + kind].add(record(view_.units[u], step - first));
      }
    }
  }

  int height() const { return static_cast<int>(raster_height()) + 112 + 94 * static_cast<int>(kinds_.size()); }

  /// What `commands` draws; `caption` stands above the raster.
  std::string data(const std::string& caption) const {
    std::string quoted, rows, names, panels;
    for (const char c : caption) quoted += c == '\'' ? "''" : std::string(1, c);
    const double labelled = std::max(1.0, round_number(static_cast<double>(recording_.ids.size()) / 12));
    for (double row = 0; row < static_cast<double>(recording_.ids.size()); row += labelled) {
      rows += text(row > 0 ? ", '" : "'", recording_.ids[static_cast<std::size_t>(row)], "' ", row);
    }
    for (const std::int64_t unit : view_.units) names += text(recording_.ids[static_cast<std::size_t>(unit)], ' ');
    for (std::size_t k = 0; k < kinds_.size(); ++k) panels += panel(k);
    const double left = std::max(80.0, 34 + 8 * static_cast<double>(text(recording_.ids.back()).size()));
    return text("caption = '", quoted, "'\nunits = ", recording_.ids.size(), "\nrows = \"", rows, "\"\nnames = '",
                names, "'\nkinds = ", kinds_.size(), '\n', panels, "width = ", width, ".\nheight = ", height(),
                ".\nraster = ", raster_height(), "\nleft = ", left, "\nbegin = ", axis_time(view_.first),
                "\nend = ", axis_time(view_.last), "\ntick = ", round_number(axis_time(view_.steps()) / 10),
                "\nunit = '", in_seconds() ? "s" : "ms", "'\n", spikes(), traces());
  }

  /// Lengths are dots of the screen from the upper left, where gnuplot wants shares of the whole from the lower left.
  static constexpr const char* commands = R"(set linetype 7 linecolor rgb '#999999' linewidth 1
y(dots) = 1 - dots / height
set multiplot
set border 2
set xrange [begin:end]
set xtics tick scale 0 format ''
set grid xtics linetype 1 linecolor '#e4e4e4' linewidth 0.7
unset key
set lmargin at screen left / width
set rmargin at screen 1 - 24 / width
set tmargin at screen y(56)
set bmargin at screen y(56 + raster)
set label 1 caption at screen left / width, y(16) noenhanced textcolor '#333333'
set label 2 'unit' at screen 14 / width, y(56 + raster / 2) center rotate
set label 3 'trace (dimensionless)' at screen 14 / width, y(71 + raster + 47 * kinds) center rotate
set label 4 'time ('.unit.')' at screen (left + width - 24) / 2 / width, y(height - 14) center
x = left
do for [u = 1:words(names)] {
  name = 'unit '.word(names, u)
  if (x < 0.9 * width) { set label u + 4 name at screen x / width, y(36) textcolor linetype (u - 1) % 6 + 1 }
  x = x + 7 * strlen(name) + 22
}
set yrange [-0.7:units - 0.3]
set ytics scale 0 (@rows)
if (units <= 100) {
  plot $spikes using 1:($2 - 0.4):(0):(0.8):3 with vectors nohead linewidth 1.2 linecolor variable
} else {
  plot $spikes using 1:2:($3 == 7 ? 0.2 : 0.5):3 with points pointtype 7 pointsize variable linecolor variable
}
unset label
do for [k = 1:kinds] {
  top = 86 + raster + 94 * (k - 1)
  set tmargin at screen y(top)
  set bmargin at screen y(top + 64)
  set label 1 value('title'.k) at graph 0,1.19
  set label 2 value('meaning'.k) at graph 1,1.19 right textcolor '#777777'
  set yrange [value('low'.k):value('high'.k)]
  set ytics value('tick'.k) scale 0.5
  if (k == kinds) { set border 3; set xtics scale 0.5 format '%g' }
  plot for [u = 1:words(names)] $traces using 1:(column(1 + (u - 1) * kinds + k)) with lines linewidth 1.2 \
    linetype (u - 1) % 6 + 1
}
unset multiplot)";

 private:
  static constexpr std::int64_t most_columns = 800;

  struct Extremes {
    double low = 0, high = 0;
    bool falling = false, empty = true;

    void add(double value) {
      if (empty) *this = {value, value, false, false};
      if (value < low) low = value, falling = true;
      if (value > high) high = value, falling = false;
    }
  };

  double raster_height() const { return std::clamp(14 * static_cast<double>(recording_.ids.size()), 46.0, 210.0); }
  bool in_seconds() const {
    return static_cast<double>(view_.steps()) * dt_ > 4000 || static_cast<double>(view_.last) * dt_ > 60000;
  }
  template <class Number>
  double axis_time(Number step) const {
    return static_cast<double>(step) * dt_ / (in_seconds() ? 1000 : 1);
  }

  std::string panel(std::size_t kind) const {
    double low = 0, high = 0;
    for (std::size_t i = kind; i < extremes_.size(); i += kinds_.size()) {
      low = std::min(low, extremes_[i].low), high = std::max(high, extremes_[i].high);
    }
    if (!(high > low)) high = low + 1;  // silence
    return text("title", kind + 1, " = '{/:Bold ", kinds_[kind].title, "}   ", kinds_[kind].parameters, "'\nmeaning",
                kind + 1, " = '{/:Italic ", kinds_[kind].meaning, "}'\nlow", kind + 1, " = ", low, "\nhigh", kind + 1,
                " = ", high + 0.04 * (high - low), "\ntick", kind + 1, " = ", round_number((high - low) / 3), '\n');
  }

  /// Time, row and colour. Spikes that would fall on the same dot are drawn once.
  std::string spikes() const {
    const double dot = static_cast<double>(view_.steps()) * dt_ / (3 * width);
    std::vector<double> previous(recording_.ids.size(), -std::numeric_limits<double>::infinity());
    std::string all = "$spikes << END\n";
    for (const Spike& s : recording_.spikes) {
      const double step = s.time_ms / dt_;
      double& last = previous[static_cast<std::size_t>(s.unit)];
      if (step < static_cast<double>(view_.first) - 0.5 || step >= static_cast<double>(view_.last) ||
          s.time_ms - last < dot)
        continue;
      last = s.time_ms;
      const auto shown = std::find(view_.units.begin(), view_.units.end(), s.unit) - view_.units.begin();
      all += text(axis_time(step), ',', s.unit, ',',
                  shown == static_cast<std::ptrdiff_t>(view_.units.size()) ? 7 : shown % 6 + 1, '\n');
    }
    return all + "NaN,NaN,7\nEND\n";  // gnuplot refuses data without a line
  }

  /// Time, and the traces, kind by kind for each unit.
  std::string traces() const {
    std::string all = "$traces << END\n";
    const std::size_t lines = view_.units.size() * kinds_.size();
    for (std::int64_t c = 0; c < columns_; ++c) {
      const Extremes* const column = &extremes_[static_cast<std::size_t>(c) * lines];
      for (const bool second : {false, true}) {
        if (second && column_steps_ == 1) continue;
        all += text(axis_time(static_cast<double>(view_.first) +
                              (static_cast<double>(c) + 0.5 * second) * static_cast<double>(column_steps_)));
        for (std::size_t i = 0; i < lines; ++i)
          all += format(",%.5g", column[i].falling != second ? column[i].high : column[i].low);
        all += '\n';
      }
    }
    return all + "END\n";
  }

  const Recording& recording_;
  const View& view_;
  const std::vector<Kind>& kinds_;
  double dt_;
  std::int64_t column_steps_, columns_;
  std::vector<Extremes> extremes_;
};

}  // namespace trace_recording
