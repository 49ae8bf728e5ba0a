/// \file
/// Spikes for the comparisons, the same for every contender.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include <Eigen/Core>

namespace bench {

using Index = std::ptrdiff_t;

/// An active population: 5 % of the elements spike in each step, and each element in one step of twenty, so that no
/// trace is ever far from its last spike. The steps are views of one array, 64 elements apart: what was just read is in
/// the cache for the next step, as in a simulator that fills the same buffer again.
template <class X> class Activity {
 public:
  explicit Activity(Index size) : spikes_(Eigen::Array<X, Eigen::Dynamic, 1>::Zero(size + period * 64)) {
    std::mt19937 random(1);
    std::vector<Index> phase(64);
    for (Index& p : phase) p = static_cast<Index>(random() % period);
    for (Index i = 0; i < spikes_.size(); ++i)
      if ((i / 64 + phase[static_cast<std::size_t>(i % 64)]) % period == 0) spikes_[i] = X(1);
  }

  /// The input of the next step.
  const X* next() {
    step_ = (step_ + 1) % period;
    return spikes_.data() + step_ * 64;
  }

 private:
  static constexpr Index period = 20;
  Eigen::Array<X, Eigen::Dynamic, 1> spikes_;
  Index step_ = 0;
};

/// A sparse population: lists of `count` different elements out of `size`, a new list for each of 256 steps. A count
/// need not be whole: 0.1 is one element in every tenth list.
class Lists {
 public:
  Lists(Index size, double count, bool sorted) : lists_(256) {
    std::mt19937 random(2);
    std::vector<bool> taken(static_cast<std::size_t>(size));
    double due = 0;
    for (auto& list : lists_) {
      for (due += count; due >= 1; due -= 1) {
        auto i = static_cast<std::size_t>(random()) % taken.size();
        while (taken[i]) i = static_cast<std::size_t>(random()) % taken.size();
        taken[i] = true;
        list.push_back(static_cast<std::int32_t>(i));
      }
      for (const std::int32_t i : list) taken[static_cast<std::size_t>(i)] = false;
      if (sorted) std::sort(list.begin(), list.end());
    }
  }

  const std::vector<std::int32_t>& next() { return lists_[step_ = (step_ + 1) % lists_.size()]; }
  /// Whether each element spikes in the first step.
  template <class X> Eigen::Array<X, Eigen::Dynamic, 1> dense(Index size) const {
    Eigen::Array<X, Eigen::Dynamic, 1> x = Eigen::Array<X, Eigen::Dynamic, 1>::Zero(size);
    for (const std::int32_t i : lists_.front()) x[i] = X(1);
    return x;
  }

 private:
  std::vector<std::vector<std::int32_t>> lists_;
  std::size_t step_ = 0;
};

/// `steps` steps of 5 % spikes each as a dense array, a column for each step.
template <class X> Eigen::Array<X, Eigen::Dynamic, Eigen::Dynamic> raster(Index size, Index steps) {
  Eigen::Array<X, Eigen::Dynamic, Eigen::Dynamic> spikes(size, steps);
  Activity<X> activity(size);
  for (Index k = 0; k < steps; ++k)
    spikes.col(k) = Eigen::Map<const Eigen::Array<X, Eigen::Dynamic, 1>>(activity.next(), size);
  return spikes;
}

/// The same as bits.
inline std::vector<std::uint64_t> packed_raster(Index size, Index steps) {
  const Index words_per_step = (size + 63) / 64;
  std::vector<std::uint64_t> words(static_cast<std::size_t>(words_per_step * steps));
  Activity<bool> activity(size);
  for (Index k = 0; k < steps; ++k) {
    const bool* x = activity.next();
    for (Index i = 0; i < size; ++i)
      words[static_cast<std::size_t>(k * words_per_step + i / 64)] |= std::uint64_t{x[i]} << i % 64;
  }
  return words;
}

}  // namespace bench
