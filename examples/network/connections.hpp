/// \file
/// Which neurons a process computes, and who is connected to them.
#pragma once

#include <spark/random.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace network {

/// Of the neurons 0, 1, ... neurons - 1, of which the first `excitatory` excite and the others inhibit, a rank computes
/// every `ranks`-th one, and so its share of either population.
struct Division {
  int neurons, excitatory, rank = 0, ranks = 1;

  int global(int own) const { return own * ranks + rank; }
  /// How many of the first `population` neurons are this rank's own.
  int own(int population) const { return (population - rank + ranks - 1) / ranks; }
};

/// A bijection of 64 bits in which every input bit moves every output bit. (Steele, Lea and Flood 2014, SplitMix64.)
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// Random numbers of one neuron: the same whichever rank draws them.
inline spark::Rng stream(std::uint64_t seed, int neuron) {
  return spark::Rng(mix(seed ^ mix(static_cast<std::uint64_t>(neuron))));
}

/// The synapses onto a rank's own neurons. Each pair of neurons is connected with one probability.
struct Connections {
  struct Inhibitory {
    int source;  // among the inhibitory neurons
    std::size_t synapse;
  };

  std::vector<int> target;                // of each synapse, an own neuron; synapses lie in the order of their sources:
  std::vector<std::size_t> of_source;     // neuron s has of_source[s] ... of_source[s + 1] - 1
  std::vector<Inhibitory> inhibitory;     // the same synapses as far as they inhibit, in the order of their targets:
  std::vector<std::size_t> of_target{0};  // own neuron i has of_target[i] ... of_target[i + 1] - 1

  Connections(const Division& division, double probability, std::uint64_t seed)
      : of_source(static_cast<std::size_t>(division.neurons) + 1) {
    std::vector<std::vector<int>> sources(static_cast<std::size_t>(division.own(division.neurons)));
    std::geometric_distribution<int> gap(probability);  // from one source to the next, rather than a draw for each pair
    for (int i = 0; i < division.own(division.neurons); ++i) {
      const int self = division.global(i);
      spark::Rng rng = stream(seed, self);
      for (int s = gap(rng); s < division.neurons; s += 1 + gap(rng)) {
        if (s == self) continue;
        sources[i].push_back(s);
        ++of_source[s + 1];
      }
    }

    for (std::size_t s = 1; s < of_source.size(); ++s) of_source[s] += of_source[s - 1];
    target.resize(of_source.back());
    std::vector<std::size_t> next = of_source;
    for (int i = 0; i < division.own(division.neurons); ++i) {
      for (const int s : sources[i]) {
        if (s >= division.excitatory) inhibitory.push_back({s - division.excitatory, next[s]});
        target[next[s]++] = i;
      }
      of_target.push_back(inhibitory.size());
    }
  }
};

}  // namespace network
