/// network_mpi: the network of main.cpp, its populations divided among the ranks of MPI.
///
///     mpirun -n 4 network_mpi [--quick] [--seconds 10] [--seed 1] [--out FOLDER]
///
/// A rank computes every n-th neuron of either population, owns all synapses onto these, and keeps the traces of all
/// inhibitory neurons. Spikes are exchanged as lists of numbers, once in the time of a delay. No neuron can tell how
/// they are divided: who is connected to it is drawn from a generator of its own, and it adds up its inputs in the
/// order of their sources. So the spikes, and the hash in the last line, are bit for bit those of main.cpp.
#include "../support/results.hpp"
#include "report.hpp"
#include "simulation.hpp"

#include <mpi.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <vector>

namespace {

void exchange(const network::Spikes& own, network::Spikes& all) {
  int ranks = 0;
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  std::vector<int> counts(static_cast<std::size_t>(ranks)), offsets(counts.size());
  const auto count = static_cast<int>(own.size());
  MPI_Allgather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, MPI_COMM_WORLD);
  std::exclusive_scan(counts.begin(), counts.end(), offsets.begin(), 0);

  const auto known = static_cast<std::ptrdiff_t>(all.size());
  all.resize(all.size() + static_cast<std::size_t>(offsets.back() + counts.back()));
  MPI_Allgatherv(own.data(), count, MPI_INT64_T, all.data() + known, counts.data(), offsets.data(), MPI_INT64_T,
                 MPI_COMM_WORLD);
  std::sort(all.begin() + known, all.end());
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int rank = 0, ranks = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  if (rank != 0) std::cout.setstate(std::ios::failbit);  // one --help is enough

  CLI::App app("Inhibitory plasticity in a recurrent network after Vogels et al. 2011, over MPI", "network_mpi");
  network::Settings settings;
  network::declare(app, settings);
  const int status = support::run(app, argc, argv, [&] {
    const network::Outcome outcome = network::simulate(settings, rank, ranks, exchange);
    if (rank == 0) network::report(settings, outcome);
  });
  if (status != EXIT_SUCCESS) MPI_Abort(MPI_COMM_WORLD, status);  // the others may be waiting for this rank
  MPI_Finalize();
  return status;
}
