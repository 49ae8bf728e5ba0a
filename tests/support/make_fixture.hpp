// How a tracer class becomes a Subject. Only the sources that CMake writes for the library of fixtures include this.
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
  const bool row = A::RowsAtCompileTime == 1, whole = !is_vector<A> && size == size_of<A>;
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

template <class S, class Run> void with_form(const Raster& r, Form form, Run run) {
  const Words words = r.bits();
  const auto offsets = r.offsets();
  const Indices indices = r.indices();
  switch (form) {
    case Form::booleans: return run(r.dense<bool>());
    case Form::bytes: return run(r.dense<std::uint8_t>());
    case Form::scalars: return run(r.dense<S>());
    case Form::bits: return run(spark::spike_bits(words, r.size, r.steps));
    case Form::events: return run(spark::spike_events(offsets, indices));
  }
}

template <class S, class T> void run_watched(T& tracer, const Raster& r, Form form) {
  with_form<S>(r, form, [&](const auto& raster) { watched([&] { tracer.run(raster); }); });
}

// The record is in Eigen's form while it is written, and holds what was written even if that ends in an exception.
template <class S, class T> void run_watched(T& tracer, const Raster& r, Form form, Outputs& record) {
  const auto steps = static_cast<Index>(record.size());
  ColumnMajor<S> columns(steps == 0 ? r.size : static_cast<Index>(record[0].size()), steps);
  const auto each = [&](auto copy) {
    for (Index k = 0; k < steps; ++k)
      for (Index i = 0; i < columns.rows(); ++i)
        copy(record[static_cast<std::size_t>(k)][static_cast<std::size_t>(i)], columns(i, k));
  };
  each([](real from, S& to) { to = from_real<S>(from); });
  std::exception_ptr thrown;
  try {
    with_form<S>(r, form, [&](const auto& raster) { watched([&] { tracer.run(raster, columns); }); });
  } catch (...) {
    thrown = std::current_exception();
  }
  each([](real& to, S from) { to = to_real(from); });
  if (thrown) std::rethrow_exception(thrown);
}

// Self: the class that derives from it
template <class Self, class Interface, class Kind, class A, class Integration> class SubjectBase : public Interface {
 public:
  using T = typename Kind::template type<A, Integration>;
  using S = typename A::Scalar;

  explicit SubjectBase(const Setup& setup)
      : SubjectBase(setup, std::make_index_sequence<std::tuple_size_v<decltype(Kind::typical)>>()) {}
  explicit SubjectBase(const T& t) : tracer(t) {}

  std::unique_ptr<Subject> copy() const override { return std::make_unique<Self>(static_cast<const Self&>(*this)); }
  std::unique_ptr<Subject> move() override { return std::make_unique<Self>(static_cast<Self&&>(*this)); }
  void assign(const Subject& other) override { tracer = static_cast<const Self&>(other).tracer; }
  void assign_moved(Subject& other) override { tracer = std::move(static_cast<Self&>(other).tracer); }
  bool same_state(const Subject& other) const override {
    const T& b = static_cast<const Self&>(other).tracer;
    const auto mine = states<Kind>(tracer), yours = states<Kind>(b);
    bool same = identical(A(tracer.value()), A(b.value())) && tracer.dt() == b.dt();
    for (std::size_t k = 0; k < mine.size(); ++k) same = same && identical(*mine[k], *yours[k]);
    return same;
  }
  Index size() const override { return tracer.size(); }
  double dt() const override { return tracer.dt(); }
  std::vector<real> state(int k) const override { return listed(*states<Kind>(tracer)[static_cast<std::size_t>(k)]); }
  std::vector<real> value() const override { return listed(A(tracer.value())); }
  bool any_subnormal() const override {
    for (const A* a : states<Kind>(tracer))
      for (Index i = 0; i < a->size(); ++i)
        if (is_subnormal(a->data()[i])) return true;
    return false;
  }
  std::vector<real> step(const Inputs& x) override { return output(array_of<A, S>(x)); }
  void set_state(int k, const Inputs& values) override { suite::set_state<Kind>(tracer, k, array_of<A, S>(values)); }
  void reset() override {
    watched([&] { tracer.reset(); });
  }
  void masked_reset(const std::vector<bool>& mask) override { reset_where(array_of<A, bool>(mask)); }
  void set_dt(double dt) override { tracer.set_dt(dt); }
  void advance(std::int64_t n) override {
    watched([&] { tracer.advance(n); });
  }

  T tracer;

 protected:
  template <class X> std::vector<real> output(const X& x) {
    return listed(A(watched([&]() -> decltype(auto) { return tracer(x); })));
  }
  template <class Mask> void reset_where(const Mask& mask) {
    watched([&] { tracer.masked_reset(mask); });
  }

 private:
  template <std::size_t... k> SubjectBase(const Setup& setup, std::index_sequence<k...>)
      : tracer(make(setup, handed_over(setup, k)...)) {}

  using Parameter = typename T::Parameter;
  template <class... P> static T make(const Setup& setup, const P&... p) {
    const spark::Options options{setup.dt, setup.seed, setup.rounding};
    if constexpr (is_fixed<A>) {
      return T(p..., options);
    } else if constexpr (is_vector<A>) {
      return T(setup.size > 0 ? setup.size : size_of<A>, p..., options);
    } else {
      return T({rows_of<A>, cols_of<A>}, p..., options);
    }
  }

  static Parameter handed_over(const Setup& setup, std::size_t k) {
    const double p = setup.parameters.empty() ? Kind::typical[k] : setup.parameters[k];
    const bool odd = setup.odd && setup.odd->parameter == k, misshapen = odd && setup.odd->rows > 0;
    const bool broadcast = setup.style == Style::broadcast && !is_vector<A>;
    const bool array = setup.style == Style::arrays || (setup.style == Style::mixed && k == 0);
    if (!misshapen && !broadcast && !array) return odd ? setup.odd->value : p;

    Index rows = A::ColsAtCompileTime == 1 && setup.size > 0 ? setup.size : rows_of<A>, cols = cols_of<A>;
    if (broadcast) (k % 2 == 0 ? cols : rows) = 1;
    if (misshapen) rows = setup.odd->rows, cols = setup.odd->cols;
    ColumnMajor<S> a = ColumnMajor<S>::NullaryExpr(rows, cols, [&](Index row, Index col) {
      return from_real<S>(misshapen ? setup.odd->value : vary(p, broadcast ? row + col : setup.first + row + 3 * col));
    });
    if (odd && !misshapen) a(std::max<Index>(rows - 2, 0), cols - 1) = from_real<S>(setup.odd->value);
    return a;
  }
};

template <class Kind, class A, class Integration> class PlainSubjectOf final
    : public SubjectBase<PlainSubjectOf<Kind, A, Integration>, Subject, Kind, A, Integration> {
 public:
  using SubjectBase<PlainSubjectOf, Subject, Kind, A, Integration>::SubjectBase;
};

template <class Kind, class A, class Integration> class InputSubjectOf final
    : public SubjectBase<InputSubjectOf<Kind, A, Integration>, InputSubject, Kind, A, Integration> {
  using Base = SubjectBase<InputSubjectOf, InputSubject, Kind, A, Integration>;
  using typename Base::S;

 public:
  using Base::Base;
  using Base::tracer;

  std::vector<real> step_list(const Indices& list) override { return this->output(spark::spikes(list)); }
  std::vector<real> step_bits(const Words& words, Index size) override {
    return this->output(spark::spike_bits(words, size));
  }
  std::vector<real> step_wide(const Inputs& x) override {
    return this->output(array_of<A, typename Base::T::Number>(x));
  }
  std::vector<real> step_bytes(const Inputs& x) override { return this->output(array_of<A, std::uint8_t>(x)); }
  std::vector<real> step_booleans(const Inputs& x) override { return this->output(array_of<A, bool>(x)); }
  void step_range(Index first, Index count, const Inputs& x) override {
    const auto values = array_of<Column<S>, S>(x);
    watched([&] { tracer.step(first, count, values); });
  }
  void reset_list(const Indices& list) override { this->reset_where(spark::spikes(list)); }
  void reset_bits(const Words& words, Index size) override { this->reset_where(spark::spike_bits(words, size)); }
  void run(const Raster& r, Form form) override { run_watched<S>(tracer, r, form); }
  void run(const Raster& r, Form form, Outputs& record) override { run_watched<S>(tracer, r, form, record); }
};

template <class A, class TracerSubject> class EventSubjectOf final : public EventSubject {
  using T = typename TracerSubject::T;
  using S = typename A::Scalar;

 public:
  explicit EventSubjectOf(const T& tracer) : events(tracer) {}

  std::unique_ptr<EventSubject> copy() const override { return std::make_unique<EventSubjectOf>(*this); }
  std::unique_ptr<Subject> dense() override { return std::make_unique<TracerSubject>(static_cast<T>(events)); }
  std::unique_ptr<EventSubject> rebuilt() override { return std::make_unique<EventSubjectOf>(static_cast<T>(events)); }
  real value(Index i) const override { return to_real(S(events.value(i))); }
  std::vector<real> value() override { return listed(A(events.value())); }
  void step(const Inputs& x) override { events(array_of<A, S>(x)); }
  void step_list(const Indices& list) override { events(spark::spikes(list)); }
  void step_bits(const Words& words, Index size) override { events(spark::spike_bits(words, size)); }
  void run(const Raster& r, Form form) override { run_watched<S>(events, r, form); }
  void run(const Raster& r, Form form, Outputs& record) override { run_watched<S>(events, r, form, record); }
  void reset() override { events.reset(); }
  void reset_list(const Indices& list) override { events.masked_reset(spark::spikes(list)); }
  void set_dt(double dt) override { events.set_dt(dt); }
  void advance(std::int64_t n) override { events.advance(n); }

 private:
  spark::EventDriven<T> events;
};

enum class Ability { laws, forms, forms_and_events };

template <class Kind, class A, class Integration, Ability ability> Fixture fixture() {
  using S = typename A::Scalar;
  constexpr bool exact = std::is_same_v<Integration, spark::Exact>;
  using Made = std::conditional_t<ability == Ability::laws, PlainSubjectOf<Kind, A, Integration>,
                                  InputSubjectOf<Kind, A, Integration>>;
  Fixture s{Kind::name,
            std::string(Kind::name) + "<" + scalar_name<S>() + ", " + shape_name<A>() + ", " +
                (exact ? "Exact" : "Euler") + ">",
            Kind::recurrence,
            std::vector<double>(Kind::typical.begin(), Kind::typical.end()),
            exact,
            rows_of<A>,
            cols_of<A>,
            is_fixed<A>,
            bool(A::IsRowMajor),
            Precision<S>::eps(),
            Precision<S>::guard(),
            [](const Setup& setup) -> std::unique_ptr<Subject> { return std::make_unique<Made>(setup); },
            nullptr,
            ability != Ability::laws};
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
template <class S, class Kind, std::size_t turn> void add_fixtures_of(std::vector<Fixture>& all) {
  using spark::Euler, spark::Exact;
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
    constexpr Ability where_steps_differ = steps_differ ? Ability::forms : Ability::laws;
    all.push_back(fixture<Kind, InTurn, Exact, where_steps_differ>());
  } else {
    constexpr Ability in_turn = turn % 2 == 0 ? Ability::forms : Ability::laws;
    all.push_back(fixture<Kind, typename Of::Column, Euler, in_turn>());
    all.push_back(fixture<Kind, InTurn, Exact, Ability::laws>());
  }
}

// turn: where the first of these kinds is in turn
template <class S, std::size_t turn, class... Kind, std::size_t... k>
void add_fixtures_of(std::vector<Fixture>& all, Kinds<Kind...>, std::index_sequence<k...>) {
  (add_fixtures_of<S, Kind, turn + k>(all), ...);
}

template <class... Kind> constexpr std::size_t count(Kinds<Kind...>) { return sizeof...(Kind); }

template <class S, class Some> void add_fixtures(std::vector<Fixture>& all) {
  constexpr std::size_t before = std::is_same_v<Some, SingleKinds>   ? 0
                                 : std::is_same_v<Some, DoubleKinds> ? count(SingleKinds())
                                                                     : count(SingleKinds()) + count(DoubleKinds());
  add_fixtures_of<S, turn_of<S> + before>(all, Some(), std::make_index_sequence<count(Some())>());
}

}  // namespace suite
