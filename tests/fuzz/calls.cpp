// Any sequence of calls. A tracer follows the reference, its forms of input agree to the bit, its EventDriven
// follows it up to rounding, what is saved goes on, and what is refused has changed nothing.
#include <spark/input.hpp>
#include <stdexcept>

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

// What an element comes to by the reference, n steps after a state, of which the first has input x; how large numbers
// are on the way, by which rounding is measured; and by how much more what a guard or a threshold cuts off may count.
struct Expected {
  State state, magnitude;
  real output = 0, output_magnitude = 0, gain;

  Expected(const Reference& r, const State& before, real x, Index n)
      : state(before), magnitude(before), gain(1 + std::abs(x)) {
    for (std::size_t k = 0; k < r.p.size(); ++k)
      if (!is_tau(r.recurrence, static_cast<int>(k))) gain += std::abs(r.p[k]);
    for (real& m : magnitude) output_magnitude += m = std::abs(m);
    gain += output_magnitude;
    for (Index step = 0; step < n; ++step) {
      const Reference::Step next = r.step(state, step == 0 ? x : 0);
      state = next.state, output = next.output;
      for (std::size_t k = 0; k < 4; ++k) magnitude[k] = larger(magnitude[k], next.magnitude[k]);
      output_magnitude = larger(output_magnitude, next.output_magnitude);
    }
    if (r.recurrence == Recurrence::release) {  // an input beyond 1 magnifies what U is off
      magnitude[1] += output_magnitude = 1 + std::abs(r.p[2] * x);
      magnitude[0] = (1 + std::abs(x)) * magnitude[1];
    }
  }

  real largest() const {
    real all = larger(gain, output_magnitude);
    for (std::size_t k = 0; k < 4; ++k) all = larger(all, magnitude[k] + std::abs(state[k]));
    return all;
  }
};

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
      }
      require(all_allowed(s_, r), "parameters that are accepted are allowed");
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
  std::array<std::string, 2> saved() const { return {choice_.save(*subject_), events_->save()}; }
  // Whether tracer and events refuse a call; then nothing has changed.
  template <class Call> bool both_refuse(Call call) {
    const auto before = saved();
    if (!refused<std::invalid_argument>([&] { call(*subject_); })) {
      call(*events_);
      return false;
    }
    require(refused<std::invalid_argument>([&] { call(*events_); }), "events refuse what the tracer does");
    require(saved() == before, "a refusal changes nothing");
    return true;
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
    form == 0 ? events_->step_list(list_of(x)) : events_->step(x);
    if (!s_.takes_every_form) return;
    InputSubject& other = every_form(*twin);
    const auto in_form = [&] {
      switch (form) {
        case 0: return other.step_list(list_of(x));
        case 1: return other.step_bytes(x);
        case 3: return other.step_booleans(x);
        case 4: return other.step_bits(bits_of(x), size());
        case 2:
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
    if (both_refuse([n](auto& tracer) { tracer.advance(n); }))
      return require(n < 0 || n > std::int64_t{1} << 60, "time passes");
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
    form % 2 == 0 ? every_form(*twin).reset_list(list_of(x)) : every_form(*twin).reset_bits(bits_of(x), size());
    require(twin->same_state(*subject_), "the forms of a mask agree");
  }

  void reset() {
    subject_->reset();
    events_->reset();
    drift_.assign(drift_.size(), {});
  }

  void set_dt(double dt) {
    if (both_refuse([dt](auto& tracer) { tracer.set_dt(dt); })) return;
    const auto now = states();
    for (std::size_t i = 0; i < reference_.size(); ++i) {
      reference_[i].set_dt(dt);
      require(all_allowed(s_, reference_[i]), "a step that is accepted is allowed");
      for (std::size_t k = 0; k < 4; ++k) drift_[i][k] += 4 * s_.eps * std::abs(now[i][k]) + s_.guard;
    }
  }

  void set_state(Choices& choices) {
    const int k = choices.below(count_states(s_.recurrence));
    const double v = choices.one_of(numbers);
    const auto before = saved();
    if (!refused<std::invalid_argument>([&] { subject_->set_state(k, Inputs(at(size()), v)); }))
      return start_events_anew();
    require(is_clipped(s_.recurrence) || s_.recurrence == Recurrence::release, "a state may be any number");
    require(!(v >= 0 && v <= 1), "a state may lie in [0, 1]");
    require(saved() == before, "a refusal changes nothing");
  }

  void save_and_load() {
    const auto before = saved();
    const auto loaded = choice_.load(before[0]);
    require(loaded->same_state(*subject_), "what was saved is loaded");
    subject_ = loaded->move();
    events_ = choice_.events(*subject_);
    events_->load(before[1]);
    require(saved() == before, "what was loaded is saved as the same bytes, of events as well");
  }

  void refusals(Choices& choices) {
    const auto before = saved();
    const auto invalid = [](auto call) { require(refused<std::invalid_argument>(call), "what cannot be is refused"); };
    const auto outside = [](auto call) { require(refused<std::out_of_range>(call), "what is not there is refused"); };
    const std::array<Index, 8> odd{size(), -1, 0, size() + 1, 129, longest, -longest - 1, longest - 62};
    const Index a = choices.one_of(odd), b = choices.one_of(odd);
    const bool forms = s_.takes_every_form;

    if (const Inputs longer(at(size() + 1), 1.0); !s_.fixed) {
      invalid([&] { subject_->step(longer); });
      invalid([&] { events_->step(longer); });
    }
    if (a < 0 || a >= size()) {
      const Indices list{0, static_cast<int>(std::clamp<Index>(a, -5, 1000))};
      outside([&] { events_->value(a); });
      outside([&] { events_->step_list(list); });
      outside([&] { events_->reset_list(list); });
      if (forms) outside([&] { every_form(*subject_).step_list(list); });
      if (forms) outside([&] { every_form(*subject_).reset_list(list); });
    }
    if (forms && !(a >= 0 && b >= 0 && b <= size() - std::min(a, size()) && a <= size())) {
      const Inputs x(at(std::clamp<Index>(b, 0, 1000)), 1.0);
      invalid([&] { every_form(*subject_).step_range(a, b, x); });
    }
    if (forms && a != size()) invalid([&] { every_form(*subject_).step_bits(Words{7}, a); });
    const std::array<Index, 3> offsets{0, a, b};
    const bool ordered = 0 <= a && a <= b && b <= 3;
    require(refused<std::invalid_argument>([&] { spark::spike_events(offsets, Indices(3)); }) != ordered,
            "offsets ascend and stay inside");
    require(saved() == before, "a refusal changes nothing");
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
      const Expected want(r, before[i], x[i], n);
      State& drift = drift_[i];
      if (!(want.largest() * 16 < choice_.largest)) {  // beyond what the scalar can hold, or NaN
        drift.fill(infinity);
        continue;
      }
      real slowest = 0;  // without a fused multiply-add the guard is that much higher
      for (std::size_t k = 0; k < r.p.size(); ++k)
        if (is_tau(r.recurrence, static_cast<int>(k)) && std::isfinite(r.p[k]))
          slowest = std::max(slowest, r.p[k] / r.dt);
      const real relative = s_.eps * static_cast<real>(7 + n);
      const real absolute = (s_.guard * want.gain + choice_.silent * slowest) * static_cast<real>(1 + n);
      const auto expect = [&](const char* what, real got, real wanted, real m) {
        if (got == wanted || std::abs(got - wanted) <= relative * m + absolute) return;
        fail(std::string(what) + " of element " + std::to_string(i) + " of " + s_.name + ": got " + show(got) +
             ", want " + show(wanted) + " within " + show(relative * m + absolute) + ", x = " + show(x[i]));
      };
      for (std::size_t k = 0; k < at(count_states(r.recurrence)); ++k) {
        expect("a state", now[i][k], want.state[k], want.magnitude[k]);
        drift[k] += 2 * (relative * want.magnitude[k] + absolute);
      }
      expect("the value", value[i], r.value(want.state), want.output_magnitude);
      if (!output.empty()) expect("the output", output[i], want.output, want.output_magnitude);
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
