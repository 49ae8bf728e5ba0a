#include "table.hpp"

#include <algorithm>
#include <iomanip>
#include <istream>
#include <map>
#include <ostream>
#include <sstream>
#include <tuple>
#include <utility>

namespace bench {
namespace {

std::string fixed(double value, int digits) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(digits) << value;
  return text.str();
}

std::string cell(const Ratio& r) {
  const std::string ratio = fixed(r.value(), r.value() < 0.1 ? 4 : 2);
  if (!r.nanoseconds) return ratio;
  const auto time = [](double t) { return fixed(t, t < 100 ? 1 : 0); };
  return ratio + " (" + time(r.time) + ", " + time(r.reference) + ")";
}

template <class Values> void add_once(Values& values, const std::string& value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

/// One block; `ratios` all have its title.
void print_block(std::ostream& out, const std::vector<Ratio>& ratios) {
  std::vector<std::string> rows, columns;
  std::map<std::pair<std::string, std::string>, std::string> cells;
  std::size_t first = 0, others = 9;
  for (const Ratio& r : ratios) {
    add_once(rows, r.row);
    add_once(columns, r.column);
    const std::string& text = cells[{r.row, r.column}] = cell(r);
    first = std::max(first, r.row.size() + 2);
    others = std::max({others, text.size(), r.column.size()});
  }
  const auto line = [&](const std::string& name, const auto& text_of) {
    out << std::left << std::setw(static_cast<int>(first)) << "  " + name << std::right;
    for (const std::string& column : columns) out << "  " << std::setw(static_cast<int>(others)) << text_of(column);
    out << '\n';
  };
  out << '\n' << ratios.front().title << '\n';
  line("", [](const std::string& column) { return column; });
  for (const std::string& row : rows) line(row, [&](const std::string& column) { return cells[{row, column}]; });
}

using Row = std::tuple<int, std::string, std::string, std::string>;  // order, title, row, column
std::map<Row, std::vector<double>> by_row(const std::vector<Ratio>& ratios) {
  std::map<Row, std::vector<double>> times;
  for (const Ratio& r : ratios) times[{r.order, r.title, r.row, r.column}].push_back(r.time);
  return times;
}

}  // namespace

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void write(std::ostream& out, const std::vector<Ratio>& ratios) {
  for (const Ratio& r : ratios)
    out << r.order << '\t' << r.nanoseconds << '\t' << r.title << '\t' << r.row << '\t' << r.column << '\t' << r.time
        << '\t' << r.reference << '\n';
}

std::vector<Ratio> read(std::istream& in) {
  std::vector<Ratio> ratios;
  for (Ratio r; in >> r.order >> r.nanoseconds;) {
    in.ignore();
    for (std::string* text : {&r.title, &r.row, &r.column}) std::getline(in, *text, '\t');
    if (in >> r.time >> r.reference) ratios.push_back(r);
  }
  return ratios;
}

void print(std::ostream& out, std::vector<Ratio> ratios) {
  std::stable_sort(ratios.begin(), ratios.end(), [](const Ratio& a, const Ratio& b) { return a.order < b.order; });
  for (auto first = ratios.begin(); first != ratios.end();) {
    const auto last = std::find_if(first, ratios.end(), [&](const Ratio& r) { return r.title != first->title; });
    print_block(out, {first, last});
    first = last;
  }
}

void compare(std::ostream& out, const std::vector<Ratio>& now, const std::vector<Ratio>& before) {
  struct Block {
    std::vector<double> quotients;
    double worst = 0;
    std::string row;
  };
  std::map<std::pair<int, std::string>, Block> blocks;
  const auto old_times = by_row(before);
  for (const auto& [row, times] : by_row(now)) {
    const auto old = old_times.find(row);
    if (old == old_times.end()) continue;
    std::vector<double> quotients;
    for (std::size_t k = 0; k < std::min(times.size(), old->second.size()); ++k)
      quotients.push_back(times[k] / old->second[k]);
    const double quotient = median(std::move(quotients));
    Block& block = blocks[{std::get<0>(row), std::get<1>(row)}];
    block.quotients.push_back(quotient);
    if (quotient <= block.worst) continue;
    block.worst = quotient;
    block.row = std::get<2>(row) + ", " + std::get<3>(row);
  }
  out << "\nTime now / time before\n  rows  median   worst\n";
  for (const auto& [name, block] : blocks)
    out << std::setw(6) << block.quotients.size() << "  " << std::setw(6) << fixed(median(block.quotients), 3) << "  "
        << std::setw(6) << fixed(block.worst, 3) << "  " << name.second << ": " << block.row << '\n';
}

}  // namespace bench
