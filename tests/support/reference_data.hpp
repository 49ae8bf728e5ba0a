// Where the reference results and recordings lie, and how they are read. Nothing of them is kept here:
// without the folder CMake skips these tests.
#pragma once

#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "json.hpp"

namespace suite {

inline std::string reference_path(const std::string& file) {
  const std::string path = std::string(SPARK_TRACERS_REFERENCE_DATA) + "/" + file;
  if (std::ifstream(path)) return path;
  throw std::runtime_error("no reference data at '" + path + "': SPARK_TRACERS_REFERENCE_DATA names their folder");
}

// Lines of cells; comments (#) and the header line are left out. A quoted cell may hold commas.
inline std::vector<std::vector<std::string>> read_csv(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (char c : line) {
      if (c == '"')
        quoted = !quoted;
      else if (c == ',' && !quoted)
        cells.emplace_back();
      else if (c != '\r')
        cells.back() += c;
    }
    rows.push_back(cells);
  }
  if (!rows.empty()) rows.erase(rows.begin());  // the header
  return rows;
}

// Spike times in ms by unit, ascending.
inline std::vector<std::vector<double>> read_recording(const std::string& path) {
  std::vector<std::vector<double>> units;
  for (const auto& row : read_csv(path)) {
    const auto unit = static_cast<std::size_t>(std::stoul(row.at(1)));
    if (unit >= units.size()) units.resize(unit + 1);
    units[unit].push_back(std::stod(row.at(0)));
  }
  return units;
}

}  // namespace suite
