/// \file
/// Text files of lines and fields, whose fields libcsv finds.
#pragma once

#include <csv.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <istream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace support {

/// For reading, with a reason where that fails.
inline std::ifstream open(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) throw std::runtime_error(path.string() + ": is a directory, not a file");
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (in) return in;
  throw std::runtime_error(path.string() + ": cannot be opened: " + std::generic_category().message(errno));
}

/// Each ends in NUL and is without its quotes and the blanks around it.
using Fields = std::vector<char*>;

/// The lines of a file, which end in LF, CR LF or CR; what is not text of 8 bits is refused.
class Lines {
 public:
  explicit Lines(std::istream& in) : in_(in) { csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL); }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;
  ~Lines() { csv_free(&parser_); }

  /// Moves on to the next line; false if there is none.
  bool next() {
    if (rest_ == std::string::npos) {
      if (!std::getline(in_, read_)) return false;
      rest_ = 0;
      ends_ = !in_.eof() || read_.back() == '\r';
      if (!read_.empty() && read_.back() == '\r') read_.pop_back();
    }
    const std::size_t end = read_.find('\r', rest_);
    line_ = std::string_view(read_).substr(rest_, end - rest_);
    rest_ = end == read_.npos ? end : end + 1;
    if (++number_ == 1) begin();
    if (line_.find('\0') != line_.npos)
      throw std::runtime_error("is no text, or one of UTF-16, which iconv -t UTF-8 converts");
    return true;
  }

  std::size_t number() const { return number_; }
  bool is_comment() const { return !line_.empty() && line_[0] == '#'; }
  std::string text() const { return std::string(line_); }

  /// Whether the line is the last one and nothing ends it.
  bool is_cut() const { return !ends_ && rest_ == read_.npos; }

  /// Semicolon, tab, comma or blank, whichever comes first in this list and in the first line that is split and has
  /// one; NUL before that line. Several blanks separate as one does.
  char separator() const { return separator_; }

  /// The fields live until the next call.
  Fields& split() {
    const std::size_t first = std::min(line_.find_first_not_of(' '), line_.size());
    const std::string_view line = line_.substr(first, line_.find_last_not_of(' ') + 1 - first);
    for (const char candidate : {';', '\t', ',', ' '}) {
      if (!separator_ && line.find(candidate) != line.npos) separator_ = candidate;
    }
    csv_set_delim(&parser_, static_cast<unsigned char>(separator_ ? separator_ : ','));
    text_.clear();
    starts_.clear();
    const bool good = csv_parse(&parser_, line.data(), line.size(), add, nullptr, this) == line.size() &&
                      csv_fini(&parser_, add, nullptr, this) == 0;
    if (!good) throw std::runtime_error("a quote stands within a field, or is not closed in its line");
    fields_.clear();
    for (const std::size_t start : starts_) {
      if (separator_ != ' ' || text_[start] != '\0') fields_.push_back(&text_[start]);
    }
    return fields_;
  }

 private:
  void begin() {
    const auto starts = [&](std::string_view magic) { return line_.substr(0, magic.size()) == magic; };
    if (starts("\x1f\x8b")) throw std::runtime_error("is compressed by gzip: zcat FILE | ... /dev/stdin");
    if (starts("\xff\xfe") || starts("\xfe\xff"))
      throw std::runtime_error("is UTF-16: iconv -f UTF-16 -t UTF-8 converts it");
    if (starts("\xef\xbb\xbf")) line_.remove_prefix(3);
  }

  static void add(void* field, std::size_t size, void* self) noexcept {  // nothing may be thrown through C
    Lines& lines = *static_cast<Lines*>(self);
    lines.starts_.push_back(lines.text_.size());
    lines.text_.append(static_cast<const char*>(field), size).push_back('\0');
  }

  std::istream& in_;
  std::string read_;  // up to LF
  std::string_view line_;
  std::size_t rest_ = std::string::npos, number_ = 0;
  bool ends_ = true;
  char separator_ = '\0';
  csv_parser parser_{};
  std::string text_;  // of the fields
  std::vector<std::size_t> starts_;
  Fields fields_;
};

}  // namespace support
