// Any sequence of calls. A tracer follows the reference, its forms of input agree to the bit, its EventDriven
// follows it up to rounding, what is saved goes on, and what is refused has changed nothing.
#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "../support/make_fixture.hpp"
#include "../support/persistence.hpp"
#include "../support/property.hpp"
#include "harness.hpp"

namespace {

using namespace fuzz;
using namespace suite;
using State = Reference::State;

constexpr std::array<double, 24> numbers{1.0,    0.0,    2.0,  0.5,   20.0,    -1.0,     1.001,     1e3,
                                         1e6,    1e9,    1e38, -1e38, 1e-38,   1e-45,    1e300,     1e308,
                                         1e-300, 5e-324, -0.0, 3e-8,  65504.0, INFINITY, -INFINITY, NAN};
constexpr std::array<std::int64_t, 9> durations{1, 0, 2, 7, 40, 5000, std::int64_t{1} << 31, -1, INT64_MAX};
constexpr std::array<Index, 8> sizes{3, 1, 2, 4, 5, 7, 9, 70};  // of columns; a tile and a word of bits have 64

// In the classes that are called each state has a time constant, and these are the first parameters.
bool is_tau(const Reference& r, std::size_t k) { return k < at(count_states(r.recurrence)); }

// What the documentation says of the parameters, once more.
bool all_allowed(const Reference& r) {
  const bool releases = r.recurrence == Recurrence::release;
  for (std::size_t k = 0; k < r.p.size(); ++k) {
    const real p = r.p[k];
    const bool unit = releases || (is_base(r.recurrence, static_cast<int>(k)) && is_clipped(r.recurrence));
    const bool allowed = !is_tau(r, k) ? std::isfinite(p) && (!unit || p == clip(p))
                         : r.exact     ? p > 0 || (p == 0 && releases && k == 1)
                                       : p >= r.dt * (1 - 1e-15L);
    if (!allowed) return false;
  }
  return true;
}

bool same(real a, real b) { return same_bits(a, b); }
template <class T> bool same(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const T& x, const T& y) { return same(x, y); });
}

// A tracer of some type, and its EventDriven, which is asked for little: each form of input takes long to compile.
template <class Kind, class A, class Integration, Ability ability> class Trial {
 public:
  // A setup, and calls until the bytes are used up.
  static void choose_and_call(Choices& choices) {
    Setup setup;
    setup.style = static_cast<Style>(choices.below(s_.vector() ? 3 : 4));
    setup.rounding = static_cast<spark::Rounding>(choices.below(2));
    setup.size = choices.one_of(sizes);
    const auto number = [&](double typical) {  // mostly typical, so that many tracers can be
      const unsigned byte = choices.byte();
      return byte < 128 ? typical : numbers[byte % numbers.size()];
    };
    setup.dt = number(1);
    for (const double typical : s_.typical) setup.parameters.push_back(number(typical));
    std::optional<Trial> trial;
    try {
      trial.emplace(setup);
    } catch (const std::invalid_argument& error) {
      return require(std::string(error.what()).rfind(s_.class_name + ": ", 0) == 0, "a refusal names the class");
    }
    for (int calls = 0; choices.any() && calls < 40; ++calls) trial->call(choices);
  }

  explicit Trial(const Setup& setup) : subject_(setup), events_(subject_.tracer) {
    const auto got = states();
    for (Index i = 0; i < size(); ++i) {
      Reference r = s_.reference(setup, i);
      for (std::size_t k = 0; k < r.p.size(); ++k) {
        if (setup.as_array(k) || setup.style == Style::broadcast) r.p[k] = to_real(from_real<S>(r.p[k]));
        if (!is_tau(r, k) && std::abs(r.p[k]) < silent) r.p[k] = 0;
      }
      require(all_allowed(r), "parameters that are accepted are allowed");
      const State start = r.start();
      for (std::size_t k = 0; k < at(count_states(s_.recurrence)); ++k)
        require(close(got[at(i)][k], start[k], s_.eps, s_.guard), "a tracer starts at rest");
      reference_.push_back(r);
    }
    drift_.resize(at(size()));
  }

  void call(Choices& choices) {
    const int what = choices.below(10);
    // dense steps refuse what the storage cannot follow
    if (what == 0 && refused([&] { Made(subject_).step(Inputs(at(size()))); })) return;
    switch (what) {
      case 0: return take_raster(choices);
      case 1: return advance(choices.one_of(durations));
      case 2: return masked_reset(choices);
      case 3: return reset();
      case 4: return set_dt(choices.one_of(numbers));
      case 5: return set_state(choices);
      case 6: return save_and_load();
      case 7: return refusals(choices);
      case 8: return start_events_anew();
      default: return compare_events();
    }
  }

 private:
  using Made = SubjectFor<Kind, A, Integration, ability>;
  using T = typename Made::T;
  using S = typename A::Scalar;
  using Events = spark::EventDriven<T>;
  inline static const Fixture s_ = fixture<Kind, A, Integration, ability>();
  inline static const real silent = to_real(spark::detail::guard_threshold<typename T::Number>());

  Index size() const { return subject_.size(); }
  std::vector<State> states() const { return states_of(s_, subject_); }
  std::array<std::string, 2> saved() const { return {suite::saved(subject_.tracer), suite::saved(events_)}; }
  // Whether a call is refused; then it says why, and nothing has changed.
  template <class Error = std::invalid_argument, class Call> bool refused(Call call) {
    const auto before = saved();
    try {
      call();
    } catch (const Error& error) {
      require(*error.what() != '\0', "a refusal says why");
      require(saved() == before, "a refusal changes nothing");
      return true;
    }
    return false;
  }
  template <class Call> bool both_refuse(Call call) {
    const bool refuses = refused([&] { call(subject_); });
    require(refused([&] { call(events_); }) == refuses, "events refuse what the tracer does");
    return refuses;
  }
  void step_events(const Inputs& x) { events_(array_of<A, S>(x)); }

  // A raster in some form, as single steps or as a run, or its numbers in the type that computes, or in two ranges.
  // Where the form has numbers, some are hostile. Events take single steps.
  void take_raster(Choices& choices) {
    enum { single_steps, recorded_run, run, wide_numbers, ranges };
    const int way = choices.below(5);
    const Form form = way < wide_numbers ? choices.one_of(suite::every_form) : Form::scalars;
    const bool repeated = counts(form) && (form != Form::events || spikes_add(s_.recurrence));
    Random random(choices.byte());
    Raster raster = Raster::random(size(), choices.below(20), repeated, random);
    if (form == Form::scalars)
      for (Inputs& x : raster.counts) std::replace(x.begin(), x.end(), 1.0, choices.one_of(numbers));
    Made twin = subject_;
    Outputs wanted, outputs;
    for (std::size_t k = 0; k < raster.counts.size(); ++k) {
      const Inputs& x = raster.counts[k];
      const Indices& list = raster.lists[k];
      const auto before = states();
      wanted.push_back(subject_.step(x));
      follow(before, x, wanted.back(), 1);
      form == Form::events ? events_(spark::spikes(list)) : step_events(x);
      if (!s_.takes_every_form) continue;
      if (way == single_steps) outputs.push_back(twin.step_in(form, x, list));
      if (way == wide_numbers) outputs.push_back(twin.step_wide(x));
      if (const Index cut = size() / 3; way == ranges) {
        twin.step_range(cut, size() - cut, Inputs(x.begin() + cut, x.end()));
        twin.step_range(0, cut, Inputs(x.begin(), x.begin() + cut));
      }
    }
    if (!s_.takes_every_form) return;
    if (way == recorded_run) outputs = twin.recorded(raster, form);
    if (way == run) twin.run(raster, form);
    require(way == run || way == ranges || same(outputs, wanted), "the forms of input have one output");
    require(twin.same_state(subject_), "the forms of input lead to one state, also in a run");
  }

  void advance(std::int64_t n) {
    if (s_.recurrence == Recurrence::clipped_cascade && n > 5000) return;  // takes the steps where it is clipped
    const auto before = states();
    if (both_refuse([n](auto& tracer) { tracer.advance(n); }))
      return require(n < 0 || n > std::int64_t{1} << 60, "time passes");
    if (n <= 40) return follow(before, Inputs(at(size())), {}, n);
    for (State& drift : drift_) drift.fill(INFINITY);
    const auto after = states();
    for (std::size_t i = 0; i < after.size(); ++i)
      for (std::size_t k = 0; k < 4; ++k)
        require(!std::isnan(after[i][k]) || !std::isfinite(before[i][k]) || k == 1, "silence leaves a number");
  }

  void masked_reset(Choices& choices) {
    const bool bits = choices.below(2) == 1;
    Random random(choices.byte());
    const Raster raster = Raster::random(size(), 1, true, random);
    const Inputs& x = raster.counts[0];
    const Indices& list = raster.lists[0];
    Made twin = subject_;
    subject_.masked_reset(std::vector<bool>(x.begin(), x.end()));
    events_.masked_reset(spark::spikes(list));
    for (const int i : list) drift_[at(i)] = {};
    if (!s_.takes_every_form) return;
    bits ? twin.reset_bits(bits_of(x), size()) : twin.reset_list(list);
    require(twin.same_state(subject_), "the forms of a mask agree");
  }

  void reset() {
    subject_.reset();
    events_.reset();
    drift_.assign(drift_.size(), {});
  }

  void set_dt(double dt) {
    if (both_refuse([dt](auto& tracer) { tracer.set_dt(dt); })) return;
    const auto now = states();
    for (std::size_t i = 0; i < reference_.size(); ++i) {
      reference_[i].set_dt(dt);
      require(all_allowed(reference_[i]), "a step that is accepted is allowed");
      for (std::size_t k = 0; k < 4; ++k) drift_[i][k] += 4 * s_.eps * std::abs(now[i][k]) + s_.guard;
    }
  }

  void set_state(Choices& choices) {
    const int k = choices.below(count_states(s_.recurrence));
    const double v = choices.one_of(numbers);
    if (!refused([&] { subject_.set_state(k, Inputs(at(size()), v)); })) return start_events_anew();
    require(is_clipped(s_.recurrence) || s_.recurrence == Recurrence::release, "a state may be any number");
    require(!(v >= 0 && v <= 1), "a state may lie in [0, 1]");
  }

  void save_and_load() {
    const auto before = saved();
    Made loaded(suite::loaded<T>(before[0]));
    require(loaded.same_state(subject_), "what was saved is loaded");
    subject_ = std::move(loaded);
    events_ = Events(subject_.tracer);
    load_into(events_, before[1]);
    require(saved() == before, "what was loaded is saved as the same bytes, of events as well");
  }

  void refusals(Choices& choices) {
    const auto invalid = [&](auto call) { require(refused(call), "what cannot be is refused"); };
    const auto outside = [&](auto call) { require(refused<std::out_of_range>(call), "what is not there is refused"); };
    const std::array<Index, 8> odd{size(), -1, 0, size() + 1, 129, INT64_MAX, INT64_MIN, INT64_MAX - 62};
    const Index a = choices.one_of(odd), b = choices.one_of(odd);
    const Indices list{0, static_cast<int>(std::clamp<Index>(a, -5, 1000))};
    const bool inside = a >= 0 && a < size();

    if (const Inputs longer(at(size() + 1), 1.0); !s_.fixed) {
      invalid([&] { subject_.step(longer); });
      invalid([&] { step_events(longer); });
    }
    if (!inside) {
      outside([&] { events_.value(a); });
      outside([&] { events_(spark::spikes(list)); });
      outside([&] { events_.masked_reset(spark::spikes(list)); });
    }
    if (s_.takes_every_form) {
      const Inputs x(at(std::clamp<Index>(b, 0, 1000)), 1.0);
      if (!inside) outside([&] { subject_.step_list(list); });
      if (!inside) outside([&] { subject_.reset_list(list); });
      if (!(a >= 0 && b >= 0 && a <= size() && b <= size() - a)) invalid([&] { subject_.step_range(a, b, x); });
      if (a != size()) invalid([&] { subject_.step_bits(Words{7}, a); });
    }
    const std::array<Index, 3> offsets{0, a, b};
    const bool ordered = 0 <= a && a <= b && b <= 3;
    require(refused([&] { spark::spike_events(offsets, Indices(3)); }) != ordered, "offsets ascend and stay inside");
  }

  void start_events_anew() {
    events_ = Events(subject_.tracer);
    drift_.assign(drift_.size(), {});
  }

  // Each element after n steps, of which the first had input x, from the state before.
  void follow(const std::vector<State>& before, const Inputs& x, const std::vector<real>& output, Index n) {
    const auto now = states();
    const auto value = subject_.value();
    for (std::size_t i = 0; i < now.size(); ++i) {
      const Reference& r = reference_[i];
      Reference::Step start{before[i]};
      for (std::size_t k = 0; k < 4; ++k) start.output_magnitude += start.magnitude[k] = std::abs(before[i][k]);
      real gain = 1 + std::abs(x[i]) + start.output_magnitude;  // by how much more what is cut off may count
      real slowest = 0;  // without a fused multiply-add the guard is that much higher
      for (std::size_t k = 0; k < r.p.size(); ++k) {
        if (!is_tau(r, k)) gain += std::abs(r.p[k]);
        if (is_tau(r, k) && std::isfinite(r.p[k])) slowest = std::max(slowest, r.p[k] / r.dt);
      }
      Reference::Step want = r.steps(start, x[i], n);
      if (r.recurrence == Recurrence::release) {  // an input beyond 1 magnifies what U is off
        want.magnitude[1] += want.output_magnitude = 1 + std::abs(r.p[2] * x[i]);
        want.magnitude[0] = (1 + std::abs(x[i])) * want.magnitude[1];
      }
      State& drift = drift_[i];
      const auto fits = [](real v) { return v * 16 < to_real(std::numeric_limits<S>::max()); };  // and is no NaN
      bool all_fit = fits(gain) && fits(want.output_magnitude);
      for (std::size_t k = 0; k < 4; ++k) all_fit = all_fit && fits(want.magnitude[k] + std::abs(want.state[k]));
      if (!all_fit) {
        drift.fill(INFINITY);
        continue;
      }
      const real relative = s_.eps * static_cast<real>(7 + n);
      const real absolute = (s_.guard * gain + silent * slowest) * static_cast<real>(1 + n);
      const auto expect = [&](const char* what, real got, real wanted, real m) {
        require_near(what, i, got, wanted, relative * m + absolute);
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
    const auto value = subject_.value();
    for (std::size_t i = 0; i < value.size(); ++i) {
      const real allowed = drift_[i][0] + drift_[i][1] + 8 * s_.eps * std::abs(value[i]) + 4 * s_.guard;
      if (allowed < INFINITY) require_near("events", i, events_.value(static_cast<Index>(i)), value[i], allowed);
    }
  }

  static void require_near(const char* what, std::size_t i, real got, real want, real allowed) {
    if (close(got, want, 0, allowed) || same_bits(got, want)) return;
    fail(std::string(what) + " of element " + std::to_string(i) + " of " + s_.name + ": got " + show(got) + ", want " +
         show(want) + " within " + show(allowed));
  }

  Made subject_;
  Events events_;
  std::vector<Reference> reference_;
  std::vector<State> drift_;  // how far the events may be from the subject; infinite where nothing is known
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using spark::Euler, spark::Exact;
  constexpr std::array trials{
      Trial<TracerKind, Shapes<float>::Column, Euler, Ability::forms>::choose_and_call,
      Trial<SaturableDoubleTracerKind, Shapes<double>::Column, Exact, Ability::laws>::choose_and_call,
      Trial<RUTracerKind, Shapes<Eigen::bfloat16>::Column, Exact, Ability::laws>::choose_and_call,
      Trial<RDTracerKind, Shapes<float>::FixedMatrix, Exact, Ability::laws>::choose_and_call,
      Trial<DoubleTracerKind, Shapes<float>::Column, Exact, Ability::laws>::choose_and_call,
  };
  Choices choices(data, size);
  choices.one_of(trials)(choices);
  return 0;
}
