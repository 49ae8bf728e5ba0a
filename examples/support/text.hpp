/// \file
/// Texts and numbers for people, and numbers out of texts.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <sstream>
#include <string>

namespace support {

/// The parts one after the other, numbers to ten digits.
template <class... Parts> std::string text(const Parts&... parts) {
  std::ostringstream out;
  out.precision(10);
  (out << ... << parts);
  return out.str();
}

/// As printf would; `nothing` for NaN.
inline std::string format(const char* how, double value, const char* nothing = "") {
  char text[32];
  std::snprintf(text, sizeof text, how, value);
  return std::isnan(value) ? nothing : text;
}

/// A piece of a file, fit to be shown in a terminal.
inline std::string quoted(std::string piece) {
  constexpr std::size_t longest = 40;
  const bool cut = piece.size() > longest;
  if (cut) piece.resize(longest);
  for (char& c : piece) c = c < ' ' || c > '~' ? '?' : c;
  return "'" + piece + (cut ? "...'" : "'");
}

/// The number that a text is, in decimal notation; "nan" and "inf" are none.
inline std::optional<double> number(const char* text) {
  if (*text == '\0' || text[std::strspn(text, "0123456789+-.eE")] != '\0') return {};
  char* end = nullptr;
  const double value = std::strtod(text, &end);
  return *end == '\0' && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// The smallest of 1, 2, 5, 10, 20 … (times any power of ten) that is not below `value`.
inline double round_number(double value) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double digit : {1.0, 2.0, 5.0}) {
    if (value <= digit * power * (1 + 1e-9)) return digit * power;
  }
  return 10 * power;
}

}  // namespace support
