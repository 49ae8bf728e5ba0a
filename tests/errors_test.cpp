// Every documented error of every class: its type, a text that names class, argument and value, and
// an object that is as it was.
#include <cmath>
#include <limits>
#include <tuple>

#include "catch.hpp"
#include "support/suite.hpp"

using namespace suite;
using Eigen::ArrayXd;
using Eigen::ArrayXf;
using Eigen::ArrayXXf;
using spark::Euler;
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
template <class Kind>
std::vector<Named> parameters_of(bool exact) {
  const Domain base = is_clipped(Kind::recurrence) ? Domain::unit : Domain::base;
  switch (Kind::recurrence) {
    case Recurrence::leaky:
    case Recurrence::clipped:
    case Recurrence::nearest: return {{"tau", Domain::tau}, {"scale", Domain::scale}, {"base", base}};
    case Recurrence::cascade:
    case Recurrence::clipped_cascade:
      return {{"tau_1", Domain::tau},     {"tau_2", Domain::tau}, {"scale_1", Domain::scale},
              {"scale_2", Domain::scale}, {"base_1", base},       {"base_2", base}};
    case Recurrence::release:
      return {{"R_tau", Domain::tau}, {"U_tau", exact ? Domain::tau_or_zero : Domain::tau}, {"scale_U", Domain::unit}};
    case Recurrence::rise_decay:
      return {{"tau_rise", Domain::tau},      {"tau_decay", Domain::tau},  {"scale_rise", Domain::scale},
              {"scale_decay", Domain::scale}, {"base_rise", Domain::base}, {"base_decay", Domain::base}};
    case Recurrence::rise_fast_slow:
      return {{"alpha", Domain::scale},
              {"tau_rise", Domain::tau},
              {"tau_fast_decay", Domain::tau},
              {"tau_slow_decay", Domain::tau}};
  }
  return {};
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

// T is of a dynamic column of float.
template <class Kind, class Integration>
struct Checks {
  using T = typename Kind::template type<ArrayXf, Integration>;
  static constexpr std::size_t count = Kind::typical.size();
  using Values = std::array<double, count>;
  static constexpr bool exact = std::is_same_v<Integration, Exact>;
  const std::string name = Kind::name;

  static Values typical() {
    Values v;
    std::copy(Kind::typical.begin(), Kind::typical.end(), v.begin());
    return v;
  }
  static T make(const Values& values, spark::Options options = {}) {
    return std::apply([&](auto... p) { return T(n, p..., options); }, values);
  }
  // one element of one parameter differs
  template <std::size_t... k>
  static T make_arrays(std::size_t bad, double value, std::index_sequence<k...>) {
    const auto array = [&](std::size_t j) {
      ArrayXf a = ArrayXf::Constant(n, static_cast<float>(Kind::typical[j]));
      if (j == bad) a(n - 2) = static_cast<float>(value);
      return a;
    };
    return T(n, array(k)...);
  }

  void constructor() const {
    const auto parameters = parameters_of<Kind>(exact);
    CHECK_NOTHROW(make(typical()));
    for (std::size_t k = 0; k < count; ++k) {
      for (double v : refused_values(parameters[k].domain)) {
        INFO(name << ", " << parameters[k].name << " = " << v);
        Values values = typical();
        values[k] = v;
        CHECK(complaint<std::invalid_argument>([&] { make(values); }, {name, parameters[k].name, text_of(v)}) == "");
        CHECK(complaint<std::invalid_argument>([&] { make_arrays(k, v, std::make_index_sequence<count>()); },
                                               {name, parameters[k].name, text_of(v)}) == "");
      }
      for (double v : accepted_values(parameters[k].domain)) {
        INFO(name << ", " << parameters[k].name << " = " << v);
        Values values = typical();
        values[k] = v;
        CHECK_NOTHROW(make(values));
        CHECK_NOTHROW(make_arrays(k, v, std::make_index_sequence<count>()));
      }
    }
    for (double dt : {nan_, 0.0, -1.0, inf, -inf}) {
      INFO(name << ", dt = " << dt);
      spark::Options options;
      options.dt = dt;
      CHECK(complaint<std::invalid_argument>([&] { make(typical(), options); }, {name, "dt", text_of(dt)}) == "");
    }
  }

  // Euler with a step longer than a time constant would overshoot; Exact takes any step.
  void long_steps() const {
    const auto parameters = parameters_of<Kind>(exact);
    for (std::size_t k = 0; k < count; ++k) {
      if (parameters[k].domain != Domain::tau) continue;
      spark::Options options;
      options.dt = 128;
      Values values = typical();
      for (std::size_t j = 0; j < count; ++j)
        if (parameters[j].domain == Domain::tau) values[j] = 1e6;
      values[k] = 127.5;
      INFO(name << ", " << parameters[k].name << " = 127.5, dt = 128");
      if (exact) {
        CHECK_NOTHROW(make(values, options));
      } else {
        CHECK(complaint<std::invalid_argument>([&] { make(values, options); },
                                               {name, parameters[k].name, "127.5", "128"}) == "");
      }
    }
  }

  void parameter_shapes() const {
    const auto parameters = parameters_of<Kind>(exact);
    const Values all = typical();
    for (std::size_t bad = 0; bad < count; ++bad) {
      const auto with_shape = [&](Index rows, Index cols) {
        make_with(bad, ArrayXXf::Constant(rows, cols, static_cast<float>(all[bad])), std::make_index_sequence<count>());
      };
      INFO(name << ", " << parameters[bad].name);
      for (Index length : {n - 1, n + 1, Index{17}})
        CHECK(complaint<std::invalid_argument>([&] { with_shape(length, 1); },
                                               {name, parameters[bad].name, std::to_string(length)}) == "");
      CHECK(complaint<std::invalid_argument>([&] { with_shape(n, 2); }, {name, parameters[bad].name, "2"}) == "");
      CHECK_NOTHROW(with_shape(n, 1));
    }
  }
  template <std::size_t... k>
  static T make_with(std::size_t bad, const ArrayXXf& a, std::index_sequence<k...>) {
    return T(n, (k == bad ? a : ArrayXXf::Constant(n, 1, static_cast<float>(Kind::typical[k])))...);
  }

  // What a tracer that is alive refuses; it must be as before, also in what it does next.
  void calls() const {
    T tracer = make(typical());
    tracer(ArrayXf::Ones(n));
    tracer(ArrayXf::Zero(n));
    const T before = tracer;
    const auto refused = [&](const std::string& reason) {
      CHECK(reason == "");
      CHECK(tracer.dt() == before.dt());
      T after = tracer, want = before;
      for (std::size_t k = 0; k < states<Kind::recurrence>(tracer).size(); ++k)
        CHECK(identical(*states<Kind::recurrence>(after)[k], *states<Kind::recurrence>(want)[k]));
      const ArrayXf x = ArrayXf::LinSpaced(n, 0, 1);
      CHECK(identical(ArrayXf(after(x)), ArrayXf(want(x))));
    };
    INFO(name);
    for (double dt : {nan_, 0.0, -2.0, inf})
      refused(complaint<std::invalid_argument>([&] { tracer.set_dt(dt); }, {name, "dt", text_of(dt)}));
    if (!exact) refused(complaint<std::invalid_argument>([&] { tracer.set_dt(1e9); }, {name, "dt", "tau"}));
    const std::string longer = std::to_string(n + 3), shorter = std::to_string(n - 1);
    const ArrayXf long_x = ArrayXf::Ones(n + 3), short_x = ArrayXf::Ones(n - 1);
    const ArrayXXf two_columns = ArrayXXf::Ones(n, 2);
    refused(complaint<std::invalid_argument>([&] { tracer(long_x); }, {name, "x", longer}));
    refused(complaint<std::invalid_argument>([&] { tracer(short_x); }, {name, "x", shorter}));
    refused(complaint<std::invalid_argument>([&] { tracer(two_columns); }, {name, "x", "2"}));
    refused(complaint<std::invalid_argument>([&] { tracer.masked_reset(long_x > 0); }, {name, "mask", longer}));
    refused(complaint<std::invalid_argument>([&] { tracer.step(0, 4, short_x.head(3)); }, {name, "x", "3", "4"}));
    refused(complaint<std::logic_error>([&] { tracer.step(n - 1, 2, short_x.head(2)); }, {name}));
    refused(complaint<std::logic_error>([&] { tracer.step(-1, 2, short_x.head(2)); }, {name, "-1"}));
    const ArrayXXf raster = ArrayXXf::Ones(n, 5);
    ArrayXXf record = ArrayXXf::Zero(n, 4);
    refused(complaint<std::invalid_argument>([&] { tracer.run(ArrayXXf::Ones(n + 3, 5)); }, {name, longer}));
    refused(complaint<std::invalid_argument>([&] { tracer.run(raster, record); }, {name, "record", "4", "5"}));
    CHECK((record == 0).all());
    ArrayXXf wide_record = ArrayXXf::Zero(n + 3, 5);
    refused(complaint<std::invalid_argument>([&] { tracer.run(raster, wide_record); }, {name, "record", longer}));
    const std::vector<std::uint64_t> words(8);
    refused(complaint<std::invalid_argument>([&] { tracer(spark::spike_bits(words, n + 3)); }, {name, longer}));
    refused(complaint<std::invalid_argument>([&] { tracer.masked_reset(spark::spike_bits(words, n + 3)); },
                                             {name, longer}));
    refused(complaint<std::invalid_argument>([&] { tracer.run(spark::spike_bits(words, n + 3, 5)); }, {name, longer}));
  }

  void states_written() const {
    T tracer = make(typical());
    tracer(ArrayXf::Ones(n));
    const T before = tracer;
    const bool unit = is_clipped(Kind::recurrence) || Kind::recurrence == Recurrence::release;
    for (int k = 0; k < count_states(Kind::recurrence); ++k) {
      const auto refused = [&](const ArrayXf& a, const std::string& value) {
        INFO(name << ", state " << k << ", " << value);
        CHECK(complaint<std::invalid_argument>([&] { set_state<Kind::recurrence>(tracer, k, a); },
                                               {name, "trace", value}) == "");
        for (std::size_t j = 0; j < states<Kind::recurrence>(tracer).size(); ++j)
          CHECK(identical(*states<Kind::recurrence>(tracer)[j], *states<Kind::recurrence>(before)[j]));
      };
      refused(ArrayXf::Ones(n + 3), std::to_string(n + 3));
      refused(ArrayXf::Ones(n - 1), std::to_string(n - 1));
      for (double v : {-0.125, 1.125, nan_, inf}) {
        ArrayXf a = ArrayXf::Constant(n, 0.5f);
        a(n - 1) = static_cast<float>(v);
        if (unit) {
          refused(a, text_of(v));
        } else {
          T other = tracer;
          CHECK_NOTHROW(set_state<Kind::recurrence>(other, k, a));
        }
      }
    }
  }
};

template <class Integration, class... Kind>
void check_constructors(Kinds<Kind...>) {
  (Checks<Kind, Integration>().constructor(), ...);
  (Checks<Kind, Integration>().long_steps(), ...);
}
template <class... Kind>
void check_shapes(Kinds<Kind...>) {
  (Checks<Kind, Euler>().parameter_shapes(), ...);
}
template <class... Kind>
void check_calls(Kinds<Kind...>) {
  (Checks<Kind, Euler>().calls(), ...);
}
template <class... Kind>
void check_states(Kinds<Kind...>) {
  (Checks<Kind, Euler>().states_written(), ...);
}

}  // namespace

TEST_CASE("constructors refuse what is documented, and nothing else") {
  check_constructors<Euler>(EveryKind());
  check_constructors<Exact>(EveryKind());
}

TEST_CASE("constructors refuse parameters of another shape") { check_shapes(EveryKind()); }

TEST_CASE("calls refuse what does not fit and change nothing") { check_calls(EveryKind()); }

TEST_CASE("states are checked before they are written") { check_states(EveryKind()); }

TEST_CASE("a shape must be one") {
  using Fixed = Eigen::Array<float, 4, 1>;
  using FixedMatrix = Eigen::Array<float, 2, 3>;
  CHECK(complaint<std::invalid_argument>([] { spark::Tracer<ArrayXf>(-3, 20); }, {"Tracer", "-3"}) == "");
  CHECK(complaint<std::invalid_argument>([] { spark::Tracer<ArrayXXf>({4, -3}, 20); }, {"Tracer", "-3"}) == "");
  CHECK(complaint<std::invalid_argument>([] { spark::Tracer<ArrayXf>({4, 2}, 20); }, {"Tracer", "2"}) == "");
  CHECK(complaint<std::invalid_argument>([] { spark::Tracer<Fixed>(spark::Shape(5), 20); }, {"Tracer", "5"}) == "");
  CHECK(complaint<std::invalid_argument>(
            [] {
              spark::RUTracer<FixedMatrix>({3, 2}, 20, 10, 0.5);
            },
            {"RUTracer", "3", "2"}) == "");
  CHECK_NOTHROW(spark::RUTracer<FixedMatrix>({2, 3}, 20, 10, 0.5));
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
  CHECK(complaint<std::invalid_argument>([&] { spark::Tracer<Halves>(n, 1e9); }, words) == "");
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
  // The product of words and steps does not fit an integer.
  for (Index steps : {std::numeric_limits<Index>::max(), std::numeric_limits<Index>::max() / 2 + 1})
    CHECK(complaint<std::invalid_argument>([&] { tracer.run(spark::spike_bits(words, 70, steps)); },
                                           {std::to_string(steps)}) == "");
}
