// Reading any text as a recording. What is read keeps what the reader promises, and says the same when it is written in
// another way; what is refused is refused with a reason that fits a terminal.
#include "../../examples/trace_recording/reader.hpp"

#include <array>
#include <regex>

#include "harness.hpp"

using namespace trace_recording;
using fuzz::require;

static void require_printable(const std::string& text) {
  for (const char c : text) require(c >= ' ' && c < 0x7f, "what is said can be shown in a terminal");
}

static std::optional<Recording> read(const std::string& text, const Format& format) {
  std::istringstream in(text);
  try {
    Reader reader(format);
    reader.read(in, "text");
    return reader.finish();
  } catch (const std::runtime_error& error) {
    const std::string reason = error.what();
    require(reason.rfind("text:", 0) == 0, "a refusal says where");
    require(reason.size() < 300, "a refusal is short");
    require_printable(reason);
    return {};
  }
}

static void check(const Recording& r, bool silent_ones) {
  require(!r.spikes.empty(), "a recording has spikes");
  std::vector<bool> spiked(r.ids.size());
  double last = -2e12;
  for (const Spike& spike : r.spikes) {
    require(spike.time_ms >= last && spike.time_ms <= 1e12, "times are in order and in range");
    require(spike.unit >= 0 && spike.unit < static_cast<std::int64_t>(r.ids.size()), "a spike has a unit");
    spiked[static_cast<std::size_t>(spike.unit)] = true;
    last = spike.time_ms;
  }
  for (std::size_t i = 0; i < r.ids.size(); ++i) {
    require((spiked[i] || silent_ones) && r.ids[i] >= 0, "a unit has a spike and a number");
    require(i == 0 || r.ids[i] > r.ids[i - 1], "units ascend");
  }
  for (const std::string& note : r.notes) require_printable(note);
}

static std::string as_csv(const Recording& r) {
  std::ostringstream text;
  text.precision(std::numeric_limits<double>::max_digits10);
  text << "time_ms,unit\n";
  for (const Spike& spike : r.spikes)
    text << spike.time_ms << ',' << r.ids[static_cast<std::size_t>(spike.unit)] << '\n';
  return text.str();
}

static void bins(Recording r, double dt) {
  limit(r, untold, untold);
  std::optional<Bins> bins;
  try {
    bins.emplace(r, dt);
  } catch (const std::runtime_error&) {
    return;
  }
  if (bins->steps() > 100000) return;
  std::size_t seen = 0;
  std::int64_t end = bins->first();
  for (Block block; bins->next(block);) {
    const auto size = static_cast<std::int64_t>(block.indices.size());
    require(block.first == end && block.offsets.back() == size, "blocks follow each other");
    seen += block.indices.size();
    end = block.end();
  }
  require(seen == r.spikes.size() && end == bins->end(), "every spike falls on a step");
}

static Format chosen(fuzz::Choices& choices) {
  Format format;
  const unsigned choice = choices.byte();
  if (choice % 8 == 1) format.nest_resolution = choices.one_of(std::array{0.1, 1.0, 1e-3, 1e300, 1e-300});
  if (choice % 8 == 2) format.time_unit = "us";
  if (choice % 8 == 3) format.sampling_rate = 30000;
  if (choice % 16 == 4) format.row_per_unit = true;
  if (choice / 16 % 4 == 1) format.time_column = choices.one_of(std::array{"1", "2", "t"});
  if (choice / 16 % 4 == 2) format.unit_column = choices.one_of(std::array{"1", "3", "i"});
  return format;
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Choices choices(data, size);
  const Format format = chosen(choices);
  const double dt = choices.one_of(std::array{0.5, 1.0, 1e-3, 1e9, 1e-300, std::nan("")});
  const std::string text = choices.rest();

  const std::optional<Recording> r = read(text, format);
  if (text.find('\r') == text.npos) {
    for (const char* end : {"\r\n", "\r"}) {
      const std::optional<Recording> other = read(std::regex_replace(text, std::regex("\n"), end), format);
      require(r.has_value() == other.has_value(), "the end of a line may be any");
      require(!r || as_csv(*r) == as_csv(*other), "any end of a line says the same");
    }
  }
  if (!r) return 0;
  check(*r, format.row_per_unit);

  const std::optional<Recording> csv = read(as_csv(*r), {});
  require(csv && as_csv(*csv) == as_csv(*r), "what was read can be written and read");

  const std::optional<Recording> joined = read(text + '\n' + text, format);
  require(!joined || joined->spikes.size() == 2 * r->spikes.size(), "files can be joined");
  bins(*r, dt);
  return 0;
}
