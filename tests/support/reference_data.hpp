// Where the reference results and recordings lie, and how they are read. Nothing of them is kept here:
// without the folder these tests say so and pass.
#pragma once

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "json.hpp"

#ifndef SPARK_TRACERS_REFERENCE_DATA
#define SPARK_TRACERS_REFERENCE_DATA ""
#endif

namespace suite {

inline std::string reference_path(const std::string& file) {
  return std::string(SPARK_TRACERS_REFERENCE_DATA) + "/" + file;
}

// False, and says what is missing, if one of the files is not there.
inline bool have_reference(std::initializer_list<const char*> files) {
  for (const char* file : files) {
    const std::string path = reference_path(file);
    if (std::ifstream(path)) continue;
    WARN("skipped: no reference data at '" << path << "' (set SPARK_TRACERS_REFERENCE_DATA)");
    return false;
  }
  return true;
}

// Lines of cells; comments (#) and the header line are left out. A quoted cell may hold commas.
inline std::vector<std::vector<std::string>> read_csv(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::vector<std::string>> rows;
  bool header = true;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    if (header) {
      header = false;
      continue;
    }
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
