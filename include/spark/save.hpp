/// \file
/// Saving tracers, and going on with them later.
///
///     spark::save("trace.spark", tracer);
///     auto tracer = spark::load<spark::Tracer<Eigen::ArrayXf>>("trace.spark");
///
/// What is saved decides all that a tracer will do: parameters, options, state, clock and generator. k steps, save,
/// load and the rest equal one run, bit for bit. docs/persistence.md has the bytes one by one, and what they promise.
///
/// Everything here throws std::runtime_error with the reason where it fails. What is read is trusted in nothing: it is
/// refused if it is truncated, altered, foreign, of a newer version, or of another class, integration, scalar or shape,
/// and its values go through the checks of the constructor. Reading allocates no more than a small multiple of the
/// bytes that were there, whatever size they announce. Tracers of `half`, `bfloat16`, `float`, `double` and `long
/// double` can be saved, and `EventDriven` ones of them.
#pragma once

#include <spark/detail/snapshot.hpp>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

SPARK_NAMESPACE_BEGIN
namespace detail {

template <class T> void write(std::ostream& stream, const T& tracer) {
  auto parts = Access::take(tracer);
  ByteWriter bytes(stream);
  parts.pass(bytes, nullptr);
  bytes.finish();
}
template <class T> auto read(std::istream& stream, const Shape* wanted) {
  typename SnapshotOf<T>::type parts;
  ByteReader bytes(stream);
  parts.pass(bytes, wanted);
  bytes.finish();
  return parts;
}

/// An archive of cereal or Boost.Serialization, or of another library that has `archive & x`, Archive::is_saving and,
/// for formats with names, archive.setNextName(name). A number goes as the integer that holds its bits, because text
/// archives may lose NaN, infinity or digits.
template <class Archive> class ArchiveFields {
 public:
  explicit ArchiveFields(Archive& archive) : archive_(archive) {}

  template <class T> void operator()(const char* name, T& number, std::int64_t i = -1) {
    const std::string label = i < 0 ? name : name + ("." + std::to_string(i));
    Bits bits = bits_of(number);
    pass(archive_, label, bits.low, 0);
    if (bytes_of < T >> 8) pass(archive_, label + ".high", bits.high, 0);
    number = number_of<T>(bits);
  }
  void operator()(const char* name, std::string& text) { pass(archive_, name, text, 0); }

 private:
  template <class A, class X> static auto pass(A& archive, const std::string& label, X& x, int)
      -> decltype(archive.setNextName("")) {
    archive.setNextName(label.c_str());
    archive& x;
  }
  template <class A, class X> static void pass(A& archive, const std::string&, X& x, long) { archive& x; }

  Archive& archive_;
};

[[noreturn]] inline void refuse_file(const std::filesystem::path& path, const char* what, int error) {
  raise<std::runtime_error>(path.string(), ": ", what, ": ", std::generic_category().message(error ? error : EIO));
}

inline void require_replaceable(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  if (path.native().find(fs::path::value_type{}) != fs::path::string_type::npos)
    raise<std::runtime_error>("cannot save: the path holds a NUL character");
  std::error_code error;
  if (fs::exists(path, error) && !fs::is_regular_file(path, error))
    raise<std::runtime_error>(path.string(), ": cannot save: this is something else than a file");
}

/// A name that no other process picks.
inline std::filesystem::path path_beside(std::filesystem::path path) {
  std::ostringstream ending;
  ending.imbue(std::locale::classic());
  ending << '.' << std::hex << (system_seed(&ending) | std::uint64_t{1} << 63) << ".tmp";
  return path += ending.str();
}

}  // namespace detail

/// Writes a tracer to a stream, which must be binary. Several may follow each other.
template <class T> void save(std::ostream& stream, const T& tracer) { detail::write(stream, tracer); }

/// Replaces the file at `path`, or makes it, by what `write(std::ostream&)` writes. `path` is the former file or the
/// new one at every moment that the program may die in: the new one is written beside it as `path.<16 hex digits>.tmp`
/// and renamed. (Whether it outlives a power cut is up to the system; flush the folder where that matters.) If anything
/// fails, the former file is there and nothing else, and std::runtime_error says why; what `write` throws passes
/// through. `path` must be a file or nothing; a symbolic link is replaced, not followed.
template <class Write> void replace_file(const std::filesystem::path& path, Write write) {
  namespace fs = std::filesystem;
  detail::require_replaceable(path);
  struct Temporary {
    fs::path path;
    ~Temporary() {
      std::error_code ignored;
      if (!path.empty()) fs::remove(path, ignored);
    }
  } temporary;
  const fs::path beside = detail::path_beside(path);
  errno = 0;
  std::ofstream file(beside, std::ios::binary | std::ios::trunc);
  if (!file) detail::refuse_file(path, "cannot save", errno);
  temporary.path = beside;
  errno = 0;
  const auto require = [&] {
    if (!file && errno != 0) detail::refuse_file(path, "cannot save", errno);
  };
#ifdef SPARK_EXCEPTIONS
  try {
    write(static_cast<std::ostream&>(file));
  } catch (...) {
    require();  // says more
    throw;
  }
#else
  write(static_cast<std::ostream&>(file));
#endif
  file.close();
  require();
  if (!file) detail::raise<std::runtime_error>(path.string(), ": cannot save: the stream failed");
  std::error_code error;
  fs::rename(beside, path, error);
  if (error) detail::refuse_file(path, "cannot save", error.value());
  temporary.path.clear();
}

/// Writes a tracer to a file, which appears whole or not at all: see `replace_file`.
template <class T> void save(const std::filesystem::path& path, const T& tracer) {
  replace_file(path, [&](std::ostream& stream) { save(stream, tracer); });
}

/// The tracer that was saved, as a new one. A tracer of one's own needs the constructors of BaseTracer; else load into
/// one.
template <class T> T load(std::istream& stream) {
  auto parts = detail::read<T>(stream, nullptr);
  return detail::Access::make<T>(parts);
}
/// Makes a tracer of the same shape what the saved one was, parameters included; also one over the caller's memory.
/// Nothing changes where it throws.
template <class T> void load(std::istream& stream, T& tracer) {
  const Shape shape = tracer.shape();
  auto parts = detail::read<T>(stream, &shape);
  detail::Access::restore(tracer, parts);
}

namespace detail {
/// Returns use(stream of the file at `path`), which must leave nothing unread.
template <class Parts, class Use> auto read_file(const std::filesystem::path& path, Parts read, Use use) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse_file(path, "cannot load", errno);
#ifdef SPARK_EXCEPTIONS
  try {
#endif
    errno = 0;
    auto parts = read(file);
    if (file.peek() != std::ifstream::traits_type::eof())
      raise<std::runtime_error>("cannot load: more follows where it should end");
    return use(parts);
#ifdef SPARK_EXCEPTIONS
  } catch (const std::runtime_error& error) {
    if (file.bad() || errno == EISDIR) refuse_file(path, "cannot load", errno);
    raise<std::runtime_error>(path.string(), ": ", error.what());
  }
#endif
}
}  // namespace detail

/// \overload
template <class T> T load(const std::filesystem::path& path) {
  return detail::read_file(
      path, [](std::istream& stream) { return detail::read<T>(stream, nullptr); },
      [](auto& parts) { return detail::Access::make<T>(parts); });
}
/// \overload
template <class T> void load(const std::filesystem::path& path, T& tracer) {
  const Shape shape = tracer.shape();
  detail::read_file(
      path, [&](std::istream& stream) { return detail::read<T>(stream, &shape); },
      [&](auto& parts) { detail::Access::restore(tracer, parts); });
}

/// The hook of cereal and Boost.Serialization: `archive(tracer)`, `archive & tracer`. Loading is into a tracer of the
/// same shape, as by load(stream, tracer). For cereal include <cereal/types/string.hpp> as well.
template <class Archive, class T, class Version, class Snapshot = typename detail::SnapshotOf<T>::type,
          class = decltype(Snapshot::parameters)>
void serialize(Archive& archive, T& tracer, const Version&) {
  detail::ArchiveFields<Archive> fields(archive);
  if constexpr (Archive::is_saving::value) {
    auto parts = detail::Access::take(tracer);
    parts.pass(fields, nullptr);
  } else {
    const Shape shape = tracer.shape();
    Snapshot parts;
    parts.pass(fields, &shape);
    detail::Access::restore(tracer, parts);
  }
}

SPARK_NAMESPACE_END
