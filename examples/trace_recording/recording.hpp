/// \file
/// Recorded spikes, and the two kinds of text file they come in.
///
/// CSV, as spreadsheets and analysis scripts write it:
///
///     time_ms,unit
///     6.7,0
///
/// and the ASCII recording backend of NEST, whose columns are separated by tabs:
///
///     # NEST version: 3.8
///     sender  time_ms            or    sender  time_step  time_offset
///     1       6.700                    1       67         0.000
///
/// Spikes may come in any order, lines may end in LF or CR LF. Whatever is not understood is
/// refused with the place and the reason: a recording that is silently incomplete is worse than
/// none.
#pragma once

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <istream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace trace_recording {

struct Spike {
  double time_ms;
  std::int64_t unit;  ///< position in Recording::ids
};

struct Recording {
  std::string name;
  std::vector<std::int64_t> ids;  ///< the units as the file numbers them, ascending
  std::vector<Spike> spikes;      ///< in order of time; a time that occurs twice is two spikes

  double end_ms() const { return spikes.back().time_ms; }
};

/// The text says where and why: `file:line: reason`.
struct RecordingError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

namespace detail {

// Longer than any experiment, and short enough that times and step numbers stay exact integers.
constexpr double longest_ms = 1e12;

/// A piece of a file, fit to be shown in a terminal.
inline std::string quoted(const std::string& text) {
  constexpr std::size_t longest = 40;
  std::string shown = text.substr(0, longest);
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  return "'" + shown + (text.size() > longest ? "...'" : "'");
}

inline std::string shown(double number) {
  std::ostringstream text;
  text << number;
  return text.str();
}

inline std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

inline std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> fields;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(separator, begin), line.size());
    fields.push_back(trimmed(line.substr(begin, end - begin)));
    begin = end + 1;
  }
  return fields;
}

/// Where the reader stands, and what a line means there.
class LineReader {
 public:
  LineReader(std::string name, double nest_resolution_ms)
      : name_(std::move(name)), nest_resolution_ms_(nest_resolution_ms) {
    if (!(nest_resolution_ms > 0) || std::isinf(nest_resolution_ms)) {
      throw std::invalid_argument("the resolution of a NEST recording, " + shown(nest_resolution_ms) +
                                  ", has to be a positive number of milliseconds");
    }
  }

  void read(std::string line) {
    ++line_;
    if (line_ == 1 && line.compare(0, 3, "\xEF\xBB\xBF") == 0) line.erase(0, 3);  // spreadsheets
    if (trimmed(line).empty() || line.front() == '#') return;

    if (layout_ == Layout::Unknown) {
      layout_ = layout_of(line);
      header_ = trimmed(line);
    } else if (trimmed(line) != header_) {  // NEST's files, one per thread, may have been joined
      spikes_.push_back(spike(line));
    }
  }

  Recording finish() {
    if (line_ == 0) throw RecordingError(name_ + ": the file is empty");
    if (spikes_.empty()) refuse("the file ends without a single spike");

    Recording recording{name_, {}, std::move(spikes_)};
    auto& ids = recording.ids;
    for (const Spike& s : recording.spikes) ids.push_back(s.unit);
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    for (Spike& s : recording.spikes) {
      s.unit = std::lower_bound(ids.begin(), ids.end(), s.unit) - ids.begin();
    }
    std::stable_sort(recording.spikes.begin(), recording.spikes.end(),
                     [](const Spike& a, const Spike& b) { return a.time_ms < b.time_ms; });
    return recording;
  }

 private:
  enum class Layout { Unknown, Csv, NestTimes, NestSteps };
  using Fields = std::vector<std::string>;

  Layout layout_of(const std::string& line) const {
    if (split(line, ',') == Fields{"time_ms", "unit"}) return Layout::Csv;
    const Fields nest = split(line, '\t');
    if (nest == Fields{"sender", "time_ms"}) return Layout::NestTimes;
    if (nest == Fields{"sender", "time_step", "time_offset"}) return Layout::NestSteps;
    refuse(
        "expected the header 'time_ms,unit' or one of NEST's ('sender', 'time_ms' or 'sender', "
        "'time_step', 'time_offset', separated by tabs), found " +
        quoted(line));
  }

  Spike spike(const std::string& line) const {
    const Fields fields = split(line, layout_ == Layout::Csv ? ',' : '\t');
    const std::size_t expected = layout_ == Layout::NestSteps ? 3 : 2;
    if (fields.size() != expected) {
      refuse("expected " + std::to_string(expected) + " fields, as in the header, found " +
             std::to_string(fields.size()) + " in " + quoted(line));
    }
    switch (layout_) {
      case Layout::Csv: return {time(number(fields[0], "time")), unit(fields[1])};
      case Layout::NestTimes: return {time(number(fields[1], "time")), unit(fields[0])};
      default: break;
    }
    // NEST counts the offset back from the end of the step.
    const auto step = static_cast<double>(whole(fields[1], "time step"));
    return {time(step * nest_resolution_ms_ - number(fields[2], "time offset")), unit(fields[0])};
  }

  double time(double ms) const {
    if (ms < 0) refuse("the time " + shown(ms) + " ms is negative");
    if (ms > longest_ms) refuse("the time is more than 31 years; times are in milliseconds");
    return ms;
  }

  std::int64_t unit(const std::string& text) const {
    const std::int64_t id = whole(text, "unit");
    if (id < 0) refuse("the unit " + quoted(text) + " is negative");
    return id;
  }

  double number(const std::string& text, const char* what) const {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    // strtod would also take hexadecimal numbers, which no recording holds on purpose.
    const bool is_number = !text.empty() && *end == '\0' &&
                           static_cast<std::size_t>(end - text.c_str()) == text.size() &&
                           text.find_first_of("xX") == std::string::npos;
    if (!is_number) refuse("the " + std::string(what) + " " + quoted(text) + " is not a number");
    if (!std::isfinite(value)) refuse("the " + std::string(what) + " " + quoted(text) + " is not finite");
    return value;
  }

  std::int64_t whole(const std::string& text, const char* what) const {
    std::int64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    if (parsed.ec != std::errc() || parsed.ptr != end) {
      refuse("the " + std::string(what) + " " + quoted(text) + " is not a whole number");
    }
    return value;
  }

  [[noreturn]] void refuse(const std::string& reason) const {
    throw RecordingError(name_ + ":" + std::to_string(line_) + ": " + reason);
  }

  std::string name_;
  double nest_resolution_ms_;
  std::size_t line_ = 0;
  Layout layout_ = Layout::Unknown;
  std::string header_;
  std::vector<Spike> spikes_;  // still with the unit's own number
};

}  // namespace detail

/// Reads a whole recording. NEST's files in steps do not say how long a step is:
/// `nest_resolution_ms` does.
inline Recording read_recording(std::istream& in, const std::string& name, double nest_resolution_ms = 0.1) {
  detail::LineReader reader(name, nest_resolution_ms);
  for (std::string line; std::getline(in, line);) reader.read(std::move(line));
  if (in.bad()) throw RecordingError(name + ": reading failed");
  return reader.finish();
}

inline Recording read_recording(const std::filesystem::path& file, double nest_resolution_ms = 0.1) {
  if (std::filesystem::is_directory(file)) {
    throw RecordingError(file.string() + ": is a directory, not a recording");
  }
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    throw RecordingError(file.string() + ": cannot be opened: " + std::generic_category().message(errno));
  }
  return read_recording(in, file.string(), nest_resolution_ms);
}

}  // namespace trace_recording
