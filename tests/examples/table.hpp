// What a quick run of an example has written.
#pragma once

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/reference_data.hpp"

namespace suite {

class Table {
 public:
  explicit Table(const std::string& file) : file_(EXAMPLES_OUTPUT "/" + file), rows_(read_csv(file_)) {
    std::ifstream stream(file_);
    std::string header;
    std::getline(stream, header);
    if (rows_.empty()) throw std::runtime_error(file_ + ": no rows; run the examples first (ctest -L example)");
    for (std::istringstream cells(header); std::getline(cells, header, ',');) columns_.push_back(header);
  }

  std::size_t size() const { return rows_.size(); }
  double at(std::size_t row, const std::string& column) const {
    const auto found = std::find(columns_.begin(), columns_.end(), column);
    if (found == columns_.end()) throw std::runtime_error(file_ + ": no column " + column);
    return std::stod(rows_.at(row).at(static_cast<std::size_t>(found - columns_.begin())));
  }
  // The row in which these columns have these values, up to the rounding of what was printed.
  std::size_t find(std::initializer_list<std::pair<const char*, double>> values) const {
    std::string wanted;
    for (const auto& [column, value] : values) wanted += std::string(" ") + column + " " + std::to_string(value);
    for (std::size_t row = 0; row < size(); ++row) {
      const auto fits = [&](const auto& v) {
        const double got = at(row, v.first);
        return got == v.second || std::abs(got - v.second) < 1e-9;
      };
      if (std::all_of(values.begin(), values.end(), fits)) return row;
    }
    throw std::runtime_error(file_ + ": no row with" + wanted);
  }
  // The mean of a column over the rows [first, last).
  double mean(const std::string& column, std::size_t first, std::size_t last) const {
    double sum = 0;
    for (std::size_t row = first; row < last; ++row) sum += at(row, column);
    return sum / static_cast<double>(last - first);
  }

 private:
  std::string file_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::string> columns_;
};

}  // namespace suite
