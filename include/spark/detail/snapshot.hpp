/// \file
/// All that decides what a tracer will do, by name and in order: what files and archives hold.
#pragma once

#include <spark/detail/bytes.hpp>
#include <spark/event_driven.hpp>

SPARK_NAMESPACE_BEGIN
namespace detail {

/// A tracer in parts, dense or event-driven, of T = Dense or EventDriven<Dense>.
template <class T, class Dense, bool event_driven> struct Snapshot {
  using Law = typename Dense::Law;
  using Plain = typename Dense::Plain;
  using Stored = std::conditional_t<event_driven, typename Dense::Number, typename Dense::Scalar>;
  static constexpr std::uint32_t version = 1;
  static constexpr int parameters = Dense::parameters, states = Dense::states;

  std::int64_t rows = 0, cols = 0;
  double dt = 0;
  std::uint8_t rounding = 0;
  std::uint64_t seed = 0, position = 0;
  std::int64_t clock = 0, epoch = 0;
  std::uint8_t numbers = 0;  // bit j: parameter j is one number
  std::array<Field<typename Dense::Number, typename Dense::WideNumber>, parameters> given;
  std::array<std::vector<Stored>, states> state;
  std::vector<std::int64_t> pending;  // steps that an element is ahead of the first, with stochastic rounding
  std::vector<std::int64_t> since;    // the clock when an element was in its state

  /// Passes all parts through `field(name, part)` or, of an array, `field(name, part, i)`; `wanted` is the shape that
  /// what is read must have, if any. What is read is checked as far as memory is to be taken for it.
  template <class Visit> void pass(Visit& field, const Shape* wanted) {
    std::uint32_t written = version;
    field("version", written);
    if (written != version) {
      raise<std::runtime_error>("cannot load: this is version ", written, " of the format, and ", version,
                                " is the only one known here");
    }
    same(field, "class", event_driven ? std::string("EventDriven<") + Dense::name + ">" : std::string(Dense::name));
    same(field, "integration", Law::integration);
    same(field, "scalar", format_of<typename Dense::Scalar>());
    same(field, "order", Plain::IsRowMajor ? "row-major" : "column-major");
    field("rows", rows), field("cols", cols);
    const Index size = checked_size(wanted);
    field("dt", dt), field("rounding", rounding), field("seed", seed), field("position", position);
    field("clock", clock);
    if (event_driven) field("epoch", epoch);
    field("numbers", numbers);
    for_each_index<parameters>([&](auto j) {
      given[j].is_array = (numbers >> j & 1) == 0;
      if (given[j].is_array) {
        array(field, Law::parameters[j].name, size, given[j].values);
      } else {
        field(Law::parameters[j].name, given[j].exact);
      }
    });
    for_each_index<states>([&](auto j) { array(field, Law::states[j].name, size, state[j]); });
    if (is_16_bit<typename Dense::Scalar> && rounding == static_cast<int>(Rounding::Stochastic) && !event_driven)
      array(field, "pending", size, pending);
    if (event_driven) array(field, "since", size, since);
  }

  /// What does not fit into the Index of a 32-bit machine `checked_size` refuses.
  Shape shape() const { return {static_cast<Index>(rows), static_cast<Index>(cols)}; }
  Parameter<typename Dense::WideNumber> parameter(std::size_t j) const {
    if (!given[j].is_array) return given[j].exact;
    using Values = Eigen::Array<typename Dense::Number, Eigen::Dynamic, Eigen::Dynamic,
                                Plain::IsRowMajor ? Eigen::RowMajor : Eigen::ColMajor>;
    return Eigen::Map<const Values>(given[j].values.data(), shape().rows, shape().cols);
  }

  /// Throws std::runtime_error where something is not as a tracer could have written it.
  void require_sound() const {
    if (rounding > 1) raise<std::runtime_error>("cannot load: rounding must be 0 or 1, got ", +rounding);
    if (numbers >> (parameters - 1) > 1)
      raise<std::runtime_error>("cannot load: numbers must be less than ", 1 << parameters, ", got ", +numbers);
    const std::int64_t longest = std::int64_t{1} << 62;
    const auto require = [](const char* what, std::int64_t v, std::int64_t least, std::int64_t most) {
      if (v < least || v > most)
        raise<std::runtime_error>("cannot load: ", what, " must lie in [", least, ", ", most, "], got ", v);
    };
    require("clock", clock, 0, longest);
    require("epoch", epoch, 0, clock);
    for (const std::int64_t steps : pending) require("pending", steps, -clock, longest);
    if (!pending.empty()) require("pending of the first element", pending[0], 0, 0);
    const std::int64_t latest = std::min<std::int64_t>(clock, epoch + (std::int64_t{1} << 31) - 1);
    for (const std::int64_t time : since) require("since", time, epoch, latest);
    for_each_index<states>([&](auto j) {
      if (Law::states[j].domain != Domain::unit) return;
      for (const Stored& stored : state[j]) {
        const auto v = widen(stored);
        if (v < 0 || v > 1) {  // a NaN may have come from the input
          raise<std::runtime_error>("cannot load: ", Dense::name, ": ", Law::states[j].name,
                                    " must lie in [0, 1], got ", v);
        }
      }
    });
  }

 private:
  template <class Visit> static void same(Visit& field, const char* what, const std::string& expected) {
    std::string text = expected;
    field(what, text);
    if (text != expected)
      raise<std::runtime_error>("cannot load: ", what, " must be \"", expected, "\", got \"", text, '"');
  }
  Index checked_size(const Shape* wanted) const {
    if (!may_have<Plain>(shape()) || (cols > 0 && rows > std::numeric_limits<Index>::max() / cols))
      raise<std::runtime_error>("cannot load: shape ", shape(), " is none of the array type");
    // an empty array has no bytes that would vouch for its columns, through which Eigen may walk all the same
    constexpr std::int64_t most = std::int64_t{1} << 24;
    if ((rows == 0 || cols == 0) && std::max(rows, cols) > most)
      raise<std::runtime_error>("cannot load: shape ", shape(), " is empty and has more than ", most,
                                " rows or columns");
    if (wanted && shape() != *wanted)
      raise<std::runtime_error>("cannot load: shape must be ", *wanted, ", got ", shape());
    return shape().size();
  }
  /// Memory grows with what has arrived, whatever size was announced.
  template <class Visit, class X>
  static void array(Visit& field, const char* name, Index size, std::vector<X>& values) {
    for (Index i = 0; i < size; ++i) {
      if (static_cast<std::size_t>(i) == values.size()) values.emplace_back(X(0));
      field(name, values[static_cast<std::size_t>(i)], i);
    }
  }
};

template <class T> struct SnapshotOf { using type = Snapshot<T, T, false>; };
template <class T> struct SnapshotOf<EventDriven<T>> { using type = Snapshot<EventDriven<T>, T, true>; };

/// The one door to what tracers keep to themselves.
struct Access {
  /// The parts of a tracer.
  template <class T> static auto take(const T& tracer) {
    using S = typename SnapshotOf<T>::type;
    const auto& dense = dense_of(tracer);
    S parts;
    parts.rows = dense.shape().rows, parts.cols = dense.shape().cols;
    parts.dt = dense.dt(), parts.rounding = static_cast<std::uint8_t>(dense.rounding());
    parts.seed = dense.core_.rng.seed(), parts.position = dense.core_.rng.position();
    parts.clock = tracer.clock();
    parts.given = dense.core_.coefficients.given();
    for_each_index<S::parameters>([&](auto j) {
      if (!parts.given[j].is_array) parts.numbers |= static_cast<std::uint8_t>(1u << j);
    });
    take_state(tracer, parts);
    return parts;
  }

  /// A new tracer.
  template <class T, class S> static T make(S& parts) {
    return trusted(parts, [&] { return make<T>(parts, std::make_index_sequence<S::parameters>()); });
  }
  /// Takes the place of what the tracer holds; nothing changes where it throws.
  template <class T, class S> static void restore(T& tracer, S& parts) {
    auto& dense = dense_of(tracer);
    auto taken = trusted(parts, [&] { return coefficients<std::decay_t<decltype(dense)>>(parts); });
    require_same(parts, taken);
    dense.core_.coefficients = std::move(taken);
    put(tracer, parts);
  }

 private:
  template <class T> static auto& dense_of(EventDriven<T>& events) { return events.tracer_; }
  template <class T> static const T& dense_of(const EventDriven<T>& events) { return events.tracer_; }
  template <class T> static T& dense_of(T& dense) { return dense; }

  template <class T, class S> static void take_state(const T& tracer, S& parts) {
    for_each_index<S::states>([&](auto j) {
      const auto* const data = tracer.core_.state[j].data();
      parts.state[j].assign(data, data + tracer.size());
    });
    if (tracer.core_.is_stochastic())
      for (const std::int64_t steps : tracer.core_.pending) parts.pending.push_back(steps - tracer.core_.pending[0]);
  }
  template <class T, class S> static void take_state(const EventDriven<T>& events, S& parts) {
    parts.epoch = events.epoch_;
    for (const auto& element : events.elements_) {
      for_each_index<S::states>(
          [&](auto j) { parts.state[j].push_back(member<j, S::states>(element.state).number()); });
      parts.since.push_back(events.epoch_ + std::int64_t{element.since});
    }
  }

  template <class Dense, class S> static auto coefficients(const S& parts) {
    return coefficients<Dense>(parts, std::make_index_sequence<S::parameters>());
  }
  template <class Dense, class S, std::size_t... j>
  static auto coefficients(const S& parts, std::index_sequence<j...>) {
    return decltype(Dense::core_.coefficients)(Dense::name, {parts.parameter(j)...}, parts.shape(), parts.dt,
                                               static_cast<Rounding>(parts.rounding));
  }
  template <class T, class S, std::size_t... j> static T make(S& parts, std::index_sequence<j...>) {
    using Dense = std::decay_t<decltype(dense_of(std::declval<T&>()))>;
    static_assert(Dense::owns_memory, "spark: memory of the caller is filled by spark::load(stream, tracer)");
    static_assert(std::is_constructible<Dense, Shape, decltype(parts.parameter(j))..., Options>::value,
                  "spark: load<T>(stream) calls T(shape, all parameters of the law..., options); "
                  "spark::load(stream, tracer) works without that constructor");
    T tracer(Dense(parts.shape(), parts.parameter(j)...,
                   Options{parts.dt, parts.seed, static_cast<Rounding>(parts.rounding)}));
    require_same(parts, dense_of(tracer).core_.coefficients);
    put(tracer, parts);
    return tracer;
  }

  /// The result of a constructor, after checking what constructors do not.
  template <class S, class Construct> static auto trusted(const S& parts, Construct construct) {
    parts.require_sound();
#ifdef SPARK_EXCEPTIONS
    try {
      return construct();
    } catch (const std::invalid_argument& error) {
      raise<std::runtime_error>("cannot load: ", error.what());
    }
#else
    return construct();
#endif
  }

  /// A parameter that a constructor would change was not written by a tracer.
  template <class S, class Coefficients> static void require_same(const S& parts, const Coefficients& taken) {
    for_each_index<S::parameters>([&](auto j) {
      const auto &read = parts.given[j], &kept = taken.given()[j];
      if (read.values == kept.values && (read.is_array || read.exact == kept.exact)) return;
      raise<std::runtime_error>("cannot load: ", S::Law::parameters[j].name, " is neither 0 nor above the guard");
    });
  }

  template <class T, class S> static void put(T& tracer, S& parts) {
    auto& dense = dense_of(tracer);
    dense.core_.rng = Rng(parts.seed);
    dense.core_.rng.discard(parts.position);
    dense.core_.whole_steps = parts.clock;
    restore_pending(dense.core_, parts.pending);
    dense.core_.bind();
    put_state(tracer, parts);
  }
  template <class Core> static void restore_pending(Core& core, const std::vector<std::int64_t>& pending) {
    core.pending.assign(static_cast<std::size_t>(core.is_stochastic() ? core.size() : std::min<Index>(core.size(), 1)),
                        0);
    if (!pending.empty()) core.pending = pending;
  }
  template <class T, class S> static void put_state(T& tracer, const S& parts) {
    for_each_index<S::states>(
        [&](auto j) { std::copy(parts.state[j].begin(), parts.state[j].end(), tracer.core_.state[j].data()); });
  }
  template <class T, class S> static void put_state(EventDriven<T>& events, const S& parts) {
    events.epoch_ = parts.epoch;
    events.prepare();
    for (std::size_t i = 0; i < parts.since.size(); ++i) {
      auto& element = events.elements_[i];
      for_each_index<S::states>(
          [&](auto j) { member<j, S::states>(element.state) = typename EventDriven<T>::One(parts.state[j][i]); });
      element.since = static_cast<std::uint32_t>(parts.since[i] - parts.epoch);
    }
  }
};

}  // namespace detail
SPARK_NAMESPACE_END
