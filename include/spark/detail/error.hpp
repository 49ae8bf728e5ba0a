/// \file
/// How the library says that a call was wrong: in every build type, before anything has changed.
#pragma once

#include <spark/detail/platform.hpp>

#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <locale>
#include <sstream>
#include <stdexcept>
#include <string>

SPARK_NAMESPACE_BEGIN
namespace detail {

/// False, once X is known: for the static_assert of a function that is there to say what to write instead.
template <class X> constexpr bool never = false;

/// A part of a message: anything that a stream writes.
struct MessagePart {
  template <class X> MessagePart(const X& x)
      : value(&x), write([](std::ostream& text, const void* part) { text << *static_cast<const X*>(part); }) {}

  const void* value;
  void (*write)(std::ostream&, const void*);
};

/// Throws an `Error` whose text is all parts in a row, the same under any global locale. Without exceptions it prints
/// the text and aborts.
template <class Error> [[noreturn]] EIGEN_DONT_INLINE void raise_message(std::initializer_list<MessagePart> parts) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text.precision(17);
  for (const MessagePart& part : parts) part.write(text, part.value);
#ifdef SPARK_EXCEPTIONS
  throw Error(text.str());
#else
  std::fprintf(stderr, "%s\n", text.str().c_str());
  std::abort();
#endif
}
/// The same; takes the parts by value, so that whoever checks may keep them in registers.
template <class Error, class... Parts> [[noreturn]] EIGEN_DONT_INLINE void raise(Parts... parts) {
  raise_message<Error>({parts...});
}

/// Throws std::invalid_argument: "Tracer: tau must be positive, got -3 at element 7".
template <class... Parts> [[noreturn]] void refuse(const Parts&... parts) { raise<std::invalid_argument>(parts...); }

/// Throws std::out_of_range.
template <class... Parts> [[noreturn]] void refuse_range(const Parts&... parts) { raise<std::out_of_range>(parts...); }

/// Returns act(). Where that throws an `Error`, `explain(error)` may throw something that says more; else it goes on.
template <class Error, class Act, class Explain> auto with_reason(Act act, [[maybe_unused]] Explain explain) {
#ifdef SPARK_EXCEPTIONS
  try {
    return act();
  } catch (const Error& error) {
    explain(error);
    throw;
  }
#else
  return act();
#endif
}

}  // namespace detail
SPARK_NAMESPACE_END
