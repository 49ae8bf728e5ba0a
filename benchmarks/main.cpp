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
struct Collector : benchmark::BenchmarkReporter {
  bool wall_clock;
  std::map<std::string, std::vector<double>> times;

  explicit Collector(bool real) : wall_clock(real) {}
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs)
      if (run.run_type == Run::RT_Iteration)
        times[run.run_name.function_name].push_back(wall_clock ? run.GetAdjustedRealTime() : run.GetAdjustedCPUTime());
  }
  double median_of(const std::string& name) {
    std::vector<double>& all = times.at(name);
    std::sort(all.begin(), all.end());
    return all[all.size() / 2];
  }
};

constexpr const char* usage = R"(usage: spark-bench [options]
  --quick             the smallest and the largest size only, fewer repetitions
  --filter REGEX      only the groups whose name contains a match
  --list              print the names of the groups
  --library-only      times nothing that the library is only compared with, and with few repetitions
)";

void run(const std::vector<std::string>& options) {
  bool list = false, library_only = false;
  std::regex filter("");
  for (auto option = options.begin(); option != options.end(); ++option) {
    if (*option == "--quick")
      quick = true;
    else if (*option == "--filter" && option + 1 != options.end())
      filter = *++option;
    else if (*option == "--list")
      list = true;
    else if (*option == "--library-only")
      library_only = true;
    else
      throw std::invalid_argument(*option + " is no option, or lacks its value\n" + usage);
  }
  for (const auto f : registrations) f();
  groups.remove_if([&](const Group& group) { return !std::regex_search(group.name, filter); });

  // all repetitions of a group in random order, so that a busy moment hits no contender more than the others
  char name[] = "spark-bench", interleave[] = "--benchmark_enable_random_interleaving=true";
  char* arguments[] = {name, interleave, nullptr};
  int count = 2;
  benchmark::Initialize(&count, arguments);

  const bool terminal = isatty(STDERR_FILENO) && !list;  // then it sees what is being timed
  for (; !groups.empty(); groups.pop_front()) {
    if (terminal) std::cerr << "\r\033[K" << groups.size() << " to go: " << groups.front().name << std::flush;
    if (list)
      std::cout << groups.front().name << '\n';
    else
      groups.front().measure(library_only);
  }
  if (terminal) std::cerr << "\r\033[K";
}

}  // namespace

void Group::measure(bool library_only) {
  std::mt19937 random(3);
  std::vector<std::vector<char>> between;
  for (int place = 0; place < places; ++place) {
    between.emplace_back(random() % 100000);
    cells.clear();  // the same for each place
    setup(*this);
  }
  const int at_one_place = library_only ? 3 : quick ? 5 : 9;
  const int repetitions = places == 1 ? at_one_place : (at_one_place + 2) / 3;
  const double seconds = (quick ? 0.005 : 0.02) * at_one_place / (places * repetitions);  // of each, at least
  for (const auto& [contender, run] : contenders) {
    const auto counts = [&name = contender](const Cell& cell) { return cell.numerator == name; };
    if (library_only && std::none_of(cells.begin(), cells.end(), counts)) continue;
    auto* b = benchmark::RegisterBenchmark((name + "/" + contender).c_str(), run);
    b->Repetitions(repetitions)->MinTime(seconds);
    if (wall_clock) b->UseRealTime();
  }
  Collector collector(wall_clock);
  benchmark::RunSpecifiedBenchmarks(&collector, ".");
  benchmark::ClearRegisteredBenchmarks();

  for (const Cell& cell : cells) {
    std::cout << cell.block.order << '\t' << cell.block.nanoseconds << '\t' << cell.block.title << '\t' << cell.row
              << '\t' << cell.column << '\t' << collector.median_of(name + "/" + cell.numerator) << '\t'
              << (library_only ? 0 : collector.median_of(name + "/" + cell.denominator)) << std::endl;
  }
}

}  // namespace bench

int main(int argc, char** argv) try { bench::run({argv + 1, argv + argc}); } catch (const std::exception& error) {
  std::cerr << "spark-bench: " << error.what() << '\n';
  return 1;
}
