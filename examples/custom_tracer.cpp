/// custom_tracer: a tracer of one's own, and everything that the base class gives it.
///
///     trace <- trace + decay * (base - trace) + scale * x * (1 - trace)
///
/// A spike closes a share `scale` of the gap to 1, so the trace saturates softly: with base 0, inputs of 0 and 1 and
/// scale in [0, 1] it never leaves [0, 1]. Without input it is an ordinary exponential trace. So the law takes its
/// parameters, its state and the closed form of silence from `spark::Leak`, and writes a step of its own.
///
/// Each line of the output compares one form of input, or one way of stepping, with plain steps.
#include <spark/tracers.hpp>

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <thread>
#include <vector>

// A step is written once and compiled for SIMD registers and for single numbers, with and without input.
struct SoftBound : spark::Leak<spark::Euler> {
  template <class C, class S, class X> static SPARK_INLINE void step(const C& c, S& s, const X& x) {
    s.trace = leak(s.trace, c.decay, c.base, c.scale * (1 - s.trace), x);
  }
};

template <class Array> struct SoftBoundTracer : spark::BaseTracer<SoftBoundTracer<Array>, Array, SoftBound> {
  static constexpr const char* name = "SoftBoundTracer";
  using SoftBoundTracer::BaseTracer::BaseTracer;
};

namespace {

using Tracer = SoftBoundTracer<Eigen::ArrayXf>;
using Raster = Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>;  // a column for each step
using Words = Eigen::Array<std::uint64_t, Eigen::Dynamic, Eigen::Dynamic>;

constexpr int size = 1000, steps = 50;
bool all_agree = true;

void report(const char* what, bool agrees) {
  std::cout << (agrees ? "agrees   " : "DIFFERS  ") << what << '\n';
  all_agree = all_agree && agrees;
}

std::vector<int> indices(const Raster& raster, int step) {
  std::vector<int> fired;
  for (int i = 0; i < size; ++i) {
    if (raster(i, step)) fired.push_back(i);
  }
  return fired;
}

Words packed(const Raster& raster) {
  Words words = Words::Zero((size + 63) / 64, steps);
  for (int k = 0; k < steps; ++k) {
    for (int i : indices(raster, k)) words(i / 64, k) |= std::uint64_t{1} << i % 64;
  }
  return words;
}

/// What `step(tracer, k)` makes of `tracer` when it is called for each step.
template <class AnyTracer, class Step> AnyTracer stepped(AnyTracer tracer, Step step) {
  for (int k = 0; k < steps; ++k) step(tracer, k);
  return tracer;
}

void demonstrate() {
  const Raster raster = Raster::NullaryExpr(size, steps, [](auto i, auto k) { return (3 * i + 5 * k) % 77 == 0; });
  const Words words = packed(raster);
  const Eigen::ArrayXf tau = Eigen::ArrayXf::LinSpaced(size, 5.0f, 50.0f);  // a time constant for each element
  const Tracer fresh(size, tau, 0.3);

  const Tracer dense = stepped(fresh, [&](Tracer& t, int k) { t(raster.col(k)); });
  const auto same = [&](const auto& tracer) { return (tracer.value() == dense.value()).all(); };
  Eigen::ArrayXf plain = Eigen::ArrayXf::Zero(size);
  for (int k = 0; k < steps; ++k) {
    plain += (0.0f - plain) / tau + 0.3f * raster.col(k).cast<float>() * (1.0f - plain);
  }
  report("dense steps: with the recurrence in plain Eigen, up to rounding", dense.value().isApprox(plain, 1e-5f));

  report("index lists", same(stepped(fresh, [&](Tracer& t, int k) {
           const std::vector<int> fired = indices(raster, k);
           t(spark::spikes(fired));
         })));
  report("bits", same(stepped(fresh, [&](Tracer& t, int k) { t(spark::spike_bits(words.col(k).data(), size)); })));

  Tracer recorded = fresh;
  Eigen::ArrayXXf record(size, steps);
  recorded.run(raster, record);
  report("run, with a record", same(recorded) && (record.rightCols<1>() == dense.value()).all());
  Tracer packed_run = fresh;
  packed_run.run(spark::spike_bits(words, size, steps));
  report("run over a packed raster", same(packed_run));

  // Each thread takes its own elements through all steps; neither waits for the other.
  Tracer shared = fresh;
  const auto range = [&](int first, int count) {
    for (int k = 0; k < steps; ++k) shared.step(first, count, raster.col(k).segment(first, count));
  };
  std::thread other(range, 400, size - 400);
  range(0, 400);
  other.join();
  report("ranges on two threads", same(shared));

  Tracer reset = dense;
  reset.masked_reset(raster.col(0));
  report("masked_reset", (reset.value() == raster.col(0).select(0.0f, dense.value())).all());

  Tracer finer = fresh;
  finer.set_dt(0.5);
  finer.run(raster);
  Tracer fine(size, tau, 0.3, spark::Options{0.5});
  fine.run(raster);
  report("set_dt: with a tracer built for that dt", (finer.value() == fine.value()).all());

  Tracer later = dense;
  later.advance(steps);
  const Tracer silent = stepped(dense, [](Tracer& t, int) { t(Eigen::ArrayXf::Zero(size)); });
  report("advance: with silent steps, up to rounding", later.value().isApprox(silent.value(), 1e-5f));

  for (int k = 0; k < 6000; ++k) later(Eigen::ArrayXf::Zero(size));
  report("a long silence: exactly 0 at its end", (later.value() == 0.0f).all());

  spark::EventDriven events(fresh);
  for (int k = 0; k < steps; ++k) {
    const std::vector<int> fired = indices(raster, k);
    events(spark::spikes(fired));
  }
  report("event-driven, up to rounding", events.value().isApprox(dense.value(), 1e-5f));

  // The class template takes any array: 16-bit storage, or memory that belongs to the caller.
  using Half = Eigen::Array<Eigen::half, Eigen::Dynamic, 1>;
  const auto half = stepped(SoftBoundTracer<Half>(size, tau, 0.3), [&](auto& t, int k) { t(raster.col(k)); });
  report("16-bit storage, to three digits", half.value().cast<float>().isApprox(dense.value(), 2e-3f));
  Eigen::ArrayXf memory(size);
  SoftBoundTracer<Eigen::Map<Eigen::ArrayXf>> mapped({Eigen::Map<Eigen::ArrayXf>(memory.data(), size)}, tau, 0.3);
  mapped.run(raster);
  report("memory of the caller", (memory == dense.value()).all());

  try {
    Tracer(size, 0.5, 0.3);
  } catch (const std::invalid_argument& refusal) {
    std::cout << "refused  " << refusal.what() << '\n';
  }
}

}  // namespace

int main() {
  try {
    demonstrate();
  } catch (const std::exception& error) {
    std::cerr << "custom_tracer: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
  return all_agree ? EXIT_SUCCESS : EXIT_FAILURE;
}
