/// \file
/// How the library says that a call was wrong: in every build type, before anything has changed.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

namespace spark {

/// Throws an `Error` whose text is all parts in a row.
template <class Error, class... Parts>
[[noreturn]] void raise(const Parts&... parts) {
  std::ostringstream text;
  text.precision(17);
  (text << ... << parts);
  throw Error(text.str());
}

/// Throws std::invalid_argument: "Tracer: tau must be positive, got -3 at element 7".
template <class... Parts>
[[noreturn]] void refuse(const Parts&... parts) {
  raise<std::invalid_argument>(parts...);
}

/// Throws std::out_of_range.
template <class... Parts>
[[noreturn]] void refuse_range(const Parts&... parts) {
  raise<std::out_of_range>(parts...);
}

}  // namespace spark
