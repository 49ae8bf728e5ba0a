/// stdp_pair: spike-timing-dependent plasticity of pairs of spikes, all to all and nearest.
///
///     stdp_pair [--out FOLDER]
///
/// The rule of Song, Miller and Abbott 2000 (Nat Neurosci 3:919) keeps a trace of the presynaptic and one of the
/// postsynaptic spikes. A postsynaptic spike adds A_plus times the first to the weight, a presynaptic spike takes
/// away A_minus times the second. Left in the figure is the window that follows for a single pair, figure 1 of the
/// paper; right, what 60 pairs do, against the rate at which they come. The faster, the more each spike pairs with
/// those of its neighbours, and the more it matters whether it pairs with all of them (`Tracer`) or with the nearest
/// (`NearestTracer`).
#include "support/results.hpp"

#include <spark/tracers.hpp>

#include <cstdio>

namespace {

using Eigen::ArrayXd, Eigen::ArrayXi, Eigen::ArrayXXd, Eigen::Index;
using AllToAll = spark::Tracer<ArrayXd, spark::Exact>;
using Nearest = spark::NearestTracer<ArrayXd, spark::Exact>;

constexpr double A_plus = 0.005, A_minus = 1.05 * A_plus;  // shares of the greatest weight
constexpr double tau = 20;                                 // ms; a step is 1 ms
constexpr int start = 200;                                 // of the first presynaptic spike

/// The change of weight by so many pairs, in one experiment per element: a pair every `period`, its postsynaptic
/// spike `shift` after the presynaptic one.
template <class Trace> ArrayXd weight_change(const ArrayXi& period, const ArrayXi& shift, int pairs) {
  const Index experiments = shift.size();
  Trace pre(experiments, tau), post(experiments, tau);
  ArrayXd weight = ArrayXd::Zero(experiments);

  const auto fires = [&](int step, Index i) { return step >= 0 && step % period(i) == 0 && step / period(i) < pairs; };
  const int steps = 2 * start + (pairs - 1) * period.maxCoeff();
  for (int step = 0; step < steps; ++step) {
    const auto pre_fires = ArrayXd::NullaryExpr(experiments, [&](Index i) { return fires(step - start, i); }).eval();
    const auto post_fires =
        ArrayXd::NullaryExpr(experiments, [&](Index i) { return fires(step - start - shift(i), i); }).eval();
    pre(pre_fires);
    post(post_fires);
    weight += A_plus * post_fires * pre.trace() - A_minus * pre_fires * post.trace();
  }
  return weight;
}

/// Columns: rate, shift, and the change of weight with either pairing.
ArrayXXd experiments(const ArrayXi& period, const ArrayXi& shift, int pairs) {
  ArrayXXd table(shift.size(), 4);
  table.col(0) = pairs == 1 ? ArrayXd::Zero(shift.size()).eval() : (1000 / period.cast<double>()).eval();
  table.col(1) = shift.cast<double>();
  table.col(2) = weight_change<AllToAll>(period, shift, pairs);
  table.col(3) = weight_change<Nearest>(period, shift, pairs);
  return table;
}

void simulate(support::Results& results) {
  ArrayXi shift(200);  // all but 0, where it is a matter of taste which spike comes first
  shift << ArrayXi::LinSpaced(100, -100, -1), ArrayXi::LinSpaced(100, 1, 100);
  const ArrayXXd window = experiments(ArrayXi::Constant(200, 1000), shift, 1);

  const ArrayXi period = (1000 / ArrayXd::LinSpaced(50, 1, 50)).round().cast<int>();
  shift << ArrayXi::Constant(50, -10), ArrayXi::Constant(50, -5), ArrayXi::Constant(50, 5), ArrayXi::Constant(50, 10);
  const ArrayXXd rates = experiments(period.replicate(4, 1), shift, 60);

  std::printf(
      "Change of weight by 60 pairs, in shares of the greatest weight\n"
      "rate (Hz)  t_post - t_pre (ms)   all to all      nearest\n");
  for (int row = 0; row < rates.rows(); ++row) {
    if (rates(row, 0) != 1 && rates(row, 0) != 10 && rates(row, 0) != 40) continue;
    std::printf("%9g %20g %12.6f %12.6f\n", rates(row, 0), rates(row, 1), rates(row, 2), rates(row, 3));
  }

  results.table("window", "f_Hz,dt_ms,all_to_all,nearest", window);
  results.table("rates", "f_Hz,dt_ms,all_to_all,nearest", rates);
  results.figure(900, 380, R"(
set multiplot layout 1,2 margins 0.08,0.975,0.15,0.89 spacing 0.1
set zeroaxis linetype 8
set title 'One pair: the window' font ':Bold'
set xlabel 't_{post} − t_{pre} (ms)'
set ylabel 'change of weight (% of g_{max})' offset 1
set xrange [-100:100]
set yrange [-0.6:0.6]
unset key
plot 'window.csv' using ($2 < 0 ? $2 : NaN):(100*$3) skip 1 with lines linetype 2, \
     '' using ($2 > 0 ? $2 : NaN):(100*$3) skip 1 with lines linetype 1
set title '60 pairs: faster, neighbours meet too' font ':Bold'
set xlabel 'rate of the pairs (Hz)'
set ylabel 'change of weight (% of g_{max})' offset 1
set xrange [0:50]
set yrange [-30:30]
set key at graph 0.03,0.56 left
array shift = [5, 10, -10, -5]
array colour = [6, 1, 2, 5]
array place = [26, 15, -16, -27]
do for [i=1:4] { set label i sprintf('%+d ms', shift[i]) at 1,place[i] textcolor linetype colour[i] }
plot for [i=1:4] 'rates.csv' using ($2 == shift[i] ? $1 : NaN):(100*$3) skip 1 with lines linetype colour[i] notitle, \
     for [i=1:4] '' using ($2 == shift[i] ? $1 : NaN):(100*$4) skip 1 with lines linetype colour[i] dashtype (5,4) \
       notitle, \
     NaN with lines linetype 7 linewidth 1.6 title 'all to all', \
     NaN with lines linetype 7 linewidth 1.6 dashtype (5,4) title 'nearest'
unset multiplot)");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Pair STDP after Song, Miller and Abbott 2000", "stdp_pair");
  return support::run(app, argc, argv, simulate);
}
