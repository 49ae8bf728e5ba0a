// The telling part of the tests, in one program without a library of tests, so that it is compiled and run within a
// minute on any processor, emulated ones and WebAssembly included.
//
//   telling              checks registers against single numbers, laws against long double, 16-bit storage, input of
//                        all kinds, silence, and files in memory
//   telling save <dir>   writes tracers, and what they are 100 steps later
//   telling load <dir>   reads those of another machine, goes on and compares
#include <spark/event_driven.hpp>
#include <spark/save.hpp>
#include <spark/tracers.hpp>

#include <cstdio>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

#include "../support/registers.hpp"

namespace {

int failures = 0, checks = 0;

void check(bool holds, const std::string& what) {
  ++checks;
  if (holds) return;
  ++failures;
  if (failures <= 50) std::printf("FAILED: %s\n", what.c_str());
}

template <class T> using Vector = Eigen::Array<T, Eigen::Dynamic, 1>;
using spark::Index;
using suite::agree, suite::Lanes;

template <class A, class B> bool same(const A& a, const B& b) {
  bool all = a.size() == b.size();
  for (Index i = 0; all && i < a.size(); ++i) all = agree(a.data()[i], b.data()[i]);
  return all;
}

template <class T> const char* name_of() {
  return std::is_same<T, float>::value    ? "float"
         : std::is_same<T, double>::value ? "double"
         : spark::detail::is_16_bit<T>    ? "16 bits"
                                          : "long double";
}

// --- registers ------------------------------------------------------------------------------------------

template <class T> void check_registers() {
  constexpr int width = spark::detail::register_width<T>;
  suite::compare_registers<width, T>([](const char* operation, int disagreements) {
    check(disagreements == 0,
          std::string("registers of ") + name_of<T>() + " differ from single numbers in " + operation);
  });

  // inputs in memory
  using V = Lanes<T, width>;
  bool flags[64], flags_agree = true, bits_agree = true, bytes_agree = true, floats_agree = true;
  std::uint8_t bytes[64];
  float floats[64], narrowed[std::size_t{width}];
  std::uint64_t word = 0;
  for (int i = 0; i < 64; ++i) {
    flags[i] = (0x9d2c5680efc60000u >> i & 1) != 0;
    bytes[i] = static_cast<std::uint8_t>(i * 37);
    floats[i] = static_cast<float>(i) / 7;
    word |= std::uint64_t{flags[i]} << i;
  }
  for (int at = 0; at + width <= 64; at += width) {
    T got[std::size_t{width}];
    const auto compare_loaded = [&](const V& v, auto expected) {
      v.store(&got[0]);
      bool all = true;
      for (int i = 0; i < width; ++i) all &= agree(got[i], static_cast<T>(expected(at + i)));
      return all;
    };
    flags_agree &= compare_loaded(V(V::M::load(flags + at)), [&](int i) { return flags[i]; });
    flags_agree &= compare_loaded(V::load(flags + at), [&](int i) { return flags[i]; });
    bits_agree &=
        compare_loaded(V(V::M::load_bits(&word, static_cast<std::size_t>(at))), [&](int i) { return flags[i]; });
    bytes_agree &= compare_loaded(V::load(bytes + at), [&](int i) { return bytes[i]; });
    floats_agree &= compare_loaded(V::load(floats + at), [&](int i) { return floats[i]; });
    V::load(floats + at).store(&narrowed[0]);
    for (int i = 0; i < width; ++i) floats_agree &= agree(narrowed[i], floats[at + i]);
  }
  check(flags_agree, std::string("bool into ") + name_of<T>());
  check(bits_agree, std::string("bits into ") + name_of<T>());
  check(bytes_agree, std::string("bytes into ") + name_of<T>());
  check(floats_agree, std::string("float into and out of ") + name_of<T>());
}

// --- 16 bits --------------------------------------------------------------------------------------------

template <class S> void check_storage() {
  constexpr int width = spark::detail::register_width<float>;
  using V = Lanes<float, width>;
  bool loads = true, stores = true, rounds = true;
  S narrow[std::size_t{width}];
  float wide[std::size_t{width}];
  for (std::uint32_t bits = 0; bits < 0x10000; bits += static_cast<std::uint32_t>(width)) {
    for (int i = 0; i < width; ++i)
      narrow[i] = Eigen::numext::bit_cast<S>(static_cast<std::uint16_t>(bits + static_cast<std::uint32_t>(i)));
    V::load(&narrow[0]).store(&wide[0]);
    for (int i = 0; i < width; ++i) {
      loads &= agree(wide[i], spark::detail::widen(narrow[i]));
      loads &= agree(wide[i], static_cast<float>(narrow[i]));
    }
    V::load(&wide[0]).store(&narrow[0]);
    for (int i = 0; i < width; ++i) {
      const auto was = static_cast<std::uint16_t>(bits + static_cast<std::uint32_t>(i));
      stores &= spark::detail::is_nan(wide[i]) ? spark::detail::is_nan(spark::detail::widen(narrow[i]))
                                               : Eigen::numext::bit_cast<std::uint16_t>(narrow[i]) == was;
    }
  }
  const spark::detail::Stochastic random{42, 7};
  for (std::uint32_t step = 0; step < 100000; ++step) {
    // all exponents, and the numbers on and around which both formats round
    for (int i = 0; i < width; ++i) {
      const std::uint32_t n = step * static_cast<std::uint32_t>(width) + static_cast<std::uint32_t>(i);
      const std::uint32_t mantissa = n % 3 == 0 ? (n * 0x1000u) & 0x7fffffu : (n * 2654435761u) & 0x7fffffu;
      wide[i] = Eigen::numext::bit_cast<float>((n * 40503u) % 256u << 23 | mantissa | (n & 1u) << 31);
    }
    V::load(&wide[0]).store(&narrow[0]);
    S dithered[std::size_t{width}];
    random.dither<S>(V::load(&wide[0]), 1, Index(step), 3).store(&dithered[0]);
    for (int i = 0; i < width; ++i) {
      stores &= agree(narrow[i], spark::detail::narrow<S>(wide[i]));
      stores &= agree(narrow[i], static_cast<S>(wide[i]));
      const auto one = random.dither<S>(Lanes<float, 1>(wide[i]), 1, Index(step) + i, 3).number();
      rounds &= agree(dithered[i], spark::detail::narrow<S>(one));
    }
  }
  const std::string format = std::is_same<S, Eigen::half>::value ? "half" : "bfloat16";
  check(loads, "registers load " + format + " as Eigen does");
  check(stores, "registers store " + format + " as Eigen does");
  check(rounds, "registers round " + format + " at random as single numbers do");
}

// --- tracers --------------------------------------------------------------------------------------------

// Calls f with few tracers that have between them every storage, both integrations and every kind of coefficients:
// what takes long is to compile them.
template <class F> void for_each_tracer(F f) {
  constexpr Index size = 203;
  using Eigen::bfloat16, Eigen::half;
  spark::Options options, stochastic;
  options.seed = stochastic.seed = 7;
  stochastic.rounding = spark::Rounding::Stochastic;
  const Eigen::ArrayXf taus = Eigen::ArrayXf::LinSpaced(size, 3.0f, 40.0f);
  f(spark::Tracer<Eigen::ArrayXf>(size, 20, 0.7, 0.1, options), "float");
  f(spark::Tracer<Eigen::ArrayXf>(size, 20, options), "float_at_zero");
  f(spark::Tracer<Eigen::ArrayXf>(size, taus, options), "float_arrays");
  f(spark::RUTracer<Eigen::ArrayXf>(size, 80, 30, 0.3, options), "float_RU");
  f(spark::DoubleTracer<Eigen::ArrayXd, spark::Exact>(size, 5, 20, 0.8, 0.25, options), "double");
  f(spark::Tracer<Vector<half>>(size, 20, options), "half");
  f(spark::Tracer<Vector<half>>(size, 20, stochastic), "half_stochastic");
  f(spark::SaturableTracer<Vector<bfloat16>, spark::Exact>(size, 20, 0.7, 0.1, options), "bfloat16");
  f(spark::SaturableTracer<Vector<bfloat16>, spark::Exact>(size, 20, stochastic), "bfloat16_stochastic");
}
template <class Tracer> bool same_states(const Tracer& a, const Tracer& b) {
  bool all = true;
  spark::detail::for_each_index<Tracer::states>(
      [&](auto j) { all &= same(a.template state<j>(), b.template state<j>()); });
  return all;
}

bool spiked(Index i, Index k) { return spark::detail::mix(static_cast<std::uint64_t>(i * 1000 + k)) % 8 == 0; }

// The same steps by all kinds of input, bit for bit.
void check_inputs() {
  for_each_tracer([&](auto tracer, const char* name) {
    using S = typename decltype(tracer)::Scalar;
    using Number = typename decltype(tracer)::Number;
    const Index size = tracer.size(), steps = 70;
    auto numbers = tracer, flags = tracer, bits = tracer, lists = tracer, viewed = tracer;
    const bool nearest = tracer.rounding() == spark::Rounding::Nearest;
    bool outputs = true;
    for (Index k = 0; k < steps; ++k) {
      Eigen::Array<bool, Eigen::Dynamic, 1> x(size);
      std::vector<std::uint64_t> words(4);
      std::vector<int> fired;
      for (Index i = 0; i < size; ++i) {
        x[i] = spiked(i, k);
        if (!x[i]) continue;
        words[static_cast<std::size_t>(i / 64)] |= std::uint64_t{1} << i % 64;
        fired.push_back(static_cast<int>(i));
      }
      const Vector<Number> dense = x.template cast<Number>();
      const Vector<S> output = numbers(dense);
      flags(x);
      bits(spark::spike_bits(words, size));
      lists(spark::spikes(fired));
      if (!nearest) continue;
      const auto on = viewed.view();
      for (Index i = 0; i < size; ++i) outputs &= agree(spark::detail::narrow<S>(on.step(i, x[i])), output[i]);
    }
    const auto tell = [&](const char* input) { return std::string(name) + ": " + input; };
    check(same_states(numbers, flags), tell("bool"));
    check(same_states(numbers, bits), tell("bits"));
    check(same_states(numbers, lists), tell("lists"));
    check(!nearest || same_states(numbers, viewed), tell("its view"));
    check(outputs, tell("output of its view"));
  });
}

// Two hundred steps by the formulas, in long double, and silence in closed form against steps.
void check_laws() {
  constexpr Index size = 19;
  using L = long double;
  const auto near = [](auto a, L b) {
    return std::abs(static_cast<L>(a) - b) <= 128 * static_cast<L>(std::numeric_limits<decltype(a)>::epsilon());
  };
  spark::Tracer<Eigen::ArrayXf> one(size, 20, 0.7, 0.1);
  spark::DoubleTracer<Eigen::ArrayXd, spark::Exact> two(size, 5, 20, 0.8, 0.25);
  spark::RUTracer<Eigen::ArrayXf> ru(size, 80, 30, 0.3);
  std::vector<L> a(size, 0.1L), t1(size), t2(size), r(size, 1), u(size);
  const L keep_1 = std::exp(-1 / L(5)), keep_2 = std::exp(-1 / L(20));
  const L feed = 0.25L * (keep_2 - keep_1) / (1 / L(5) - 1 / L(20));
  bool holds_one = true, holds_two = true, holds_ru = true;
  for (int k = 0; k < 200; ++k) {
    Eigen::ArrayXf x(size);
    for (Index i = 0; i < size; ++i) x[i] = spiked(i, k) ? 1.0f : 0.0f;
    one(x);
    two(x.cast<double>().eval());
    const Eigen::ArrayXf release = ru(x);
    for (Index i = 0; i < size; ++i) {
      const auto n = static_cast<std::size_t>(i);
      const L s = static_cast<L>(x[i]);
      a[n] += (0.1L - a[n]) / 20 + 0.7L * s;
      t2[n] = t2[n] * keep_2 + feed * t1[n];
      t1[n] = t1[n] * keep_1 + 0.8L * s;
      u[n] += -u[n] / 30 + (1 - u[n]) * 0.3L * s;
      const L out = u[n] * r[n];
      r[n] += (1 - r[n]) / 80 - out * s;
      holds_one &= near(one.trace()[i], a[n]);
      holds_two &= near(two.trace_1()[i], t1[n]) && near(two.trace_2()[i], t2[n]);
      holds_ru &= near(ru.trace_R()[i], r[n]) && near(ru.trace_U()[i], u[n]) && near(release[i], out);
    }
  }
  check(holds_one, "Tracer follows its formula");
  check(holds_two, "DoubleTracer follows its formula");
  check(holds_ru, "RUTracer follows its formulas");

  for_each_tracer([&](auto tracer, const char* name) {
    using Number = typename decltype(tracer)::Number;
    if (spark::detail::is_16_bit<typename decltype(tracer)::Scalar>) return;  // rounds in each step
    tracer(Vector<Number>::LinSpaced(tracer.size(), Number(0), Number(1)).eval());
    auto stepped = tracer;
    tracer.advance(37);
    for (int k = 0; k < 37; ++k) stepped(Vector<Number>::Zero(tracer.size()).eval());
    const Vector<Number> closed = tracer.value().template cast<Number>();
    const Vector<Number> open = stepped.value().template cast<Number>();
    bool equal = true;
    for (Index i = 0; i < tracer.size(); ++i) equal &= near(closed[i], static_cast<L>(open[i]));
    check(equal, std::string(name) + ": silence in closed form");
  });

  // what must not spread, and what must vanish
  using Clipped = spark::SaturableTracer<Vector<Eigen::bfloat16>, spark::Exact>;
  Clipped clipped(size, 20, 0.7, 0.1);
  Eigen::ArrayXf x = Eigen::ArrayXf::Zero(size);
  x[3] = std::numeric_limits<float>::quiet_NaN();
  clipped(x);
  bool kept = true;
  for (Index i = 0; i < size; ++i) kept &= spark::detail::is_nan(spark::detail::widen(clipped.trace()[i])) == (i == 3);
  check(kept, "a clip keeps a NaN, in its element");
  spark::Tracer<Eigen::ArrayXf> fading(size, 2);
  fading(Eigen::ArrayXf::Ones(size).eval());
  for (int k = 0; k < 500; ++k) fading(Eigen::ArrayXf::Zero(size).eval());
  check((fading.trace() == 0.0f).all(), "a trace ends at 0");
}

void check_events() {
  using Trace = spark::DoubleTracer<Eigen::ArrayXd, spark::Exact>;
  constexpr Index size = 11;
  Trace dense(size, 5, 20);
  spark::EventDriven<Trace> events(Trace(size, 5, 20));
  for (int k = 0; k < 100; ++k) {
    std::vector<int> fired;
    for (Index i = 0; i < size; ++i)
      if (spiked(i, k)) fired.push_back(static_cast<int>(i));
    dense(spark::spikes(fired));
    events(spark::spikes(fired));
  }
  const Eigen::ArrayXd value = events.value();
  check((value - dense.value()).abs().maxCoeff() < 1e-13, "events follow dense steps");
}

// --- files ----------------------------------------------------------------------------------------------

template <class Tracer> std::string bytes_of(const Tracer& tracer) {
  std::ostringstream stream;
  spark::save(stream, tracer);
  return stream.str();
}
template <class Tracer> void go_on(Tracer& tracer) {
  Vector<spark::detail::Compute<typename Tracer::Scalar>> x(tracer.size());
  for (Index k = 0; k < 100; ++k) {
    for (Index i = 0; i < x.size(); ++i) x[i] = spiked(i, k) ? 1 : 0;
    tracer(x);
  }
}
void check_files() {
  for_each_tracer([](auto tracer, const std::string& file) {
    go_on(tracer);
    std::istringstream stream(bytes_of(tracer));
    auto loaded = spark::load<decltype(tracer)>(stream);
    go_on(tracer);
    go_on(loaded);
    check(same_states(tracer, loaded), file + " goes on after loading");
  });
}

void write_files(const std::string& folder) {
  for_each_tracer([&](auto tracer, const std::string& file) {
    go_on(tracer);
    spark::save(folder + "/" + file + ".spark", tracer);
    go_on(tracer);
    spark::save(folder + "/" + file + ".later.spark", tracer);
    ++checks;
  });
}
// Equal bits are asked for where both machines fuse multiply and add, else a few units in the last place.
void read_files(const std::string& folder, bool equal_bits) {
  for_each_tracer([&](auto like, const std::string& file) {
    using Tracer = decltype(like);
    auto tracer = spark::load<Tracer>(folder + "/" + file + ".spark");
    const auto later = spark::load<Tracer>(folder + "/" + file + ".later.spark");
    go_on(tracer);
    check(tracer.clock() == later.clock() && tracer.seed() == later.seed(), file + " has the same clock and seed");
    bool equal = true;
    const double unit = static_cast<double>(std::numeric_limits<typename Tracer::Scalar>::epsilon());
    spark::detail::for_each_index<Tracer::states>([&](auto j) {
      for (Index i = 0; i < tracer.size(); ++i) {
        const auto a = tracer.template state<j>()[i], b = later.template state<j>()[i];
        equal &= equal_bits ? agree(a, b)
                            : std::abs(static_cast<double>(a) - static_cast<double>(b)) <=
                                  (file.find("stochastic") == std::string::npos ? 8 : 16) * unit *
                                      std::max(1.0, std::abs(static_cast<double>(b)));
      }
    });
    check(equal, file + " goes on as on the machine that wrote it");
  });
}

}  // namespace

int main(int argc, char** argv) {
  const std::string task = argc > 1 ? argv[1] : "check";
  if (task == "save" && argc == 3) {
    write_files(argv[2]);
  } else if (task == "load" && argc >= 3) {
    read_files(argv[2], argc == 4);
  } else {
    check_registers<float>();
    check_registers<double>();
    check_storage<Eigen::half>();
    check_storage<Eigen::bfloat16>();
    check_inputs();
    check_laws();
    check_events();
    check_files();
  }
  std::printf("%s: %d of %d checks failed; registers of %d float and %d double, %s\n", task.c_str(), failures, checks,
              spark::detail::register_width<float>, spark::detail::register_width<double>,
              spark::detail::fused_multiply_add ? "fused multiply-add" : "no fused multiply-add");
  return failures == 0 ? 0 : 1;
}
