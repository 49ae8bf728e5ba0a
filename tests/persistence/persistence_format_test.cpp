// The bytes of the format, one by one, and what is refused: all that is not exactly what was saved.
#define EIGEN_RUNTIME_NO_MALLOC
#include <algorithm>
#include <cfloat>

#include "support/allocated.hpp"
#include "support/catch.hpp"
#include "support/persistence.hpp"

using namespace suite;

namespace {

// Bytes from hexadecimal digits; spaces between bytes do not count.
std::string bytes(const std::string& hex) {
  std::string result;
  for (std::size_t i = 0; i < hex.size(); i += hex[i] == ' ' ? 1u : 2u)
    if (hex[i] != ' ') result += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return result;
}

// The file with other bytes at a position, from the end where it is negative, and the checksum that goes with them.
std::string forged(std::string file, int at, const std::string& hex) {
  const std::string with = bytes(hex);
  std::copy(with.begin(), with.end(), (at < 0 ? file.end() : file.begin()) + at);
  return sealed(file, file.size());
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
constexpr int at_version = 8, at_class = 13, at_shape = 46, at_dt = 62, at_rounding = 70, at_clock = 87,
              at_numbers = 95, at_tau = 96, at_scale = 104, at_base = 112;

// Empty if loading is refused with these words, as a new tracer and into one, which stays what it was.
template <class Tracer = T> std::string not_loaded(const std::string& input, Wording words, Tracer tracer = T(2, 30)) {
  const std::string problem = refusal_into(tracer, words, [&](Tracer& into) { load_into(into, input); });
  return problem.empty() ? refusal([&] { loaded<Tracer>(input); }, words) : problem;
}
template <class Tracer> void check_bytes(const Tracer& tracer, const std::string& expected) {
  CHECK(saved(tracer) == expected);
  CHECK(same(loaded<Tracer>(expected), tracer));
}

}  // namespace

TEST_CASE("the bytes are those of the guide") { check_bytes(example(), file); }

TEST_CASE("the bytes of an event-driven tracer") {
  using Dense = spark::SaturableTracer<Eigen::Array<Eigen::half, 1, 2>, spark::Exact>;
  spark::EventDriven<Dense> events(Dense(INFINITY, 1, 0.5, {1, 9, spark::Rounding::Stochastic}));
  events.advance(4);
  events(spark::spikes(std::array<int, 1>{1}));
  check_bytes(events,
              bytes("89 53504b 0d0a 1a 0a  01000000"
                    "1c 4576656e7444726976656e3c536174757261626c655472616365723e"  // EventDriven<SaturableTracer>
                    "05 4578616374  07 666c6f61743136  09 726f772d6d616a6f72"      // Exact, float16, row-major
                    "0100000000000000 0200000000000000"
                    "000000000000f03f 01"  // dt = 1, stochastic rounding
                    "0900000000000000 0000000000000000"
                    "0500000000000000 0000000000000000 07"                // clock, epoch
                    "000000000000f07f 000000000000f03f 000000000000e03f"  // tau = infinity, scale = 1, base = 0.5
                    "0000003f 0000803f"                                   // states: 0.5, 1 as float32
                    "0000000000000000 0500000000000000"                   // since when
                    "e228abfc"));
}

TEST_CASE("the bytes of a tracer whose elements are ahead of its clock") {
  spark::RUTracer<Column<Eigen::bfloat16>, spark::Exact> tracer(2, INFINITY, INFINITY, 0.5,
                                                                {1, 9, spark::Rounding::Stochastic});
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
  check_bytes(tracer, expected);
  // so far ahead that its clock would overflow
  CHECK(not_loaded(forged(expected, -12, "0000000000000040"), {"pending"}, tracer) == "");
}

TEST_CASE("long double is written by its value, not by its memory") {
  using Long = spark::Tracer<Eigen::Array<long double, 1, 1>>;
  Long tracer({1, 1}, 20);
  tracer.set_trace(Long::Array::Constant(-1.5L));
  const std::string number = bytes(LDBL_MANT_DIG == 64    ? "000000000000 00c0 ffbf"
                                   : LDBL_MANT_DIG == 113 ? "0000000000000000 000000000080 ffbf"
                                                          : "000000000000 f8bf");
  const std::string all = saved(tracer);
  CHECK(all.substr(all.size() - 4 - number.size(), number.size()) == number);
  CHECK(all.find("float" + std::to_string(8 * number.size())) != std::string::npos);
}

TEST_CASE("altered in every byte and in every way") {
  Verdict verdict;
  for (std::size_t at = 0; at < file.size(); ++at)
    for (int change = 1; change < 256; ++change) {
      std::string altered = file;
      altered[at] = static_cast<char>(altered[at] ^ change);
      verdict.expect(refusal([&] { loaded<T>(altered); }, {"cannot load"}).empty(),
                     [&] { return "byte " + std::to_string(at) + " changed by " + std::to_string(change); });
    }
  CHECK(verdict.report() == "");
  CHECK(not_loaded(file.substr(0, file.size() - 1) + '\x6f', {"checksum"}) == "");
}

TEST_CASE("foreign, or newer") {
  CHECK(not_loaded("{\"trace\": [0.75, -1]}", {"not a saved tracer"}) == "");
  // line ends that were translated on the way
  std::string translated = file;
  translated.erase(4, 1);
  CHECK(not_loaded(translated, {"not a saved tracer"}) == "");
  CHECK(not_loaded(forged(file, at_version, "02000000"), {"version 2"}) == "");
  CHECK(not_loaded(forged(file, at_version, "00000000"), {"version 0"}) == "");
  // of a newer version nothing else is known, its checksum included
  CHECK(not_loaded(bytes("89 53504b 0d0a 1a 0a  02000000"), {"version 2"}) == "");
}

TEST_CASE("another class, integration, scalar or order") {
  using A = Eigen::ArrayXf;
  const std::string unlike = "class must be \"SaturableTracer\", got \"Tracer\"";
  CHECK(not_loaded(file, {unlike}, spark::SaturableTracer<A>(2, 20)) == "");
  CHECK(not_loaded(file, {"class", "NearestTracer"}, spark::NearestTracer<A>(2, 20)) == "");
  CHECK(not_loaded(file, {"class", "EventDriven<Tracer>"}, spark::EventDriven<T>(T(2, 20))) == "");
  CHECK(not_loaded(file, {"integration", "Exact", "Euler"}, spark::Tracer<A, spark::Exact>(2, 20)) == "");
  CHECK(not_loaded(file, {"scalar", "float64", "float32"}, spark::Tracer<Eigen::ArrayXd>(2, 20)) == "");
  CHECK(not_loaded(file, {"scalar", "float16"}, spark::Tracer<Column<Eigen::half>>(2, 20)) == "");
  CHECK(not_loaded(file, {"order", "row-major"}, spark::Tracer<Eigen::Array<float, 1, Eigen::Dynamic>>(2, 20)) == "");
  CHECK(not_loaded(forged(file, at_class, "747261636572"), {"got \"tracer\""}) == "");
}

TEST_CASE("another shape") {
  const auto load = [](T& into) { load_into(into, file); };
  CHECK(refusal_into(T(3, 20), {"shape must be 3x1, got 2x1"}, load) == "");
  const auto refused = [](auto tracer) { return not_loaded(file, {"shape 2x1"}, tracer); };
  CHECK(refused(spark::Tracer<Eigen::Array3f>(20)) == "");
  CHECK(refused(spark::Tracer<Eigen::Array<float, 3, Eigen::Dynamic>>({3, 1}, 20)) == "");
  CHECK(refused(spark::Tracer<Eigen::Array<float, Eigen::Dynamic, 2>>({2, 2}, 20)) == "");
  CHECK(refused(spark::Tracer<Eigen::Array<float, Eigen::Dynamic, 1, 0, 1, 1>>(1, 20)) == "");
  using Bounded = spark::Tracer<Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, 0, 2, 1>>;
  CHECK(saved(loaded<Bounded>(file)) == file);
}

TEST_CASE("a shape that cannot be") {
  const char* const shape = GENERATE("ffffffffffffffff 0100000000000000", "0100000000000000 ffffffffffffffff",
                                     "ffffffffffffff7f 0200000000000000", "0000000000010000 0000000000010000",
                                     // without an element, but longer than anybody could wait for
                                     "0000000000000000 0000000000000010", "0000000000000010 0000000000000000");
  const spark::Tracer<Eigen::ArrayXXf> matrix({2, 1}, 20);
  CHECK(not_loaded(forged(file, at_shape, shape), {"cannot load: shape"}, matrix) == "");
}

TEST_CASE("values that no tracer holds") {
  const char *nan = "000000000000f87f", *minus_one = "000000000000f0bf";
  CHECK(not_loaded(forged(file, at_dt, nan), {"cannot load: Tracer: dt", "nan"}) == "");
  CHECK(not_loaded(forged(file, at_dt, "0000000000005940"), {"dt must not exceed tau", "100"}) == "");
  CHECK(not_loaded(forged(file, at_tau, nan), {"Tracer: tau", "nan"}) == "");
  CHECK(not_loaded(forged(file, at_tau, minus_one), {"Tracer: tau", "-1"}) == "");
  CHECK(not_loaded(forged(file, at_scale, "0000c07f"), {"Tracer: scale", "nan"}) == "");
  CHECK(not_loaded(forged(file, at_scale, "00010000"), {"scale is neither 0 nor above the guard"}) == "");  // subnormal
  CHECK(not_loaded(forged(file, at_base, "000000000000f07f"), {"Tracer: base", "inf"}) == "");
  CHECK(not_loaded(forged(file, at_rounding, "02"), {"rounding", "2"}) == "");
  CHECK(not_loaded(forged(file, at_numbers, "0d"), {"numbers must be less than 8, got 13"}) == "");
  CHECK(not_loaded(forged(file, at_numbers, "08"), {"numbers must be less than 8, got 8"}) == "");
  CHECK(not_loaded(forged(file, at_clock, "ffffffffffffffff"), {"clock", "-1"}) == "");
  CHECK(not_loaded(forged(file, at_clock, "0100000000000040"), {"clock", "4611686018427387905"}) == "");
  CHECK_NOTHROW(loaded<T>(forged(file, at_clock, "0000000000000040")));

  using Unit = spark::SaturableTracer<Eigen::ArrayXf>;
  const std::string unit = saved(Unit(1, 20));
  CHECK_NOTHROW(loaded<Unit>(forged(unit, -8, "0000003f")));
  CHECK(not_loaded(forged(unit, -8, "00000040"), {"trace must lie in [0, 1], got 2"}, Unit(1, 30)) == "");
  CHECK(not_loaded(forged(unit, -8, "000000bf"), {"trace", "-0.5"}, Unit(1, 30)) == "");

  using Events = spark::EventDriven<spark::RUTracer<Eigen::ArrayXd>>;
  Events events(spark::RUTracer<Eigen::ArrayXd>(1, 100, 50, 0.5));
  events.advance(10);
  const std::string whole = saved(events);
  constexpr int epoch = -61, trace_U = -20, since = -12;
  CHECK_NOTHROW(loaded<Events>(forged(whole, since, "0a00000000000000")));
  CHECK(not_loaded(forged(whole, since, "0b00000000000000"), {"since must lie in [0, 10], got 11"}, events) == "");
  CHECK(not_loaded(forged(whole, since, "ffffffffffffffff"), {"since", "-1"}, events) == "");
  CHECK(not_loaded(forged(whole, epoch, "0b00000000000000"), {"epoch must lie in [0, 10], got 11"}, events) == "");
  CHECK(not_loaded(forged(whole, epoch, "ffffffffffffffff"), {"epoch", "-1"}, events) == "");
  CHECK(not_loaded(forged(whole, trace_U, "0000000000000040"), {"trace_U", "2"}, events) == "");
}

TEST_CASE("memory is taken for what was read, not for what was announced") {
  for (const char* rows : {"0000000000001000", "0000000001000000", "0000010000000000"})
    for (const char* numbers : {"00", "07"}) {  // parameters as arrays, or as numbers and the state last
      std::istringstream stream(forged(forged(file, at_shape, rows), at_numbers, numbers));
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

TEST_CASE("a stream that ends at any byte is noticed") {
  struct Room : std::streambuf {
    explicit Room(std::string& memory) { setp(memory.data(), memory.data() + memory.size()); }
  };
  for (std::size_t room = 0; room < file.size(); ++room) {
    INFO("room for " << room << " bytes");
    std::string taken(room, ' ');
    Room buffer(taken);
    std::ostream stream(&buffer);
    CHECK(refusal([&] { spark::save(stream, example()); }, {"cannot save", "stream"}) == "");
    CHECK(taken == file.substr(0, room));
    CHECK(not_loaded(taken, {"cannot load: the data end too early"}) == "");
  }
}

TEST_CASE("a stream that fails otherwise is refused with the library's words") {
  struct Unflushed : std::stringbuf {
    int sync() override { return -1; }
  } buffer;
  std::ostream unflushed(&buffer);
  CHECK(refusal([&] { spark::save(unflushed, example()); }, {"cannot save"}) == "");

  const auto load_throwing = [](T& into) {
    std::istringstream stream(file.substr(0, 50));
    stream.exceptions(std::ios::failbit | std::ios::badbit);
    spark::load(stream, into);
  };
  CHECK(refusal_into(example(), {"cannot load: the data end"}, load_throwing) == "");
}
