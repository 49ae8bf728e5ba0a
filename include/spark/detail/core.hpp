/// \file
/// The inside of a tracer: its memory, and all ways to run its law over it. Its `coefficients` check what they
/// are made from; all else has been checked.
#pragma once

#include <spark/detail/coefficients.hpp>
#include <spark/detail/expression.hpp>
#include <spark/detail/spike_list.hpp>

SPARK_NAMESPACE_BEGIN
namespace detail {

/// The memory of a tracer and how it is run. Array: a plain Eigen array, or an Eigen::Map of one.
template <class Law, class Array> class Core {
 public:
  using Plain = typename Array::PlainObject;
  using Scalar = typename Plain::Scalar;
  using Number = Compute<Scalar>;
  using One = Lanes<Number, 1>;
  using State = StateOf<Law, One>;
  static constexpr int states = states_of<Law>;
  static constexpr bool owns_memory = std::is_same<Array, Plain>::value;
  static constexpr bool row_major = Plain::IsRowMajor;
  using Arrays = std::array<Array, states>;
  /// Truth values of some elements. Not aligned: an aligned type of Eigen has another layout on each processor, under
  /// the same name. The scalar is bool, by a name that makes a user without masks compile none of it.
  using Piece = Eigen::Array<typename Single<Number>::Mask, Eigen::Dynamic, 1, Eigen::DontAlign, 128, 1>;

  Coefficients<Law, Number, Scalar, row_major> coefficients;
  Arrays state;
  std::conditional_t<Law::emits, Plain, Discard> output;
  Rng rng;
  std::int64_t whole_steps = 0;       // of the whole tracer
  std::vector<std::int64_t> pending;  // steps of ranges beyond it: of element 0, or of each with stochastic rounding
  std::vector<Position> sorted;       // of a list whose indices descend
  View<Law, Number, Scalar> view;

  template <class Given> Core(const char* name, Arrays&& memory, const Given& given, const Options& options)
      : Core({name, given, shape_of(memory[0]), options.dt, options.rounding}, std::move(memory), options.seed) {}
  Core(decltype(coefficients) c, Arrays&& memory, const std::optional<std::uint64_t>& seed)
      : coefficients(std::move(c)),
        state(std::move(memory)),
        rng(seed ? *seed : system_seed()),
        pending(static_cast<std::size_t>(is_stochastic() ? size() : std::min<Index>(size(), 1))) {
    if constexpr (Law::emits) output.setZero(shape().rows, shape().cols);
    bind();
  }
  /// What is copied or moved is not complete before it is bound.
  Core(const Core&) = default;
  Core(Core&&) noexcept = default;
  /// All or nothing. Over memory of the caller it writes that memory.
  Core& operator=(const Core& other) {
    Core copy(other);
    copy.bind();  // which allocates
    if constexpr (!owns_memory) {
      state = other.state;
      copy.take_memory(state);
    }
    return *this = std::move(copy);
  }
  /// Takes over the memory of the other one. It is made anew, because assigning to an Eigen::Map would write memory.
  Core& operator=(Core&& other) noexcept {
    if (this != &other) {
      this->~Core();
      new (this) Core(std::move(other));
      bind();
    }
    return *this;
  }
  ~Core() = default;

  void take_memory(const Arrays& memory) noexcept {
    for (std::size_t j = 0; j < states; ++j) new (&state[j]) Array(memory[j]);
  }
  /// Points the view at this object's states and coefficients, and makes room to sort a list: after construction, a
  /// copy, a move or new parameters.
  void bind() {
    sorted.reserve(static_cast<std::size_t>(size() / 16 + 2 * std::min<Index>(size(), 1000) + 64));
    for (std::size_t j = 0; j < states; ++j) view.state[j] = state[j].data();
    coefficients.fill(view);
  }

  Shape shape() const { return shape_of(state[0]); }
  Index size() const { return state[0].size(); }
  bool is_stochastic() const { return is_16_bit<Scalar> && coefficients.rounding() == Rounding::Stochastic; }
  std::int64_t clock() const { return whole_steps + (pending.empty() ? 0 : pending[0]); }
  /// Steps of ranges count for the clock of the whole when all of them are done.
  void catch_up() {
    if (pending.empty() || pending[0] == 0) return;
    whole_steps += pending[0];
    std::fill(pending.begin(), pending.end(), 0);
  }
  auto step_output() {
    if constexpr (Law::emits) {
      return Record<Scalar>{output.data(), 0};
    } else {
      return Discard{};
    }
  }
  /// Where the states lie, counted from element `first`, and what else is written.
  std::array<StateMemory, states + 1> memories(Index first, const StateMemory& other = {}) const {
    std::array<StateMemory, states + 1> all{};
    for (std::size_t j = 0; j < states; ++j) all[j] = memory_of(state[j].data(), size(), first);
    all[states] = other;
    return all;
  }

  // --- steps ------------------------------------------------------------------------------------------

  /// One step of a range.
  template <class X, class Out> void step_range(Index first, Index count, const X& x, Order order, const Out& out) {
    step_elements<true>(first, count, x, order, out);
    if (is_stochastic()) {
      std::for_each_n(pending.begin() + first, count, [](auto& steps) { ++steps; });
    } else if (first == 0) {
      ++pending[0];
    }
  }
  /// One step of the elements [first, first + count), `range` if they may be fewer than all.
  template <bool range, class X, class Out>
  void step_elements(Index first, Index count, const X& x, [[maybe_unused]] Order order, const Out& out) {
    const auto walk = [&](Index from, Index to, const auto& in) {
      for_each_stretch<range>(from, to, [&](Index a, Index b, auto round) {
        view.walk(coefficients.kind(), a, b, OneStep(), in, out, round);
      });
    };
    if constexpr (is_dense<X>) {
      StateMemory written{};
      if constexpr (!std::is_same<Out, Discard>::value) written = memory_of(out.data + first, count, 0);
      with_evaluated(x, must_evaluate<row_major>(x, memories(first, written)),
                     [&](const auto& values)
                         SPARK_INLINE_LAMBDA { rows_of<Number, row_major>(values, first, count, walk); });
    } else if constexpr (is_spike_list<X>) {
      step_list<range>(first, first + count, x, order, out);
    } else if (range && is_stochastic()) {  // a stretch may begin within a word, where registers load no bits
      for_each_bits(x, [&](Index at, const Piece& bits) {
        walk(first + at, first + at + bits.size(), Rows<bool>{bits.data(), 0, first + at});
      });
    } else {
      walk(first, first + count, BitRows{x.words, 0, first});
    }
  }

  template <bool range, class I, class A, class Out>
  void step_list(Index first, Index last, const Spikes<I, A>& spikes, Order order, const Out& out) {
    std::vector<Position> of_range;  // threads share no memory
    const auto list = ascending<Number>(spikes, order, first, last, range ? of_range : sorted);
    const ListStep<Law, Number, Scalar> step{view, coefficients.kind()};
    for_each_stretch<range>(first, last, [&](Index from, Index to, auto round) {
      if constexpr (range) {  // a conditional operator would copy the list
        step(list.between(from, to), from, to, out, round);
      } else {
        step(list, from, to, out, round);
      }
    });
  }

  /// Calls f with how the storage rounds in step `time`.
  template <class F> void with_rounding(std::int64_t time, F f) const {
    if constexpr (is_16_bit<Scalar>)
      if (is_stochastic()) return f(Stochastic{rng.seed(), time});
    f(ToNearest());
  }
  /// Calls f(from, to, round) for stretches of the elements [first, last) that have taken as many steps: all, but for
  /// ranges with stochastic rounding.
  template <bool range, class F> void for_each_stretch(Index first, Index last, F f) const {
    if (!range || !is_stochastic()) return with_rounding(whole_steps, [&](auto round) { f(first, last, round); });
    while (first < last) {
      const std::int64_t* const steps = pending.data();
      Index to = first + 1;
      while (to < last && steps[to] == steps[first]) ++to;
      with_rounding(whole_steps + steps[first], [&](auto round) { f(first, to, round); });
      first = to;
    }
  }

  /// All steps of a raster; `out(k)` is where the outputs go from step k on.
  template <class X, class OutputAt, class Memories>
  void run_steps(const X& raster, OutputAt out, const Memories& memories) {
    if constexpr (is_dense<X>) {
      const auto pass = [&](Index k, int steps, Index from, Index to, const auto& rows) {
        walk_pass(k, from, to, steps, rows, out(k));
      };
      with_evaluated(raster, must_evaluate<false>(raster, memories),
                     [&](const auto& values) { raster_rows_of<Number>(values, pass); });
      whole_steps += raster.cols();
    } else {
      for (Index k = 0; k < raster.steps; k += steps_per_pass) {
        const int steps = static_cast<int>(std::min<Index>(steps_per_pass, raster.steps - k));
        if constexpr (std::is_same<X, SpikeBits>::value) {
          const Index stride = raster.words_per_step();
          walk_pass(k, 0, size(), steps, BitRows{raster.words + k * stride, stride, 0}, out(k));
        } else {
          run_lists(k, steps, raster, out);
        }
      }
      whole_steps += raster.steps;
    }
  }
  /// The k-th and some more steps of a run, which `whole_steps` does not count before its end.
  template <class In, class Out>
  void walk_pass(Index k, Index first, Index last, int steps, const In& in, const Out& out) const {
    with_rounding(whole_steps + k,
                  [&](auto round) { view.walk(coefficients.kind(), first, last, steps, in, out, round); });
  }
  /// Lists become bits, a block of elements at a time, where no index occurs twice in a step.
  template <class Events, class OutputAt> void run_lists(Index k, int steps, const Events& events, OutputAt out) {
    Order order[steps_per_pass];
    for (int step = 0; step < steps; ++step) order[step] = order_of(events.step(k + step));
    if (std::any_of(order, order + steps, [](Order o) { return o != Order::strict; })) {
      const std::int64_t begin = whole_steps;
      for (int step = 0; step < steps; ++step) {
        whole_steps = begin + k + step;
        step_list<false>(0, size(), events.step(k + step), order[step], out(k + step));
      }
      whole_steps = begin;
      return;
    }
    constexpr Index block = 4096, words_per_step = block / 64;
    std::uint64_t words[steps_per_pass * words_per_step];
    Index next[steps_per_pass] = {};
    for (Index first = 0; first < size(); first += block) {
      const Index last = std::min(first + block, size());
      std::fill_n(words, steps * words_per_step, 0);
      for (int step = 0; step < steps; ++step) {
        const auto spikes = events.step(k + step);
        for (Index& n = next[step]; n < spikes.count && spikes[n] < last; ++n) {
          const auto i = static_cast<std::size_t>(spikes[n] - first);
          words[static_cast<std::size_t>(step * words_per_step) + i / 64] |= std::uint64_t{1} << i % 64;
        }
      }
      walk_pass(k, first, last, steps, BitRows{words, words_per_step, first}, out(k));
    }
  }

  // --- silence ----------------------------------------------------------------------------------------

  /// n > 0 steps without input.
  void advance(std::int64_t n) {
    if (n > 1) {
      coefficients.try_closed_form();
      bridge(n);
    } else {
      with_rounding(whole_steps, [&](auto round) {
        view.walk(coefficients.kind(), 0, size(), OneStep(), Constant<Zero>(), Discard(), round);
      });
    }
    whole_steps += n;
  }
  void bridge(std::int64_t n) {
    using Form = ClosedForm<Law, Number>;
    const bool uniform = coefficients.uniform();
    if constexpr (has_closed_form<Law> && Law::always_closed) {
      if (uniform && size() > 0) {
        const Form form(coefficients.at(0));
        const auto length = static_cast<Wide<Number>>(static_cast<double>(n));
        const int parts = form.splits(length) ? 2 : 1;
        const auto interval = form.after(length / Wide<Number>(parts));
        for (int part = 1; part <= parts; ++part) walk_interval(interval, n * part / parts - 1);
        return;
      }
    }
    Form form;
    for (Index i = 0; i < size(); ++i) {
      if (i == 0 || !uniform) form = Form(coefficients.at(i));
      State s = view.template load<One>(i);
      form.bridge(s, n);
      set_state_of(i, s, whole_steps + n - 1);
    }
  }
  /// Takes all elements through the interval that the coefficients stand for, whose last step is the k-th from now.
  void walk_interval(const typename Law::template Coefficients<One>& c, std::int64_t k) const {
    auto interval = view;
    for_each_index<coefficients_of<Law>>(
        [&](auto j) { interval.number[j] = member<j, coefficients_of<Law>>(c).number(); });
    with_rounding(whole_steps + k, [&](auto round) {
      decltype(interval)::template walk_as<false, false>(interval, 0, size(), OneStep(), Constant<Silence>(), Discard(),
                                                         round);
    });
  }

  // --- one element ------------------------------------------------------------------------------------

  /// Stores what was computed for element i in step `time`.
  void set_state_of(Index i, State s, std::int64_t time) {
    with_rounding(time, [&](auto round) { view.template round<true>(s, i, 0, round); });
    view.store(i, s);
  }
  State rest_of(Index i) const { return Law::rest(coefficients.at(i)); }
  void reset_element(Index i) { view.store(i, rest_of(i)); }

  // --- masks ------------------------------------------------------------------------------------------

  /// Calls f(first, where) for pieces of a mask, evaluated before any of the states changes.
  template <class Mask, class F> void for_each_masked(const Mask& mask, F f) const {
    if constexpr (is_spike_list<Mask>) {
      for (Index k = 0; k < mask.count; ++k) f(mask[k], Piece(Piece::Constant(1, true)));
    } else if constexpr (std::is_same<Mask, SpikeBits>::value) {
      for_each_bits(mask, f);
    } else {
      const bool broadcasts = shape_of(mask) != shape();  // so that each of its elements is read many times
      with_evaluated(mask, broadcasts || must_evaluate<row_major>(mask, memories(0)),
                     [&](const auto& values) { masked_elements(values, f); });
    }
  }
  template <class Mask, class F> void masked_elements(const Mask& mask, F f) const {
    const Elements<row_major, Mask> elements(mask, shape());
    for_each_piece(size(), f, [&](Index first, Piece& where) {
      elements(first, where.size(), [&](Index k, const auto& v) {
        where[k] = widen(v) != std::decay_t<decltype(widen(v))>(0);  // in its own type: 1e-50 is no float
      });
    });
  }
  template <class F> static void for_each_bits(SpikeBits bits, F f) {
    for_each_piece(bits.size, f, [&](Index first, Piece& where) {
      for (Index k = 0; k < where.size(); ++k)
        where[k] = Single<Number>::load_bits(bits.words, static_cast<std::size_t>(first + k));
    });
  }
  template <class F, class Fill> static void for_each_piece(Index size, F f, Fill fill) {
    for (Index first = 0; first < size; first += Piece::MaxSizeAtCompileTime) {
      Piece where(std::min<Index>(Piece::MaxSizeAtCompileTime, size - first));
      fill(first, where);
      f(first, where);
    }
  }
  void select_rest(Index first, const Piece& where) {
    for_each_index<states>([&](auto j) {
      Eigen::Map<Eigen::Array<Scalar, Eigen::Dynamic, 1>> part(state[j].data() + first, where.size());
      const auto rest = decltype(part)::PlainObject::NullaryExpr(where.size(), [&](Index k) {
        const State s = rest_of(first + k);
        return narrow<Scalar>(member<j, states>(s).number());
      });
      part = where.select(rest, part);
    });
  }
};

}  // namespace detail
SPARK_NAMESPACE_END
