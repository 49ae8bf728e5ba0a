// What the laws share: inputs, ways to set a tracer up, and references that run beside it.
#pragma once

#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "fixture.hpp"

namespace suite {

inline std::size_t at(Index i) { return static_cast<std::size_t>(i); }

inline Inputs silence(const Fixture& s) { return Inputs(at(s.size()), 0.0); }
inline Inputs ones(const Fixture& s) { return Inputs(at(s.size()), 1.0); }

// Spikes, graded and negative inputs; a release is defined for [0, 1].
inline Inputs some_input(const Fixture& s, Random& random) {
  static constexpr double mixed[] = {0, 0, 0, 1, 1, 0.5, 2, -0.5}, unit[] = {0, 0, 0, 1, 1, 0.5};
  Inputs x = silence(s);
  for (double& v : x) v = s.recurrence == Recurrence::release ? unit[random.below(6)] : mixed[random.below(8)];
  return x;
}

inline std::vector<Setup> every_setup(const Fixture& s) {
  std::vector<Setup> all = {
      {{}, Style::numbers, 1}, {{}, Style::arrays, 1}, {{}, Style::mixed, 0.5}, {{}, Style::numbers, 0.25}};
  if (!s.vector()) all.push_back({{}, Style::broadcast, 0.5});
  return all;
}

// The Reference's state of each element, taken from the subject.
inline std::vector<Reference::State> states_of(const Fixture& s, const Subject& subject) {
  std::vector<Reference::State> all(at(subject.size()));
  for (int k = 0; k < count_states(s.recurrence); ++k) {
    const std::vector<real> v = subject.state(k);
    for (std::size_t i = 0; i < v.size(); ++i) all[i][at(k)] = v[i];
  }
  return all;
}

// Runs the references of all elements beside a subject. After each step they take over the subject's
// own state, so that one step's error is seen alone.
class References {
 public:
  References(const Fixture& s, const Setup& setup, const Subject& subject) : fixture_(s), subject_(subject) {
    for (Index i = 0; i < s.size(); ++i) {
      elements_.push_back(s.reference(setup, i));
      states_.push_back(elements_.back().start());
    }
    take_over();
  }
  void set_dt(double dt) {
    for (Reference& r : elements_) r.set_dt(dt);
  }
  void restart(Index i) { states_[at(i)] = elements_[at(i)].start(); }
  real value(Index i) const { return elements_[at(i)].value(states_[at(i)]); }
  real start_value(Index i) const { return elements_[at(i)].value(elements_[at(i)].start()); }
  const Reference& element(Index i) const { return elements_[at(i)]; }

  // n steps, of which the first has input x and the others none; the subject has done them already.
  void follow(const Inputs& x, const std::vector<real>& output, Index n, Verdict& verdict) {
    steps_ += n;
    const auto got = states_of(fixture_, subject_);
    const auto value = subject_.value();
    const real allowed = fixture_.eps * static_cast<real>(8 + n - 1);
    const auto check = [&](const char* what, Index i, real v, real want, real magnitude) {
      const real tolerance = allowed * magnitude + fixture_.guard;
      verdict.expect(std::abs(v - want) <= tolerance, [&] {
        return std::string(what) + " of element " + std::to_string(i) + " after " + std::to_string(steps_) +
               " steps: got " + show(v) + ", want " + show(want) + " within " + show(tolerance);
      });
    };
    for (Index i = 0; i < fixture_.size(); ++i) {
      Reference::State state = states_[at(i)], magnitude{};
      real output_magnitude = 0, want_output = 0;
      for (Index k = 0; k < n; ++k) {
        const Reference::Step step = elements_[at(i)].step(state, k == 0 ? x[at(i)] : 0);
        state = step.state, want_output = step.output;
        for (std::size_t j = 0; j < magnitude.size(); ++j) magnitude[j] = std::max(magnitude[j], step.magnitude[j]);
        output_magnitude = std::max(output_magnitude, step.output_magnitude);
      }
      states_[at(i)] = state;
      for (int k = 0; k < count_states(fixture_.recurrence); ++k)
        check("state", i, got[at(i)][at(k)], state[at(k)], magnitude[at(k)]);
      check("value", i, value[at(i)], elements_[at(i)].value(state), output_magnitude);
      if (!output.empty()) check("output", i, output[at(i)], want_output, output_magnitude);
    }
    take_over();
  }

  void take_over() { states_ = states_of(fixture_, subject_); }

 private:
  const Fixture& fixture_;
  const Subject& subject_;
  std::vector<Reference> elements_;
  std::vector<Reference::State> states_;
  Index steps_ = 0;
};

// One assertion for each fixture and way to hand over the parameters, or for the first way alone.
using Property = void (*)(const Fixture&, const Setup&, Verdict&);

inline void check_property(Property property, bool every_way = true) {
  for (const Fixture& s : every_fixture()) {
    int number = 0;
    for (const Setup& setup : every_setup(s)) {
      if (number > 0 && !every_way) break;
      Verdict verdict;
      property(s, setup, verdict);
      INFO(s.name << ", setup " << number);
      CHECK(verdict.report() == "");
      ++number;
    }
  }
}

}  // namespace suite
