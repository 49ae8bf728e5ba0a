// What the fuzz targets share. A target is a function of bytes that ends the program where a property fails; libFuzzer
// looks for such bytes, and replay.cpp tries those that it left.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

[[noreturn]] inline void fail(const std::string& property) {
  std::cerr << "does not hold: " << property << std::endl;
  std::abort();
}
inline void require(bool holds, const char* property) {
  if (!holds) fail(property);
}

// Choices, made from bytes; when these are used up, every choice is the first.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : next_(data), end_(data + size) {}

  bool any() const { return next_ != end_; }
  unsigned byte() { return any() ? *next_++ : 0u; }
  template <class Number> Number below(Number n) { return static_cast<Number>(byte() % static_cast<unsigned>(n)); }
  template <class List> const auto& one_of(const List& list) { return std::begin(list)[byte() % std::size(list)]; }
  std::string rest() { return std::string(std::exchange(next_, end_), end_); }

 private:
  const std::uint8_t *next_, *end_;
};

}  // namespace fuzz
