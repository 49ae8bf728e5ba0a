// How a tracer class becomes a Subject. Sources that are written for fixtures include this alone: it compiles long.
#pragma once

#include <tuple>

#include "fixture.hpp"
#include "kinds.hpp"

namespace suite {

// Dynamic tracers are longer than a tile of 64 and than a word of bits, and fill neither; 2-D ones
// have as many elements.
template <class A> constexpr bool is_fixed = A::SizeAtCompileTime != Eigen::Dynamic;
template <class A> constexpr Index size_of = is_fixed<A> ? Index{A::SizeAtCompileTime} : 77;
template <class A> constexpr Index rows_of = A::RowsAtCompileTime != Eigen::Dynamic ? Index{A::RowsAtCompileTime}
                                             : A::ColsAtCompileTime == 1            ? size_of<A>
                                                                                    : 7;
template <class A> constexpr Index cols_of = size_of<A> / rows_of<A>;

template <class A, class X> using Like =
    Eigen::Array<X, A::RowsAtCompileTime, A::ColsAtCompileTime, A::IsRowMajor ? Eigen::RowMajor : Eigen::ColMajor>;

// The numbers in storage order as an array of the fixture's shape, or, where there are more or fewer, of another.
template <class A, class X, class Numbers> Like<A, X> array_of(const Numbers& numbers) {
  const auto size = static_cast<Index>(numbers.size());
  const bool row = A::RowsAtCompileTime == 1, whole = !A::IsVectorAtCompileTime && size == size_of<A>;
  Like<A, X> a;
  a.resize(row ? 1 : whole ? rows_of<A> : size, row ? size : whole ? cols_of<A> : 1);
  for (Index i = 0; i < size; ++i) a.data()[i] = from_real<X>(numbers[static_cast<std::size_t>(i)]);
  return a;
}

template <class B> std::vector<real> listed(const B& a) {
  std::vector<real> v;
  for (Index i = 0; i < a.size(); ++i) v.push_back(to_real(a.data()[i]));
  return v;
}

// A record in Eigen's form. At the end what was written is taken over, even if that is an exception.
template <class S> struct Columns {
  Outputs& outputs;
  ColumnMajor<S> numbers;

  Columns(Outputs& record, Index size) : outputs(record) {
    const auto steps = static_cast<Index>(record.size());
    numbers.resize(steps == 0 ? size : static_cast<Index>(record[0].size()), steps);
    for (Index k = 0; k < steps; ++k) numbers.col(k) = row(k).unaryExpr(&from_real<S>);
  }
  ~Columns() {
    for (Index k = 0; k < numbers.cols(); ++k) row(k) = numbers.col(k).unaryExpr(&to_real<S>);
  }
  Eigen::Map<Column<real>> row(Index k) { return {outputs[static_cast<std::size_t>(k)].data(), numbers.rows()}; }
};

template <class S, class T> void run_in_form(T& tracer, const Raster& r, Form form, Record record) {
  const Words words = r.bits();
  const auto offsets = r.offsets();
  const Indices indices = r.indices();
  std::optional<Columns<S>> columns;
  if (record) columns.emplace(*record, r.size);
  const auto run = [&](const auto& raster) {
    const Watch watch;
    columns ? tracer.run(raster, columns->numbers) : tracer.run(raster);
  };
  switch (form) {
    case Form::booleans: return run(r.dense<bool>());
    case Form::bytes: return run(r.dense<std::uint8_t>());
    case Form::scalars: return run(r.dense<S>());
    case Form::bits: return run(spark::spike_bits(words, r.size, r.steps));
    case Form::events: return run(spark::spike_events(offsets, indices));
  }
}

// Parameter k of a tracer of this shape, as the setup has it.
template <class Parameter, class S>
Parameter handed_over(const Setup& setup, std::size_t k, double typical, Index rows, Index cols) {
  const bool broadcast = setup.style == Style::broadcast;
  const auto value = [&](Index row, Index col) { return setup.parameter(k, typical, row, col); };
  const Odd* const odd = setup.odd && setup.odd->parameter == k ? &*setup.odd : nullptr;
  if (odd && odd->rows > 0) return ColumnMajor<S>::Constant(odd->rows, odd->cols, from_real<S>(odd->value));
  if (!broadcast && !setup.as_array(k)) return odd ? odd->value : value(0, 0);
  if (broadcast) (k % 2 == 0 ? cols : rows) = 1;
  ColumnMajor<S> a =
      ColumnMajor<S>::NullaryExpr(rows, cols, [&](Index row, Index col) { return from_real<S>(value(row, col)); });
  if (odd) a(std::max<Index>(rows - 2, 0), cols - 1) = from_real<S>(odd->value);
  return a;
}

enum class Ability { laws, forms, forms_and_events };

// What a fixture that does not take every form is not asked for is not compiled.
template <class Kind, class A, class Integration, Ability ability> class SubjectFor final : public Subject {
 public:
  using T = typename Kind::template type<A, Integration>;
  using S = typename A::Scalar;
  static constexpr bool every_form = ability != Ability::laws;

  explicit SubjectFor(const Setup& setup) : tracer(made(setup)) {}
  explicit SubjectFor(const T& t) : tracer(t) {}

  std::unique_ptr<Subject> copy() const override { return std::make_unique<SubjectFor>(*this); }
  std::unique_ptr<Subject> move() override { return std::make_unique<SubjectFor>(std::move(*this)); }
  void assign(const Subject& other) override { tracer = static_cast<const SubjectFor&>(other).tracer; }
  void assign_moved(Subject& other) override { tracer = std::move(static_cast<SubjectFor&>(other).tracer); }
  bool same_state(const Subject& other) const override {
    const T& that = static_cast<const SubjectFor&>(other).tracer;
    const auto mine = states<Kind>(tracer), yours = states<Kind>(that);
    return tracer.dt() == that.dt() && identical(A(tracer.value()), A(that.value())) &&
           std::equal(mine.begin(), mine.end(), yours.begin(), [](auto* a, auto* b) { return identical(*a, *b); });
  }
  Index size() const override { return tracer.size(); }
  double dt() const override { return tracer.dt(); }
  std::vector<real> state(int k) const override { return listed(*states<Kind>(tracer)[static_cast<std::size_t>(k)]); }
  std::vector<real> value() const override { return listed(A(tracer.value())); }
  bool any_subnormal() const override {
    const auto all = states<Kind>(tracer);
    return std::any_of(all.begin(), all.end(), [](const A* a) { return a->unaryExpr(&is_subnormal<S>).any(); });
  }
  void set_state(int k, const Inputs& values) override { suite::set_state<Kind>(tracer, k, array_of<A, S>(values)); }
  void set_dt(double dt) override { tracer.set_dt(dt); }
  void advance(std::int64_t n) override {
    watched([&] { tracer.advance(n); });
  }
  void reset() override {
    watched([&] { tracer.reset(); });
  }
  void masked_reset(const std::vector<bool>& mask) override { reset_where<true>(array_of<A, bool>(mask)); }
  void reset_list(const Indices& list) override { reset_where(spark::spikes(list)); }
  void reset_bits(const Words& words, Index size) override { reset_where(spark::spike_bits(words, size)); }
  std::vector<real> step(const Inputs& x) override { return output<true>(array_of<A, S>(x)); }
  std::vector<real> step_list(const Indices& list) override { return output(spark::spikes(list)); }
  std::vector<real> step_bits(const Words& words, Index size) override {
    return output(spark::spike_bits(words, size));
  }
  std::vector<real> step_wide(const Inputs& x) override { return output(array_of<A, typename T::Number>(x)); }
  std::vector<real> step_bytes(const Inputs& x) override { return output(array_of<A, std::uint8_t>(x)); }
  std::vector<real> step_booleans(const Inputs& x) override { return output(array_of<A, bool>(x)); }
  void step_range(Index first, Index count, const Inputs& x) override {
    const auto values = array_of<Column<S>, S>(x);
    call([&](auto& t) { watched([&] { t.step(first, count, values); }); });
  }
  void run(const Raster& r, Form form, Record record = {}) override {
    call([&](auto& t) { run_in_form<S>(t, r, form, record); });
  }

  T tracer;

 private:
  template <bool asked = every_form, class F> void call(F f) {
    if constexpr (asked) return f(tracer);
    throw std::logic_error("this fixture does not take every form");
  }
  template <bool asked = every_form, class X> std::vector<real> output(const X& x) {
    std::vector<real> y;
    call<asked>([&](auto& t) { y = listed(A(watched([&]() -> decltype(auto) { return t(x); }))); });
    return y;
  }
  template <bool asked = every_form, class Mask> void reset_where(const Mask& mask) {
    call<asked>([&](auto& t) { watched([&] { t.masked_reset(mask); }); });
  }

  static T made(const Setup& setup) {
    const Index rows = !is_fixed<A> && A::ColsAtCompileTime == 1 && setup.size > 0 ? setup.size : rows_of<A>;
    const spark::Options options{setup.dt, setup.seed, setup.rounding};
    std::size_t k = 0;
    const auto give = [&](double p) { return handed_over<typename T::Parameter, S>(setup, k++, p, rows, cols_of<A>); };
    const auto make = [&](auto... p) {  // by braces, in which parameters are counted in their order
      if constexpr (is_fixed<A>) {
        return T{give(p)..., options};
      } else if constexpr (A::IsVectorAtCompileTime) {
        return T{rows * cols_of<A>, give(p)..., options};
      } else {
        return T{{rows, cols_of<A>}, give(p)..., options};
      }
    };
    return std::apply(make, Kind::typical);
  }
};

template <class A, class Made> class EventSubjectOf final : public EventSubject {
  using T = typename Made::T;
  using S = typename A::Scalar;

 public:
  explicit EventSubjectOf(const T& tracer) : events(tracer) {}

  std::unique_ptr<EventSubject> copy() const override { return std::make_unique<EventSubjectOf>(*this); }
  std::unique_ptr<Subject> dense() override { return std::make_unique<Made>(static_cast<T>(events)); }
  std::unique_ptr<EventSubject> rebuilt() override { return std::make_unique<EventSubjectOf>(static_cast<T>(events)); }
  real value(Index i) const override { return to_real(S(events.value(i))); }
  std::vector<real> value() override { return listed(A(events.value())); }
  void step(const Inputs& x, const Tell& tell) override { events(array_of<A, S>(x), tell); }
  void step_list(const Indices& list, const Tell& tell) override { events(spark::spikes(list), tell); }
  void step_bits(const Words& words, Index size) override { events(spark::spike_bits(words, size)); }
  void reset() override { events.reset(); }
  void reset_list(const Indices& list) override { events.masked_reset(spark::spikes(list)); }
  void set_dt(double dt) override { events.set_dt(dt); }
  void advance(std::int64_t n) override { events.advance(n); }
  void run(const Raster& r, Form form, Record record = {}) override { run_in_form<S>(events, r, form, record); }

 private:
  spark::EventDriven<T> events;
};

template <class Kind, class A, class Integration, Ability ability> Fixture fixture() {
  using Made = SubjectFor<Kind, A, Integration, ability>;
  using S = typename A::Scalar;
  Fixture s{Kind::name, Kind::recurrence, {Kind::typical.begin(), Kind::typical.end()}};
  s.exact = std::is_same_v<Integration, Exact>;
  s.rows = rows_of<A>, s.cols = cols_of<A>, s.fixed = is_fixed<A>, s.row_major = A::IsRowMajor;
  s.eps = Precision<S>::eps(), s.guard = Precision<S>::guard();
  s.name = s.class_name + "<" + scalar_name<S>() + ", " + shape_name<A>() + (s.exact ? ", Exact>" : ", Euler>");
  s.takes_every_form = Made::every_form;
  s.make = [](const Setup& setup) -> std::unique_ptr<Subject> { return std::make_unique<Made>(setup); };
  if constexpr (ability == Ability::forms_and_events)
    s.events = [](const Setup& setup) -> std::unique_ptr<EventSubject> {
      return std::make_unique<EventSubjectOf<A, Made>>(Made(setup).tracer);
    };
  return s;
}

template <class S> constexpr std::size_t turn_of = std::is_same_v<S, long double>   ? 0
                                                   : std::is_same_v<S, Eigen::half> ? 1
                                                   : std::is_same_v<S, double>      ? 4
                                                                                    : 2;
// Which shapes a class comes in, and what it is asked for. The headers' step of a law depends on class, integration and
// scalar, so each meets each, and every class meets every form of input. What they do with a shape depends on nothing
// else, so float sees all shapes; the other scalars and the classes meet them in turn. Where Exact differs from Euler
// in the decay alone, one of them is enough for the forms of input. The 16-bit types differ in how a register is loaded
// and stored, long double has registers of one number; these meet the forms with every other class.
template <class S, class Kind> void add_fixtures_of(std::vector<Fixture>& all) {
  constexpr std::size_t turn = turn_of<S> + static_cast<std::size_t>(Kind::recurrence);
  using Of = Shapes<S>;
  using InTurn =
      std::tuple_element_t<turn % 6, std::tuple<typename Of::Column, typename Of::RowMajor, typename Of::ColumnMajor,
                                                typename Of::Row, typename Of::FixedColumn, typename Of::FixedMatrix>>;
  constexpr auto r = Kind::recurrence;
  constexpr bool steps_differ =
      r == Recurrence::cascade || r == Recurrence::clipped_cascade || r == Recurrence::release;
  if constexpr (std::is_same_v<S, float>) {
    all.push_back(fixture<Kind, typename Of::Column, Euler, Ability::forms>());
    all.push_back(fixture<Kind, typename Of::Row, Euler, Ability::laws>());
    all.push_back(fixture<Kind, typename Of::RowMajor, Euler, Ability::laws>());
    all.push_back(fixture<Kind, typename Of::FixedMatrix, Euler, Ability::forms>());
    all.push_back(fixture<Kind, typename Of::Column, Exact, Ability::laws>());
    using WhereStepsDiffer = std::conditional_t<steps_differ, Exact, Euler>;
    all.push_back(fixture<Kind, typename Of::ColumnMajor, WhereStepsDiffer, Ability::forms_and_events>());
    all.push_back(fixture<Kind, typename Of::FixedColumn, Exact, Ability::laws>());
  } else if constexpr (std::is_same_v<S, double>) {
    all.push_back(fixture<Kind, typename Of::Column, Euler, Ability::forms_and_events>());
    constexpr Ability where_steps_differ = steps_differ ? Ability::forms_and_events : Ability::laws;
    all.push_back(fixture<Kind, InTurn, Exact, where_steps_differ>());
  } else {
    constexpr Ability in_turn = turn % 2 == 0 ? Ability::forms : Ability::laws;
    all.push_back(fixture<Kind, typename Of::Column, Euler, in_turn>());
    all.push_back(fixture<Kind, InTurn, Exact, Ability::laws>());
  }
}

template <class S, class SomeKinds> void add_fixtures(std::vector<Fixture>& all) {
  std::apply([&](auto... kind) { (add_fixtures_of<S, decltype(kind)>(all), ...); }, SomeKinds());
}

}  // namespace suite
