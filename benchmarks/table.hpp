/// \file
/// The table of ratios: a block for each question, a line for each subject, a column for each size.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace bench {

/// A block of the table. Blocks are printed in the order of their numbers. Where a step takes nanoseconds, a ratio
/// alone says too little, and the times of both sides stand beside it.
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

struct Ratio {
  int order;  // of its block
  bool nanoseconds;
  std::string title, row, column;
  double time, reference;  // 0 where only the library was timed

  double value() const { return time / reference; }
};

/// Ratios as lines of text, so that several programs can contribute to one table.
void write(std::ostream& out, const std::vector<Ratio>& ratios);
std::vector<Ratio> read(std::istream& in);

void print(std::ostream& out, std::vector<Ratio> ratios);

/// Two versions that ran in turn, several times each: a line for each block, with the median over its rows of the
/// new time over the old, and the row that lost most. Of each row, the median over pairs of neighbouring runs counts.
void compare(std::ostream& out, const std::vector<Ratio>& now, const std::vector<Ratio>& before);

double median(std::vector<double> values);

}  // namespace bench
