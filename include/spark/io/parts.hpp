/// \file
/// Of what a tracer consists, how it is taken apart, and how it is put together again.
#pragma once

#include <spark/event_driven.hpp>
#include <spark/io/bytes.hpp>

namespace spark {

/// What tracers open themselves to.
struct Persistence {
  /// Files and archives of a higher version are refused.
  static constexpr std::uint32_t version = 1;

  template <class T>
  struct Traits {
    using Dense = T;
    using Stored = typename T::Scalar;  // what a state is written as
    static constexpr bool event_driven = false;
    static std::string name() { return T::name; }
  };
  template <class T>
  struct Traits<EventDriven<T>> {
    using Dense = T;
    using Stored = typename T::Number;
    static constexpr bool event_driven = true;
    static std::string name() { return std::string("EventDriven<") + T::name + ">"; }
  };

  /// The parts of a tracer, by name and in order: the one description that files and archives share. `parts` is an
  /// `Original`, whose parts go out to `fields`, or a `Copy`, whose parts come in.
  template <class T, class Fields, class Parts>
  static void describe(Fields& fields, Parts& parts) {
    using Dense = typename Traits<T>::Dense;
    using Law = typename Dense::Law;
    std::uint32_t written = version;
    fields("version", written);
    if (written != version) {
      raise<std::runtime_error>("cannot load: this is version ", written, " of the format, and ", version,
                                " is the only one known here");
    }
    const auto same = [&](const char* what, const std::string& expected) {
      std::string text = expected;
      fields(what, text);
      if (text != expected) {
        raise<std::runtime_error>("cannot load: ", what, " must be \"", expected, "\", got \"", text, '"');
      }
    };
    same("class", Traits<T>::name());
    same("integration", Law::integration);
    same("scalar", format_of<typename Dense::Scalar>());
    same("order", Dense::Plain::IsRowMajor ? "row-major" : "column-major");
    fields("rows", parts.rows);
    fields("cols", parts.cols);
    const Index size = parts.size();
    fields("dt", parts.dt);
    fields("rounding", parts.rounding);
    fields("seed", parts.seed);
    fields("position", parts.position);
    fields("clock", parts.clock);
    if constexpr (Traits<T>::event_driven) fields("epoch", parts.epoch);
    fields("numbers", parts.numbers);
    for_each_index<Original<T>::parameters>([&](auto j) {
      const char* what = Law::parameters[j].name;
      if (parts.numbers >> j & 1) {
        fields(what, parts.number(j));
      } else {
        fields(what, size, parts.values(j));
      }
    });
    for_each_index<Dense::states>([&](auto j) { fields(Law::states[j].name, size, parts.state(j)); });
    if (is_16_bit<typename Dense::Scalar> && parts.rounding == static_cast<int>(Rounding::Stochastic)) {
      fields("ahead", size, parts.ahead());
    }
    if constexpr (Traits<T>::event_driven) fields("since", size, parts.since());
  }

  /// A tracer in parts, to be read where they lie; arrays as functions of the element.
  template <class T>
  class Original {
    using Dense = typename Traits<T>::Dense;
    static const Dense& dense_of(const Dense& tracer) { return tracer; }
    static const Dense& dense_of(const EventDriven<Dense>& events) { return events.tracer_; }
    static std::int64_t epoch_of(const Dense&) { return 0; }
    static std::int64_t epoch_of(const EventDriven<Dense>& events) { return events.epoch_; }

   public:
    static constexpr int parameters = static_cast<int>(std::size(Dense::Law::parameters));
    static_assert(parameters <= 8, "the parameters that are numbers are bits of a byte");

    explicit Original(const T& tracer) : tracer_(tracer), dense_(dense_of(tracer)) {
      for (std::size_t j = 0; j < parameters; ++j) numbers |= static_cast<std::uint8_t>(given(j).uniform << j);
    }

    Index size() const { return dense_.size(); }
    auto number(std::size_t j) const { return given(j).exact; }
    auto values(std::size_t j) const {
      return [&field = given(j)](Index i) { return field.values.data()[i]; };
    }
    template <class J>
    auto state(J j) const {
      return [this, j](Index i) {
        if constexpr (Traits<T>::event_driven) {
          return std::get<j>(tie<Dense::states>(tracer_.at(i).state));
        } else {
          return dense_.state_[j].data()[i];
        }
      };
    }
    auto ahead() const {
      return [this](Index i) { return dense_.ahead_[static_cast<std::size_t>(i)]; };
    }
    auto since() const {
      return [this](Index i) { return epoch + std::int64_t{tracer_.at(i).since}; };
    }

   private:
    const auto& given(std::size_t j) const { return dense_.coefficients_.given()[j]; }

    const T& tracer_;
    const Dense& dense_;

   public:
    const std::int64_t rows = dense_.shape().rows, cols = dense_.shape().cols;
    const double dt = dense_.dt();
    const std::uint8_t rounding = static_cast<std::uint8_t>(dense_.rounding());
    const std::uint64_t seed = dense_.rng_.seed(), position = dense_.rng_.position();
    const std::int64_t clock = dense_.clock_, epoch = epoch_of(tracer_);
    std::uint8_t numbers = 0;  // bit j: parameter j is one number
  };

  /// A tracer in parts that were read and are not yet trusted.
  template <class T>
  class Copy {
    using Dense = typename Traits<T>::Dense;
    using Law = typename Dense::Law;
    using Plain = typename Dense::Plain;
    using Stored = typename Traits<T>::Stored;
    static constexpr int parameters = Original<T>::parameters;

   public:
    /// Of a tracer of any shape, or of that one only.
    explicit Copy(std::optional<Shape> shape = {}) : shape_(shape) {}

    std::int64_t rows = 0, cols = 0;
    double dt = 0;
    std::uint8_t rounding = 0;
    std::uint64_t seed = 0, position = 0;
    std::int64_t clock = 0, epoch = 0;
    std::uint8_t numbers = 0;

    Index size() const {
      if (!may_have<Plain>(shape()) || (cols > 0 && rows > std::numeric_limits<Index>::max() / cols)) {
        raise<std::runtime_error>("cannot load: shape ", shape(), " is none of the array type");
      }
      // an empty array has no bytes that would vouch for its columns, through which Eigen may walk all the same
      constexpr std::int64_t most = std::int64_t{1} << 24;
      if ((rows == 0 || cols == 0) && std::max(rows, cols) > most) {
        raise<std::runtime_error>("cannot load: shape ", shape(), " is empty and has more than ", most,
                                  " rows or columns");
      }
      if (shape_ && shape() != *shape_) {
        raise<std::runtime_error>("cannot load: shape must be ", *shape_, ", got ", shape());
      }
      return shape().rows * shape().cols;
    }
    auto& number(std::size_t j) { return number_[j]; }
    auto& values(std::size_t j) { return values_[j]; }
    auto& state(std::size_t j) { return state_[j]; }
    auto& ahead() { return ahead_; }
    auto& since() { return since_; }

    /// A new tracer.
    T make() {
      return trusted([&] { return made(std::make_index_sequence<parameters>()); });
    }
    /// Takes the place of what the tracer holds; nothing changes where it throws.
    void restore(T& tracer) {
      Dense& dense = dense_of(tracer);
      dense.coefficients_ = trusted([&] {
        return decltype(dense.coefficients_)(Dense::name, given(std::make_index_sequence<parameters>()), shape(), dt,
                                             static_cast<Rounding>(rounding));
      });
      put(tracer);
    }

   private:
    static Dense& dense_of(Dense& tracer) { return tracer; }
    static Dense& dense_of(EventDriven<Dense>& events) { return events.tracer_; }

    Shape shape() const { return {rows, cols}; }

    /// Not Dense::Parameter, which a derived class may have made its own.
    using Parameter = spark::Parameter<typename Dense::WideNumber>;

    Parameter parameter(std::size_t j) const {
      using Values = typename Dense::Values;
      if (numbers >> j & 1) return number_[j];
      return Eigen::Map<const Values>(values_[j].data(), shape().rows, shape().cols);
    }
    template <std::size_t... j>
    std::array<Parameter, parameters> given(std::index_sequence<j...>) const {
      return {parameter(j)...};
    }
    template <std::size_t... j>
    T made(std::index_sequence<j...>) {
      static_assert(Dense::owns_memory, "memory of the caller is filled by spark::load(stream, tracer)");
      static_assert(
          std::is_constructible<Dense, Shape, decltype(parameter(j))..., Options>::value,
          "spark::load<T>(stream) calls T(shape, all parameters of the law..., options); spark::load(stream, tracer) "
          "works without that constructor");
      T tracer(Dense(shape(), parameter(j)..., Options{dt, seed, static_cast<Rounding>(rounding)}));
      put(tracer);
      return tracer;
    }

    /// The result of a constructor, after checking what constructors do not.
    template <class Construct>
    auto trusted(Construct construct) const {
      check();
      try {
        return construct();
      } catch (const std::invalid_argument& error) {
        raise<std::runtime_error>("cannot load: ", error.what());
      }
    }
    void check() const {
      if (rounding > 1) raise<std::runtime_error>("cannot load: rounding must be 0 or 1, got ", +rounding);
      if (numbers >> (parameters - 1) > 1) {
        raise<std::runtime_error>("cannot load: numbers must be less than ", 1 << parameters, ", got ", +numbers);
      }
      constexpr std::int64_t longest = std::int64_t{1} << 62;
      if (clock < 0 || clock > longest)
        raise<std::runtime_error>("cannot load: clock must lie in [0, 2^62], got ", clock);
      if (epoch < 0 || epoch > clock) {
        raise<std::runtime_error>("cannot load: epoch must lie in [0, ", clock, "], got ", epoch);
      }
      for (const std::int64_t time : since_) {
        const std::int64_t latest = std::min<std::int64_t>(clock, epoch + (std::int64_t{1} << 31) - 1);
        if (time < epoch || time > latest) {
          raise<std::runtime_error>("cannot load: since must lie in [", epoch, ", ", latest, "], got ", time);
        }
      }
      for_each_index<Dense::states>([&](auto j) {
        constexpr Named what = Law::states[j];
        if (what.domain != Domain::unit) return;
        for (const Stored& stored : state_[j]) {
          const auto v = widen(stored);
          if (v < 0 || v > 1) {  // a NaN may have come from the input
            raise<std::runtime_error>("cannot load: ", Dense::name, ": ", what.name, " must lie in [0, 1], got ", v);
          }
        }
      });
    }
    void put(T& tracer) {
      Dense& dense = dense_of(tracer);
      dense.rng_ = Rng(seed);
      dense.rng_.discard(position);
      dense.clock_ = clock;
      dense.ahead_ = std::move(ahead_);
      if constexpr (Traits<T>::event_driven) {
        tracer.epoch_ = epoch;
        tracer.intervals_ = dense.coefficients_.intervals();
      }
      for_each_index<Dense::states>([&](auto j) {
        if constexpr (Traits<T>::event_driven) {
          for (std::size_t i = 0; i < since_.size(); ++i) {
            std::get<j>(tie<Dense::states>(tracer.elements_[i].state)) = state_[j][i];
            tracer.elements_[i].since = static_cast<std::uint32_t>(since_[i] - epoch);
          }
        } else {
          std::copy(state_[j].begin(), state_[j].end(), dense.state_[j].data());
        }
      });
    }

    std::optional<Shape> shape_;
    std::array<typename Dense::WideNumber, parameters> number_{};
    std::array<std::vector<typename Dense::Number>, parameters> values_;
    std::array<std::vector<Stored>, Dense::states> state_;
    std::vector<std::uint32_t> ahead_;
    std::vector<std::int64_t> since_;
  };
};

}  // namespace spark
