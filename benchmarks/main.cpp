// Runs the groups that the other files register, and writes what was measured as lines of text, which table.py reads:
// order of the block, whether times are shown, title, row, column, time, and the time by which it is divided.
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <iostream>
#include <map>
#include <random>
#include <regex>
#include <stdexcept>

#include "harness.hpp"

namespace bench {
namespace {

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
  double median_of(const std::string& name) {
    std::vector<double>& times = times_.at(name);
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
  }

 private:
  bool wall_clock_;
  std::map<std::string, std::vector<double>> times_;
};

constexpr const char* usage = R"(usage: spark-bench [options]
  --quick             the smallest and the largest size only, fewer repetitions
  --filter REGEX      only the groups whose name contains a match
  --list              print the names of the groups
  --library-only      times nothing that the library is only compared with, and with few repetitions
)";

void measure(const std::list<NamedGroup>& chosen) {
  // all repetitions of a group in random order, so that a busy moment hits no contender more than the others
  char name[] = "spark-bench", interleave[] = "--benchmark_enable_random_interleaving=true";
  char* arguments[] = {name, interleave, nullptr};
  int count = 2;
  benchmark::Initialize(&count, arguments);

  const bool terminal = isatty(STDERR_FILENO);  // then it sees what is being timed
  std::size_t done = 0;
  for (const NamedGroup& group : chosen) {
    if (terminal) std::cerr << "\r\033[K[" << ++done << "/" << chosen.size() << "] " << group.name << std::flush;
    Group().measure(group.name, group.places, group.setup);
  }
  if (terminal) std::cerr << "\r\033[K";
}

void run(const std::vector<std::string>& options) {
  bool list = false;
  std::regex filter("");
  for (auto option = options.begin(); option != options.end(); ++option) {
    if (*option == "--quick") {
      effort.quick = true;
      effort.repetitions = 5;
      effort.seconds = 0.005;
    } else if (*option == "--filter" && option + 1 != options.end()) {
      filter = *++option;
    } else if (*option == "--list") {
      list = true;
    } else if (*option == "--library-only") {
      effort.library_only = true;
    } else {
      throw std::invalid_argument(*option + " is no option, or lacks its value\n" + usage);
    }
  }
  if (effort.library_only) effort.repetitions = 3;

  for (const auto f : registrations) f();
  groups.remove_if([&](const NamedGroup& group) { return !std::regex_search(group.name, filter); });
  if (!list) return measure(groups);
  for (const NamedGroup& group : groups) std::cout << group.name << '\n';
}

}  // namespace

void Group::measure(const std::string& name, int places, const std::function<void(Group&)>& setup) {
  std::mt19937 random(3);
  std::vector<std::vector<char>> between;
  for (places_ = 1; places_ <= places; ++places_) {
    between.emplace_back(random() % 100000);
    setup(*this);
  }
  const int repetitions = places == 1 ? effort.repetitions : (effort.repetitions + 2) / 3;
  const double seconds = effort.seconds * effort.repetitions / (places * repetitions);
  for (const auto& [contender, run] : contenders_) {
    const auto counts = [&name = contender](const Cell& cell) { return cell.numerator == name; };
    if (effort.library_only && std::none_of(cells_.begin(), cells_.end(), counts)) continue;
    auto* b = benchmark::RegisterBenchmark((name + "/" + contender).c_str(), run);
    b->Repetitions(repetitions)->MinTime(seconds);
    if (wall_clock_) b->UseRealTime();
  }
  Collector collector(wall_clock_);
  benchmark::RunSpecifiedBenchmarks(&collector, ".");
  benchmark::ClearRegisteredBenchmarks();

  for (const Cell& cell : cells_) {
    std::cout << cell.block.order << '\t' << cell.block.nanoseconds << '\t' << cell.block.title << '\t' << cell.row
              << '\t' << cell.column << '\t' << collector.median_of(name + "/" + cell.numerator) << '\t'
              << (effort.library_only ? 0 : collector.median_of(name + "/" + cell.denominator)) << std::endl;
  }
}

void require_equal(const std::string& subject, double difference) {
  if (!(difference < 1e-4))
    throw std::runtime_error(subject + ": the contenders differ by " + std::to_string(difference));
}

}  // namespace bench

int main(int argc, char** argv) try { bench::run({argv + 1, argv + argc}); } catch (const std::exception& error) {
  std::cerr << "spark-bench: " << error.what() << '\n';
  return 1;
}
