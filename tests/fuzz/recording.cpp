// Reading any text as a recording. What is read keeps what the reader promises, and says the same when it is written in
// another way; what is refused is refused with a reason that fits a terminal.
#include "../../examples/trace_recording/recording.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "../../examples/trace_recording/bins.hpp"
#include "harness.hpp"

namespace {

using namespace trace_recording;
using fuzz::require;

std::optional<Recording> read(const std::string& text, double resolution) {
  std::istringstream in(text);
  try {
    return read_recording(in, "text", resolution);
  } catch (const RecordingError& error) {
    const std::string reason = error.what();
    require(reason.rfind("text:", 0) == 0, "a refusal says where");
    require(reason.size() < 300, "a refusal is short");
    for (const char c : reason) require(c >= ' ' && c < 0x7f, "a refusal can be shown in a terminal");
    return {};
  }
}

void check(const Recording& r) {
  require(!r.spikes.empty(), "a recording has spikes");
  std::vector<bool> spiked(r.ids.size());
  double last = 0;
  for (const Spike& spike : r.spikes) {
    require(spike.time_ms >= last && spike.time_ms <= 1e12, "times are in order and in range");
    require(spike.unit >= 0 && spike.unit < static_cast<std::int64_t>(r.ids.size()), "a spike has a unit");
    spiked[static_cast<std::size_t>(spike.unit)] = true;
    last = spike.time_ms;
  }
  for (std::size_t i = 0; i < r.ids.size(); ++i) {
    require(spiked[i] && r.ids[i] >= 0, "a unit has a spike and a number");
    require(i == 0 || r.ids[i] > r.ids[i - 1], "units ascend");
  }
}

bool same(const Recording& a, const Recording& b) {
  const auto equal = [](const Spike& s, const Spike& t) { return s.time_ms == t.time_ms && s.unit == t.unit; };
  return a.ids == b.ids && std::equal(a.spikes.begin(), a.spikes.end(), b.spikes.begin(), b.spikes.end(), equal);
}

std::string as_csv(const Recording& r) {
  std::ostringstream text;
  text.precision(std::numeric_limits<double>::max_digits10);
  text << "time_ms,unit\n";
  for (const Spike& spike : r.spikes)
    text << spike.time_ms << ',' << r.ids[static_cast<std::size_t>(spike.unit)] << '\n';
  return text.str();
}

std::string with_crlf(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '\n' ? "\r\n" : std::string(1, c);
  return result;
}

void bins(const Recording& r, double dt) {
  std::optional<Bins> bins;
  try {
    bins.emplace(r, dt);
  } catch (const std::invalid_argument&) {
    return;
  }
  if (bins->steps() > 100000) return;
  std::size_t seen = 0;
  std::int64_t end = 0;
  for (Block block; bins->next(block);) {
    require(block.first == end && block.offsets.back() == static_cast<std::int64_t>(block.indices.size()),
            "blocks follow each other");
    seen += block.indices.size();
    end = block.end();
  }
  require(seen == r.spikes.size() && end == bins->steps(), "every spike falls on a step");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Choices choices(data, size);
  const double resolution = choices.one_of(std::array{0.1, 1.0, 1e-3, 1e300, 1e-300});
  const double dt = choices.one_of(std::array{0.5, 1.0, 1e-3, 1e9, 1e-300, std::nan("")});
  const std::string text = choices.rest();

  const std::optional<Recording> r = read(text, resolution);
  const std::optional<Recording> windows = read(with_crlf(text), resolution);
  require(r.has_value() == windows.has_value(), "the end of a line may be either");
  if (!r) return 0;
  check(*r);
  require(same(*r, *windows), "either end of a line says the same");

  const std::optional<Recording> csv = read(as_csv(*r), resolution);
  require(csv && same(*r, *csv), "what was read can be written and read");

  const std::optional<Recording> joined = read(text + '\n' + text, resolution);
  if (joined) {  // else the text begins with the mark of its encoding
    check(*joined);
    require(joined->ids == r->ids && joined->spikes.size() == 2 * r->spikes.size(), "files can be joined");
  } else {
    require(text.rfind("\xEF\xBB\xBF", 0) == 0, "files can be joined");
  }
  bins(*r, dt);
  return 0;
}
