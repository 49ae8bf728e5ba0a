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

#include <spark/io/fields.hpp>
#include <spark/io/file.hpp>

namespace spark {

/// Writes a tracer to a stream, which must be binary. Several may follow each other.
template <class T>
void save(std::ostream& stream, const T& tracer) {
  ByteWriter bytes(stream);
  Saving<ByteWriter> fields{bytes};
  Persistence::Original<T> parts(tracer);
  Persistence::describe<T>(fields, parts);
  bytes.finish();
}

/// Writes a tracer to a file, which appears whole or not at all: see `replace_file`.
template <class T>
void save(const Path& path, const T& tracer) {
  replace_file(path, [&](std::ostream& stream) { save(stream, tracer); });
}

/// What `load` has read and not yet trusted. Reads not one byte too many.
template <class T>
Persistence::Copy<T> read_parts(std::istream& stream, std::optional<Shape> shape = {}) {
  ByteReader bytes(stream);
  Loading<ByteReader> fields{bytes};
  Persistence::Copy<T> parts(shape);
  Persistence::describe<T>(fields, parts);
  bytes.finish();
  return parts;
}

/// The tracer that was saved, as a new one. A tracer of one's own needs a public constructor that takes a shape, all
/// parameters of its law and `Options`, as those of this library do; else load into one.
template <class T>
T load(std::istream& stream) {
  return read_parts<T>(stream).make();
}
/// \overload
template <class T>
T load(const Path& path) {
  return read_file(
      path, [](std::istream& stream) { return read_parts<T>(stream); }, [](auto& parts) { return parts.make(); });
}

/// Makes a tracer of the same shape what the saved one was, parameters included; also one over the caller's memory.
/// Nothing changes where it throws.
template <class T>
void load(std::istream& stream, T& tracer) {
  read_parts<T>(stream, tracer.shape()).restore(tracer);
}
/// \overload
template <class T>
void load(const Path& path, T& tracer) {
  read_file(
      path, [&](std::istream& stream) { return read_parts<T>(stream, tracer.shape()); },
      [&](auto& parts) { parts.restore(tracer); });
}

/// Whether T is a tracer, dense or event-driven.
template <class T>
constexpr bool is_tracer = std::is_base_of<BaseTracer<T>, T>::value;
/// Whether T is a tracer, dense or event-driven.
template <class T>
constexpr bool is_tracer<EventDriven<T>> = true;

/// The hook of cereal and Boost.Serialization: `archive(tracer)`, `archive & tracer`. Loading is into a tracer of the
/// same shape, as by load(stream, tracer). For cereal include <cereal/types/string.hpp> as well.
template <class Archive, class T, class Version, std::enable_if_t<is_tracer<T>, int> = 0>
void serialize(Archive& archive, T& tracer, const Version&) {
  ArchiveFields<Archive> numbers(archive);
  if constexpr (Archive::is_saving::value) {
    Saving<ArchiveFields<Archive>> fields{numbers};
    Persistence::Original<T> parts(tracer);
    Persistence::describe<T>(fields, parts);
  } else {
    Loading<ArchiveFields<Archive>> fields{numbers};
    Persistence::Copy<T> parts(tracer.shape());
    Persistence::describe<T>(fields, parts);
    parts.restore(tracer);
  }
}

}  // namespace spark
