/// \file
/// What all tracers share.
#pragma once

#include <spark/detail/check.hpp>
#include <spark/detail/core.hpp>

SPARK_NAMESPACE_BEGIN

template <class Tracer> class EventDriven;

namespace detail {
template <class Fields, class Tracer> class Transfer;

template <class X> const auto& derived(const X& x) {
  if constexpr (is_dense<X>) {
    return x.derived();
  } else {
    return x;
  }
}
/// Computes the value of an element; takes one index where the array is a vector, else two.
template <class Law, class Array, bool vector = Array::IsVectorAtCompileTime> struct ValueAt {
  const Core<Law, Array>* core;

  auto operator()(Index i) const { return narrow<typename Array::Scalar>(core->view.value(i)); }
};
template <class Law, class Array> struct ValueAt<Law, Array, false> {
  const Core<Law, Array>* core;

  auto operator()(Index row, Index col) const {
    const Shape shape = core->shape();
    const Index i = Array::PlainObject::IsRowMajor ? row * shape.cols + col : col * shape.rows + row;
    return narrow<typename Array::Scalar>(core->view.value(i));
  }
};
template <class Law, class Array, bool vector, class X>
bool moves(const Eigen::CwiseNullaryOp<ValueAt<Law, Array, vector>, X>* x, const StateMemory& memory) {
  const auto read = x->functor().core->memories(0);
  return std::any_of(read.begin(), read.end(), [&](const StateMemory& state) {
    return state.end > memory.begin && state.begin < memory.end && state.begin != memory.first;
  });
}
}  // namespace detail

/// The CRTP base: owns state and coefficients, checks every argument, runs the law.
///
///     template <class Array>
///     struct SoftBoundTracer : spark::BaseTracer<SoftBoundTracer<Array>, Array, SoftBound> {
///       static constexpr const char* name = "SoftBoundTracer";   // for errors and files
///       using SoftBoundTracer::BaseTracer::BaseTracer;           // the constructors
///     };
///
/// Array: where the state lies, a plain Eigen array or an Eigen::Map of one. The constructor takes the shape (for an
/// Eigen::Map one map for each state, for an array of fixed size nothing), the law's parameters in their order, of
/// which those with a standard value may be left out from the end, and Options.
///
/// Every check runs in every build type and before anything changes: std::invalid_argument for a value or shape that is
/// not allowed, std::out_of_range for a spike outside; the message names class, argument, constraint and value. After
/// construction no step, run, advance or reset allocates, but for input that must be evaluated first (a product, a
/// function of the user's), for outputs with gaps between them (a row, a record in row-major order), and for lists
/// whose indices descend: long ones (of more than size / 16 spikes), and any in a step of a range. Copies are
/// independent values; a copy of a tracer over an Eigen::Map shares the memory, assigning a copy writes it, and move
/// assignment takes over the other's. What was moved from may be destroyed or assigned to.
template <class Derived, class Array_, class Law_> class BaseTracer : public Law_::template Members<Derived> {
 public:
  static_assert(
      std::is_base_of<Eigen::EigenBase<Array_>, Array_>::value,
      "spark: the state of a tracer lies in a plain Eigen array, such as Eigen::ArrayXf, or in an Eigen::Map");
  using Array = Array_;
  using Law = Law_;
  using Dense = Derived;
  using Plain = typename Array::PlainObject;
  using Scalar = typename Plain::Scalar;  ///< what is stored
  static_assert(!Eigen::NumTraits<Scalar>::IsInteger && !Eigen::NumTraits<Scalar>::IsComplex,
                "spark: traces are real numbers: float, double, Eigen::half, Eigen::bfloat16 or a scalar of your own");
  using Number = detail::Compute<Scalar>;   ///< what computes
  using WideNumber = detail::Wide<Number>;  ///< what prepares
  using Parameter = spark::Parameter<WideNumber>;

  static constexpr bool owns_memory = std::is_same<Array, Plain>::value;
  static constexpr bool fixed_size = owns_memory && Array::SizeAtCompileTime != Eigen::Dynamic;
  static constexpr int states = detail::states_of<Law>;
  static constexpr int parameters = detail::parameters_of<Law>;
  static_assert(detail::require_law<Law>());

  using Arrays = std::array<Array, states>;
  /// Where the state lies.
  using Place = std::conditional_t<!owns_memory, Arrays, std::conditional_t<fixed_size, detail::ExplicitShape, Shape>>;
  using Given = std::array<Parameter, parameters>;

  // One constructor for each number of parameters, so that braces still make a shape or Options.
  template <int count> using PlaceWith = std::conditional_t<detail::may_give<Law>(count), Place, detail::Never<0>>;
  template <int count> using FirstOf =
      std::conditional_t<fixed_size && detail::may_give<Law>(count), Parameter, detail::Never<1>>;
  using P = Parameter;

  BaseTracer(PlaceWith<1> place, P a, Options options = {}) : BaseTracer(place, given({a}), options) {}
  BaseTracer(PlaceWith<2> place, P a, P b, Options options = {}) : BaseTracer(place, given({a, b}), options) {}
  BaseTracer(PlaceWith<3> place, P a, P b, P c, Options options = {}) : BaseTracer(place, given({a, b, c}), options) {}
  BaseTracer(PlaceWith<4> place, P a, P b, P c, P d, Options options = {})
      : BaseTracer(place, given({a, b, c, d}), options) {}
  BaseTracer(PlaceWith<5> place, P a, P b, P c, P d, P e, Options options = {})
      : BaseTracer(place, given({a, b, c, d, e}), options) {}
  BaseTracer(PlaceWith<6> place, P a, P b, P c, P d, P e, P f, Options options = {})
      : BaseTracer(place, given({a, b, c, d, e, f}), options) {}

  BaseTracer(FirstOf<1> a, Options options = {}) : BaseTracer(fixed_place(), given({a}), options) {}
  BaseTracer(FirstOf<2> a, P b, Options options = {}) : BaseTracer(fixed_place(), given({a, b}), options) {}
  BaseTracer(FirstOf<3> a, P b, P c, Options options = {}) : BaseTracer(fixed_place(), given({a, b, c}), options) {}
  BaseTracer(FirstOf<4> a, P b, P c, P d, Options options = {})
      : BaseTracer(fixed_place(), given({a, b, c, d}), options) {}
  BaseTracer(FirstOf<5> a, P b, P c, P d, P e, Options options = {})
      : BaseTracer(fixed_place(), given({a, b, c, d, e}), options) {}
  BaseTracer(FirstOf<6> a, P b, P c, P d, P e, P f, Options options = {})
      : BaseTracer(fixed_place(), given({a, b, c, d, e, f}), options) {}

  Shape shape() const { return core_.shape(); }
  Index size() const { return core_.size(); }
  double dt() const { return core_.coefficients.dt(); }
  std::uint64_t seed() const { return core_.rng.seed(); }
  Rounding rounding() const { return core_.coefficients.rounding(); }
  /// The tracer's own generator, for the caller to draw from. Rounding does not move it.
  Rng& rng() { return core_.rng; }
  const Rng& rng() const { return core_.rng; }
  /// The number of steps that element 0 has taken.
  std::int64_t clock() const { return core_.clock(); }

  /// One step. x: a dense Eigen expression of the tracer's shape, evaluated once; `spikes(indices)`, with amounts or
  /// without; or `spike_bits(words, size)`. Returns the step's output: the new value(), or the release of an RUTracer.
  template <class X> decltype(auto) operator()(const X& x) {
    static_assert(detail::require_input<X>());
    const detail::Order order = check().input(detail::derived(x));
    core_.coefficients.require_not_stuck();
    core_.catch_up();
    core_.template step_elements<false>(0, size(), detail::derived(x), order, core_.step_output());
    ++core_.whole_steps;
    if constexpr (Law::emits) {
      return static_cast<const Plain&>(core_.output);
    } else {
      return static_cast<const Derived&>(*this).value();
    }
  }

  /// Refused: says that a list of spikes needs a name.
  template <class I> decltype(auto) operator()(std::initializer_list<I>) {
    detail::refuse_braces<I>();
    return static_cast<const Derived&>(*this).value();
  }

  /// One step of the elements [first, first + count) in storage order. x: a dense vector of `count` inputs,
  /// `spike_bits(words, count)`, or `spikes` with indices of the whole tracer, of which those outside the range are
  /// ignored. Disjoint ranges may be stepped at the same time by different threads; ranges that together cover the
  /// tracer are one step, bit for bit. Before a call for the whole tracer all elements must have taken the same number
  /// of steps, which is not checked.
  template <class X> void step(Index first, Index count, const X& x) {
    step_range(first, count, x, core_.step_output());
  }
  /// The same; writes the step's outputs into `out`, a vector of `count`.
  template <class X, class Output> void step(Index first, Index count, const X& x, Output&& out) {
    using Out = std::decay_t<Output>;
    static_assert(detail::require_output<Out>());
    check().vector("out", out, count);
    if constexpr (detail::in_memory<Out>)
      if (detail::without_gaps(out))
        return step_range(first, count, x,
                          detail::Record<typename Out::Scalar>{out.data() - (count > 0 ? first : 0), 0});
    Eigen::Array<Number, Eigen::Dynamic, 1> outputs(count);
    step(first, count, x, outputs);
    const bool row = out.rows() == 1;
    for (Index i = 0; i < count; ++i)
      out.coeffRef(row ? 0 : i, row ? i : 0) = static_cast<typename Out::Scalar>(outputs[i]);
  }

  /// Many steps, several per pass over the elements; the result is that of single steps. raster: a dense array with a
  /// column for each step and a row for each element in storage order; `spike_bits(words, size, steps)`; or
  /// `spike_events(offsets, indices)`.
  template <class Raster> void run(const Raster& raster) {
    static_assert(detail::require_raster<Raster>());
    prepare_run(raster);
    const auto nowhere = [](Index) { return detail::Discard(); };
    core_.run_steps(detail::derived(raster), nowhere, core_.memories(0));
  }
  /// The same; writes each step's output into the columns of record (size x steps), which may be the raster itself.
  template <class Raster, class Output> void run(const Raster& raster, Output&& record) {
    using Out = std::decay_t<Output>;
    static_assert(detail::require_raster<Raster>() && detail::require_output<Out>());
    using R = typename Out::Scalar;
    check().same_shape("record", detail::shape_of(record), Shape(size(), prepare_run(raster)));
    if constexpr (detail::in_memory<Out> && !Out::IsRowMajor) {
      const Index stride = record.outerStride();
      const auto column = [&](Index k) { return detail::Record<R>{record.data() + k * stride, stride}; };
      auto written = detail::memory_of(record.data(), stride * record.cols(), 0);
      if (!detail::without_gaps(record)) written.first = nullptr;  // no raster lies there in the same places
      core_.run_steps(detail::derived(raster), column, core_.memories(0, written));
    } else {
      Eigen::Array<Number, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor> columns(size(), record.cols());
      run(raster, columns);
      record = columns.template cast<R>();
    }
  }

  /// n >= 0 steps without input, up to 2^61 in all: one is a step, more are the closed form in one pass or two,
  /// whatever n is. A clipped cascade on its way to a bound, and a law without closed form, are stepped.
  void advance(std::int64_t n) {
    check().duration(n, clock());
    if (n == 0) return;
    core_.catch_up();
    core_.advance(n);
  }
  /// Refused: says how a duration becomes steps.
  template <class N, detail::IfFraction<N> = 0> void advance(N) { detail::refuse_fraction<N>(); }

  /// All traces return to their base; those of an RUTracer to R = 1 and U = 0.
  void reset() {
    for (Index i = 0; i < size(); ++i) core_.reset_element(i);
  }
  /// The same where mask is not 0. mask: a dense Eigen expression of the tracer's shape, or a row or column that
  /// broadcasts to it; `spikes(indices)`; or `spike_bits(words, size)`.
  template <class Mask> void masked_reset(const Mask& mask) {
    static_assert(detail::require_input<Mask>());
    check().mask(detail::derived(mask));
    core_.for_each_masked(detail::derived(mask),
                          [this](Index first, const auto& where) { core_.select_rest(first, where); });
  }
  /// Refused: says that a list of spikes needs a name.
  template <class I> void masked_reset(std::initializer_list<I>) { detail::refuse_braces<I>(); }

  /// Recomputes every decay for steps of length dt > 0. The state stays, and so do the equations: a gain for each step
  /// (`scale_2` of a double tracer) follows dt. Allocates where parameters are arrays.
  void set_dt(double dt) {
    core_.coefficients.set_dt(dt, shape());
    core_.bind();
  }

  /// State and coefficients for a loop or kernel of one's own. Refused for stochastic rounding, which counts steps.
  View<Law, Number, Scalar> view() {
    if (core_.is_stochastic()) detail::refuse(name(), ": rounding must be Nearest for a view, got Stochastic");
    return core_.view;
  }

  /// A tracer over an Eigen::Map moves to other memory of the same shape, whose content is the state.
  void rebind(const Arrays& place) {
    static_assert(!owns_memory, "spark: only a tracer over an Eigen::Map can be moved to other memory");
    check().same_shape("state", detail::shape_of(memory_at(place)[0]), shape());
    require_states(place);
    core_.take_memory(place);
    core_.bind();
  }

  /// State j, parameter j as it was given, and coefficient j, as the law counts them.
  template <int j> const Array& state() const {
    static_assert(0 <= j && j < states, "spark: the law has fewer states; they are counted from 0");
    return core_.state[j];
  }
  template <int j> auto parameter() const {
    static_assert(0 <= j && j < parameters, "spark: the law has fewer parameters; they are counted from 0");
    return core_.coefficients.parameter_fields()[j].template expression<Values>(shape());
  }
  template <int j> auto coefficient() const {
    static_assert(0 <= j && j < detail::coefficients_of<Law>, "spark: the law has fewer coefficients");
    return core_.coefficients[j].template expression<Values>(shape());
  }
  /// Writes a state after checking its shape and, where that is the invariant, that it lies in [0, 1].
  template <int j, class X> void set_state(const Eigen::DenseBase<X>& x) {
    constexpr StateInfo info = Law::states[j];
    check().same_shape(info.name, detail::shape_of(x.derived()), shape());
    Plain values = x.derived().array().template cast<Scalar>();
    for (Index i = 0; i < size(); ++i) {
      const Number v = detail::widen(values.data()[i]);
      require_domain(info, v, i);
      values.data()[i] = detail::narrow<Scalar>(detail::Single<Number>::settle(v));
    }
    core_.state[j] = values;
  }
  /// Replaces a parameter; state, clock and generator stay. O(1) where all parameters are numbers, else one pass.
  template <int j> void set_parameter(const Parameter& p) {
    core_.coefficients.set_parameter(j, p, shape());
    core_.bind();
  }

  /// The value: the state that the law names, or an expression of the states.
  decltype(auto) value() const {
    if constexpr (detail::has_value_function<Law>) {
      return Plain::NullaryExpr(shape().rows, shape().cols, detail::ValueAt<Law, Array>{&core_});
    } else {
      return state<Law::value_state>();
    }
  }

 protected:
  /// For laws with more parameters than the constructors above; all of them, in the law's order.
  BaseTracer(const Place& place, const Given& given, const Options& options)
      : core_(name(), memory_at(place), given, options) {
    const bool as_is = options.start == Start::as_is;
    if (as_is ? owns_memory : options.start != Start::at_base) {
      detail::refuse(name(), ": start must be at_base, or as_is over an Eigen::Map, got ",
                     static_cast<int>(options.start));
    }
    if (as_is) {
      require_states(core_.state);
    } else {
      reset();
    }
  }
  /// Of size 0, or of the fixed size, with infinite time constants: to be assigned to or loaded into.
  template <bool owns = owns_memory, std::enable_if_t<owns, int> = 0> BaseTracer()
      : BaseTracer(fixed_place(), given({}), Options()) {}

  // copied and destroyed through the derived class only, so that no tracer is cut in half
  BaseTracer(const BaseTracer& other) : Names(other), core_(other.core_) { core_.bind(); }
  BaseTracer(BaseTracer&& other) noexcept : Names(std::move(other)), core_(std::move(other.core_)) { core_.bind(); }
  BaseTracer& operator=(const BaseTracer& other) {
    if (!owns_memory) check().same_shape("what is assigned", other.shape(), shape());
    core_ = other.core_;
    return *this;
  }
  BaseTracer& operator=(BaseTracer&&) noexcept = default;
  ~BaseTracer() = default;

 private:
  template <class> friend class EventDriven;
  template <class, class> friend class detail::Transfer;

  using Names = typename Law::template Members<Derived>;
  /// An array of the tracer's shape that holds what computes.
  using Values = Eigen::Array<Number, Plain::RowsAtCompileTime, Plain::ColsAtCompileTime,
                              Plain::IsRowMajor ? Eigen::RowMajor : Eigen::ColMajor, Plain::MaxRowsAtCompileTime,
                              Plain::MaxColsAtCompileTime>;

  detail::Core<Law, Array>& core() { return core_; }
  const detail::Core<Law, Array>& core() const { return core_; }
  static constexpr const char* name() {
    static_assert(std::is_convertible<decltype(Derived::name), const char*>::value,
                  "spark: a tracer class needs `static constexpr const char* name`, for errors and files");
    return Derived::name;
  }
  static Given given(std::initializer_list<Parameter> first) { return detail::with_standards<Law, WideNumber>(first); }
  static Place fixed_place() {
    return Shape(std::max<Index>(0, Plain::RowsAtCompileTime), std::max<Index>(0, Plain::ColsAtCompileTime));
  }

  /// Memory of the shape, which the constructor resets, or that of the caller, checked.
  static Arrays memory_at(const Place& place) {
    if constexpr (owns_memory) {
      const Shape shape = detail::check_shape<Plain>(name(), place);
      Arrays memory;
      for (Plain& array : memory) {
        array.resize(shape.rows, shape.cols);
        if constexpr (Plain::MaxSizeAtCompileTime != Eigen::Dynamic) array.setZero();  // or GCC 12 warns of its move
      }
      return memory;
    } else {
      const detail::Check check{name(), detail::shape_of(place[0])};
      for (std::size_t j = 0; j < states; ++j) {
        check.same_shape("state", detail::shape_of(place[j]), check.shape);
        if (!detail::without_gaps(place[j])) detail::refuse(name(), ": state must lie in memory one after the other");
        detail::require_memory(place[j].data(), check.shape.size(), name(), ": state");
        for (std::size_t k = 0; k < j; ++k)
          if (place[j].data() < place[k].data() + place[k].size() &&
              place[k].data() < place[j].data() + place[j].size())
            detail::refuse(name(), ": the memories of two states must not overlap, got states ", k, " and ", j);
      }
      return place;
    }
  }

  detail::Check check() const { return {name(), shape()}; }
  static void require_domain(const StateInfo& info, const Number& v, Index i) {
    if (info.domain == Domain::unit && (detail::is_nan(v) || !(v >= Number(0) && v <= Number(1))))
      detail::refuse(name(), ": ", info.name, " must lie in [0, 1], got ", v, " at element ", i);
  }
  static void require_states(const Arrays& place) {
    for (std::size_t j = 0; j < states; ++j)
      for (Index i = 0; i < place[j].size(); ++i) require_domain(Law::states[j], detail::widen(place[j].data()[i]), i);
  }
  /// Returns the number of steps.
  template <class Raster> Index prepare_run(const Raster& raster) {
    const Index steps = check().raster(detail::derived(raster));
    core_.coefficients.require_not_stuck();
    core_.catch_up();
    return steps;
  }
  template <class X, class Out> void step_range(Index first, Index count, const X& x, const Out& out) {
    static_assert(detail::require_input<X>());
    const detail::Order order = check().range(first, count, detail::derived(x));
    core_.coefficients.require_not_stuck();
    if (count > 0) core_.step_range(first, count, detail::derived(x), order, out);
  }

  detail::Core<Law, Array> core_;
};

SPARK_NAMESPACE_END
