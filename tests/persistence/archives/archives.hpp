// What the archives of every library must do with tracers.
#pragma once

#include <cmath>

#include "support/catch.hpp"
#include "support/persistence.hpp"

template <class Out, class... T> std::string archived(const T&... values) {
  std::stringstream stream;
  {
    Out archive(stream);
    (archive << ... << values);
  }
  return stream.str();
}
template <class In, class... T> void unarchive(const std::string& text, T&... values) {
  std::istringstream stream(text);
  In archive(stream);
  (archive >> ... >> values);
}

// That the text holds 0.5, the synapses and 7.
template <class In> void check_beside(const std::string& text, const spark::RUTracer<Eigen::ArrayXf>& synapses) {
  spark::RUTracer<Eigen::ArrayXf> copy(2, 1, 1, 1);
  double weight = 0;
  int steps = 0;
  unarchive<In>(text, weight, copy, steps);
  CHECK(suite::same(copy, synapses));
  CHECK(weight == 0.5);
  CHECK(steps == 7);
}

template <class Out, class In> void check_archives() {
  const auto check = [](const auto& tracer, auto copy) {  // of the same shape, and different in all else
    unarchive<In>(archived<Out>(tracer), copy);
    CHECK(suite::saved(copy) == suite::saved(tracer));
  };
  using Floats = spark::Tracer<Eigen::ArrayXf, spark::Exact>;
  Floats floats(3, INFINITY, Eigen::Array3f(0.1f, 0.2f, 0.3f), 0.3, {0.1, ~std::uint64_t{0}});
  floats.set_trace(Eigen::Array3f(-0.0f, std::numeric_limits<float>::quiet_NaN(), 1e-30f));
  floats.rng().discard(3);
  floats.advance(5);
  check(floats, Floats(3, 1));

  using Long = spark::Tracer<Eigen::Array<long double, 1, 2>>;
  Long longs({1, 2}, 20, 1, 0.25);
  longs.set_trace(Eigen::Array<long double, 1, 2>(-1.0L / 3, INFINITY));
  check(longs, Long({1, 2}, 10));

  using Halves = spark::Tracer<suite::Column<Eigen::half>>;
  spark::EventDriven<Halves> events(Halves(3, 10000, 1, 0, {1, 2, spark::Rounding::Stochastic}));
  events.advance(7);
  events(spark::spikes(std::array<int, 2>{2, 2}));
  check(events, spark::EventDriven<Halves>(Halves(3, 10)));

  const spark::RUTracer<Eigen::ArrayXf> synapses(2, 100, 10, 0.5);
  check_beside<In>(archived<Out>(0.5, synapses, 7), synapses);

  const std::string text = archived<Out>(floats);
  const auto refusal = [&](auto tracer, suite::Wording words) {
    return suite::refusal_into(tracer, words, [&](auto& into) { unarchive<In>(text, into); });
  };
  CHECK(refusal(Floats(4, 20), {"cannot load: shape must be 4x1, got 3x1"}) == "");
  CHECK(refusal(spark::NearestTracer<Eigen::ArrayXf, spark::Exact>(3, 20), {"class"}) == "");
  CHECK(refusal(spark::Tracer<Eigen::ArrayXf>(3, 20), {"integration"}) == "");
  CHECK(refusal(spark::Tracer<Eigen::ArrayXd, spark::Exact>(3, 20), {"scalar"}) == "");
}
