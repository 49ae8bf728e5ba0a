// What every tracer obeys, whatever its class, scalar, shape and integration.
#include "support/property.hpp"

using namespace suite;

namespace {

// All states and the value, element by element.
auto seen(const Fixture& s, const Subject& subject) { return std::pair(states_of(s, subject), subject.value()); }

void starts_at_base(const Fixture& s, const Setup& setup, Verdict& verdict) {
  const auto subject = s.make(setup);
  verdict.expect(subject->size() == s.size(), "size");
  verdict.expect(subject->dt() == setup.dt, "dt");
  const auto [states, value] = seen(s, *subject);
  for (Index i = 0; i < s.size(); ++i) {
    const Reference r = s.reference(setup, i);
    verdict.expect(states[at(i)] == r.start(), "starts at its base");
    verdict.expect(value[at(i)] == r.value(r.start()), "value at the start");
  }
}

void follows_its_recurrence(const Fixture& s, const Setup& setup, Verdict& verdict) {
  Random random(7);
  References references(s, setup, verdict);
  for (int k = 0; k < 60; ++k) {
    const auto output = references.step(k % 7 == 6 ? silence(s) : some_input(s, random));
    if (s.recurrence != Recurrence::release)
      verdict.expect(output == references.subject->value(), "a step returns the new value");
  }
}

void resets_to_base(const Fixture& s, const Setup& setup, Verdict& verdict) {
  Random random(8);
  const auto fresh = s.make(setup), subject = s.make(setup);
  for (int k = 0; k < 9; ++k) subject->step(some_input(s, random));
  verdict.expect(!subject->same_state(*fresh), "input must change the state");

  std::vector<bool> mask(at(s.size()));
  for (auto&& bit : mask) bit = random.chance(0.4);
  mask[0] = true, mask[1] = false;
  const auto before = seen(s, *subject), base = seen(s, *fresh);
  subject->masked_reset(std::vector<bool>(at(s.size()), false));
  verdict.expect(seen(s, *subject) == before, "an empty mask changes nothing");
  subject->masked_reset(mask);
  const auto after = seen(s, *subject);
  for (std::size_t i = 0; i < mask.size(); ++i) {
    const auto& [states, value] = mask[i] ? base : before;
    verdict.expect(after.first[i] == states[i] && after.second[i] == value[i], "masked_reset");
  }
  subject->reset();
  verdict.expect(subject->same_state(*fresh), "reset returns to the start");
}

void set_dt_keeps_the_state(const Fixture& s, const Setup& setup, Verdict& verdict) {
  Random random(9);
  References references(s, setup, verdict);
  const Subject& subject = *references.subject;
  for (double dt : {setup.dt, setup.dt / 2, setup.dt}) {
    const auto before = seen(s, subject);
    references.set_dt(dt);
    verdict.expect(seen(s, subject) == before, "set_dt keeps the state");
    verdict.expect(subject.dt() == dt, "dt() after set_dt");
    for (int k = 0; k < 10; ++k) references.step(some_input(s, random));
  }
}

void advance_is_silent_steps(const Fixture& s, const Setup& setup, Verdict& verdict) {
  Random random(10);
  References references(s, setup, verdict);
  for (Index n : {0, 1, 2, 7, 50, 0, 13}) {
    references.step(some_input(s, random));
    const auto before = references.subject->copy();
    n > 0 ? references.advance(n) : references.subject->advance(0);
    verdict.expect(n > 0 || references.subject->same_state(*before), "advance(0) changes nothing");
  }
}

void is_a_value(const Fixture& s, const Setup& setup, Verdict& verdict) {
  Random random(11);
  const auto original = s.make(setup);
  for (int k = 0; k < 5; ++k) original->step(some_input(s, random));
  const auto frozen = original->copy();
  verdict.expect(frozen->same_state(*original), "a copy equals its original");

  const Inputs x = some_input(s, random), y = some_input(s, random);
  const auto expected = original->step(x);
  const auto then = original->step(y);
  verdict.expect(!frozen->same_state(*original), "a copy shares nothing");
  const auto continues = [&](Subject& t, const char* what) {  // like the original
    verdict.expect(t.step(x) == expected && t.step(y) == then && t.same_state(*original), what);
  };
  continues(*frozen->copy(), "a copy");
  const auto source = frozen->copy(), self = frozen->copy(), assigned = s.make(setup), target = s.make(setup);
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

void is_linear_in_the_input(const Fixture& s, const Setup& given, Verdict& verdict) {
  if (!is_linear(s.recurrence)) return;
  const Setup setup = around_zero(s, given);
  Random random(15);
  const auto a = s.make(setup), b = s.make(setup), sum = s.make(setup);
  real largest = 0;
  for (int k = 1; k <= 40; ++k) {
    const Inputs x = some_input(s, random), y = some_input(s, random);
    Inputs both = silence(s);
    for (std::size_t i = 0; i < both.size(); ++i) both[i] = 2 * x[i] - 0.5 * y[i];
    const auto va = a->step(x), vb = b->step(y), vs = sum->step(both);
    for (std::size_t i = 0; i < both.size(); ++i) {
      largest = std::max({largest, std::abs(va[i]), std::abs(vb[i]), std::abs(vs[i])});
      const real want = 2 * va[i] - 0.5L * vb[i];
      verdict.expect_close(vs[i], want, 0, 4 * (k + 8) * s.eps * (1 + largest), "linearity");
    }
  }
}

// Without a base, silence before the first spike leaves no mark: not even one bit.
void is_time_invariant(const Fixture& s, const Setup& given, Verdict& verdict) {
  const Setup setup = around_zero(s, given);
  const auto now = s.make(setup), later = s.make(setup);
  for (int k = 0; k < 37; ++k) later->step(silence(s));
  later->advance(1000);
  Random random(16);
  for (int k = 0; k < 20; ++k) {
    const Inputs x = some_input(s, random);
    now->step(x), later->step(x);
  }
  verdict.expect(now->same_state(*later), "a delayed input gives a delayed trace");
}

// A single trace around base b is the trace around 0, shifted by b.
void base_shifts_the_trace(const Fixture& s, const Setup& setup, Verdict& verdict) {
  if (s.recurrence != Recurrence::leaky && s.recurrence != Recurrence::nearest) return;
  const auto shifted = s.make(setup), plain = s.make(around_zero(s, setup));
  Random random(17);
  for (int k = 1; k <= 40; ++k) {
    const Inputs x = some_input(s, random);
    const auto a = shifted->step(x), b = plain->step(x);
    for (Index i = 0; i < s.size(); ++i)
      verdict.expect(std::abs(a[at(i)] - s.parameter(setup, 2, i) - b[at(i)]) <= 2 * (k + 8) * s.eps * 8,
                     "base shifts the trace");
  }
}

void set_state_writes_it(const Fixture& s, const Setup& setup, Verdict& verdict) {
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

// One physical system in steps of dt: what spikes at multiples of 2 have left at 51.
struct AtTheEnd {
  std::vector<real> got, solution;  // the states and the value

  AtTheEnd(const Fixture& s, double dt) {
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
    for (int k = 0; k < count_states(s.recurrence); ++k)
      got.push_back(subject->state(k)[0]), solution.push_back(state[at(k)]);
    got.push_back(subject->value()[0]), solution.push_back(r.value(state));
  }
};

// But for the clip of a cascade, which acts once a step.
void exact_at_any_step(const Fixture& s, const Setup&, Verdict& verdict) {
  if (!s.exact || s.is_16_bit()) return;
  const auto want = AtTheEnd(s, 0x1p-8).solution;
  for (double dt : {1.0, 0.25, 0.125, 0.03125, 0x1p-8}) {
    const real tolerance = s.recurrence == Recurrence::clipped_cascade ? 0.8L * dt : 4500 * s.eps;
    const auto got = AtTheEnd(s, dt).got;
    for (std::size_t k = 0; k < got.size(); ++k)
      verdict.expect_close(got[k], want[k], tolerance, 0, "number " + std::to_string(k) + ", dt " + show(dt));
  }
}

void euler_converges(const Fixture& s, const Setup&, Verdict& verdict) {
  if (s.exact || s.eps > 1e-10L) return;
  const auto want = AtTheEnd(s, 0x1p-8).solution;
  std::vector<real> last(want.size());
  for (double dt : {0.25, 0.125, 0.0625, 0.03125, 0x1p-6, 0x1p-7, 0x1p-8}) {
    const auto got = AtTheEnd(s, dt).got;
    for (std::size_t k = 0; k < got.size(); ++k) {
      const std::string what = "number " + std::to_string(k) + ", dt " + show(dt);
      const real error = std::abs(got[k] - want[k]), before = std::exchange(last[k], error);
      verdict.expect_close(got[k], want[k], 0, 0.4L * dt * std::max(1.0L, want[k]), what);
      if (dt < 0.05 && s.recurrence != Recurrence::clipped_cascade)
        verdict.expect_close(before / error, 2, 0, 0.15L, "half the step, half the error: " + what);
    }
  }
}

}  // namespace

TEST_CASE("a tracer starts at base") { check_property(starts_at_base); }
TEST_CASE("a tracer follows its recurrence") { check_property(follows_its_recurrence); }
TEST_CASE("every reset returns to base") { check_property(resets_to_base); }
TEST_CASE("set_dt keeps the state") { check_property(set_dt_keeps_the_state); }
TEST_CASE("advance is silent steps") { check_property(advance_is_silent_steps); }
TEST_CASE("a tracer is a value") { check_property(is_a_value); }
TEST_CASE("the response is linear in the input") { check_property(is_linear_in_the_input); }
TEST_CASE("a delayed input gives a delayed trace") { check_property(is_time_invariant); }
TEST_CASE("base shifts the trace") { check_property(base_shifts_the_trace); }
TEST_CASE("set_trace writes the state") { check_property(set_state_writes_it); }
TEST_CASE("Exact does not depend on the time step") { check_property(exact_at_any_step, false); }
TEST_CASE("Euler converges to Exact with order 1") { check_property(euler_converges, false); }
