/// \file
/// What a program leaves behind: tables as CSV, and a figure that gnuplot draws from them.
#pragma once

#include "gnuplot.hpp"
#include "output.hpp"
#include "text.hpp"

#include <CLI/CLI.hpp>
#include <Eigen/Core>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace support {

class Results {
 public:
  explicit Results(const std::string& folder) : folder_(folder), shown_(folder) {}

  /// `name`.csv: the names of the columns, and below them the rows, to 15 digits; nothing for NaN, of which a
  /// spreadsheet would make a text.
  template <class Rows>
  void table(const std::string& name, const std::string& columns, const Eigen::DenseBase<Rows>& rows) {
    std::string text = columns + '\n';
    for (Eigen::Index row = 0; row < rows.rows(); ++row) {
      for (Eigen::Index col = 0; col < rows.cols(); ++col) {
        text += (col ? "," : "") + format("%.15g", static_cast<double>(rows(row, col)));
      }
      text += '\n';
    }
    write(name + ".csv", text);
  }

  /// A file that grows while the work goes on.
  OutputFile file(const std::string& name) {
    files_ += (files_.empty() ? "" : ", ") + name;
    return folder_.file(name);
  }
  void write(const std::string& name, const std::string& text) {
    OutputFile out = file(name);
    out.write(text);
    out.close();
  }

  /// Draws figure.svg and figure.png of so many dots from the tables, by figure.gnuplot: `data` in blocks of its own,
  /// the style of all our figures and then `commands`. Puts all files in their place and says where that is.
  void figure(int width, int height, const std::string& commands, const std::string& data = "") {
    const std::string across = std::to_string(width) + ',' + std::to_string(height);
    const std::string twice = std::to_string(2 * width) + ',' + std::to_string(2 * height);
    folder_.write("figure.gnuplot",
                  "# gnuplot figure.gnuplot   draws figure.svg and figure.png (gnuplot 5 or newer)\n" + data +
                      "do for [format in 'svg png'] {\n"
                      "if (format eq 'svg') { set terminal svg size " +
                      across +
                      " font 'Arial,13' background '#ffffff' }\n"
                      "if (format eq 'png') { set terminal pngcairo size " +
                      twice +
                      " font 'Arial,10' fontscale 2 linewidth 2 pointscale 2 background '#ffffff' }\n"
                      "set output 'figure.'.format\n" +
                      style() + commands + "\nunset output\n}\n");
    publish(draw_figure(folder_.staging()));
  }

  /// Puts all files in their place and says where that is.
  void publish(Drawing drawing = Drawing::Unwanted) {
    folder_.publish();
    std::cout << shown_ << ": " << files_ << drawn(drawing) << '\n';
    if (drawing == Drawing::Failed) throw std::runtime_error("gnuplot could not draw figure.gnuplot");
  }

 private:
  /// Colours that stay apart for the colour-blind and in grey (Okabe and Ito); 7 and 8 are for what stands back.
  static std::string style() {
    return R"(reset
set encoding utf8
set datafile separator ','
set linetype 1 linecolor rgb '#0072b2' linewidth 1.6 pointtype 7
set linetype 2 linecolor rgb '#d55e00' linewidth 1.6 pointtype 7
set linetype 3 linecolor rgb '#009e73' linewidth 1.6 pointtype 7
set linetype 4 linecolor rgb '#cc79a7' linewidth 1.6 pointtype 7
set linetype 5 linecolor rgb '#e69f00' linewidth 1.6 pointtype 7
set linetype 6 linecolor rgb '#56b4e9' linewidth 1.6 pointtype 7
set linetype 7 linecolor rgb '#777777' linewidth 1 pointtype 7
set linetype 8 linecolor rgb '#bbbbbb' linewidth 0.7 pointtype 7
set border 3 linecolor '#555555' linewidth 0.7
set tics nomirror scale 0.5 textcolor '#333333'
set key samplen 2 spacing 1.2 textcolor '#333333'
)";
  }

  OutputFolder folder_;
  std::string shown_;
  std::string files_;
};

/// Reads the command line and does the work; whatever is thrown becomes a message and an exit status. Work that takes
/// `Results` gets those of the folder after --out.
template <class Work> int run(CLI::App& app, int argc, char** argv, Work work) {
  std::string out = app.get_name();
  constexpr bool takes_results = std::is_invocable_v<Work, Results&>;
  if (takes_results) app.add_option("--out", out, "folder for the tables and the figure")->capture_default_str();
  try {
    app.parse(argc, argv);
    if constexpr (takes_results) {
      Results results(out);
      work(results);
    } else {
      work();
    }
    return EXIT_SUCCESS;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;  // --help is no failure
  } catch (const std::exception& error) {
    std::cerr << app.get_name() << ": " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}

}  // namespace support
