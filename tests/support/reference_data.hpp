// Where the reference results and recordings lie, and how they are read. Nothing of them is kept here:
// without the folder CMake skips these tests.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

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
    rows.emplace_back(1);
    bool quoted = false;
    for (char c : line) {
      if (c == '"')
        quoted = !quoted;
      else if (c == ',' && !quoted)
        rows.back().emplace_back();
      else
        rows.back().back() += c;
    }
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

// Just enough of JSON to read tables of reference results: strings have no escapes.
struct Json {
  double value = 0;
  std::string text;
  std::vector<Json> items;
  std::map<std::string, Json> members;

  const Json& operator[](const std::string& key) const {
    if (has(key)) return members.at(key);
    throw std::runtime_error("JSON has no member " + key);
  }
  const Json& operator[](std::size_t i) const { return items.at(i); }
  bool has(const std::string& key) const { return members.count(key) != 0; }

  static Json read(const std::string& path) {
    std::ifstream file(path);
    const std::string all((std::istreambuf_iterator<char>(file)), {});
    const std::regex token(R"("[^"]*"|[\[\]{}]|[^\s,:"\[\]{}]+)");
    std::sregex_iterator at(all.begin(), all.end(), token);
    return parse(at);
  }

 private:
  // Whether the next token is this bracket, which is then left behind.
  static bool takes(std::sregex_iterator& at, const char* bracket) {
    if (at == std::sregex_iterator()) throw std::runtime_error("JSON without an end");
    if (at->str() != bracket) return false;
    ++at;
    return true;
  }
  static Json parse(std::sregex_iterator& at) {
    Json j;
    if (takes(at, "{")) {
      while (!takes(at, "}")) {
        const std::string key = parse(at).text;
        j.members[key] = parse(at);
      }
    } else if (takes(at, "[")) {
      while (!takes(at, "]")) j.items.push_back(parse(at));
    } else if (const std::string word = (at++)->str(); word[0] == '"') {
      j.text = word.substr(1, word.size() - 2);
    } else {
      j.value = std::strtod(word.c_str(), nullptr);
    }
    return j;
  }
};

}  // namespace suite
