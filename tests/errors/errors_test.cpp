// Every documented error of every class: its type, a text that names class, argument and value, and an object that is
// as it was.
#include <functional>
#include <spark/tracers.hpp>

#include "support/catch.hpp"
#include "support/property.hpp"

using namespace suite;

namespace {

constexpr double nan_ = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr Index n = 6;

// The values that a parameter may not have, and some that it may.
struct Domain {
  std::vector<double> refused, accepted;
};
const Domain time_constant{{nan_, 0, -3.5, -inf}, {4, 1e6, inf}};
const Domain time_constant_or_zero{{nan_, -3.5, -inf}, {0, 1e-3, 1e6, inf}};
const Domain finite{{nan_, inf, -inf}, {-2.5, 0, 1e6}};
const Domain unit{{nan_, inf, -inf, -0.125, 1.125}, {0, 0.5, 1}};

// The names of the constructor's parameters, in its order, and what each may be.
std::vector<std::string> names_of(Recurrence recurrence) {
  switch (recurrence) {
    case Recurrence::cascade:
    case Recurrence::clipped_cascade: return {"tau_1", "tau_2", "scale_1", "scale_2", "base_1", "base_2"};
    case Recurrence::release: return {"R_tau", "U_tau", "scale_U"};
    case Recurrence::rise_decay:
      return {"tau_rise", "tau_decay", "scale_rise", "scale_decay", "base_rise", "base_decay"};
    case Recurrence::rise_fast_slow: return {"alpha", "tau_rise", "tau_fast_decay", "tau_slow_decay"};
    default: return {"tau", "scale", "base"};
  }
}
const Domain& domain_of(const std::string& name, const Fixture& s) {
  if (name == "U_tau" && s.exact) return time_constant_or_zero;
  if (name.find("tau") != std::string::npos) return time_constant;
  return name == "scale_U" || (name.find("base") == 0 && is_clipped(s.recurrence)) ? unit : finite;
}

// The words tell which call it was.
template <class Exception = std::invalid_argument>
void refuses(std::initializer_list<std::string> words, const std::function<void()>& call) {
  CAPTURE(std::vector<std::string>(words));
  CHECK(complaint<Exception>(call, words) == "");
}

void check_each(Property property) {
  for (const Fixture& s : every_fixture()) {
    INFO(s.name);
    Verdict verdict;
    property(s, {}, verdict);
    CHECK(verdict.report() == "");
  }
}

Inputs ones(Index size) { return Inputs(at(size), 1); }
Raster ones(Index size, Index steps) { return {size, steps, std::vector<Inputs>(at(steps), ones(size)), {}}; }

PROPERTY_BY(check_each, "constructors refuse what is documented, and nothing else") {
  CHECK_NOTHROW(s.make({}));
  const auto names = names_of(s.recurrence);
  const auto is_tau = [&](std::size_t k) { return &domain_of(names[k], s) == &time_constant; };
  for (std::size_t k = 0; k < names.size(); ++k) {
    const std::string& name = names[k];
    const Domain& domain = domain_of(name, s);
    Setup odd;
    const auto make = [&](double v, Index rows = 0, Index cols = 0) {
      odd.odd = Odd{k, v, rows, cols};
      s.make(odd);
    };
    // the value as a number, and in one element of an array
    for (Style style : {Style::numbers, Style::arrays}) {
      odd.style = style;
      for (double v : domain.refused) refuses({s.class_name, name, show(v)}, [&] { make(v); });
      for (double v : domain.accepted) {
        if (s.is_16_bit() && v == 1e6) continue;  // beyond half, and a tau that bfloat16 would never see pass
        INFO(name << " = " << v);
        CHECK_NOTHROW(make(v));
      }
    }
    odd.style = Style::numbers;
    for (const Index rows : {s.rows, Index{1}, s.rows - 1, s.rows + 1, s.rows + 11, s.cols})
      for (const Index cols : {s.cols, Index{1}, s.cols - 1, s.cols + 1, s.cols + 11, s.rows}) {
        if (rows * cols < 2) continue;  // a number, or nothing
        const bool fits = (rows == s.rows || rows == 1) && (cols == s.cols || cols == 1);
        const auto with_shape = [&] { make(s.typical[k], rows, cols); };
        if (fits) CHECK_NOTHROW(with_shape());
        if (!fits) refuses({s.class_name, name, std::to_string(rows), std::to_string(cols)}, with_shape);
      }
    // finite as a double, but not as a float
    if (&domain == &finite && s.eps > 1e-10L) refuses({s.class_name, name, "1e+300"}, [&] { make(1e300); });
    // Euler with a step longer than a time constant would overshoot; Exact takes any step
    if (!is_tau(k) || s.is_16_bit()) continue;  // which refuses time constants as long as the others are here
    Setup long_step{s.typical, Style::numbers, 128};
    for (std::size_t j = 0; j < names.size(); ++j)
      if (is_tau(j)) long_step.parameters[j] = j == k ? 127.5 : 1e6;
    const auto make_long = [&] { s.make(long_step); };
    s.exact ? make_long() : refuses({s.class_name, name, "127.5", "128"}, make_long);
  }
  for (double dt : {nan_, 0.0, -1.0, inf, -inf})
    refuses({s.class_name, "dt", show(dt)}, [&] { s.make({{}, Style::numbers, dt}); });
}

// Of a tracer that is alive, or an EventDriven. After each call it must be `unchanged`, also in what it does next.
template <class T> void refuses_calls(const Fixture& s, T& t, const std::function<void()>& unchanged) {
  const auto refused = [&](std::initializer_list<std::string> words, const std::function<void()>& call) {
    refuses(words, call), unchanged();
  };
  const Index count = s.size();
  const std::string &name = s.class_name, longer = std::to_string(count + 3);
  for (double dt : {nan_, 0.0, -2.0, inf}) refused({name, "dt", show(dt)}, [&] { t.set_dt(dt); });
  if (!s.exact) refused({name, "dt", "tau"}, [&] { t.set_dt(1e9); });
  refused({name, "-1"}, [&] { t.advance(-1); });
  const std::int64_t beyond = (std::int64_t{1} << 61) + 1;
  refused({name, "2^61", std::to_string(beyond)}, [&] { t.advance(beyond); });
  for (Index size : {count + 3, count - 1})
    if (!s.fixed) refused({name, "x", std::to_string(size)}, [&] { t.step(ones(size)); });
  for (Form form : {Form::booleans, Form::bytes, Form::scalars, Form::bits})
    refused({name, longer}, [&] { t.run(ones(count + 3, 5), form); });
  const auto untouched = [](Index size, Index steps) { return Outputs(at(steps), std::vector<real>(at(size), 8)); };
  for (const auto& [size, steps] : {std::pair<Index, Index>{count, 4}, {count + 3, 5}, {count, 6}}) {
    Outputs record = untouched(size, steps);
    refused({name, "record", std::to_string(size), std::to_string(steps), "5"},
            [&] { t.run(ones(count, 5), Form::scalars, record); });
    CHECK(record == untouched(size, steps));
  }
  refused({name, longer}, [&] { t.step_bits(Words(at(count)), count + 3); });
  // spike_bits checks its words before it meets a tracer.
  refused({"words", "0", std::to_string((count + 63) / 64)}, [&] { t.step_bits({}, count); });

  Random random(26);
  const auto size = static_cast<int>(count);
  for (const auto& [indices, bad] :
       {std::pair<Indices, int>{{0, 3, size}, size}, {{2, -1, 3}, -1}, {{2147483647}, 2147483647}}) {
    Raster late = Raster::random(count, 20, false, random);  // of whose steps only the last is bad
    const Indices& list = late.lists.back() = indices;
    Outputs record = untouched(count, 20);
    const std::function<void()> calls[] = {[&] { t.step_list(list); }, [&] { t.reset_list(list); },
                                           [&] { t.run(late, Form::events); },
                                           [&] { t.run(late, Form::events, record); }};
    for (const auto& call : calls) refuses<std::out_of_range>({name, std::to_string(bad)}, call), unchanged();
  }
}

PROPERTY_BY(check_each, "calls refuse what does not fit and change nothing") {
  if (!s.takes_every_form) return;
  std::vector<Setup> setups = every_setup(s);
  if (s.is_16_bit()) setups.push_back({{}, Style::mixed, 1, 5, spark::Rounding::Stochastic});
  const Index count = s.size();
  Inputs x(at(count));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i % 4) / 4;
  const std::string &name = s.class_name, longer = std::to_string(count + 3);
  for (const Setup& each : setups) {
    const auto tracer = s.make(each);
    tracer->step(ones(count));
    tracer->step(Inputs(at(count)));
    const auto before = tracer->copy();
    const auto unchanged = [&] {
      CHECK(tracer->same_state(*before));
      const auto after = tracer->copy(), want = before->copy();
      CHECK((after->step(x) == want->step(x) && after->same_state(*want)));
    };
    refuses_calls(s, *tracer, unchanged);
    if (!s.fixed) refuses({name, "mask", longer}, [&] { tracer->masked_reset(std::vector<bool>(at(count + 3))); });
    refuses({name, longer}, [&] { tracer->reset_bits(Words(at(count)), count + 3); });
    refuses({"words", "0"}, [&] { tracer->reset_bits({}, count); });
    refuses({name, "x", "3", "4"}, [&] { tracer->step_range(0, 4, ones(3)); });
    for (const auto& range : {std::pair<Index, Index>{count - 2, 3}, {-1, 3}, {count + 1, 0}})
      refuses({name, std::to_string(range.first)},
              [&] { tracer->step_range(range.first, range.second, ones(range.second)); });
    unchanged();
    if (!s.events) continue;
    const auto events = s.events(each);
    events->step_list({1, 2});
    events->advance(3);
    const auto value = events->copy()->value();
    refuses_calls(s, *events, [&] { CHECK((events->copy()->value() == value && events->value(1) == value[1])); });
  }
}

PROPERTY_BY(check_each, "states are checked before they are written") {
  if (s.fixed) return;
  const auto tracer = s.make({});
  tracer->step(ones(s.size()));
  const auto before = tracer->copy();
  const bool in_unit = is_clipped(s.recurrence) || s.recurrence == Recurrence::release;
  for (int k = 0; k < count_states(s.recurrence); ++k) {
    const auto refused = [&](const Inputs& a, const std::string& value) {
      INFO("state " << k);
      refuses({s.class_name, "trace", value}, [&] { tracer->set_state(k, a); });
      CHECK(tracer->same_state(*before));
    };
    for (Index size : {s.size() + 3, s.size() - 1}) refused(ones(size), std::to_string(size));
    for (double v : {-0.125, 1.125, nan_, inf}) {
      Inputs a(at(s.size()), 0.5);
      a.back() = v;
      in_unit ? refused(a, show(v)) : tracer->copy()->set_state(k, a);
    }
  }
}

struct AnyScale : spark::Leak<spark::Euler> {
  static constexpr spark::ParameterInfo parameters[] = {
      {"tau", spark::Domain::time_constant}, {"scale", spark::Domain::any, 1}, {"base", spark::Domain::finite, 0}};
};
template <class Array> struct AnyScaleTracer : spark::BaseTracer<AnyScaleTracer<Array>, Array, AnyScale> {
  static constexpr const char* name = "AnyScaleTracer";
  using AnyScaleTracer::BaseTracer::BaseTracer;
};

}  // namespace

TEST_CASE("a time constant that the step or the type cannot follow is named") {
  using Single = spark::Tracer<ArrayXf>;
  refuses({"dt must not exceed tau with Euler, got dt 1 and tau 0.5"}, [] { Single(2, 0.5); });
  const std::string rise = "dt must not exceed tau_rise (combined with the decay) with Euler, got dt 1 and tau_rise 0.";
  refuses({rise + "75"}, [] { spark::RDTracer<ArrayXf>(2, 1.5, 1.5); });  // 1/1.5 + 1/1.5 is more than one
  refuses({rise}, [] { spark::RDTracer<ArrayXf>(1, 0.5, 20); });
  refuses({rise}, [] { spark::RFSTracer<ArrayXf>(1, 0.5, 1.01, 20, 30); });   // with the fast decay
  refuses({rise}, [] { spark::RFSTracer<ArrayXf>(1, 0.5, 1.01, 1e9, 30); });  // with the slow one
  // a decay that the type of parameters would round to never
  refuses({"Tracer", "tau"}, [] { spark::Tracer<ArrayXd>(n, 1e300, spark::Options{1e-300}); });
  refuses({"Tracer", "tau"}, [] { Single(n, 1e30, spark::Options{1e-30}); });
  // an array is kept in float: 1e-50 became 0 there, and 1e300 infinite
  for (double tau : {1e-50, 1e300})
    refuses({"tau must be positive and finite in the type", "at element 1"},
            [&] { spark::Tracer<ArrayXf, spark::Exact>(2, Eigen::Array2d(20, tau)); });
  refuses({}, [] { Single(2, Eigen::Array2d(0.69, 20), spark::Options{0.7}); });
  refuses({}, [] { Single(2, 0.99999999, Eigen::Array2d(1, 2)); });
  CHECK_NOTHROW(spark::RUTracer<ArrayXf, spark::Exact>(2, 20, Eigen::Array2d(0, inf), 0.5));
}

TEST_CASE("shapes and options that are none are refused") {
  using FixedMatrix = Eigen::Array<float, 2, 3>;
  using Bounded = Eigen::Array<float, Eigen::Dynamic, 1, 0, 16, 1>;
  refuses({"Tracer", "negative", "-3x1"}, [] { spark::Tracer<ArrayXf>(-3, 20); });
  refuses({"Tracer", "negative", "4x-3"}, [] { spark::Tracer<ArrayXXf>({4, -3}, 20); });
  refuses({"Tracer", "nx1", "4x2"}, [] { spark::Tracer<ArrayXf>({4, 2}, 20); });
  refuses({"Tracer", "5"}, [] { spark::Tracer<Eigen::Array4f>(spark::Shape(5), 20); });
  refuses({"RUTracer", "3", "2"}, [] { spark::RUTracer<FixedMatrix>(spark::Shape(3, 2), 20, 10, 0.5); });
  refuses({"Tracer", "16", "17x1"}, [] { spark::Tracer<Bounded>(17, 20); });
  CHECK_NOTHROW(spark::RUTracer<FixedMatrix>({2, 3}, 20, 10, 0.5));
  CHECK_NOTHROW(spark::Tracer<Bounded>(16, 20));

  spark::Options rounding, start;
  rounding.rounding = static_cast<spark::Rounding>(7), start.start = static_cast<spark::Start>(5);
  refuses({"rounding", "7"}, [&] { spark::Tracer<ArrayXf>(1, 20, rounding); });
  refuses({"start", "5"}, [&] { spark::Tracer<ArrayXf>(1, 20, start); });
}

TEST_CASE("an input or output of another shape is refused, though it has as many elements") {
  spark::Tracer<ArrayXf> tracer(n, 20);
  const ArrayXf four = ArrayXf::Zero(4);
  const std::vector<std::uint64_t> words(2);
  ArrayXf few = ArrayXf::Constant(2, 8);
  ArrayXXf square = ArrayXXf::Constant(2, 2, 8);
  refuses({"Tracer", "x", "2"}, [&] { tracer(ArrayXXf::Ones(n, 2)); });
  refuses({"Tracer", "x", "1x"}, [&] { tracer(ArrayXXf::Ones(1, n)); });
  refuses({"Tracer", "x", "1 steps", "2"}, [&] { tracer(spark::spike_bits(words, n, 2)); });
  refuses({"Tracer", "x", "4", "2x2"}, [&] { tracer.step(1, 4, square); });
  refuses({"Tracer", "count -1"}, [&] { tracer.step(4, -1, ArrayXf(0)); });
  refuses({"Tracer", "out", "4", "2x1"}, [&] { tracer.step(0, 4, four, few); });
  refuses({"Tracer", "out", "4", "2x2"}, [&] { tracer.step(0, 4, four, square); });
  CHECK(((few == 8).all() && (square == 8).all()));
  CHECK((tracer.trace() == 0).all());
  CHECK_NOTHROW(tracer.step(1, 4, four.transpose()));
}

TEST_CASE("a parameter that is refused changes nothing") {
  spark::Tracer<ArrayXf> tracer(4, 20);
  tracer(ArrayXf::Ones(4));
  for (double bad : {0.0, -1.0, nan_, 0.5}) refuses({"Tracer", "tau"}, [&] { tracer.set_tau(bad); });
  refuses({"base", "4x1", "3x1"}, [&] { tracer.set_base(ArrayXf::Ones(3)); });
  refuses({"tau must be positive", "-3", "at element 2"}, [&] { tracer.set_tau(Eigen::Array4d(20, 30, -3, 40)); });
  refuses({"tau must be positive", "-3", "at element 0"}, [&] { tracer.set_tau(Eigen::Array4d(-3, 20, 30, 40)); });
  CHECK(tracer.tau()(0) == 20);
  CHECK((tracer(ArrayXf::Zero(4)) == 0.95f).all());

  // a gain for each step that would be 0 for ever
  spark::DoubleTracer<ArrayXf> faint(2, 20, 30, 1, Eigen::Array2d(1, 1e-30));
  refuses({"dt must be so long that scale_2", "at element 1"}, [&] { faint.set_dt(1e-15); });
  CHECK((faint.dt() == 1 && faint.scale_2()(1) == 1e-30f));
}

// One rule: what a storage type cannot follow is refused where nothing would move, and only there.
TEMPLATE_TEST_CASE("a dense step refuses the decays that its storage would lose, and no others", "", spark::Euler,
                   spark::Exact) {
  using Float = spark::Tracer<ArrayXf, TestType>;
  using Half = spark::Tracer<Column<Eigen::half>, TestType>;
  using Brain = spark::Tracer<Column<Eigen::bfloat16>, TestType>;
  const ArrayXf zero = ArrayXf::Zero(2);
  const std::vector<int> none;
  const auto refused = [&](auto tracer, std::initializer_list<std::string> words) {
    refuses(words, [&] { tracer(zero); });
    refuses(words, [&] { tracer(spark::spikes(none)); });
    refuses(words, [&] { tracer.step(0, 1, zero.head(1)); });
    refuses(words, [&] { tracer.run(ArrayXXf::Zero(2, 2)); });
    tracer.advance(10);
    spark::EventDriven events(tracer);
    events(zero);
  };
  refused(Float(2, 33554432.0), {"Tracer", "tau", "33554432", "double"});
  refused(Half(2, 4096), {"Tracer", "tau must be below 4096 dt", "4096", "Stochastic"});
  refused(Half(2, 1e9), {"Tracer", "tau"});
  // 1 - exp(-dt/tau) is less than dt/tau
  using ExactBrain = spark::Tracer<Column<Eigen::bfloat16>, spark::Exact>;
  refused(ExactBrain(2, 511.75), {"tau must be below 511.5 dt", "got 511.75"});
  refused(Brain(2, 512), {"tau must be below 512 dt", "512", "Stochastic"});
  using Release = spark::RUTracer<ArrayXf, TestType>;
  refused(Release(2, 20, Eigen::Array2d(20, 5e7), 0.5), {"U_tau", "50000000", "at element 1"});
  const spark::Options stochastic{1, {}, spark::Rounding::Stochastic};
  refused(Half(2, 4e7, stochastic), {"tau", "33554432"});
  const auto takes = [&](auto tracer) { CHECK_NOTHROW(tracer(ArrayXf::Ones(2))); };
  takes(Half(2, 1e5, stochastic)), takes(Half(2, 1e6, stochastic));
  takes(Float(2, 3e7)), takes(Half(2, 4094)), takes(Brain(2, 510));
  takes(Float(2, inf)), takes(Half(2, inf)), takes(spark::Tracer<ArrayXd, TestType>(2, 1e12));
}

TEST_CASE("a parameter that may be any is not checked") {
  using T = AnyScaleTracer<ArrayXf>;
  CHECK(T(2, 20, inf).scale()(1) == INFINITY);
  CHECK(std::isnan(T(2, 20, nan_).scale()(1)));
  T t(2, 20, Eigen::Array2d(nan_, 1));
  t.set_scale(-inf);
  CHECK(t.scale()(0) == -INFINITY);
  refuses({"base", "nan"}, [&] { t.set_base(nan_); });
}

TEST_CASE("require_finite finds what a step would let through") {
  ArrayXf x = ArrayXf::Ones(n);
  CHECK_NOTHROW(spark::require_finite(x));
  for (double v : {nan_, inf, -inf}) {
    x(3) = static_cast<float>(v);
    refuses({show(v)}, [&] { spark::require_finite(x); });
  }
  CHECK_NOTHROW(spark::require_finite(Column<bool>(x > 0)));
  CHECK_NOTHROW(spark::require_finite(Eigen::ArrayXi::Ones(4)));
  using Long = Eigen::Array<long double, 1, 1>;
  CHECK_NOTHROW(spark::require_finite(Long(std::numeric_limits<long double>::max())));
}

TEST_CASE("a null pointer stands for nothing, or is refused") {
  const int* const indices = nullptr;
  const std::uint64_t* const words = nullptr;
  const std::vector<int> some{1};
  refuses({"indices", "null"}, [&] { spark::spikes(indices, 1); });
  refuses({"amounts", "null"}, [&] { spark::spikes(some.data(), static_cast<const float*>(nullptr), 1); });
  refuses({"words", "null"}, [&] { spark::spike_bits(words, 1); });
  using Map = Eigen::Map<ArrayXf>;
  refuses({"Tracer", "state", "null"}, [] { spark::Tracer<Map>({Map(nullptr, 3)}, 20.0); });
  spark::Tracer<Map> nothing({Map(nullptr, 0)}, 20.0);
  nothing(spark::spikes(indices, 0)), nothing(spark::spike_bits(words, 0));
  CHECK(nothing.clock() == 2);
}

TEST_CASE("offsets and words that do not describe a raster are refused, and change nothing") {
  spark::Tracer<ArrayXf> tracer(70, 20);
  tracer(ArrayXf::Ones(70));
  const ArrayXf before = tracer.trace();
  const auto refused = [&](std::initializer_list<std::string> words, auto raster) {
    refuses(words, [&] { tracer.run(raster()); });
    CHECK(identical(tracer.trace(), before));
  };
  const std::vector<int> indices{0, 1, 2};
  // which end beyond the indices, go back, start before the first, or are not there
  for (const std::vector<int>& offsets : {std::vector<int>{0, 2, 4}, {0, 3, 2}, {-1, 2, 3}, {}})
    refused({"offsets"}, [&] { return spark::spike_events(offsets, indices); });

  const std::vector<std::uint64_t> words(9, ~std::uint64_t{0});  // 70 elements take 2 a step
  const auto bits = [&](Index size, Index steps) {
    return [&words, size, steps] { return spark::spike_bits(words, size, steps); };
  };
  // neither the longest size rounded up to whole words nor the product of words and steps fits an integer
  const Index longest = std::numeric_limits<Index>::max();
  refused({"words", "9", "5"}, bits(70, 5)), refused({"words", "9"}, bits(longest, 1)), refused({"-70"}, bits(-70, 4));
  for (Index steps : {Index{-4}, longest, longest / 2 + 1}) refused({std::to_string(steps)}, bits(70, steps));
  CHECK_NOTHROW(tracer.run(bits(70, 4)()));
}
