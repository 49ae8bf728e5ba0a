// Just enough JSON to read tables of reference results: no escapes in strings but the simple ones.
#pragma once

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace suite {

struct Json {
  double value = 0;  // of a number or boolean
  std::string text;
  std::vector<Json> items;
  std::map<std::string, Json> members;

  const Json& operator[](const std::string& key) const {
    const auto found = members.find(key);
    if (found == members.end()) throw std::runtime_error("JSON has no member " + key);
    return found->second;
  }
  const Json& operator[](std::size_t i) const { return items.at(i); }
  bool has(const std::string& key) const { return members.count(key) != 0; }
  std::vector<double> numbers() const {
    std::vector<double> all;
    for (const Json& item : items) all.push_back(item.value);
    return all;
  }

  static Json read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    const std::string all((std::istreambuf_iterator<char>(file)), {});
    const char* at = all.c_str();
    return parse(at);
  }

 private:
  static void skip(const char*& at) {
    while (std::isspace(static_cast<unsigned char>(*at)) || *at == ',' || *at == ':') ++at;
  }
  static std::string parse_string(const char*& at) {
    std::string s;
    for (++at; *at != '"'; ++at) {
      if (!*at) throw std::runtime_error("JSON string without an end");
      if (*at == '\\') ++at;
      s += *at;
    }
    ++at;
    return s;
  }
  static Json parse(const char*& at) {
    Json j;
    skip(at);
    if (*at == '{' || *at == '[') {
      const char end = *at == '{' ? '}' : ']';
      for (++at, skip(at); *at != end; skip(at)) {
        if (end == '}') {
          if (*at != '"') throw std::runtime_error("JSON member without a name");
          std::string key = parse_string(at);
          j.members[key] = parse(at);
        } else {
          j.items.push_back(parse(at));
        }
      }
      ++at;
    } else if (*at == '"') {
      j.text = parse_string(at);
    } else if (std::isalpha(static_cast<unsigned char>(*at))) {
      j.value = *at == 't';
      while (std::isalpha(static_cast<unsigned char>(*at))) ++at;
    } else {
      char* end = nullptr;
      j.value = std::strtod(at, &end);
      if (end == at) throw std::runtime_error("JSON: a value is expected at: " + std::string(at, 20));
      at = end;
    }
    return j;
  }
};

}  // namespace suite
