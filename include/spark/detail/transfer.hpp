/// \file
/// What of a tracer is saved, by name and in order, and how it goes to streams and archives and comes back.
///
/// Streams and archives are called as `field(name, x)` or, of an array, `field(name, x, i)`, with a number or a text.
/// Saving writes x and returns it; loading returns what it reads. So one list of parts serves both: `Transfer`.
#pragma once

#include <spark/event_driven.hpp>

#include <algorithm>
#include <istream>
#include <ostream>
#include <string_view>

SPARK_NAMESPACE_BEGIN
namespace detail {

template <class... Parts> [[noreturn]] void refuse_to_load(const Parts&... parts) {
  raise<std::runtime_error>("cannot load: ", parts...);
}

/// Binary digits of a floating-point type, else 0.
template <class T> constexpr int digits_of =
    std::is_floating_point<T>::value || is_16_bit<T> ? std::numeric_limits<T>::digits : 0;

/// How many bytes a number takes when it is written. The ten of an x87 number are followed by padding in memory.
template <class T> constexpr int bytes_of = digits_of<T> == 64 ? 10 : static_cast<int>(sizeof(T));

/// What a floating-point type is called in a file: by its format, whatever the compiler calls it.
template <class T> std::string format_of() {
  static_assert(digits_of<T> != 0 && digits_of<T> != 106,
                "spark: only half, bfloat16, float, double and long double (but for pairs of doubles) can be saved");
  return (digits_of<T> == 8 ? "bfloat" : "float") + std::to_string(8 * bytes_of<T>);
}

/// Copies a number from memory to a file or back. In a file the lowest byte is the first, whatever the machine.
inline void copy_number(const void* from, void* to, int count) {
  auto* const bytes = static_cast<unsigned char*>(to);
  std::memcpy(bytes, from, static_cast<std::size_t>(count));
  const std::uint16_t one = 1;
  if (reinterpret_cast<const unsigned char&>(one) == 0) std::reverse(bytes, bytes + count);  // here the highest is
}

/// The checksum of zlib, PNG and Ethernet (ISO 3309, polynomial 0x04c11db7), of bytes that follow on some with the
/// checksum `before`. It finds every change of up to 32 neighbouring bits, and of others all but one in 2^32.
inline std::uint32_t crc32(const char* bytes, int count, std::uint32_t before) {
  static constexpr std::uint32_t of_half_a_byte[16] = {
      0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
      0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
  std::uint32_t rest = ~before;
  for (int i = 0; i < count; ++i) {
    rest ^= static_cast<unsigned char>(bytes[i]);
    for (int half = 0; half < 2; ++half) rest = rest >> 4 ^ of_half_a_byte[rest & 15];
  }
  return ~rest;
}

/// A std::ostream or std::istream, which holds the magic bytes, the fields, and the checksum of all that.
template <class Stream> class StreamFields {
 public:
  static constexpr bool saving = std::is_same<Stream, std::ostream>::value;

  explicit StreamFields(Stream& stream) : stream_(stream) {
    // as in PNG, the non-ASCII byte and the line ends expose a transfer as text
    for (const char expected : std::string_view("\x89SPK\r\n\x1a\n"))
      if ((*this)("magic", expected) != expected) refuse_to_load("this is not a saved tracer");
  }

  template <class T> T operator()(const char*, T number, std::int64_t = -1) {
    char bytes[bytes_of<T>];
    copy_number(&number, bytes, bytes_of<T>);
    pass(bytes, bytes_of<T>);
    copy_number(bytes, &number, bytes_of<T>);
    return number;
  }
  std::string operator()(const char* name, std::string text) {
    if (saving && text.size() > 255) raise<std::runtime_error>("cannot save: a name has more than 255 bytes");
    text.resize((*this)(name, static_cast<std::uint8_t>(text.size())));
    pass(text.data(), static_cast<int>(text.size()));
    return text;
  }
  void finish() {
    const std::uint32_t checksum = checksum_;
    if ((*this)("checksum", checksum) != checksum) refuse_to_load("the checksum is wrong");
    if constexpr (saving) require([&] { return !stream_.flush().fail(); });
  }

 private:
  /// Writes the bytes, or reads others in their place.
  void pass(char* bytes, int count) {
    require([&] { return moved(stream_, bytes, count); });
    checksum_ = crc32(bytes, count, checksum_);
  }
  static bool moved(std::ostream& to, const char* bytes, int count) { return !to.write(bytes, count).fail(); }
  static bool moved(std::istream& from, char* bytes, int count) { return from.read(bytes, count).gcount() == count; }
  /// A stream may throw an exception of its own where it fails.
  template <class Succeeds> void require(Succeeds succeeds) {
    const auto refuse = [](const auto&...) {
      raise<std::runtime_error>(saving ? "cannot save: the stream failed" : "cannot load: the data end too early");
    };
    if (!with_reason<std::ios_base::failure>(succeeds, refuse)) refuse();
  }

  Stream& stream_;
  std::uint32_t checksum_ = 0;
};

/// Whether an archive takes a name before each value.
template <class Archive, class = void> constexpr bool has_names = false;
template <class Archive> constexpr bool has_names<Archive, decltype(std::declval<Archive&>().setNextName(""))> = true;

/// An archive of cereal or Boost.Serialization, or of another library that has `archive & x`, Archive::is_saving and,
/// for formats with names, archive.setNextName(name). A number goes as the integer that holds its bits, or as two of
/// them, because text archives may lose NaN, infinity or digits.
template <class Archive> class ArchiveFields {
 public:
  static constexpr bool saving = Archive::is_saving::value;

  explicit ArchiveFields(Archive& archive) : archive_(archive) {}

  template <class T> T operator()(const char* name, T number, std::int64_t i = -1) {
    const std::string label = i < 0 ? name : name + ("." + std::to_string(i));
    char bytes[16] = {};
    copy_number(&number, bytes, bytes_of<T>);
    for (int at = 0; at < bytes_of<T>; at += 8) {
      std::uint64_t word = 0;
      copy_number(bytes + at, &word, 8);
      word = pass(at == 0 ? label : label + ".high", word);
      copy_number(&word, bytes + at, 8);
    }
    copy_number(bytes, &number, bytes_of<T>);
    return number;
  }
  std::string operator()(const char* name, const std::string& text) { return pass(name, text); }

 private:
  template <class X> X pass(const std::string& label, X x) {
    if constexpr (has_names<Archive>) archive_.setNextName(label.c_str());
    archive_& x;
    return x;
  }

  Archive& archive_;
};

/// Passes the parts of a tracer to `Fields`, or keeps those that come from there until all of them may take the place
/// of what a tracer holds.
template <class Fields, class T> class Transfer {
  using Dense = typename T::Dense;
  using Events = EventDriven<Dense>;
  using Law = typename Dense::Law;
  using Plain = typename Dense::Plain;
  using Scalar = typename Dense::Scalar;
  using Number = typename Dense::Number;
  using Core = detail::Core<Law, typename Dense::Array>;
  static constexpr bool event_driven = !std::is_same<T, Dense>::value;
  static constexpr int parameters = Dense::parameters, states = Dense::states;
  static constexpr std::int64_t longest = std::int64_t{1} << 62;  // that a clock may show

 public:
  /// What is read is checked as far as constructors do not, and must have the shape that is wanted, if any is.
  Transfer(Fields& fields, const T& tracer, std::optional<Shape> wanted) : field_(fields) {
    const Core& core = tracer.core();
    const std::uint32_t version = field_("version", std::uint32_t{1});
    if (version != 1) refuse_to_load("this is version ", version, " of the format, and 1 is the only one known here");
    pass_same("class", event_driven ? "EventDriven<" + std::string(Dense::name) + ">" : Dense::name);
    pass_same("integration", Law::integration);
    pass_same("scalar", format_of<Scalar>());
    pass_same("order", Plain::IsRowMajor ? "row-major" : "column-major");
    const std::int64_t rows = field_("rows", std::int64_t{core.shape().rows});
    const std::int64_t cols = field_("cols", std::int64_t{core.shape().cols});
    shape_ = checked_shape(rows, cols, wanted);
    dt_ = field_("dt", core.coefficients.dt());
    const auto rounding = static_cast<std::uint8_t>(core.coefficients.rounding());
    rounding_ = static_cast<Rounding>(pass_within("rounding", rounding, 0, 1));
    seed_ = field_("seed", core.rng.seed());
    position_ = field_("position", core.rng.position());
    clock_ = pass_within("clock", core.clock(), std::int64_t{0}, longest);
    if constexpr (event_driven) epoch_ = pass_within("epoch", tracer.epoch_, std::int64_t{0}, clock_);
    pass_parameters(core.coefficients.parameter_fields());
    pass_elements(tracer);
  }

  /// Makes a tracer of this shape, or a new one, what was read. Nothing changes where it throws.
  void restore(T& tracer) const {
    Core& core = tracer.core();
    typename Core::Arrays memory = core.state;  // that of a caller does not change yet
    if constexpr (Core::owns_memory)
      for (Plain& array : memory) array.setZero(shape_.rows, shape_.cols);
    Core next(coefficients(), std::move(memory), seed_);
    next.rng.discard(position_);
    next.whole_steps = clock_;
    if (!event_driven && !times_.empty()) next.pending = times_;
    if constexpr (event_driven) tracer.elements_.resize(times_.size());  // a new one grows, while it may still throw
    core = std::move(next);                                              // from here on nothing throws
    put_elements(tracer);
  }

 private:
  static Number infinity() { return std::numeric_limits<Number>::infinity(); }

  void pass_same(const char* what, const std::string& expected) {
    const std::string text = field_(what, expected);
    if (text != expected) refuse_to_load(what, " must be \"", expected, "\", got \"", text, '"');
  }
  static Shape checked_shape(std::int64_t rows, std::int64_t cols, std::optional<Shape> wanted) {
    const Shape shape(rows, cols);
    if (!may_have<Plain>(shape) || (cols > 0 && rows > std::numeric_limits<Index>::max() / cols))
      refuse_to_load("shape ", shape, " does not fit the type of the array");
    // no bytes bear out the columns of an empty array, through which Eigen may loop all the same
    constexpr std::int64_t most = std::int64_t{1} << 24;
    if ((rows == 0 || cols == 0) && std::max(rows, cols) > most)
      refuse_to_load("shape ", shape, " is empty and has more than ", most, " rows or columns");
    if (wanted && shape != *wanted) refuse_to_load("shape must be ", *wanted, ", got ", shape);
    return shape;
  }
  template <class Given> void pass_parameters(const Given& given) {
    std::uint8_t numbers = 0;  // bit j: parameter j is one number
    for (std::size_t j = 0; j < parameters; ++j)
      if (!given[j].is_array) numbers |= static_cast<std::uint8_t>(1u << j);
    numbers = field_("numbers", numbers);
    if (numbers >> (parameters - 1) > 1)
      refuse_to_load("numbers must be less than ", 1 << parameters, ", got ", +numbers);
    for_each_index<parameters>([&](auto j) {
      given_[j].is_array = (numbers >> j & 1) == 0;
      if (given_[j].is_array) {
        const auto at = [&](Index i) { return given[j][i]; };
        pass_array(Law::parameters[j].name, given_[j].values, at, -infinity(), infinity());
      } else {
        given_[j].exact = field_(Law::parameters[j].name, given[j].exact);
      }
    });
  }
  void pass_elements(const Dense& dense) {
    const Core& core = dense.core_;
    for_each_index<states>([&](auto j) { pass_state<j>([&](Index i) { return core.state[j].data()[i]; }); });
    if (!is_16_bit<Scalar> || rounding_ != Rounding::Stochastic) return;
    const auto ahead = [&](Index i) { return core.pending[static_cast<std::size_t>(i)] - core.pending[0]; };
    pass_array("pending", times_, ahead, -clock_, longest - clock_);
    if (!times_.empty() && times_[0] != 0) refuse_to_load("pending of the first element must be 0, got ", times_[0]);
  }
  void pass_elements(const Events& events) {
    for_each_index<states>(
        [&](auto j) { pass_state<j>([&](Index i) { return member<j, states>(events.at(i).state).number(); }); });
    const auto since = [&](Index i) { return epoch_ + std::int64_t{events.at(i).since}; };
    pass_array("since", times_, since, epoch_, std::min(clock_, epoch_ + Events::counting - 1));
  }
  template <int j, class At> void pass_state(At at) {
    const bool unit = Law::states[j].domain == Domain::unit;
    pass_array(Law::states[j].name, state_[j], at, unit ? Number(0) : -infinity(), unit ? Number(1) : infinity());
  }
  /// Memory grows with what has arrived, whatever size was announced.
  template <class X, class At, class V>
  void pass_array(const char* name, std::vector<X>& values, At at, V least, V most) {
    for (Index i = 0; i < shape_.size(); ++i) {
      const X x = pass_within(name, Fields::saving ? X(at(i)) : X(0), least, most, i);
      if (!Fields::saving) values.push_back(x);
    }
  }
  template <class X, class V> X pass_within(const char* name, X x, V least, V most, Index i = -1) {
    x = field_(name, x, i);
    const V v = widen(x);
    if (!Fields::saving && (v < least || v > most))  // a NaN may have come from the input
      refuse_to_load(Dense::name, ": ", name, " must lie in [", least, ", ", most, "], got ", v);
    return x;
  }

  /// From the parameters, through the checks of the constructor.
  auto coefficients() const {
    auto given = with_standards<Law, typename Dense::WideNumber>({});
    for_each_index<parameters>([&](auto j) {
      given[j] = given_[j].exact;
      if (given_[j].is_array) given[j] = given_[j].template expression<typename Dense::Values>(shape_);
    });
    auto made = with_reason<std::invalid_argument>(
        [&] { return decltype(Core::coefficients)(Dense::name, given, shape_, dt_, rounding_); },
        [](const auto& error) { refuse_to_load(error.what()); });
    const auto same = [](auto a, auto b) { return std::memcmp(&a, &b, bytes_of<decltype(a)>) == 0; };
    for (std::size_t j = 0; j < parameters; ++j) {
      const auto &read = given_[j], &kept = made.parameter_fields()[j];
      if (!same(read.exact, kept.exact) ||
          !std::equal(read.values.begin(), read.values.end(), kept.values.begin(), same))
        refuse_to_load(Law::parameters[j].name, " is neither 0 nor above the guard");
    }
    return made;
  }
  void put_elements(Dense& dense) const {
    auto& state = dense.core_.state;
    for_each_index<states>([&](auto j) { std::copy(state_[j].begin(), state_[j].end(), state[j].data()); });
  }
  void put_elements(Events& events) const {
    events.epoch_ = epoch_;
    events.prepare();
    for (std::size_t i = 0; i < times_.size(); ++i) {
      auto& element = events.elements_[i];
      for_each_index<states>([&](auto j) { member<j, states>(element.state) = typename Core::One(state_[j][i]); });
      element.since = static_cast<std::uint32_t>(times_[i] - epoch_);
    }
  }

  Fields& field_;
  Shape shape_ = 0;
  double dt_;
  Rounding rounding_;
  std::uint64_t seed_, position_;
  std::int64_t clock_, epoch_ = 0;
  std::array<Field<Number, typename Dense::WideNumber>, parameters> given_;
  std::array<std::vector<std::conditional_t<event_driven, Number, Scalar>>, states> state_;
  std::vector<std::int64_t> times_;  // "since" of events, else "pending": steps that an element is ahead of the first
};

}  // namespace detail
SPARK_NAMESPACE_END
