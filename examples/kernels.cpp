/// kernels: what one spike and a burst of five leave in each kind of tracer.
///
///     kernels | gnuplot > kernels.png
///
/// Writes a gnuplot program that holds its own data, a panel for each class. In the panel of RUTracer a line is a spike
/// and its height the release: one synapse depresses, the other facilitates. Time constants are in milliseconds.
#include <spark/tracers.hpp>

#include <iostream>
#include <string>

namespace {

using Array = Eigen::ArrayXd;
using spark::Exact;

constexpr int steps = 1500, first = 100, interval = 100, spikes = 5;
constexpr double dt = 0.1;
const std::string lines = "with lines lw 2", impulses = "with impulses lw 4";

/// Draws two columns over time: `step(x)` makes them from the input of each step, a single spike in the first element
/// and a burst in the second.
template <class Step>
void draw(const std::string& title, const std::string& style, Step step) {
  std::cout << "$data << EOD\n";
  for (int k = 0; k < steps; ++k) {
    const bool burst = k >= first && k < first + spikes * interval && k % interval == 0;
    const Array now = step((Array(2) << (k == first ? 1 : 0), (burst ? 1 : 0)).finished());
    std::cout << (k - first) * dt << ' ' << now(0) << ' ' << now(1) << '\n';
  }
  std::cout << "EOD\nset title '" << title << "'\nplot $data using 1:3 " << style << " lc rgb '#d55e00', '' using ($1+"
            << (style == impulses ? 2 : 0) << "):2 " << style << " lc rgb '#0072b2'\n";
}

template <class Tracer>
void draw(const std::string& title, Tracer tracer) {
  draw(title, lines, [&](const Array& x) { return Array(tracer(x)); });
}

}  // namespace

int main() {
  spark::Options ms;
  ms.dt = dt;
  std::cout << "set terminal pngcairo size 1200,600 font ',11'\n"
               "set multiplot layout 2,4 title 'Blue: one spike.  Orange: five.'\n"
               "set xrange [-10:140]\nset xtics 50\nset yrange [0:*]\nset offsets 0,0,graph 0.06,0\nset tics nomirror\n"
               "set border 3\nset xlabel 'ms'\nunset key\n";
  draw("Tracer", spark::Tracer<Array, Exact>(2, 20.0, 1, 0, ms));
  draw("SaturableTracer, scale 0.5", spark::SaturableTracer<Array, Exact>(2, 20.0, 0.5, 0, ms));
  draw("NearestTracer", spark::NearestTracer<Array, Exact>(2, 20.0, 1, 0, ms));
  const Array R_tau = (Array(2) << 50, 400).finished(), U_tau = (Array(2) << 300, 20).finished();
  const Array U = (Array(2) << 0.15, 0.5).finished();
  spark::RUTracer<Array, Exact> synapse(2, R_tau, U_tau, U, ms);
  draw("RUTracer (blue facilitates)", impulses,
       [&](const Array& x) { return Array(synapse(x.tail<1>().replicate<2, 1>()) * x(1)); });
  draw("DoubleTracer, 5 and 20", spark::DoubleTracer<Array, Exact>(2, 5.0, 20.0, 1, dt / 5, 0, 0, ms));
  draw("SaturableDoubleTracer", spark::SaturableDoubleTracer<Array, Exact>(2, 5.0, 20.0, 1, dt / 5, 0, 0, ms));
  draw("RDTracer, 5 and 20", spark::RDTracer<Array, Exact>(2, 5.0, 20.0, 1, 1, 0, 0, ms));
  draw("RFSTracer, 3, 10 and 60", spark::RFSTracer<Array, Exact>(2, 0.6, 3.0, 10.0, 60.0, ms));
}
