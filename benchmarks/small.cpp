// Populations of a few elements, where a call should cost what its arithmetic costs: against the plain loop that a user
// would write, compiled with the flags of this file.
#include <memory>
#include <utility>
#include <vector>

#include "harness.hpp"
#include "subjects.hpp"

namespace bench {
namespace {

// A step of each loop: element i has input x(i), or `nothing`. Parameters are copied, since a compiler that sees a
// float stored must think that any float of an object changed.
struct Nobody {
  float operator()(Index) const { return 0; }
};

struct TracerLoop {
  static constexpr const char* name = "Tracer";
  using Library = spark::Tracer<Eigen::ArrayXf>;
  static Library library(Index n) { return {n, 20}; }

  Eigen::ArrayXf trace;

  explicit TracerLoop(Index n) : trace(Eigen::ArrayXf::Zero(n)) {}
  template <class X>
  void step(X x) {
    float* const t = trace.data();
    const float decay = decay_, scale = scale_;
    for (Index i = 0, n = trace.size(); i < n; ++i) t[i] += scale * x(i) - decay * t[i];
  }
  void spike(Index i) {
    step(Nobody());
    trace[i] += scale_;
  }
  const Eigen::ArrayXf& output() const { return trace; }

 private:
  float decay_ = 1 / 20.0f, scale_ = 1;
};

struct DoubleTracerLoop {
  static constexpr const char* name = "DoubleTracer";
  using Library = spark::DoubleTracer<Eigen::ArrayXf>;
  static Library library(Index n) { return {n, 20, 35}; }

  Eigen::ArrayXf trace_1, trace_2;

  explicit DoubleTracerLoop(Index n) : trace_1(Eigen::ArrayXf::Zero(n)), trace_2(Eigen::ArrayXf::Zero(n)) {}
  template <class X>
  void step(X x) {
    float* const t_1 = trace_1.data();
    float* const t_2 = trace_2.data();
    const float decay_1 = decay_1_, decay_2 = decay_2_, scale_1 = scale_1_, scale_2 = scale_2_;
    for (Index i = 0, n = trace_1.size(); i < n; ++i) {
      t_1[i] += scale_1 * x(i) - decay_1 * t_1[i];
      t_2[i] += scale_2 * t_1[i] - decay_2 * t_2[i];
    }
  }
  void spike(Index i) {
    step(Nobody());
    trace_1[i] += scale_1_;
    trace_2[i] += scale_1_ * scale_2_;
  }
  const Eigen::ArrayXf& output() const { return trace_2; }

 private:
  float decay_1_ = 1 / 20.0f, decay_2_ = 1 / 35.0f, scale_1_ = 1, scale_2_ = 1;
};

struct RUTracerLoop {
  static constexpr const char* name = "RUTracer";
  using Library = spark::RUTracer<Eigen::ArrayXf>;
  static Library library(Index n) { return {n, 35, 20, 0.5}; }

  Eigen::ArrayXf R, U, release;

  explicit RUTracerLoop(Index n) : R(Eigen::ArrayXf::Ones(n)), U(Eigen::ArrayXf::Zero(n)), release(n) {}
  template <class X>
  void step(X x) {
    float* const r = R.data();
    float* const u = U.data();
    float* const out = release.data();
    const float decay_R = decay_R_, decay_U = decay_U_, scale = scale_;
    for (Index i = 0, n = R.size(); i < n; ++i) {
      const float in = x(i);
      u[i] += (1 - u[i]) * scale * in - decay_U * u[i];
      out[i] = u[i] * r[i];
      r[i] += decay_R * (1 - r[i]) - out[i] * in;
    }
  }
  void spike(Index i) {
    U[i] += (1 - U[i]) * scale_ / (1 - decay_U_);  // before it decays, enlarged by what it is about to lose
    step(Nobody());
    R[i] -= release[i];
  }
  const Eigen::ArrayXf& output() const { return release; }

 private:
  float decay_R_ = 1 / 35.0f, decay_U_ = 1 / 20.0f, scale_ = 0.5f;
};

/// Every third element spikes, in the first three forms; in a list just one.
struct Spikes {
  Array<bool> bools;
  Array<float> floats;
  std::vector<std::uint64_t> words;
  std::vector<int> one;

  explicit Spikes(Index n)
      : bools(Array<bool>::NullaryExpr(n, [](Index i) { return i % 3 == 0; })),
        floats(bools.cast<float>()),
        words(static_cast<std::size_t>((n + 63) / 64)),
        one{static_cast<int>(n / 2)} {
    for (Index i = 0; i < n; i += 3) words[static_cast<std::size_t>(i / 64)] |= std::uint64_t{1} << i % 64;
  }
};

template <class Loop, class Library, class Step>
void compare(Group& group, Index n, const char* input, Library library_step, Step loop_step) {
  const auto library = std::make_shared<typename Loop::Library>(Loop::library(n));
  const auto loop = std::make_shared<Loop>(n);
  for (int k = 0; k < 3; ++k) {
    library_step(*library);
    loop_step(*loop);
  }
  const Eigen::ArrayXf output = library_step(*library);
  loop_step(*loop);
  require_equal(Loop::name, static_cast<double>((output - loop->output()).abs().maxCoeff()));

  const std::string name = input;
  group.time(name + " library", [=] {
    decltype(auto) result = library_step(*library);
    benchmark::DoNotOptimize(&result);
  });
  group.time<FlushToZero>(name + " loop", [=] { loop_step(*loop); });
  group.ratio(table::small, Loop::name + (", " + name), std::to_string(n), name + " library", name + " loop");
}

template <class Loop>
void compare(Index n) {
  add_group(std::string("small/") + Loop::name + "/" + std::to_string(n), 3, [=](Group& group) {
    const auto s = std::make_shared<Spikes>(n);
    const bool* const bools = s->bools.data();
    const float* const floats = s->floats.data();
    const std::uint64_t* const words = s->words.data();
    using Library = typename Loop::Library;
    const auto compare_with = [&](const char* input, auto library_step, auto loop_step) {
      compare<Loop>(group, n, input, library_step, loop_step);
    };
    compare_with(
        "bool", [=](Library& t) -> decltype(auto) { return t(s->bools); },
        [=](Loop& t) { t.step([=](Index i) { return static_cast<float>(bools[i]); }); });
    compare_with(
        "float", [=](Library& t) -> decltype(auto) { return t(s->floats); },
        [=](Loop& t) { t.step([=](Index i) { return floats[i]; }); });
    compare_with(
        "bits", [=](Library& t) -> decltype(auto) { return t(spark::spike_bits(words, n)); },
        [=](Loop& t) { t.step([=](Index i) { return static_cast<float>(words[i / 64] >> i % 64 & 1); }); });
    compare_with(
        "list of one", [=](Library& t) -> decltype(auto) { return t(spark::spikes(s->one)); },
        [=](Loop& t) {
          for (const int i : s->one) t.spike(i);
        });
    compare_with(
        "advance(1)",
        [=](Library& t) -> decltype(auto) {
          t.advance(1);
          return t.value();
        },
        [=](Loop& t) { t.step(Nobody()); });
  });
}

const Registration registration([] {
  for (const Index n : {1, 8, 10, 37, 100, 300}) {
    compare<TracerLoop>(n);
    compare<DoubleTracerLoop>(n);
    compare<RUTracerLoop>(n);
  }
});

}  // namespace
}  // namespace bench
