// The bytes of the format, one by one, and what is refused: all that is not exactly what was saved.
#define EIGEN_RUNTIME_NO_MALLOC
#include <algorithm>
#include <cfloat>

#include "support/allocated.hpp"
#include "support/catch.hpp"
#include "support/persistence.hpp"

using namespace suite;

namespace {

// Bytes from hexadecimal digits; spaces do not count.
std::string bytes(const std::string& hex) {
  std::string digits, result;
  std::copy_if(hex.begin(), hex.end(), std::back_inserter(digits), [](char c) { return c != ' '; });
  for (std::size_t i = 0; i < digits.size(); i += 2)
    result += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return result;
}

// The checksum by its definition: the remainder of a division of polynomials, bit by bit.
std::string checksum(const std::string& text) {
  std::uint32_t rest = 0xffffffff;
  for (const char c : text)
    for (int bit = 0; bit < 8; ++bit) {
      const bool one = ((rest ^ static_cast<unsigned char>(c) >> bit) & 1) != 0;
      rest = rest >> 1 ^ (one ? 0xedb88320u : 0);
    }
  std::string result;
  for (int byte = 0; byte < 4; ++byte) result += static_cast<char>(~rest >> 8 * byte & 0xff);
  return result;
}

// The file with other bytes at a position, and the checksum that goes with them.
std::string forged(std::string file, std::size_t at, const std::string& with) {
  file.replace(at, with.size(), with);
  file.resize(file.size() - 4);
  return file + checksum(file);
}

using T = spark::Tracer<Eigen::ArrayXf>;

T example() {
  T tracer(2, 20.0, Eigen::Array2f(1.5f, -2.0f), 0.25, {0.5, 0x0102030405060708});
  tracer.advance(3);
  tracer.rng().discard(1);
  tracer.set_trace(Eigen::Array2f(0.75f, -1.0f));
  return tracer;
}

// Made by hand from docs/persistence.md, the checksum with Python's zlib.crc32.
const std::string file = bytes(
    "89 53504b 0d0a 1a 0a  01000000"     // magic bytes, version
    "06 547261636572  05 45756c6572"     // Tracer, Euler
    "07 666c6f61743332"                  // float32
    "0c 636f6c756d6e2d6d616a6f72"        // column-major
    "0200000000000000 0100000000000000"  // 2 rows, 1 column
    "000000000000e03f 00"                // dt = 0.5, nearest rounding
    "0807060504030201 0100000000000000"  // seed, position
    "0300000000000000 05"                // clock; parameters 0 and 2 are numbers
    "0000000000003440"                   // tau = 20
    "0000c03f 000000c0"                  // scale = 1.5, -2
    "000000000000d03f"                   // base = 0.25
    "0000403f 000080bf"                  // trace = 0.75, -1
    "11f4d46e");                         // checksum
constexpr std::size_t at_version = 8, at_class = 13, at_rows = 46, at_cols = 54, at_dt = 62, at_rounding = 70,
                      at_clock = 87, at_numbers = 95, at_tau = 96, at_scale = 104, at_base = 112;

// Empty if loading is refused with these words, as a new tracer and into one, which stays what it was.
using Words = std::initializer_list<std::string>;
template <class Tracer = T> std::string refusal(const std::string& input, Words words, Tracer tracer = T(2, 30)) {
  const std::string before = saved(tracer);
  std::string problem = complaint<std::runtime_error>([&] { load_into(tracer, input); }, words);
  if (problem.empty() && saved(tracer) != before) problem = "the tracer has changed";
  if (problem.empty()) problem = complaint<std::runtime_error>([&] { loaded<Tracer>(input); }, words);
  return problem;
}

}  // namespace

TEST_CASE("the bytes are those of the guide") {
  CHECK(saved(example()) == file);
  CHECK(same(loaded<T>(file), example()));
}

TEST_CASE("the bytes of an event-driven tracer") {
  using Row = Eigen::Array<Eigen::half, 1, 2>;
  using Dense = spark::SaturableTracer<Row, spark::Exact>;
  spark::Options options{1, 9, spark::Rounding::Stochastic};
  spark::EventDriven<Dense> events(Dense(std::numeric_limits<double>::infinity(), 1, 0.5, options));
  events.advance(4);
  events(spark::spikes(std::array<int, 1>{1}));
  const std::string expected = bytes(
      "89 53504b 0d0a 1a 0a  01000000"
      "1c 4576656e7444726976656e3c536174757261626c655472616365723e"  // EventDriven<SaturableTracer>
      "05 4578616374  07 666c6f61743136  09 726f772d6d616a6f72"      // Exact, float16, row-major
      "0100000000000000 0200000000000000"
      "000000000000f03f 01"  // dt = 1, stochastic rounding
      "0900000000000000 0000000000000000"
      "0500000000000000 0000000000000000 07"                // clock, epoch
      "000000000000f07f 000000000000f03f 000000000000e03f"  // tau = infinity, scale = 1, base = 0.5
      "0000003f 0000803f"                                   // states: 0.5, 1 as float32
      "0000000000000000 0500000000000000"                   // since when
      "e228abfc");
  CHECK(saved(events) == expected);
  CHECK(saved(loaded<spark::EventDriven<Dense>>(expected)) == expected);
}

TEST_CASE("the bytes of a tracer whose elements are ahead of its clock") {
  using Dense = spark::RUTracer<Eigen::Array<Eigen::bfloat16, Eigen::Dynamic, 1>, spark::Exact>;
  const double infinity = std::numeric_limits<double>::infinity();
  Dense tracer(2, infinity, infinity, 0.5, {1, 9, spark::Rounding::Stochastic});
  tracer.step(0, 1, Eigen::Array<float, 1, 1>(1.0f));
  const std::string expected = bytes(
      "89 53504b 0d0a 1a 0a  01000000"
      "08 5255547261636572  05 4578616374  08 62666c6f61743136  0c 636f6c756d6e2d6d616a6f72"
      "0200000000000000 0100000000000000"
      "000000000000f03f 01"
      "0900000000000000 0000000000000000"
      "0100000000000000 07"
      "000000000000f07f 000000000000f07f 000000000000e03f"
      "003f 803f  003f 0000"               // trace_R = 0.5, 1; trace_U = 0.5, 0
      "0000000000000000 ffffffffffffffff"  // pending: the second is a step behind
      "e0d51713");
  CHECK(saved(tracer) == expected);
  CHECK(saved(loaded<Dense>(expected)) == expected);
  // so far ahead that its clock would overflow
  const auto load_forged = [&] { loaded<Dense>(forged(expected, expected.size() - 12, bytes("0000000000000040"))); };
  CHECK(complaint<std::runtime_error>(load_forged, {"pending"}) == "");
}

TEST_CASE("long double is written by its value, not by its memory") {
  using Long = spark::Tracer<Eigen::Array<long double, 1, 1>>;
  Long tracer({1, 1}, 20);
  tracer.set_trace(Eigen::Array<long double, 1, 1>::Constant(-1.5L));
  const std::string end = saved(tracer);
  if (LDBL_MANT_DIG == 64) {
    CHECK(end.substr(end.size() - 14, 10) == bytes("000000000000 00c0 ffbf"));
    CHECK(end.find("float80") != std::string::npos);
  } else if (LDBL_MANT_DIG == 113) {
    CHECK(end.substr(end.size() - 20, 16) == bytes("0000000000000000 000000000080 ffbf"));
  } else if (LDBL_MANT_DIG == 53) {
    CHECK(end.substr(end.size() - 12, 8) == bytes("000000000000 f8bf"));
  }
}

TEST_CASE("truncated: at every length") {
  for (std::size_t length = 0; length < file.size(); ++length) {
    INFO(length << " bytes");
    CHECK(refusal(file.substr(0, length), {"cannot load: the data end too early"}) == "");
  }
}

TEST_CASE("altered: every byte, in every way") {
  Verdict verdict;
  for (std::size_t at = 0; at < file.size(); ++at)
    for (int change = 1; change < 256; ++change) {
      std::string altered = file;
      altered[at] = static_cast<char>(altered[at] ^ change);
      verdict.expect(complaint<std::runtime_error>([&] { loaded<T>(altered); }, {"cannot load"}).empty(),
                     [&] { return "byte " + std::to_string(at) + " changed by " + std::to_string(change); });
    }
  CHECK(verdict.report() == "");
  CHECK(refusal(file.substr(0, file.size() - 1) + '\x6f', {"checksum"}) == "");
}

TEST_CASE("foreign") {
  CHECK(refusal("{\"trace\": [0.75, -1]}", {"not a saved tracer"}) == "");
  // line ends that were translated on the way
  std::string translated = file;
  translated.erase(4, 1);
  CHECK(refusal(translated, {"not a saved tracer"}) == "");
}

TEST_CASE("newer") {
  CHECK(refusal(forged(file, at_version, bytes("02000000")), {"version 2"}) == "");
  CHECK(refusal(forged(file, at_version, bytes("00000000")), {"version 0"}) == "");
  // of a newer version nothing else is known, its checksum included
  CHECK(refusal(bytes("89 53504b 0d0a 1a 0a  02000000"), {"version 2"}) == "");
}

TEST_CASE("another class, integration, scalar or order") {
  using Column = Eigen::ArrayXf;
  const spark::SaturableTracer<Column> saturable(2, 20);
  CHECK(refusal(file, {"class must be \"SaturableTracer\", got \"Tracer\""}, saturable) == "");
  CHECK(refusal(file, {"class", "NearestTracer"}, spark::NearestTracer<Column>(2, 20)) == "");
  CHECK(refusal(file, {"class", "EventDriven<Tracer>"}, spark::EventDriven<T>(T(2, 20))) == "");
  CHECK(refusal(file, {"integration", "Exact", "Euler"}, spark::Tracer<Column, spark::Exact>(2, 20)) == "");
  CHECK(refusal(file, {"scalar", "float64", "float32"}, spark::Tracer<Eigen::ArrayXd>(2, 20)) == "");
  CHECK(refusal(file, {"scalar", "float16"}, spark::Tracer<Eigen::Array<Eigen::half, -1, 1>>(2, 20)) == "");
  CHECK(refusal(file, {"order", "row-major"}, spark::Tracer<Eigen::Array<float, 1, Eigen::Dynamic>>(2, 20)) == "");
  CHECK(refusal(forged(file, at_class, "tracer"), {"got \"tracer\""}) == "");
}

TEST_CASE("another shape") {
  T three(3, 20);
  CHECK(complaint<std::runtime_error>([&] { load_into(three, file); }, {"shape must be 3x1, got 2x1"}) == "");
  CHECK(saved(three) == saved(T(three)));
  const auto refused = [](auto tracer) { return refusal(file, {"shape 2x1"}, tracer); };
  CHECK(refused(spark::Tracer<Eigen::Array3f>(20)) == "");
  CHECK(refused(spark::Tracer<Eigen::Array<float, 3, Eigen::Dynamic>>({3, 1}, 20)) == "");
  CHECK(refused(spark::Tracer<Eigen::Array<float, Eigen::Dynamic, 2>>({2, 2}, 20)) == "");
  CHECK(refused(spark::Tracer<Eigen::Array<float, Eigen::Dynamic, 1, 0, 1, 1>>(1, 20)) == "");
  using Bounded = spark::Tracer<Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, 0, 2, 1>>;
  CHECK(same(loaded<Bounded>(file), Bounded(loaded<Bounded>(file))));
}

TEST_CASE("a shape that cannot be") {
  const auto refused = [](const char* rows, const char* cols) {
    using Matrix = spark::Tracer<Eigen::ArrayXXf>;
    const std::string input = forged(forged(file, at_rows, bytes(rows)), at_cols, bytes(cols));
    return complaint<std::runtime_error>([&] { loaded<Matrix>(input); }, {"cannot load: shape"});
  };
  CHECK(refused("ffffffffffffffff", "0100000000000000") == "");
  CHECK(refused("0100000000000000", "ffffffffffffffff") == "");
  CHECK(refused("ffffffffffffff7f", "0200000000000000") == "");
  CHECK(refused("0000000000010000", "0000000000010000") == "");
  // without an element, but longer than anybody could wait for
  CHECK(refused("0000000000000000", "0000000000000010") == "");
  CHECK(refused("0000000000000010", "0000000000000000") == "");
}

TEST_CASE("values that no tracer holds") {
  const std::string nan = bytes("000000000000f87f"), minus_one = bytes("000000000000f0bf");
  CHECK(refusal(forged(file, at_dt, nan), {"cannot load: Tracer: dt", "nan"}) == "");
  CHECK(refusal(forged(file, at_dt, bytes("0000000000005940")), {"dt must not exceed tau", "100"}) == "");
  CHECK(refusal(forged(file, at_tau, nan), {"Tracer: tau", "nan"}) == "");
  CHECK(refusal(forged(file, at_tau, minus_one), {"Tracer: tau", "-1"}) == "");
  CHECK(refusal(forged(file, at_scale, bytes("0000c07f")), {"Tracer: scale", "nan"}) == "");
  CHECK(refusal(forged(file, at_base, bytes("000000000000f07f")), {"Tracer: base", "inf"}) == "");
  CHECK(refusal(forged(file, at_rounding, bytes("02")), {"rounding", "2"}) == "");
  CHECK(refusal(forged(file, at_numbers, bytes("0d")), {"numbers must be less than 8, got 13"}) == "");
  CHECK(refusal(forged(file, at_numbers, bytes("08")), {"numbers must be less than 8, got 8"}) == "");
  CHECK(refusal(forged(file, at_clock, bytes("ffffffffffffffff")), {"clock", "-1"}) == "");
  CHECK(refusal(forged(file, at_clock, bytes("0100000000000040")), {"clock", "4611686018427387905"}) == "");
  CHECK_NOTHROW(loaded<T>(forged(file, at_clock, bytes("0000000000000040"))));

  using Unit = spark::SaturableTracer<Eigen::ArrayXf>;
  const std::string unit = saved(Unit(1, 20));
  const auto trace = [&](const char* value) { return forged(unit, unit.size() - 8, bytes(value)); };
  CHECK_NOTHROW(loaded<Unit>(trace("0000003f")));
  CHECK(refusal(trace("00000040"), {"trace must lie in [0, 1], got 2"}, Unit(1, 30)) == "");
  CHECK(refusal(trace("000000bf"), {"trace", "-0.5"}, Unit(1, 30)) == "");

  using Events = spark::EventDriven<spark::RUTracer<Eigen::ArrayXd>>;
  Events events(spark::RUTracer<Eigen::ArrayXd>(1, 100, 50, 0.5));
  events.advance(10);
  constexpr std::size_t epoch = 61, trace_U = 20, since = 12;  // from the end
  const auto with = [whole = saved(events)](std::size_t from_end, const char* value) {
    return forged(whole, whole.size() - from_end, bytes(value));
  };
  CHECK_NOTHROW(loaded<Events>(with(since, "0a00000000000000")));
  CHECK(refusal(with(since, "0b00000000000000"), {"since must lie in [0, 10], got 11"}, events) == "");
  CHECK(refusal(with(since, "ffffffffffffffff"), {"since", "-1"}, events) == "");
  CHECK(refusal(with(epoch, "0b00000000000000"), {"epoch must lie in [0, 10], got 11"}, events) == "");
  CHECK(refusal(with(epoch, "ffffffffffffffff"), {"epoch", "-1"}, events) == "");
  CHECK(refusal(with(trace_U, "0000000000000040"), {"trace_U", "2"}, events) == "");
}

TEST_CASE("memory is taken for what was read, not for what was announced") {
  for (const char* rows : {"0000000000001000", "0000000001000000", "0000010000000000"})
    for (const char* numbers : {"00", "07"}) {  // parameters as arrays, or as numbers and the state last
      std::istringstream stream(forged(forged(file, at_rows, bytes(rows)), at_numbers, bytes(numbers)));
      const std::size_t before = allocated_bytes;
      Eigen::internal::set_is_malloc_allowed(false);
      CHECK_THROWS_AS(spark::load<T>(stream), std::runtime_error);
      Eigen::internal::set_is_malloc_allowed(true);
      CHECK(allocated_bytes - before < 4096);
    }
  // an honest large one: the tracer, and beside it little more than what was read
  const T large(1000000, 20);
  const std::string input = saved(large);
  std::istringstream stream(input);
  const std::size_t before = allocated_bytes;
  const T copy = spark::load<T>(stream);
  CHECK(copy.size() == large.size());
  CHECK(allocated_bytes - before < 4 * input.size());
}

TEST_CASE("a stream that fails at any byte is noticed") {
  struct Failing : std::streambuf {
    explicit Failing(std::size_t room_) : room(room_) {}
    int_type overflow(int_type c) override {
      if (taken.size() == room) return traits_type::eof();
      taken += traits_type::to_char_type(c);
      return c;
    }
    std::size_t room;
    std::string taken;
  };
  for (std::size_t room = 0; room <= file.size(); ++room) {
    INFO("room for " << room << " bytes");
    Failing buffer(room);
    std::ostream stream(&buffer);
    const auto problem =
        complaint<std::runtime_error>([&] { spark::save(stream, example()); }, {"cannot save", "stream"});
    CHECK(problem == (room < file.size() ? "" : "nothing was thrown"));
    CHECK(buffer.taken == file.substr(0, room));
  }
  // one that fails only when it is flushed
  struct Unflushed : std::stringbuf {
    int sync() override { return -1; }
  } buffer;
  std::ostream stream(&buffer);
  CHECK(complaint<std::runtime_error>([&] { spark::save(stream, example()); }, {"cannot save"}) == "");
}

TEST_CASE("a stream that throws is refused with the library's words") {
  std::istringstream stream(file.substr(0, 50));
  stream.exceptions(std::ios::failbit | std::ios::badbit);
  T tracer = example();
  CHECK(complaint<std::runtime_error>([&] { spark::load(stream, tracer); }, {"cannot load: the data end"}) == "");
  CHECK(same(tracer, example()));
}
