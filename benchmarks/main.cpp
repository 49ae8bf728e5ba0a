// Runs the groups that the other files register, writes what was measured, prints the table of ratios.
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <regex>
#include <set>
#include <stdexcept>

#include "harness.hpp"

namespace bench {
namespace {

struct NamedGroup {
  std::string name;
  int places;
  std::function<void(Group&)> setup;
};

Effort the_effort;
std::vector<NamedGroup>& groups() {
  static std::vector<NamedGroup> all;
  return all;
}
std::vector<void (*)()>& registrations() {
  static std::vector<void (*)()> all;
  return all;
}

/// Keeps the times of each benchmark.
class Collector : public benchmark::BenchmarkReporter {
 public:
  explicit Collector(bool wall_clock) : wall_clock_(wall_clock) {}

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs)
      if (run.run_type == Run::RT_Iteration)
        times_[run.run_name.function_name].push_back(wall_clock_ ? run.GetAdjustedRealTime()
                                                                 : run.GetAdjustedCPUTime());
  }

  double median_of(const std::string& name) const { return median(times_.at(name)); }

 private:
  bool wall_clock_;
  std::map<std::string, std::vector<double>> times_;
};

}  // namespace

const Effort& effort() { return the_effort; }

std::vector<Size> sizes() {
  if (effort().quick) return {smallest, largest};
  return {smallest, {100 * 1024, "100 Ki", 5}, million, largest};
}

std::vector<Ratio> Group::measure(const std::string& name, int places, const std::function<void(Group&)>& setup) {
  std::mt19937 random(3);
  std::vector<std::vector<char>> between;
  for (places_ = 1; places_ <= places; ++places_) {
    between.emplace_back(random() % 100000);
    setup(*this);
  }
  const int repetitions = places == 1 ? effort().repetitions : (effort().repetitions + 2) / 3;
  const double seconds = effort().seconds * effort().repetitions / (places * repetitions);
  for (const auto& [contender, run] : contenders_) {
    const auto counts = [&name = contender](const Cell& cell) { return cell.numerator == name; };
    if (effort().library_only && std::none_of(cells_.begin(), cells_.end(), counts)) continue;
    auto* b = benchmark::RegisterBenchmark((name + "/" + contender).c_str(), run);
    b->Repetitions(repetitions)->MinTime(seconds);
    if (wall_clock_) b->UseRealTime();
  }
  Collector collector(wall_clock_);
  benchmark::RunSpecifiedBenchmarks(&collector, ".");
  benchmark::ClearRegisteredBenchmarks();

  std::vector<Ratio> ratios;
  for (const Cell& cell : cells_) {
    ratios.push_back(cell.ratio);
    ratios.back().time = collector.median_of(name + "/" + cell.numerator);
    if (!effort().library_only) ratios.back().reference = collector.median_of(name + "/" + cell.denominator);
  }
  return ratios;
}

void add_group(std::string name, int places, std::function<void(Group&)> setup) {
  groups().push_back({std::move(name), places, std::move(setup)});
}

Registration::Registration(void (*f)()) { registrations().push_back(f); }

void require_equal(const std::string& subject, double difference) {
  if (!(difference < 1e-4))
    throw std::runtime_error(subject + ": the contenders differ by " + std::to_string(difference));
}

}  // namespace bench

namespace {

constexpr const char* usage = R"(usage: spark-bench [options]
  --quick             the smallest and the largest size only, fewer repetitions
  --filter REGEX      only the groups whose name contains a match
  --group NAME        only this group
  --list              print the names of the groups
  --library-only      times nothing that the library is only compared with, and with few repetitions
  --ratios FILE       add the ratios to this file instead of printing them
  --report FILE       measure nothing, print the ratios in this file
  --before FILE       with --report: compare with the times in this file, of another version
)";

/// The options by name; those that take no value have an empty one.
using Options = std::map<std::string, std::string>;

Options parse(int argc, char** argv) {
  const std::set<std::string> flags{"--quick", "--list", "--library-only", "--help"},
      texts{"--filter", "--group", "--ratios", "--report", "--before"};
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (!flags.count(word) && !texts.count(word)) throw std::invalid_argument("unknown option " + word);
    if (texts.count(word) && ++i == argc) throw std::invalid_argument(word + " needs a value");
    options[word] = texts.count(word) ? argv[i] : "";
  }
  if (options.count("--quick")) bench::the_effort = {true, false, 5, 0.005};
  bench::the_effort.library_only = options.count("--library-only") > 0;
  if (bench::the_effort.library_only) bench::the_effort.repetitions = 3;
  return options;
}

std::vector<bench::Ratio> ratios_in(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  return bench::read(file);
}

std::vector<bench::NamedGroup> chosen_groups(Options& options) {
  for (const auto f : bench::registrations()) f();
  std::vector<bench::NamedGroup> chosen;
  const std::regex filter(options["--filter"]);
  for (const bench::NamedGroup& group : bench::groups())
    if (options.count("--group") ? group.name == options["--group"] : std::regex_search(group.name, filter))
      chosen.push_back(group);
  return chosen;
}

std::vector<bench::Ratio> measure(const std::vector<bench::NamedGroup>& groups) {
  // all repetitions of a group in random order, so that a busy moment hits no contender more than the others
  char name[] = "spark-bench", interleave[] = "--benchmark_enable_random_interleaving=true";
  char* arguments[] = {name, interleave, nullptr};
  int count = 2;
  benchmark::Initialize(&count, arguments);

  const bool terminal = isatty(STDERR_FILENO);  // then it sees what is being timed
  std::vector<bench::Ratio> ratios;
  std::size_t done = 0;
  for (const bench::NamedGroup& group : groups) {
    if (terminal) std::cerr << "\r\033[K[" << ++done << "/" << groups.size() << "] " << group.name << std::flush;
    bench::Group contenders;
    for (bench::Ratio& ratio : contenders.measure(group.name, group.places, group.setup))
      ratios.push_back(std::move(ratio));
  }
  if (terminal) std::cerr << "\r\033[K";
  return ratios;
}

void run(Options options) {
  if (options.count("--help")) {
    std::cout << usage;
  } else if (options.count("--before")) {
    bench::compare(std::cout, ratios_in(options["--report"]), ratios_in(options["--before"]));
  } else if (options.count("--report")) {
    bench::print(std::cout, ratios_in(options["--report"]));
  } else if (options.count("--list")) {
    for (const bench::NamedGroup& group : chosen_groups(options)) std::cout << group.name << '\n';
  } else {
    const std::vector<bench::Ratio> ratios = measure(chosen_groups(options));
    if (!options.count("--ratios")) return bench::print(std::cout, ratios);
    std::ofstream out(options["--ratios"], std::ios::app);
    bench::write(out, ratios);
    if (!out) throw std::runtime_error("cannot write " + options["--ratios"]);
  }
}

}  // namespace

int main(int argc, char** argv) try { run(parse(argc, argv)); } catch (const std::exception& error) {
  std::cerr << "spark-bench: " << error.what() << '\n';
  return 1;
}
