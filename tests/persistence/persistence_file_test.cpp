// A saved file appears whole or not at all: whatever goes wrong, the former file is there, and nothing else.
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "support/catch.hpp"
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

namespace {

using T = spark::Tracer<Eigen::ArrayXf>;

// A folder that is empty at first and gone in the end, and the path of a file in it.
struct Folder {
  const fs::path folder = fs::temp_directory_path() / ("spark-" + std::to_string(spark::detail::system_seed(this)));
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

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Long enough for several of the pieces in which a file is written.
T tracer_of(float value, Index size = 5000) {
  T tracer(size, 20, 1, 0, {1, 3});
  tracer.set_trace(Eigen::ArrayXf::Constant(size, value));
  return tracer;
}

std::string not_replaced(const fs::path& path, const std::function<void(std::ostream&)>& write, Wording words) {
  return refusal([&] { spark::replace_file(path, write); }, words);
}

}  // namespace

TEST_CASE_METHOD(Folder, "a file holds what a stream does, is read back, and is replaced") {
  const T tracer = tracer_of(0.5f);
  spark::save(path, tracer);
  CHECK(content(path) == saved(tracer));
  CHECK(same(spark::load<T>(path), tracer));
  T other = tracer_of(0);
  spark::load(path, other);
  CHECK(same(other, tracer));

  // replaced, by a path without a folder
  const fs::path before = fs::current_path();
  fs::current_path(folder);
  spark::save(std::string("trace.spark"), tracer_of(0.25f));
  CHECK(same(spark::load<T>("trace.spark"), tracer_of(0.25f)));
  fs::current_path(before);
  CHECK(holds_the_file_alone());
}

TEST_CASE_METHOD(Folder, "what cannot be loaded is refused by name, and changes nothing") {
  const T tracer = tracer_of(0.5f);
  const auto load = [&](T& into) { spark::load(path, into); };
  const auto check_refused = [&](const std::string& words) {
    CHECK(refusal_into(tracer, {"trace.spark: cannot load: " + words}, load) == "");
    CHECK(refusal([&] { spark::load<T>(path); }, {"trace.spark: cannot load: " + words}) == "");
  };
  check_refused("");  // there is none
  const std::string whole = saved(tracer), other = saved(spark::RUTracer<Eigen::ArrayXf>(3, 20, 10, 0.5));
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
  CHECK(spark::load<T>(path).size() == 3);
}

TEST_CASE_METHOD(Folder, "what cannot be saved leaves nothing behind") {
  const fs::path lost = folder / "none" / "trace.spark", taken = folder / "taken";
  CHECK(refusal([&] { spark::save(lost, tracer_of(0)); }, {"trace.spark: cannot save: "}) == "");
  fs::create_directory(taken);
  const std::string reason = "taken: cannot save: this is something else than a file";
  CHECK(refusal([&] { spark::save(taken, tracer_of(0)); }, {reason}) == "");
  // found out only when the file is to be renamed
  const fs::path late = folder / "late";
  CHECK(not_replaced(late, [&](std::ostream&) { fs::create_directory(late); }, {"late: cannot save: "}) == "");
  // that the system would cut
  const fs::path cut = folder / std::string("nul.spark\0.backup", 17);
  CHECK(not_replaced(cut, [](std::ostream&) { CHECK(false); }, {"cannot save", "NUL"}) == "");
  CHECK(refusal([&] { spark::load<T>(cut); }, {"cannot load", "NUL"}) == "");
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
  CHECK(refusal([&] { spark::save(path, tracer_of(0)); }, {"trace.spark", "else"}) == "");
  CHECK(fs::is_fifo(path));
  const std::string reason = std::generic_category().message(EISDIR);
  CHECK(refusal([&] { spark::load<T>(folder); }, {"cannot load: ", reason}) == "");
}

TEST_CASE_METHOD(Folder, "a file has the permissions that the process gives") {
  const mode_t before = umask(027);
  spark::save(path, tracer_of(0));
  umask(before);
  CHECK(fs::status(path).permissions() == fs::perms(0640));
}

// A limit of the size of files is a disk that fills up at that byte.
TEST_CASE_METHOD(Folder, "a disk that is full at any byte leaves the former file") {
  const T former = tracer_of(0.25f), next = tracer_of(0.5f);
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
    const bool whole = same(spark::load<T>(path), fits ? next : former) && holds_the_file_alone();
    verdict.expect(problem.empty() != fits && whole, "room for " + std::to_string(room) + " bytes: " + problem);
  }
  CHECK(verdict.report() == "");
  std::signal(SIGXFSZ, SIG_DFL);
}

TEST_CASE_METHOD(Folder, "a process that is killed while it saves leaves one of its files, whole") {
  const T even = tracer_of(0.25f, 100000), odd = tracer_of(0.5f, 100000);
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
    const T left = spark::load<T>(path);
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
