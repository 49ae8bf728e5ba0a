/// \file
/// How the parts of a tracer, one number after the other, go out and come in.
///
/// Where they go `To` has put(name, bits, bytes, i) and text(name, string); where they come from `From` has
/// get(name, bytes, i) and text(name): bytes in a stream (bytes.hpp), or an archive of another library.
#pragma once

#include <spark/io/parts.hpp>

namespace spark {

template <class To>
struct Saving {
  To& to;

  void operator()(const char* name, const std::string& text) { to.text(name, text); }
  template <class X>
  void operator()(const char* name, const X& x) {
    to.put(name, bits_of(x), bytes_of<X>);
  }
  template <class Get>
  void operator()(const char* name, Index size, Get get) {
    for (Index i = 0; i < size; ++i) to.put(name, bits_of(get(i)), bytes_of<decltype(get(i))>, i);
  }
};

/// Memory grows with what has arrived, whatever size was announced.
template <class From>
struct Loading {
  From& from;

  void operator()(const char* name, std::string& text) { text = from.text(name); }
  template <class X>
  void operator()(const char* name, X& x) {
    x = from_bits<X>(from.get(name, bytes_of<X>));
  }
  template <class X>
  void operator()(const char* name, Index size, std::vector<X>& values) {
    const auto wanted = static_cast<std::size_t>(size);
    while (values.size() < wanted) {
      if (values.size() == values.capacity()) values.reserve(std::min(wanted, 2 * values.size() + 8));
      values.push_back(from_bits<X>(from.get(name, bytes_of<X>, static_cast<Index>(values.size()))));
    }
  }
};

/// An archive of cereal or Boost.Serialization, or of another library that has `archive & x`, Archive::is_saving and,
/// for formats with names, archive.setNextName(name). A number goes as the integer that holds its bits, because text
/// archives may lose NaN, infinity or digits.
template <class Archive>
class ArchiveFields {
 public:
  explicit ArchiveFields(Archive& archive) : archive_(archive) {}

  void put(const char* name, Bits bits, int bytes, Index i = -1) { pass(name, bits, bytes, i); }
  Bits get(const char* name, int bytes, Index i = -1) { return pass(name, {}, bytes, i); }
  void text(const char* name, std::string text) { pass(name, text); }
  std::string text(const char* name) {
    std::string text;
    pass(name, text);
    return text;
  }

 private:
  Bits pass(const char* name, Bits bits, int bytes, Index i) {
    const std::string label = i < 0 ? name : name + ("." + std::to_string(i));
    pass(label, bits.low);
    if (bytes > 8) pass(label + ".high", bits.high);
    return bits;
  }
  template <class X>
  void pass(const std::string& label, X& x) {
    pass_named(archive_, label, x, 0);
  }
  template <class A, class X>
  static auto pass_named(A& archive, const std::string& label, X& x, int) -> decltype(archive.setNextName("")) {
    archive.setNextName(label.c_str());
    archive& x;
  }
  template <class A, class X>
  static void pass_named(A& archive, const std::string&, X& x, long) {
    archive& x;
  }

  Archive& archive_;
};

}  // namespace spark
