// Every documented error of every class: its type, a text that names class, argument and value, and
// an object that is as it was.
#include <cmath>
#include <functional>
#include <limits>
#include <spark/tracers.hpp>

#include "support/catch.hpp"
#include "support/fixture.hpp"

using namespace suite;
using Eigen::ArrayXd;
using Eigen::ArrayXf;
using Eigen::ArrayXXf;
using spark::Exact;

namespace {

constexpr double nan_ = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr Index n = 6;

std::string text_of(double v) {
  if (std::isnan(v)) return "nan";
  std::ostringstream text;
  text << v;
  return text.str();
}

// The names of the constructor's parameters, in its order, and what each may be.
enum class Domain { tau, tau_or_zero, scale, base, unit };
struct Named {
  const char* name;
  Domain domain;
};
std::vector<Named> parameters_of(const Fixture& s) {
  const Domain base = is_clipped(s.recurrence) ? Domain::unit : Domain::base;
  switch (s.recurrence) {
    case Recurrence::cascade:
    case Recurrence::clipped_cascade:
      return {{"tau_1", Domain::tau},     {"tau_2", Domain::tau}, {"scale_1", Domain::scale},
              {"scale_2", Domain::scale}, {"base_1", base},       {"base_2", base}};
    case Recurrence::release:
      return {
          {"R_tau", Domain::tau}, {"U_tau", s.exact ? Domain::tau_or_zero : Domain::tau}, {"scale_U", Domain::unit}};
    case Recurrence::rise_decay:
      return {{"tau_rise", Domain::tau},      {"tau_decay", Domain::tau},  {"scale_rise", Domain::scale},
              {"scale_decay", Domain::scale}, {"base_rise", Domain::base}, {"base_decay", Domain::base}};
    case Recurrence::rise_fast_slow:
      return {{"alpha", Domain::scale},
              {"tau_rise", Domain::tau},
              {"tau_fast_decay", Domain::tau},
              {"tau_slow_decay", Domain::tau}};
    default: return {{"tau", Domain::tau}, {"scale", Domain::scale}, {"base", base}};
  }
}

std::vector<double> refused_values(Domain d) {
  switch (d) {
    case Domain::tau: return {nan_, 0, -3.5, -inf};
    case Domain::tau_or_zero: return {nan_, -3.5, -inf};
    case Domain::unit: return {nan_, inf, -inf, -0.125, 1.125};
    default: return {nan_, inf, -inf};
  }
}
std::vector<double> accepted_values(Domain d) {
  switch (d) {
    case Domain::tau: return {4, 1e6, inf};
    case Domain::tau_or_zero: return {0, 1e-3, 1e6, inf};
    case Domain::unit: return {0, 0.5, 1};
    default: return {-2.5, 0, 1e6};
  }
}

std::size_t at(Index i) { return static_cast<std::size_t>(i); }
Inputs ones(Index size) { return Inputs(at(size), 1); }
Raster ones(Index size, Index steps) { return {size, steps, std::vector<Inputs>(at(steps), ones(size)), {}}; }

void constructor(const Fixture& s) {
  const auto parameters = parameters_of(s);
  CHECK_NOTHROW(s.make({}));
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    // the value as a number, and in one element of an array
    for (Style style : {Style::numbers, Style::arrays}) {
      Setup setup;
      setup.style = style;
      for (double v : refused_values(parameters[k].domain)) {
        INFO(s.name << ", " << parameters[k].name << " = " << v);
        setup.odd = Odd{k, v};
        CHECK(complaint<std::invalid_argument>([&] { s.make(setup); },
                                               {s.class_name, parameters[k].name, text_of(v)}) == "");
      }
      for (double v : accepted_values(parameters[k].domain)) {
        if (s.is_16_bit() && v == 1e6) continue;  // beyond half, and a tau that bfloat16 would never see pass
        INFO(s.name << ", " << parameters[k].name << " = " << v);
        setup.odd = Odd{k, v};
        CHECK_NOTHROW(s.make(setup));
      }
    }
  }
  // finite as a double, but not as a float
  for (std::size_t k = 0; k < parameters.size() && s.eps > 1e-10L; ++k) {
    if (parameters[k].domain != Domain::scale && parameters[k].domain != Domain::base) continue;
    INFO(s.name << ", " << parameters[k].name << " = 1e300");
    Setup setup;
    setup.odd = Odd{k, 1e300};
    CHECK(complaint<std::invalid_argument>([&] { s.make(setup); }, {s.class_name, parameters[k].name, "1e+300"}) == "");
  }
  for (double dt : {nan_, 0.0, -1.0, inf, -inf}) {
    INFO(s.name << ", dt = " << dt);
    Setup setup;
    setup.dt = dt;
    CHECK(complaint<std::invalid_argument>([&] { s.make(setup); }, {s.class_name, "dt", text_of(dt)}) == "");
  }
}

// Euler with a step longer than a time constant would overshoot; Exact takes any step.
void long_steps(const Fixture& s) {
  if (s.is_16_bit()) return;  // which refuses a time constant as long as the others are here
  const auto parameters = parameters_of(s);
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    if (parameters[k].domain != Domain::tau) continue;
    Setup setup;
    setup.dt = 128;
    setup.parameters = s.typical;
    for (std::size_t j = 0; j < parameters.size(); ++j)
      if (parameters[j].domain == Domain::tau) setup.parameters[j] = 1e6;
    setup.parameters[k] = 127.5;
    INFO(s.name << ", " << parameters[k].name << " = 127.5, dt = 128");
    if (s.exact) {
      CHECK_NOTHROW(s.make(setup));
    } else {
      CHECK(complaint<std::invalid_argument>([&] { s.make(setup); },
                                             {s.class_name, parameters[k].name, "127.5", "128"}) == "");
    }
  }
}

void parameter_shapes(const Fixture& s) {
  const auto parameters = parameters_of(s);
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    const auto with_shape = [&](Index rows, Index cols) {
      Setup setup;
      setup.odd = Odd{k, s.typical[k], rows, cols};
      s.make(setup);
    };
    INFO(s.name << ", " << parameters[k].name);
    for (Index more : {-1, 1, 11}) {
      for (bool across : {false, true}) {
        const Index rows = s.rows + (across ? 0 : more), cols = s.cols + (across ? more : 0);
        if (rows < 2 && cols < 2) continue;  // a number
        if (rows == 0 || cols == 0) continue;
        if ((rows == 1 && cols == s.cols) || (cols == 1 && rows == s.rows)) continue;  // broadcasts
        CHECK(complaint<std::invalid_argument>(
                  [&] { with_shape(rows, cols); },
                  {s.class_name, parameters[k].name, std::to_string(rows), std::to_string(cols)}) == "");
      }
    }
    CHECK_NOTHROW(with_shape(s.rows, s.cols));
  }
}

// What a tracer that is alive refuses; it must be as before, also in what it does next.
void calls(const Fixture& s) {
  if (!s.takes_every_form || s.fixed) return;
  const Index count = s.size();
  const auto tracer = s.make_input({});
  tracer->step(ones(count));
  tracer->step(Inputs(at(count)));
  const auto before = copy(tracer);
  INFO(s.name);
  const auto refused = [&](const std::string& reason) {
    CHECK(reason == "");
    CHECK(tracer->same_state(*before));
    const auto after = copy(tracer), want = copy(before);
    Inputs x(at(count));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i % 4) / 4;
    CHECK((after->step(x) == want->step(x) && after->same_state(*want)));
  };
  const auto refuses = [&](std::initializer_list<std::string> words, const std::function<void()>& call) {
    refused(complaint<std::invalid_argument>(call, words));
  };
  const std::string& name = s.class_name;
  for (double dt : {nan_, 0.0, -2.0, inf}) refuses({name, "dt", text_of(dt)}, [&] { tracer->set_dt(dt); });
  if (!s.exact) refuses({name, "dt", "tau"}, [&] { tracer->set_dt(1e9); });
  refuses({name, "-1"}, [&] { tracer->advance(-1); });
  const std::int64_t end = std::int64_t{1} << 61;
  refuses({name, "2^61", std::to_string(end + 1)}, [&] { tracer->advance(end + 1); });
  const std::string longer = std::to_string(count + 3), shorter = std::to_string(count - 1);
  refuses({name, "x", longer}, [&] { tracer->step(ones(count + 3)); });
  refuses({name, "x", shorter}, [&] { tracer->step(ones(count - 1)); });
  refuses({name, "mask", longer}, [&] { tracer->masked_reset(std::vector<bool>(at(count + 3))); });
  refuses({name, "x", "3", "4"}, [&] { tracer->step_range(0, 4, ones(3)); });
  refused(complaint<std::logic_error>([&] { tracer->step_range(count - 1, 2, ones(2)); }, {name}));
  refused(complaint<std::logic_error>([&] { tracer->step_range(-1, 2, ones(2)); }, {name, "-1"}));
  const auto untouched = [](Index size, Index steps) { return Outputs(at(steps), std::vector<real>(at(size), 8)); };
  for (Form form : {Form::booleans, Form::bytes, Form::scalars, Form::bits})
    refuses({name, longer}, [&] { tracer->run(ones(count + 3, 5), form); });
  for (const auto& [size, steps] : {std::pair<Index, Index>{count, 4}, {count + 3, 5}, {count, 6}}) {
    Outputs record = untouched(size, steps);
    refuses({name, "record", std::to_string(size), std::to_string(steps), "5"},
            [&] { tracer->run(ones(count, 5), Form::scalars, record); });
    CHECK(record == untouched(size, steps));
  }
  const Words words(at(count));
  refuses({name, longer}, [&] { tracer->step_bits(words, count + 3); });
  refuses({name, longer}, [&] { tracer->reset_bits(words, count + 3); });
}

void states_written(const Fixture& s) {
  if (s.fixed) return;
  const auto tracer = s.make({});
  tracer->step(ones(s.size()));
  const auto before = tracer->copy();
  const bool unit = is_clipped(s.recurrence) || s.recurrence == Recurrence::release;
  for (int k = 0; k < count_states(s.recurrence); ++k) {
    const auto refused = [&](const Inputs& a, const std::string& value) {
      INFO(s.name << ", state " << k << ", " << value);
      CHECK(complaint<std::invalid_argument>([&] { tracer->set_state(k, a); }, {s.class_name, "trace", value}) == "");
      CHECK(tracer->same_state(*before));
    };
    refused(ones(s.size() + 3), std::to_string(s.size() + 3));
    refused(ones(s.size() - 1), std::to_string(s.size() - 1));
    for (double v : {-0.125, 1.125, nan_, inf}) {
      Inputs a(at(s.size()), 0.5);
      a.back() = v;
      if (unit) {
        refused(a, text_of(v));
      } else {
        CHECK_NOTHROW(tracer->copy()->set_state(k, a));
      }
    }
  }
}

void check_all(void (*property)(const Fixture&)) {
  for (const Fixture& s : every_fixture()) property(s);
}

}  // namespace

TEST_CASE("constructors refuse what is documented, and nothing else") { check_all(constructor); }
TEST_CASE("Euler refuses a step longer than a time constant") { check_all(long_steps); }
TEMPLATE_TEST_CASE("nearest rounding refuses the decays that it would lose, and no others", "", spark::Euler,
                   spark::Exact) {
  using Brain = spark::Tracer<Eigen::Array<Eigen::bfloat16, Eigen::Dynamic, 1>, TestType>;
  using Half = spark::Tracer<Eigen::Array<Eigen::half, Eigen::Dynamic, 1>, TestType>;
  const ArrayXf zero = ArrayXf::Zero(1);
  CHECK_NOTHROW(Brain(1, 510)(zero));
  CHECK_NOTHROW(Half(1, 4094)(zero));
  CHECK(complaint<std::invalid_argument>([&] { Brain(1, 512)(zero); }, {"tau must be below 512 dt", "512"}) == "");
  CHECK(complaint<std::invalid_argument>([&] { Half(1, 4096)(zero); }, {"tau must be below 4096 dt", "4096"}) == "");
}
TEST_CASE("a step that is too long is told beside the time constant that it exceeds") {
  CHECK(complaint<std::invalid_argument>([] { spark::Tracer<ArrayXf>(2, 0.5); },
                                         {"dt must not exceed tau with Euler, got dt 1 and tau 0.5"}) == "");
  // 1/1.5 + 1/1.5 is more than one
  CHECK(complaint<std::invalid_argument>(
            [] { spark::RDTracer<ArrayXf>(2, 1.5, 1.5); },
            {"dt must not exceed tau_rise (combined with the decay) with Euler, got dt 1 and tau_rise 0.75"}) == "");
}
TEST_CASE("constructors refuse parameters of another shape") { check_all(parameter_shapes); }
TEST_CASE("calls refuse what does not fit and change nothing") { check_all(calls); }
TEST_CASE("states are checked before they are written") { check_all(states_written); }

TEST_CASE("a shape must be one") {
  using Fixed = Eigen::Array<float, 4, 1>;
  using FixedMatrix = Eigen::Array<float, 2, 3>;
  CHECK(complaint<std::invalid_argument>([] { spark::Tracer<ArrayXf>(-3, 20); }, {"Tracer", "-3"}) == "");
  CHECK(complaint<std::invalid_argument>([] { spark::Tracer<ArrayXXf>({4, -3}, 20); }, {"Tracer", "-3"}) == "");
  CHECK(complaint<std::invalid_argument>([] { spark::Tracer<ArrayXf>({4, 2}, 20); }, {"Tracer", "nx1", "4x2"}) == "");
  CHECK(complaint<std::invalid_argument>([] { spark::Tracer<Fixed>(spark::Shape(5), 20); }, {"Tracer", "5"}) == "");
  CHECK(complaint<std::invalid_argument>(
            [] {
              spark::RUTracer<FixedMatrix>({3, 2}, 20, 10, 0.5);
            },
            {"RUTracer", "3", "2"}) == "");
  CHECK_NOTHROW(spark::RUTracer<FixedMatrix>({2, 3}, 20, 10, 0.5));

  using Bounded = Eigen::Array<float, Eigen::Dynamic, 1, 0, 16, 1>;
  CHECK_NOTHROW(spark::Tracer<Bounded>(16, 20));
  CHECK(complaint<std::invalid_argument>([] { spark::Tracer<Bounded>(17, 20); }, {"Tracer", "16", "17x1"}) == "");
}

TEST_CASE("an input of another shape is refused, though it has as many elements") {
  spark::Tracer<ArrayXf> tracer(n, 20);
  const ArrayXXf two_columns = ArrayXXf::Ones(n, 2), row = ArrayXXf::Ones(1, n);
  CHECK(complaint<std::invalid_argument>([&] { tracer(two_columns); }, {"Tracer", "x", "2"}) == "");
  CHECK(complaint<std::invalid_argument>([&] { tracer(row); }, {"Tracer", "x", "1x"}) == "");
  CHECK((tracer.trace() == 0).all());
}

TEST_CASE("columns and rows that broadcast must have the tracer's length") {
  using Row = Eigen::Array<float, 1, Eigen::Dynamic>;
  const auto make = [](const auto& tau) { return spark::Tracer<ArrayXXf>({4, 5}, tau); };
  CHECK_NOTHROW(make(ArrayXf::Constant(4, 20)));
  CHECK_NOTHROW(make(Row::Constant(5, 20)));
  CHECK(complaint<std::invalid_argument>([&] { make(ArrayXf::Constant(5, 20)); }, {"Tracer", "tau"}) == "");
  CHECK(complaint<std::invalid_argument>([&] { make(Row::Constant(4, 20)); }, {"Tracer", "tau"}) == "");
  CHECK(complaint<std::invalid_argument>([&] { make(ArrayXXf::Constant(5, 4, 20)); }, {"Tracer", "tau"}) == "");
}

TEST_CASE("a decay that the storage would round to never is refused") {
  const auto words = {std::string("Tracer"), std::string("tau")};
  spark::Options tiny;
  tiny.dt = 1e-300;
  CHECK(complaint<std::invalid_argument>([&] { spark::Tracer<ArrayXd>(n, 1e300, 1, 0, tiny); }, words) == "");
  tiny.dt = 1e-30;
  CHECK(complaint<std::invalid_argument>([&] { spark::Tracer<ArrayXf>(n, 1e30, 1, 0, tiny); }, words) == "");
  using Halves = Eigen::Array<Eigen::half, Eigen::Dynamic, 1>;
  CHECK(complaint<std::invalid_argument>([&] { spark::Tracer<Halves>(n, 1e9)(ArrayXf::Zero(n)); }, words) == "");
  // Infinite is said on purpose.
  CHECK_NOTHROW(spark::Tracer<Halves>(n, inf));
  CHECK_NOTHROW(spark::Tracer<ArrayXf>(n, 1e9));
  CHECK_NOTHROW(spark::Tracer<ArrayXf, Exact>(n, 1e9));
  spark::Options stochastic;
  stochastic.rounding = spark::Rounding::Stochastic;
  CHECK_NOTHROW(spark::Tracer<Halves>(n, 1e5, 1, 0, stochastic));
}

TEST_CASE("require_finite finds what a step would let through") {
  ArrayXf x = ArrayXf::Ones(n);
  CHECK_NOTHROW(spark::require_finite(x));
  for (double v : {nan_, inf, -inf}) {
    x(3) = static_cast<float>(v);
    CHECK(complaint<std::invalid_argument>([&] { spark::require_finite(x); }, {text_of(v)}) == "");
  }
  const Eigen::Array<bool, Eigen::Dynamic, 1> flags = x > 0;
  CHECK_NOTHROW(spark::require_finite(flags));
  CHECK_NOTHROW(spark::require_finite(Eigen::ArrayXi::Ones(4)));
  using Long = Eigen::Array<long double, 1, 1>;
  CHECK_NOTHROW(spark::require_finite(Long(std::numeric_limits<long double>::max())));
}

TEST_CASE("events that do not describe a raster are refused") {
  spark::Tracer<ArrayXf> tracer(n, 20);
  tracer(ArrayXf::Ones(n));
  const ArrayXf before = tracer.trace();
  const auto refused = [&](std::vector<int> offsets, std::vector<int> indices) {
    const auto run = [&] { tracer.run(spark::spike_events(offsets, indices)); };
    CHECK(complaint<std::logic_error>(run, {}) == "");
    CHECK(identical(tracer.trace(), before));
  };
  refused({0, 2, 4}, {0, 1, 2});   // ends beyond the indices
  refused({0, 3, 2}, {0, 1, 2});   // goes back
  refused({-1, 2, 3}, {0, 1, 2});  // starts before the first
  refused({0, 1, 3}, {0, 1, n});   // an element that is not there
  refused({0, 1, 3}, {0, -1, 2});
  const std::vector<int> none, indices = {0, 1};
  // No offsets at all: no step, or no sense; never a change.
  try {
    tracer.run(spark::spike_events(none, none));
  } catch (const std::logic_error&) {
  }
  CHECK(identical(tracer.trace(), before));
}

TEST_CASE("too few words for a raster of bits are refused") {
  using Long = spark::Tracer<ArrayXf>;
  Long tracer(70, 20);
  tracer(ArrayXf::Ones(70));
  const ArrayXf before = tracer.trace();
  const std::vector<std::uint64_t> words(9, ~std::uint64_t{0});  // 70 elements take 2 a step
  CHECK(complaint<std::invalid_argument>([&] { tracer.run(spark::spike_bits(words, 70, 5)); }, {"words", "9", "5"}) ==
        "");
  CHECK(identical(tracer.trace(), before));
  CHECK_NOTHROW(tracer.run(spark::spike_bits(words, 70, 4)));
  CHECK(complaint<std::invalid_argument>([&] { tracer.run(spark::spike_bits(words, -70, 4)); }, {"-70"}) == "");
  CHECK(complaint<std::invalid_argument>([&] { tracer.run(spark::spike_bits(words, 70, -4)); }, {"-4"}) == "");
  // Neither the size rounded up to whole words nor the product of words and steps fits an integer.
  const Index longest = std::numeric_limits<Index>::max();
  CHECK(complaint<std::invalid_argument>([&] { tracer.run(spark::spike_bits(words, longest)); }, {"words", "9"}) == "");
  for (Index steps : {std::numeric_limits<Index>::max(), std::numeric_limits<Index>::max() / 2 + 1})
    CHECK(complaint<std::invalid_argument>([&] { tracer.run(spark::spike_bits(words, 70, steps)); },
                                           {std::to_string(steps)}) == "");
}
