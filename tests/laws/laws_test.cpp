// What every tracer obeys, whatever its class, scalar, shape and integration.
#include "support/property.hpp"

using namespace suite;

// All states and the value, element by element.
static auto seen(const Fixture& s, const Subject& subject) { return std::pair(states_of(s, subject), subject.value()); }

PROPERTY("a tracer starts at base, and every reset returns to it") {
  Random random(8);
  const auto fresh = s.make(setup), subject = s.make(setup);
  verdict.expect(fresh->size() == s.size() && fresh->dt() == setup.dt, "size and dt");
  const auto base = seen(s, *fresh);
  for (Index i = 0; i < s.size(); ++i) {
    const Reference r = s.reference(setup, i);
    verdict.expect(base.first[at(i)] == r.start(), "starts at its base");
    verdict.expect(base.second[at(i)] == r.value(r.start()), "value at the start");
  }
  for (int k = 0; k < 9; ++k) subject->step(some_input(s, random));
  verdict.expect(!subject->same_state(*fresh), "input must change the state");

  std::vector<bool> mask(at(s.size()));
  const auto before = seen(s, *subject);
  subject->masked_reset(mask);
  verdict.expect(seen(s, *subject) == before, "an empty mask changes nothing");
  for (auto&& bit : mask) bit = random.chance(0.4);
  mask[0] = true, mask[1] = false;
  subject->masked_reset(mask);
  const auto after = seen(s, *subject);
  for (std::size_t i = 0; i < mask.size(); ++i) {
    const auto& [states, value] = mask[i] ? base : before;
    verdict.expect(after.first[i] == states[i] && after.second[i] == value[i], "masked_reset");
  }
  subject->reset();
  verdict.expect(subject->same_state(*fresh), "reset returns to the start");
}

static void follows_its_recurrence(const Fixture& s, const Setup& setup, Verdict& verdict) {
  Random random(7);
  References references(s, setup, verdict);
  const Subject& subject = *references.subject;
  const auto follow = [&](int steps) {
    for (int k = 0; k < steps; ++k) {
      const auto output = references.step(k % 7 == 6 ? silence(s) : some_input(s, random));
      if (s.recurrence != Recurrence::release)
        verdict.expect(output == subject.value(), "a step returns the new value");
    }
  };
  follow(60);
  for (double dt : {setup.dt, setup.dt / 2, setup.dt}) {
    const auto before = seen(s, subject);
    references.set_dt(dt);
    verdict.expect(seen(s, subject) == before && subject.dt() == dt, "set_dt keeps the state");
    follow(10);
  }
}

PROPERTY("a tracer follows its recurrence, also after set_dt") { follows_its_recurrence(s, setup, verdict); }
// Traces that rest at 0 are stepped by kernels of their own.
PROPERTY("a tracer without bases follows its recurrence") {
  if (traits(s.recurrence).first_base != no_bases) follows_its_recurrence(s, around_zero(s, setup), verdict);
}

PROPERTY("advance is silent steps") {
  Random random(10);
  References references(s, setup, verdict);
  for (Index n : {0, 1, 2, 7, 50, 0, 13}) {
    references.step(some_input(s, random));
    const auto before = references.subject->copy();
    n > 0 ? references.advance(n) : references.subject->advance(0);
    verdict.expect(n > 0 || references.subject->same_state(*before), "advance(0) changes nothing");
  }
}

PROPERTY("a tracer is a value") {
  Random random(11);
  const auto original = s.make(setup);
  for (int k = 0; k < 5; ++k) original->step(some_input(s, random));
  const auto frozen = original->copy();
  verdict.expect(frozen->same_state(*original), "a copy equals its original");

  const Inputs x = some_input(s, random), y = some_input(s, random);
  const auto expected = original->step(x), then = original->step(y);
  verdict.expect(!frozen->same_state(*original), "a copy shares nothing");
  const auto continues = [&](Subject& t, const char* what) {  // like the original
    verdict.expect(t.step(x) == expected && t.step(y) == then && t.same_state(*original), what);
  };
  const auto source = frozen->copy(), self = frozen->copy(), assigned = s.make(setup), target = s.make(setup);
  continues(*frozen->copy(), "a copy");
  continues(*source->move(), "a moved tracer");
  source->assign(*frozen);
  continues(*source, "a moved-from tracer that was assigned to");
  assigned->assign(*frozen);
  continues(*assigned, "an assigned tracer");
  self->assign(*self);
  continues(*self, "a tracer assigned to itself");
  target->assign_moved(*frozen->copy());
  continues(*target, "a move-assigned tracer");
}

PROPERTY("set_trace writes the state") {
  References references(s, setup, verdict);
  Random random(19);
  for (int k = 0; k < count_states(s.recurrence); ++k) {
    Inputs values = silence(s);
    for (double& v : values) v = static_cast<double>(random.below(17)) / 16;
    references.subject->set_state(k, values);
    const auto got = references.subject->state(k);
    verdict.expect(std::equal(got.begin(), got.end(), values.begin(), values.end()), "set_trace writes the state");
  }
  references.take_over();
  references.step(some_input(s, random));
}

// Without a base, silence before the first spike leaves no mark: not even one bit.
PROPERTY("a delayed input gives a delayed trace") {
  const Setup zero = around_zero(s, setup);
  const auto now = s.make(zero), later = s.make(zero);
  for (int k = 0; k < 37; ++k) later->step(silence(s));
  later->advance(1000);
  Random random(16);
  for (int k = 0; k < 20; ++k) {
    const Inputs x = some_input(s, random);
    now->step(x), later->step(x);
  }
  verdict.expect(now->same_state(*later), "a delayed input gives a delayed trace");
}

// One physical system in steps of dt: what spikes at multiples of 2 have left at 51, the states and the value, and
// beside them the solution.
static auto at_the_end(const Fixture& s, double dt) {
  Reference r = s.reference({}, 0);
  r.set_dt(dt);  // changes what is proportional to dt
  Setup setup{{r.p.begin(), r.p.end()}, Style::numbers, dt};
  setup.size = 1;
  const auto subject = s.make(setup);
  r.exact = true;
  Reference::State state = r.start();
  const auto period = static_cast<int>(2 / dt);
  for (int k = 1; k <= 51 / dt; ++k) {
    const double x = k % period == 0 && (k / period) % 5 != 4 ? 1 : 0;
    subject->step(Inputs(at(subject->size()), x));
    state = r.step(state, x).state;
  }
  std::vector<real> got, solution;
  for (int k = 0; k < count_states(s.recurrence); ++k)
    got.push_back(subject->state(k)[0]), solution.push_back(state[at(k)]);
  got.push_back(subject->value()[0]), solution.push_back(r.value(state));
  return std::pair(got, solution);
}

// Exact does not depend on dt; Euler converges to it with order 1, as a clip of a cascade does, which acts once a step.
PROPERTY_BY(check_first_setup, "Exact is the solution at any step, Euler nears it with order 1") {
  if (s.exact ? s.is_16_bit() : s.eps > 1e-10L) return;
  const bool clips = s.recurrence == Recurrence::clipped_cascade;
  const auto want = at_the_end(s, 0x1p-8).second;
  std::vector<real> last(want.size());
  for (double dt : {1.0, 0.25, 0.125, 0.0625, 0.03125, 0x1p-6, 0x1p-7, 0x1p-8}) {
    const auto got = at_the_end(s, dt).first;
    for (std::size_t k = 0; k < got.size(); ++k) {
      const std::string what = "number " + std::to_string(k) + ", dt " + show(dt);
      const real error = std::abs(got[k] - want[k]), before = std::exchange(last[k], error);
      if (s.exact) verdict.expect_close(got[k], want[k], clips ? 0.8L * dt : 1000 * s.eps, 0, what);
      if (!s.exact) verdict.expect_close(got[k], want[k], 0, 0.25L * dt * std::max(1.0L, want[k]), what);
      if (!s.exact && !clips && dt < 0.05)
        verdict.expect_close(before / error, 2, 0, 0.15L, "half the step, half the error: " + what);
    }
  }
}

// --- at the edges of the numbers ---

constexpr double inf = HUGE_VAL;

PROPERTY("bounded traces stay in range") {
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

PROPERTY("NaN stays in its element") {
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
  const Inputs x = some_input(s, random);
  for (Subject* each : {subject.get(), healthy.get()}) each->masked_reset(mask), each->step(x);
  verdict.expect(subject->same_state(*healthy), "masked_reset cures a NaN");
}

// Long silence, then tiny inputs: no trace may enter the subnormal range, where processors crawl.
PROPERTY_BY(check_first_setup, "no trace is ever subnormal") {
  const Setup zero = around_zero(s, setup);
  const auto stepped = s.make(zero), advanced = s.make(zero);
  stepped->step(ones(s)), advanced->step(ones(s));
  // e-folds from 1 to the smallest normal number, times the longest time constant in steps
  const real range = s.eps < 1e-18L ? 11400 : s.eps < 1e-15L ? 710 : 90;
  const Index steps = static_cast<Index>(range * 40 / zero.dt);
  for (Index k = 0; k < steps; ++k) {
    stepped->step(silence(s));
    verdict.expect(!stepped->any_subnormal(), [&] { return "subnormal after " + std::to_string(k) + " silent steps"; });
  }
  for (Index n = 1; n < 4 * steps; n += n / 8 + 1) {
    advanced->advance(n);
    verdict.expect(!advanced->any_subnormal(), [&] { return "subnormal after advance(" + std::to_string(n) + ")"; });
    if (n % 3 == 0) advanced->reset(), advanced->step(ones(s));
  }
}

PROPERTY_BY(check_first_setup, "tiny inputs are followed and leave nothing subnormal") {
  const Setup zero = around_zero(s, setup);
  References references(s, zero, verdict);
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
PROPERTY("what has faded stays so") {
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
PROPERTY("an infinite tau never decays") {
  if (s.recurrence == Recurrence::rise_fast_slow || s.recurrence == Recurrence::rise_decay) return;
  Setup zero = around_zero(s, setup);
  zero.parameters[0] = inf;
  if (count_states(s.recurrence) > 1) zero.parameters[1] = inf;
  References references(s, zero, verdict);
  Random random(18);
  for (int k = 0; k < 10; ++k) references.step(some_input(s, random));
  const auto before = states_of(s, *references.subject);
  references.subject->advance(1000000);
  const auto after = states_of(s, *references.subject);
  const bool coupled = s.recurrence == Recurrence::cascade || s.recurrence == Recurrence::clipped_cascade;
  for (std::size_t i = 0; i < after.size(); ++i)
    verdict.expect(coupled ? after[i][0] == before[i][0] : after[i] == before[i], "an infinite tau keeps the trace");
}
