/// \file
/// Spikes for the comparisons, the same for every contender: copies share them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include <Eigen/Core>

namespace bench {

using Index = std::ptrdiff_t;
template <class T> using Array = Eigen::Array<T, Eigen::Dynamic, 1>;
template <class X> using Input = Eigen::Map<const Array<X>>;

/// An active population: each element spikes in one step of twenty. The steps are views of one array, 64 elements
/// apart: what was just read is in the cache for the next step, as in a simulator that fills the same buffer again.
template <class X> class Activity {
 public:
  explicit Activity(Index size) : size_(size), spikes_(std::make_shared<Array<X>>(size + period * 64)) {
    std::mt19937 random(1);
    const Array<Index> phase = Array<Index>::NullaryExpr(64, [&] { return static_cast<Index>(random() % period); });
    for (Index i = 0; i < spikes_->size(); ++i) (*spikes_)[i] = X((i / 64 + phase[i % 64]) % period == 0);
  }

  /// The input of the next step.
  Input<X> operator()() {
    step_ = (step_ + 1) % period;
    return {spikes_->data() + step_ * 64, size_};
  }

 private:
  static constexpr Index period = 20;
  Index size_, step_ = 0;
  std::shared_ptr<Array<X>> spikes_;
};

/// A sparse population: for each of 256 steps a list of `count` different elements; 0.1 is one in every tenth list.
class Lists {
 public:
  Lists(Index size, double count, bool sorted) : lists_(std::make_shared<std::vector<List>>(256)) {
    std::mt19937 random(2);
    std::uniform_int_distribution<std::int32_t> any(0, static_cast<std::int32_t>(size - 1));
    double due = 0;
    for (List& list : *lists_) {
      std::set<std::int32_t> different;
      for (due += count; due >= 1; due -= 1)
        while (!different.insert(any(random)).second) continue;
      list.assign(different.begin(), different.end());
      if (!sorted) std::shuffle(list.begin(), list.end(), random);
    }
  }

  const std::vector<std::int32_t>& operator()() { return (*lists_)[step_ = (step_ + 1) % 256]; }
  /// Whether each element spikes in the first step.
  template <class X> Array<X> dense(Index size) const {
    Array<X> x = Array<X>::Zero(size);
    x(lists_->front()).setOnes();
    return x;
  }

 private:
  using List = std::vector<std::int32_t>;
  std::shared_ptr<std::vector<List>> lists_;
  std::size_t step_ = 0;
};

/// Steps of 5 % spikes each, a column for each step.
template <class X> std::shared_ptr<const Eigen::Array<X, -1, -1>> raster(Index size, Index steps) {
  const auto spikes = std::make_shared<Eigen::Array<X, -1, -1>>(size, steps);
  Activity<X> activity(size);
  for (Index k = 0; k < steps; ++k) spikes->col(k) = activity();
  return spikes;
}

/// Spikes as bits.
inline std::vector<std::uint64_t> packed(const bool* x, Index size) {
  std::vector<std::uint64_t> words(static_cast<std::size_t>((size + 63) / 64));
  for (Index i = 0; i < size; ++i) words[static_cast<std::size_t>(i / 64)] |= std::uint64_t{x[i]} << i % 64;
  return words;
}

}  // namespace bench
