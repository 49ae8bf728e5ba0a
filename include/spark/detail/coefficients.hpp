/// \file
/// From the parameters that the user gave to the coefficients of a step.
#pragma once

#include <spark/parameter.hpp>

SPARK_NAMESPACE_BEGIN
namespace detail {

/// Of a message: at which element, or nothing where the number is that of all.
struct AtElement {
  Index element;

  friend std::ostream& operator<<(std::ostream& text, AtElement at) {
    return at.element < 0 ? text : text << " at element " << at.element;
  }
};

/// Refuses v outside its domain. Returns v, or 0 where it is below the guard and no time constant. T computes, `Stored`
/// lies in memory. A number for all elements is kept as W, that of one element as T, so that only this must fit T.
template <class T, class Stored, class W>
W checked_number(const char* name, const ParameterInfo& info, const W& v, Index element) {
  const auto demand = [&](bool holds, const char* constraint) {
    if (!holds) refuse(name, ": ", info.name, " must ", constraint, ", got ", v, AtElement{element});
  };
  if (info.domain == Domain::any) return v;
  const T number = static_cast<T>(v);
  const bool fits = element < 0 || !is_finite(v) || (is_finite(number) && (number > T(0) || !(v > W(0))));
  if (info.domain == Domain::time_constant) {
    demand(!is_nan(v) && v > W(0), "be positive");
    demand(fits, "be positive and finite in the type that computes");
    return v;
  }
  if (info.domain == Domain::time_constant_or_zero) {
    demand(!is_nan(v) && v >= W(0), "not be negative");
    demand(fits, "be positive and finite in the type that computes, or 0");
    return v;
  }
  if (info.domain == Domain::unit) demand(!is_nan(v) && v >= W(0) && v <= W(1), "lie in [0, 1]");
  demand(is_finite(v) && is_finite(widen(narrow<Stored>(number))), "be finite in the type of the traces");
  return Single<T>::nonzero(Single<T>::settle(number)) ? v : W(0);
}
/// The same for all elements, in the order of storage.
template <class T, class Stored, bool row_major, class W>
Field<T, W> checked_parameter(const char* name, const ParameterInfo& info, const Parameter<W>& p, Shape shape) {
  if (!p.fits(shape)) {
    refuse(name, ": ", info.name, " must be a number, an array of shape ", shape,
           ", or a row or column that broadcasts to it, got shape ", p.shape());
  }
  Field<T, W> field;
  if (p.is_number()) {
    field.set(0, checked_number<T, Stored>(name, info, p(0, 0), -1));
    return field;
  }
  field.spread(shape.size());
  for (Index i = 0; i < shape.size(); ++i) {
    const Index row = row_major ? i / shape.cols : i % shape.rows, col = row_major ? i % shape.cols : i / shape.rows;
    field.set(i, checked_number<T, Stored>(name, info, p(row, col), i));
  }
  return field;
}

/// Checks parameters, keeps them, and prepares from them the coefficients of a step of length dt: numbers where the
/// parameters are numbers, arrays where they differ from element to element. T computes, `Stored` lies in memory,
/// arrays are in the order of the tracer's storage. Nothing changes where a member function throws; what it throws
/// begins with `name`.
template <class Law, class T, class Stored, bool row_major> class Coefficients {
 public:
  using W = Wide<T>;
  using One = Lanes<T, 1>;
  static constexpr int parameters = parameters_of<Law>;
  static constexpr int count = coefficients_of<Law>;
  static constexpr int decays = decays_of<Law>;
  using Given = std::array<Parameter<W>, parameters>;
  using ParameterFields = std::array<Field<T, W>, parameters>;
  using Coefficient = Field<T, T, Eigen::aligned_allocator<T>>;  // no register of them crosses a line of cache

  Coefficients(const char* name, const Given& given, Shape shape, double dt, Rounding rounding)
      : name_(name), rounding_(rounding) {
    if (rounding != Rounding::Nearest && rounding != Rounding::Stochastic)
      refuse(name_, ": rounding must be Nearest or Stochastic, got ", static_cast<int>(rounding));
    ParameterFields fields;
    for (std::size_t j = 0; j < parameters; ++j) fields[j] = checked(j, given[j], shape);
    require_dt(dt);
    require_decays_first(fields, dt);
    commit(std::move(fields), dt, shape);
  }

  /// Prepares for steps of another length. A gain for each step follows dt, so that the equations stay.
  void set_dt(double dt, Shape shape) {
    require_dt(dt);
    if constexpr (Law::gain_per_step >= 0) {
      set_dt_and_gain(dt, shape);
    } else {
      commit(ParameterFields(parameters_), dt, shape);
    }
  }

  void set_parameter(std::size_t j, const Parameter<W>& p, Shape shape) {
    auto fields = parameters_;
    fields[j] = checked(j, p, shape);
    commit(std::move(fields), dt_, shape);
  }

  double dt() const { return dt_; }
  Rounding rounding() const { return rounding_; }
  CoefficientKind kind() const { return kind_; }
  bool uniform() const { return !kind_.arrays; }
  const ParameterFields& parameter_fields() const { return parameters_; }
  const Coefficient& operator[](int j) const { return coefficients_[static_cast<std::size_t>(j)]; }

  /// The coefficients of element i.
  CoefficientsOf<Law, One> at(Index i) const {
    CoefficientsOf<Law, One> c{};
    for_each_index<count>([&](auto j) { member<j, count>(c) = One(coefficients_[j][i]); });
    return c;
  }
  template <class View> void fill(View& view) const {
    for_each_index<count>([&](auto j) {
      view.coefficient[j] = coefficients_[j].data();
      view.number[j] = coefficients_[j].number;
    });
  }

  /// Refuses a dense step that would move nothing, though tau says that the trace decays.
  SPARK_INLINE void require_not_stuck() const {
    if (stuck_.index >= 0) refuse_stuck();
  }
  /// Before the closed form is used for the first time.
  void try_closed_form() {
    if (!tried_) require_closed_form();
    tried_ = true;
  }

 private:
  /// A decay of an element, or of all, by its number and its time constant.
  struct Decay {
    int index = -1;
    Index element = -1;
    W tau = W(0);
  };

  Field<T, W> checked(std::size_t j, const Parameter<W>& p, Shape shape) const {
    return checked_parameter<T, Stored, row_major>(name_, Law::parameters[j], p, shape);
  }
  void require_dt(double dt) const {
    if (!is_finite(dt) || !(dt > 0)) refuse(name_, ": dt must be positive and finite, got ", dt);
  }
  /// The gain is checked last: where the step is too long, that is what is said.
  void set_dt_and_gain(double dt, Shape shape) {
    const ParameterInfo& info = Law::parameters[Law::gain_per_step];
    const Field<T, W>& before = parameters_[Law::gain_per_step];
    const W ratio = W(dt) / W(dt_);
    const bool normal = ratio >= W(std::numeric_limits<double>::min()) && is_finite(ratio);
    const Index gains = before.is_array ? shape.size() : 1;
    Coefficients next = *this;
    auto fields = parameters_;
    for (Index i = 0; i < gains; ++i) {
      const W gain = before.exactly(i);
      fields[Law::gain_per_step].set(i, normal ? W(gain * ratio) : W(gain / W(dt_) * W(dt)));
    }
    next.commit(std::move(fields), dt, shape);
    for (Index i = 0; i < gains; ++i) {
      const Index element = before.is_array ? i : -1;
      const W gain = next.parameters_[Law::gain_per_step].exactly(i);
      if (checked_number<T, Stored>(name_, info, gain, element) == W(0) &&
          before.exactly(i) != W(0))  // it would stay 0
        refuse(name_, ": dt must be so long that ", info.name, ", which follows it, is not 0, got ", dt,
               AtElement{element});
    }
    *this = std::move(next);
  }

  // --- coefficients -----------------------------------------------------------------------------------

  static typename Law::template Parameters<W> parameters_at(const ParameterFields& fields, Index i) {
    typename Law::template Parameters<W> p{};
    for_each_index<parameters>([&](auto j) { member<j, parameters>(p) = fields[j].exactly(i); });
    return p;
  }

  template <class All> static bool any_array(const All& fields) {
    return std::any_of(fields.begin(), fields.end(), [](auto& field) { return field.is_array; });
  }

  void commit(ParameterFields&& fields, double dt, Shape shape) {
    std::array<Coefficient, count> coefficients;
    Decay stuck;
    const bool arrays = any_array(fields);
    if (arrays)
      for (auto& c : coefficients) c.spread(shape.size());
    for (Index i = 0; i < (arrays ? shape.size() : 1); ++i) {
      const auto p = parameters_at(fields, i);
      const CoefficientsOf<Law, W> exact = Law::prepare(p, W(dt));
      for_each_index<count>([&](auto j) {
        const T number = static_cast<T>(member<j, count>(exact));
        coefficients[j].set(i, j < decays ? number : Single<T>::settle(number));
      });
      for_each_index<decays>([&](auto d) {
        const Decay decay{d, arrays ? i : -1, member<Law::taus[d], parameters>(p)};
        check_decay(decay, member<d, count>(exact), coefficients[d][i], dt);
        if (stuck.index < 0 && is_stuck(decay.tau, member<d, count>(exact))) stuck = decay;
      });
    }
    for (auto& c : coefficients) c.shrink();
    parameters_ = std::move(fields);
    coefficients_ = std::move(coefficients);
    stuck_ = stuck;
    dt_ = dt;
    choose_kind();
  }

  void choose_kind() {
    kind_ = {any_array(coefficients_), false};
    if constexpr (Law::can_rest_at_zero) {
      CoefficientsOf<Law, T> c{};
      for_each_index<count>([&](auto j) {  // an array is not 0
        member<j, count>(c) = coefficients_[j].is_array ? T(1) : coefficients_[j].number;
      });
      kind_.at_zero = Law::rests_at_zero(c);
    }
  }

  /// All other functions take the first coefficients for the decays. A trial of `prepare`, at construction only.
  void require_decays_first(const ParameterFields& fields, double dt) const {
    auto p = parameters_at(fields, 0);
    // as good as infinite, which -ffast-math does not know
    for_each_index<decays>([&](auto d) { member<Law::taus[d], parameters>(p) = std::numeric_limits<double>::max(); });
    const CoefficientsOf<Law, W> c = Law::prepare(p, W(dt));
    for_each_index<decays>([&](auto d) {
      if (!(member<d, count>(c) >= W(0) && member<d, count>(c) <= W(dt) * W(1e-300)))
        refuse(name_, ": coefficient ", int(d), " of the law must be the decay of ", Law::parameters[Law::taus[d]].name,
               ", 0 where that is infinite: the decays come first, in the order of `taus`");
    });
  }

  /// A decay above 1 overshoots; a decay that rounds to nothing never happens, though tau says that it should.
  void check_decay(const Decay& d, const W& exact, const T& decay, double dt) const {
    const char* tau = Law::parameters[Law::taus[d.index]].name;
    if (exact > W(1)) {
      const W effective = W(dt) / exact;  // a rise is combined with its decay
      const bool combined = effective < d.tau * W(0.999);
      refuse(name_, ": dt must not exceed ", tau, combined ? " (combined with the decay)" : "", " with Euler, got dt ",
             dt, " and ", tau, " ", combined ? effective : d.tau, AtElement{d.element});
    }
    if (is_finite(d.tau) && !(decay > T(0))) {
      refuse(name_, ": ", tau, " must be infinite or so short that dt/", tau, " does not round to 0, got ", d.tau,
             AtElement{d.element});
    }
  }

  /// After two spikes, two steps in silence and the closed form must agree. The parameters are not those that were
  /// given: the law is tried.
  void require_closed_form() const {
    if constexpr (has_closed_form<Law> && Law::always_closed && std::is_arithmetic<T>::value) {
      typename Law::template Parameters<W> p{};
      for_each_index<parameters>([&](auto j) { member<j, parameters>(p) = W(0.5); });
      for_each_index<decays>([&](auto d) { member<Law::taus[d], parameters>(p) = W(8 + d) * W(dt_); });
      const CoefficientsOf<Law, W> exact = Law::prepare(p, W(dt_));
      CoefficientsOf<Law, One> c;
      bool moderate = true;  // else a law that takes dt in another unit would overshoot
      for_each_index<count>([&](auto j) {
        member<j, count>(c) = One(static_cast<T>(member<j, count>(exact)));
        if (j < decays) moderate = moderate && member<j, count>(exact) <= W(0.5);
      });
      if (!moderate) return;
      const StateOf<Law, One> rest = Law::rest(c);
      auto stepped = rest;
      Law::step(c, stepped, One(T(4)));
      Law::step(c, stepped, One(T(4)));
      const auto start = stepped;
      auto silent = start;
      Law::step(c, stepped, Zero());
      Law::step(c, stepped, Zero());
      ClosedForm<Law, T>(c).relax_by(silent, W(2));
      for_each_index<states_of<Law>>([&](auto j) {
        const auto number = [j](const auto& s) { return member<j, states_of<Law>>(s).number(); };
        const T size = std::abs(number(rest)) + std::abs(number(start)) + std::abs(number(stepped));
        if (std::abs(number(stepped) - number(silent)) > 256 * std::numeric_limits<T>::epsilon() * size)
          refuse_closed_form(Law::states[j].name, number(stepped), number(silent));
      });
    }
  }
  [[noreturn]] EIGEN_DONT_INLINE void refuse_closed_form(const char* state, const T& stepped, const T& silent) const {
    refuse(name_, ": two steps without input lead ", state, " to ", stepped, ", the closed form of the law to ", silent,
           "; with `fades` leak must take every decay, and the x of the step; else relax and after must be right, or "
           "none");
  }

  /// What a trace near 1 loses in a step is at most half a unit in its last place.
  bool is_stuck(const W& tau, const W& decay) const {
    if constexpr (std::is_arithmetic<T>::value) return is_finite(tau) && decay <= std::ldexp(W(1), -digits());
    return false;
  }
  bool nearest() const { return is_16_bit<Stored> && rounding_ == Rounding::Nearest; }
  int digits() const { return 1 + (nearest() ? std::numeric_limits<Stored>::digits : std::numeric_limits<T>::digits); }
  [[noreturn]] EIGEN_DONT_INLINE void refuse_stuck() const {
    const double most = std::ldexp(1.0, digits());
    const bool is_exact = stuck_.tau < W(most * dt_);  // its decay, 1 - exp(-1/n), is about 1/(n + 1/2)
    refuse(name_, ": ", Law::parameters[Law::taus[stuck_.index]].name, " must be below ", is_exact ? most - 0.5 : most,
           " dt for a dense step, in which the trace would not move, got ", stuck_.tau, AtElement{stuck_.element},
           "; use ", nearest() ? "Rounding::Stochastic, float" : "double", ", advance or EventDriven");
  }

  const char* name_;
  Rounding rounding_;
  double dt_ = 1;
  CoefficientKind kind_{};
  bool tried_ = false;
  Decay stuck_;  // the first that dense steps in the storage type cannot follow
  ParameterFields parameters_;
  std::array<Coefficient, count> coefficients_;
};

}  // namespace detail
SPARK_NAMESPACE_END
