/// \file
/// Text files become a recording.
///
/// Spikes may come in any order. What a file does not say is either assumed, and noted, or refused with the option that
/// says it; so is whatever is not understood: a recording that is silently incomplete is worse than none.
#pragma once

#include "columns.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <istream>
#include <system_error>

namespace trace_recording {

class Reader {
 public:
  explicit Reader(Format format)
      : format_(std::move(format)), population_(format_.population), known_(format_.all_units) {
    for (const double value : {format_.sampling_rate, format_.nest_resolution}) {
      if (value <= 0 || std::isinf(value)) refuse("--sampling-rate and --nest-resolution have to be positive numbers");
    }
  }

  void read(const std::filesystem::path& path) {
    if (std::filesystem::is_directory(path)) refuse(path.string(), ": is a directory, not a recording");
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    if (!in) refuse(path.string(), ": cannot be opened: ", std::generic_category().message(errno));
    read(in, path.string());
  }

  /// Takes one of the files of a recording.
  void read(std::istream& in, const std::string& name) {
    file_ = File{name, entries_.size()};
    line_ = 0;
    try {
      for (std::string line; std::getline(in, line);) take_lines(line, in.eof());
      if (in.bad()) refuse("reading failed");
      if (line_ == 0) refuse("the file is empty");
    } catch (const std::runtime_error& error) {
      refuse(name, line_ ? text(':', line_) : "", ": ", error.what());
    }
    file_.end = entries_.size();
    files_.push_back(file_);
  }

  /// Once, after the last file.
  Recording finish() {
    settle();
    Recording r{files_[0].name, {}, {}};
    if (files_.size() > 1) r.name += text(" and ", files_.size() - 1, " more");
    if (entries_.empty()) refuse(r.name, ": the file ends without a single spike");
    for (const File& file : files_) {
      std::string note = "read as: " + file.columns.described(file.separator) + (file.commas ? ", decimal comma" : "");
      if (format_.row_per_unit) note += ", each line a unit, the first is 0";
      if (file.columns.count > 0 && (r.notes.empty() || r.notes.back() != note)) r.notes.push_back(note);
    }
    r.notes.insert(r.notes.end(), warnings_.begin(), warnings_.end());
    place(r);
    r.sort();
    return r;
  }

 private:
  struct Entry {
    double time, unit;
  };
  struct File {
    std::string name;
    std::size_t begin = 0, end = 0;  // in entries_
    char separator = '\0';
    double tics_per_ms = untold, tics_per_step = untold;
    bool commas = false, points = false;  // in numbers
    Columns columns{};
  };

  /// What ends in LF or with the file: one line, or several that end in CR.
  void take_lines(std::string_view lines, bool last) {
    const bool unended = last && lines.back() != '\r';
    if (!lines.empty() && lines.back() == '\r') lines.remove_suffix(1);
    for (std::size_t end = 0; end != lines.npos; lines.remove_prefix(end == lines.npos ? 0 : end + 1)) {
      end = lines.find('\r');
      ++line_;
      const bool cut = unended && end == lines.npos;
      if (cut && file_.columns.nest) refuse("the last line has no end: the file is cut");
      take(lines.substr(0, end));
      if (cut && file_.columns.header.empty() && entries_.size() == file_.begin + 1) {
        refuse("the only row has no end: the file is cut");
      }
      if (cut) warnings_.push_back("warning: " + file_.name + ": the last line has no end; is the file complete?");
    }
  }

  void take(std::string_view line) {
    const auto starts = [&](std::string_view magic) { return line.substr(0, magic.size()) == magic; };
    if (line_ == 1 && starts("\x1f\x8b")) refuse("is compressed: zcat ", file_.name, " | trace_recording /dev/stdin");
    if (line_ == 1 && (starts("\xff\xfe") || starts("\xfe\xff")))
      refuse("is UTF-16; iconv -f UTF-16 -t UTF-8 converts it");
    if (line_ == 1 && starts("\xef\xbb\xbf")) line.remove_prefix(3);
    if (line.find('\0') != line.npos) refuse("is no text");
    if (starts("#")) return comment(std::string(line));
    const std::size_t first = std::min(line.find_first_not_of(' '), line.size());
    line = line.substr(first, line.find_last_not_of(' ') + 1 - first);
    for (const char candidate : {';', '\t', ',', ' '}) {
      if (!file_.separator && line.find(candidate) != line.npos) file_.separator = candidate;
    }
    support::Fields& fields = splitter_.split(line, file_.separator ? file_.separator : ',');
    const bool open_end = fields.size() > 1 && *fields.back() == '\0';
    if (open_end) fields.pop_back();
    if (file_.separator == ';') read_commas(fields);
    if (format_.row_per_unit) return row_of_times(fields);
    if (!fields.empty()) row(fields, open_end);
  }

  /// NEST tells the length of its steps here since version 3.9.
  void comment(const std::string& said) {
    file_.columns.nest = file_.columns.nest || said.find("NEST version") != said.npos;
    for (const auto& [key, value] :
         {std::pair("tics_per_ms: ", &file_.tics_per_ms), std::pair("tics_per_step: ", &file_.tics_per_step)}) {
      const std::size_t at = said.find(key);
      if (at == said.npos) continue;
      const auto told = number(said.c_str() + at + std::strlen(key));
      if (!told || *told <= 0 || (!std::isnan(*value) && *value != *told))
        refuse("no length of a step, or another one");
      *value = *told;
    }
  }

  /// Beside semicolons a comma may be a decimal one; with points in the same file, one of the two means thousands.
  void read_commas(const support::Fields& fields) {
    for (char* const field : fields) {
      char* const comma = std::strchr(field, ',');
      if (comma) *comma = '.';
      if (!number(field)) continue;
      file_.commas = file_.commas || comma;
      file_.points = file_.points || (!comma && std::strchr(field, '.'));
      if (file_.commas && file_.points) refuse("numbers with a comma, and numbers with a point");
    }
  }

  void row_of_times(const support::Fields& fields) {
    Columns& c = file_.columns;
    if (c.count == 0) c.clock = clock_told(c, format_, untold), c.count = 1;
    for (const char* field : fields) entries_.push_back({time(value(field, "time")), static_cast<double>(rows_)});
    known_.push_back(rows_++);
  }

  void row(const support::Fields& fields, bool open_end) {
    Columns& c = file_.columns;
    if (c.count == 0) {
      c = columns_of(fields, format_, c.nest, open_end, file_.tics_per_step / file_.tics_per_ms);
      if (!c.header.empty()) return;
    }
    // NEST's files may have been joined, each with its header.
    const auto same = [](const std::string& a, const char* b) { return a == b; };
    if (std::equal(c.header.begin(), c.header.end(), fields.begin(), fields.end(), same)) return;
    if (fields.size() != c.count) {
      refuse("expected ", c.count, " fields, as in the first row, found ", fields.size(), " in this one",
             c.header.empty() ? "; if each line holds the times of a unit, --row-per-unit" : "");
    }
    if (c.population != c.none && !is_wanted(fields[c.population])) return;
    const double first = value(fields[c.time], "time");
    const double unit = c.unit == c.none ? 0 : value(fields[c.unit], "unit");
    if (c.undecided) return entries_.push_back({first, unit});
    if (!is_identifier(unit)) refuse("the unit ", quoted(fields[c.unit]), " is not a whole number from 0 to 1e15");
    entries_.push_back({time(first) - (c.offset == c.none ? 0 : offset(fields[c.offset])), unit});
  }

  bool is_wanted(const char* population) {
    if (population_.empty()) population_ = population;
    if (population_ == population) return true;
    if (!format_.population.empty()) return false;
    refuse("several populations, whose units may share numbers: --population chooses one, such as ",
           quoted(population_));
  }

  /// Identifiers may be written as 2821 or 2821.0; larger numbers are not exact in every table.
  static bool is_identifier(double value) { return value >= 0 && value < 1e15 && std::floor(value) == value; }

  static double value(const char* field, const char* what) {
    const auto found = number(field);
    if (!found) refuse("the ", what, ' ', quoted(field), " is not a number");
    return *found;
  }

  double time(double value) const {
    constexpr double longest_ms = 1e12;  // up to there times and numbers of steps stay exact
    const Clock& clock = file_.columns.clock;
    if (clock.whole && std::floor(value) != value) refuse("the time ", value, " is not a whole number of steps");
    if (!(std::abs(clock.ms(value)) <= longest_ms))
      refuse("a time of more than 31 years: --time-unit or --sampling-rate");
    return clock.ms(value);
  }

  /// NEST counts it back from the end of a step.
  double offset(const char* field) const {
    const double ms = value(field, "offset"), step = file_.columns.clock.ms(1);
    if (ms >= 0 && ms < step) return ms;
    refuse("an offset of ", ms, " ms proves that a step does not last ", step, " ms: --nest-resolution");
  }

  /// Without a header the time is the column that never decreases, unless that may be the unit of a list unit by unit.
  void settle() {
    bool first = true, second = true;
    std::string name;
    for (const File& file : files_) {
      if (!file.columns.undecided) continue;
      name = file.name;
      first = first && may_be(file, &Entry::time, &Entry::unit);
      second = second && may_be(file, &Entry::unit, &Entry::time);
    }
    if (!name.empty() && first == second) {
      refuse(name, ": no header, and ", first ? "either" : "neither", " column may be the time: --time-column 1 or 2");
    }
    for (File& file : files_) {
      if (!file.columns.undecided) continue;
      if (second) std::swap(file.columns.time, file.columns.unit);
      file_ = file;
      for (std::size_t i = file.begin; i < file.end; ++i) {
        if (second) std::swap(entries_[i].time, entries_[i].unit);
        try {
          entries_[i].time = time(entries_[i].time);
        } catch (const std::runtime_error& error) {
          refuse(file.name, ": ", error.what());
        }
      }
    }
  }

  bool may_be(const File& file, double Entry::*time, double Entry::*unit) const {
    bool by_time = true, by_unit = true, repeats = false;
    for (std::size_t i = file.begin; i < file.end; ++i) {
      const Entry &now = entries_[i], &before = entries_[i == file.begin ? i : i - 1];
      if (!is_identifier(now.*unit)) return false;
      const bool same = i > file.begin && now.*unit == before.*unit;
      by_time = by_time && now.*time >= before.*time;
      by_unit = by_unit && now.*unit >= before.*unit && (!same || now.*time >= before.*time);
      repeats = repeats || same;
    }
    return by_time || (by_unit && repeats);
  }

  /// Units in ascending order, also those that are only known.
  void place(Recording& r) const {
    const auto sorted = [](std::vector<std::int64_t> ids) {
      std::sort(ids.begin(), ids.end());
      ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
      return ids;
    };
    r.ids = known_;
    for (const Entry& e : entries_) r.ids.push_back(static_cast<std::int64_t>(e.unit));
    r.ids = sorted(std::move(r.ids));
    if (!known_.empty() && r.ids != sorted(known_))
      refuse(r.name, ": there are spikes of units that --all-units lacks");
    r.spikes.reserve(entries_.size());
    for (const Entry& e : entries_) {
      r.spikes.push_back(
          {e.time, std::lower_bound(r.ids.begin(), r.ids.end(), static_cast<std::int64_t>(e.unit)) - r.ids.begin()});
    }
  }

  Format format_;
  std::string population_;
  std::vector<std::int64_t> known_;  // units, without regard to spikes
  support::Splitter splitter_;
  File file_{};
  std::size_t line_ = 0;
  std::int64_t rows_ = 0;
  std::vector<Entry> entries_;
  std::vector<File> files_;
  std::vector<std::string> warnings_;
};

}  // namespace trace_recording
