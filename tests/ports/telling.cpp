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

using namespace suite;
using spark::detail::for_each_index, spark::detail::register_width;

namespace {

int failures = 0, checks = 0;

void check(bool holds, const std::string& what) {
  ++checks;
  if (holds) return;
  ++failures;
  std::printf("FAILED: %s\n", what.c_str());
}

// Always the same spikes.
constexpr Index size = 203;
const Raster raster = [] {
  Random random(7);
  return Raster::random(size, 200, false, random);
}();
template <class T> Column<T> numbers_of(const Inputs& x) { return Eigen::Map<const ArrayXd>(x.data(), size).cast<T>(); }

// A register rounds at random as single numbers do: all exponents, and the numbers on and around which a format rounds.
template <class S> int dithered_otherwise() {
  const spark::detail::Stochastic random{42, 7};
  int wrong = 0;
  float wide[register_width<float>];
  S dithered[register_width<float>];
  std::uint32_t bits = 0;
  for (Index step = 0; step < 100000; ++step) {
    for (float& number : wide) {
      bits += 0x9e3779b1u;
      number = Eigen::numext::bit_cast<float>(step % 3 == 0 ? bits & ~0xfffu : bits);
    }
    random.dither<S>(Register<float>::load(&wide[0]), 1, step, 3).store(&dithered[0]);
    for (Index i = 0; i < register_width<float>; ++i) {
      const auto one = random.dither<S>(Lanes<float, 1>(wide[i]), 1, step + i, 3).number();
      wrong += !agree(dithered[i], spark::detail::narrow<S>(one));
    }
  }
  return wrong;
}

template <class T> void check_registers() {
  const auto tell = [](const char* what, int wrong) {
    check(wrong == 0, std::string("registers of ") + scalar_name<T>() + ": " + what);
  };
  if constexpr (is_16_bit<T>) {
    compare_storage<T>(tell);
    tell("rounded at random", dithered_otherwise<T>());
  } else {
    compare_registers<register_width<T>, T>(tell);
    compare_loads<T>(tell);
  }
}

// Calls f with few tracers that have between them every storage, both integrations and every kind of coefficients, and
// with the reference of some: what takes long is to compile them.
template <class F> void for_each_tracer(F f) {
  using Eigen::bfloat16, Eigen::half, spark::Exact;
  const spark::Options options{1, 7}, stochastic{1, 7, spark::Rounding::Stochastic};
  const ArrayXf taus = ArrayXf::LinSpaced(size, 3.0f, 40.0f);
  const Reference none{}, leaky{Recurrence::leaky, false, 1, {20, 0.7L, 0.1L}},
      release{Recurrence::release, false, 1, {80, 30, 0.3L}},
      cascade{Recurrence::cascade, true, 1, {5, 20, 0.8L, 0.25L, 0, 0}};
  f(spark::Tracer<ArrayXf>(size, 20, 0.7, 0.1, options), "float", leaky);
  f(spark::Tracer<ArrayXf>(size, 20, options), "float_at_zero", none);
  f(spark::Tracer<ArrayXf>(size, taus, options), "float_arrays", none);
  f(spark::RUTracer<ArrayXf>(size, 80, 30, 0.3, options), "float_RU", release);
  f(spark::DoubleTracer<ArrayXd, Exact>(size, 5, 20, 0.8, 0.25, options), "double", cascade);
  f(spark::Tracer<Column<half>>(size, 20, options), "half", none);
  f(spark::Tracer<Column<half>>(size, 20, stochastic), "half_stochastic", none);
  f(spark::SaturableTracer<Column<bfloat16>, Exact>(size, 20, 0.7, 0.1, options), "bfloat16", none);
  f(spark::SaturableTracer<Column<bfloat16>, Exact>(size, 20, stochastic), "bfloat16_stochastic", none);
}
template <class Tracer> bool same_states(const Tracer& a, const Tracer& b) {
  bool same = true;
  for_each_index<Tracer::states>([&](auto j) { same &= identical(a.template state<j>(), b.template state<j>()); });
  return same;
}

// The same steps by all kinds of input, bit for bit.
template <class Tracer> void check_inputs(const Tracer& tracer, const std::string& name) {
  using Output = Column<typename Tracer::Scalar>;
  const auto check_form = [&](const char* form, auto step) {
    Tracer numbers = tracer, other = tracer;
    bool same = true;
    for (std::size_t k = 0; k < raster.counts.size(); ++k) {
      const Output output = numbers(numbers_of<typename Tracer::Number>(raster.counts[k]));
      same &= identical(output, Output(step(other, k)));
    }
    check(same && same_states(numbers, other), name + ": " + form);
  };
  check_form("bool", [&](Tracer& t, std::size_t k) { return t(numbers_of<bool>(raster.counts[k])); });
  check_form("bits", [&](Tracer& t, std::size_t k) { return t(spark::spike_bits(bits_of(raster.counts[k]), size)); });
  check_form("lists", [&](Tracer& t, std::size_t k) { return t(spark::spikes(raster.lists[k])); });
  if (tracer.rounding() == spark::Rounding::Stochastic) return;
  check_form("its view", [&](Tracer& t, std::size_t k) {
    const auto view = t.view();
    const Column<bool> x = numbers_of<bool>(raster.counts[k]);
    Output output(size);
    for (Index i = 0; i < size; ++i) output[i] = spark::detail::narrow<typename Output::Scalar>(view.step(i, x[i]));
    return output;
  });
}

// Two hundred steps by the formulas, in long double.
template <class Tracer> void check_law(Tracer tracer, const Reference& reference) {
  using S = typename Tracer::Scalar;
  std::vector<Reference::State> states(std::size_t{size}, reference.start());
  bool holds = true;
  const auto compare = [&](S got, real want) { holds &= close(to_real(got), want, 0, 128 * Precision<S>::eps()); };
  for (const Inputs& x : raster.counts) {
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
  tracer(Numbers::LinSpaced(size, 0, 1).eval());
  auto stepped = tracer;
  tracer.advance(37);
  for (int k = 0; k < 37; ++k) stepped(Numbers::Zero(size).eval());
  const Numbers difference = tracer.value() - stepped.value();
  const auto allowed = 128 * std::numeric_limits<typename Tracer::Number>::epsilon();
  check((difference.abs() <= allowed).all(), name + ": silence in closed form");
}

// What must not spread, and what must vanish.
void check_limits() {
  spark::SaturableTracer<Column<Eigen::bfloat16>, spark::Exact> clipped(size, 20, 0.7, 0.1);
  ArrayXf x = ArrayXf::Zero(size);
  x[3] = std::numeric_limits<float>::quiet_NaN();
  clipped(x);
  check((clipped.trace().cast<float>().isNaN() == x.isNaN()).all(), "a clip keeps a NaN, in its element");
  spark::Tracer<ArrayXf> fading(size, 2);
  fading(ArrayXf::Ones(size).eval());
  for (int k = 0; k < 500; ++k) fading(ArrayXf::Zero(size).eval());
  check((fading.trace() == 0.0f).all(), "a trace ends at 0");
}

void check_events() {
  using Trace = spark::DoubleTracer<ArrayXd, spark::Exact>;
  Trace dense(size, 5, 20);
  spark::EventDriven<Trace> events(dense);
  for (const Indices& fired : raster.lists) {
    dense(spark::spikes(fired));
    events(spark::spikes(fired));
  }
  check(((events.value() - dense.value()).abs() < 1e-13).all(), "events follow dense steps");
}

template <class Tracer> void go_on(Tracer& tracer) {
  for (std::size_t k = 0; k < 100; ++k) tracer(numbers_of<typename Tracer::Number>(raster.counts[k]));
}
// Of a tracer as it was saved, and as it was when its writer had gone on. Equal bits are asked for where both machines
// fuse multiply and add, else a few units in the last place.
template <class Tracer>
void check_goes_on(Tracer loaded, const Tracer& later, bool equal_bits, const std::string& name) {
  go_on(loaded);
  check(loaded.clock() == later.clock() && loaded.seed() == later.seed(), name + " has the same clock and seed");
  bool equal = !equal_bits || same_states(loaded, later);
  const double units = loaded.rounding() == spark::Rounding::Nearest ? 8 : 16;
  const double allowed = units * static_cast<double>(std::numeric_limits<typename Tracer::Scalar>::epsilon());
  for_each_index<Tracer::states>([&](auto j) {
    const ArrayXd a = loaded.template state<j>().template cast<double>();
    const ArrayXd b = later.template state<j>().template cast<double>();
    equal &= ((a - b).abs() <= allowed * b.abs().max(1.0)).all();
  });
  check(equal, name + " goes on as where it was saved");
}

}  // namespace

int main(int argc, char** argv) {
  const std::string task = argc > 1 ? argv[1] : "check", folder = argc > 2 ? argv[2] + std::string("/") : "";
  if (task == "check") {
    check_registers<float>();
    check_registers<double>();
    check_registers<Eigen::half>();
    check_registers<Eigen::bfloat16>();
    check_limits();
    check_events();
  }
  for_each_tracer([&](auto tracer, const std::string& name, const Reference& reference) {
    using Tracer = decltype(tracer);
    const std::string file = folder + name + ".spark", later_file = folder + name + ".later.spark";
    if (task == "load")
      return check_goes_on(spark::load<Tracer>(file), spark::load<Tracer>(later_file), argc > 3, name);
    if (task == "check") {
      check_inputs(tracer, name);
      if (!reference.p.empty()) check_law(tracer, reference);
      if constexpr (!is_16_bit<typename Tracer::Scalar>) check_silence(tracer, name);
    }
    go_on(tracer);
    auto later = tracer;
    go_on(later);
    if (task == "check") return check_goes_on(loaded<Tracer>(saved(tracer)), later, true, name);
    spark::save(file, tracer);
    spark::save(later_file, later);
  });
  std::printf("%s: %d of %d checks failed; registers of %d float and %d double, %s\n", task.c_str(), failures, checks,
              register_width<float>, register_width<double>,
              spark::detail::fused_multiply_add ? "fused multiply-add" : "no fused multiply-add");
  return failures == 0 ? 0 : 1;
}
