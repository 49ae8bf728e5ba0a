/// network: plastic inhibition brings a recurrent network to an asynchronous irregular state.
///
///     network [--quick] [--seconds 10] [--seed 1] [--out FOLDER]    and more, see network --help
///
/// Vogels, Sprekeler, Zenke, Clopath and Gerstner 2011 (Science 334:1569): 8000 excitatory and 2000 inhibitory leaky
/// integrate-and-fire neurons, each with synapses from 2 % of all. Where an inhibitory neuron acts on an excitatory
/// one, two spikes that are near in time, in whichever order, strengthen the synapse, and each presynaptic spike alone
/// weakens it. So the inhibition of a neuron grows until its rate has come down to a target.
///
/// To be seen: these synapses begin at 0, and for the first tenth of the time, when nothing is learned, every neuron
/// fires as fast as its refractory period allows, regular as a clock. Then inhibition sets in; for a moment all
/// fire together, and in the end each on its own: a few Hz, intervals as variable as those of a Poisson process,
/// counts all but uncorrelated. The last line is a hash of all spikes, by which mpi.cpp is tested to give the same.
#include "../support/results.hpp"
#include "report.hpp"
#include "simulation.hpp"

int main(int argc, char** argv) {
  CLI::App app("Inhibitory plasticity in a recurrent network after Vogels et al. 2011", "network");
  network::Settings settings;
  network::declare(app, settings);
  return support::run(app, argc, argv, [&] {
    const auto alone = [](const network::Spikes& own, network::Spikes& all) {
      all.insert(all.end(), own.begin(), own.end());
    };
    network::report(settings, network::simulate(settings, 0, 1, alone));
  });
}
