/// \file
/// The table of ratios: one block per question, one line per subject, one column per size.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace bench {

/// A block of the table. Blocks are printed in the order of their numbers.
struct Table {
  int order;
  const char* title;
};

namespace table {
constexpr Table hand{1, "dense step / hand-written kernel"};
constexpr Table memory{2, "dense step / moving the same bytes"};
constexpr Table memory_of_several{2, "dense step of two traces or more / moving the same bytes"};
constexpr Table eigen{3, "dense step / plain Eigen expression"};
constexpr Table sixteen{4, "16-bit storage / float"};
constexpr Table silent{5, "silent for 100,000 steps / active"};
constexpr Table baseline{6, "built for any processor: step / best plain loop of the compiler"};
constexpr Table list{7, "index list of 0.05 % / dense float"};
constexpr Table bits{8, "bit-packed / dense bool"};
constexpr Table run{9, "run over 64 steps / 64 steps one by one, bytes"};
constexpr Table raster{10, "run over 64 bit-packed steps / 64 plain Eigen expressions on floats"};
constexpr Table events{11, "event-driven step / dense step"};
constexpr Table threads{12, "two threads / one"};
constexpr Table rounding{13, "stochastic / nearest rounding"};
constexpr Table compile{14, "compiling a file that includes the library / only <Eigen/Core>"};
}  // namespace table

struct Ratio {
  int order;  // of its block
  std::string title, row, column;
  double limit;  // at most this; 0 where nothing was promised
  double value;
};

/// Ratios as lines of text, so that several programs can contribute to one table.
void write(std::ostream& out, const std::vector<Ratio>& ratios);
std::vector<Ratio> read(std::istream& in);

/// Prints the table and a count of what is over its limit.
void print(std::ostream& out, std::vector<Ratio> ratios);

}  // namespace bench
