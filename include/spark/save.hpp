/// \file
/// Saving tracers, and going on with them later: see docs/persistence.md.
///
///     spark::save("trace.spark", tracer);
///     auto tracer = spark::load<spark::Tracer<Eigen::ArrayXf>>("trace.spark");
///
/// What is saved decides all that a tracer will do: k steps, save, load and the rest equal one run, bit for bit.
/// Everything here throws std::runtime_error with the reason where it fails. What is read is trusted in nothing: it is
/// refused if it is truncated, altered, foreign, of a newer version, or of another class, integration, scalar or shape,
/// its values go through the checks of the constructor, and it takes no more memory than a small multiple of its bytes.
#pragma once

#include <spark/detail/transfer.hpp>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

SPARK_NAMESPACE_BEGIN
namespace detail {

/// Refuses a path with a NUL character, of which the system would take what stands before it.
inline void require_path(const std::filesystem::path& path, const char* what) {
  if (path.native().find(std::filesystem::path::value_type{}) != std::filesystem::path::string_type::npos)
    raise<std::runtime_error>(what, "the path holds a NUL character");
}
/// With the system's reason where it gave one.
[[noreturn]] inline void refuse_file(const std::filesystem::path& path, const char* what, int error) {
  raise<std::runtime_error>(path.string(), what, error ? std::generic_category().message(error) : "the stream failed");
}

/// Makes a tracer of the shape that is wanted, or a new one, what the stream holds.
template <class T> void load_into(T& tracer, std::optional<Shape> wanted, std::istream& stream, bool whole = false) {
  StreamFields<std::istream> fields(stream);
  const Transfer<StreamFields<std::istream>, T> parts(fields, tracer, wanted);
  fields.finish();
  if (whole && stream.peek() != std::istream::traits_type::eof()) refuse_to_load("more follows where it should end");
  parts.restore(tracer);
}
template <class T> void load_into(T& tracer, std::optional<Shape> wanted, const std::filesystem::path& path) {
  require_path(path, "cannot load: ");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse_file(path, ": cannot load: ", errno);
  errno = 0;
  const auto explain = [&](const std::runtime_error& error) {
    if (file.bad() || errno == EISDIR) refuse_file(path, ": cannot load: ", errno);
    raise<std::runtime_error>(path.string(), ": ", error.what());
  };
  with_reason<std::runtime_error>([&] { load_into(tracer, wanted, file, true); }, explain);
}
template <class T, class From> T load_new(From& from) {
  using Dense = typename T::Dense;
  static_assert(Dense::owns_memory, "spark: memory of the caller is filled by spark::load(stream, tracer)");
  static_assert(std::is_default_constructible<Dense>::value,
                "spark: load<T>(stream) calls the constructor T(); spark::load(stream, tracer) works without it");
  T tracer = T(Dense());
  load_into(tracer, std::nullopt, from);
  return tracer;
}

}  // namespace detail

/// Writes a tracer to a stream, which must be binary. Several may follow each other.
template <class T> void save(std::ostream& stream, const T& tracer) {
  detail::StreamFields<std::ostream> fields(stream);
  const detail::Transfer<decltype(fields), T> parts(fields, tracer, std::nullopt);
  fields.finish();
}

/// Replaces the file at `path`, or makes it, by what `write(std::ostream&)` writes. `path` is the former file or the
/// new one at every moment that the program may die in: the new one is written beside it as `path.<16 hex digits>.tmp`
/// and renamed. Whether it outlives a power cut is up to the system. If anything fails, the former file is there and
/// nothing else, and std::runtime_error says why; what `write` throws passes through. `path` must be a file or nothing;
/// a symbolic link is replaced, not followed.
template <class Write> void replace_file(const std::filesystem::path& path, Write write) {
  namespace fs = std::filesystem;
  detail::require_path(path, "cannot save: ");
  std::error_code error;
  if (fs::exists(path, error) && !fs::is_regular_file(path, error))
    detail::raise<std::runtime_error>(path.string(), ": cannot save: this is a folder, a pipe or a device");

  char ending[24];  // of a name that no other process picks
  std::snprintf(ending, sizeof ending, ".%016llx.tmp", static_cast<unsigned long long>(detail::system_seed()));
  struct Temporary {
    fs::path path;
    ~Temporary() {
      std::error_code ignored;
      fs::remove(path, ignored);
    }
  };
  const Temporary temporary{fs::path(path) += ending};
  errno = 0;
  std::ofstream file(temporary.path, std::ios::binary | std::ios::trunc);
  const auto require_file = [&] {
    if (!file) detail::refuse_file(path, ": cannot save: ", errno);
  };
  require_file();
  errno = 0;
  const auto explain = [&](const std::exception&) {
    if (errno != 0) require_file();
  };
  detail::with_reason<std::exception>([&] { write(static_cast<std::ostream&>(file)); }, explain);
  file.close();
  require_file();
  fs::rename(temporary.path, path, error);
  if (error) detail::refuse_file(path, ": cannot save: ", error.value());
}

/// Writes a tracer to a file, which appears whole or not at all: see `replace_file`.
template <class T> void save(const std::filesystem::path& path, const T& tracer) {
  replace_file(path, [&](std::ostream& stream) { save(stream, tracer); });
}

/// The tracer that was saved, as a new one. T needs a constructor without arguments; else load into a tracer.
template <class T> T load(std::istream& stream) { return detail::load_new<T>(stream); }
/// \overload
template <class T> T load(const std::filesystem::path& path) { return detail::load_new<T>(path); }

/// Makes a tracer of the same shape what the saved one was, parameters included; also one over the caller's memory.
/// Nothing changes where it throws.
template <class T> void load(std::istream& stream, T& tracer) { detail::load_into(tracer, tracer.shape(), stream); }
/// \overload
template <class T> void load(const std::filesystem::path& path, T& tracer) {
  detail::load_into(tracer, tracer.shape(), path);
}

/// The hook of cereal and Boost.Serialization: `archive(tracer)`, `archive & tracer`. Loading is into a tracer of the
/// same shape, as by load(stream, tracer). For cereal include <cereal/types/string.hpp> as well.
template <class Archive, class T, class Version, class = typename T::Dense::Law>
void serialize(Archive& archive, T& tracer, const Version&) {
  detail::ArchiveFields<Archive> fields(archive);
  const detail::Transfer<decltype(fields), T> parts(fields, tracer, tracer.shape());
  if constexpr (!Archive::is_saving::value) parts.restore(tracer);
}

SPARK_NAMESPACE_END
