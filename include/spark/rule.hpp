/// \file
/// One synapse: the parameters that many share, and a state of its own for each.
#pragma once

#include <spark/base_tracer.hpp>

#include <string_view>

SPARK_NAMESPACE_BEGIN

/// The law of a tracer for a single element whose state the caller keeps, as a synapse object does.
///
///     using Synapse = spark::RUTracer<Eigen::ArrayXd, spark::Exact>;
///     spark::Rule<Synapse> rule(800.0, 50.0, 0.3, spark::Options{0.1});   // the class's parameters, all numbers
///     auto s = rule.rest();                    // a plain struct of the traces
///     rule.elapse(s, now - last - 0.1);        // the silence before this step, which takes a dt itself
///     double release = rule.step(s, 1.0);
///
/// Intervals are computed from the decay of a step as it is rounded: dt should not be many times the shortest tau.
/// Nothing is allocated; a state takes the bytes of its numbers. Errors as for the tracer.
template <class Tracer> class Rule {
  using Law = typename Tracer::Law;
  using Number = typename Tracer::Number;
  using One = detail::Lanes<Number, 1>;
  using Form = detail::ClosedForm<Law, Number>;
  static constexpr int states = Tracer::states;
  using P = typename Tracer::Parameter;
  template <int count> using First = std::conditional_t<detail::may_give<Law>(count), P, detail::Never<count>>;

 public:
  /// The traces of one element, by the law's names.
  using State = typename Law::template State<Number>;

  // The parameters of the class, all numbers, and Options.
  Rule(First<1> a, Options options = {}) : Rule({a}, options, 0) {}
  Rule(First<2> a, P b, Options options = {}) : Rule({a, b}, options, 0) {}
  Rule(First<3> a, P b, P c, Options options = {}) : Rule({a, b, c}, options, 0) {}
  Rule(First<4> a, P b, P c, P d, Options options = {}) : Rule({a, b, c, d}, options, 0) {}
  Rule(First<5> a, P b, P c, P d, P e, Options options = {}) : Rule({a, b, c, d, e}, options, 0) {}
  Rule(First<6> a, P b, P c, P d, P e, P f, Options options = {}) : Rule({a, b, c, d, e, f}, options, 0) {}

  /// Where an element starts.
  State rest() const { return numbers(Law::rest(c_)); }
  /// One step with input x; returns its output.
  template <class X> SPARK_INLINE Number step(State& state, const X& x) const {
    auto s = lanes(state);
    Number output;
    if constexpr (Law::emits) {
      output = Law::step(c_, s, One(static_cast<Number>(x))).number();
    } else {
      Law::step(c_, s, One(static_cast<Number>(x)));
      output = detail::value_of<Law>(c_, s).number();
    }
    state = numbers(s);
    return output;
  }
  /// n >= 0 silent steps.
  void advance(State& state, std::int64_t n) const {
    if (n < 0) detail::refuse(Tracer::name, ": the steps to advance must not be negative, got ", n);
    auto s = lanes(state);
    form_.bridge(s, n);
    state = numbers(s);
  }
  /// Refused: says how a duration becomes steps.
  template <class N, detail::IfFraction<N> = 0> void advance(State&, N) const { detail::refuse_fraction<N>(); }
  /// A silence of any length t >= 0, in the unit of tau. A t that is negative by rounding, above -dt/10^6, counts as 0.
  SPARK_INLINE void elapse(State& state, double t) const {
    static_assert(std::string_view(Law::integration) == Exact::name,
                  "spark: a silence that is no whole number of steps needs Exact");
    static_assert(detail::has_closed_form<Law>, "spark: a silence of any length needs a law with a closed form");
    if constexpr (Form::by_shares) {
      if (EIGEN_PREDICT_TRUE(bits(t) - from_ < range_)) {
        const auto c = form_.after_by_shares(static_cast<typename Form::W>(t * steps_per_time_));
        auto s = lanes(state);  // read after the exponentials, which need not wait for memory then
        detail::relax<Law>(c, s);
        state = numbers(s);
        return;
      }
    }
    state = numbers(elapsed(lanes(state), t));
  }
  /// As the tracer's value().
  Number value(const State& state) const { return detail::value_of<Law>(c_, lanes(state)).number(); }

 private:
  using Coefficients = detail::Coefficients<Law, Number, typename Tracer::Scalar, false>;

  Rule(std::initializer_list<P> given, const Options& options, int) : Rule(prepared(given, options)) {}
  explicit Rule(Coefficients coefficients) : c_(coefficients.at(0)), form_(c_), dt_(coefficients.dt()) {
    coefficients.try_closed_form();
    if constexpr (Form::by_shares) {
      if (!detail::is_finite(steps_per_time_) || steps_per_time_ < std::numeric_limits<double>::min()) return;
      const auto [from, to] = form_.range_of_shares();
      const double least = std::max(static_cast<double>(from) * dt_, std::numeric_limits<double>::min());
      from_ = bits(least);
      range_ = bits(std::max(static_cast<double>(to) * dt_, least)) - from_;
    }
  }
  static Coefficients prepared(std::initializer_list<P> given, const Options& options) {
    for (const P& p : given)
      if (!p.is_number())
        detail::refuse(Tracer::name, ": the parameters of a rule must be numbers, got shape ", p.shape());
    return {Tracer::name, detail::with_standards<Law, typename Tracer::WideNumber>(given), 1, options.dt,
            options.rounding};
  }

  /// Positive numbers are ordered as their bits are; what is negative or NaN lies above.
  static SPARK_INLINE std::uint64_t bits(double t) { return Eigen::numext::bit_cast<std::uint64_t>(t); }
  EIGEN_DEVICE_FUNC EIGEN_DONT_INLINE typename Form::State elapsed(typename Form::State s, double t) const {
    if (detail::is_nan(t) || !(t >= -1e-6 * dt_))  // the rounding of a difference of times
      detail::refuse(Tracer::name, ": the time to elapse must not be negative, got ", t);
    if (!(t > 0)) return s;
    const double steps = std::min(t / dt_, std::numeric_limits<double>::max());  // what never decays outlives that, too
    if constexpr (Law::always_closed) {
      form_.relax_by(s, static_cast<typename Form::W>(steps));
    } else {
      const auto whole = static_cast<std::int64_t>(std::min(steps, 9e18));
      form_.bridge(s, whole);
      form_.relax_by(s, static_cast<typename Form::W>(std::max(0.0, steps - static_cast<double>(whole))));
    }
    return s;
  }

  static SPARK_INLINE typename Law::template State<One> lanes(const State& state) {
    typename Law::template State<One> s;
    detail::for_each_index<states>(
        [&](auto j) { detail::member<j, states>(s) = One(detail::member<j, states>(state)); });
    return s;
  }
  static SPARK_INLINE State numbers(const typename Law::template State<One>& s) {
    State state;
    detail::for_each_index<states>(
        [&](auto j) { detail::member<j, states>(state) = detail::member<j, states>(s).number(); });
    return state;
  }

  typename Law::template Coefficients<One> c_;
  Form form_;
  double dt_, steps_per_time_ = 1 / dt_;
  std::uint64_t from_ = 0, range_ = 0;  // bits of the least time for `after_by_shares`, and of the greatest minus that
};

SPARK_NAMESPACE_END
