#include "table.hpp"

#include <algorithm>
#include <iomanip>
#include <istream>
#include <ostream>
#include <sstream>
#include <tuple>

namespace bench {
namespace {

std::string fixed(double value) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(value < 0.1 ? 4 : 2) << value;
  return text.str();
}

template <class Values>
void add_once(Values& values, const std::string& value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

/// One block; `ratios` all have its title. Returns how many are over their limits.
int print_block(std::ostream& out, const std::vector<Ratio>& ratios) {
  std::vector<std::string> rows, columns;
  std::size_t width = ratios.front().title.size();
  for (const Ratio& r : ratios) {
    add_once(rows, r.row);
    add_once(columns, r.column);
    width = std::max(width, r.row.size() + 2);
  }
  const auto find = [&](const std::string* row, const std::string& column) -> const Ratio* {
    for (const Ratio& r : ratios)
      if ((!row || r.row == *row) && r.column == column) return &r;
    return nullptr;
  };
  const auto cell = [&](const std::string& text) -> std::ostream& {
    return out << "  " << std::right << std::setw(9) << text;
  };

  out << '\n' << std::left << std::setw(static_cast<int>(width)) << ratios.front().title;
  for (const std::string& column : columns) cell(column);
  out << "\n" << std::left << std::setw(static_cast<int>(width)) << "  at most";
  for (const std::string& column : columns) {
    const double limit = find(nullptr, column)->limit;
    cell(limit > 0 ? fixed(limit) : "-");
  }
  out << '\n';

  int over = 0;
  for (const std::string& row : rows) {
    out << std::left << std::setw(static_cast<int>(width)) << "  " + row;
    int over_here = 0;
    bool promised = false;
    for (const std::string& column : columns) {
      const Ratio* r = find(&row, column);
      const bool too_much = r && r->limit > 0 && r->value > r->limit;
      over_here += too_much;
      promised = promised || (r && r->limit > 0);
      cell(r ? fixed(r->value) + (too_much ? "!" : " ") : "");
    }
    out << (over_here ? "  over" : promised ? "  ok" : "") << '\n';
    over += over_here;
  }
  return over;
}

}  // namespace

void write(std::ostream& out, const std::vector<Ratio>& ratios) {
  for (const Ratio& r : ratios)
    out << r.order << '\t' << r.title << '\t' << r.row << '\t' << r.column << '\t' << r.limit << '\t' << r.value
        << '\n';
}

std::vector<Ratio> read(std::istream& in) {
  std::vector<Ratio> ratios;
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    std::string order, limit, value;
    Ratio r;
    if (std::getline(fields, order, '\t') && std::getline(fields, r.title, '\t') && std::getline(fields, r.row, '\t') &&
        std::getline(fields, r.column, '\t') && std::getline(fields, limit, '\t') &&
        std::getline(fields, value, '\t')) {
      r.order = std::stoi(order);
      r.limit = std::stod(limit);
      r.value = std::stod(value);
      ratios.push_back(r);
    }
  }
  return ratios;
}

void print(std::ostream& out, std::vector<Ratio> ratios) {
  std::stable_sort(ratios.begin(), ratios.end(), [](const Ratio& a, const Ratio& b) {
    return std::tie(a.order, a.title) < std::tie(b.order, b.title);
  });
  int over = 0;
  for (auto first = ratios.begin(); first != ratios.end();) {
    const auto last = std::find_if(first, ratios.end(), [&](const Ratio& r) { return r.title != first->title; });
    over += print_block(out, {first, last});
    first = last;
  }
  const auto promised = std::count_if(ratios.begin(), ratios.end(), [](const Ratio& r) { return r.limit > 0; });
  out << '\n' << promised - over << " of " << promised << " ratios within their limits";
  if (over) out << "; " << over << " over, marked !";
  out << ".\n";
}

}  // namespace bench
