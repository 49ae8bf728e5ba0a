// k steps, a save, a load and the rest equal one run, bit for bit: every kind, integration, scalar and shape. A saved
// file appears whole or not at all: whatever goes wrong, the former file is there, and nothing else.
#include <cerrno>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "support/catch.hpp"
#include "support/kinds.hpp"
#include "support/persistence.hpp"

#if __has_include(<sys/resource.h>)
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#define ON_POSIX
#endif

using namespace suite;
namespace fs = std::filesystem;

template <class T> static void go_on(T& tracer) {
  Random random(5);
  take_steps(tracer, random, 7);
  tracer.set_dt(tracer.dt() / 2);  // from the parameters as they were given
  take_steps(tracer, random, 7);
}

// `other` has the same shape, and differs in all else.
template <class T> static void check(T tracer, T other) {
  INFO(T::Dense::name << ", " << scalar_name<typename T::Dense::Scalar>());
  Random random(3);
  take_steps(tracer, random, 9);
  tracer.rng().discard(11);
  const std::string bytes = saved(tracer);

  T copy = loaded<T>(bytes);
  CHECK_FALSE(same(other, tracer));
  load_into(other, bytes);
  const T before = tracer;
  go_on(tracer);
  for (T* each : {&copy, &other}) {
    CHECK(same(*each, before));
    go_on(*each);
    CHECK(same(*each, tracer));
  }
  CHECK(saved(tracer) != bytes);
}

using Halves = Column<Eigen::half>;

// Most elements are not where the clock is when they are saved: a quarter spikes in each step.
template <class Dense> static void check_events(const Dense& start) {
  spark::EventDriven<Dense> events(start), other(start);
  events.advance(30);
  other.set_dt(0.25);
  check(events, other);
}

// A tracer of one's own, made otherwise than the library's.
struct Squared : spark::Leak<spark::Exact> {
  template <class C, class S> static auto value(const C&, const S& s) { return s.trace * s.trace; }
};
class SquaredTracer : public spark::BaseTracer<SquaredTracer, ArrayXf, Squared> {
 public:
  static inline const char* name = "SquaredTracer";

  SquaredTracer() = default;
  SquaredTracer(int size, double tau) : BaseTracer(spark::Shape(size), {tau, 1, 0}, {1, 4}) {}
};

using Single = spark::Tracer<ArrayXf>;

// A folder that is empty at first and gone in the end, and the path of a file in it.
struct Folder {
  const fs::path folder = fs::temp_directory_path() / ("spark-" + std::to_string(spark::detail::system_seed()));
  const fs::path path = folder / "trace.spark";

  Folder() { fs::create_directory(folder); }
  ~Folder() { fs::remove_all(folder); }

  std::set<std::string> names() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
    return names;
  }
  bool holds_the_file_alone() const { return names() == std::set<std::string>{"trace.spark"}; }
};

static std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Long enough for several of the pieces in which a file is written.
static Single tracer_of(float value, Index size = 5000) {
  Single tracer(size, 20, 1, 0, {1, 3});
  tracer.set_trace(ArrayXf::Constant(size, value));
  return tracer;
}

static std::string not_replaced(const fs::path& path, const std::function<void(std::ostream&)>& write, Wording words) {
  return refusal([&] { spark::replace_file(path, write); }, words);
}

TEMPLATE_LIST_TEST_CASE("every class goes on where it was", "", EveryKind) {
  const auto check_with = [](auto integration) {
    using T = typename TestType::template type<ArrayXf, decltype(integration)>;
    const auto make = [](auto... standard) {
      int k = 0;
      const auto given = [&](double p) -> typename T::Parameter {  // numbers of more digits than float has, and arrays
        if (k++ % 2 == 0) return 0.99 * p;
        return ArrayXf(static_cast<float>(p) * ArrayXf::LinSpaced(77, 0.75f, 1));
      };
      return T{77, given(standard)..., spark::Options{0.7, 0xfedcba9876543210u}};
    };
    check(std::apply(make, TestType::typical), typical<TestType, ArrayXf, decltype(integration)>(77));
  };
  check_with(Euler());
  check_with(Exact());
}

TEST_CASE("every scalar and shape goes on where it was") {
  using Fixed = spark::DoubleTracer<Eigen::Array<double, 3, 4>, spark::Exact>;
  check(Fixed({3, 4}, Eigen::Array3d(10, 20, 30), 15.1), Fixed({3, 4}, 5, 6));
  using Long = spark::RDTracer<Eigen::Array<long double, 1, Eigen::Dynamic>>;
  check(Long(70, 3.1L, 20.1L), Long(70, 5, 6));
  for (const spark::Rounding rounding : {spark::Rounding::Nearest, spark::Rounding::Stochastic}) {
    const spark::Options options{0.7, 4, rounding};
    using Half = spark::Tracer<Halves>;
    check(Half(77, ArrayXd::LinSpaced(77, 20, 80), 0.3, 0.2, options), Half(77, 30));
    using Brain = spark::RUTracer<RowMajor<Eigen::bfloat16>, spark::Exact>;
    check(Brain({7, 11}, 20.1, 30.1, 0.5, options), Brain({7, 11}, 20, 30, 0.5));
  }
}

TEST_CASE("elements that are ahead of others stay ahead") {
  using T = spark::Tracer<Halves, spark::Exact>;
  T tracer(100, 300.0, 0.3, 0.1, {1, 7, spark::Rounding::Stochastic});
  const ArrayXf x = ArrayXf::LinSpaced(100, 0, 1);
  T whole = tracer;
  for (int k = 0; k < 3; ++k) whole(x);
  for (int k = 0; k < 2; ++k) tracer.step(0, 33, x.head(33));
  tracer.step(33, 67, x.tail(67));
  T copy = loaded<T>(saved(tracer));
  for (T* each : {&tracer, &copy}) {
    each->step(33, 67, x.tail(67));
    (*each)(x);
    CHECK(same(*each, whole));
  }
}

TEST_CASE("event-driven tracers go on where they were") {
  spark::Options options{0.75, 21};
  check_events(spark::Tracer<ArrayXf, spark::Exact>(20, 30.3, 0.7, 0.1, options));
  check_events(spark::RUTracer<ArrayXd>(20, 100, ArrayXd::LinSpaced(20, 10, 50), 0.5, options));
  check_events(spark::SaturableDoubleTracer<ArrayXf>(20, 10, 20, 1, 0.25, 0.5, 0.25, options));
  options.rounding = spark::Rounding::Stochastic;
  check_events(spark::RFSTracer<Halves, spark::Exact>(20, 0.25, 5, 100, 9000, options));
}

TEST_CASE("a tracer of one's own goes on where it was") {
  SquaredTracer tracer(90, 20);
  check(tracer, SquaredTracer(90, 30));
  std::string name(255, 'a');
  SquaredTracer::name = name.c_str();
  load_into(tracer, saved(tracer));
  SquaredTracer::name = (name += 'a').c_str();
  CHECK(refusal([&] { saved(tracer); }, {"cannot save", "255"}) == "");
}

TEST_CASE("infinity, NaN, signed zeros and empty shapes pass") {
  const auto passes = [](const auto& t) { return same(loaded<std::decay_t<decltype(t)>>(saved(t)), t); };
  using T = spark::RUTracer<ArrayXf>;
  T tracer(3, INFINITY, Eigen::Array3f(10, INFINITY, 20), 0.5);
  tracer(Eigen::Array3f(0, std::nanf("7"), 1));
  CHECK(std::isnan(tracer.trace_U()(1)));
  CHECK(passes(tracer));
  spark::Tracer<ArrayXd> open(2, INFINITY);
  open.set_trace(Eigen::Array2d(-0.0, -INFINITY));
  CHECK(passes(open));
  using Matrix = spark::Tracer<ArrayXXf>;
  CHECK(passes(Matrix({0, 5}, 20)));
  CHECK(passes(Matrix({0, 5}, Eigen::Array<float, 1, 5>::Constant(3))));
  CHECK(passes(Matrix({0, 5}, ArrayXXf(0, 5))));
}

TEST_CASE("several tracers follow each other in a stream") {
  using A = spark::Tracer<ArrayXf>;
  using B = spark::RUTracer<ArrayXd>;
  const A a(3, 20), c(5, 40);
  const B b(2, 100, 50, 0.5);
  std::stringstream stream(saved(a) + saved(b) + saved(c) + "and more");
  CHECK(same(spark::load<A>(stream), a));
  CHECK(same(spark::load<B>(stream), b));
  CHECK(same(spark::load<A>(stream), c));
  CHECK(std::string(std::istreambuf_iterator<char>(stream), {}) == "and more");
}

TEST_CASE("a tracer over the caller's memory is saved, and loaded into") {
  using View = Eigen::Map<ArrayXf>;
  using Mapped = spark::DoubleTracer<View>;
  ArrayXXf memory(9, 2), others(9, 2);
  Mapped tracer({View(memory.data(), 9), View(memory.data() + 9, 9)}, 10, 20);
  go_on(tracer);
  Mapped other({View(others.data(), 9), View(others.data() + 9, 9)}, 5, 6);
  load_into(other, saved(tracer));
  CHECK(identical(memory, others));
  // in a file it does not matter whose the memory was
  auto own = loaded<spark::DoubleTracer<ArrayXf>>(saved(tracer));
  go_on(tracer), go_on(other), go_on(own);
  CHECK(same(other, tracer));
  CHECK(identical(own.value(), tracer.value()));
}

TEST_CASE_METHOD(Folder, "a file holds what a stream does, is read back, and is replaced") {
  const Single tracer = tracer_of(0.5f);
  spark::save(path, tracer);
  CHECK(content(path) == saved(tracer));
  CHECK(same(spark::load<Single>(path), tracer));
  Single other = tracer_of(0);
  spark::load(path, other);
  CHECK(same(other, tracer));

  // replaced, by a path without a folder
  const fs::path before = fs::current_path();
  fs::current_path(folder);
  spark::save(std::string("trace.spark"), tracer_of(0.25f));
  CHECK(same(spark::load<Single>("trace.spark"), tracer_of(0.25f)));
  fs::current_path(before);
  CHECK(holds_the_file_alone());
}

TEST_CASE_METHOD(Folder, "what cannot be loaded is refused by name, and changes nothing") {
  const Single tracer = tracer_of(0.5f);
  const auto load = [&](Single& into) { spark::load(path, into); };
  const auto check_refused = [&](const std::string& words) {
    CHECK(refusal_into(tracer, {"trace.spark: cannot load: " + words}, load) == "");
    CHECK(refusal([&] { spark::load<Single>(path); }, {"trace.spark: cannot load: " + words}) == "");
  };
  check_refused("");  // there is none
  const std::string whole = saved(tracer), other = saved(spark::RUTracer<ArrayXf>(3, 20, 10, 0.5));
  for (const auto& [bytes, words] :
       {std::pair(whole.substr(0, 6000), "the data end too early"), std::pair(whole + '\0', "more follows"),
        std::pair(other, "class must be \"Tracer\", got \"RUTracer\"")}) {
    std::ofstream(path, std::ios::binary) << bytes;
    check_refused(words);
  }
  fs::remove(path);
  fs::create_directory(path);
  check_refused("");
  // where another shape would do, as a new tracer
  fs::remove(path);
  spark::save(path, tracer_of(0.5f, 3));
  CHECK(refusal_into(tracer, {"trace.spark", "5000x1", "3x1"}, load) == "");
  CHECK(spark::load<Single>(path).size() == 3);
}

TEST_CASE_METHOD(Folder, "what cannot be saved leaves nothing behind") {
  const fs::path lost = folder / "none" / "trace.spark", taken = folder / "taken";
  CHECK(refusal([&] { spark::save(lost, tracer_of(0)); }, {"trace.spark: cannot save: "}) == "");
  fs::create_directory(taken);
  const std::string reason = "taken: cannot save: this is a folder, a pipe or a device";
  CHECK(refusal([&] { spark::save(taken, tracer_of(0)); }, {reason}) == "");
  // found out only when the file is to be renamed
  const fs::path late = folder / "late";
  CHECK(not_replaced(late, [&](std::ostream&) { fs::create_directory(late); }, {"late: cannot save: "}) == "");
  // that the system would cut
  const fs::path cut = folder / std::string("nul.spark\0.backup", 17);
  CHECK(not_replaced(cut, [](std::ostream&) { CHECK(false); }, {"cannot save", "NUL"}) == "");
  CHECK(refusal([&] { spark::load<Single>(cut); }, {"cannot load", "NUL"}) == "");
  CHECK(names() == std::set<std::string>{"late", "taken"});
}

TEST_CASE_METHOD(Folder, "a user's own data in a file that appears whole or not at all") {
  spark::replace_file(path, [](std::ostream& stream) {
    stream << "weights " << 0.5 << '\n';
    stream.put('!').flush();
    spark::save(stream, tracer_of(0.5f));
  });
  const std::string before = "weights 0.5\n!" + saved(tracer_of(0.5f));
  CHECK(content(path) == before);

  struct Mine {};
  const auto give_up = [](std::ostream& stream) {
    stream << "half of";
    throw Mine();
  };
  CHECK_THROWS_AS(spark::replace_file(path, give_up), Mine);
  const auto fail = [](std::ostream& stream) { stream.setstate(std::ios::failbit); };
  CHECK(not_replaced(path, fail, {"trace.spark: cannot save: the stream failed"}) == "");
  CHECK(content(path) == before);
  CHECK(holds_the_file_alone());
}

#ifdef ON_POSIX

TEST_CASE_METHOD(Folder, "what is there and no file is not replaced, nor is it one that ends too early") {
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  CHECK(refusal([&] { spark::save(path, tracer_of(0)); }, {"trace.spark", "pipe"}) == "");
  CHECK(fs::is_fifo(path));
  const std::string reason = std::generic_category().message(EISDIR);
  CHECK(refusal([&] { spark::load<Single>(folder); }, {"cannot load: ", reason}) == "");
}

TEST_CASE_METHOD(Folder, "a file has the permissions that the process gives") {
  const mode_t before = umask(027);
  spark::save(path, tracer_of(0));
  umask(before);
  CHECK(fs::status(path).permissions() == fs::perms(0640));
}

// A limit of the size of files is a disk that fills up at that byte.
TEST_CASE_METHOD(Folder, "a disk that is full at any byte leaves the former file") {
  const Single former = tracer_of(0.25f), next = tracer_of(0.5f);
  spark::save(path, former);
  const auto size = static_cast<rlim_t>(saved(next).size());
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit unlimited{};
  getrlimit(RLIMIT_FSIZE, &unlimited);
  Verdict verdict;
  for (rlim_t room = 0; room <= size; room += room < 150 || room + 150 > size ? 1 : 997) {
    rlimit limit = unlimited;
    limit.rlim_cur = room;
    setrlimit(RLIMIT_FSIZE, &limit);
    const std::string problem = refusal([&] { spark::save(path, next); }, {"trace.spark: cannot save: ", "large"});
    setrlimit(RLIMIT_FSIZE, &unlimited);
    const bool fits = room == size;
    const bool whole = same(spark::load<Single>(path), fits ? next : former) && holds_the_file_alone();
    verdict.expect(problem.empty() != fits && whole, "room for " + std::to_string(room) + " bytes: " + problem);
  }
  CHECK(verdict.report() == "");
  std::signal(SIGXFSZ, SIG_DFL);
}

TEST_CASE_METHOD(Folder, "a process that is killed while it saves leaves one of its files, whole") {
  const Single even = tracer_of(0.25f, 100000), odd = tracer_of(0.5f, 100000);
  spark::save(path, even);
  Random random(9);
  int killed_at_work = 0;
  for (int round = 0; round < 60; ++round) {
    const pid_t child = fork();
    if (child == 0)
      for (int k = 1;; ++k) spark::save(path, k % 2 == 0 ? even : odd);
    usleep(static_cast<useconds_t>(random.below(20000)));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const Single left = spark::load<Single>(path);
    CHECK((same(left, even) || same(left, odd)));
    for (const std::string& name : names()) {
      if (name == "trace.spark") continue;
      CHECK(name.substr(name.size() - 4) == ".tmp");
      fs::remove(folder / name);
      ++killed_at_work;
    }
  }
  CHECK(killed_at_work > 0);  // else nothing was tested
}

#endif
