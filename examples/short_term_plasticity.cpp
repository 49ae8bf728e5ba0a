/// short_term_plasticity: synapses that tire and synapses that warm up.
///
///     short_term_plasticity [--out FOLDER]
///
/// The model of Tsodyks, Pawelzik and Markram 1998 (Neural Comput 10:821): a spike releases a share u of the resources
/// that a synapse has at hand; they act for tau_inact, and recover within tau_rec. Where tau_facil is not 0, each spike
/// also raises u for the next ones. Panels A to C are figure 1 of the paper: the potential of a passive membrane
/// behind a depressing synapse, and behind a facilitating one at two rates. Panel D is what a synapse settles down to
/// in a long regular train: the depressing one transmits, in the end, as much in a second whatever the
/// rate is, and the facilitating one has a rate that it likes best.
#include "support/results.hpp"

#include <spark/tracers.hpp>

#include <cmath>
#include <cstdio>

namespace {

using Eigen::Array2d, Eigen::Array3d, Eigen::ArrayXd, Eigen::ArrayXXd, Eigen::Index;

// The panels A, B and C: times in ms, rates in Hz, input resistances in GOhm and strengths in pA.
const Array3d U(0.5, 0.03, 0.03), tau_rec(800, 130, 130), tau_facil(0, 530, 530), tau_inact(3, 1.5, 1.5);
const Array3d strength(250, 1540, 1540), resistance(0.1, 1, 1), tau_membrane(40, 60, 60);
const Array3d rate(20, 20, 70), end(1100, 1100, 375);

/// Time in ms and potentials in mV. Resources are at hand, active or recovering; the active ones are the first stage of
/// two cascades, which lead to the recovering ones and to the membrane.
ArrayXXd potentials() {
  const double dt = 0.1;
  const spark::Options options{dt};
  spark::RUTracer<Array3d, spark::Exact> usage(tau_rec, tau_facil, U, options);
  using Cascade = spark::DoubleTracer<Array3d, spark::Exact>;
  Cascade recovering(tau_inact, tau_rec, 1, dt / tau_inact, 0, 0, options);
  Cascade membrane(tau_inact, tau_membrane, 1, dt * resistance * strength / tau_membrane, 0, 0, options);

  ArrayXXd table(12001, 4);
  Array3d next_spike = Array3d::Constant(100);
  for (Index step = 1; step < table.rows(); ++step) {
    const double time = static_cast<double>(step) * dt;
    const Array3d spike = (time > next_spike - dt / 2 && next_spike < end).cast<double>();
    next_spike += spike * 1000 / rate;

    usage(spike);
    recovering.advance(1), membrane.advance(1);
    const Array3d at_hand = 1 - recovering.trace_1() - recovering.trace_2();
    const Array3d released = spike * usage.trace_U() * at_hand;
    recovering.set_trace_1(recovering.trace_1() + released);
    membrane.set_trace_1(membrane.trace_1() + released);
    table.row(step) << time, membrane.trace_2().transpose();
  }
  return table;
}

/// The synapses of panels A and B in a train of so many spikes at a rate in Hz: u, the resources that a spike finds,
/// and their product, in a column for each spike and three rows for each synapse. Exact steps may have any length: here
/// a step leads from spike to spike.
Eigen::Array<double, 6, Eigen::Dynamic> train(double hertz, Index spikes) {
  spark::RUTracer<Array2d, spark::Exact> synapse(tau_rec.head<2>(), tau_facil.head<2>(), U.head<2>(), {1000 / hertz});
  Eigen::Array<double, 6, Eigen::Dynamic> table(6, spikes);
  for (Index n = 0; n < spikes; ++n) {
    const Array2d release = synapse(Array2d::Ones());
    const Array2d u = synapse.trace_U(), R = release / u;
    table.col(n) << u(0), R(0), release(0), u(1), R(1), release(1);
  }
  return table;
}

void simulate(support::Results& results) {
  const Index settled = 2000;  // spikes
  results.table("potentials", "t_ms,A_mV,B_mV,C_mV", potentials());

  ArrayXXd trains(0, 8);
  std::printf(
      "Release per spike in a regular train\n                 depressing                  facilitating\n"
      "rate (Hz)       first    10th settled       first    10th settled\n");
  for (const double hertz : {1., 5., 10., 20., 50.}) {
    const auto all = train(hertz, settled);
    trains.conservativeResize(trains.rows() + 11, 8);
    auto shown = trains.bottomRows(11);
    shown << ArrayXd::Constant(11, hertz), ArrayXd::LinSpaced(11, 1, 11), all.leftCols(11).transpose();
    shown.row(10) << hertz, INFINITY, all.rightCols(1).transpose();
    std::printf("%9g", hertz);
    for (const int col : {4, 7}) std::printf("%12.4f%8.4f%8.4f", shown(0, col), shown(9, col), shown(10, col));
    std::printf("\n");
  }
  results.table("trains", "f_Hz,n,u_A,R_A,release_A,u_B,R_B,release_B", trains);

  ArrayXXd stationary(80, 3);
  stationary.col(0) = exp(ArrayXd::LinSpaced(80, std::log(0.3), std::log(100)));
  for (auto row : stationary.rowwise()) {
    const auto all = train(row(0), settled);
    row.tail<2>() << all(2, settled - 1) / all(2, 0), all(5, settled - 1) / all(5, 0);
  }
  results.table("stationary", "f_Hz,depressing,facilitating", stationary);
  results.figure(900, 560, R"(
set multiplot layout 2,2 margins 0.075,0.975,0.1,0.94 spacing 0.11,0.17
unset key
set xlabel 'time (ms)'
set ylabel 'membrane potential (mV)'
array name = ['A   Depressing synapse, 20 Hz', 'B   Facilitating synapse, 20 Hz', 'C   Facilitating synapse, 70 Hz']
array last = [1200, 1200, 500]
array top = [1, 15, 20]
do for [i=1:3] {
set title name[i] font ':Bold'
set xrange [0:last[i]]
set yrange [0:top[i]]
plot 'potentials.csv' using 1:(column(i+1)) skip 1 every 4 with lines linetype (i == 1 ? 2 : 1)
}
set title 'D   Long regular trains'
set xlabel 'rate (Hz)'
set ylabel 'release, first spike = 1'
set xrange [0.3:100]
set yrange [0.03:10]
set logscale xy
set label 'facilitating' at 2.5,6.2 textcolor linetype 1
set label 'depressing' at 0.8,0.38 textcolor linetype 2
set label '1 / (U τ_{rec} rate)' at 15,0.35 textcolor linetype 7
plot 1/(0.5*0.8*x) with lines linetype 8 linewidth 1.6, 'stationary.csv' using 1:2 skip 1 with lines linetype 2, \
     '' using 1:3 skip 1 with lines linetype 1
unset multiplot)");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Short-term plasticity after Tsodyks, Pawelzik and Markram 1998", "short_term_plasticity");
  return support::run(app, argc, argv, simulate);
}
