/// \file
/// What the columns of a recording mean: by their names, by the command line, or by what NEST does.
#pragma once

#include "../support/csv.hpp"
#include "recording.hpp"

#include <cstdlib>
#include <cstring>
#include <optional>
#include <regex>

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

/// A piece of a file, fit to be shown in a terminal.
inline std::string quoted(std::string piece) {
  const bool cut = piece.size() > 40;
  if (cut) piece.resize(40);
  for (char& c : piece) c = c < ' ' || c > '~' ? '?' : c;
  return "'" + piece + (cut ? "...'" : "'");
}

/// The number that a field holds; hexadecimal ones, "nan" and "inf" no recording holds on purpose.
inline std::optional<double> number(const char* field) {
  if (*field == '\0' || field[std::strspn(field, "0123456789+-.eE")] != '\0') return {};
  char* end = nullptr;
  const double value = std::strtod(field, &end);
  return *end == '\0' && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// Whether a column's name is one that people give to times or units, and the unit of time at its end.
struct Title {
  bool time = false, unit = false;
  std::string time_unit{};  ///< steps, s, ms, us or nothing

  explicit Title(const std::string& name) {
    if (name.size() > 40) return;  // matching goes as deep as a name is long
    constexpr auto like = std::regex::ECMAScript | std::regex::icase;
    static const std::regex times("(?:(?:spike[_ ]?)?time(?:stamp)?s?|t)(?:[_ ]?[_ ([](ms|s|us|µs|μs)[)\\]]?)?", like);
    static const std::regex units("(unit|neuron|cell|node|cluster|sender)s?([_ ]?(id|index)s?)?|g?ids?|i", like);
    std::smatch found;
    unit = std::regex_match(name, units);
    time = name == "time_step" || std::regex_match(name, found, times);
    const std::string end = found.empty() ? "" : found.str(1);
    time_unit = name == "time_step" ? "steps" : end.size() < 2 ? end : std::tolower(end[0]) == 'm' ? "ms" : "us";
    if (time_unit == "S") time_unit = "s";
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
  std::vector<std::string> header{};  ///< empty: there is none
  bool nest = false;                  ///< then a last line without an end is cut
  bool undecided = false;             ///< of the first two, either may be the time
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
    for (std::size_t i = 0; found.empty() && i < count; ++i) {
      if (place == static_cast<double>(i + 1)) return i;
    }
    if (found.size() == 1) return found[0];
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
    nest = nest || open_end;
    undecided = !named_time && !named_unit && !nest;
    if (!named_time) time = named_unit ? 1 - unit : nest ? 1 : 0;
    unit = 1 - time;
  }

  std::string described(char separator) const {
    const auto shown = [&](std::size_t i, const std::string& meaning) {
      return text(", column ", i + 1, ' ', header.empty() ? "" : quoted(header[i]) + " ", meaning);
    };
    std::string words = separator == ' '   ? "blank"
                        : separator == ',' ? "comma"
                        : separator == ';' ? "semicolon"
                                           : "tab";
    words = (separator ? words + "-separated" : "one column") + (header.empty() ? ", no header" : "");
    std::string of_unit = unit == none ? ", unit 0" : shown(unit, nest && header.empty() ? "sender" : "unit");
    const std::string of_time = shown(time, "time in " + clock.said);
    return words + (unit < time ? of_unit + of_time : of_time + of_unit);
  }
};

/// What the header, NEST's comments (a step of so many ms) and the command line say; they have to agree.
inline Clock clock_told(const Columns& c, const Format& f, double step_ms) {
  const bool consulted = !c.header.empty() && !number(f.time_column.c_str());
  const std::string told = consulted ? Title(c.header[c.time]).time_unit : "";
  const std::string wanted = !std::isnan(f.sampling_rate)     ? "samples"
                             : !std::isnan(f.nest_resolution) ? "steps"
                                                              : f.time_unit;
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

/// From the first row, a header or not; `open_end` if it ends in a separator.
inline Columns columns_of(const support::Fields& row, const Format& f, bool nest, bool open_end, double step_ms) {
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

}  // namespace trace_recording
