/// \file
/// Ratios that mean something on a noisy machine. Contenders for the same work form a group; Google Benchmark times
/// them with their repetitions shuffled into one another, and only medians from within one group are ever divided.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <list>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace bench {

using Index = std::ptrdiff_t;

/// A block of what table.py prints, in the order of their numbers; where a step takes nanoseconds, with both times.
struct Table {
  int order;
  const char* title;
  bool nanoseconds = false;
};

namespace table {
constexpr Table hand{1, "A step / a loop by hand with intrinsics"};
constexpr Table small{2, "A small population: a step / a plain loop, same flags (ns: library, loop)", true};
constexpr Table few{3, "A list of spikes / decay all, add to the few"};
constexpr Table memory{4, "A step / moving its bytes without arithmetic"};
constexpr Table eigen{5, "A step / plain Eigen expressions"};
constexpr Table baseline{6, "A step without -march / the compiler's best plain loop"};
constexpr Table sixteen{7, "16-bit storage / float"};
constexpr Table rounding{8, "Stochastic rounding / rounding to the nearest"};
constexpr Table silent{9, "A population silent for 100,000 steps / an active one"};
constexpr Table list{10, "A list of 0.05 % / dense float input"};
constexpr Table bits{11, "Packed bits / dense bool input"};
constexpr Table run{12, "A run over 64 steps / 64 single steps, dense bytes"};
constexpr Table raster{13, "A run over 64 steps of bits / 64 Eigen expressions on floats"};
constexpr Table events{14, "An event-driven step / a dense step"};
constexpr Table threads{15, "Two threads / one"};
constexpr Table simulators{16, "What simulators call / what they would do without it (ns: library, without)", true};
// 17 is compiling, which script/bench measures
}  // namespace table

/// Set from the command line before any group is built.
inline bool quick = false;

/// A number of elements, and at how many places in memory to measure that many: arrays that fit a cache hinder one
/// another or not by the luck of their addresses, which can be a factor of three.
struct Size {
  Index count;
  const char* label;
  int places;
};
constexpr Size smallest{Index{1} << 12, "4 Ki", 9}, million{Index{1} << 20, "1 Mi", 3},
    largest{Index{1} << 23, "8 Mi", 1};
/// Level 1 cache, level 2, level 3 and memory on most machines; a quick run takes the first and the last.
inline std::vector<Size> sizes() {
  if (quick) return {smallest, largest};
  return {smallest, {100 * 1024, "100 Ki", 5}, million, largest};
}

/// The contenders of a group, by numbers, and the ratios to be printed of them.
struct Group {
  struct Cell {
    Table block;
    std::string row, column;
    int numerator, denominator;
  };

  int repetitions;
  double seconds;           ///< of each repetition, at least
  bool wall_clock = false;  ///< for contenders with threads of their own, whose work the clock of one thread misses
  int contenders = 0;
  std::vector<Cell> cells{};

  /// A contender: `step` is called again and again and timed, while an object of type `Scope` lives, `FlushToZero` say.
  template <class Scope = int, class Step> int time(Step step) {
    auto run = [step = std::move(step)](benchmark::State& state) mutable {
      [[maybe_unused]] const Scope scope{};
      step();  // warm
      for (auto _ : state) {
        step();
        benchmark::ClobberMemory();
      }
    };
    auto* b = benchmark::RegisterBenchmark(std::to_string(contenders).c_str(), std::move(run));
    b->Repetitions(repetitions)->MinTime(seconds);
    if (wall_clock) b->UseRealTime();
    return contenders++;
  }

  /// A cell of the table: the median time of one contender over that of another.
  void ratio(const Table& block, const std::string& row, const std::string& column, int numerator, int denominator) {
    cells.push_back({block, row, column, numerator, denominator});
  }
};

/// `setup` builds what a group needs just before it is measured, for each place in memory.
struct Registered {
  std::string name;
  int places;
  std::function<void(Group&)> setup;
};
inline std::list<Registered> groups;
inline void add_group(const std::string& name, int places, std::function<void(Group&)> setup) {
  groups.push_back({name, places, std::move(setup)});
}

/// A static object of this kind in a source file calls `f` when the program has read its options; `f` adds groups.
inline std::vector<void (*)()> registrations;
struct Registration {
  explicit Registration(void (*f)()) { registrations.push_back(f); }
};

/// Both sides of a ratio must have computed the same.
inline void require_equal(const std::string& subject, double difference) {
  if (difference < 1e-4) return;
  throw std::runtime_error(subject + ": the contenders differ by " + std::to_string(difference));
}

}  // namespace bench
