/// \file
/// What all tracers share.
#pragma once

#include <spark/law/interval.hpp>
#include <spark/source.hpp>

#include <vector>

namespace spark {

/// To be specialised for every tracer class before the class itself:
///
///     using Array = ...;                   where the state lies: a plain Eigen array, or an Eigen::Map of one
///     using Law = ...;                     see law/law.hpp
///     static constexpr const char* name;   for error messages
template <class Derived>
struct tracer_traits;

template <class Tracer>
class EventDriven;

/// Enables a constructor without a shape.
template <class Array>
using RequireFixedSize = std::enable_if_t<Array::SizeAtCompileTime != Eigen::Dynamic &&
                                              std::is_same<Array, typename Array::PlainObject>::value,
                                          int>;

/// The CRTP base: owns state and coefficients, checks every argument, walks the elements.
///
/// A derived class provides a `tracer_traits` specialisation, a constructor that hands its parameters on in the order
/// of `Law::parameters`, `value()`, and named access to `state<j>()` and `coefficient<j>()`.
///
/// Every check runs in every build type and before anything changes: std::invalid_argument for a value or shape that is
/// not allowed, std::out_of_range for a spike outside; the message names class, argument, constraint and value. After
/// construction no step, run, advance or reset allocates, except for an input expression that moves elements about (a
/// product, a reversal), which is evaluated to a temporary first. Copies are independent values; a tracer over an
/// Eigen::Map shares the memory that it was given.
template <class Derived>
class BaseTracer {
 public:
  using Array = typename tracer_traits<Derived>::Array;
  using Law = typename tracer_traits<Derived>::Law;
  using Plain = typename Array::PlainObject;
  using Scalar = typename Plain::Scalar;  ///< what is stored
  using Number = Compute<Scalar>;         ///< what computes
  using Parameter = spark::Parameter<Wide<Number>>;

  static constexpr bool owns_memory = std::is_same<Array, Plain>::value;
  static constexpr bool fixed_size = owns_memory && Plain::SizeAtCompileTime != Eigen::Dynamic;
  static constexpr int states = members<typename Law::template State<Number>, Number>;

  /// Where the state lies: a shape, or for a tracer over the caller's memory one Eigen::Map for each state.
  using Place = std::conditional_t<owns_memory, Shape, std::array<Array, states>>;

  Shape shape() const { return shape_of(state_[0]); }
  Index size() const { return state_[0].size(); }
  double dt() const { return dt_; }
  std::uint64_t seed() const { return rng_.seed(); }
  Rounding rounding() const { return rounding_; }
  /// Steps done since construction.
  std::int64_t clock() const { return clock_ + (ahead_.empty() ? 0 : ahead_[0]); }
  /// The tracer's own generator, for the caller to draw from. Rounding does not move it.
  Rng& rng() { return rng_; }
  const Rng& rng() const { return rng_; }

  /// One step. x: a dense Eigen expression of the tracer's shape, evaluated once; `spikes(indices)`; or
  /// `spike_bits(words, size)`. Returns the step's output: the new value(), or the release of an RUTracer.
  template <class X>
  decltype(auto) operator()(const X& x) {
    check_input(x);
    catch_up();
    with_source(x, [&](auto& source) { walk(source, 0, size(), 1, step_output(), clock_); });
    ++clock_;
    if constexpr (Law::emits) {
      return static_cast<const Plain&>(output_);
    } else {
      return static_cast<const Derived&>(*this).value();
    }
  }

  /// One step of the elements [first, first + count) in storage order, with `count` inputs x: a dense vector or
  /// `spike_bits(words, count)`. Disjoint ranges may be stepped at the same time by different threads; ranges that
  /// together cover the tracer are one step, bit for bit.
  template <class X>
  void step(Index first, Index count, const X& x) {
    if (first < 0 || count < 0 || count > size() - first) {
      refuse(name, ": a step's range must lie inside the ", size(), " elements, got first ", first, ", count ", count);
    }
    check_range(x, count);
    if (count == 0) return;
    const std::int64_t time = clock_ + (ahead_.empty() ? 0 : ahead_[static_cast<std::size_t>(first)]);
    const auto use = [&](auto& source) { walk(source, first, count, 1, step_output(), time); };
    if constexpr (std::is_same<X, SpikeBits>::value) {
      with_bit_source(x, first, Index(0), use);
    } else {
      with_dense_source<Number, X::IsRowMajor>(x.derived(), first, use);
    }
    if (!ahead_.empty()) std::for_each_n(ahead_.begin() + first, count, [](auto& steps) { ++steps; });
  }

  /// Many steps, several per pass over the elements; the result is that of single steps. raster: a dense array with a
  /// column for each step and a row for each element in storage order; `spike_bits(words, size, steps)`; or
  /// `spike_events(offsets, indices)`.
  template <class Raster>
  void run(const Raster& raster) {
    check_raster(raster);
    run_passes(raster, [](Index) { return Discard{}; });
  }
  /// The same; writes each step's output into the columns of record (size x steps).
  template <class Raster, class Output>
  void run(const Raster& raster, Output&& record) {
    using Out = std::decay_t<Output>;
    const Shape expected(size(), check_raster(raster));
    check_shape("record", shape_of(record), expected);
    if constexpr (in_memory<Out> && !Out::IsRowMajor) {
      run_passes(raster, [&](Index k) {
        return Record<typename Out::Scalar>{record.data() + k * record.outerStride(), record.outerStride()};
      });
    } else {
      Eigen::Array<Number, Eigen::Dynamic, Eigen::Dynamic> columns(expected.rows, expected.cols);
      run(raster, columns);
      record = columns.template cast<typename Out::Scalar>();
    }
  }

  /// n >= 0 steps without input by the closed form, in one pass whatever n is. Where a cascade is being clipped there
  /// is none, and it steps.
  void advance(std::int64_t n) {
    if (n < 0) refuse(name, ": the steps to advance must not be negative, got ", n);
    if (n == 0) return;
    catch_up();
    const bool one_for_all = Law::has_closed_form && uniform() && size() > 0;
    if constexpr (Law::has_closed_form) {
      if (one_for_all) {
        const auto wide = coefficients_of<WideNumber>(0);
        auto after = coefficients_after<Law, Number, WideNumber>(wide, log_keeps<Law, WideNumber>(wide), n);
        Sweep<Interval<Law>, Number, Scalar> interval{memory(), {}};
        for_each_index<coefficients>([&](auto j) {
          interval.coefficient.number[j] = std::get<j>(tie<coefficients>(after));
          interval.coefficient.values[j] = nullptr;
        });
        interval.coefficient.rests_at_zero = false;
        SilentSource source;
        with_rounding(clock_ + n - 1, [&](auto lot) { interval(source, 0, size(), 1, Discard{}, lot); });
      }
    }
    for (Index i = 0; i < size() && !one_for_all; ++i) {
      const auto wide = coefficients_of<WideNumber>(i);
      auto s = state_of(i);
      spark::silence<Law, Number, WideNumber>(coefficients_of<Number>(i), wide, log_keeps<Law, WideNumber>(wide), s, n);
      set_state_of(i, s, clock_ + n - 1);
    }
    clock_ += n;
  }

  /// All traces return to where they started.
  void reset() {
    for (Index i = 0; i < size(); ++i) reset_element(i);
  }

  /// The traces where mask is not 0 return to where they started; mask is a dense Eigen expression of the tracer's
  /// shape, `spikes(indices)` or `spike_bits(words, size)`.
  template <class Mask>
  void masked_reset(const Mask& mask) {
    check_input(mask, "mask");
    if constexpr (is_spike_list<Mask>) {
      for (Index k = 0; k < mask.count; ++k) reset_element(static_cast<Index>(mask.indices[k]));
    } else {
      with_source(mask, [&](auto& source) {
        source.visit(0, size(), 1, [&](Index at, Index n, const auto& rows) {
          // piece by piece, so that a mask that reads the state is evaluated before any of the states changes
          for (Index i = 0; i < n; i += tile) select_rest(at + i, std::min(tile, n - i), rows.step[0] + i);
        });
      });
    }
  }

  /// Recomputes every decay for steps of length dt > 0; the state stays. Allocates where parameters are arrays.
  void set_dt(double dt) {
    auto coefficients = prepare(parameters_, shape(), dt, rounding_);
    coefficients_ = std::move(coefficients);
    dt_ = dt;
  }

 protected:
  static constexpr int parameters = static_cast<int>(std::size(Law::parameters));
  static constexpr int coefficients = members<typename Law::template Coefficients<Number>, Number>;
  static constexpr const char* name = tracer_traits<Derived>::name;
  using WideNumber = Wide<Number>;
  template <class W>
  using CoefficientsOf = typename Law::template Coefficients<W>;
  using StateOf = typename Law::template State<Number>;
  using Values = Eigen::Array<Number, Plain::RowsAtCompileTime, Plain::ColsAtCompileTime,
                              Plain::IsRowMajor ? Eigen::RowMajor : Eigen::ColMajor, Plain::MaxRowsAtCompileTime,
                              Plain::MaxColsAtCompileTime>;
  using ParameterFields = std::array<Field<Values, WideNumber>, parameters>;
  using CoefficientFields = std::array<Field<Values, Number>, coefficients>;

  BaseTracer(const Place& place, const std::array<Parameter, parameters>& given, const Options& options)
      : dt_(options.dt),
        rounding_(options.rounding),
        rng_(options.seed ? *options.seed : system_seed()),
        parameters_(check_parameters(given, check_place(place))),
        coefficients_(prepare(parameters_, check_place(place), options.dt, options.rounding)),
        state_(make_state(place, std::make_index_sequence<states>())),
        mailbox_(size()) {
    if constexpr (Law::emits) output_ = Plain::Constant(shape().rows, shape().cols, narrow<Scalar>(Number(0)));
    if (is_16_bit<Scalar> && rounding_ == Rounding::Stochastic) ahead_.assign(static_cast<std::size_t>(size()), 0);
    reset();
  }
  // only through the derived class, so that no tracer is cut in half
  BaseTracer(const BaseTracer&) = default;
  BaseTracer(BaseTracer&&) noexcept = default;
  BaseTracer& operator=(const BaseTracer&) = default;
  BaseTracer& operator=(BaseTracer&&) noexcept = default;
  ~BaseTracer() = default;

  template <int j>
  const Array& state() const {
    return state_[j];
  }
  template <int j>
  auto coefficient() const {
    return coefficients_[j].expression(shape());
  }
  template <int j>
  auto parameter() const {
    return parameters_[j].expression(shape());
  }
  /// Writes a state after checking its shape and, where that is the invariant, that it lies in [0, 1].
  template <int j, class X>
  void set_state(const Eigen::DenseBase<X>& x) {
    constexpr Named what = Law::states[j];
    check_shape(what.name, shape_of(x), shape());
    const Plain values = x.derived().array().template cast<Scalar>();
    if (what.domain == Domain::unit) {
      for (Index i = 0; i < size(); ++i) {
        const Number v = widen(values.data()[i]);
        if (!(v >= Number(0) && v <= Number(1))) {
          refuse(name, ": ", what.name, " must lie in [0, 1], got ", v, " at element ", i);
        }
      }
    }
    state_[j] = values;
  }

 private:
  template <class>
  friend class EventDriven;

  // --- construction -----------------------------------------------------------------------------------

  static Shape check_place(const Place& place) {
    if constexpr (owns_memory) {
      Shape shape = place;
      if (Plain::RowsAtCompileTime == 1 && shape.cols == 1) std::swap(shape.rows, shape.cols);
      if (shape.rows < 0 || shape.cols < 0) refuse(name, ": shape must not be negative, got ", shape);
      if ((Plain::RowsAtCompileTime != Eigen::Dynamic && shape.rows != Plain::RowsAtCompileTime) ||
          (Plain::ColsAtCompileTime != Eigen::Dynamic && shape.cols != Plain::ColsAtCompileTime)) {
        refuse(name, ": shape must be that of the array type, ", extent(Plain::RowsAtCompileTime), "x",
               extent(Plain::ColsAtCompileTime), ", got ", shape);
      }
      return shape;
    } else {
      const Shape shape = shape_of(place[0]);
      for (const Array& memory : place) check_shape("state", shape_of(memory), shape);
      return shape;
    }
  }
  static std::string extent(int at_compile_time) {
    return at_compile_time == Eigen::Dynamic ? "n" : std::to_string(at_compile_time);
  }

  template <std::size_t... j>
  static std::array<Array, states> make_state(const Place& place, std::index_sequence<j...>) {
    if constexpr (owns_memory) {
      const Shape shape = check_place(place);
      return {((void)j, Plain(Plain::Constant(shape.rows, shape.cols, narrow<Scalar>(Number(0)))))...};
    } else {
      return {place[j]...};
    }
  }

  static ParameterFields check_parameters(const std::array<Parameter, parameters>& given, Shape shape) {
    ParameterFields fields;
    for (int j = 0; j < parameters; ++j) {
      const Parameter& p = given[static_cast<std::size_t>(j)];
      const Named what = Law::parameters[j];
      if (!p.fits(shape)) {
        refuse(name, ": ", what.name, " must be a number, an array of shape ", shape,
               ", or a row or column that broadcasts to it, got shape ", p.shape());
      }
      fields[static_cast<std::size_t>(j)] = Field<Values, WideNumber>::make(
          p.is_number(), shape, [&](Index row, Index col) { return check_domain(what, p(row, col)); });
    }
    return fields;
  }

  static const WideNumber& check_domain(Named what, const WideNumber& v) {
    const WideNumber zero(0), one(1), gap = v - v;
    const bool finite = gap == gap;
    switch (what.domain) {
      case Domain::time_constant:
        if (!(v > zero)) refuse(name, ": ", what.name, " must be positive, got ", v);
        break;
      case Domain::time_constant_or_zero:
        if (!(v >= zero)) refuse(name, ": ", what.name, " must not be negative, got ", v);
        break;
      case Domain::unit:
        if (!(v >= zero && v <= one)) refuse(name, ": ", what.name, " must lie in [0, 1], got ", v);
        break;
      case Domain::finite:
        if (!finite) refuse(name, ": ", what.name, " must be finite, got ", v);
        break;
      case Domain::any:
        break;
    }
    return v;
  }

  /// The coefficients for a step of length dt.
  static CoefficientFields prepare(const ParameterFields& parameters_in, Shape shape, double dt, Rounding rounding) {
    if (!(dt > 0) || !std::isfinite(dt)) refuse(name, ": dt must be positive and finite, got ", dt);
    const bool uniform = std::all_of(parameters_in.begin(), parameters_in.end(), [](auto& p) { return p.uniform; });
    const auto at = [&](Index i) {
      typename Law::template Parameters<WideNumber> p;
      for_each_index<parameters>([&](auto j) { std::get<j>(tie<parameters>(p)) = parameters_in[j].exactly(i); });
      auto wide = Law::prepare(p, WideNumber(dt));
      CoefficientsOf<Number> c{};
      convert<Number, WideNumber, coefficients>(wide, c);
      check_decays(p, wide, c, dt, rounding);
      return c;
    };
    CoefficientFields fields;
    const auto set = [&](Index i, auto write) {
      CoefficientsOf<Number> c = at(i);
      for_each_index<coefficients>([&](auto j) { write(fields[j], std::get<j>(tie<coefficients>(c))); });
    };
    if (uniform) {
      set(0, [](auto& field, const Number& c) { field.number = c; });
      return fields;
    }
    for (auto& field : fields) {
      field.uniform = false;
      field.values.resize(shape.rows, shape.cols);
    }
    for (Index i = 0; i < shape.rows * shape.cols; ++i) {
      set(i, [i](auto& field, const Number& c) { field.values.data()[i] = c; });
    }
    for (auto& field : fields) field.shrink();
    return fields;
  }

  static void check_decays(typename Law::template Parameters<WideNumber>& p, CoefficientsOf<WideNumber>& wide,
                           CoefficientsOf<Number>& c, double dt, Rounding rounding) {
    for_each_index<decays<Law>>([&](auto d) {
      constexpr int tau = Law::taus[d];
      const WideNumber& length = std::get<tau>(tie<parameters>(p));
      const Named what = Law::parameters[tau];
      if (std::get<d>(tie<coefficients>(wide)) > WideNumber(1)) {
        refuse(name, ": dt must not exceed ", what.name, " with Euler, got dt ", dt, " and ", what.name, " ", length);
      }
      const Number& decay = std::get<d>(tie<coefficients>(c));
      const WideNumber gap = length - length;
      if (gap == gap && !(decay > Number(0))) {
        refuse(name, ": ", what.name, " must be infinite or short enough that dt/", what.name,
               " is not rounded to 0, got ", length);
      }
      if constexpr (is_16_bit<Scalar>) {
        constexpr int digits = std::numeric_limits<Scalar>::digits;
        if (gap == gap && rounding == Rounding::Nearest && decay < std::ldexp(1.0f, -(digits + 1))) {
          refuse(name, ": ", what.name, " must be at most ", 2 << digits,
                 " dt with 16-bit storage and Rounding::Nearest, which would never decay, got ", length);
        }
      }
    });
  }

  // --- checks of input --------------------------------------------------------------------------------

  static void check_shape(const char* what, Shape given, Shape expected) {
    if (given != expected) refuse(name, ": ", what, " must have shape ", expected, ", got ", given);
  }
  void check_bits(const char* what, SpikeBits bits, Index count, Index steps) const {
    if (bits.size != count || bits.steps != steps) {
      refuse(name, ": ", what, " must hold bits of ", count, " elements and ", steps, " steps, got ", bits.size,
             " and ", bits.steps);
    }
  }
  template <class I>
  void check_indices(Spikes<I> spikes) const {
    for (Index k = 0; k < spikes.count; ++k) {
      const auto i = static_cast<Index>(spikes.indices[k]);
      if (i < 0 || i >= size()) {
        refuse_range(name, ": a spike's index must be at least 0 and less than ", size(), ", got ",
                     +spikes.indices[k]);
      }
    }
  }

  template <class X>
  void check_input(const Eigen::DenseBase<X>& x, const char* what = "x") const {
    check_shape(what, shape_of(x), shape());
  }
  void check_input(SpikeBits bits, const char* what = "x") const { check_bits(what, bits, size(), 1); }
  template <class I>
  void check_input(Spikes<I> spikes, const char* = "x") const {
    check_indices(spikes);
  }

  template <class X>
  void check_range(const Eigen::DenseBase<X>& x, Index count) const {
    if (x.size() != count || (x.rows() != 1 && x.cols() != 1)) {
      refuse(name, ": x must be a vector of ", count, " numbers, got shape ", shape_of(x));
    }
  }
  void check_range(SpikeBits bits, Index count) const { check_bits("x", bits, count, 1); }

  /// Returns the number of steps.
  template <class X>
  Index check_raster(const Eigen::DenseBase<X>& raster) const {
    check_shape("raster", shape_of(raster), Shape(size(), raster.cols()));
    return raster.cols();
  }
  Index check_raster(SpikeBits bits) const {
    check_bits("raster", bits, size(), bits.steps);
    return bits.steps;
  }
  template <class O, class I>
  Index check_raster(const SpikeEvents<O, I>& events) const {
    check_indices(events.all());
    return events.steps;
  }

  // --- the walk ---------------------------------------------------------------------------------------

  template <class X, class Use>
  void with_source(const Eigen::DenseBase<X>& x, Use use) {
    with_dense_source<Number, bool(Plain::IsRowMajor)>(x.derived(), 0, use);
  }
  template <class Use>
  void with_source(SpikeBits bits, Use use) {
    with_bit_source(bits, 0, 0, use);
  }
  template <class I, class Use>
  void with_source(Spikes<I> spikes, Use use) {
    mailbox_.template with_source<Number>(spikes, use);
  }

  template <class X, class Output>
  void run_passes(const Eigen::DenseBase<X>& raster, Output output) {
    Index pass = 0;
    with_raster_source<Number>(raster.derived(), pass,
                               [&](auto& source) { run_source(source, raster.cols(), pass, output); });
  }
  template <class Output>
  void run_passes(SpikeBits bits, Output output) {
    Index pass = 0;
    with_bit_source(bits, 0, pass, [&](auto& source) { run_source(source, bits.steps, pass, output); });
  }
  template <class Source, class Output>
  void run_source(Source& source, Index steps, Index& pass, Output output) {
    catch_up();
    for (; pass < steps; pass += steps_per_pass) {
      const auto count = static_cast<int>(std::min<Index>(steps_per_pass, steps - pass));
      walk(source, 0, size(), count, output(pass), clock_);
      clock_ += count;
    }
  }
  template <class O, class I, class Output>
  void run_passes(const SpikeEvents<O, I>& events, Output output) {
    catch_up();
    for (Index pass = 0; pass < events.steps; pass += steps_per_pass) {
      const auto count = static_cast<int>(std::min<Index>(steps_per_pass, events.steps - pass));
      const bool fused = mailbox_.with_source(
          count, [&](int k) { return events.step(pass + k); },
          [&](auto& source) { walk(source, 0, size(), count, output(pass), clock_); });
      for (int k = 0; k < count && !fused; ++k) {
        with_source(events.step(pass + k),
                    [&](auto& source) { walk(source, 0, size(), 1, output(pass + k), clock_ + k); });
      }
      clock_ += count;
    }
  }

  template <class Source, class Out>
  void walk(Source& source, Index first, Index count, int steps, Out out, std::int64_t time) {
    Sweep<Law, Number, Scalar> sweep{memory(), {}};
    for (std::size_t j = 0; j < coefficients; ++j) {
      sweep.coefficient.number[j] = coefficients_[j].number;
      sweep.coefficient.values[j] = coefficients_[j].uniform ? nullptr : coefficients_[j].values.data();
    }
    sweep.coefficient.rests_at_zero = rests_at_zero();
    with_rounding(time, [&](auto lot) { sweep(source, first, count, steps, out, lot); });
  }
  template <class Use>
  void with_rounding(std::int64_t time, Use use) const {
    if constexpr (is_16_bit<Scalar>) {
      if (rounding_ == Rounding::Stochastic) return use(Stochastic{rng_.seed(), time});
    }
    use(ToNearest{});
  }
  auto step_output() {
    if constexpr (Law::emits) {
      return Record<Scalar>{output_.data(), 0};
    } else {
      return Discard{};
    }
  }
  typename Sweep<Law, Number, Scalar>::Memory memory() {
    typename Sweep<Law, Number, Scalar>::Memory memory;
    for (std::size_t j = 0; j < states; ++j) memory[j] = state_[j].data();
    return memory;
  }
  bool uniform() const {
    return std::all_of(coefficients_.begin(), coefficients_.end(), [](auto& c) { return c.uniform; });
  }
  bool rests_at_zero() const {
    if constexpr (Law::can_rest_at_zero) return size() > 0 && Law::rests_at_zero(coefficients_of<Number>(0));
    return false;
  }
  /// Steps of ranges count for the clock when all of them are done.
  void catch_up() {
    if (ahead_.empty() || ahead_[0] == 0) return;
    clock_ += ahead_[0];
    std::fill(ahead_.begin(), ahead_.end(), 0);
  }

  // --- one element ------------------------------------------------------------------------------------

  template <class W>
  CoefficientsOf<W> coefficients_of(Index i) const {
    CoefficientsOf<W> c{};
    for_each_index<coefficients>(
        [&](auto j) { std::get<j>(tie<coefficients>(c)) = static_cast<W>(coefficients_[j][i]); });
    return c;
  }
  StateOf state_of(Index i) const {
    StateOf s{};
    for_each_index<states>([&](auto j) { std::get<j>(tie<states>(s)) = Number(widen(state_[j].data()[i])); });
    return s;
  }
  void set_state_of(Index i, StateOf s, std::int64_t time) {
    round(i, s, time);
    for_each_index<states>([&](auto j) { state_[j].data()[i] = narrow<Scalar>(std::get<j>(tie<states>(s))); });
  }
  void round(Index i, StateOf& s, std::int64_t time) const {
    with_rounding(time, [&](auto lot) {
      for_each_index<states>([&](auto j) {
        Number& value = std::get<j>(tie<states>(s));
        value = rounded_one<Scalar>(value, lot, j, i);
      });
    });
  }
  StateOf rest_of(Index i) const { return Law::rest(coefficients_of<Number>(i)); }
  void reset_element(Index i) {
    StateOf s = rest_of(i);
    for_each_index<states>([&](auto j) { state_[j].data()[i] = narrow<Scalar>(std::get<j>(tie<states>(s))); });
  }
  template <class X>
  void select_rest(Index first, Index count, const X* mask) {
    using Piece = Eigen::Array<bool, Eigen::Dynamic, 1, 0, tile, 1>;
    const Piece where = Piece::NullaryExpr(count, [&](Index i) { return widen(mask[i]) != decltype(widen(X()))(0); });
    for_each_index<states>([&](auto j) {
      Eigen::Map<Eigen::Array<Scalar, Eigen::Dynamic, 1>> part(state_[j].data() + first, count);
      part = where.select(decltype(part)::PlainObject::NullaryExpr(count, [&](Index i) {
        StateOf s = rest_of(first + i);
        return narrow<Scalar>(std::get<j>(tie<states>(s)));
      }), part);
    });
  }

  double dt_;
  Rounding rounding_;
  Rng rng_;
  ParameterFields parameters_;
  CoefficientFields coefficients_;
  std::array<Array, states> state_;
  std::conditional_t<Law::emits, Plain, Discard> output_;
  Mailbox mailbox_;
  std::int64_t clock_ = 0;            // steps done
  std::vector<std::int32_t> ahead_;   // stochastic rounding: steps of ranges that an element has done beyond the clock
};

}  // namespace spark
