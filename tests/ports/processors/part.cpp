// One file of a program, compiled for one processor: NAME is what it calls itself.
#include <spark/tracers.hpp>
#include <sstream>
#include <vector>

template <class T> static double life_of(T tracer) {
  const Eigen::Index n = tracer.size();
  const Eigen::Array<bool, -1, 1> x = Eigen::Array<bool, -1, 1>::NullaryExpr(n, [](auto i) { return i % 3 == 0; });
  const std::vector<int> fired{1, 5, 8};
  const std::vector<std::uint64_t> words{5, 9, 17};
  spark::EventDriven<T> events(tracer);
  for (int k = 0; k < 5; ++k) {
    tracer(x), tracer(spark::spikes(fired)), tracer(spark::spike_bits(words, n));
    events(x), events(spark::spikes(fired)), events(spark::spike_bits(words, n));
    tracer.advance(7), events.advance(7);
  }
  tracer.masked_reset(spark::spikes(fired));
  std::stringstream file;
  spark::save(file, tracer);
  const T loaded = spark::load<T>(file);
  return (loaded.value().template cast<double>() + events.value().template cast<double>()).sum();
}

// What the tracers of this file come to, in a row of numbers that hardly differ between processors.
std::vector<double> NAME() {
  using Half = Eigen::Array<Eigen::half, Eigen::Dynamic, 1>;
  return {life_of(spark::Tracer<Eigen::ArrayXf>(150, 20)),
          life_of(spark::DoubleTracer<Eigen::ArrayXd, spark::Exact>(150, 10, 20)),
          life_of(spark::RUTracer<Eigen::ArrayXf, spark::Exact>(150, 200, 50, 0.3)),
          life_of(spark::RDTracer<Half>(150, 5, 20))};
}
