/// What the playground shows, held against the library on this machine. page.inc is what page.js wrote of the page: the
/// lines of C++ that stand on it, and the numbers.
#include <spark/tracers.hpp>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <string>
#include <vector>

namespace {

int compared = 0, failures = 0;
double largest = 0;

void fail(const std::string& text) {
  std::cout << text << '\n';
  ++failures;
}

/// The spikes of all steps.
struct Steps {
  std::vector<int> offsets, indices;

  std::vector<int> fired(int k) const {
    return {indices.begin() + offsets[at(k)], indices.begin() + offsets[at(k + 1)]};
  }
  Eigen::ArrayXd count(int steps) const {
    Eigen::ArrayXd spikes = Eigen::ArrayXd::Zero(5);
    for (int i = 0; i < offsets[at(steps)]; ++i) spikes(indices[at(i)]) += 1;
    return spikes;
  }
  static std::size_t at(int k) { return static_cast<std::size_t>(k); }
};

template <class Tracer> void play(Tracer& tracer, const Steps& steps, int from, int to, Eigen::ArrayXd& release) {
  for (int k = from; k < to; ++k) {
    const std::vector<int> fired = steps.fired(k);
    release = tracer(spark::spikes(fired));
  }
}

void shown(const std::string& what, const Eigen::ArrayXd& native, const std::vector<double>& page) {
  for (std::size_t i = 0; i < page.size(); ++i, ++compared) {
    const double expected = native(static_cast<Eigen::Index>(i));
    const double difference = std::abs(page[i] - expected);
    largest = std::max(largest, difference);
    if (!(difference <= 1e-6)) {
      fail(what + " is " + std::to_string(page[i]) + " and not " + std::to_string(expected));
    }
  }
}

template <class Make> void refused(const std::string& words, Make make) {
  try {
    make();
    fail("not refused: " + words);
  } catch (const std::invalid_argument& error) {
    if (error.what() != words) fail("refused with other words: " + words);
  }
}

}  // namespace

int main() {
#include "page.inc"
  std::cout << compared << " numbers compared, largest difference " << largest << ", " << failures << " failures\n";
  return failures == 0 && compared > 1000 ? 0 : 1;
}
