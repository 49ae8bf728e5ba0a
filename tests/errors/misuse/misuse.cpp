// What a program gets wrong, and what it should have written: WRONG_OR(name, wrong, right) is right, unless MISUSE_name
// is defined. A line `name: what the compiler then says, as a regular expression` makes a test of it.
#include <array>
#include <cmath>
#include <deque>
#include <spark/tracers.hpp>
#include <vector>

// MISUSE_name is a value and a comma where it is defined, and so puts `wrong` into the second place.
#define SECOND_OF(first, second, ...) second
#define CHOICE(misuse, wrong, right) SECOND_OF(misuse wrong, right, )
#define WRONG_OR(name, wrong, right) CHOICE(MISUSE_##name, wrong, right)

using Tracer = spark::Tracer<Eigen::ArrayXf>;

// The base of a tracer is no tracer.
// cut_in_half: protected
using Base = spark::BaseTracer<Tracer, Eigen::ArrayXf, Tracer::Law>;
float decay_of_first(const Tracer& tracer) {
  const WRONG_OR(cut_in_half, Base, Tracer) copy = tracer;
  return copy.decay()(0);
}

// Euler knows steps only.
// elapse_with_euler: a silence that is no whole number of steps needs Exact
using Rule = spark::Rule<spark::Tracer<Eigen::ArrayXd, spark::WRONG_OR(elapse_with_euler, Euler, Exact)>>;
void elapse(const Rule& rule, Rule::State& s, double t) { rule.elapse(s, t); }

// A duration is no number of steps: 0.3 / 0.1 would be two of them.
// fraction_of_steps: advance takes a whole number of steps
void pass(Tracer& tracer, double duration, double dt) {
  tracer.advance(WRONG_OR(fraction_of_steps, duration / dt, std::llround(duration / dt)));
}

// flags_as_indices: spikes takes the integer indices of the elements that spiked
// float_indices: spikes takes the integer indices of the elements that spiked
auto of_flags(const std::array<WRONG_OR(flags_as_indices, bool, int), 3>& flags) { return spark::spikes(flags); }
auto of_floats(const std::vector<WRONG_OR(float_indices, float, int)>& indices) { return spark::spikes(indices); }

// Indices are read through a pointer.
// indices_apart: lie in memory one after the other
using Apart = WRONG_OR(indices_apart, std::deque<int>, std::vector<int>);
auto of_apart(const Apart& indices) { return spark::spikes(indices); }

// A list in braces is gone before the tracer reads it where the spikes have a name.
// list_in_braces: give the list a name
// list_as_input: give the list a name
// list_as_events: give the list a name
// list_as_mask: give the list a name
void step_by_list(Tracer& tracer, spark::EventDriven<Tracer>& events, const std::vector<int>& fired) {
  tracer(WRONG_OR(list_in_braces, spark::spikes({0, 2}), spark::spikes(fired)));
  WRONG_OR(list_as_input, tracer({0}), tracer(spark::spikes(fired)));
  WRONG_OR(list_as_events, events({0}), events(spark::spikes(fired)));
  WRONG_OR(list_as_mask, tracer.masked_reset({0}), tracer.masked_reset(spark::spikes(fired)));
  events.masked_reset(spark::spikes(fired));
}

// narrow_words: spike_bits takes words of 64 bits
auto of_words(const std::vector<WRONG_OR(narrow_words, std::uint32_t, std::uint64_t)>& words) {
  return spark::spike_bits(words, 3);
}

// vector_as_output: outputs go into a dense Eigen array
// vector_as_record: outputs go into a dense Eigen array
using Output = WRONG_OR(vector_as_output, std::vector<float>, Eigen::ArrayXf);
using Record = WRONG_OR(vector_as_record, std::vector<float>, Eigen::ArrayXXf);
void step_range(Tracer& tracer, const Eigen::ArrayXf& x, Output& out) { tracer.step(0, 2, x, out); }
void record_run(Tracer& tracer, const Eigen::ArrayXXf& raster, Record& record) { tracer.run(raster, record); }

// lists_as_raster: run takes a dense Eigen array with a row for each element
using Raster = WRONG_OR(lists_as_raster, std::vector<std::vector<int>>, Eigen::ArrayXXf);
void run(Tracer& tracer, const Raster& raster) { tracer.run(raster); }

// Numbers in a std::vector become an input through Eigen::Map.
// vector_as_input: a tracer takes a dense Eigen expression of its shape, spark::spikes.indices. or
using Input = WRONG_OR(vector_as_input, std::vector<float>, Eigen::Map<const Eigen::ArrayXf>);
void step(Tracer& tracer, const Input& x) { tracer(x); }

// vector_as_parameter: a parameter is a number or a dense Eigen expression
using Taus = WRONG_OR(vector_as_parameter, std::vector<double>, Eigen::ArrayXd);
auto with_taus(const Taus& taus) { return Tracer(3, taus); }

// vector_as_state: the state of a tracer lies in a plain Eigen array
Eigen::Index size_of(const spark::Tracer<WRONG_OR(vector_as_state, std::vector<float>, Eigen::ArrayXf)>& tracer) {
  return tracer.size();
}

// traces_of_integers: traces are real numbers
float first_trace(const spark::Tracer<Eigen::Array<WRONG_OR(traces_of_integers, int, float), -1, 1>>& tracer) {
  return static_cast<float>(tracer.trace()(0));
}

// Only an array type that fixes its own shape makes a tracer without one.
// no_shape: no matching|cannot convert
auto without_shape() { return spark::Tracer<Eigen::WRONG_OR(no_shape, ArrayXf, Array4f)>(20.0); }

// Braces round a number where either a parameter or the options could be meant say neither.
// number_or_options: ambiguous
auto with_options() { return Tracer(4, 20.0f, WRONG_OR(number_or_options, {0.1}, spark::Options{0.1})); }

// A state that the law has not is no memory behind the last.
// state_that_is_none: the law has fewer states. they are counted from 0
float first_state(const Tracer& tracer) { return tracer.state<WRONG_OR(state_that_is_none, 1, 0)>()(0); }

// A trace is written through set_trace, which checks it.
// write_trace: discards qualifiers|no viable overloaded '='|no operator
void silence(Tracer& tracer, const Eigen::ArrayXf& zero) {
  WRONG_OR(write_trace, tracer.trace() = zero, tracer.set_trace(zero));
}

// A law that lacks a piece is told which, and how it is written: a private piece is none.
// law_without_prepare: a law needs .template <class W> static Coefficients<W> prepare
// law_without_step: a law needs .template <class C, class S, class X> static SPARK_INLINE void step
// law_without_jump: names itself in .Jumps. needs .template <class C, class S, class X> static SPARK_INLINE void jump
// law_without_value: a law needs .static constexpr int value_state = j
struct Law : spark::Leak<spark::Exact> {
  using Jumps = Law;

  WRONG_OR(law_without_prepare, private, public) : using Leak::prepare;
  WRONG_OR(law_without_step, private, public) : using Leak::step;
  WRONG_OR(law_without_jump, private, public) : using Leak::jump;
  WRONG_OR(law_without_value, private, public) : using Leak::value_state;
};

// A new tracer is made before what was saved takes the place of what it holds.
// class_without_name: a tracer class needs .static constexpr const char. name
// load_without_default: load<T>\(stream\) calls the constructor T\(\)
struct Mine : spark::BaseTracer<Mine, Eigen::ArrayXf, Law> {
  static constexpr const char* WRONG_OR(class_without_name, nom, name) = "Mine";
  explicit Mine(WRONG_OR(load_without_default, int size, int size = 3))
      : BaseTracer(spark::Shape(size), {20, 1, 0}, {}) {}
};
Mine load(std::istream& stream) { return spark::load<Mine>(stream); }
void step(Mine& mine) { mine(Eigen::ArrayXf::Zero(mine.size())); }
