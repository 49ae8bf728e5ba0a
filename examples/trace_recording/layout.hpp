/// \file
/// Where things stand in the figure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string>

namespace trace_recording {

/// A raster above panels of one height, in dots of the screen from the upper left; gnuplot wants shares of the whole
/// from the lower left.
class Layout {
 public:
  static constexpr double width = 900;
  static constexpr double axis_titles = 14;  // from the left

  /// `characters`: of the longest label of a row.
  Layout(std::size_t rows, std::size_t characters, std::size_t panels)
      : left(std::max(80.0, 34 + 8 * static_cast<double>(characters))),
        raster_height(std::clamp(14 * static_cast<double>(rows), 46.0, 210.0)),
        panels_(panels) {}

  const double left;
  const double raster_height;

  double panel_top(std::size_t panel) const {
    return raster_top + raster_height + gap + static_cast<double>(panel) * (panel_height + gap);
  }
  double panels_middle() const { return (panel_top(0) + panel_top(panels_) - gap) / 2; }
  double height() const { return panel_top(panels_) - gap + bottom; }

  std::string raster() const { return area(raster_top, raster_height); }
  std::string panel(std::size_t panel) const { return area(panel_top(panel), panel_height); }

  /// A position for a label.
  std::string at(double x, double y) const {
    std::ostringstream text;
    text << "at screen " << x / width << ',' << 1 - y / height();
    return text.str();
  }
  std::string at_raster_title() const { return at(axis_titles, raster_top + raster_height / 2); }
  std::string at_panels_title() const { return at(axis_titles, panels_middle()); }
  std::string at_time_title() const { return at((left + width - right) / 2, height() - 14); }

  /// The size of the whole, `scale` times as fine.
  std::string size(int scale) const {
    std::ostringstream text;
    text << "size " << scale * width << ',' << scale * height();
    return text.str();
  }

 private:
  static constexpr double raster_top = 56, panel_height = 64, gap = 30, bottom = 56, right = 24;

  std::string area(double top, double tall) const {
    std::ostringstream text;
    text << "set lmargin at screen " << left / width << "\nset rmargin at screen " << 1 - right / width
         << "\nset tmargin at screen " << 1 - top / height() << "\nset bmargin at screen "
         << 1 - (top + tall) / height() << '\n';
    return text.str();
  }

  std::size_t panels_;
};

}  // namespace trace_recording
