// The example's reader of recordings: what it takes, what it refuses and in which words.
#include "../../examples/trace_recording/reader.hpp"

#include <random>
#include <regex>
#include <set>

#include "support/catch.hpp"

using namespace trace_recording;

using Files = std::vector<std::string>;

static Recording read(const Files& files, const Format& format = {}) {
  Reader reader(format);
  for (const std::string& file : files) {
    std::istringstream in(file);
    reader.read(in, "spikes");
  }
  return reader.finish();
}

// "6.7@12 12.4@3": what spiked when; or why not.
static std::string outcome(const Files& files, const Format& format = {}) {
  try {
    const Recording r = read(files, format);
    std::string all;
    for (const Spike& s : r.spikes) all += text(' ', s.time_ms, '@', r.ids[static_cast<std::size_t>(s.unit)]);
    return all.substr(1);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

template <class Value, class Told> static Format with(Value Format::*option, const Told& told) {
  Format format;
  format.*option = told;
  return format;
}

struct Sample {
  std::string name, text, expected, read_as;
  Format format{};  // column of times, column of units, unit of times, ...
};

const std::string nest = "# NEST version: 3.9.0\n# RecordingBackendASCII version: 3\n";
const std::string nest_steps = "sender\ttime_step\ttime_offset\n3\t5\t0.000\n1\t3\t0.125\n";

const std::vector<Sample> samples{
    {"CSV", "time_ms,unit\n7.25,4\n0,12\n1e1,4\n7.25,12\n", "0@12 7.25@4 7.25@12 10@4",
     "comma-separated, column 1 'time_ms' time in ms, column 2 'unit' unit"},
    {"a spike that is there twice counts twice", "time_ms,unit\n1,0\n1,0\n", "1@0 1@0", ""},
    {"capitals", "Time_MS,Neuron\n6.7,0\n", "6.7@0", ""},
    {"unit first", "id,t\n5,0.5\n", "0.5@5", "column 1 'id' unit, column 2 't' time in ms (assumed, else --time-unit)"},
    {"identifiers as decimal fractions", "time_ms,unit\n33.0,2821.0\n39.0,2.841e3\n", "33@2821 39@2841", ""},
    {"more columns than needed", "time_ms,neuron_id,step\n0.2,0,2\n0.5,1,5\n", "0.2@0 0.5@1", ""},
    {"a last field that is empty", "time_ms,unit,note\n1,2,ok\n3,4,\n", "1@2 3@4", ""},
    {"a column of row numbers, as pandas writes it", ",spike_times,cluster\n0,1.5,7\n1,2.5,8\n", "1.5@7 2.5@8", ""},
    {"seconds", "timestamps (s),cluster_id\n0.001,42\n.25,7\n", "1@42 250@7", "time in s"},
    {"microseconds", "time_us,i\n1500,42\n", "1.5@42", "time in us"},
    {"microseconds as Greek", "time [µs],i\n1500,42\n", "1.5@42", "time in us"},
    {"quotes", "\"time_ms\",\"unit\",\"note\"\n\"1.5\",\"2\",\"a, b\"\n2,3,\"say \"\"c\"\"\"\n", "1.5@2 2@3", ""},
    {"semicolons", "neuron_id;timestamp\n0;10\n1;40\n", "10@0 40@1", "semicolon-separated"},
    {"decimal comma", "time_ms;unit\n0,5;1\n1,25e1;2\n", "0.5@1 12.5@2", "decimal comma"},
    {"tabs", "times\tids\n0.5\t1\n", "0.5@1", "tab-separated"},
    {"blanks", "  t   i \n 0.5   1 \n1.5 12\n", "0.5@1 1.5@12", "blank-separated"},
    {"comments and empty lines", "# by hand\n\ntime_ms, unit \n\n 1.5 ,\t2\n# more\n2.5,2\n\n\n", "1.5@2 2.5@2", ""},
    {"before zero", "time_ms,unit\n-1.5,0\n2,0\n", "-1.5@0 2@0", ""},
    {"one column", "spike_times\n1.5\n0.5\n", "0.5@0 1.5@0", "one column, column 1 'spike_times' time in ms"},
    {"one column without a header", "1.5\n0.5\n", "0.5@0 1.5@0", "one column, no header", Format{"1"}},
    {"SONATA", "timestamps population node_ids\n0.5 v1 3\n1.5 v1 1\n", "0.5@3 1.5@1", ""},
    {"NEST 3", nest + "sender\ttime_ms\n3\t1.250\n1\t0.700\n", "0.7@1 1.25@3", "column 2 'time_ms' time in ms"},
    {"NEST 3, joined", nest + "sender\ttime_ms\n1\t0.5\n" + nest + "sender\ttime_ms\n2\t0.25\n", "0.25@2 0.5@1", ""},
    {"NEST 3 in steps", nest + "# tics_per_ms: 1000.0\n# tics_per_step: 250\n" + nest_steps, "0.625@1 1.25@3",
     "time in steps of 0.25 ms"},
    {"NEST 3 in steps that are told", nest + nest_steps, "0.625@1 1.25@3", "", with(&Format::nest_resolution, 0.25)},
    {"NEST 2", "12\t6.000\t\n3\t12.000\t\n", "6@12 12@3",
     "tab-separated, no header, column 1 sender, column 2 time in ms"},
    {"NEST 2 in steps", "12\t6\t\n3\t12\t\n", "0.6@12 1.2@3", "", with(&Format::nest_resolution, 0.1)},
    {"no header, time first", "1.5,3\n2.5,1\n2.5,0\n", "1.5@3 2.5@1 2.5@0", "column 1 time in ms"},
    {"no header, time last", "3 7\n1 8\n0 8\n", "7@3 8@1 8@0", "column 1 unit, column 2 time in ms"},
    {"no header, and the unit can be but one", "1,6.5\n2,7.5\n", "6.5@1 7.5@2", ""},
    {"no header, told", "24\t0\n76\t0\n20\t1\n", "20@1 24@0 76@0", "", with(&Format::time_column, "1")},
    {"no header, told otherwise", "0  823\n0  851\n1  425\n", "425@1 823@0 851@0", "", with(&Format::unit_column, "1")},
    {"no header, three columns, told", "7 a 1.5\n8 b 1\n", "1@8 1.5@7", "", Format{"3", "1"}},
    {"names that nobody knows, told", "when,who\n1,2\n", "1@2", "", Format{"when", "who"}},
    {"a name told by its number is not believed", "time_ms,unit\n1,2\n", "1000@2", "", Format{"1", "", "s"}},
    {"unit of time told", "t,neuron\n0.001,42\n", "1@42", "time in s", with(&Format::time_unit, "s")},
    {"samples", "timestamp,unit\n30000,1\n45,2\n", "1.5@2 1000@1", "time in samples at 30000 Hz",
     with(&Format::sampling_rate, 30000)},
    {"one population", "timestamps population node_ids\n1 lgn 3\n2 v1 3\n", "2@3", "", with(&Format::population, "v1")},
    {"a last line without an end", "time_ms,unit\n1,0\n2,0", "1@0 2@0", "spikes: the last line has no end"},
    {"a row for each unit", "1.5 2.5 8\n\n0.5\n", "0.5@2 1.5@0 2.5@0 8@0", "each line a unit, the first is 0",
     with(&Format::row_per_unit, true)},
};

TEST_CASE("what people have is read, and what editors and spreadsheets do to a file is no error") {
  for (const Sample& s : samples) {
    CAPTURE(s.name);
    CHECK_THAT(read({s.text}, s.format).notes.back(), Catch::Matchers::ContainsSubstring(s.read_as));
    for (const std::string begin : {"", "\xEF\xBB\xBF"})
      for (const std::string end : {"\n", "\r\n", "\r"})
        CHECK(outcome({begin + std::regex_replace(s.text, std::regex("\n"), end)}, s.format) == s.expected);
  }
}

TEST_CASE("several files are one recording") {
  const std::string header = nest + "sender\ttime_ms\n";
  CHECK(outcome({header + "1\t0.5\n", header, header + "2\t0.25\n"}) == "0.25@2 0.5@1");
  CHECK(read({header + "1\t0.5\n", header + "2\t0.25\n"}).notes.size() == 1);
  CHECK(outcome({"3 7\n1 8\n", "5 9\n"}) == "7@3 8@1 9@5");  // the first one shows which column is the time
}

TEST_CASE("whatever is not understood is refused with file, line and reason, and with the option that helps") {
  const std::string csv = "time_ms,unit\n1,0\n";
  struct Refused {
    std::string text, reason;
    Format format{};
  };
  const auto seconds = with(&Format::time_unit, "s");
  const auto tenths = with(&Format::nest_resolution, 0.1);
  const std::vector<Refused> cases{
      {"", "spikes: the file is empty"},
      {"time_ms,unit\n", "spikes: the file ends without a single spike"},
      {"# nothing\n\n", "spikes: the file ends without a single spike"},
      {"\x1f\x8b\x08", "spikes:1: is compressed by gzip: zcat"},
      {std::string("\xff\xfet\0i\0", 6), "spikes:1: is UTF-16: iconv"},
      {std::string("\x7f\x45LF\0\1", 6), "spikes:1: is no text"},
      {"when,who\n1,2\n", "spikes:1: --time-column has to name or number one of 2 columns: 'when, who'"},
      {"time,who\n1,2\n", "spikes:1: --unit-column has to"},
      {"t,time,i\n1,2,3\n", "spikes:1: --time-column has to"},
      {"t,unit,id\n1,2,3\n", "spikes:1: --unit-column has to"},
      {"1\n2\n", "spikes:1: --time-column has to name or number one of 1 columns: there is no header"},
      {"1 2 3\n", "spikes:1: --time-column has to name or number one of 3 columns: there is no header"},
      {"t,i\n1,2\n", "spikes:1: --time-column 'when' has to", Format{"when"}},
      {"t,i\n1,2\n", "spikes:1: --time-column and --unit-column choose the same column", Format{"1", "1"}},
      {"t,i\n1,2\n", "spikes:1: --time-column '3' has to", Format{"3"}},
      {"t,i\n1,2\n", "spikes:1: --time-column '1.9' has to", Format{"1.9"}},
      {"1 2\n2 3\n", "spikes: no header, and either column may be the time: --time-column 1 or 2"},
      {"24\t0\n76\t0\n20\t1\n", "spikes: no header, and either"},
      {"0  823\n0  851\n1  425\n", "spikes: no header, and either"},
      {"3 1\n1 3\n2 2\n", "spikes: no header, and neither"},
      {"1.5 soon\n", "spikes:1: the unit 'soon' is not a number", Format{"1", "2"}},
      {"1.5 1\n2 3 4\n", "spikes:2: expected 2 fields, as in the first row, found 3 in this one; if each line holds"},
      {"x1.5,1\n2.5,1\n", "spikes:1: neither a header nor a row of numbers: 'x1.5'"},
      {csv + "2\n", "spikes:3: expected 2 fields, as in the first row, found 1"},
      {csv + "2,0,0\n", "spikes:3: expected 2 fields, as in the first row, found 3"},
      {csv + "2;0\n", "spikes:3: expected 2 fields"},
      {csv + "\r\nsoon,0\n", "spikes:4: the time 'soon' is not a number"},
      {csv + std::string(100, 'x') + ",0\n", "spikes:3: the time '" + std::string(40, 'x') + "...' is not a number"},
      {csv + "\x1b[2J,0\n", "spikes:3: the time '?[2J' is not a number"},
      {csv + "1e13,0\n", "spikes:3: a time of more than 31 years: --time-unit or --sampling-rate"},
      {csv + "2,left\n", "spikes:3: the unit 'left' is not a number"},
      {csv + "\"2,0\n3,0\n", "spikes:3: a quote"},
      {"time_ms;unit\n0,5;1\n1.234;2\n", "spikes:3: numbers with a comma, and numbers with a point"},
      {"time_ms;unit\n1.234,5;1\n", "spikes:2: the time '1.234.5' is not a number"},
      {"time_ms,unit\n1,2\n", "spikes:1: times are in ms by the header and in s by the command line", seconds},
      {nest_steps, "spikes:1: times are in steps by the header and in s", seconds},
      {"timestamps population node_ids\n1 lgn 3\n2 v1 3\n",
       "spikes:3: several populations, whose units may share numbers: --population"},
      {csv, "spikes:1: --population: there is no column", with(&Format::population, "v1")},
      {csv, "spikes: spikes of units that --all-units lacks", with(&Format::all_units, std::vector<std::int64_t>{1})},
      {nest_steps, "spikes:1: times in steps, whose length the file does not tell: --nest-resolution"},
      {nest_steps, "spikes:3: an offset of 0.125 ms proves that a step does not last 0.1 ms: --nest-resolution",
       tenths},
      {"# tics_per_ms: 1000\n# tics_per_step: 1000\n" + nest_steps,
       "spikes:3: --nest-resolution 0.1: in the file a step lasts 1 ms", tenths},
      {"# tics_per_step: 0\n", "spikes:1: no length of a step"},
      {"sender\ttime_step\n1\t2.5\n", "spikes:2: the time 2.5 is not a whole number of steps", tenths},
      {nest + "sender\ttime_ms\n1\t6.7\n12\t129", "spikes:5: the last line has no end: the file is cut"},
      {"12\t6.700\t\n3\t12", "spikes:2: the last line has no end"},
      {"12\t6.700\t\n3\t12\n", "spikes:2: expected 2 fields"},
      {"24 0", "spikes:1: the only row has no end", Format{"1", "2"}},
  };
  for (const auto& [text, reason, format] : cases) {
    CAPTURE(text);
    CHECK_THAT(outcome({text}, format), Catch::Matchers::StartsWith(reason));
  }
  for (const std::string time : {"", "0x10", "nan", "-inf", "1e999"})
    CHECK(outcome({csv + time + ",0\n"}) == "spikes:3: the time '" + time + "' is not a number");
  for (const std::string unit : {"1.5", "-1", "99999999999999999999"})
    CHECK(outcome({csv + "2," + unit + "\n"}) ==
          "spikes:3: the unit '" + unit + "' is not a whole number from 0 to 1e15");
}

// Changes one to three places, or cuts the end off.
static std::string damaged(std::string text, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
  const std::string likely = "0123456789.,;-e\t \n\r\"#";
  for (std::size_t times = 1 + below(3); times > 0; --times) {
    const std::size_t at = below(text.size());
    const char c = below(4) ? likely[below(likely.size())] : static_cast<char>(below(256));
    switch (below(5)) {
      case 0: text.insert(at, 1, c); break;
      case 1: text.erase(at, 1 + below(4)); break;
      case 2: text.resize(at); break;
      case 3: text.insert(at, text.substr(below(text.size()), below(12))); break;
      default: text.replace(at, 1, 1, c);
    }
  }
  return text;
}

// The numbers of each line that is no comment.
static std::vector<std::set<double>> numbers_by_line(std::string text, bool decimal_comma) {
  if (decimal_comma) text = std::regex_replace(text, std::regex(","), ".");
  text = std::regex_replace(text, std::regex("[,;\"]"), " ");
  std::istringstream in(std::regex_replace(text, std::regex("\r"), "\n"));
  std::vector<std::set<double>> all;
  for (std::string line, word; std::getline(in, line);) {
    std::istringstream words(line[0] == '#' ? "" : line);
    for (all.emplace_back(); words >> word;)
      if (const auto value = number(word.c_str())) all.back().insert(*value);
  }
  return all;
}

TEST_CASE("damage to a file makes up no spikes") {
  std::mt19937 random(20);
  for (const Sample& sample : samples) {
    CAPTURE(sample.name);
    for (int i = 0; i < 1000; ++i) {
      const std::string text = damaged(sample.text, random);
      try {
        const Recording r = read({text}, sample.format);
        const auto lines = numbers_by_line(text, sample.read_as == "decimal comma");
        for (const Spike& s : r.spikes) {
          const auto unit = static_cast<double>(r.ids[static_cast<std::size_t>(s.unit)]);
          // In a unit of time that may be damaged too; an offset is at most one step. Without units all are of 0.
          const auto holds = [&](const std::set<double>& line, double ms) {
            const auto next = line.lower_bound(s.time_ms / ms - 1e-9 * std::abs(s.time_ms / ms));
            return next != line.end() && *next - s.time_ms / ms <= 1 + 1e-9 &&
                   (line.count(unit) > 0 || r.ids.back() == 0 || sample.format.row_per_unit);
          };
          bool found = false;
          for (const auto& line : lines)
            for (const double ms : {1.0, 1000.0, 1e-3, 0.1, 1 / 30.0, 0.25}) found = found || holds(line, ms);
          if (!found) FAIL("made up: " << s.time_ms << " of " << unit << " from\n" << text);
        }
      } catch (const std::runtime_error&) {
      }
    }
  }
}
