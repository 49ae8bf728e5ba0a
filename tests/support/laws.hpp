// What every tracer obeys, whatever its class, scalar, shape and integration.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "../catch.hpp"
#include "suite.hpp"

namespace suite {

using Inputs = std::vector<double>;

inline std::size_t at(Index i) { return static_cast<std::size_t>(i); }

inline Inputs silence(const Specimen& s) { return Inputs(at(s.size), 0.0); }
inline Inputs ones(const Specimen& s) { return Inputs(at(s.size), 1.0); }

// Spikes, graded and negative inputs; a release is defined for [0, 1].
inline Inputs some_input(const Specimen& s, Random& random) {
  static constexpr double mixed[] = {0, 0, 0, 1, 1, 0.5, 2, -0.5}, unit[] = {0, 0, 0, 1, 1, 0.5};
  Inputs x = silence(s);
  for (double& v : x) v = s.recurrence == Recurrence::release ? unit[random.below(6)] : mixed[random.below(8)];
  return x;
}

inline std::vector<Setup> every_setup(const Specimen& s) {
  std::vector<Setup> all = {
      {{}, Style::numbers, 1}, {{}, Style::arrays, 1}, {{}, Style::mixed, 0.5}, {{}, Style::numbers, 0.25}};
  if (s.two_dimensional) all.push_back({{}, Style::broadcast, 0.5});
  return all;
}

// The Reference's state of each element, taken from the subject.
inline std::vector<Reference::State> states_of(const Specimen& s, const Subject& subject) {
  std::vector<Reference::State> all(at(subject.size()));
  for (int k = 0; k < count_states(s.recurrence); ++k) {
    const std::vector<real> v = subject.state(k);
    for (std::size_t i = 0; i < v.size(); ++i) all[i][at(k)] = v[i];
  }
  return all;
}

// Runs the references of all elements beside a subject. After each step they take over the subject's
// own state, so that one step's error is seen alone.
class Companion {
 public:
  Companion(const Specimen& s, const Setup& setup, const Subject& subject) : specimen_(s), subject_(subject) {
    for (Index i = 0; i < s.size; ++i) {
      elements_.push_back(s.reference(setup, i));
      states_.push_back(elements_.back().start());
    }
    take_over();
  }
  void set_dt(double dt) {
    for (Reference& r : elements_) r.dt = dt;
  }
  void restart(Index i) { states_[at(i)] = elements_[at(i)].start(); }
  real value(Index i) const { return elements_[at(i)].value(states_[at(i)]); }
  real start_value(Index i) const { return elements_[at(i)].value(elements_[at(i)].start()); }
  const Reference& element(Index i) const { return elements_[at(i)]; }

  // n steps, of which the first has input x and the others none; the subject has done them already.
  void follow(const Inputs& x, const std::vector<real>& output, Index n, Verdict& verdict) {
    steps_ += n;
    const auto got = states_of(specimen_, subject_);
    const auto value = subject_.value();
    const real allowed = specimen_.eps * static_cast<real>(8 + n - 1);
    const auto check = [&](const char* what, Index i, real v, real want, real magnitude) {
      const real tolerance = allowed * magnitude + specimen_.guard;
      verdict.expect(std::abs(v - want) <= tolerance, [&] {
        return std::string(what) + " of element " + std::to_string(i) + " after " + std::to_string(steps_) +
               " steps: got " + show(v) + ", want " + show(want) + " within " + show(tolerance);
      });
    };
    for (Index i = 0; i < specimen_.size; ++i) {
      Reference::State state = states_[at(i)], magnitude{};
      real output_magnitude = 0, want_output = 0;
      for (Index k = 0; k < n; ++k) {
        const Reference::Step step = elements_[at(i)].step(state, k == 0 ? x[at(i)] : 0);
        state = step.state, want_output = step.output;
        for (std::size_t j = 0; j < magnitude.size(); ++j) magnitude[j] = std::max(magnitude[j], step.magnitude[j]);
        output_magnitude = std::max(output_magnitude, step.output_magnitude);
      }
      states_[at(i)] = state;
      for (int k = 0; k < count_states(specimen_.recurrence); ++k)
        check("state", i, got[at(i)][at(k)], state[at(k)], magnitude[at(k)]);
      check("value", i, value[at(i)], elements_[at(i)].value(state), output_magnitude);
      if (!output.empty()) check("output", i, output[at(i)], want_output, output_magnitude);
    }
    take_over();
  }

  void take_over() { states_ = states_of(specimen_, subject_); }

 private:
  const Specimen& specimen_;
  const Subject& subject_;
  std::vector<Reference> elements_;
  std::vector<Reference::State> states_;
  Index steps_ = 0;
};

namespace laws {

inline void starts_at_base(const Specimen& s, const Setup& setup, Verdict& verdict) {
  const auto subject = s.make(setup);
  const auto value = subject->value();
  verdict.expect(subject->size() == s.size, [] { return "size"; });
  verdict.expect(subject->dt() == setup.dt, [] { return "dt"; });
  const auto got = states_of(s, *subject);
  for (Index i = 0; i < s.size; ++i) {
    const Reference r = s.reference(setup, i);
    const auto want = r.start();
    for (int k = 0; k < count_states(s.recurrence); ++k)
      verdict.expect(got[at(i)][at(k)] == want[at(k)],
                     [&] { return "starts at " + show(got[at(i)][at(k)]) + " instead of " + show(want[at(k)]); });
    verdict.expect(value[at(i)] == r.value(want), [] { return "value at the start"; });
  }
}

inline void follows_its_recurrence(const Specimen& s, const Setup& setup, Verdict& verdict) {
  Random random(7);
  const auto subject = s.make(setup);
  Companion companion(s, setup, *subject);
  for (int k = 0; k < 60; ++k) {
    const Inputs x = k % 7 == 6 ? silence(s) : some_input(s, random);
    const auto output = subject->step(x);
    companion.follow(x, output, 1, verdict);
    if (s.recurrence != Recurrence::release)
      verdict.expect(output == subject->value(), [] { return "a step returns the new value"; });
  }
}

inline void resets_to_base(const Specimen& s, const Setup& setup, Verdict& verdict) {
  Random random(8);
  const auto fresh = s.make(setup), subject = s.make(setup);
  for (int k = 0; k < 9; ++k) subject->step(some_input(s, random));
  verdict.expect(!subject->same_state(*fresh), [] { return "input must change the state"; });

  std::vector<bool> mask(at(s.size));
  for (auto&& bit : mask) bit = random.chance(0.4);
  mask[0] = true, mask[1] = false;
  const auto before = states_of(s, *subject), base = states_of(s, *fresh);
  const auto value_before = subject->value(), value_base = fresh->value();
  subject->masked_reset(std::vector<bool>(at(s.size), false));
  verdict.expect(subject->value() == value_before, [] { return "an empty mask changes nothing"; });
  subject->masked_reset(mask);
  const auto after = states_of(s, *subject);
  const auto value = subject->value();
  for (Index i = 0; i < s.size; ++i) {
    const bool masked = mask[at(i)];
    verdict.expect(
        after[at(i)] == (masked ? base : before)[at(i)] && value[at(i)] == (masked ? value_base : value_before)[at(i)],
        [&] { return "masked_reset, element " + std::to_string(i); });
  }
  subject->reset();
  verdict.expect(subject->same_state(*fresh), [] { return "reset returns to the start"; });
}

inline void set_dt_keeps_the_state(const Specimen& s, const Setup& setup, Verdict& verdict) {
  Random random(9);
  const auto subject = s.make(setup);
  Companion companion(s, setup, *subject);
  for (double dt : {setup.dt, setup.dt / 2, setup.dt}) {
    const auto before = states_of(s, *subject);
    const auto value = subject->value();
    subject->set_dt(dt);
    companion.set_dt(dt);
    verdict.expect(states_of(s, *subject) == before && subject->value() == value,
                   [] { return "set_dt keeps the state"; });
    verdict.expect(subject->dt() == dt, [] { return "dt() after set_dt"; });
    for (int k = 0; k < 10; ++k) {
      const Inputs x = some_input(s, random);
      const auto output = subject->step(x);
      companion.follow(x, output, 1, verdict);
    }
  }
}

inline void advance_is_silent_steps(const Specimen& s, const Setup& setup, Verdict& verdict) {
  Random random(10);
  const auto subject = s.make(setup);
  Companion companion(s, setup, *subject);
  for (Index n : {0, 1, 2, 7, 50, 0, 13}) {
    const Inputs x = some_input(s, random);
    const auto output = subject->step(x);
    companion.follow(x, output, 1, verdict);
    const auto before = subject->copy();
    subject->advance(n);
    if (n == 0)
      verdict.expect(subject->same_state(*before), [] { return "advance(0) changes nothing"; });
    else
      companion.follow(silence(s), {}, n, verdict);
  }
}

inline void is_a_value(const Specimen& s, const Setup& setup, Verdict& verdict) {
  Random random(11);
  const auto original = s.make(setup);
  for (int k = 0; k < 5; ++k) original->step(some_input(s, random));
  const auto frozen = original->copy();
  verdict.expect(frozen->same_state(*original), [] { return "a copy equals its original"; });

  const Inputs x = some_input(s, random), y = some_input(s, random);
  const auto expected = original->step(x);
  const auto then = original->step(y);
  verdict.expect(!frozen->same_state(*original), [] { return "a copy shares nothing"; });
  const auto continues = [&](Subject& t, const char* what) {
    verdict.expect(t.step(x) == expected && t.step(y) == then && t.same_state(*original),
                   [&] { return std::string(what) + " continues like the original"; });
  };
  continues(*frozen->copy(), "a copy");
  auto source = frozen->copy();
  auto moved = source->move();
  continues(*moved, "a moved tracer");
  // A moved-from object may be assigned to.
  source->assign(*frozen);
  continues(*source, "a moved-from tracer that was assigned to");
  const auto assigned = s.make(setup);
  assigned->assign(*frozen);
  const auto self = assigned->copy();
  self->assign(*self);
  continues(*assigned, "an assigned tracer");
  continues(*self, "a tracer assigned to itself");
  auto other = frozen->copy();
  const auto target = s.make(setup);
  target->assign_moved(*other);
  continues(*target, "a move-assigned tracer");
}

inline bool in_unit_range(real v) { return v >= 0 && v <= 1; }

inline void stays_in_range(const Specimen& s, const Setup& setup, Verdict& verdict) {
  if (!is_clipped(s.recurrence) && s.recurrence != Recurrence::release) return;
  constexpr double inf = std::numeric_limits<double>::infinity();
  static constexpr double hostile[] = {0, 1, 1, 2, -1, 0.5, 1e3, -1e3, 60000, -60000, 1e-7, inf, -inf};
  Random random(12);
  const auto subject = s.make(setup);
  for (int k = 0; k < 200; ++k) {
    Inputs x = silence(s);
    for (double& v : x) v = hostile[random.below(13)];
    const auto output = subject->step(x);
    const auto got = states_of(s, *subject);
    for (Index i = 0; i < s.size; ++i) {
      for (int j = 0; j < count_states(s.recurrence); ++j)
        verdict.expect(in_unit_range(got[at(i)][at(j)]), [&] {
          return "state " + std::to_string(j) + " is " + show(got[at(i)][at(j)]) + " after x = " + show(x[at(i)]);
        });
      verdict.expect(in_unit_range(output[at(i)]), [&] { return "output " + show(output[at(i)]); });
    }
    if (k % 9 == 8) subject->advance(k);
  }
}

inline void nan_stays_in_its_element(const Specimen& s, const Setup& setup, Verdict& verdict) {
  Random random(13);
  const Index sick = 5;
  const auto subject = s.make(setup), healthy = s.make(setup);
  for (int k = 0; k < 8; ++k) {
    Inputs x = some_input(s, random);
    healthy->step(x);
    if (k == 2) x[sick] = std::numeric_limits<double>::quiet_NaN();
    subject->step(x);
    const auto value = subject->value(), want = healthy->value();
    for (Index i = 0; i < s.size; ++i)
      verdict.expect(i == sick || value[at(i)] == want[at(i)], [] { return "NaN spreads"; });
  }
  if (is_linear(s.recurrence)) verdict.expect(std::isnan(subject->value()[sick]), [] { return "NaN in, NaN out"; });
  std::vector<bool> mask(at(s.size), false);
  mask[sick] = true;
  subject->masked_reset(mask);
  healthy->masked_reset(mask);
  const Inputs x = some_input(s, random);
  subject->step(x), healthy->step(x);
  verdict.expect(subject->same_state(*healthy), [] { return "masked_reset cures a NaN"; });
}

// Long silence, then tiny inputs: no trace may enter the subnormal range, where processors crawl.
inline void never_subnormal(const Specimen& s, const Setup& given, Verdict& verdict) {
  Setup setup = given;
  setup.parameters = s.without_base();
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

inline void tiny_inputs(const Specimen& s, const Setup& given, Verdict& verdict) {
  Setup setup = given;
  setup.parameters = s.without_base();
  const auto subject = s.make(setup);
  Companion companion(s, setup, *subject);
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
    const auto output = subject->step(x);
    if (s.eps < 1e-5L) companion.follow(x, output, 1, verdict);
    verdict.expect(!subject->any_subnormal(), [] { return "subnormal after tiny inputs"; });
  }
}

inline void is_linear_in_the_input(const Specimen& s, const Setup& given, Verdict& verdict) {
  if (!is_linear(s.recurrence)) return;
  Setup setup = given;
  setup.parameters = s.without_base();
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
      verdict.expect(std::abs(vs[i] - want) <= 4 * (k + 8) * s.eps * (1 + largest),
                     [&] { return "linearity: got " + show(vs[i]) + ", want " + show(want); });
    }
  }
}

// Without a base, silence before the first spike leaves no mark: not even one bit.
inline void is_time_invariant(const Specimen& s, const Setup& given, Verdict& verdict) {
  Setup setup = given;
  setup.parameters = s.without_base();
  const auto now = s.make(setup), later = s.make(setup);
  for (int k = 0; k < 37; ++k) later->step(silence(s));
  later->advance(1000);
  Random random(16);
  for (int k = 0; k < 20; ++k) {
    const Inputs x = some_input(s, random);
    now->step(x), later->step(x);
  }
  verdict.expect(now->same_state(*later), [] { return "a delayed input gives a delayed trace"; });
}

// A single trace around base b is the trace around 0, shifted by b.
inline void base_shifts_the_trace(const Specimen& s, const Setup& given, Verdict& verdict) {
  if (s.recurrence != Recurrence::leaky && s.recurrence != Recurrence::nearest) return;
  Setup setup = given, at_zero = given;
  at_zero.parameters = s.without_base();
  const auto shifted = s.make(setup), plain = s.make(at_zero);
  Random random(17);
  for (int k = 1; k <= 40; ++k) {
    const Inputs x = some_input(s, random);
    const auto a = shifted->step(x), b = plain->step(x);
    for (Index i = 0; i < s.size; ++i) {
      const real base = s.parameter(setup, 2, i);
      verdict.expect(std::abs(a[at(i)] - base - b[at(i)]) <= 2 * (k + 8) * s.eps * 8,
                     [] { return "base shifts the trace"; });
    }
  }
}

// tau = infinity: nothing is ever lost, and input still arrives.
inline void infinite_tau_never_decays(const Specimen& s, const Setup& given, Verdict& verdict) {
  const double inf = std::numeric_limits<double>::infinity();
  if (s.recurrence == Recurrence::rise_fast_slow || s.recurrence == Recurrence::rise_decay) return;
  Setup setup = given;
  setup.parameters = s.without_base();
  setup.parameters[0] = inf;
  if (s.recurrence != Recurrence::leaky && s.recurrence != Recurrence::clipped && s.recurrence != Recurrence::nearest)
    setup.parameters[1] = inf;
  const auto subject = s.make(setup);
  Companion companion(s, setup, *subject);
  Random random(18);
  for (int k = 0; k < 10; ++k) {
    const Inputs x = some_input(s, random);
    const auto output = subject->step(x);
    companion.follow(x, output, 1, verdict);
  }
  const auto before = states_of(s, *subject);
  subject->advance(1000000);
  const auto after = states_of(s, *subject);
  const bool coupled = s.recurrence == Recurrence::cascade || s.recurrence == Recurrence::clipped_cascade;
  for (Index i = 0; i < s.size; ++i)
    for (int k = 0; k < (coupled ? 1 : count_states(s.recurrence)); ++k)
      verdict.expect(after[at(i)][at(k)] == before[at(i)][at(k)], [] { return "an infinite tau keeps the trace"; });
}

inline void set_state_writes_it(const Specimen& s, const Setup& setup, Verdict& verdict) {
  const auto subject = s.make(setup);
  Companion companion(s, setup, *subject);
  Random random(19);
  for (int k = 0; k < count_states(s.recurrence); ++k) {
    std::vector<double> values = silence(s);
    for (double& v : values) v = static_cast<double>(random.below(17)) / 16;
    subject->set_state(k, values);
    const auto got = subject->state(k);
    for (std::size_t i = 0; i < values.size(); ++i)
      verdict.expect(got[i] == values[i], [] { return "set_trace writes the state"; });
  }
  companion.take_over();
  const Inputs x = some_input(s, random);
  const auto output = subject->step(x);
  companion.follow(x, output, 1, verdict);
}

}  // namespace laws

// One assertion per law and way to hand over the parameters.
inline void check_laws(const Specimen& s) {
  using Law = void (*)(const Specimen&, const Setup&, Verdict&);
  struct Named {
    const char* name;
    Law law;
    bool every_setup;
  };
  static constexpr Named all[] = {
      {"starts at base", laws::starts_at_base, true},
      {"follows its recurrence", laws::follows_its_recurrence, true},
      {"resets to base", laws::resets_to_base, true},
      {"set_dt keeps the state", laws::set_dt_keeps_the_state, true},
      {"advance is silent steps", laws::advance_is_silent_steps, true},
      {"is a value", laws::is_a_value, true},
      {"stays in range", laws::stays_in_range, true},
      {"NaN stays in its element", laws::nan_stays_in_its_element, true},
      {"never subnormal", laws::never_subnormal, false},
      {"tiny inputs", laws::tiny_inputs, false},
      {"linear in the input", laws::is_linear_in_the_input, true},
      {"time invariant", laws::is_time_invariant, true},
      {"base shifts the trace", laws::base_shifts_the_trace, true},
      {"infinite tau never decays", laws::infinite_tau_never_decays, true},
      {"set_trace writes the state", laws::set_state_writes_it, true},
  };
  for (const Named& law : all) {
    int number = 0;
    for (const Setup& setup : every_setup(s)) {
      if (number > 0 && !law.every_setup) break;
      Verdict verdict;
      law.law(s, setup, verdict);
      INFO(s.name << ", " << law.name << ", setup " << number);
      CHECK(verdict.report() == "");
      ++number;
    }
  }
}

// Every class in one shape and integration.
template <class A, class Integration, class... Kind>
void check_laws(Kinds<Kind...>) {
  (check_laws(specimen<Kind, A, Integration>()), ...);
}

// Both integrations in one dimension, where they differ; the shapes share them between each other.
template <class S>
void check_laws_of_vectors() {
  using spark::Euler, spark::Exact;
  check_laws<typename Shapes<S>::Column, Euler>(EveryKind());
  check_laws<typename Shapes<S>::Column, Exact>(EveryKind());
  check_laws<typename Shapes<S>::Row, Euler>(EveryKind());
  check_laws<typename Shapes<S>::FixedColumn, Exact>(EveryKind());
}

template <class S>
void check_laws_of_matrices() {
  using spark::Euler, spark::Exact;
  check_laws<typename Shapes<S>::ColumnMajor, Exact>(EveryKind());
  check_laws<typename Shapes<S>::RowMajor, Euler>(EveryKind());
  check_laws<typename Shapes<S>::FixedMatrix, Euler>(EveryKind());
}

}  // namespace suite
