/// \file
/// Tracers that are evaluated only where something happens.
#pragma once

#include <spark/base_tracer.hpp>
#include <spark/large_pages.hpp>

namespace spark {

/// The same recurrence as a dense tracer and the same calls, at a cost in proportion to the spikes: an element is
/// touched when it spikes or is asked for, and the silence in between is bridged by the law's closed form.
///
///     spark::EventDriven events(spark::Tracer<Eigen::ArrayXf>(1000000, 20.0));
///     events(spark::spikes(indices));   // one step
///     events(spark::spikes(indices), [](Index i, float output) { ... });  // one that tells of each spike
///     events.advance(1000);             // a thousand silent ones, O(1)
///     float now = events.value(7);      // O(1)
///
/// Results are those of the dense tracer up to rounding. The clock is an integer, right up to 2^61 steps. Beside the
/// dense tracer it holds a state and a clock reading for each element; a step allocates nothing. A clipped cascade is
/// stepped on its way to a bound; while it stays there, and from where it cannot reach one, it has closed forms too.
/// Errors as for the dense tracer.
template <class Tracer>
class EventDriven {
  using Law = typename Tracer::Law;
  struct TellNobody {
    template <class Output>
    void operator()(Index, const Output&) const {}
  };

 public:
  using Number = typename Tracer::Number;

  explicit EventDriven(Tracer tracer)
      : tracer_(std::move(tracer)), elements_(static_cast<std::size_t>(tracer_.size())) {
    tracer_.catch_up();
    read_all();
  }
  EventDriven(const EventDriven&) = default;
  EventDriven(EventDriven&&) noexcept = default;
  EventDriven& operator=(const EventDriven& other) { return *this = EventDriven(other); }  // all or nothing
  EventDriven& operator=(EventDriven&&) noexcept(Tracer::owns_memory) = default;

  Shape shape() const { return tracer_.shape(); }
  Index size() const { return tracer_.size(); }
  double dt() const { return tracer_.dt(); }
  std::uint64_t seed() const { return tracer_.seed(); }
  Rng& rng() { return tracer_.rng(); }
  const Rng& rng() const { return tracer_.rng(); }
  std::int64_t clock() const { return tracer_.clock_; }

  /// One step in which these elements spiked: O(spikes). An index that occurs twice counts twice. For each element that
  /// spiked, once, `tell(i, output)` receives what a step of the dense tracer returns, of an `RUTracer` the release; it
  /// must not throw, nor use this object.
  template <class I, class Tell = TellNobody>
  void operator()(Spikes<I> spikes, Tell tell = {}) {
    tracer_.check().step(spikes);
    prepare_clock();
    const std::int64_t present = now();  // a copy, which no store to an element can change
    for (Index k = 0; k < look_ahead; ++k) fetch(spikes, k);
    if (ascending(spikes)) {
      for (Index k = 0; k < spikes.count; ++k) {
        fetch(spikes, k + look_ahead);
        hit(spikes[k], Number(1), present, tell);
      }
    } else {
      // first all silences are bridged and spikes counted, in the place of the clock reading; then each element steps
      // once
      for (Index k = 0; k < spikes.count; ++k) {
        fetch(spikes, k + look_ahead);
        Element& element = at(spikes[k]);
        if (element.since < counting) element = {state_at(present, spikes[k]), counting};
        ++element.since;
      }
      for (Index k = 0; k < spikes.count; ++k) {
        const Index i = spikes[k];
        if (at(i).since > counting) hit(i, static_cast<Number>(at(i).since - counting), present, tell);
      }
    }
    ++tracer_.clock_;
  }
  /// The same from a dense expression or from bits: looks at all of x, touches only the elements that spiked.
  template <class X, class Tell = TellNobody>
  void operator()(const X& x, Tell tell = {}) {
    tracer_.check().step(x);
    tracer_.with_source(x, [&](const auto& source) { hit_all(source, 0, tell); });
  }

  /// Many steps, from the rasters of the dense tracer.
  template <class Raster>
  void run(const Raster& raster) {
    const Index steps = tracer_.check().raster(raster);
    Tracer::with_raster(raster, [&](const auto& source) {
      for (Index k = 0; k < steps; ++k) hit_all(source, k, TellNobody{});
    });
  }
  template <class O, class I>
  void run(const SpikeEvents<O, I>& raster) {
    tracer_.check().raster(raster);
    for (Index k = 0; k < raster.steps; ++k) (*this)(raster.step(k));
  }
  /// The same; records what the dense tracer does, at the dense tracer's cost.
  template <class Raster, class Output>
  void run(const Raster& raster, Output&& record) {
    tracer_.check().record(raster, record);
    dense();
    tracer_.run(raster, record);
    read_all();
  }

  /// n >= 0 steps without input: O(1).
  void advance(std::int64_t n) {
    tracer_.check().duration(n, clock());
    tracer_.clock_ += n;
  }

  /// The value of element i as it stands: O(1). std::out_of_range where there is no such element.
  Number value(Index i) const {
    if (i < 0 || i >= size()) {
      refuse_range(Tracer::name, ": an element must be at least 0 and less than ", size(), ", got ", i);
    }
    return Law::value(tracer_.coefficients_.of(i), state_now(i));
  }
  /// The values of all elements: O(size).
  decltype(auto) value() { return dense().value(); }

  /// The dense tracer in the present state: O(size).
  const Tracer& dense() {
    for (Index i = 0; i < size(); ++i) tracer_.set_state_of(i, state_now(i), clock() - 1);
    read_all();
    return tracer_;
  }
  operator Tracer() { return dense(); }

  /// All traces return to where they started.
  void reset() {
    tracer_.reset();
    read_all();
  }
  /// The masks of the dense tracer; O(spikes) for a list of them, else O(size).
  template <class Mask>
  void masked_reset(const Mask& mask) {
    tracer_.check().step(mask, "mask");
    if constexpr (is_spike_list<Mask>) {
      prepare_clock();
      tracer_.masked_reset(mask);
      for (Index k = 0; k < mask.count; ++k) read(mask[k]);
    } else {
      dense();
      tracer_.masked_reset(mask);
      read_all();
    }
  }

  /// Steps of another length from now on: O(size).
  void set_dt(double dt) {
    auto coefficients = tracer_.coefficients_;
    coefficients.set_dt(dt, shape());
    dense();
    tracer_.coefficients_ = std::move(coefficients);
    intervals_ = tracer_.coefficients_.intervals();
  }

 private:
  friend struct Persistence;
  using State = typename Tracer::StateOf;

  /// State and clock reading lie side by side: a spike costs one line of cache, and at 32 bits for the reading the
  /// elements of a large tracer share few pages.
  struct Element {
    State state;
    std::uint32_t since;  // when the element was in this state, counted from the epoch
  };
  static constexpr std::uint32_t counting = std::uint32_t{1} << 31;  // beyond it `since` counts spikes instead
  static constexpr Index look_ahead = 32;  // spikes whose elements are on their way from memory

  Element& at(Index i) { return elements_[static_cast<std::size_t>(i)]; }
  const Element& at(Index i) const { return elements_[static_cast<std::size_t>(i)]; }
  /// Always inline: GCC 12 takes calls of a function that only prefetches for superfluous.
  template <class I>
  EIGEN_ALWAYS_INLINE void fetch(Spikes<I> spikes, Index k) {
    if (k < spikes.count) Eigen::internal::prefetch(&at(spikes[k]));
  }
  /// As a loop over neurons leaves them; then no index occurs twice.
  template <class I>
  static bool ascending(Spikes<I> spikes) {
    bool all = true;
    for (Index k = 1; k < spikes.count; ++k) all &= spikes.indices[k - 1] < spikes.indices[k];
    return all;
  }
  /// Takes element i from the dense tracer.
  void read(Index i) { at(i) = {tracer_.state_of(i), static_cast<std::uint32_t>(now())}; }
  void read_all() {
    epoch_ = clock();
    for (Index i = 0; i < size(); ++i) read(i);
  }
  std::int64_t now() const { return clock() - epoch_; }
  /// Before a step or a reset: once in 2^31 steps all readings begin anew.
  void prepare_clock() {
    if (now() >= std::int64_t{counting} - 1) dense();
  }

  EIGEN_ALWAYS_INLINE State state_at(std::int64_t present, Index i) const {
    State s = at(i).state;
    const std::int64_t since = at(i).since;
    if (since < present) tracer_.coefficients_.silence(i, s, present - since, intervals_);
    return s;
  }
  State state_now(Index i) const { return state_at(now(), i); }

  /// The present step of element i, whose state is of the past or, where spikes have been counted, of the present.
  template <class Tell>
  EIGEN_ALWAYS_INLINE void hit(Index i, const Number& x, std::int64_t present, Tell& tell) {
    State s = state_at(present, i);
    const auto coefficients = tracer_.coefficients_.of(i);
    const auto keep = [&] {
      tracer_.round(i, s, clock());
      at(i) = {s, static_cast<std::uint32_t>(present + 1)};
    };
    if constexpr (Law::emits) {
      const Number output = Law::step(coefficients, s, x);
      keep();
      tell(i, output);
    } else {
      Law::step(coefficients, s, x);
      keep();
      tell(i, Law::value(coefficients, s));
    }
  }
  /// Step k of the source.
  template <class Source, class Tell>
  void hit_all(const Source& source, Index k, Tell tell) {
    prepare_clock();
    const std::int64_t present = now();
    source.visit(0, size(), Pass{k, 1}, [&](Index first, Index n, const auto& rows) {
      rows.for_each_nonzero(0, n,
                            [&](Index i, const auto& x) { hit(first + i, static_cast<Number>(x), present, tell); });
    });
    ++tracer_.clock_;
  }

  Tracer tracer_;  // parameters, clock and generator; its traces are those of the last call of dense()
  std::vector<Element, LargePages<Element>> elements_;
  std::int64_t epoch_ = 0;
  decltype(std::declval<const Tracer&>().coefficients_.intervals()) intervals_ = tracer_.coefficients_.intervals();
};

}  // namespace spark
