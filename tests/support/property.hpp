// What the laws share: inputs, ways to set a tracer up, and references that run beside it.
#pragma once

#include "catch.hpp"
#include "fixture.hpp"

namespace suite {

inline std::size_t at(Index i) { return static_cast<std::size_t>(i); }

// Whether Setup::size is followed, and every form taken.
inline bool has_any_length(const Fixture& s) { return s.takes_every_form && !s.fixed && s.cols == 1; }

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
  if (s.row_major && !s.vector()) {  // of every class one shape is enough for each parameter as the only array
    for (std::size_t k = 1; k < s.typical.size(); ++k) {
      all.push_back({{}, Style::mixed, 1});
      all.back().array = k;
    }
  }
  return all;
}

inline Setup around_zero(const Fixture& s, Setup setup) {
  setup.parameters = s.typical;
  for (std::size_t k = 0; k < s.typical.size(); ++k)
    if (is_base(s.recurrence, static_cast<int>(k))) setup.parameters[k] = 0;
  return setup;
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

// A subject and the references of all its elements, run side by side. After each step the references take over the
// subject's own state, so that one step's error is seen alone.
class References {
 public:
  References(const Fixture& s, const Setup& setup, Verdict& verdict)
      : subject(s.make(setup)), fixture_(s), verdict_(verdict) {
    for (Index i = 0; i < s.size(); ++i) elements_.push_back(s.reference(setup, i));
    take_over();
  }
  void take_over() { states_ = states_of(fixture_, *subject); }
  void set_dt(double dt) {
    subject->set_dt(dt);
    for (Reference& r : elements_) r.set_dt(dt);
  }
  std::vector<real> step(const Inputs& x) {
    const auto output = subject->step(x);
    follow(x, output, 1);
    return output;
  }
  void advance(Index n) {
    subject->advance(n);
    follow(silence(fixture_), {}, n);
  }

  const std::unique_ptr<Subject> subject;

 private:
  // n steps, of which the first has input x and the others none; the subject has done them already.
  void follow(const Inputs& x, const std::vector<real>& output, Index n) {
    steps_ += n;
    const auto got = states_of(fixture_, *subject);
    const auto value = subject->value();
    for (Index i = 0; i < fixture_.size(); ++i) {
      const auto check = [&](const char* what, real v, real want, real magnitude) {
        const real tolerance = fixture_.eps * static_cast<real>(8 + n - 1) * magnitude + fixture_.guard;
        verdict_.expect(std::abs(v - want) <= tolerance, [&] {
          return std::string(what) + " of element " + std::to_string(i) + " after " + std::to_string(steps_) +
                 " steps: got " + show(v) + ", want " + show(want) + " within " + show(tolerance);
        });
      };
      const Reference::Step last = elements_[at(i)].steps({states_[at(i)]}, x[at(i)], n);
      for (std::size_t k = 0; k < at(count_states(fixture_.recurrence)); ++k)
        check("state", got[at(i)][k], last.state[k], last.magnitude[k]);
      check("value", value[at(i)], elements_[at(i)].value(last.state), last.output_magnitude);
      if (!output.empty()) check("output", output[at(i)], last.output, last.output_magnitude);
    }
    take_over();
  }

  const Fixture& fixture_;
  Verdict& verdict_;
  std::vector<Reference> elements_;
  std::vector<Reference::State> states_;
  Index steps_ = 0;
};

// What checks a property: of all fixtures, in every way to hand over the parameters or in the first.
using Property = void (*)(const Fixture&, const Setup&, Verdict&);

inline void check_property(Property property, bool every_way = true) {
  for (const Fixture& s : every_fixture()) {
    const std::vector<Setup> setups = every_setup(s);
    for (std::size_t number = 0; number < (every_way ? setups.size() : 1); ++number) {
      Verdict verdict;
      INFO(s.name << ", setup " << number);
      property(s, setups[number], verdict);
      CHECK(verdict.report() == "");
    }
  }
}
inline void check_first_setup(Property property) { check_property(property, false); }

// PROPERTY("in words") { ... } is a test case whose body sees a fixture `s`, a `setup` and the `verdict` that it gives;
// PROPERTY_BY names what checks it in place of check_property.
#define PROPERTY(title) PROPERTY_BY(check_property, title)
#define PROPERTY_BY(check, title) PROPERTY_AT(__LINE__, check, title)
#define PROPERTY_AT(line, check, title) PROPERTY_ON_LINE(line, check, title)
#define PROPERTY_ON_LINE(line, check, title)                                                 \
  static void property_on_line_##line(const Fixture&, const Setup&, Verdict&);               \
  TEST_CASE(title) { check(property_on_line_##line); }                                       \
  static void property_on_line_##line(const Fixture& s, [[maybe_unused]] const Setup& setup, \
                                      [[maybe_unused]] Verdict& verdict)

}  // namespace suite
