/// stdp_triplet: why plasticity needs triplets of spikes.
///
///     stdp_triplet [--out FOLDER]
///
/// Sjöström, Turrigiano and Nelson 2001 (Neuron 32:1149) paired spikes in slices of visual cortex, 60 times, 10 ms
/// apart, at rates from 0.1 to 50 Hz, and found that from 40 Hz on the synapse grows whichever spike comes first.
/// No rule of pairs does that, as the grey lines show, the best fit there is. Pfister and Gerstner 2006 (J Neurosci
/// 26:9673) give each neuron a second, slower trace, whose value at a spike changes what that spike does. The lines in
/// colour are their full and their minimal model, with the parameters of their table 3 (all to all).
#include "support/results.hpp"

#include <spark/tracers.hpp>

#include <Eigen/QR>

#include <cstdio>

namespace {

using Eigen::Array2d, Eigen::ArrayXd, Eigen::ArrayXXd, Eigen::Index;
using Trace = spark::Tracer<Array2d, spark::Exact>;

/// Table 3 of the paper: amplitudes for pairs and triplets, and the time constants of the slow traces in ms.
struct Rule {
  double A2_plus, A3_plus, A2_minus, A3_minus, tau_x, tau_y;
};
constexpr Rule full{5e-10, 6.2e-3, 7e-3, 2.3e-4, 101, 125};
constexpr Rule minimal{0, 6.5e-3, 7.1e-3, 0, 101, 114};
constexpr Rule pair_growth{1, 0, 0, 0, 101, 125}, pair_decline{0, 0, 1, 0, 101, 125};
constexpr double tau_plus = 16.8, tau_minus = 33.7, shift = 10;  // ms

/// The relative change of weight by 60 pairs at a rate in Hz: pre before post in the first element, post before pre in
/// the second. Exact steps may have any length, so one step leads from each spike to the next.
Array2d weight_change(const Rule& rule, double rate) {
  Trace r1(tau_plus), r2(rule.tau_x), o1(tau_minus), o2(rule.tau_y);
  Array2d weight = Array2d::Zero();
  const auto step = [&](double length, const Array2d& pre, const Array2d& post) {
    for (Trace* trace : {&r1, &r2, &o1, &o2}) trace->set_dt(length);
    r1(pre), r2(pre), o1(post), o2(post);
    // The slow traces count as they were just before the spike that reads them.
    weight += post * r1.trace() * (rule.A2_plus + rule.A3_plus * (o2.trace() - 1));
    weight -= pre * o1.trace() * (rule.A2_minus + rule.A3_minus * (r2.trace() - 1));
  };
  for (int pair = 0; pair < 60; ++pair) {
    step(1000 / rate - shift, {1, 0}, {0, 1});
    step(shift, {0, 1}, {1, 0});
  }
  return weight;
}

/// What was measured: rate in Hz, then mean and standard error of the relative change, pre before post and the reverse.
constexpr int rates = 5;
const Eigen::Array<double, rates, 5> measured = (Eigen::Array<double, rates, 5>() << 0.1, -0.04, 0.05, -0.29, 0.08,  //
                                                 10, 0.14, 0.10, -0.41, 0.11,                                        //
                                                 20, 0.29, 0.14, -0.34, 0.10,                                        //
                                                 40, 0.53, 0.11, 0.56, 0.32,                                         //
                                                 50, 0.56, 0.26, 0.75, 0.19)
                                                    .finished();

/// Both orders at all these rates, one below the other.
ArrayXd at(const ArrayXd& rate, const Rule& rule) {
  ArrayXd change(2 * rate.size());
  for (Index i = 0; i < rate.size(); ++i) change({i, i + rate.size()}) = weight_change(rule, rate(i));
  return change;
}

void simulate(support::Results& results) {
  // The best rule of pairs: two amplitudes, and so a linear least-squares fit.
  const ArrayXd measured_rates = measured.col(0);
  ArrayXd mean(2 * rates), sem(2 * rates);
  mean << measured.col(1), measured.col(3);
  sem << measured.col(2), measured.col(4);
  Eigen::MatrixXd pairs(2 * rates, 2);
  pairs << (at(measured_rates, pair_growth) / sem), (at(measured_rates, pair_decline) / sem);
  const Eigen::Vector2d A2 = pairs.colPivHouseholderQr().solve((mean / sem).matrix());
  const Rule pair_rule{A2(0), 0, A2(1), 0, 101, 125};

  std::printf("Mean squared deviation from what was measured, in standard errors\n");
  const auto report = [&](const char* name, const Rule& rule) {
    std::printf("%-12s %8.4f\n", name, ((at(measured_rates, rule) - mean) / sem).square().mean());
  };
  report("full", full);
  report("minimal", minimal);
  report("best pairs", pair_rule);

  ArrayXd rate(51);
  rate << 0.1, ArrayXd::LinSpaced(50, 1, 50);
  ArrayXXd lines(2 * rate.size(), 5);
  lines.col(0) = rate.replicate(2, 1);
  lines.col(1) << ArrayXd::Constant(rate.size(), shift), ArrayXd::Constant(rate.size(), -shift);
  lines.col(2) = at(rate, full);
  lines.col(3) = at(rate, minimal);
  lines.col(4) = at(rate, pair_rule);

  results.table("measured", "f_Hz,pre_post,pre_post_sem,post_pre,post_pre_sem", measured);
  results.table("models", "f_Hz,dt_ms,full,minimal,pairs", lines);
  results.figure(640, 440, R"(
set xzeroaxis linetype 8
set lmargin 9
set xlabel 'rate of the pairs (Hz)'
set ylabel 'relative change of weight'
set xrange [-1:52]
set yrange [-0.6:1]
set key top left reverse Left
plot 'measured.csv' using ($1-0.3):2:3 skip 1 with yerrorbars linetype 1 title 'pre before post', \
     '' using ($1+0.3):4:5 skip 1 with yerrorbars linetype 2 title 'post before pre', \
     NaN with lines linetype 7 linewidth 1.6 title 'full model', \
     NaN with lines linetype 7 linewidth 1.6 dashtype (5,4) title 'minimal model', \
     NaN with lines linetype 8 linewidth 1.6 title 'best rule of pairs', \
     for [k=1:2] 'models.csv' using 1:($2 == (k == 1 ? 10 : -10) ? $5 : NaN) skip 1 with lines linetype 8 linewidth 1.6 notitle, \
     for [k=1:2] '' using 1:($2 == (k == 1 ? 10 : -10) ? $3 : NaN) skip 1 with lines linetype k notitle, \
     for [k=1:2] '' using 1:($2 == (k == 1 ? 10 : -10) ? $4 : NaN) skip 1 with lines linetype k dashtype (5,4) notitle)");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Triplet STDP after Pfister and Gerstner 2006", "stdp_triplet");
  return support::run(app, argc, argv, simulate);
}
