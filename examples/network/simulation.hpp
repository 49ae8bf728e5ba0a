/// \file
/// The course of a simulation: what is set, the loop over the steps, and the spikes that come of it.
#pragma once

#include "../support/progress.hpp"
#include "model.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace network {

struct Settings {
  int neurons = 10000;
  double connections = 200, seconds = 10, delay = 0.8, learning_rate = 1;
  std::uint64_t seed = 1;
  std::string out = "network";

  int excitatory() const { return neurons - neurons / 5; }
  std::int64_t steps() const { return std::llround(1000 * seconds / dt); }
  std::int64_t learning_from() const { return steps() / 10; }
};

inline void declare(CLI::App& app, Settings& s) {
  const auto quick = [&s] { s.neurons = 2000, s.seconds = 5; };
  app.add_flag_callback("--quick", quick, "2000 neurons for 5 s");  // the first, so that the others prevail
  app.option_defaults()->always_capture_default();
  app.add_option("--neurons", s.neurons, "of which a fifth inhibits")->check(CLI::Range(10, 1000000000));
  app.add_option("--connections", s.connections, "onto a neuron, on average")->check(CLI::PositiveNumber);
  app.add_option("--seconds", s.seconds, "of which a tenth without plasticity")->check(CLI::Range(0.1, 100000.0));
  app.add_option("--delay", s.delay, "until a spike arrives, in ms; exchanged as often")->check(CLI::Range(dt, 100.0));
  app.add_option("--learning-rate", s.learning_rate, "what a pair of spikes adds, in nS")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--seed", s.seed, "the same seed, the same spikes");
  app.add_option("--out", s.out, "folder for the tables and the figure");
}

/// Each spike as step * neurons + neuron, so that ascending numbers are spikes in order.
using Spikes = std::vector<std::int64_t>;

/// Appends to the second the first of all ranks, in order.
using Exchange = std::function<void(const Spikes& own, Spikes& all)>;

struct Outcome {
  Spikes spikes;                          // of all ranks
  double building, stepping, exchanging;  // seconds; exchanging, of which waiting for others, is part of stepping

  std::uint64_t hash() const {
    std::uint64_t hash = 0;
    for (const std::int64_t spike : spikes) hash = mix(hash ^ static_cast<std::uint64_t>(spike));
    return hash;
  }
};

inline Outcome simulate(const Settings& s, int rank, int ranks, const Exchange& exchange) {
  if (s.connections >= s.neurons) throw std::invalid_argument("--connections must be less than --neurons");
  if (ranks > s.neurons) throw std::invalid_argument("--neurons must be at least the number of ranks");
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  };

  Outcome outcome{};
  auto start = Clock::now();
  const Division division{s.neurons, s.excitatory(), rank, ranks};
  Network network(division, s.connections / s.neurons, s.seed);
  outcome.building = since(start);

  // What is spiked in the time of one delay arrives within the next: to exchange once in that time is enough.
  const std::int64_t delay = std::llround(s.delay / dt);
  std::optional<support::Progress> progress;
  if (rank == 0) progress.emplace("simulating", s.steps());
  Spikes own;
  std::vector<int> arriving;
  std::size_t arrived = 0;
  start = Clock::now();
  for (std::int64_t step = 0; step < s.steps(); ++step) {
    arriving.clear();
    for (; arrived < outcome.spikes.size() && outcome.spikes[arrived] / s.neurons + delay <= step; ++arrived) {
      arriving.push_back(static_cast<int>(outcome.spikes[arrived] % s.neurons));
    }
    const double rate = step < s.learning_from() ? 0 : s.learning_rate / leak;
    for (const int i : network.step(arriving, static_cast<float>(rate))) {
      own.push_back(step * s.neurons + division.global(i));
    }
    if ((step + 1) % delay == 0 || step + 1 == s.steps()) {
      const auto begin = Clock::now();
      exchange(own, outcome.spikes);
      own.clear();
      outcome.exchanging += since(begin);
      if (progress) progress->show(step + 1);
    }
  }
  outcome.stepping = since(start);
  return outcome;
}

}  // namespace network
