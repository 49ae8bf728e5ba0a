// The telling part of the tests, in one program without a library of tests, so that it is compiled and run within a
// minute on any processor, emulated ones and WebAssembly included. `telling save <dir>` writes tracers, and what they
// are 100 steps later; `telling load <dir>` reads those of another machine, goes on and compares; `telling` does the
// rest.
#include <cstdio>
#include <string>
#include <vector>

#include "../support/persistence.hpp"
#include "../support/raster.hpp"
#include "../support/reference.hpp"
#include "../support/registers.hpp"

namespace {

int failures = 0, checks = 0;

void check(bool holds, const std::string& what) {
  ++checks;
  if (holds) return;
  ++failures;
  if (failures <= 50) std::printf("FAILED: %s\n", what.c_str());
}

using spark::Index;
using spark::detail::for_each_index;
using suite::agree, suite::Column, suite::Lanes, suite::Recurrence, suite::Reference, suite::scalar_name;

// For the comparisons of support/registers.hpp.
auto checked(const std::string& type) {
  return [type](const char* what, int wrong) { check(wrong == 0, "registers of " + type + ": " + what); };
}
template <class T> void check_registers() {
  suite::compare_registers<spark::detail::register_width<T>, T>(checked(scalar_name<T>()));
  suite::compare_loads<T>(checked(scalar_name<T>()));
}

// A register rounds at random as single numbers do: all exponents, and the numbers on and around which a format rounds.
template <class S> void check_dither() {
  constexpr auto width = static_cast<std::uint32_t>(spark::detail::register_width<float>);
  const spark::detail::Stochastic random{42, 7};
  bool rounds = true;
  float wide[width];
  S dithered[width];
  for (std::uint32_t step = 0; step < 100000; ++step) {
    for (std::uint32_t i = 0; i < width; ++i) {
      const std::uint32_t n = step * width + i;
      const std::uint32_t mantissa = n % 3 == 0 ? (n * 0x1000u) & 0x7fffffu : (n * 2654435761u) & 0x7fffffu;
      wide[i] = Eigen::numext::bit_cast<float>((n * 40503u) % 256u << 23 | mantissa | (n & 1u) << 31);
    }
    random.dither<S>(suite::Register<float>::load(&wide[0]), 1, Index(step), 3).store(&dithered[0]);
    for (std::uint32_t i = 0; i < width; ++i) {
      const auto one = random.dither<S>(Lanes<float, 1>(wide[i]), 1, Index(step + i), 3).number();
      rounds &= agree(dithered[i], spark::detail::narrow<S>(one));
    }
  }
  check(rounds, std::string("registers round ") + scalar_name<S>() + " at random as single numbers do");
}
template <class S> void check_storage() {
  suite::compare_storage<S>(checked(scalar_name<S>()));
  check_dither<S>();
}

// Calls f with few tracers that have between them every storage, both integrations and every kind of coefficients, and
// with the reference of some: what takes long is to compile them.
template <class F> void for_each_tracer(F f) {
  constexpr Index size = 203;
  using Eigen::bfloat16, Eigen::half, spark::Exact;
  const spark::Options options{1, 7}, stochastic{1, 7, spark::Rounding::Stochastic};
  const Eigen::ArrayXf taus = Eigen::ArrayXf::LinSpaced(size, 3.0f, 40.0f);
  const Reference none{}, leaky{Recurrence::leaky, false, 1, {20, 0.7L, 0.1L}},
      release{Recurrence::release, false, 1, {80, 30, 0.3L}},
      cascade{Recurrence::cascade, true, 1, {5, 20, 0.8L, 0.25L, 0, 0}};
  f(spark::Tracer<Eigen::ArrayXf>(size, 20, 0.7, 0.1, options), "float", leaky);
  f(spark::Tracer<Eigen::ArrayXf>(size, 20, options), "float_at_zero", none);
  f(spark::Tracer<Eigen::ArrayXf>(size, taus, options), "float_arrays", none);
  f(spark::RUTracer<Eigen::ArrayXf>(size, 80, 30, 0.3, options), "float_RU", release);
  f(spark::DoubleTracer<Eigen::ArrayXd, Exact>(size, 5, 20, 0.8, 0.25, options), "double", cascade);
  f(spark::Tracer<Column<half>>(size, 20, options), "half", none);
  f(spark::Tracer<Column<half>>(size, 20, stochastic), "half_stochastic", none);
  f(spark::SaturableTracer<Column<bfloat16>, Exact>(size, 20, 0.7, 0.1, options), "bfloat16", none);
  f(spark::SaturableTracer<Column<bfloat16>, Exact>(size, 20, stochastic), "bfloat16_stochastic", none);
}
template <class Tracer> bool same_states(const Tracer& a, const Tracer& b) {
  bool all = true;
  for_each_index<Tracer::states>([&](auto j) {
    for (Index i = 0; i < a.size(); ++i) all &= agree(a.template state<j>().data()[i], b.template state<j>().data()[i]);
  });
  return all && a.size() == b.size();
}

// Always the same spikes.
suite::Raster spikes(Index size, Index steps) {
  suite::Random random(7);
  return suite::Raster::random(size, steps, false, random);
}
template <class T> Column<T> numbers_of(const suite::Inputs& x) {
  return Eigen::Map<const Eigen::ArrayXd>(x.data(), static_cast<Index>(x.size())).cast<T>();
}

// The same steps by all kinds of input, bit for bit.
template <class Tracer> void check_inputs(const Tracer& tracer, const std::string& name) {
  using S = typename Tracer::Scalar;
  const Index size = tracer.size();
  const suite::Raster raster = spikes(size, 70);
  auto numbers = tracer, flags = tracer, bits = tracer, lists = tracer, viewed = tracer;
  const bool nearest = tracer.rounding() == spark::Rounding::Nearest;
  bool outputs = true;
  for (std::size_t k = 0; k < raster.counts.size(); ++k) {
    const suite::Inputs& x = raster.counts[k];
    const Column<bool> spiked = numbers_of<bool>(x);
    const Column<S> output = numbers(numbers_of<typename Tracer::Number>(x));
    flags(spiked);
    bits(spark::spike_bits(suite::bits_of(x), size));
    lists(spark::spikes(raster.lists[k]));
    if (!nearest) continue;
    const auto on = viewed.view();
    for (Index i = 0; i < size; ++i) outputs &= agree(spark::detail::narrow<S>(on.step(i, spiked[i])), output[i]);
  }
  check(same_states(numbers, flags), name + ": bool");
  check(same_states(numbers, bits), name + ": bits");
  check(same_states(numbers, lists), name + ": lists");
  check(!nearest || same_states(numbers, viewed), name + ": its view");
  check(outputs, name + ": output of its view");
}

// Two hundred steps by the formulas, in long double.
template <class Tracer> void check_law(Tracer tracer, const Reference& reference) {
  using S = typename Tracer::Scalar;
  std::vector<Reference::State> states(static_cast<std::size_t>(tracer.size()), reference.start());
  bool holds = true;
  const auto compare = [&](S got, suite::real want) {
    holds &= suite::close(suite::to_real(got), want, 0, 128 * suite::Precision<S>::eps());
  };
  for (const suite::Inputs& x : spikes(tracer.size(), 200).counts) {
    const Column<S> output = tracer(numbers_of<S>(x));
    for (std::size_t i = 0; i < x.size(); ++i) {
      const Reference::Step want = reference.step(states[i], x[i]);
      const auto at = static_cast<Index>(i);
      compare(output[at], want.output);
      for_each_index<Tracer::states>(
          [&](auto j) { compare(tracer.template state<j>()[at], want.state[std::size_t{j}]); });
      states[i] = want.state;
    }
  }
  check(holds, std::string(Tracer::name) + " follows its formulas");
}

// In closed form against steps; 16 bits are rounded in each step.
template <class Tracer> void check_silence(Tracer tracer, const std::string& name) {
  using Numbers = Column<typename Tracer::Number>;
  tracer(Numbers::LinSpaced(tracer.size(), 0, 1).eval());
  auto stepped = tracer;
  tracer.advance(37);
  for (int k = 0; k < 37; ++k) stepped(Numbers::Zero(tracer.size()).eval());
  const Numbers difference = tracer.value() - stepped.value();
  const auto allowed = 128 * std::numeric_limits<typename Tracer::Number>::epsilon();
  check((difference.abs() <= allowed).all(), name + ": silence in closed form");
}

// What must not spread, and what must vanish.
void check_limits() {
  constexpr Index size = 19;
  spark::SaturableTracer<Column<Eigen::bfloat16>, spark::Exact> clipped(size, 20, 0.7, 0.1);
  Eigen::ArrayXf x = Eigen::ArrayXf::Zero(size);
  x[3] = std::numeric_limits<float>::quiet_NaN();
  clipped(x);
  check((clipped.trace().cast<float>().isNaN() == x.isNaN()).all(), "a clip keeps a NaN, in its element");
  spark::Tracer<Eigen::ArrayXf> fading(size, 2);
  fading(Eigen::ArrayXf::Ones(size).eval());
  for (int k = 0; k < 500; ++k) fading(Eigen::ArrayXf::Zero(size).eval());
  check((fading.trace() == 0.0f).all(), "a trace ends at 0");
}

void check_events() {
  using Trace = spark::DoubleTracer<Eigen::ArrayXd, spark::Exact>;
  constexpr Index size = 11;
  Trace dense(size, 5, 20);
  spark::EventDriven<Trace> events(dense);
  for (const suite::Indices& fired : spikes(size, 100).lists) {
    dense(spark::spikes(fired));
    events(spark::spikes(fired));
  }
  check(((events.value() - dense.value()).abs() < 1e-13).all(), "events follow dense steps");
}

template <class Tracer> void go_on(Tracer& tracer) {
  for (const suite::Inputs& x : spikes(tracer.size(), 100).counts) tracer(numbers_of<typename Tracer::Number>(x));
}
template <class Tracer> void check_files(Tracer tracer, const std::string& name) {
  go_on(tracer);
  auto loaded = suite::loaded<Tracer>(suite::saved(tracer));
  go_on(tracer);
  go_on(loaded);
  check(same_states(tracer, loaded), name + " goes on after loading");
}

template <class Tracer> void write_files(Tracer tracer, const std::string& file) {
  go_on(tracer);
  spark::save(file + ".spark", tracer);
  go_on(tracer);
  spark::save(file + ".later.spark", tracer);
  ++checks;
}
// Equal bits are asked for where both machines fuse multiply and add, else a few units in the last place.
template <class Tracer> void read_files(const std::string& file, bool equal_bits) {
  auto tracer = spark::load<Tracer>(file + ".spark");
  const auto later = spark::load<Tracer>(file + ".later.spark");
  go_on(tracer);
  check(tracer.clock() == later.clock() && tracer.seed() == later.seed(), file + " has the same clock and seed");
  bool equal = !equal_bits || same_states(tracer, later);
  const double units = tracer.rounding() == spark::Rounding::Nearest ? 8 : 16;
  const double allowed = units * static_cast<double>(std::numeric_limits<typename Tracer::Scalar>::epsilon());
  for_each_index<Tracer::states>([&](auto j) {
    const Eigen::ArrayXd a = tracer.template state<j>().template cast<double>();
    const Eigen::ArrayXd b = later.template state<j>().template cast<double>();
    equal &= ((a - b).abs() <= allowed * b.abs().max(1.0)).all();
  });
  check(equal, file + " goes on as on the machine that wrote it");
}

}  // namespace

int main(int argc, char** argv) {
  const std::string task = argc > 1 ? argv[1] : "check", folder = argc > 2 ? argv[2] + std::string("/") : "";
  if (task == "check") {
    check_registers<float>();
    check_registers<double>();
    check_storage<Eigen::half>();
    check_storage<Eigen::bfloat16>();
    check_limits();
    check_events();
  }
  for_each_tracer([&](const auto& tracer, const std::string& name, const Reference& reference) {
    using Tracer = std::decay_t<decltype(tracer)>;
    if (task == "save") return write_files(tracer, folder + name);
    if (task == "load") return read_files<Tracer>(folder + name, argc > 3);
    check_inputs(tracer, name);
    check_files(tracer, name);
    if (!reference.p.empty()) check_law(tracer, reference);
    if constexpr (!suite::is_16_bit<typename Tracer::Scalar>) check_silence(tracer, name);
  });
  std::printf("%s: %d of %d checks failed; registers of %d float and %d double, %s\n", task.c_str(), failures, checks,
              spark::detail::register_width<float>, spark::detail::register_width<double>,
              spark::detail::fused_multiply_add ? "fused multiply-add" : "no fused multiply-add");
  return failures == 0 ? 0 : 1;
}
