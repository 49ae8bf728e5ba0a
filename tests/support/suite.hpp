// Every tracer class, described once. A Specimen makes tracers of one class, integration, scalar and
// shape behind the plain interface of Subject, so the laws are written (and compiled) once, and a new
// class costs one line: SPARK_TEST_KIND below.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <spark/tracers.hpp>
#include <string>
#include <utility>
#include <vector>

#include "compare.hpp"
#include "reference.hpp"

namespace suite {

// name, recurrence, and typical parameters in the constructor's order, each exact in all scalars
// also when varied by a factor of 1, 1.25, 1.5 or 1.75
#define SPARK_TEST_KIND(Class, recurrence_, ...)                      \
  struct Class##Kind {                                                \
    static constexpr const char* name = #Class;                       \
    static constexpr Recurrence recurrence = Recurrence::recurrence_; \
    static constexpr std::array typical{__VA_ARGS__};                 \
    template <class Array, class Integration>                         \
    using type = spark::Class<Array, Integration>;                    \
  }
SPARK_TEST_KIND(Tracer, leaky, 12.0, 0.75, 0.25);
SPARK_TEST_KIND(SaturableTracer, clipped, 12.0, 0.75, 0.25);
SPARK_TEST_KIND(DoubleTracer, cascade, 6.0, 20.0, 0.75, 0.125, 0.25, 0.5);
SPARK_TEST_KIND(SaturableDoubleTracer, clipped_cascade, 6.0, 20.0, 0.75, 0.03125, 0.25, 0.125);
SPARK_TEST_KIND(RUTracer, release, 24.0, 10.0, 0.375);
SPARK_TEST_KIND(NearestTracer, nearest, 12.0, 0.75, 0.25);
SPARK_TEST_KIND(RDTracer, rise_decay, 3.0, 20.0, 0.75, 0.5, 0.25, 0.5);
SPARK_TEST_KIND(RFSTracer, rise_fast_slow, 0.25, 3.0, 8.0, 40.0);
#undef SPARK_TEST_KIND

template <class... Kind>
struct Kinds {};
using EveryKind = Kinds<TracerKind, SaturableTracerKind, DoubleTracerKind, SaturableDoubleTracerKind, RUTracerKind,
                        NearestTracerKind, RDTracerKind, RFSTracerKind>;

// The states by name, in the order of Reference::State.
template <Recurrence r, class T>
auto states(const T& t) {
  if constexpr (r == Recurrence::release) {
    return std::array{&t.trace_R(), &t.trace_U()};
  } else if constexpr (r == Recurrence::cascade || r == Recurrence::clipped_cascade) {
    return std::array{&t.trace_1(), &t.trace_2()};
  } else if constexpr (r == Recurrence::rise_decay) {
    return std::array{&t.trace_rise(), &t.trace_decay()};
  } else if constexpr (r == Recurrence::rise_fast_slow) {
    return std::array{&t.trace_rise_fast(), &t.trace_fast(), &t.trace_rise_slow(), &t.trace_slow()};
  } else {
    return std::array{&t.trace()};
  }
}

template <Recurrence r, class T, class A>
void set_state(T& t, int k, const A& a) {
  if constexpr (r == Recurrence::release) {
    if (k == 0) t.set_trace_R(a);
    if (k == 1) t.set_trace_U(a);
  } else if constexpr (r == Recurrence::cascade || r == Recurrence::clipped_cascade) {
    if (k == 0) t.set_trace_1(a);
    if (k == 1) t.set_trace_2(a);
  } else if constexpr (r == Recurrence::rise_decay) {
    if (k == 0) t.set_trace_rise(a);
    if (k == 1) t.set_trace_decay(a);
  } else if constexpr (r == Recurrence::rise_fast_slow) {
    if (k == 0) t.set_trace_rise_fast(a);
    if (k == 1) t.set_trace_fast(a);
    if (k == 2) t.set_trace_rise_slow(a);
    if (k == 3) t.set_trace_slow(a);
  } else {
    t.set_trace(a);
  }
}

// How the parameters are handed over: all numbers, all arrays, an array first and numbers after, or
// columns and rows in turn (for 2-D shapes).
enum class Style { numbers, arrays, mixed, broadcast };

struct Setup {
  std::vector<double> parameters;  // empty: the typical ones
  Style style = Style::numbers;
  double dt = 1;
  std::uint64_t seed = 1;
  spark::Rounding rounding = spark::Rounding::Nearest;
};

// A value that differs between neighbours, for parameters given as arrays.
inline double vary(double p, Index i) { return p * (4 + static_cast<double>(i % 4)) / 4; }

template <class A>
constexpr bool is_vector = A::RowsAtCompileTime == 1 || A::ColsAtCompileTime == 1;
template <class A>
constexpr bool is_fixed = A::SizeAtCompileTime != Eigen::Dynamic;

// Dynamic tracers are longer than a tile of 64 and than a word of bits, and fill neither; 2-D ones
// have as many elements.
template <class A>
constexpr Index size_of = is_fixed<A> ? Index{A::SizeAtCompileTime} : 77;
template <class A>
constexpr Index rows_of = A::RowsAtCompileTime != Eigen::Dynamic ? Index{A::RowsAtCompileTime}
                          : A::ColsAtCompileTime == 1            ? size_of<A>
                                                                 : 7;
template <class A>
constexpr Index cols_of = size_of<A> / rows_of<A>;

template <class A>
std::string shape_name() {
  std::string name = is_fixed<A> ? "fixed " : "";
  if (A::RowsAtCompileTime == 1) return name + "row";
  if (A::ColsAtCompileTime == 1) return name + "column";
  return name + (A::IsRowMajor ? "2-D row-major" : "2-D column-major");
}

// One tracer; elements are numbered in storage order.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual std::unique_ptr<Subject> copy() const = 0;
  virtual std::unique_ptr<Subject> move() = 0;              // leaves this one moved-from
  virtual void assign(const Subject& other) = 0;            // by copy assignment
  virtual void assign_moved(Subject& other) = 0;            // by move assignment
  virtual bool same_state(const Subject& other) const = 0;  // bit for bit
  virtual Index size() const = 0;
  virtual double dt() const = 0;
  virtual std::vector<real> state(int k) const = 0;
  virtual std::vector<real> value() const = 0;
  virtual bool any_subnormal() const = 0;
  virtual std::vector<real> step(const std::vector<double>& x) = 0;
  virtual void set_state(int k, const std::vector<double>& values) = 0;
  virtual void reset() = 0;
  virtual void masked_reset(const std::vector<bool>& mask) = 0;
  virtual void set_dt(double dt) = 0;
  virtual void advance(Index n) = 0;
};

// Interface: Subject, or one that asks for more.
template <class Kind, class A, class Integration, class Interface = Subject>
class SubjectOf : public Interface {
 public:
  using T = typename Kind::template type<A, Integration>;
  using S = typename A::Scalar;
  static constexpr std::size_t parameters = Kind::typical.size();

  explicit SubjectOf(T t) : tracer(std::move(t)) {}

  std::unique_ptr<Subject> copy() const override { return wrap(T(tracer)); }
  std::unique_ptr<Subject> move() override { return wrap(T(std::move(tracer))); }
  void assign(const Subject& other) override { tracer = cast(other).tracer; }
  void assign_moved(Subject& other) override { tracer = std::move(static_cast<SubjectOf&>(other).tracer); }
  bool same_state(const Subject& other) const override {
    const T& b = cast(other).tracer;
    const auto mine = states<Kind::recurrence>(tracer), yours = states<Kind::recurrence>(b);
    bool same = identical(A(tracer.value()), A(b.value())) && tracer.dt() == b.dt();
    for (std::size_t k = 0; k < mine.size(); ++k) same = same && identical(*mine[k], *yours[k]);
    return same;
  }
  Index size() const override { return tracer.size(); }
  double dt() const override { return static_cast<double>(tracer.dt()); }
  std::vector<real> state(int k) const override {
    return listed(*states<Kind::recurrence>(tracer)[static_cast<std::size_t>(k)]);
  }
  std::vector<real> value() const override { return listed(A(tracer.value())); }
  bool any_subnormal() const override {
    for (const A* a : states<Kind::recurrence>(tracer))
      for (Index i = 0; i < a->size(); ++i)
        if (is_subnormal(a->data()[i])) return true;
    return false;
  }
  std::vector<real> step(const std::vector<double>& x) override { return listed(A(tracer(array(x)))); }
  void set_state(int k, const std::vector<double>& values) override {
    suite::set_state<Kind::recurrence>(tracer, k, array(values));
  }
  void reset() override { tracer.reset(); }
  void masked_reset(const std::vector<bool>& mask) override { tracer.masked_reset(flags(mask)); }
  void set_dt(double dt) override { tracer.set_dt(dt); }
  void advance(Index n) override { tracer.advance(n); }

  static A array(const std::vector<double>& x) {
    A a(rows_of<A>, cols_of<A>);
    for (Index i = 0; i < a.size(); ++i) a.data()[i] = from_real<S>(x[static_cast<std::size_t>(i)]);
    return a;
  }
  using Flags =
      Eigen::Array<bool, A::RowsAtCompileTime, A::ColsAtCompileTime, A::IsRowMajor ? Eigen::RowMajor : Eigen::ColMajor>;
  static Flags flags(const std::vector<bool>& x) {
    Flags a(rows_of<A>, cols_of<A>);
    for (Index i = 0; i < a.size(); ++i) a.data()[i] = x[static_cast<std::size_t>(i)];
    return a;
  }
  template <class B>
  static std::vector<real> listed(const B& a) {
    std::vector<real> v;
    for (Index i = 0; i < a.size(); ++i) v.push_back(to_real(a.data()[i]));
    return v;
  }

  T tracer;

 protected:
  virtual std::unique_ptr<Subject> wrap(T t) const = 0;
  static const SubjectOf& cast(const Subject& s) { return static_cast<const SubjectOf&>(s); }
};

template <class Kind, class A, class Integration>
class PlainSubjectOf : public SubjectOf<Kind, A, Integration> {
  using Base = SubjectOf<Kind, A, Integration>;

 public:
  using Base::Base;

 protected:
  std::unique_ptr<Subject> wrap(typename Base::T t) const override {
    return std::make_unique<PlainSubjectOf>(std::move(t));
  }
};

inline spark::Options options_of(const Setup& setup) {
  spark::Options options;
  options.dt = setup.dt;
  options.seed = setup.seed;
  options.rounding = setup.rounding;
  return options;
}

template <class Kind, class A, class Integration>
class Maker {
  using T = typename Kind::template type<A, Integration>;
  using S = typename A::Scalar;
  static constexpr Index rows = rows_of<A>, cols = cols_of<A>;

 public:
  static T make(const Setup& setup) {
    std::vector<double> p = setup.parameters;
    if (p.empty()) p.assign(Kind::typical.begin(), Kind::typical.end());
    constexpr auto all = std::make_index_sequence<Kind::typical.size()>();
    switch (setup.style) {
      case Style::arrays: return build<Style::arrays>(p, options_of(setup), all);
      case Style::mixed: return build<Style::mixed>(p, options_of(setup), all);
      case Style::broadcast:
        if constexpr (!is_vector<A>) return build<Style::broadcast>(p, options_of(setup), all);
        [[fallthrough]];
      default: return build<Style::numbers>(p, options_of(setup), all);
    }
  }

  // The parameter that element i (in storage order) received.
  static double parameter(const Setup& setup, std::size_t k, Index i) {
    const double p = setup.parameters.empty() ? Kind::typical[k] : setup.parameters[k];
    const Index row = A::IsRowMajor ? i / cols : i % rows, col = A::IsRowMajor ? i % cols : i / rows;
    switch (setup.style) {
      case Style::arrays: return vary(p, row + 3 * col);
      case Style::mixed: return k == 0 ? vary(p, row + 3 * col) : p;
      case Style::broadcast: return is_vector<A> ? p : vary(p, k % 2 == 0 ? row : col);
      default: return p;
    }
  }

 private:
  template <Style style, std::size_t... k>
  static T build(const std::vector<double>& p, const spark::Options& options, std::index_sequence<k...>) {
    if constexpr (is_fixed<A>) {
      return T(handed_over<style, k>(p[k])..., options);
    } else if constexpr (is_vector<A>) {
      return T(size_of<A>, handed_over<style, k>(p[k])..., options);
    } else {
      return T({rows, cols}, handed_over<style, k>(p[k])..., options);
    }
  }

  template <Style style, std::size_t k>
  static auto handed_over(double p) {
    if constexpr (style == Style::arrays || (style == Style::mixed && k == 0)) {
      A a(rows, cols);
      for (Index j = 0; j < cols; ++j)
        for (Index i = 0; i < rows; ++i) a(i, j) = from_real<S>(vary(p, i + 3 * j));
      return a;
    } else if constexpr (style == Style::broadcast && k % 2 == 0) {
      Eigen::Array<S, A::RowsAtCompileTime, 1> column(rows, 1);
      for (Index i = 0; i < rows; ++i) column(i) = from_real<S>(vary(p, i));
      return column;
    } else if constexpr (style == Style::broadcast) {
      Eigen::Array<S, 1, A::ColsAtCompileTime> row(1, cols);
      for (Index j = 0; j < cols; ++j) row(j) = from_real<S>(vary(p, j));
      return row;
    } else {
      return p;
    }
  }
};

struct Specimen {
  std::string name;
  Recurrence recurrence;
  bool exact;
  bool two_dimensional;
  Index size;
  real eps, guard;
  std::vector<double> typical;
  std::function<std::unique_ptr<Subject>(const Setup&)> make;
  std::function<double(const Setup&, std::size_t, Index)> parameter;

  Reference reference(const Setup& setup, Index element) const {
    Reference r{recurrence, exact, setup.dt, {}};
    for (std::size_t k = 0; k < typical.size(); ++k) r.p.push_back(parameter(setup, k, element));
    return r;
  }
  std::vector<double> without_base() const {
    std::vector<double> p = typical;
    for (std::size_t k = 0; k < p.size(); ++k)
      if (is_base(recurrence, static_cast<int>(k))) p[k] = 0;
    return p;
  }
};

template <class Kind, class A, class Integration, template <class, class, class> class Wrapper = PlainSubjectOf>
Specimen specimen() {
  using S = typename A::Scalar;
  using Make = Maker<Kind, A, Integration>;
  constexpr bool exact = std::is_same_v<Integration, spark::Exact>;
  return {std::string(Kind::name) + "<" + scalar_name<S>() + ", " + shape_name<A>() + ", " +
              (exact ? "Exact" : "Euler") + ">",
          Kind::recurrence,
          exact,
          !is_vector<A>,
          size_of<A>,
          Precision<S>::eps(),
          Precision<S>::guard(),
          std::vector<double>(Kind::typical.begin(), Kind::typical.end()),
          [](const Setup& setup) -> std::unique_ptr<Subject> {
            return std::make_unique<Wrapper<Kind, A, Integration>>(Make::make(setup));
          },
          Make::parameter};
}

template <class S>
struct Shapes {
  using Column = Eigen::Array<S, Eigen::Dynamic, 1>;
  using Row = Eigen::Array<S, 1, Eigen::Dynamic>;
  using ColumnMajor = Eigen::Array<S, Eigen::Dynamic, Eigen::Dynamic>;
  using RowMajor = Eigen::Array<S, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using FixedColumn = Eigen::Array<S, 12, 1>;
  using FixedMatrix = Eigen::Array<S, 3, 4>;
};

}  // namespace suite
