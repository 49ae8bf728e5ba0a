/// \file
/// The neurons and synapses of Vogels et al. 2011. Times are in ms, potentials in mV, conductances in units of the
/// leak, which is 10 nS.
#pragma once

#include "connections.hpp"

#include <spark/tracers.hpp>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

namespace network {

constexpr double dt = 0.1, leak = 10;  // ms, nS
constexpr double tau_membrane = 20, tau_excitation = 5, tau_inhibition = 10, tau_stdp = 20;
constexpr int refractory_steps = 50;  // 5 ms
constexpr float E_rest = -60, E_excitation = 0, E_inhibition = -80, threshold = -50;
constexpr float current = 20;                                            // 200 pA through the leak
constexpr float w_excitation = 0.3f, w_inhibition = 3, w_greatest = 30;  // 3, 30 and 300 nS
constexpr double target_rate = 3;                                        // Hz
constexpr auto alpha = static_cast<float>(2 * target_rate * tau_stdp / 1000);

/// A rank's own neurons and all synapses onto them. All that fades is a tracer: the conductances, the traces of spikes
/// on which plasticity is built, and the membrane itself, which decays to rest and is reset there.
class Network {
 public:
  Network(const Division& division, double probability, std::uint64_t seed)
      : division_(division),
        own_(division.own(division.neurons)),
        own_excitatory_(division.own(division.excitatory)),
        connections_(division, probability, seed),
        weight_(connections_.target.size(), 0.0f),
        v_(own_, tau_membrane, 1, E_rest, {dt}),
        g_e_(own_, tau_excitation, w_excitation, 0, {dt}),
        g_i_(own_, tau_inhibition, 1, 0, {dt}),
        pre_(division.neurons - division.excitatory, tau_stdp, 1, 0, {dt}),
        post_(own_, tau_stdp, 1, 0, {dt}),
        inhibition_(own_),
        free_from_(Eigen::ArrayXi::Zero(own_)) {
    std::uniform_real_distribution<float> potential(E_rest, threshold);
    v_.set_trace(Eigen::ArrayXf::NullaryExpr(own_, [&](Eigen::Index i) {
      spark::Rng rng = stream(~seed, division.global(static_cast<int>(i)));
      return potential(rng);
    }));
    for (const auto& [source, synapse] : connections_.inhibitory) {
      if (!plastic(synapse)) weight_[synapse] = w_inhibition;
    }
  }

  /// One step, at whose beginning the spikes of the neurons `arriving` arrive. These are in ascending order, and in
  /// this order a neuron adds up its inputs, whichever rank computes it. Returns the own neurons that spike,
  /// in ascending order. learning_rate: what a pair of spikes adds to a weight; 0 for no plasticity.
  const std::vector<int>& step(const std::vector<int>& arriving, float learning_rate) {
    deliver(arriving, learning_rate);
    g_e_(spark::spikes(excited_));
    g_i_(inhibition_);
    pre_(spark::spikes(inhibitory_));
    const auto& v = v_.value();
    v_(static_cast<float>(dt / tau_membrane) *
       (current + g_e_.value() * (E_excitation - v) + g_i_.value() * (E_inhibition - v)));
    v_.masked_reset(free_from_ > now_);

    spiking_.clear();
    for (int i = 0; i < own_; ++i) {
      if (v[i] > threshold) spiking_.push_back(i);
    }
    v_.masked_reset(spark::spikes(spiking_));
    post_(spark::spikes(spiking_));
    for (const int i : spiking_) {
      free_from_[i] = now_ + 1 + refractory_steps;
      if (i < own_excitatory_) strengthen(i, learning_rate);
    }
    ++now_;
    return spiking_;
  }

 private:
  /// The synapses of inhibitory on excitatory neurons learn; all others keep their weight.
  bool plastic(std::size_t synapse) const { return connections_.target[synapse] < own_excitatory_; }
  void change(std::size_t synapse, float by) { weight_[synapse] = std::clamp(weight_[synapse] + by, 0.0f, w_greatest); }

  /// Gathers the input of this step. An inhibitory spike also moves the weights of its plastic synapses, by the
  /// postsynaptic trace less alpha.
  void deliver(const std::vector<int>& arriving, float learning_rate) {
    const std::vector<int>& target = connections_.target;
    excited_.clear();
    inhibitory_.clear();
    inhibition_.setZero();
    for (const int source : arriving) {
      const std::size_t begin = connections_.of_source[source], end = connections_.of_source[source + 1];
      if (source < division_.excitatory) {
        excited_.insert(excited_.end(), target.data() + begin, target.data() + end);
        continue;
      }
      inhibitory_.push_back(source - division_.excitatory);
      for (std::size_t k = begin; k < end; ++k) {
        if (plastic(k)) change(k, learning_rate * (post_.value()[target[k]] - alpha));
        inhibition_[target[k]] += weight_[k];
      }
    }
  }

  /// An excitatory spike moves the weights of the plastic synapses onto its neuron, each by its presynaptic trace.
  void strengthen(int i, float learning_rate) {
    for (std::size_t k = connections_.of_target[i]; k < connections_.of_target[i + 1]; ++k) {
      const auto& [source, synapse] = connections_.inhibitory[k];
      change(synapse, learning_rate * pre_.value()[source]);
    }
  }

  Division division_;
  int own_, own_excitatory_;
  Connections connections_;
  std::vector<float> weight_;                              // of inhibitory synapses; an excitatory one has w_excitation
  spark::Tracer<Eigen::ArrayXf, spark::Euler> v_;          // membrane potential
  spark::Tracer<Eigen::ArrayXf, spark::Exact> g_e_, g_i_;  // conductances
  spark::Tracer<Eigen::ArrayXf, spark::Exact> pre_, post_;  // of all inhibitory neurons, and of the own neurons
  std::vector<int> excited_, inhibitory_, spiking_;         // in this step: targets, with repetition; sources; neurons
  Eigen::ArrayXf inhibition_;                               // conductance that inhibitory spikes open in this step
  Eigen::ArrayXi free_from_;                                // the step in which a neuron may move again
  int now_ = 0;
};

}  // namespace network
