/// \file
/// Files that appear whole or not at all.
#pragma once

#include <spark/error.hpp>
#include <spark/random.hpp>

#include <cerrno>
#include <cstdio>
#include <istream>
#include <ostream>
#include <streambuf>
#include <system_error>
#include <utility>

#ifdef _WIN32
#include <io.h>

#include <filesystem>
#else
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace spark {

// What systems do not have in common.
#ifdef _WIN32
using Path = std::filesystem::path;  // a std::string, too, becomes one

inline std::FILE* open_file(const Path& path, const char* mode) {
  return _wfopen(path.c_str(), std::wstring(mode, mode + std::char_traits<char>::length(mode)).c_str());
}
inline bool to_disk(std::FILE* file) { return _commit(_fileno(file)) == 0; }
inline bool is_no_file(const Path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored);
}
inline bool move_file(const Path& from, const Path& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  errno = error.default_error_condition().value();
  return !error;
}
inline void remove_file(const Path& path) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
}
inline void sync_folder(const Path&) {}
#else
using Path = std::string;  // a std::filesystem::path, too, becomes one

inline std::FILE* open_file(const Path& path, const char* mode) { return std::fopen(path.c_str(), mode); }
inline bool to_disk(std::FILE* file) { return fsync(fileno(file)) == 0; }
/// Renaming onto a device would replace it.
inline bool is_no_file(const Path& path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}
inline bool move_file(const Path& from, const Path& to) { return std::rename(from.c_str(), to.c_str()) == 0; }
inline void remove_file(const Path& path) { std::remove(path.c_str()); }
/// The new name is on disk, too; some file systems refuse this, and need not be asked.
inline void sync_folder(const Path& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == Path::npos ? "." : path.substr(0, slash + 1);
  if (std::FILE* file = open_file(folder, "r")) {
    to_disk(file);
    std::fclose(file);
  }
}
#endif

/// A file as the buffer of a stream. (<fstream> would not say how to flush it to disk, nor what went wrong.)
class FileBuffer : public std::streambuf {
 public:
  FileBuffer(const Path& path, const char* mode) : file_(open_file(path, mode)), error_(file_ ? 0 : errno) {}
  FileBuffer(const FileBuffer&) = delete;
  FileBuffer& operator=(const FileBuffer&) = delete;
  ~FileBuffer() override { close(); }

  /// The first error, as errno has it; 0 if there was none.
  int error() const { return error_; }
  bool is_open() const { return file_ != nullptr; }
  void flush_to_disk() { note(std::fflush(file_) == 0 && to_disk(file_)); }
  void close() { note(file_ == nullptr || std::fclose(std::exchange(file_, nullptr)) == 0); }

 protected:
  std::streamsize xsputn(const char* from, std::streamsize count) override {
    const std::size_t written = std::fwrite(from, 1, static_cast<std::size_t>(count), file_);
    note(std::ferror(file_) == 0);
    return static_cast<std::streamsize>(written);
  }
  int_type overflow(int_type c) override {
    const char byte = traits_type::to_char_type(c);
    return c == traits_type::eof() || xsputn(&byte, 1) == 1 ? traits_type::not_eof(c) : traits_type::eof();
  }
  int sync() override {
    note(std::fflush(file_) == 0);
    return error_ == 0 ? 0 : -1;
  }
  std::streamsize xsgetn(char* to, std::streamsize count) override {
    const std::size_t read = std::fread(to, 1, static_cast<std::size_t>(count), file_);
    note(std::ferror(file_) == 0);
    return static_cast<std::streamsize>(read);
  }
  int_type uflow() override {
    char byte;
    return xsgetn(&byte, 1) == 1 ? traits_type::to_int_type(byte) : traits_type::eof();
  }
  int_type underflow() override { return std::ungetc(uflow(), file_); }  // the end of a file cannot be put back

 private:
  void note(bool success) {
    if (!success && error_ == 0) error_ = errno != 0 ? errno : EIO;
  }

  std::FILE* file_;
  int error_;
};

/// Replaces the file at `path`, or makes it, by what `write(std::ostream&)` writes. At every moment, also if the
/// process is killed or the machine stops, `path` is the former file or the new one: the new one is written beside it
/// as `path.<16 hex digits>.tmp`, flushed to disk, and renamed. If anything fails, the former file is there and nothing
/// else, and std::runtime_error says why; what `write` throws passes through. Only a process that is killed leaves its
/// `.tmp` behind. `path` must be a file or nothing; a symbolic link is replaced, not followed.
template <class Write>
void replace_file(const Path& path, Write write) {
  struct Temporary {
    Path path;
    FileBuffer buffer{path, "wbx"};  // x: only if there is none
    bool made = buffer.is_open();

    ~Temporary() {
      buffer.close();
      if (made) remove_file(path);
    }
  };
  const auto check = [&](int error) {
    if (error) raise<std::runtime_error>(path, ": cannot save: ", std::generic_category().message(error));
  };
  if (is_no_file(path)) raise<std::runtime_error>(path, ": cannot save: this is something else than a file");
  char ending[22];
  const std::uint64_t unique = system_seed(&ending);
  std::snprintf(ending, sizeof ending, ".%08lx%08lx.tmp", static_cast<unsigned long>(unique >> 32),
                static_cast<unsigned long>(unique & 0xffffffffu));
  Path beside = path;
  beside += ending;
  Temporary temporary{beside};
  FileBuffer& buffer = temporary.buffer;
  check(buffer.error());

  std::ostream stream(&buffer);
  try {
    write(stream);
  } catch (...) {
    check(buffer.error());  // says more
    throw;
  }
  if (!stream) raise<std::runtime_error>(path, ": cannot save: the stream failed");
  buffer.flush_to_disk();
  buffer.close();
  check(buffer.error());
  check(move_file(beside, path) ? 0 : errno);
  temporary.made = false;
  sync_folder(path);
}

/// Returns use(read(stream)) of a stream of the file at `path`; `read` must leave nothing unread. std::runtime_error
/// says why where that fails.
template <class Read, class Use>
auto read_file(const Path& path, Read read, Use use) {
  FileBuffer buffer(path, "rb");
  const auto check = [&] {
    if (buffer.error() == 0) return;
    raise<std::runtime_error>(path, ": cannot load: ", std::generic_category().message(buffer.error()));
  };
  check();
  try {
    std::istream stream(&buffer);
    auto content = read(stream);
    if (stream.get() != EOF) raise<std::runtime_error>("cannot load: more follows where it should end");
    return use(content);
  } catch (const std::runtime_error& error) {
    check();  // says more
    raise<std::runtime_error>(path, ": ", error.what());
  }
}

}  // namespace spark
