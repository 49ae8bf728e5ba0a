// Runs the groups that the other files register, writes what was measured, prints the table of ratios.
#include <algorithm>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <regex>
#include <sstream>
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

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Keeps the times of each benchmark, and hands everything on to the record.
class Collector : public benchmark::BenchmarkReporter {
 public:
  Collector(benchmark::BenchmarkReporter& record, bool wall_clock) : record_(record), wall_clock_(wall_clock) {}

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs)
      if (run.run_type == Run::RT_Iteration)
        times_[run.run_name.function_name].push_back(wall_clock_ ? run.GetAdjustedRealTime()
                                                                 : run.GetAdjustedCPUTime());
    record_.ReportRuns(runs);
  }

  double median_of(const std::string& name) const { return median(times_.at(name)); }

 private:
  benchmark::BenchmarkReporter& record_;
  bool wall_clock_;
  std::map<std::string, std::vector<double>> times_;
};

}  // namespace

const Effort& effort() { return the_effort; }

std::vector<Size> sizes() {
  if (effort().quick) return {smallest, largest};
  return {smallest, {100 * 1024, "100 Ki", 5}, million, largest};
}

std::vector<Ratio> Group::measure(const std::string& name, int places, const std::function<void(Group&)>& setup,
                                  benchmark::BenchmarkReporter& record) {
  std::mt19937 random(3);
  std::vector<std::vector<char>> between;
  for (places_ = 1; places_ <= places; ++places_) {
    between.emplace_back(random() % 100000);
    setup(*this);
  }
  const int repetitions = places == 1 ? effort().repetitions : (effort().repetitions + 2) / 3;
  const double seconds = effort().seconds * effort().repetitions / (places * repetitions);
  for (const auto& [contender, run] : contenders_) {
    auto* b = benchmark::RegisterBenchmark((name + "/" + contender).c_str(), run);
    b->Repetitions(repetitions)->MinTime(seconds);
    if (wall_clock_) b->UseRealTime();
  }
  Collector collector(record, wall_clock_);
  benchmark::RunSpecifiedBenchmarks(&collector, ".");
  benchmark::ClearRegisteredBenchmarks();

  std::vector<Ratio> ratios;
  for (const Cell& cell : cells_) {
    ratios.push_back(cell.ratio);
    ratios.back().value =
        collector.median_of(name + "/" + cell.numerator) / collector.median_of(name + "/" + cell.denominator);
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
  --list              print the names of the groups
  --repetitions N     of each measurement (9; quick: 5)
  --seconds S         of each repetition, at least (0.02; quick: 0.005)
  --json FILE         write every measurement
  --ratios FILE       add the ratios to this file instead of printing them
  --report FILE       measure nothing, print the ratios in this file
  --progress          say which group is being timed
)";

struct Options {
  std::string filter, json, ratios, report;
  bool list = false, progress = false;
};

Options parse(int argc, char** argv) {
  using bench::the_effort;
  Options options;
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (std::find(words.begin(), words.end(), "--quick") != words.end()) the_effort = {true, 5, 0.005};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto value = [&] {
      if (i + 1 == words.size()) throw std::invalid_argument(word + " needs a value");
      return words[++i];
    };
    if (word == "--quick") continue;
    if (word == "--list")
      options.list = true;
    else if (word == "--progress")
      options.progress = true;
    else if (word == "--filter")
      options.filter = value();
    else if (word == "--repetitions")
      the_effort.repetitions = std::stoi(value());
    else if (word == "--seconds")
      the_effort.seconds = std::stod(value());
    else if (word == "--json")
      options.json = value();
    else if (word == "--ratios")
      options.ratios = value();
    else if (word == "--report")
      options.report = value();
    else if (word == "--help")
      std::cout << usage, std::exit(0);
    else
      throw std::invalid_argument("unknown option " + word);
  }
  return options;
}

std::ofstream open(const std::string& path, std::ios::openmode mode) {
  std::ofstream file(path, mode);
  if (!file) throw std::runtime_error("cannot write " + path);
  return file;
}

void run(const Options& options) {
  if (!options.report.empty()) {
    std::ifstream file(options.report);
    if (!file) throw std::runtime_error("cannot read " + options.report);
    bench::print(std::cout, bench::read(file));
    return;
  }

  for (const auto f : bench::registrations()) f();
  std::vector<bench::NamedGroup> chosen;
  for (const bench::NamedGroup& group : bench::groups())
    if (std::regex_search(group.name, std::regex(options.filter))) chosen.push_back(group);
  if (options.list) {
    for (const bench::NamedGroup& group : chosen) std::cout << group.name << '\n';
    return;
  }

  // all repetitions of a group in random order, so that a busy moment hits no contender more than the others
  char name[] = "spark-bench", interleave[] = "--benchmark_enable_random_interleaving=true";
  char* arguments[] = {name, interleave, nullptr};
  int count = 2;
  benchmark::Initialize(&count, arguments);

  std::ofstream file;
  std::ostringstream discarded;
  benchmark::JSONReporter record;
  if (!options.json.empty()) file = open(options.json, std::ios::trunc);
  record.SetOutputStream(options.json.empty() ? static_cast<std::ostream*>(&discarded) : &file);
  record.ReportContext(benchmark::BenchmarkReporter::Context());

  std::vector<bench::Ratio> ratios;
  std::size_t done = 0;
  for (const bench::NamedGroup& group : chosen) {
    if (options.progress)
      std::cerr << "\r\033[K[" << ++done << "/" << chosen.size() << "] " << group.name << std::flush;
    bench::Group contenders;
    for (bench::Ratio& ratio : contenders.measure(group.name, group.places, group.setup, record))
      ratios.push_back(std::move(ratio));
    discarded.str("");
  }
  if (options.progress) std::cerr << "\r\033[K";
  record.Finalize();

  if (options.ratios.empty()) {
    bench::print(std::cout, ratios);
  } else {
    auto out = open(options.ratios, std::ios::app);
    bench::write(out, ratios);
  }
}

}  // namespace

int main(int argc, char** argv) try { run(parse(argc, argv)); } catch (const std::exception& error) {
  std::cerr << "spark-bench: " << error.what() << '\n';
  return 1;
}
