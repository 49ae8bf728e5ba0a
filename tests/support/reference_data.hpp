// Where the reference results and recordings lie, and how they are read. Nothing of them is kept here:
// without the folder CMake skips these tests.
#pragma once

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace suite {

inline std::string reference_path(const std::string& file) {
  const std::string path = std::string(SPARK_TRACERS_REFERENCE_DATA) + "/" + file;
  if (std::ifstream(path)) return path;
  throw std::runtime_error("no reference data at '" + path + "': SPARK_TRACERS_REFERENCE_DATA names their folder");
}

// Lines of cells; comments (#) and the header line are left out. Of a quoted text with commas nobody asks.
inline std::vector<std::vector<std::string>> read_csv(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  if (!rows.empty()) rows.erase(rows.begin());
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

// Just enough of JSON to read tables of reference results: strings have no escapes, and nothing is empty.
struct Json {
  double value = 0;
  std::string text;
  std::vector<Json> items;
  std::map<std::string, Json> members;

  const Json& operator[](const std::string& key) const { return members.at(key); }
  const Json& operator[](std::size_t i) const { return items.at(i); }
  bool has(const std::string& key) const { return members.count(key) != 0; }

  static Json read(const std::string& path) {
    std::ifstream file(path);
    file.exceptions(std::ios::failbit);  // thrown where the file ends too soon
    return parse(file);
  }

 private:
  static Json parse(std::istream& in) {
    Json j;
    char c = 0;
    in >> c;
    if (c == '{') {
      for (char next = ','; next == ','; in >> next) {
        const std::string key = parse(in).text;
        in >> next;  // the colon
        j.members[key] = parse(in);
      }
    } else if (c == '[') {
      for (char next = ','; next == ','; in >> next) j.items.push_back(parse(in));
    } else if (c == '"') {
      std::getline(in, j.text, '"');
    } else {  // a number, or null
      for (j.text = c; std::strchr(",]}\n", in.peek()) == nullptr;) j.text += static_cast<char>(in.get());
      j.value = std::strtod(j.text.c_str(), nullptr);
    }
    return j;
  }
};

}  // namespace suite
