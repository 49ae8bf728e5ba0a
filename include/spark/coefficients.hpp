/// \file
/// What a law needs to know at each step, for all elements of a tracer.
#pragma once

#include <spark/law/interval.hpp>
#include <spark/parameter.hpp>
#include <spark/simd/sweep.hpp>

namespace spark {

/// Checks the parameters that the user gave, keeps them, and prepares from them the coefficients of a step of length
/// dt: numbers where the parameters are numbers, arrays of type `Values` where they differ from element to element.
/// `Stored` is the type in which states are kept.
template <class Law, class Values, class Stored>
class Coefficients {
 public:
  using Number = typename Values::Scalar;
  using WideNumber = Wide<Number>;
  template <class W>
  using Of = typename Law::template Coefficients<W>;
  using StateOf = typename Law::template State<Number>;

  static constexpr int parameters = static_cast<int>(std::size(Law::parameters));
  static constexpr int count = members<Of<Number>, Number>;
  using Given = std::array<Parameter<WideNumber>, parameters>;
  using GivenField = Field<Values, WideNumber>;

  /// Throws std::invalid_argument, which begins with `name`, where a parameter does not fit the shape or its domain.
  Coefficients(const char* name, const Given& given, Shape shape, double dt, Rounding rounding)
      : name_(name), rounding_(rounding) {
    for_each_index<parameters>([&](auto j) {
      constexpr Named what = Law::parameters[j];
      const auto& p = given[j];
      if (!p.fits(shape)) {
        refuse(name_, ": ", what.name, " must be a number, an array of shape ", shape,
               ", or a row or column that broadcasts to it, got shape ", p.shape());
      }
      given_[j] =
          GivenField::make(p.is_number(), shape, [&](Index row, Index col) { return check(what, p(row, col)); });
    });
    set_dt(dt, shape);
  }

  /// Prepares for steps of another length; nothing changes where it throws.
  void set_dt(double dt, Shape shape) {
    if (!(dt > 0) || !std::isfinite(dt)) refuse(name_, ": dt must be positive and finite, got ", dt);
    std::array<Field<Values>, count> fields;
    const bool numbers = std::all_of(given_.begin(), given_.end(), [](auto& p) { return p.uniform; });
    if (numbers) {
      each_member(prepare(0, dt), [&](auto j, const Number& c) { fields[j].number = c; });
    } else if (shape.rows * shape.cols > 0) {
      for (auto& field : fields) field.spread(shape);
      for (Index i = 0; i < shape.rows * shape.cols; ++i) {
        each_member(prepare(i, dt), [&](auto j, const Number& c) { fields[j].values.data()[i] = c; });
      }
      for (auto& field : fields) field.shrink();
    }
    fields_ = std::move(fields);
    dt_ = dt;
    const auto differ = [](auto& field) { return !field.uniform; };
    decays_differ_ = std::any_of(fields_.begin(), fields_.begin() + decays<Law>, differ);
    others_differ_ = std::any_of(fields_.begin() + decays<Law>, fields_.end(), differ);
    if constexpr (Law::can_rest_at_zero) rests_at_zero_ = Law::rests_at_zero(gather<Number>(0));
    if (!uniform()) return;
    one_ = gather<Number>(0);
    wide_ = gather<WideNumber>(0);
    log_keep_ = log_keeps<Law, WideNumber>(wide_);
  }

  double dt() const { return dt_; }
  Rounding rounding() const { return rounding_; }

  /// One set for all elements.
  bool uniform() const { return !decays_differ_ && !others_differ_; }

  /// The coefficients of element i.
  Of<Number> of(Index i) const { return uniform() ? one_ : gather<Number>(i); }

  CoefficientsInMemory<Number, count> in_memory() const {
    CoefficientsInMemory<Number, count> memory{{}, {}, decays_differ_, others_differ_, rests_at_zero_};
    for_each_index<count>([&](auto j) {
      memory.number[j] = fields_[j].number;
      memory.values[j] = fields_[j].uniform ? nullptr : fields_[j].values.data();
    });
    return memory;
  }

  /// For whoever takes many elements through silence; empty where coefficients differ from element to element.
  using Intervals =
      std::conditional_t<std::is_arithmetic<Number>::value, spark::Intervals<Law, Number>, std::nullptr_t>;
  Intervals intervals() const {
    if constexpr (std::is_arithmetic<Number>::value) {
      if (uniform()) return Intervals(wide_, log_keep_);
    }
    return {};
  }
  /// Takes element i through n > 0 steps without input.
  EIGEN_ALWAYS_INLINE void silence(Index i, StateOf& s, std::int64_t n, const Intervals& intervals) const {
    if constexpr (std::is_arithmetic<Number>::value) {
      if (uniform() && n < Intervals::end) {
        return spark::silence<Law, Number>(one_, log_keep_, s, n, [&](std::int64_t m) { intervals.relax(s, m); });
      }
    }
    silence(i, s, n);
  }
  EIGEN_DONT_INLINE void silence(Index i, StateOf& s, std::int64_t n) const {
    const auto relax = [&](const Of<WideNumber>& wide, const std::array<WideNumber, decays<Law>>& log_keep) {
      spark::silence<Law, Number>(of(i), log_keep, s, n, [&](std::int64_t m) {
        Law::relax(coefficients_after<Law, Number, WideNumber>(wide, log_keep, m), s);
      });
    };
    if (uniform()) {
      relax(wide_, log_keep_);
    } else {
      const Of<WideNumber> wide = gather<WideNumber>(i);
      relax(wide, log_keeps<Law, WideNumber>(wide));
    }
  }
  /// The coefficients of that interval where they are uniform, for the law `Interval<Law>`.
  CoefficientsInMemory<Number, count> after(std::int64_t n) const {
    CoefficientsInMemory<Number, count> memory{};
    each_member(coefficients_after<Law, Number, WideNumber>(wide_, log_keep_, n),
                [&](auto j, const Number& c) { memory.number[j] = c; });
    return memory;
  }

  template <int j>
  auto coefficient(Shape shape) const {
    return fields_[j].expression(shape);
  }
  const std::array<GivenField, parameters>& given() const { return given_; }

 private:
  template <class W>
  Of<W> gather(Index i) const {
    Of<W> c{};
    for_each_index<count>([&](auto j) { std::get<j>(tie<count>(c)) = static_cast<W>(fields_[j][i]); });
    return c;
  }
  template <class F>
  static void each_member(Of<Number> c, F f) {
    for_each_index<count>([&](auto j) { f(j, std::get<j>(tie<count>(c))); });
  }

  const WideNumber& check(Named what, const WideNumber& v) const {
    const auto demand = [&](bool holds, const char* constraint) {
      if (!holds) refuse(name_, ": ", what.name, " must ", constraint, ", got ", v);
    };
    if (what.domain == Domain::time_constant) {
      demand(v > WideNumber(0), "be positive");
    } else if (what.domain == Domain::time_constant_or_zero) {
      demand(v >= WideNumber(0), "not be negative");
    } else if (what.domain == Domain::unit) {
      demand(v >= WideNumber(0) && v <= WideNumber(1), "lie in [0, 1]");
    } else {
      demand(is_finite(Number(widen(narrow<Stored>(static_cast<Number>(v))))), "be finite in the type of the traces");
    }
    return v;
  }

  Of<Number> prepare(Index i, double dt) const {
    typename Law::template Parameters<WideNumber> p{};
    for_each_index<parameters>([&](auto j) { std::get<j>(tie<parameters>(p)) = given_[j].exactly(i); });
    Of<WideNumber> wide = Law::prepare(p, WideNumber(dt));
    Of<Number> c{};
    for_each_index<count>(
        [&](auto j) { std::get<j>(tie<count>(c)) = static_cast<Number>(std::get<j>(tie<count>(wide))); });
    for_each_index<decays<Law>>([&](auto d) {
      check_decay(Law::parameters[Law::taus[d]].name, std::get<Law::taus[d]>(tie<parameters>(p)),
                  std::get<d>(tie<count>(wide)), std::get<d>(tie<count>(c)), dt);
    });
    return c;
  }

  /// A decay above 1 overshoots; a decay that rounds to nothing never happens, though tau says that it should.
  void check_decay(const char* tau, const WideNumber& length, const WideNumber& exact, const Number& decay,
                   double dt) const {
    if (exact > WideNumber(1)) {
      const WideNumber effective = WideNumber(dt) / exact;  // a rise is combined with its decay
      const bool combined = effective < length * WideNumber(0.999);
      refuse(name_, ": dt must not exceed ", tau, combined ? " (combined with the decay)" : "", " with Euler, got dt ",
             dt, " and ", tau, " ", combined ? effective : length);
    }
    if (!is_finite(length)) return;
    if (!(decay > Number(0))) {
      refuse(name_, ": ", tau, " must be infinite or so short that dt/", tau, " does not round to 0, got ", length);
    }
    if constexpr (is_16_bit<Stored>) {
      constexpr int digits = std::numeric_limits<Stored>::digits;
      const Number least = std::ldexp(Number(1), -(digits + 1));  // half a unit in the last place of a trace below 2
      if (rounding_ == Rounding::Nearest && decay < least * (Number(1) - least)) {
        refuse(name_, ": ", tau, " must be at most ", 2 << digits,
               " dt with 16-bit storage and Rounding::Nearest, which would never decay, got ", length);
      }
    }
  }

  const char* name_;
  Rounding rounding_;
  double dt_ = 0;
  std::array<GivenField, parameters> given_;
  std::array<Field<Values>, count> fields_;
  bool decays_differ_ = false, others_differ_ = false, rests_at_zero_ = false;
  // where all elements have one set:
  Of<Number> one_{};
  Of<WideNumber> wide_{};
  std::array<WideNumber, decays<Law>> log_keep_{};
};

}  // namespace spark
