// Just enough JSON to read tables of reference results: no escapes in strings but the simple ones.
#pragma once

#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
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

  static Json read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    const std::string all((std::istreambuf_iterator<char>(file)), {});
    const std::regex token(R"("(?:[^"\\]|\\.)*"|[\[\]{}]|[^\s,:"\[\]{}]+)");
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
      j.text = std::regex_replace(word.substr(1, word.size() - 2), std::regex(R"(\\(.))"), "$1");
    } else {
      j.value = std::isalpha(static_cast<unsigned char>(word[0])) ? word == "true" : std::stod(word);
    }
    return j;
  }
};

}  // namespace suite
