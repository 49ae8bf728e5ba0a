/// \file
/// The fields of a line of text, as libcsv finds them.
#pragma once

#include <csv.h>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace support {

/// Each ends in NUL and is without its quotes and the blanks around it.
using Fields = std::vector<char*>;

class Splitter {
 public:
  Splitter() { csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL); }
  Splitter(const Splitter&) = delete;
  Splitter& operator=(const Splitter&) = delete;
  ~Splitter() { csv_free(&parser_); }

  /// The fields live until the next call. Several blanks separate as one does.
  Fields& split(std::string_view line, char separator) {
    csv_set_delim(&parser_, static_cast<unsigned char>(separator));
    text_.clear();
    starts_.clear();
    const bool good = csv_parse(&parser_, line.data(), line.size(), add, nullptr, this) == line.size() &&
                      csv_fini(&parser_, add, nullptr, this) == 0;
    if (!good) throw std::runtime_error("a quote stands within a field, or is not closed in its line");
    fields_.clear();
    for (const std::size_t start : starts_) {
      if (separator != ' ' || text_[start] != '\0') fields_.push_back(&text_[start]);
    }
    return fields_;
  }

 private:
  static void add(void* field, std::size_t size, void* self) noexcept {  // nothing may be thrown through C
    Splitter& splitter = *static_cast<Splitter*>(self);
    splitter.starts_.push_back(splitter.text_.size());
    splitter.text_.append(static_cast<const char*>(field), size).push_back('\0');
  }

  csv_parser parser_{};
  std::string text_;
  std::vector<std::size_t> starts_;
  Fields fields_;
};

}  // namespace support
