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
/// Keeps the times of each contender.
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
  double median_of(int contender) {
    std::vector<double>& all = times.at(std::to_string(contender));
    std::sort(all.begin(), all.end());
    return all[all.size() / 2];
  }
};

/// Times the contenders of a group; with `library_only` without what a ratio is only divided by.
static void measure(const Registered& registered, bool library_only) {
  const int at_one_place = library_only ? 3 : quick ? 5 : 9;
  const int repetitions = registered.places == 1 ? at_one_place : (at_one_place + 2) / 3;
  Group group{repetitions, (quick ? 0.005 : 0.02) * at_one_place / (registered.places * repetitions)};
  std::mt19937 random(3);
  std::vector<std::vector<char>> between;
  for (int place = 0; place < registered.places; ++place) {
    between.emplace_back(random() % 100000);
    group.contenders = 0;  // the same for each place
    group.cells.clear();
    registered.setup(group);
  }

  std::string timed;
  for (const Group::Cell& cell : group.cells) timed += "^" + std::to_string(cell.numerator) + "/|";
  Collector collector(group.wall_clock);
  benchmark::RunSpecifiedBenchmarks(&collector, library_only ? timed + "^$" : ".");
  benchmark::ClearRegisteredBenchmarks();
  for (const Group::Cell& cell : group.cells)
    std::cout << cell.block.order << '\t' << cell.block.nanoseconds << '\t' << cell.block.title << '\t' << cell.row
              << '\t' << cell.column << '\t' << collector.median_of(cell.numerator) << '\t'
              << (library_only ? 0 : collector.median_of(cell.denominator)) << std::endl;
}

/// Options: --quick for the smallest and the largest size only and fewer repetitions, --filter REGEX for the groups
/// whose name contains a match, --list to print their names, and --library-only for few repetitions of the library.
static void run(const std::vector<std::string>& options) {
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
      throw std::invalid_argument(*option + " is no option, or lacks its value");
  }
  for (const auto f : registrations) f();
  groups.remove_if([&](const Registered& group) { return !std::regex_search(group.name, filter); });

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
      measure(groups.front(), library_only);
  }
  if (terminal) std::cerr << "\r\033[K";
}

}  // namespace bench

int main(int argc, char** argv) try { bench::run({argv + 1, argv + argc}); } catch (const std::exception& error) {
  std::cerr << "spark-bench: " << error.what() << '\n';
  return 1;
}
