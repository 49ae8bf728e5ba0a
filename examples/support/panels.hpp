/// \file
/// A figure: a raster of spikes above panels of traces, all on one time axis.
#pragma once

#include "text.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iomanip>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace support {

/// Of a trace with more steps than the paper has dots it keeps the extremes in each column of dots: what a pen would
/// cover. Drawing every n-th step instead would lose peaks, and this takes no more memory for a longer recording.
class Panels {
 public:
  struct Panel {
    std::string title, parameters, meaning;
  };
  /// The steps [first, last) of dt milliseconds.
  struct Window {
    std::int64_t first, last;
    double dt;
  };

  /// `names` are those of the rows of the raster; the `shown` rows have a colour, and a trace in each panel.
  Panels(std::vector<Panel> panels, std::vector<std::int64_t> names, std::vector<std::int64_t> shown, Window window)
      : panels_(std::move(panels)),
        names_(std::move(names)),
        shown_(std::move(shown)),
        window_(window),
        column_steps_((window.last - window.first + most_columns - 1) / most_columns),
        columns_((window.last - window.first + column_steps_ - 1) / column_steps_),
        extremes_(static_cast<std::size_t>(columns_) * panels_.size() * shown_.size()),
        last_spike_(names_.size(), -std::numeric_limits<double>::infinity()) {}

  /// The spike of a row at a time, in order of time. Spikes that would fall on the same dot are drawn once.
  void spike(double time_ms, std::int64_t row) {
    const double step = time_ms / window_.dt, dot = static_cast<double>(window_.last - window_.first) / (3 * width);
    double& last = last_spike_[static_cast<std::size_t>(row)];
    if (step < static_cast<double>(window_.first) - 0.5 || step >= static_cast<double>(window_.last)) return;
    if (step - last < dot) return;
    last = step;
    const auto at = std::find(shown_.begin(), shown_.end(), row) - shown_.begin();
    const bool grey = at == static_cast<std::ptrdiff_t>(shown_.size());
    spikes_ += text(axis_time(step), ',', row, ',', grey ? 7 : at % 6 + 1, '\n');
  }

  /// The outputs in the steps from `first` on, a row of the raster in each row.
  void trace(std::size_t panel, std::int64_t first, const Eigen::ArrayXXd& outputs) {
    const std::int64_t end = std::min<std::int64_t>(first + outputs.cols(), window_.last);
    for (std::int64_t step = std::max(first, window_.first); step < end; ++step) {
      std::size_t at =
          static_cast<std::size_t>((step - window_.first) / column_steps_) * shown_.size() * panels_.size();
      for (std::size_t line = 0; line < shown_.size(); ++line, at += panels_.size()) {
        extremes_[at + panel].add(outputs(shown_[line], step - first));
      }
    }
  }

  static constexpr int width = 900;
  int height() const { return static_cast<int>(raster_height()) + 112 + 94 * static_cast<int>(panels_.size()); }

  /// What `commands` draws; `caption` stands above the raster.
  std::string data(const std::string& caption) const {
    std::string quoted, rows, names;
    for (const char c : caption) quoted += c == '\'' ? "''" : std::string(1, c);
    const double labelled = std::max(1.0, round_number(static_cast<double>(names_.size()) / 12));
    for (double row = 0; row < static_cast<double>(names_.size()); row += labelled) {
      rows += text(row > 0 ? ", '" : "'", names_[static_cast<std::size_t>(row)], "' ", row);
    }
    for (const std::int64_t row : shown_) names += text(names_[static_cast<std::size_t>(row)], ' ');
    std::string all =
        text("caption = '", quoted, "'\nunits = ", names_.size(), "\nrows = \"", rows, "\"\nnames = '", names, "'\n");
    all += text("width = ", width, ".\nheight = ", height(), ".\nraster = ", raster_height(), '\n');
    all += text("left = ", std::max(80.0, 34 + 8 * static_cast<double>(text(names_.back()).size())), '\n');
    all += text("begin = ", axis_time(window_.first), "\nend = ", axis_time(window_.last), '\n');
    all += text("tick = ", round_number(axis_time(window_.last - window_.first) / 10), '\n');
    all += text("unit = '", in_seconds() ? "s" : "ms", "'\nkinds = ", panels_.size(), '\n');
    for (std::size_t panel = 0; panel < panels_.size(); ++panel) all += heading(panel);
    return all + "$spikes << END\n" + spikes_ + "NaN,NaN,7\nEND\n" + traces();  // gnuplot refuses data without a line
  }

  static constexpr const char* commands = R"(set linetype 7 linecolor rgb '#999999' linewidth 1
y(dots) = 1 - dots / height
set multiplot
set border 2 back
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
  if (k == kinds) { set border 3 back; set xtics scale 0.5 format '%g' }
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

  double raster_height() const { return std::clamp(14 * static_cast<double>(names_.size()), 46.0, 210.0); }
  bool in_seconds() const {
    return static_cast<double>(window_.last - window_.first) * window_.dt > 4000 ||
           static_cast<double>(window_.last) * window_.dt > 60000;
  }
  template <class Number> double axis_time(Number step) const {
    return static_cast<double>(step) * window_.dt / (in_seconds() ? 1000 : 1);
  }

  std::string heading(std::size_t panel) const {
    double low = 0, high = 0;
    for (std::size_t i = panel; i < extremes_.size(); i += panels_.size()) {
      low = std::min(low, extremes_[i].low), high = std::max(high, extremes_[i].high);
    }
    if (!(high > low)) high = low + 1;  // silence
    const Panel& p = panels_[panel];
    const std::size_t k = panel + 1;
    return text("title", k, " = '{/:Bold ", p.title, "}   ", p.parameters, "'\nmeaning", k, " = '{/:Italic ", p.meaning,
                "}'\n", "low", k, " = ", low, "\nhigh", k, " = ", high + 0.04 * (high - low), "\ntick", k, " = ",
                round_number((high - low) / 3), '\n');
  }

  /// Time, and the traces, panel by panel for each shown row.
  std::string traces() const {
    std::ostringstream all;
    all << "$traces << END\n";
    const std::size_t lines = shown_.size() * panels_.size();
    for (std::int64_t c = 0; c < columns_; ++c) {
      const Extremes* const column = &extremes_[static_cast<std::size_t>(c) * lines];
      for (const bool second : {false, true}) {
        if (second && column_steps_ == 1) continue;
        const double steps = (static_cast<double>(c) + 0.5 * second) * static_cast<double>(column_steps_);
        all << text(axis_time(static_cast<double>(window_.first) + steps)) << std::setprecision(5);
        for (std::size_t i = 0; i < lines; ++i)
          all << ',' << (column[i].falling != second ? column[i].high : column[i].low);
        all << '\n';
      }
    }
    all << "END\n";
    return all.str();
  }

  std::vector<Panel> panels_;
  std::vector<std::int64_t> names_, shown_;
  Window window_;
  std::int64_t column_steps_, columns_;
  std::vector<Extremes> extremes_;
  std::vector<double> last_spike_;  // of each row, in steps
  std::string spikes_;
};

}  // namespace support
