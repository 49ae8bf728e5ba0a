// The example's reader of recordings: what it takes, what it refuses and in which words, and how
// times become steps.
#include "../examples/trace_recording/recording.hpp"

#include "../examples/trace_recording/bins.hpp"
#include "../examples/trace_recording/bursting.hpp"
#include "../examples/trace_recording/envelope.hpp"
#include "../examples/trace_recording/view.hpp"
#include "catch.hpp"

#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace trace_recording;

namespace {

constexpr double unset = std::numeric_limits<double>::quiet_NaN();

Recording read(const std::string& text, double nest_resolution = 0.1) {
  std::istringstream in(text);
  return read_recording(in, "spikes.csv", nest_resolution);
}

std::string refusal(const std::string& text) {
  try {
    read(text);
  } catch (const RecordingError& error) {
    return error.what();
  }
  return "nothing was refused";
}

std::vector<double> times(const Recording& recording) {
  std::vector<double> all;
  for (const Spike& spike : recording.spikes) all.push_back(spike.time_ms);
  return all;
}

std::vector<std::int64_t> units(const Recording& recording) {
  std::vector<std::int64_t> all;
  for (const Spike& spike : recording.spikes) {
    all.push_back(recording.ids[static_cast<std::size_t>(spike.unit)]);
  }
  return all;
}

}  // namespace

TEST_CASE("a CSV recording is read in any order of lines") {
  const Recording recording = read("time_ms,unit\n7.25,4\n0,12\n1e1,4\n7.25,12\n");
  CHECK(recording.ids == std::vector<std::int64_t>{4, 12});
  CHECK(times(recording) == std::vector<double>{0, 7.25, 7.25, 10});
  CHECK(units(recording) == std::vector<std::int64_t>{12, 4, 12, 4});
  CHECK(recording.end_ms() == 10);
}

TEST_CASE("a spike that is there twice counts twice") {
  CHECK(times(read("time_ms,unit\n1,0\n1,0\n")) == std::vector<double>{1, 1});
}

TEST_CASE("what editors and spreadsheets do to a file is no error") {
  const std::string end = GENERATE("\n", "\r\n");
  const std::string start = GENERATE("", "\xEF\xBB\xBF");
  const std::string last = GENERATE("", "+", "++");
  std::string text = start + "# made by hand" + end + "time_ms, unit " + end + end + " 1.5 ,\t2" + end + "2.5,2";
  for (std::size_t i = 0; i < last.size(); ++i) text += end;
  CHECK(times(read(text)) == std::vector<double>{1.5, 2.5});
}

TEST_CASE("what NEST writes is read, in times and in steps") {
  const std::string comments = "# NEST version: 3.8\n# RecordingBackendASCII version: 2\n";
  const Recording in_times = read(comments + "sender\ttime_ms\n3\t1.250\n1\t0.700\n");
  CHECK(times(in_times) == std::vector<double>{0.7, 1.25});
  CHECK(units(in_times) == std::vector<std::int64_t>{1, 3});

  // The offset counts back from the end of the step.
  const std::string steps = comments + "sender\ttime_step\ttime_offset\n3\t5\t0.000\n1\t3\t0.125\n";
  CHECK(times(read(steps, 0.25)) == std::vector<double>{0.625, 1.25});
  CHECK(units(read(steps, 0.25)) == std::vector<std::int64_t>{1, 3});

  SECTION("files of several threads, joined") {
    const std::string one = comments + "sender\ttime_ms\n1\t0.5\n";
    const std::string two = comments + "sender\ttime_ms\n2\t0.25\n";
    CHECK(units(read(one + two)) == std::vector<std::int64_t>{2, 1});
  }
  SECTION("a step without length") {
    const double resolution = GENERATE(0.0, -0.1, unset, std::numeric_limits<double>::infinity());
    CHECK_THROWS_AS(read(steps, resolution), std::invalid_argument);
  }
}

TEST_CASE("whatever is not understood is refused with file, line and reason") {
  const std::string csv = "time_ms,unit\n1,0\n";
  const std::string steps = "sender\ttime_step\ttime_offset\n";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "spikes.csv: the file is empty"},
      {"time_ms,unit\n", "spikes.csv:1: the file ends without a single spike"},
      {"# nothing\n\n", "spikes.csv:2: the file ends without a single spike"},
      {"1.5,0\n", "spikes.csv:1: expected the header 'time_ms,unit'"},
      {"unit,time_ms\n0,1\n", "spikes.csv:1: expected the header"},
      {"sender time_ms\n1 0.5\n", "spikes.csv:1: expected the header"},
      {"sender\ttime_ms\tV_m\n1\t0.5\t-70\n", "spikes.csv:1: expected the header"},
      {std::string("\x7f\x45LF\0\1", 6), "spikes.csv:1: expected the header"},
      {csv + "2\n", "spikes.csv:3: expected 2 fields, as in the header, found 1 in '2'"},
      {csv + "2,0,0\n", "spikes.csv:3: expected 2 fields, as in the header, found 3 in '2,0,0'"},
      {csv + "2;0\n", "spikes.csv:3: expected 2 fields"},
      {csv + ",0\n", "spikes.csv:3: the time '' is not a number"},
      {csv + "\r\nsoon,0\n", "spikes.csv:4: the time 'soon' is not a number"},
      {csv + "1.5s,0\n", "spikes.csv:3: the time '1.5s' is not a number"},
      {csv + "0x10,0\n", "spikes.csv:3: the time '0x10' is not a number"},
      {csv + "1,5,0\n", "spikes.csv:3: expected 2 fields"},
      {csv + std::string("1\0,0\n", 5), "spikes.csv:3: the time '1?' is not a number"},
      {csv + "nan,0\n", "spikes.csv:3: the time 'nan' is not finite"},
      {csv + "-inf,0\n", "spikes.csv:3: the time '-inf' is not finite"},
      {csv + "1e999,0\n", "spikes.csv:3: the time '1e999' is not finite"},
      {csv + "-0.5,0\n", "spikes.csv:3: the time -0.5 ms is negative"},
      {csv + "1e13,0\n", "spikes.csv:3: the time is more than 31 years"},
      {csv + "2,\n", "spikes.csv:3: the unit '' is not a whole number"},
      {csv + "2,left\n", "spikes.csv:3: the unit 'left' is not a whole number"},
      {csv + "2,1.0\n", "spikes.csv:3: the unit '1.0' is not a whole number"},
      {csv + "2,-1\n", "spikes.csv:3: the unit '-1' is negative"},
      {csv + "2,99999999999999999999\n", "spikes.csv:3: the unit '99999999999999999999' is not"},
      {csv + std::string(100, 'x'),
       "spikes.csv:3: expected 2 fields, as in the header, found 1 in '" + std::string(40, 'x') + "...'"},
      {steps + "1\t0\t0.05\n", "spikes.csv:2: the time -0.05 ms is negative"},
      {steps + "1\t2.5\t0\n", "spikes.csv:2: the time step '2.5' is not a whole number"},
      {steps + "1\t2\tnan\n", "spikes.csv:2: the time offset 'nan' is not finite"},
      {steps + "1\t2\n", "spikes.csv:2: expected 3 fields"},
  };
  for (const auto& [text, reason] : cases) {
    CAPTURE(text);
    CHECK_THAT(refusal(text), Catch::Matchers::StartsWith(reason));
  }
}

TEST_CASE("a file that cannot be read is refused with its name") {
  using Catch::Matchers::ContainsSubstring;
  const auto message = [](const std::filesystem::path& path) -> std::string {
    try {
      read_recording(path);
    } catch (const RecordingError& error) {
      return error.what();
    }
    return "";
  };
  CHECK_THAT(message("no/such/recording.csv"), ContainsSubstring("recording.csv: cannot be opened"));
  CHECK_THAT(message(std::filesystem::temp_directory_path()), ContainsSubstring("is a directory"));
}

TEST_CASE("spikes fall on the nearest step, and blocks of steps join without a seam") {
  // 0.3 / 0.1 is a little less than 3; rounding down would lose a step.
  const Recording recording = read("time_ms,unit\n0.3,1\n0.3,1\n0.26,5\n0.04,5\n900,1\n");
  Bins bins(recording, 0.1);
  CHECK(bins.steps() == 9001);

  std::vector<std::pair<std::int64_t, std::int64_t>> seen;  // step, unit
  std::int64_t expected_first = 0;
  for (Block block; bins.next(block);) {
    CHECK(block.first == expected_first);
    for (std::int64_t k = 0; k < block.steps(); ++k) {
      for (auto i = block.offsets[static_cast<std::size_t>(k)]; i < block.offsets[static_cast<std::size_t>(k) + 1];
           ++i) {
        seen.emplace_back(block.first + k, block.indices[static_cast<std::size_t>(i)]);
      }
    }
    expected_first = block.end();
  }
  CHECK(expected_first == bins.steps());
  CHECK(seen == decltype(seen){{0, 1}, {3, 1}, {3, 0}, {3, 0}, {9000, 0}});
}

TEST_CASE("a step that makes no sense is refused") {
  const Recording recording = read("time_ms,unit\n1,0\n1000,0\n");
  const double dt = GENERATE(0.0, -1.0, unset, std::numeric_limits<double>::infinity(), 1001.0, 1e-9);
  CAPTURE(dt);
  CHECK_THROWS_AS(Bins(recording, dt), std::invalid_argument);
}

TEST_CASE("the part that is drawn lies inside the recording") {
  const Recording recording = bursting_neurons(1, 5000);
  const Bins bins(recording, 0.5);
  const View chosen = choose_view(recording, bins, {}, unset, unset);
  CHECK(chosen.units.size() == 3);
  CHECK(chosen.first >= 0);
  CHECK(chosen.steps() > 0);
  CHECK(chosen.last <= bins.steps());

  const View given = choose_view(recording, bins, {7, 2}, 100, 200);
  CHECK(given.units == std::vector<std::int64_t>{7, 2});
  CHECK(given.first == 200);
  CHECK(given.last == 400);
  CHECK(choose_view(recording, bins, {}, 0, 1e300).last == bins.steps());

  CHECK_THROWS_AS(choose_view(recording, bins, {99}, unset, unset), std::invalid_argument);
  CHECK_THROWS_AS(choose_view(recording, bins, {}, -1, unset), std::invalid_argument);
  CHECK_THROWS_AS(choose_view(recording, bins, {}, 1e6, unset), std::invalid_argument);
  CHECK_THROWS_AS(choose_view(recording, bins, {}, 200, 100), std::invalid_argument);

  const Recording single = read("time_ms,unit\n0,0\n");
  CHECK(choose_view(single, Bins(single, 1), {}, unset, unset).steps() == 1);
}

TEST_CASE("the recording that is made up depends on its seed alone") {
  CHECK(times(bursting_neurons(3, 2000)) == times(bursting_neurons(3, 2000)));
  CHECK(times(bursting_neurons(3, 2000)) != times(bursting_neurons(4, 2000)));
  CHECK(bursting_neurons(3, 2000).end_ms() <= 2000);
  CHECK_THROWS_AS(bursting_neurons(3, -1), std::invalid_argument);
  CHECK_THROWS_AS(bursting_neurons(3, 1e-3), std::invalid_argument);
}

TEST_CASE("a drawn line keeps every peak, in the order of time") {
  Envelope line(1000, 10);
  for (std::int64_t step = 0; step < 1000; ++step) line.add(step, step == 555 ? 7.0 : step == 512 ? -7.0 : 0.0);
  CHECK(line.columns() == 10);
  CHECK(line.column(4) == std::make_pair(0.0, 0.0));
  CHECK(line.column(5) == std::make_pair(-7.0, 7.0));
}
