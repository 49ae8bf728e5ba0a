/// \file
/// The tracers behind a C interface. The playground calls it as WebAssembly; the figures of the class pages are drawn
/// with it as well.
#include "playground.hpp"

#include <spark/tracers.hpp>

#include <algorithm>
#include <memory>
#include <vector>

namespace {

using Array = Eigen::ArrayXd;
using Options = spark::Options;

/// A tracer of any class.
class Player {
 public:
  virtual ~Player() = default;
  virtual int states() const = 0;
  /// One step. Writes its output and all states, one after the other.
  virtual double* step(const std::vector<int>& fired, double* out) = 0;
};

template <class Tracer, class States> class PlayerOf final : public Player {
 public:
  PlayerOf(Tracer tracer, States states) : tracer_(std::move(tracer)), states_(states) {}

  int states() const override { return static_cast<int>(states_(tracer_).size()); }
  double* step(const std::vector<int>& fired, double* out) override {
    const auto write = [&out](const Array& values) { out = std::copy_n(values.data(), values.size(), out); };
    write(tracer_(spark::spikes(fired)));
    for (const Array* state : states_(tracer_)) write(*state);
    return out;
  }

 private:
  Tracer tracer_;
  States states_;
};

template <class Tracer, class States> std::unique_ptr<Player> player(Tracer tracer, States states) {
  return std::make_unique<PlayerOf<Tracer, States>>(std::move(tracer), states);
}

template <class I> std::unique_ptr<Player> make(int kind, int n, const double* p, const Options& o) {
  const auto one = [](auto& t) { return std::array{&t.trace()}; };
  const auto two = [](auto& t) { return std::array{&t.trace_1(), &t.trace_2()}; };
  const auto rise_decay = [](auto& t) { return std::array{&t.trace_rise(), &t.trace_decay()}; };
  const auto rise_fast_slow = [](auto& t) {
    return std::array{&t.trace_rise_fast(), &t.trace_fast(), &t.trace_rise_slow(), &t.trace_slow()};
  };
  const auto resource = [](auto& t) { return std::array{&t.trace_R(), &t.trace_U()}; };
  switch (kind) {
    case 0: return player(spark::Tracer<Array, I>(n, p[0], p[1], p[2], o), one);
    case 1: return player(spark::SaturableTracer<Array, I>(n, p[0], p[1], p[2], o), one);
    case 2: return player(spark::NearestTracer<Array, I>(n, p[0], p[1], p[2], o), one);
    case 3: return player(spark::DoubleTracer<Array, I>(n, p[0], p[1], p[2], p[3], p[4], p[5], o), two);
    case 4: return player(spark::SaturableDoubleTracer<Array, I>(n, p[0], p[1], p[2], p[3], p[4], p[5], o), two);
    case 5: return player(spark::RDTracer<Array, I>(n, p[0], p[1], p[2], p[3], p[4], p[5], o), rise_decay);
    case 6: return player(spark::RFSTracer<Array, I>(n, p[0], p[1], p[2], p[3], o), rise_fast_slow);
    default: return player(spark::RUTracer<Array, I>(n, p[0], p[1], p[2], o), resource);  // 7
  }
}

std::array<std::unique_ptr<Player>, 2> players;

}  // namespace

const char* playground_make(int slot, int kind, int exact, int neurons, double dt, const double* parameters) {
  static std::string error;
  error.clear();
  try {
    const Options options{dt};
    players[std::size_t(slot)] = exact ? make<spark::Exact>(kind, neurons, parameters, options)
                                       : make<spark::Euler>(kind, neurons, parameters, options);
  } catch (const std::exception& refusal) {
    error = refusal.what();
  }
  return error.c_str();
}

int playground_states(int slot) { return players[std::size_t(slot)]->states(); }

void playground_run(int slot, int steps, const int* offsets, const int* indices, double* record) {
  for (int k = 0; k < steps; ++k) {
    const std::vector<int> fired(indices + offsets[k], indices + offsets[k + 1]);
    record = players[std::size_t(slot)]->step(fired, record);
  }
}
