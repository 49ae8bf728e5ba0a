/// \file
/// How the library says that a call was wrong: in every build type, before anything has changed.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

namespace spark {

/// Throws std::invalid_argument: "Tracer: tau must be positive, got -3 at element 7".
template <class... Parts>
[[noreturn]] void refuse(const Parts&... parts) {
  std::ostringstream text;
  text.precision(17);
  (text << ... << parts);
  throw std::invalid_argument(text.str());
}

/// Throws std::out_of_range.
template <class... Parts>
[[noreturn]] void refuse_range(const Parts&... parts) {
  std::ostringstream text;
  (text << ... << parts);
  throw std::out_of_range(text.str());
}

}  // namespace spark
