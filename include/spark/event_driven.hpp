/// \file
/// Tracers that are evaluated only where something happens.
#pragma once

#include <spark/base_tracer.hpp>
#include <spark/detail/large_pages.hpp>

SPARK_NAMESPACE_BEGIN

/// The same recurrence as a dense tracer and the same calls, at a cost in proportion to the spikes: an element is
/// touched when it spikes or is asked for, and the silence in between is bridged by the law's closed form.
///
///     spark::EventDriven events(spark::Tracer<Eigen::ArrayXf>(1000000, 20.0));
///     events(spark::spikes(indices));   // one step
///     events(spark::spikes(indices), [](Index i, float output) { ... });  // one that tells of each spike
///     events.advance(1000);             // a thousand silent ones, O(1)
///     float now = events.value(7);      // O(1)
///     events.values(indices, out);      // many at once
///
/// Results are those of the dense tracer up to rounding. Reading changes nothing. The clock is an integer, right up to
/// 2^61 steps. Beside the dense tracer it holds a state and a clock reading for each element; a step allocates nothing,
/// but for long lists (of more than size / 16 spikes) with amounts whose indices descend. A clipped cascade is stepped
/// on its way to a bound, and so is any law without closed form, each time it is read; while a cascade stays at a
/// bound, and from where it cannot reach one, it has closed forms too. Errors as for the dense tracer.
template <class Tracer> class EventDriven : public Tracer::Law::template Members<EventDriven<Tracer>> {
  using Law = typename Tracer::Law;
  using Core = detail::Core<Law, typename Tracer::Array>;
  using One = typename Core::One;

 public:
  using Dense = Tracer;
  using Number = typename Tracer::Number;
  using Plain = typename Tracer::Plain;
  using Parameter = typename Tracer::Parameter;

  explicit EventDriven(Tracer tracer)
      : tracer_(std::move(tracer)), elements_(static_cast<std::size_t>(tracer_.size())) {
    core().coefficients.try_closed_form();
    core().catch_up();
    prepare();
    read_all();
  }
  EventDriven(const EventDriven&) = default;
  EventDriven(EventDriven&&) noexcept(std::is_nothrow_move_constructible_v<Tracer>) = default;
  /// All or nothing.
  EventDriven& operator=(const EventDriven& other) {
    elements_.reserve(other.elements_.size());  // nothing throws once the tracer has been assigned
    tracer_ = other.tracer_;
    elements_ = other.elements_;
    epoch_ = other.epoch_;
    prepare();
    return *this;
  }
  EventDriven& operator=(EventDriven&&) noexcept(std::is_nothrow_move_assignable_v<Tracer>) = default;
  ~EventDriven() = default;

  Shape shape() const { return tracer_.shape(); }
  Index size() const { return tracer_.size(); }
  double dt() const { return tracer_.dt(); }
  std::uint64_t seed() const { return tracer_.seed(); }
  Rounding rounding() const { return tracer_.rounding(); }
  Rng& rng() { return tracer_.rng(); }
  const Rng& rng() const { return tracer_.rng(); }
  /// The number of steps taken.
  std::int64_t clock() const { return core().whole_steps; }

  /// One step in which these elements spiked: O(spikes). For each element that spiked, once, `tell(i, output)` receives
  /// what a step of the dense tracer returns, of an `RUTracer` the release; it must not throw, nor use this object.
  template <class I, class A, class Tell = detail::Discard> void operator()(const Spikes<I, A>& x, Tell tell = {}) {
    hit_list(x, tracer_.check().input(x), tell);
  }
  /// The same from a dense expression or from bits: looks at all of x, touches only the elements that spiked.
  template <class X, class Tell = detail::Discard> void operator()(const X& x, Tell tell = {}) {
    static_assert(detail::require_input<X>());
    tracer_.check().input(detail::derived(x));
    prepare_clock();
    if constexpr (detail::is_dense<X>) {
      const auto hit_all = [&](Index first, Index last, const auto& rows) { hit_rows(first, last, rows, 0, tell); };
      detail::with_evaluated(
          x.derived(), detail::must_evaluate<Plain::IsRowMajor>(x.derived(), core().memories(0)),
          [&](const auto& values) { detail::rows_of<Number, Plain::IsRowMajor>(values, 0, size(), hit_all); });
    } else {
      hit_bits(x.words, tell);
    }
    ++core().whole_steps;
  }
  /// Refused: says that a list of spikes needs a name.
  template <class I, class Tell = detail::Discard> void operator()(std::initializer_list<I>, Tell = {}) {
    detail::refuse_braces<I>();
  }

  /// Many steps, from the rasters of the dense tracer.
  template <class Raster> void run(const Raster& raster) {
    static_assert(detail::require_raster<Raster>());
    tracer_.check().raster(detail::derived(raster));
    detail::Discard nobody;
    if constexpr (detail::is_dense<Raster>) {
      const std::int64_t begin = core().whole_steps;
      const auto hit_all = [&](Index k, int steps, Index first, Index last, const auto& rows) {
        core().whole_steps = begin + k;
        if (first == 0) prepare_clock(steps);
        for (int step = 0; step < steps; ++step) hit_rows(first, last, rows, step, nobody);
      };
      detail::with_evaluated(raster.derived(), detail::must_evaluate<false>(raster.derived(), core().memories(0)),
                             [&](const auto& values) { detail::raster_rows_of<Number>(values, hit_all); });
      core().whole_steps = begin + raster.cols();
    } else {
      for (Index k = 0; k < raster.steps; ++k) {
        if constexpr (std::is_same<Raster, SpikeBits>::value) {
          prepare_clock();
          hit_bits(raster.words + k * raster.words_per_step(), nobody);
          ++core().whole_steps;
        } else {
          const auto spikes = raster.step(k);
          hit_list(spikes, detail::order_of(spikes), nobody);
        }
      }
    }
  }
  /// The same; records what the dense tracer does, at the dense tracer's cost.
  template <class Raster, class Output> void run(const Raster& raster, Output&& record) {
    Tracer dense(*this);
    dense.run(raster, record);
    tracer_ = std::move(dense);
    read_all();
  }

  /// n >= 0 steps without input: O(1).
  void advance(std::int64_t n) {
    tracer_.check().duration(n, clock());
    core().whole_steps += n;
  }
  /// Refused: says how a duration becomes steps.
  template <class N, detail::IfFraction<N> = 0> void advance(N) { detail::refuse_fraction<N>(); }

  /// The value of element i as it stands: O(1), but for a clipped cascade on its way to a bound. std::out_of_range
  /// where there is no such element.
  Number value(Index i) const {
    if (i < 0 || i >= size()) {
      detail::refuse_range(Tracer::name, ": an element must be at least 0 and less than ", size(), ", got ", i);
    }
    return value_now(i).number();
  }
  /// The values of many elements, fetched from memory ahead of their turn: out[k] is that of indices[k].
  template <class Indices, class Output> void values(const Indices& indices, Output&& out) const {
    const auto list = spikes(indices);
    tracer_.check().input(list);
    if (static_cast<Index>(std::size(out)) != list.count)
      detail::refuse(Tracer::name, ": out must hold ", list.count, " numbers, got ", std::size(out));
    for (Index k = 0; k < std::min(look_ahead, list.count); ++k) fetch(list[k]);
    for (Index k = 0; k < list.count; ++k) {
      if (k + look_ahead < list.count) fetch(list[k + look_ahead]);
      const Index i = list[k];
      out[static_cast<std::size_t>(k)] = value_now(i).number();
    }
  }
  /// The values of all elements: O(size).
  Plain value() const {
    return all([this](Index i) { return value_now(i); });
  }

  /// The dense tracer in the present state: O(size).
  operator Tracer() const {
    Tracer dense = tracer_;
    for (Index i = 0; i < size(); ++i) dense.core_.set_state_of(i, state_now(i), clock() - 1);
    return dense;
  }
  Tracer dense() const { return *this; }

  /// All traces return to their base; those of an RUTracer to R = 1 and U = 0.
  void reset() {
    epoch_ = clock();
    for (Index i = 0; i < size(); ++i) put(i, core().rest_of(i));
  }
  /// The masks of the dense tracer; O(spikes) for a list of them, else O(size).
  template <class Mask> void masked_reset(const Mask& mask) {
    static_assert(detail::require_input<Mask>());
    tracer_.check().mask(detail::derived(mask));
    prepare_clock();
    core().for_each_masked(detail::derived(mask), [this](Index first, const auto& where) {
      for (Index k = 0; k < where.size(); ++k)
        if (where[k]) put(first + k, core().rest_of(first + k));
    });
  }
  /// Refused: says that a list of spikes needs a name.
  template <class I> void masked_reset(std::initializer_list<I>) { detail::refuse_braces<I>(); }

  /// Steps of another length from now on, as for the dense tracer: O(size).
  void set_dt(double dt) {
    change([&](auto& coefficients) { coefficients.set_dt(dt, shape()); });
  }

  /// State j of all elements, parameter j and coefficient j, as the law counts them.
  template <int j> Plain state() const {
    static_assert(0 <= j && j < Tracer::states, "spark: the law has fewer states; they are counted from 0");
    return all([this](Index i) { return detail::member<j, Tracer::states>(state_now(i)); });
  }
  template <int j> auto parameter() const { return tracer_.template parameter<j>(); }
  template <int j> auto coefficient() const { return tracer_.template coefficient<j>(); }
  template <int j, class X> void set_state(const Eigen::DenseBase<X>& x) {
    tracer_.template set_state<j>(x);
    prepare_clock();
    for (Index i = 0; i < size(); ++i) {
      State s = state_now(i);
      detail::member<j, Tracer::states>(s) = detail::member<j, Tracer::states>(core().view.template load<One>(i));
      put(i, s);
    }
  }
  /// From now on: O(size), as the silence so far is bridged with the old parameters first.
  template <int j> void set_parameter(const Parameter& p) {
    change([&](auto& coefficients) { coefficients.set_parameter(j, p, shape()); });
  }

 private:
  template <class, class> friend class detail::Transfer;
  using State = typename Core::State;
  using Coefficients = typename Law::template Coefficients<One>;

  /// State and clock reading lie side by side: a spike costs one line of cache, and at 32 bits for the reading the
  /// elements of a large tracer share few pages.
  struct Element {
    State state;
    std::uint32_t since;  // when the element was in this state, counted from the epoch
  };
  static constexpr std::int64_t counting = std::int64_t{1} << 31;  // from there on `since` counts spikes instead
  static constexpr Index look_ahead = 32;                          // spikes whose elements are on their way from memory

  Core& core() { return tracer_.core_; }
  const Core& core() const { return tracer_.core_; }
  Element& at(Index i) { return elements_[static_cast<std::size_t>(i)]; }
  const Element& at(Index i) const { return elements_[static_cast<std::size_t>(i)]; }
  SPARK_INLINE void fetch(Index i) const { SPARK_PREFETCH(&at(i)); }

  std::int64_t now() const { return clock() - epoch_; }
  void put(Index i, const State& s) { at(i) = {s, static_cast<std::uint32_t>(now())}; }
  void read_all() {
    epoch_ = clock();
    for (Index i = 0; i < size(); ++i) put(i, core().view.template load<One>(i));
  }
  /// Brings all elements to the present.
  void bring_to_present() {
    for (Index i = 0; i < size(); ++i) at(i).state = state_now(i);
    epoch_ = clock();
    for (auto& element : elements_) element.since = 0;
  }
  /// Before a step or a reset: once in 2^31 steps all readings begin anew.
  void prepare_clock(Index steps = 1) {
    if (now() + steps >= counting) bring_to_present();
  }
  template <class Change> void change(Change f) {
    auto coefficients = core().coefficients;
    f(coefficients);
    bring_to_present();
    core().coefficients = std::move(coefficients);
    core().bind();
    prepare();
  }
  void prepare() {
    uniform_ = core().coefficients.uniform() && size() > 0;
    if (!uniform_) return;
    shared_ = core().coefficients.at(0);
    intervals_ = Intervals(shared_);
  }

  Coefficients coefficients_of(Index i) const { return uniform_ ? shared_ : core().coefficients.at(i); }

  SPARK_INLINE State state_at(std::int64_t present, Index i) const {
    State s = at(i).state;
    const std::int64_t silent = present - std::int64_t{at(i).since};
    if (silent > 0) {
      if (uniform_) {
        intervals_.bridge(s, silent);
      } else {
        bridge_own(i, s, silent);
      }
    }
    return s;
  }
  EIGEN_DONT_INLINE void bridge_own(Index i, State& s, std::int64_t silent) const {
    detail::ClosedForm<Law, Number>(core().coefficients.at(i)).bridge(s, silent);
  }
  State state_now(Index i) const { return state_at(now(), i); }
  One value_now(Index i) const { return detail::value_of<Law>(coefficients_of(i), state_now(i)); }

  template <class At> Plain all(At at) const {
    Plain array = Plain::Constant(shape().rows, shape().cols, detail::narrow<typename Tracer::Scalar>(Number(0)));
    for (Index i = 0; i < size(); ++i) array.data()[i] = detail::narrow<typename Tracer::Scalar>(at(i).number());
    return array;
  }

  /// The step at `present` of element i, whose state is of the past or of the present.
  template <class Tell>
  SPARK_INLINE void hit(Index i, const Number& x, std::int64_t count, std::int64_t present, Tell& tell) {
    State s = state_at(present, i);
    const auto c = coefficients_of(i);
    Number output;
    // inlined by force: a call would store the state in parts, load it whole, and wait for the stores
    core().with_rounding(epoch_ + present,
                         [&](auto round) SPARK_INLINE_LAMBDA { output = core().view.spike(c, s, i, x, count, round); });
    at(i) = {s, static_cast<std::uint32_t>(present + 1)};
    tell(i, output);
  }
  /// A step from a list.
  template <class I, class A, class Tell> void hit_list(const Spikes<I, A>& x, detail::Order order, Tell& tell) {
    prepare_clock();
    if (order == detail::Order::none && std::is_void<A>::value && x.count < counting) {
      hit_counted(x, tell);
    } else {
      hit_ascending(detail::ascending<Number>(x, order, 0, size(), core().sorted), tell);
    }
    ++core().whole_steps;
  }
  template <class List, class Tell> void hit_ascending(List list, Tell& tell) {
    const std::int64_t present = now();  // a copy, which no store to an element can change
    const Index end = list.end;
    for (Index k = list.begin; k < std::min(look_ahead, end); ++k) fetch(list.element(k));
    while (list.begin < end) {
      if (list.begin + look_ahead < end) fetch(list.element(list.begin + look_ahead));
      const auto group = list.next();
      hit(group.element, group.x, group.count, present, tell);
    }
  }
  /// In any order: first all silences are bridged and spikes counted, in the place of the clock reading; then each
  /// element steps once.
  template <class List, class Tell> void hit_counted(const List& list, Tell& tell) {
    const std::int64_t present = now();
    for (Index k = 0; k < std::min(look_ahead, list.count); ++k) fetch(list[k]);
    for (Index k = 0; k < list.count; ++k) {
      if (k + look_ahead < list.count) fetch(list[k + look_ahead]);
      Element& element = at(list[k]);
      if (element.since < counting) element = {state_at(present, list[k]), static_cast<std::uint32_t>(counting)};
      ++element.since;
    }
    for (Index k = 0; k < list.count; ++k) {
      Element& element = at(list[k]);
      const std::int64_t count = std::int64_t{element.since} - counting;
      if (count <= 0) continue;
      element.since = static_cast<std::uint32_t>(present);
      hit(list[k], Number(1), count, present, tell);
    }
  }
  /// Step `step` of rows that begin now.
  template <class Rows, class Tell> void hit_rows(Index first, Index last, const Rows& rows, int step, Tell& tell) {
    const std::int64_t present = now() + step;
    for (Index i = first; i < last; ++i) {
      const Number x = One(rows.template at<One>(step, i)).number();
      if (detail::Single<Number>::nonzero(x)) hit(i, x, 1, present, tell);
    }
  }
  template <class Tell> void hit_bits(const std::uint64_t* words, Tell& tell) {
    const std::int64_t present = now();
    for (Index i = 0; i < size(); ++i) {
      const std::uint64_t rest = words[i / 64] >> i % 64;
      if ((rest & 1) != 0) hit(i, Number(1), 1, present, tell);
      if (rest == 0) i += 63 - i % 64;
    }
  }

  using Intervals = detail::Intervals<Law, Number>;

  Tracer tracer_;  // parameters, clock and generator; its traces are not used
  std::vector<Element, detail::LargePages<Element>> elements_;
  std::int64_t epoch_ = 0;
  bool uniform_ = false;
  Coefficients shared_{};
  Intervals intervals_;
};

SPARK_NAMESPACE_END
