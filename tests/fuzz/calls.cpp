// Any sequence of calls. A tracer follows the reference, its forms of input agree to the bit, its EventDriven
// follows it up to rounding, what is saved goes on, and what is refused has changed nothing.
#include <algorithm>
#include <array>
#include <cmath>
#include <spark/input.hpp>
#include <stdexcept>

#include "arguments.hpp"
#include "tracers.hpp"

namespace {

using namespace fuzz;
using State = Reference::State;

bool same(const std::vector<real>& a, const std::vector<real>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_bits<real>);
}

// A NaN is larger than all.
real larger(real a, real b) { return b <= a || std::isnan(a) ? a : b; }

template <class Error, class Call> bool refused(Call call) {
  try {
    call();
  } catch (const Error& error) {
    require(*error.what() != '\0', "a refusal says why");
    return true;
  }
  return false;
}

class Trial {
 public:
  Trial(const Choice& choice, const Setup& setup)
      : choice_(choice), s_(choice.fixture), subject_(s_.make(setup)), events_(choice.events(*subject_)) {
    const auto got = states();
    for (Index i = 0; i < size(); ++i) {
      Reference r = s_.reference(setup, i);
      for (std::size_t k = 0; k < r.p.size(); ++k) {
        const bool array = setup.style == Style::arrays || (setup.style == Style::mixed && k == 0) ||
                           (setup.style == Style::broadcast && !s_.vector());
        if (array) r.p[k] = choice.stored(r.p[k]);
        if (!is_tau(s_.recurrence, static_cast<int>(k)) && std::abs(r.p[k]) < choice.silent) r.p[k] = 0;
        require(allowed(s_, static_cast<int>(k), r.p[k], r.dt), "a parameter that is accepted is allowed");
      }
      const State start = r.start();
      for (std::size_t k = 0; k < at(count_states(s_.recurrence)); ++k)
        require(close(got[at(i)][k], start[k], s_.eps, s_.guard), "a tracer starts at rest");
      reference_.push_back(r);
    }
    drift_.resize(at(size()));
  }

  void call(Choices& choices) {
    const int what = choices.below(12);
    if (what < 3 && !moves()) return;
    switch (what) {
      case 0: return step_in_form(some_input(choices, size()), choices.byte());
      case 1: return step_in_form(hostile_input(choices, size()), 5 + choices.below(2u));
      case 2: return run(choices);
      case 3: return advance(choices.one_of(durations));
      case 4: return masked_reset(some_input(choices, size()), choices.byte());
      case 5: return reset();
      case 6: return set_dt(choices.one_of(numbers));
      case 7: return set_state(choices);
      case 8: return save_and_load();
      case 9: return refusals(choices);
      case 10: return start_events_anew();
      default: return compare_events();
    }
  }

 private:
  Index size() const { return subject_->size(); }
  // Dense steps refuse what the storage cannot follow.
  bool moves() const {
    const auto copy = subject_->copy();
    return !refused<std::invalid_argument>([&] { copy->step(Inputs(at(size()))); });
  }
  std::vector<State> states() const {
    std::vector<State> all(at(size()));
    for (int k = 0; k < count_states(s_.recurrence); ++k) {
      const std::vector<real> v = subject_->state(k);
      for (std::size_t i = 0; i < v.size(); ++i) all[i][at(k)] = v[i];
    }
    return all;
  }
  static InputSubject& every_form(Subject& subject) { return static_cast<InputSubject&>(subject); }

  std::vector<real> step(const Inputs& x) {
    const auto before = states();
    const auto output = subject_->step(x);
    follow(before, x, output, 1);
    return output;
  }

  void step_in_form(Inputs x, unsigned form) {
    form %= 7;
    if (form == 3 || form == 4 || (form == 0 && !spikes_add(s_.recurrence)))
      for (double& v : x) v = v != 0;
    const auto twin = subject_->copy();
    const auto output = step(x);
    if (form == 0) {
      events_->step_list(list_of(x));
    } else {
      events_->step(x);
    }
    if (!s_.takes_every_form) return;
    InputSubject& other = every_form(*twin);
    const auto in_form = [&] {
      switch (form) {
        case 0: return other.step_list(list_of(x));
        case 1: return other.step_bytes(x);
        case 2: return other.step_wide(x);
        case 3: return other.step_booleans(x);
        case 4: return other.step_bits(bits_of(x), size());
        case 5: return other.step_wide(x);
        default:
          const Index cut = size() / 3;
          other.step_range(cut, size() - cut, Inputs(x.begin() + cut, x.end()));
          other.step_range(0, cut, Inputs(x.begin(), x.begin() + cut));
          return output;
      }
    };
    require(same(in_form(), output), "the forms of input have one output");
    require(twin->same_state(*subject_), "the forms of input lead to one state");
  }

  void run(Choices& choices) {
    if (!s_.takes_every_form) return;
    const Form form = choices.one_of(suite::every_form);
    Random random(choices.byte());
    const bool repeated = counts(form) && (form != Form::events || spikes_add(s_.recurrence));
    const Raster raster = Raster::random(size(), choices.below(20), repeated, random);
    const auto twin = subject_->copy();
    Outputs single;
    for (const Inputs& x : raster.counts) {
      single.push_back(step(x));
      events_->step(x);
    }
    if (choices.below(2) == 0) {
      every_form(*twin).run(raster, form);
    } else {
      const Outputs record = every_form(*twin).recorded(raster, form);
      require(std::equal(record.begin(), record.end(), single.begin(), single.end(), same), "a record has all steps");
    }
    require(twin->same_state(*subject_), "a run is its steps");
  }

  void advance(std::int64_t n) {
    if (s_.recurrence == Recurrence::clipped_cascade && n > 5000) return;  // takes the steps where it is clipped
    const auto before = states();
    const std::string saved = choice_.save(*subject_);
    if (refused<std::invalid_argument>([&] { subject_->advance(n); })) {
      require(n < 0 || n > std::int64_t{1} << 60, "time passes");
      require(refused<std::invalid_argument>([&] { events_->advance(n); }), "events refuse what the tracer does");
      require(saved == choice_.save(*subject_), "a refusal changes nothing");
      return;
    }
    events_->advance(n);
    if (n <= 40) return follow(before, Inputs(at(size())), {}, n);
    for (State& drift : drift_) drift.fill(infinity);
    const auto after = states();
    for (std::size_t i = 0; i < after.size(); ++i)
      for (std::size_t k = 0; k < 4; ++k)
        require(!std::isnan(after[i][k]) || !std::isfinite(before[i][k]) || k == 1, "silence leaves a number");
  }

  void masked_reset(const Inputs& x, unsigned form) {
    const auto twin = subject_->copy();
    std::vector<bool> mask;
    for (double v : x) mask.push_back(v != 0);
    subject_->masked_reset(mask);
    events_->reset_list(list_of(x));
    for (std::size_t i = 0; i < x.size(); ++i)
      if (mask[i]) drift_[i] = {};
    if (!s_.takes_every_form) return;
    if (form % 2 == 0) {
      every_form(*twin).reset_list(list_of(x));
    } else {
      every_form(*twin).reset_bits(bits_of(x), size());
    }
    require(twin->same_state(*subject_), "the forms of a mask agree");
  }

  void reset() {
    subject_->reset();
    events_->reset();
    drift_.assign(drift_.size(), {});
  }

  void set_dt(double dt) {
    const std::string saved = choice_.save(*subject_), saved_events = events_->save();
    if (refused<std::invalid_argument>([&] { subject_->set_dt(dt); })) {
      require(refused<std::invalid_argument>([&] { events_->set_dt(dt); }), "events refuse what the tracer does");
      require(saved == choice_.save(*subject_) && saved_events == events_->save(), "a refusal changes nothing");
      return;
    }
    events_->set_dt(dt);
    const auto now = states();
    for (std::size_t i = 0; i < reference_.size(); ++i) {
      reference_[i].set_dt(dt);
      for (std::size_t k = 0; k < reference_[i].p.size(); ++k)
        require(allowed(s_, static_cast<int>(k), reference_[i].p[k], dt), "a step that is accepted is allowed");
      for (std::size_t k = 0; k < 4; ++k) drift_[i][k] += 4 * s_.eps * std::abs(now[i][k]) + s_.guard;
    }
  }

  void set_state(Choices& choices) {
    const int k = choices.below(count_states(s_.recurrence));
    const double v = choices.one_of(numbers);
    const std::string saved = choice_.save(*subject_);
    if (refused<std::invalid_argument>([&] { subject_->set_state(k, Inputs(at(size()), v)); })) {
      require(is_clipped(s_.recurrence) || s_.recurrence == Recurrence::release, "a state may be any number");
      require(!(v >= 0 && v <= 1), "a state may lie in [0, 1]");
      require(saved == choice_.save(*subject_), "a refusal changes nothing");
    } else {
      start_events_anew();
    }
  }

  void save_and_load() {
    const std::string saved = choice_.save(*subject_), saved_events = events_->save();
    auto loaded = choice_.load(saved);
    require(loaded->same_state(*subject_) && choice_.save(*loaded) == saved, "what was saved is loaded");
    subject_ = loaded->move();
    auto events = choice_.events(*subject_);
    events->load(saved_events);
    require(events->save() == saved_events, "what was saved is loaded, of events as well");
    events_ = std::move(events);
  }

  void refusals(Choices& choices) {
    const std::string saved = choice_.save(*subject_), saved_events = events_->save();
    const auto never = [](auto refusal, auto call) { require(refusal(call), "what cannot be is refused"); };
    const auto invalid = [&](auto call) { never([](auto c) { return refused<std::invalid_argument>(c); }, call); };
    const auto outside = [&](auto call) { never([](auto c) { return refused<std::out_of_range>(c); }, call); };
    const std::array<Index, 8> odd{size(), -1, 0, size() + 1, 129, longest, -longest - 1, longest - 62};
    const Index a = choices.one_of(odd), b = choices.one_of(odd);

    if (const Inputs longer(at(size() + 1), 1.0); !s_.fixed) {
      invalid([&] { subject_->step(longer); });
      invalid([&] { events_->step(longer); });
    }
    if (a < 0 || a >= size()) {
      const Indices list{0, static_cast<int>(std::clamp<Index>(a, -5, 1000))};
      outside([&] { events_->value(a); });
      outside([&] { events_->step_list(list); });
      outside([&] { events_->reset_list(list); });
      if (s_.takes_every_form) {
        outside([&] { every_form(*subject_).step_list(list); });
        outside([&] { every_form(*subject_).reset_list(list); });
      }
    }
    if (s_.takes_every_form && !(a >= 0 && b >= 0 && b <= size() - std::min(a, size()) && a <= size())) {
      const Inputs x(at(std::clamp<Index>(b, 0, 1000)), 1.0);
      invalid([&] { every_form(*subject_).step_range(a, b, x); });
    }
    if (const Words words{7}; s_.takes_every_form && a != size()) {
      invalid([&] { every_form(*subject_).step_bits(words, a); });
    }
    const std::array<Index, 3> offsets{0, a, b};
    const bool ordered = 0 <= a && a <= b && b <= 3;
    require(refused<std::invalid_argument>([&] { spark::spike_events(offsets, Indices(3)); }) != ordered,
            "offsets ascend and stay inside");
    require(choice_.save(*subject_) == saved && events_->save() == saved_events, "a refusal changes nothing");
  }

  void start_events_anew() {
    events_ = choice_.events(*subject_);
    drift_.assign(drift_.size(), {});
  }

  // Each element after n steps, of which the first had input x, from the state before.
  void follow(const std::vector<State>& before, const Inputs& x, const std::vector<real>& output, Index n) {
    const auto now = states();
    const auto value = subject_->value();
    for (std::size_t i = 0; i < now.size(); ++i) {
      const Reference& r = reference_[i];
      State state = before[i], magnitude = state;
      real want_output = 0, magnitude_of_output = 0, gain = 1 + std::abs(x[i]);
      for (std::size_t k = 0; k < r.p.size(); ++k)
        if (!is_tau(r.recurrence, static_cast<int>(k))) gain += std::abs(r.p[k]);
      for (real& m : magnitude) magnitude_of_output += m = std::abs(m);
      gain += magnitude_of_output;
      for (Index step = 0; step < n; ++step) {
        const Reference::Step next = r.step(state, step == 0 ? static_cast<real>(x[i]) : 0);
        state = next.state, want_output = next.output;
        for (std::size_t k = 0; k < 4; ++k) magnitude[k] = larger(magnitude[k], next.magnitude[k]);
        magnitude_of_output = larger(magnitude_of_output, next.output_magnitude);
      }
      if (r.recurrence == Recurrence::release) {  // an input beyond 1 magnifies what U is off
        magnitude[1] += magnitude_of_output = 1 + std::abs(r.p[2] * x[i]);
        magnitude[0] = (1 + std::abs(x[i])) * magnitude[1];
      }
      real largest = larger(gain, magnitude_of_output);
      for (std::size_t k = 0; k < 4; ++k) largest = larger(largest, magnitude[k] + std::abs(state[k]));
      if (!(largest * 16 < choice_.largest)) {  // beyond what the scalar can hold, or NaN
        drift_[i].fill(infinity);
        continue;
      }
      const real relative = s_.eps * static_cast<real>(7 + n);
      real slowest = 0;  // without a fused multiply-add the guard is that much higher
      for (std::size_t k = 0; k < r.p.size(); ++k)
        if (is_tau(r.recurrence, static_cast<int>(k)) && std::isfinite(r.p[k]))
          slowest = std::max(slowest, r.p[k] / r.dt);
      const real absolute = (s_.guard * gain + choice_.silent * slowest) * static_cast<real>(1 + n);
      const auto expect = [&](const char* what, real got, real want, real m) {
        if (got == want || std::abs(got - want) <= relative * m + absolute) return;
        fail(std::string(what) + " of element " + std::to_string(i) + " of " + s_.name + ": got " + show(got) +
             ", want " + show(want) + " within " + show(relative * m + absolute) + ", x = " + show(x[i]));
      };
      State& drift = drift_[i];
      for (std::size_t k = 0; k < at(count_states(r.recurrence)); ++k) {
        expect("a state", now[i][k], state[k], magnitude[k]);
        drift[k] += 2 * (relative * magnitude[k] + absolute);
      }
      expect("the value", value[i], r.value(state), magnitude_of_output);
      if (!output.empty()) expect("the output", output[i], want_output, magnitude_of_output);
      if (r.recurrence == Recurrence::cascade || r.recurrence == Recurrence::clipped_cascade)
        drift[1] += static_cast<real>(n) * std::abs(r.p[3]) * drift[0];
      if (r.recurrence == Recurrence::release) {
        drift[1] *= 1 + std::abs(r.p[2] * x[i]);
        drift[0] += std::abs(x[i]) * (drift[0] + drift[1]);
      }
    }
  }

  void compare_events() {
    const auto value = subject_->value();
    for (std::size_t i = 0; i < value.size(); ++i) {
      const State& drift = drift_[i];
      const real allowed = drift[0] + drift[1] + 8 * s_.eps * std::abs(value[i]) + 4 * s_.guard;
      const real got = events_->value(static_cast<Index>(i));
      if (allowed < infinity && !same_bits(got, value[i]) && !(std::abs(got - value[i]) <= allowed)) {
        fail("events of element " + std::to_string(i) + " of " + s_.name + ": got " + show(got) + ", want " +
             show(value[i]) + " within " + show(allowed));
      }
    }
  }

  const Choice& choice_;
  const Fixture& s_;
  std::unique_ptr<Subject> subject_;
  std::unique_ptr<Events> events_;
  std::vector<Reference> reference_;
  std::vector<State> drift_;  // how far the events may be from the subject; infinite where nothing is known
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  const Choice& choice = choices.one_of(every_choice());
  Setup setup;
  setup.style = static_cast<Style>(choices.below(choice.fixture.vector() ? 3 : 4));
  setup.rounding = static_cast<spark::Rounding>(choices.below(2));
  setup.size = choices.one_of(sizes);
  const auto number = [&](double typical) {  // mostly typical, so that many tracers can be
    const unsigned byte = choices.byte();
    return byte < 128 ? typical : numbers[byte % numbers.size()];
  };
  setup.dt = number(1);
  for (const double typical : choice.fixture.typical) setup.parameters.push_back(number(typical));
  std::optional<Trial> trial;
  try {
    trial.emplace(choice, setup);
  } catch (const std::invalid_argument& error) {
    require(std::string(error.what()).rfind(choice.fixture.class_name + ": ", 0) == 0, "a refusal names the class");
    return 0;
  }
  for (int calls = 0; choices.any() && calls < 40; ++calls) trial->call(choices);
  return 0;
}
