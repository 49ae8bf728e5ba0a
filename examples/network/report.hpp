/// \file
/// What has come of a simulation, in numbers and in a figure.
#pragma once

#include "../support/results.hpp"
#include "statistics.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <iomanip>
#include <sstream>
#include <string>
#include <vector>

namespace network {

/// For the raster: time in s and row of each spike of the first 200 excitatory and, above them, 50 inhibitory neurons.
inline Eigen::ArrayXXd dots(const Interval& interval, int excitatory) {
  const int rows = std::min(200, excitatory);
  std::vector<double> flat;
  interval.each([&](std::int64_t step, int neuron) {
    const int row = neuron < excitatory ? neuron : neuron - excitatory + rows;
    if (neuron < excitatory ? row < rows : row < rows + 50) {
      flat.insert(flat.end(), {static_cast<double>(step) * dt / 1000, static_cast<double>(row)});
    }
  });
  return Eigen::Map<const Eigen::ArrayXXd>(flat.data(), 2, static_cast<Eigen::Index>(flat.size() / 2)).transpose();
}

/// For the curve: time in s, and the rates of either population in Hz, in bins of 20 ms.
inline Eigen::ArrayXXd rates(const Interval& interval, int excitatory) {
  constexpr int width = 200;
  const Eigen::Index bins = (interval.end - interval.begin) / width;
  Eigen::ArrayXXd rates = Eigen::ArrayXXd::Zero(bins, 3);
  rates.col(0) = Eigen::ArrayXd::LinSpaced(bins, 0.5, static_cast<double>(bins) - 0.5) * (width * dt / 1000);
  const Eigen::Array2d one{1e3 / (width * dt * excitatory), 1e3 / (width * dt * (interval.neurons - excitatory))};
  interval.each([&](std::int64_t step, int neuron) {
    const int population = neuron < excitatory ? 0 : 1;
    const Eigen::Index bin = (step - interval.begin) / width;
    if (bin < bins) rates(bin, 1 + population) += one[population];
  });
  return rates;
}

inline void print(const char* when, const Activity& a) {
  std::printf("%-20s %8.2f %12.2f %14.2f %14.3f   %s, %s\n", when, a.excitatory, a.inhibitory, a.variation,
              a.correlation, a.correlation < 0.1 ? "asynchronous" : "synchronous",
              a.variation > 0.5 ? "irregular" : "regular");
}

/// The commands that draw `table`.csv.
inline std::string raster(const std::string& table, const std::string& when, const Interval& interval,
                          const Activity& a) {
  std::ostringstream commands;
  commands << "set title '{/:Bold " << when << ":} " << std::fixed << std::setprecision(1) << a.excitatory << " Hz, CV "
           << a.variation << ", correlation " << std::setprecision(3) << a.correlation << "'\n"
           << "set xrange [" << static_cast<double>(interval.begin) * dt / 1000 << ':'
           << static_cast<double>(interval.end) * dt / 1000 << "]\nplot '" << table
           << ".csv' using 1:2:($2 < 200 ? 1 : 2) skip 1 with points pointtype 7 pointsize 0.12 linecolor variable\n";
  return commands.str();
}

inline void report(const Settings& s, const Outcome& outcome) {
  const auto interval = [&](std::int64_t begin, std::int64_t end) {
    return Interval{outcome.spikes, s.neurons, begin, end};
  };
  const Activity before = activity(interval(0, s.learning_from()), s.excitatory());
  const Activity after = activity(interval(s.steps() - s.steps() / 5, s.steps()), s.excitatory());
  std::printf(
      "                   excitatory   inhibitory   variation of   correlation\n"
      "                         (Hz)         (Hz)      intervals     of counts\n");
  print("without plasticity", before);
  print("after plasticity", after);
  std::printf("%g s of %d neurons in %.2f s, of which %.2f s for the exchange; %.2f s to build them\n", s.seconds,
              s.neurons, outcome.stepping, outcome.exchanging, outcome.building);
  std::printf("%zu spikes, hash %016" PRIx64 "\n", outcome.spikes.size(), outcome.hash());

  support::Results results(s.out);
  const std::int64_t shown = std::min<std::int64_t>(3000, s.learning_from());
  const Interval first = interval(s.learning_from() - shown, s.learning_from()),
                 last = interval(s.steps() - shown, s.steps());
  results.table("before", "time_s,row", dots(first, s.excitatory()));
  results.table("after", "time_s,row", dots(last, s.excitatory()));
  results.table("rates", "time_s,excitatory_Hz,inhibitory_Hz", rates(interval(0, s.steps()), s.excitatory()));
  results.figure(900, 620,
                 R"(
set multiplot
unset key
set border 2
set ytics scale 0 ('excitatory' 100, 'inhibitory' 225) rotate center
set yrange [-3:253]
set xlabel 'time (s)' offset 0,0.4
set xtics 0.1
set tmargin at screen 0.93
set bmargin at screen 0.48
set lmargin at screen 0.07
set rmargin at screen 0.51
)" + raster("before", "Without plasticity", first, before) +
                     R"(
set lmargin at screen 0.54
set rmargin at screen 0.98
unset ytics
)" + raster("after", "After plasticity", last, after) +
                     R"(
unset title
set border 3
set tmargin at screen 0.36
set bmargin at screen 0.09
set lmargin at screen 0.07
set xtics autofreq
set xrange [0:)" + std::to_string(s.seconds) +
                     R"(]
set yrange [1:300]
set logscale y
set ytics (1, 3, 10, 30, 100, 300) norotate nomirror
set ylabel 'rate (Hz)' offset 1
set key top right
visible(rate) = rate > 0.1 ? rate : 0.1
plot 'rates.csv' using 1:(visible($3)) skip 1 with lines linetype 2 title 'inhibitory', \
     '' using 1:(visible($2)) skip 1 with lines linetype 1 title 'excitatory', \
     )" + std::to_string(target_rate) +
                     R"( with lines linetype 7 dashtype 2 title 'target'
unset multiplot)");
}

}  // namespace network
