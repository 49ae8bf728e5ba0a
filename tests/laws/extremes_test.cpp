// What holds of every tracer at the edges of its numbers: bounds, NaN, infinity, and next to 0.
#include <spark/tracers.hpp>

#include "support/property.hpp"

using namespace suite;

namespace {

constexpr double inf = HUGE_VAL;

void stays_in_range(const Fixture& s, const Setup& setup, Verdict& verdict) {
  if (!is_clipped(s.recurrence) && s.recurrence != Recurrence::release) return;
  static constexpr double hostile[] = {0, 1, 1, 2, -1, 0.5, 1e3, -1e3, 60000, -60000, 1e-7, inf, -inf};
  Random random(12);
  const auto subject = s.make(setup);
  for (int k = 0; k < 200; ++k) {
    Inputs x = silence(s);
    for (double& v : x) v = hostile[random.below(13)];
    const auto output = subject->step(x);
    const auto got = states_of(s, *subject);
    for (std::size_t i = 0; i < x.size(); ++i)
      for (real v : {got[i][0], got[i][1], got[i][2], got[i][3], output[i]})
        verdict.expect(v >= 0 && v <= 1,
                       [&] { return "a state or output is " + show(v) + " after x = " + show(x[i]); });
    if (k % 9 == 8) subject->advance(k);
  }
}

void nan_stays_in_its_element(const Fixture& s, const Setup& setup, Verdict& verdict) {
  Random random(13);
  const Index sick = 5;
  const auto subject = s.make(setup), healthy = s.make(setup);
  for (int k = 0; k < 8; ++k) {
    Inputs x = some_input(s, random);
    healthy->step(x);
    if (k == 2) x[sick] = std::nan("");
    subject->step(x);
    const auto value = subject->value(), want = healthy->value();
    for (Index i = 0; i < s.size(); ++i) verdict.expect(i == sick || value[at(i)] == want[at(i)], "NaN spreads");
  }
  if (is_linear(s.recurrence)) verdict.expect(std::isnan(subject->value()[sick]), "NaN in, NaN out");
  std::vector<bool> mask(at(s.size()));
  mask[sick] = true;
  subject->masked_reset(mask);
  healthy->masked_reset(mask);
  const Inputs x = some_input(s, random);
  subject->step(x), healthy->step(x);
  verdict.expect(subject->same_state(*healthy), "masked_reset cures a NaN");
}

// Long silence, then tiny inputs: no trace may enter the subnormal range, where processors crawl.
void never_subnormal(const Fixture& s, const Setup& given, Verdict& verdict) {
  const Setup setup = around_zero(s, given);
  const auto subject = s.make(setup);
  const Inputs none = silence(s);
  subject->step(ones(s));
  // e-folds from 1 to the smallest normal number, times the longest time constant in steps
  const real range = s.eps < 1e-18L ? 11400 : s.eps < 1e-15L ? 710 : 90;
  const Index steps = static_cast<Index>(range * 40 / setup.dt);
  for (Index k = 0; k < steps; ++k) {
    subject->step(none);
    verdict.expect(!subject->any_subnormal(), [&] { return "subnormal after " + std::to_string(k) + " silent steps"; });
  }
  const auto again = s.make(setup);
  again->step(ones(s));
  for (Index n = 1; n < 4 * steps; n += n / 8 + 1) {
    again->advance(n);
    verdict.expect(!again->any_subnormal(), [&] { return "subnormal after advance(" + std::to_string(n) + ")"; });
    if (n % 3 == 0) again->reset(), again->step(ones(s));
  }
}

void tiny_inputs(const Fixture& s, const Setup& given, Verdict& verdict) {
  const Setup setup = around_zero(s, given);
  References references(s, setup, verdict);
  Random random(14);
  const double lowest = s.eps < 1e-10L ? -320 : -46;
  for (int k = 0; k < 300; ++k) {
    Inputs x = silence(s);
    for (double& v : x) {
      v = random.chance(0.3) ? 0 : std::pow(10.0, random.uniform(lowest, lowest + 25));
      // what the scalar makes of it, so that the reference sees the same number
      if (s.eps > 1e-10L) v = static_cast<double>(static_cast<float>(v));
    }
    // half and bfloat16 round such numbers in ways of their own; they are driven all the same
    s.is_16_bit() ? references.subject->step(x) : references.step(x);
    // a number that an input made subnormal may stand for one step
    const auto quiet = references.subject->copy();
    quiet->step(silence(s));
    verdict.expect(!quiet->any_subnormal(), "subnormal after tiny inputs");
  }
}

// What is left of a trace is for a long time a number that double knows and float does not, and then none at all.
void what_has_faded_stays_so(const Fixture& s, const Setup& setup, Verdict& verdict) {
  const auto start = s.make(setup);
  start->step(ones(s));
  const auto after = [&](std::int64_t n) {
    const auto subject = start->copy();
    subject->advance(n);
    return states_of(s, *subject);
  };
  // no time constant is longer than 70, and long double has up to 113 digits
  const auto n = static_cast<std::int64_t>(std::max(real(50), 5 - std::log(s.eps)) * 70 / setup.dt);
  const auto faded = after(n);
  for (std::int64_t times : {2, 3, 5, 10, 20, 50, 200, 1000000}) {
    const auto later = after(times * n);
    for (std::size_t i = 0; i < later.size(); ++i)
      for (std::size_t k = 0; k < later[i].size(); ++k)
        verdict.expect_close(later[i][k], faded[i][k], 64 * s.eps, 64 * s.eps,
                             std::to_string(n) + " silent steps, and " + std::to_string(times) + " times as many");
  }
}

// tau = infinity: nothing is ever lost, and input still arrives.
void infinite_tau_never_decays(const Fixture& s, const Setup& given, Verdict& verdict) {
  if (s.recurrence == Recurrence::rise_fast_slow || s.recurrence == Recurrence::rise_decay) return;
  Setup setup = around_zero(s, given);
  setup.parameters[0] = inf;
  if (count_states(s.recurrence) > 1) setup.parameters[1] = inf;
  References references(s, setup, verdict);
  Random random(18);
  for (int k = 0; k < 10; ++k) references.step(some_input(s, random));
  const auto before = states_of(s, *references.subject);
  references.subject->advance(1000000);
  const auto after = states_of(s, *references.subject);
  const bool coupled = s.recurrence == Recurrence::cascade || s.recurrence == Recurrence::clipped_cascade;
  for (std::size_t i = 0; i < after.size(); ++i)
    verdict.expect(coupled ? after[i][0] == before[i][0] : after[i] == before[i], "an infinite tau keeps the trace");
}

}  // namespace

TEST_CASE("bounded traces stay in range") { check_property(stays_in_range); }
TEST_CASE("NaN stays in its element") { check_property(nan_stays_in_its_element); }
TEST_CASE("no trace is ever subnormal") { check_property(never_subnormal, false); }
TEST_CASE("a step beyond every time constant") {
  spark::DoubleTracer<Eigen::ArrayXd, spark::Exact> tracer(2, 1e-300, 1e-300, 1, 1, 0.25, 0.5, {1e10});  // dt/tau = inf
  tracer(Eigen::Array2d(1, 0));
  CHECK(identical(tracer.trace_1(), Eigen::Array2d(1.25, 0.25)));
  CHECK(identical(tracer.trace_2(), Eigen::Array2d(0.5, 0.5)));
  tracer.advance(1);
  CHECK(identical(tracer.trace_1(), Eigen::Array2d(0.25, 0.25)));
  CHECK(identical(tracer.trace_2(), Eigen::Array2d(0.5, 0.5)));
}
TEST_CASE("tiny inputs are followed and leave nothing subnormal") { check_property(tiny_inputs, false); }
TEST_CASE("what has faded stays so") { check_property(what_has_faded_stays_so); }
TEST_CASE("an infinite tau never decays") { check_property(infinite_tau_never_decays); }
