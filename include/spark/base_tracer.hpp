/// \file
/// What all tracers share.
#pragma once

#include <spark/check.hpp>
#include <spark/coefficients.hpp>
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
using RequireFixedSize = std::enable_if_t<
    Array::SizeAtCompileTime != Eigen::Dynamic && std::is_same<Array, typename Array::PlainObject>::value, int>;

/// The CRTP base: owns state and coefficients, checks every argument, walks the elements.
///
/// A derived class provides a `tracer_traits` specialisation, a constructor that hands its parameters on in the order
/// of `Law::parameters`, `value()`, and named access to `state<j>()` and `coefficient<j>()`.
///
/// Every check runs in every build type and before anything changes: std::invalid_argument for a value or shape that is
/// not allowed, std::out_of_range for a spike outside; the message names class, argument, constraint and value. After
/// construction no step, run, advance or reset allocates, except for input that moves elements about (a product), which
/// is evaluated first. Copies are independent values; a tracer over an Eigen::Map shares the memory it was given, and
/// assigning to it writes that memory. What was moved from may be destroyed or assigned to.
template <class Derived>
class BaseTracer {
 public:
  using Array = typename tracer_traits<Derived>::Array;
  using Law = typename tracer_traits<Derived>::Law;
  using Plain = typename Array::PlainObject;
  using Scalar = typename Plain::Scalar;  ///< what is stored
  using Number = Compute<Scalar>;         ///< what computes
  using WideNumber = Wide<Number>;
  using Parameter = spark::Parameter<WideNumber>;

  static constexpr bool owns_memory = std::is_same<Array, Plain>::value;
  static constexpr int states = members<typename Law::template State<Number>, Number>;
  static_assert(std::size(Law::states) == states, "a law names all of its states");

  /// Where the state lies: a shape, or for a tracer over the caller's memory one Eigen::Map for each state.
  using Place = std::conditional_t<owns_memory, Shape, std::array<Array, states>>;

  Shape shape() const { return shape_of(state_[0]); }
  Index size() const { return state_[0].size(); }
  double dt() const { return coefficients_.dt(); }
  std::uint64_t seed() const { return rng_.seed(); }
  Rounding rounding() const { return coefficients_.rounding(); }
  /// The tracer's own generator, for the caller to draw from. Rounding does not move it.
  Rng& rng() { return rng_; }
  const Rng& rng() const { return rng_; }

  /// One step. x: a dense Eigen expression of the tracer's shape, evaluated once; `spikes(indices)`; or
  /// `spike_bits(words, size)`. Returns the step's output: the new value(), or the release of an RUTracer.
  template <class X>
  decltype(auto) operator()(const X& x) {
    check().step(x);
    catch_up();
    with_source(x, [&](const auto& source) { walk(source, 0, size(), Pass{0, 1}, step_output(), clock_); });
    ++clock_;
    if constexpr (Law::emits) {
      return static_cast<const Plain&>(output_);
    } else {
      return static_cast<const Derived&>(*this).value();
    }
  }

  /// One step of the elements [first, first + count) in storage order, with `count` inputs x: a dense vector or
  /// `spike_bits(words, count)`; not a block of the tracer's own state beside the range. Disjoint ranges may be stepped
  /// at the same time by different threads; ranges that together cover the tracer are one step, bit for bit.
  template <class X>
  void step(Index first, Index count, const X& x) {
    check().range(first, count, x);
    if (count == 0) return;
    const std::int64_t time = clock_ + (ahead_.empty() ? 0 : ahead_[static_cast<std::size_t>(first)]);
    const auto use = [&](const auto& source) { walk(source, first, count, Pass{0, 1}, step_output(), time); };
    if constexpr (std::is_same<X, SpikeBits>::value) {
      with_source(x, use, first);
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
    run_passes(raster, check().raster(raster), [](Index) { return Discard{}; });
  }
  /// The same; writes each step's output into the columns of record (size x steps).
  template <class Raster, class Output>
  void run(const Raster& raster, Output&& record) {
    using Out = std::decay_t<Output>;
    const Shape shape = check().record(raster, record);
    if constexpr (in_memory<Out> && !Out::IsRowMajor) {
      run_passes(raster, shape.cols, [&](Index k) {
        return Record<typename Out::Scalar>{record.data() + k * record.outerStride(), record.outerStride()};
      });
    } else {
      Eigen::Array<Number, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor> columns(shape.rows, shape.cols);
      run(raster, columns);
      record = columns.template cast<typename Out::Scalar>();
    }
  }

  /// n >= 0 steps without input by the closed form, in one pass whatever n is, up to 2^61 in all. On its way to
  /// a bound a clipped cascade has none, and steps.
  void advance(std::int64_t n) {
    check().duration(n, clock_);
    if (n == 0) return;
    catch_up();
    const std::int64_t last = clock_ + n - 1;
    if (Law::has_closed_form && coefficients_.uniform()) {
      const Sweep<Interval<Law>, Number, Scalar> interval{memory(), coefficients_.after(n)};
      with_rounding(last, [&](auto lot) { interval(SilentSource{}, 0, size(), Pass{0, 1}, Discard{}, lot); });
    } else {
      for (Index i = 0; i < size(); ++i) {
        StateOf s = state_of(i);
        coefficients_.silence(i, s, n);
        set_state_of(i, s, last);
      }
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
    check().step(mask, "mask");
    if constexpr (is_spike_list<Mask>) {
      for (Index k = 0; k < mask.count; ++k) reset_element(mask[k]);
    } else {
      with_source(mask, [&](const auto& source) {
        source.visit(0, size(), Pass{0, 1}, [&](Index at, Index n, const auto& rows) { select_rest(at, n, rows); });
      });
    }
  }

  /// Recomputes every decay for steps of length dt > 0; the state stays. Allocates where parameters are arrays.
  void set_dt(double dt) { coefficients_.set_dt(dt, shape()); }

 protected:
  BaseTracer(const Place& place, const std::array<Parameter, std::size(Law::parameters)>& given, const Options& options)
      : coefficients_(name, given, check_place(place), options.dt, options.rounding),
        state_(make_state(place, std::make_index_sequence<states>())),
        rng_(options.seed ? *options.seed : system_seed(state_[0].data())),
        mailbox_(size()) {
    if constexpr (Law::emits) output_ = state_[0];
    if (is_16_bit<Scalar> && rounding() == Rounding::Stochastic) ahead_.assign(static_cast<std::size_t>(size()), 0);
    reset();
  }
  // copied and destroyed through the derived class only, so that no tracer is cut in half
  BaseTracer(const BaseTracer&) = default;
  BaseTracer(BaseTracer&&) noexcept = default;
  BaseTracer& operator=(const BaseTracer& other) { return *this = BaseTracer(other); }  // all or nothing
  BaseTracer& operator=(BaseTracer&& other) noexcept(owns_memory) {
    if constexpr (!owns_memory) check().same_shape("what is assigned", other.shape(), shape());
    coefficients_ = std::move(other.coefficients_);
    state_ = std::move(other.state_);
    output_ = std::move(other.output_);
    rng_ = other.rng_;
    mailbox_ = std::move(other.mailbox_);
    clock_ = other.clock_;
    ahead_ = std::move(other.ahead_);
    return *this;
  }
  ~BaseTracer() = default;

  template <int j>
  const Array& state() const {
    return state_[j];
  }
  template <int j>
  auto coefficient() const {
    return coefficients_.template coefficient<j>(shape());
  }
  template <int j>
  auto parameter() const {
    return coefficients_.given()[j].expression(shape());
  }
  /// What the law makes of the states, element by element: a value() for classes that have no shorter one.
  auto value_of_law() const {
    const auto at = [this](Index i) { return narrow<Scalar>(Law::value(coefficients_.of(i), state_of(i))); };
    if constexpr (Plain::IsVectorAtCompileTime) {
      return Plain::NullaryExpr(shape().rows, shape().cols, at);
    } else {
      return Plain::NullaryExpr(shape().rows, shape().cols, [this, at](Index row, Index col) {
        return at(Plain::IsRowMajor ? row * shape().cols + col : col * shape().rows + row);
      });
    }
  }
  /// Writes a state after checking its shape and, where that is the invariant, that it lies in [0, 1].
  template <int j, class X>
  void set_state(const Eigen::DenseBase<X>& x) {
    constexpr Named what = Law::states[j];
    check().step(x, what.name);
    const Plain values = x.derived().array().template cast<Scalar>();
    if (what.domain == Domain::unit) {
      for (Index i = 0; i < size(); ++i) {
        const Number v = widen(values.data()[i]);
        if (v >= Number(0) && v <= Number(1)) continue;
        refuse(name, ": ", what.name, " must lie in [0, 1], got ", v, " at element ", i);
      }
    }
    state_[j] = values;
  }

 private:
  template <class>
  friend class EventDriven;
  friend struct Persistence;

  static constexpr const char* name = tracer_traits<Derived>::name;
  using StateOf = typename Law::template State<Number>;
  using Values = Eigen::Array<Number, Plain::RowsAtCompileTime, Plain::ColsAtCompileTime,
                              Plain::IsRowMajor ? Eigen::RowMajor : Eigen::ColMajor, Plain::MaxRowsAtCompileTime,
                              Plain::MaxColsAtCompileTime>;

  // --- construction -----------------------------------------------------------------------------------

  static Shape check_place(const Place& place) {
    if constexpr (owns_memory) {
      return check_shape<Plain>(name, place);
    } else {
      const Shape shape = shape_of(place[0]);
      for (const Array& memory : place) Check{name, shape}.memory(memory);
      return shape;
    }
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

  Check check() const { return {name, shape()}; }

  // --- the walk ---------------------------------------------------------------------------------------

  /// Calls `use` with a source for one step.
  template <class X, class Use>
  void with_source(const Eigen::DenseBase<X>& x, Use use) {
    with_dense_source<Number, bool(Plain::IsRowMajor)>(x.derived(), 0, use);
  }
  template <class Use>
  void with_source(SpikeBits bits, Use use, Index first = 0) {
    use(BitSource{bits.words, 0, first});
  }
  template <class I, class Use>
  void with_source(Spikes<I> spikes, Use use) {
    mailbox_.template with_source<Number>(
        1, [&](int) { return spikes; }, [&](const auto& source, Pass) { use(source); });
  }

  /// Calls `use` with a source for all steps.
  template <class X, class Use>
  static void with_raster(const Eigen::DenseBase<X>& raster, Use use) {
    with_raster_source<Number>(raster.derived(), use);
  }
  template <class Use>
  static void with_raster(SpikeBits bits, Use use) {
    use(BitSource{bits.words, bits.words_per_step(), 0});
  }

  template <class F>
  void for_each_pass(Index steps, F f) {
    catch_up();
    for (Pass pass{0, 0}; pass.first < steps; pass.first += pass.count) {
      pass.count = static_cast<int>(std::min<Index>(steps_per_pass, steps - pass.first));
      f(pass);
      clock_ += pass.count;
    }
  }
  template <class Raster, class Output>
  void run_passes(const Raster& raster, Index steps, Output output) {
    with_raster(raster, [&](const auto& source) {
      for_each_pass(steps, [&](Pass pass) { walk(source, 0, size(), pass, output(pass.first), clock_); });
    });
  }
  template <class O, class I, class Output>
  void run_passes(const SpikeEvents<O, I>& events, Index steps, Output output) {
    for_each_pass(steps, [&](Pass pass) {
      mailbox_.template with_source<Number>(
          pass.count, [&](int k) { return events.step(pass.first + k); },
          [&](const auto& source, Pass part) {
            walk(source, 0, size(), part, output(pass.first + part.first), clock_ + part.first);
          });
    });
  }

  template <class Source, class Out>
  void walk(const Source& source, Index first, Index count, Pass pass, Out out, std::int64_t time) {
    const Sweep<Law, Number, Scalar> sweep{memory(), coefficients_.in_memory()};
    with_rounding(time, [&](auto lot) { sweep(source, first, count, pass, out, lot); });
  }
  template <class Use>
  void with_rounding(std::int64_t time, Use use) const {
    if constexpr (is_16_bit<Scalar>)
      if (rounding() == Rounding::Stochastic) return use(Stochastic{rng_.seed(), time});
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
  /// Steps of ranges count for the clock when all of them are done.
  void catch_up() {
    if (ahead_.empty() || ahead_[0] == 0) return;
    clock_ += ahead_[0];
    std::fill(ahead_.begin(), ahead_.end(), 0);
  }

  // --- one element ------------------------------------------------------------------------------------

  StateOf state_of(Index i) const {
    StateOf s{};
    for_each_index<states>([&](auto j) { std::get<j>(tie<states>(s)) = Number(widen(state_[j].data()[i])); });
    return s;
  }
  void set_state_of(Index i, StateOf s, std::int64_t time) {
    round(i, s, time);
    store(i, s);
  }
  void round(Index i, StateOf& s, std::int64_t time) const {
    with_rounding(time, [&](auto lot) {
      for_each_index<states>([&](auto j) {
        Number& value = std::get<j>(tie<states>(s));
        value = rounded_one<Scalar>(value, lot, j, i);
      });
    });
  }
  void store(Index i, StateOf s) {
    for_each_index<states>([&](auto j) { state_[j].data()[i] = narrow<Scalar>(std::get<j>(tie<states>(s))); });
  }
  StateOf rest_of(Index i) const { return Law::rest(coefficients_.of(i)); }
  void reset_element(Index i) { store(i, rest_of(i)); }
  /// Piece by piece, so that a mask that reads the state is evaluated before any of the states changes.
  template <class Rows>
  void select_rest(Index first, Index count, const Rows& rows) {
    using Piece = Eigen::Array<bool, Eigen::Dynamic, 1, 0, 128, 1>;
    for (Index i = 0, n; i < count; i += n) {
      n = std::min<Index>(Piece::MaxSizeAtCompileTime, count - i);
      const Piece where = Piece::NullaryExpr(n, [&](Index k) { return nonzero(rows.one(0, i + k)); });
      for_each_index<states>([&](auto j) {
        Eigen::Map<Eigen::Array<Scalar, Eigen::Dynamic, 1>> part(state_[j].data() + first + i, n);
        const auto rest = decltype(part)::PlainObject::NullaryExpr(n, [&](Index k) {
          StateOf s = rest_of(first + i + k);
          return narrow<Scalar>(std::get<j>(tie<states>(s)));
        });
        part = where.select(rest, part);
      });
    }
  }

  Coefficients<Law, Values, Scalar> coefficients_;
  std::array<Array, states> state_;
  std::conditional_t<Law::emits, Plain, Discard> output_;
  Rng rng_;
  Mailbox mailbox_;
  std::int64_t clock_ = 0;
  std::vector<std::uint32_t> ahead_;  // stochastic rounding: steps of ranges that an element is ahead of the clock
};

}  // namespace spark
