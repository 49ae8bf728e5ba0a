/// kernels: what one spike and a burst of five leave in each kind of tracer.
///
///     kernels [--out FOLDER]
///
/// A panel of the figure for each class. In the panel of RUTracer a line is a spike and its height the release: one
/// synapse depresses, the other facilitates. Time constants are in milliseconds.
#include "support/results.hpp"

#include <spark/tracers.hpp>

#include <string>

namespace {

using Array = Eigen::ArrayXd;
using spark::Exact;

constexpr int steps = 1500, first = 100, interval = 100, spikes = 5;
constexpr double dt = 0.1;

class Panels {
 public:
  Panels() : table_(steps, 1) { table_.col(0) = dt * Array::LinSpaced(steps, -first, steps - first - 1); }

  /// Two columns over time: `step(x)` makes them from the input of each step, a single spike in the first element and a
  /// burst in the second.
  template <class Step> void add(const std::string& title, const std::string& parameters, Step step) {
    const char* const separator = table_.cols() > 1 ? ", '" : "'";
    titles_ += separator + title + "'";
    parameters_ += separator + parameters + "'";
    table_.conservativeResize(Eigen::NoChange, table_.cols() + 2);
    for (int k = 0; k < steps; ++k) {
      const bool burst = k >= first && k < first + spikes * interval && k % interval == 0;
      table_.rightCols<2>().row(k) = step(Array(Eigen::Array2d(k == first, burst))).transpose();
    }
  }

  void draw(support::Results& results) const {
    results.table("kernels", "t_ms,then_one_spike_and_five_for_each_panel", table_);
    results.figure(900, 450, "array name = [" + titles_ + "]\narray parameters = [" + parameters_ + R"(]
set multiplot layout 2,4 margins 0.045,0.985,0.11,0.93 spacing 0.055,0.17
set xrange [-10:140]
set xtics 50
set yrange [0:*]
set offsets 0,0,graph 0.2,0
unset key
do for [i=1:8] {
set title name[i] font ':Bold'
set label 1 parameters[i] at graph 1,0.94 right textcolor linetype 7
if (i == 1) {
  set label 2 'one spike' at graph 1,0.8 right textcolor linetype 1
  set label 3 'five' at graph 1,0.66 right textcolor linetype 2
}
if (i > 4) { set xlabel 'time (ms)' }
if (name[i] eq 'RUTracer') {
  plot 'kernels.csv' using 1:(column(2*i+1)) skip 1 with impulses linetype 2 linewidth 3, \
       '' using ($1+2):(column(2*i)) skip 1 with impulses linetype 1 linewidth 3
} else {
  plot 'kernels.csv' using 1:(column(2*i+1)) skip 1 with lines linetype 2, \
       '' using 1:(column(2*i)) skip 1 with lines linetype 1
}
unset label
}
unset multiplot)");
  }

 private:
  Eigen::ArrayXXd table_;
  std::string titles_, parameters_;
};

void simulate(support::Results& results) {
  const spark::Options ms{dt};
  Panels panels;
  const auto add = [&](const std::string& title, const std::string& parameters, auto tracer) {
    panels.add(title, parameters, [&](const Array& x) { return Array(tracer(x)); });
  };
  add("Tracer", "τ 20 ms", spark::Tracer<Array, Exact>(2, 20.0, 1, 0, ms));
  add("SaturableTracer", "τ 20 ms, scale 0.5", spark::SaturableTracer<Array, Exact>(2, 20.0, 0.5, 0, ms));
  add("NearestTracer", "τ 20 ms", spark::NearestTracer<Array, Exact>(2, 20.0, 1, 0, ms));
  const Array R_tau = Eigen::Array2d(50, 400), U_tau = Eigen::Array2d(300, 20), U = Eigen::Array2d(0.15, 0.5);
  spark::RUTracer<Array, Exact> synapse(2, R_tau, U_tau, U, ms);
  panels.add("RUTracer", "blue facilitates",
             [&](const Array& x) { return Array(synapse(x.tail<1>().replicate<2, 1>()) * x(1)); });
  add("DoubleTracer", "τ 5, 20 ms", spark::DoubleTracer<Array, Exact>(2, 5.0, 20.0, 1, dt / 5, 0, 0, ms));
  add("SaturableDoubleTracer", "τ 5, 20 ms",
      spark::SaturableDoubleTracer<Array, Exact>(2, 5.0, 20.0, 1, dt / 5, 0, 0, ms));
  add("RDTracer", "τ 5, 20 ms", spark::RDTracer<Array, Exact>(2, 5.0, 20.0, 1, 1, 0, 0, ms));
  add("RFSTracer", "τ 3, 10, 60 ms", spark::RFSTracer<Array, Exact>(2, 0.6, 3.0, 10.0, 60.0, ms));
  panels.draw(results);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The kernel of each kind of tracer", "kernels");
  return support::run(app, argc, argv, simulate);
}
