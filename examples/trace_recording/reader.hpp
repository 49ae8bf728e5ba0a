/// \file
/// Text files become a recording.
///
/// Spikes may come in any order. What a file does not say is either assumed, and noted, or refused with the option that
/// says it; so is whatever is not understood: a recording that is silently incomplete is worse than none.
#pragma once

#include "../support/csv.hpp"
#include "recording.hpp"

#include <map>
#include <regex>
#include <set>

namespace trace_recording {

/// What the command line says of the files; empty or untold is to be found out.
struct Format {
  std::string time_column{}, unit_column{};  ///< a name, or a number from 1 on
  std::string time_unit{};                   ///< s, ms or us
  double sampling_rate = untold;             ///< Hz
  double nest_resolution = untold;           ///< ms
  bool row_per_unit = false;
  std::string population{};
  std::vector<std::int64_t> all_units{};
};

/// Whether a column's name is one that people give to times or units, and the unit of time at its end.
struct Title {
  bool time = false, unit = false;
  std::string time_unit{};  ///< steps, s, ms, us or nothing

  explicit Title(const std::string& name) {
    if (name.size() > 40) return;  // matching goes as deep as a name is long
    constexpr auto like = std::regex::ECMAScript | std::regex::icase;
    static const std::regex times("((spike[_ ]?)?time(stamp)?s?|t)([_ ]?[_ ([](ms|s|us|µs|μs)[)\\]]?)?|time_step",
                                  like);
    static const std::regex units("(unit|neuron|cell|node|cluster|sender)s?([_ ]?(id|index)s?)?|g?ids?|i", like);
    std::smatch found;
    unit = std::regex_match(name, units);
    time = std::regex_match(name, found, times);
    if (const std::string end = found.str(5); !end.empty())
      time_unit = end.size() == 1 ? "s" : (end[0] | 32) == 'm' ? "ms" : "us";
    if (name == "time_step") time_unit = "steps";
  }
};

/// How the numbers of a file become milliseconds.
struct Clock {
  double times = 1, per = 1;
  std::string said = "ms";
  bool whole = false;  ///< only whole numbers

  double ms(double value) const { return value * times / per; }
};

/// Which columns of one file hold what; numbered from 0 here, from 1 for the user.
struct Columns {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t count = 0, time = 0, unit = none, offset = none, population = none;
  std::vector<std::string> header{};     ///< empty: there is none
  bool nest = false, open_ends = false;  ///< then a last line without an end is cut
  bool undecided = false;                ///< of the first two, either may be the time
  Clock clock{};

  /// The one that the user names or numbers, else the one whose title fits.
  std::size_t choose(const char* option, const std::string& wanted, bool Title::*fits) const {
    std::vector<std::size_t> found;
    std::string names;
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (wanted.empty() ? Title(header[i]).*fits : header[i] == wanted) found.push_back(i);
      names += (i ? ", " : "") + header[i];
    }
    const double place = number(wanted.c_str()).value_or(0);
    if (found.size() == 1) return found[0];
    if (found.empty() && place >= 1 && place <= static_cast<double>(count) && place == std::floor(place))
      return static_cast<std::size_t>(place) - 1;
    refuse(option, ' ', wanted.empty() ? "" : quoted(wanted) + " ", "has to name or number one of ", count,
           " columns: ", header.empty() ? "there is no header" : quoted(names));
  }

  void choose_by_name(const Format& f) {
    time = choose("--time-column", f.time_column, &Title::time);
    if (count > 1) unit = choose("--unit-column", f.unit_column, &Title::unit);
    for (std::size_t i = 0; i < count; ++i) {
      if (header[i] == "population") population = i;
      if (header[i] == "time_offset" && header[time] == "time_step") offset = i;
      if (header[i] == "sender") nest = true;
    }
  }

  /// NEST 2 writes sender and time, and a tab at the `open_end` of each line.
  void choose_by_place(const Format& f, bool open_end) {
    const bool named_time = !f.time_column.empty(), named_unit = !f.unit_column.empty();
    if (named_time || count != 2) time = choose("--time-column", f.time_column, nullptr);
    if (named_unit || count > 2) unit = choose("--unit-column", f.unit_column, nullptr);
    if (count != 2 || (named_time && named_unit)) return;
    nest = (open_ends = open_end) || nest;
    undecided = !named_time && !named_unit && !nest;
    if (!named_time) time = named_unit ? 1 - unit : nest ? 1 : 0;
    unit = 1 - time;
  }

  std::string described(char separator) const {
    const auto shown = [&](std::size_t i, const std::string& meaning) {
      return text(", column ", i + 1, ' ', header.empty() ? "" : quoted(header[i]) + " ", meaning);
    };
    const std::string names[] = {"blank", "tab", "comma", "semicolon"};
    std::string words = separator ? names[std::string(" \t,;").find(separator)] + "-separated" : "one column";
    if (header.empty()) words += ", no header";
    const std::string of_unit = unit == none ? ", unit 0" : shown(unit, nest && header.empty() ? "sender" : "unit");
    const std::string of_time = shown(time, "time in " + clock.said);
    return words + (unit < time ? of_unit + of_time : of_time + of_unit);
  }
};

/// What the header, NEST's comments (a step of so many ms) and the command line say; they have to agree.
inline Clock clock_told(const Columns& c, const Format& f, double step_ms) {
  const bool consulted = !c.header.empty() && !number(f.time_column.c_str());
  const std::string told = consulted ? Title(c.header[c.time]).time_unit : "";
  std::string wanted = f.time_unit;
  if (!std::isnan(f.sampling_rate)) wanted = "samples";
  if (!std::isnan(f.nest_resolution)) wanted = "steps";
  if (!told.empty() && !wanted.empty() && told != wanted) {
    refuse("times are in ", told, " by the header and in ", wanted, " by the command line; --time-column ", c.time + 1,
           " takes the column and not its name");
  }
  const std::string unit = told.empty() ? wanted : told;
  if (unit == "samples") return {1000, f.sampling_rate, text("samples at ", f.sampling_rate, " Hz")};
  if (unit == "steps") {
    const double ms = std::isnan(f.nest_resolution) ? step_ms : f.nest_resolution;
    if (std::isnan(ms)) refuse("times in steps, whose length the file does not tell: --nest-resolution does, in ms");
    if (step_ms < ms || step_ms > ms) refuse("--nest-resolution ", ms, ": in the file a step lasts ", step_ms, " ms");
    return {ms, 1, text("steps of ", ms, " ms"), true};
  }
  if (unit.empty() && !c.nest) return {1, 1, "ms (assumed, else --time-unit)"};
  return unit == "s" ? Clock{1000, 1, unit} : unit == "us" ? Clock{1, 1000, unit} : Clock{};
}

/// From the first row, a header or not; `open_end` if it ends in a tab.
inline Columns columns_of(const Fields& row, const Format& f, bool nest, bool open_end, double step_ms) {
  Columns c;
  c.count = row.size();
  c.nest = nest;
  const bool header = std::none_of(row.begin(), row.end(), [](const char* field) { return number(field); });
  if (header) c.header.assign(row.begin(), row.end());
  header ? c.choose_by_name(f) : c.choose_by_place(f, open_end);
  if (!header && !number(row[c.time])) refuse("neither a header nor a row of numbers: ", quoted(row[c.time]));
  if (c.time == c.unit) refuse("--time-column and --unit-column choose the same column");
  if (c.population == c.none && !f.population.empty()) refuse("--population: there is no column of that name");
  c.clock = clock_told(c, f, step_ms);
  return c;
}

class Reader {
 public:
  explicit Reader(Format format)
      : format_(std::move(format)),
        population_(format_.population),
        known_(format_.all_units.begin(), format_.all_units.end()) {}

  void read(const std::filesystem::path& path) {
    std::ifstream in = open(path);
    read(in, path.string());
  }

  /// Takes one of the files of a recording.
  void read(std::istream& in, const std::string& name) {
    file_ = File{name, entries_.size()};
    Lines lines(in);
    try {
      while (lines.next()) take(lines);
      if (in.bad()) refuse("reading failed");
      if (lines.number() == 0) refuse("the file is empty");
    } catch (const std::runtime_error& error) {
      refuse(name, lines.number() ? text(':', lines.number()) : "", ": ", error.what());
    }
    file_.end = entries_.size();
    file_.separator = lines.separator();
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
    std::map<std::string, double> tics{};
    bool commas = false, points = false;  // in numbers
    Columns columns{};
  };

  void take(Lines& lines) {
    if (lines.is_cut() && file_.columns.nest) refuse("the last line has no end: the file is cut");
    if (lines.is_comment()) return comment(lines.text());
    Fields& fields = lines.split();
    // an empty field behind the last separator, unless the first row has a column for it
    const Columns& c = file_.columns;
    const bool open_end =
        fields.size() > 1 && *fields.back() == '\0' && (c.count == 0 || c.open_ends || fields.size() > c.count);
    if (open_end) fields.pop_back();
    if (lines.separator() == ';') read_commas(fields);
    row(fields, open_end && lines.separator() == '\t');
    if (!lines.is_cut()) return;
    if (file_.columns.header.empty() && entries_.size() == file_.begin + 1) refuse("the only row has no end");
    warnings_.push_back("warning: " + file_.name + ": the last line has no end; is the file complete?");
  }

  /// NEST tells the length of its steps here since version 3.9.
  void comment(const std::string& said) {
    file_.columns.nest = file_.columns.nest || said.find("NEST version") != said.npos;
    for (const char* key : {"tics_per_ms: ", "tics_per_step: "}) {
      const std::size_t at = said.find(key);
      if (at == said.npos) continue;
      const double told = number(said.c_str() + at + std::strlen(key)).value_or(0);
      const double known = file_.tics.emplace(key, told).first->second;
      if (told <= 0 || told != known) refuse("no length of a step, or another one");
    }
  }

  /// Beside semicolons a comma may be a decimal one; with points in the same file, one of the two means thousands.
  void read_commas(const Fields& fields) {
    for (char* const field : fields) {
      char* const comma = std::strchr(field, ',');
      if (comma) *comma = '.';
      if (!number(field)) continue;
      if (std::strchr(field, '.')) (comma ? file_.commas : file_.points) = true;
      if (file_.commas && file_.points) refuse("numbers with a comma, and numbers with a point");
    }
  }

  void row_of_times(const Fields& fields) {
    Columns& c = file_.columns;
    if (c.count == 0) c.clock = clock_told(c, format_, untold), c.count = 1;
    for (const char* field : fields) entries_.push_back({time(value(field, "time")), static_cast<double>(rows_)});
    known_.insert(rows_++);
  }

  void row(const Fields& fields, bool open_end) {
    Columns& c = file_.columns;
    if (format_.row_per_unit) return row_of_times(fields);
    if (fields.empty()) return;
    if (c.count == 0) {
      const double step_ms =
          file_.tics.size() == 2 ? file_.tics["tics_per_step: "] / file_.tics["tics_per_ms: "] : untold;
      c = columns_of(fields, format_, c.nest, open_end, step_ms);
      if (!c.header.empty()) return;
    }
    // NEST's files may have been joined, each with its header.
    const auto same = [](const std::string& a, const char* b) { return a == b; };
    if (std::equal(c.header.begin(), c.header.end(), fields.begin(), fields.end(), same)) return;
    if (fields.size() != c.count || (c.open_ends && !open_end)) {
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
    if (population_ == population || !format_.population.empty()) return population_ == population;
    refuse("several populations, whose units may share numbers: --population chooses one, such as ",
           quoted(population_));
  }

  /// Identifiers may be written as 2821 or 2821.0; larger numbers are not exact in every table.
  static bool is_identifier(double value) { return value >= 0 && value < 1e15 && std::floor(value) == value; }

  static double value(const char* field, const char* what) {
    if (const auto found = number(field)) return *found;
    refuse("the ", what, ' ', quoted(field), " is not a number");
  }

  double time(double value, const std::string& where = "") const {
    constexpr double longest_ms = 1e12;  // up to there times and numbers of steps stay exact
    const Clock& clock = file_.columns.clock;
    const double ms = clock.ms(value);
    if (clock.whole && std::floor(value) != value) refuse(where, "the time ", value, " is not a whole number of steps");
    if (!(std::abs(ms) <= longest_ms)) refuse(where, "a time of more than 31 years: --time-unit or --sampling-rate");
    return ms;
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
    for (const File& file : files_) {
      first = first && (!file.columns.undecided || may_be(file, &Entry::time, &Entry::unit));
      second = second && (!file.columns.undecided || may_be(file, &Entry::unit, &Entry::time));
    }
    for (File& file : files_) {
      if (!file.columns.undecided) continue;
      if (first == second) {
        refuse(file.name, ": no header, and ", first ? "either" : "neither",
               " column may be the time: --time-column 1 or 2");
      }
      if (second) std::swap(file.columns.time, file.columns.unit);
      file_ = file;
      const std::string where = file.name + ": ";
      for (std::size_t i = file.begin; i < file.end; ++i) {
        if (second) std::swap(entries_[i].time, entries_[i].unit);
        entries_[i].time = time(entries_[i].time, where);
      }
    }
  }

  bool may_be(const File& file, double Entry::*time, double Entry::*unit) const {
    const Entry *const begin = entries_.data() + file.begin, *const end = entries_.data() + file.end;
    const auto whole = [=](const Entry& e) { return is_identifier(e.*unit); };
    const auto same = [=](const Entry& a, const Entry& b) { return a.*unit == b.*unit; };
    const auto earlier = [=](const Entry& a, const Entry& b) { return a.*time < b.*time; };
    const auto before = [=](const Entry& a, const Entry& b) {
      return a.*unit < b.*unit || (same(a, b) && earlier(a, b));
    };
    const bool unit_by_unit = std::is_sorted(begin, end, before) && std::adjacent_find(begin, end, same) != end;
    return std::all_of(begin, end, whole) && (std::is_sorted(begin, end, earlier) || unit_by_unit);
  }

  /// Units in ascending order, also those that are only known.
  void place(Recording& r) const {
    for (const Entry& e : entries_) r.ids.push_back(static_cast<std::int64_t>(e.unit));
    r.ids.insert(r.ids.end(), known_.begin(), known_.end());
    std::sort(r.ids.begin(), r.ids.end());
    r.ids.erase(std::unique(r.ids.begin(), r.ids.end()), r.ids.end());
    if (!known_.empty() && r.ids.size() > known_.size()) refuse(r.name, ": spikes of units that --all-units lacks");
    r.spikes.reserve(entries_.size());
    for (const Entry& e : entries_) {
      const auto unit = std::lower_bound(r.ids.begin(), r.ids.end(), static_cast<std::int64_t>(e.unit));
      r.spikes.push_back({e.time, unit - r.ids.begin()});
    }
  }

  Format format_;
  std::string population_;
  std::set<std::int64_t> known_;  // units, without regard to spikes
  File file_{};
  std::int64_t rows_ = 0;
  std::vector<Entry> entries_;
  std::vector<File> files_;
  std::vector<std::string> warnings_;
};

}  // namespace trace_recording
