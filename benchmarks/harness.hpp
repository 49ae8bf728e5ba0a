/// \file
/// Ratios that mean something on a noisy machine. Contenders for the same work form a group; Google Benchmark
/// times them with their repetitions shuffled into one another, and only medians from within one group are ever
/// divided. What a group needs is built just before it runs and freed after it.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "table.hpp"

namespace bench {

using Index = std::ptrdiff_t;

/// How much to measure; set from the command line before any group is built.
struct Effort {
  bool quick = false;
  bool library_only = false;  // leaves out what a ratio is only divided by
  int repetitions = 9;
  double seconds = 0.02;  // of each repetition, at least
};
const Effort& effort();

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
std::vector<Size> sizes();

class Group {
 public:
  /// A contender: `step` is called again and again and timed, while an object of type `Scope` lives, `FlushToZero`
  /// say. What has the same name counts as one.
  template <class Scope = int, class Step> void time(std::string contender, Step step) {
    contenders_.emplace_back(std::move(contender), [step](benchmark::State& state) mutable {
      [[maybe_unused]] const Scope scope{};
      step();  // warm
      for (auto _ : state) {
        step();
        benchmark::ClobberMemory();
      }
    });
  }

  /// A cell of the table: the median time of one contender over that of another.
  void ratio(const Table& block, std::string row, std::string column, std::string numerator, std::string denominator) {
    if (places_ > 1) return;
    cells_.push_back({{block.order, block.nanoseconds, block.title, std::move(row), std::move(column), 0, 0},
                      std::move(numerator),
                      std::move(denominator)});
  }

  /// For contenders with threads of their own, whose work the clock of one thread misses.
  void use_wall_clock() { wall_clock_ = true; }

  /// Calls `setup` for so many places in memory, times all contenders, and returns the cells, filled.
  std::vector<Ratio> measure(const std::string& name, int places, const std::function<void(Group&)>& setup);

 private:
  struct Cell {
    Ratio ratio;
    std::string numerator, denominator;
  };
  std::vector<std::pair<std::string, std::function<void(benchmark::State&)>>> contenders_;
  std::vector<Cell> cells_;
  bool wall_clock_ = false;
  int places_ = 0;
};

/// Adds a group; `setup` fills it in when its turn comes, again for each place in memory.
void add_group(std::string name, int places, std::function<void(Group&)> setup);

/// A static object of this kind in a source file calls `f` when the program has read its options; `f` adds groups.
struct Registration {
  explicit Registration(void (*f)());
};

/// Both sides of a ratio must have computed the same. Throws with the name of the subject if not.
void require_equal(const std::string& subject, double difference);

}  // namespace bench
