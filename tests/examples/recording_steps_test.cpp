// What the example makes of a recording: the stretch of time, its steps, and what is shown of it.
#include "../../examples/trace_recording/recording.hpp"

#include "../../examples/support/panels.hpp"
#include "support/catch.hpp"

using namespace trace_recording;

// Spikes of units at times, in any order; the first of `ids` is unit 0.
static Recording recorded(const std::vector<Spike>& spikes, const std::vector<std::int64_t>& ids = {0},
                          double start = untold, double end = untold) {
  Recording r{"spikes", ids, spikes};
  r.sort();
  limit(r, start, end);
  return r;
}

TEST_CASE("the recorded stretch is what is told, else from the first to the last spike") {
  const auto stretch = [](double start, double end) {
    const Recording r = recorded({{10, 0}, {15, 0}, {20, 0}, {60, 0}}, {0}, start, end);
    return text(r.notes.back(), ": ", r.spikes.size());
  };
  CHECK(stretch(untold, untold) ==
        "recorded from 10 ms (the first spike, else --start) to 60 ms (the last spike, else --end): 4");
  CHECK(stretch(0, untold) == "recorded from 0 ms to 60 ms (the last spike, else --end): 4");
  CHECK(stretch(12, 100) == "recorded from 12 ms to 100 ms, without 1 spikes before or after: 3");
  CHECK(stretch(20, 20) == "recorded from 20 ms to 20 ms, without 3 spikes before or after: 1");
}

TEST_CASE("spikes fall on the nearest step, and blocks of steps join without a seam") {
  // 0.3 / 0.1 is a little less than 3; rounding down would lose a step.
  const Recording recording = recorded({{0.3, 0}, {0.3, 0}, {0.26, 1}, {0.04, 1}, {900, 0}}, {1, 5});
  Bins bins(recording, 0.1);
  CHECK(bins.first() == 0);
  CHECK(bins.end() == 9001);

  std::vector<std::pair<std::int64_t, std::int64_t>> seen;  // step, unit
  std::int64_t expected_first = 0;
  for (Block block; bins.next(block);) {
    CHECK(block.first == expected_first);
    for (std::size_t k = 0; k + 1 < block.offsets.size(); ++k)
      for (auto i = block.offsets[k]; i < block.offsets[k + 1]; ++i)
        seen.emplace_back(block.first + static_cast<std::int64_t>(k), block.indices[static_cast<std::size_t>(i)]);
    expected_first = block.end();
  }
  CHECK(expected_first == bins.end());
  CHECK(seen == decltype(seen){{0, 1}, {3, 1}, {3, 0}, {3, 0}, {9000, 0}});
}

TEST_CASE("steps begin where the recording does") {
  CHECK(Bins(recorded({{-1, 0}, {1, 0}}), 0.5).first() == -2);
  const Recording late = recorded({{3360000, 0}, {3361000, 0}});
  CHECK(Bins(late, 0.1).first() == 33600000);
  CHECK(Bins(late, 0.1).steps() == 10001);
}

TEST_CASE("ties at half steps go one way whatever the representation") {
  for (const double offset : {0.0, 1000.0, -1000.0}) {
    std::vector<Spike> spikes;
    for (int k = 0; k < 12; ++k) {
      const double time = *number(text(offset + 0.1 + 0.2 * k).c_str());  // as it is written
      spikes.push_back({offset == 0 && k % 2 ? static_cast<double>(static_cast<float>(time)) : time, 0});
    }
    const Recording r = recorded(spikes);
    const Bins bins(r, 0.2);
    for (std::size_t k = 0; k < 12; ++k) CHECK(bins.step_of(r.spikes[k].time_ms) == bins.first() + static_cast<int>(k));
  }
}

TEST_CASE("times that look as if they were not in milliseconds get a hint") {
  const auto hint = [](const std::vector<Spike>& spikes) { return Bins(recorded(spikes), 0.1).hint(); };
  CHECK(hint({{0, 0}, {10, 0}, {20, 0}}).empty());
  CHECK(hint({{5, 0}}).empty());
  CHECK_THAT(hint({{0, 0}, {9e6, 0}}), Catch::Matchers::ContainsSubstring(" 0.0002222222222 Hz in the mean"));
  std::vector<Spike> rows;
  for (int i = 0; i <= 100; ++i) rows.push_back({i * 9e5, 0});
  CHECK_THAT(hint(rows),
             Catch::Matchers::ContainsSubstring(" 899999900 steps without a spike: if that is wrong, --time"));
}

TEST_CASE("a drawn line keeps every peak, in the order of time") {
  support::Panels panels({{"title", "parameters", "meaning"}}, {7}, {0}, {0, 1600, 1.0});
  Eigen::ArrayXXd outputs = Eigen::ArrayXXd::Zero(1, 1600);
  outputs(0, 1110) = 7;
  outputs(0, 1111) = -7;
  outputs(0, 1121) = 7;
  panels.trace(0, 0, outputs.leftCols(500));
  panels.trace(0, 500, outputs.rightCols(1100));
  const std::string data = panels.data("caption");
  CHECK_THAT(data, Catch::Matchers::ContainsSubstring("\n1108,0\n1109,0\n1110,7\n1111,-7\n1112,0\n1113,0\n"));
  CHECK_THAT(data, Catch::Matchers::ContainsSubstring("\n1118,0\n1119,0\n1120,0\n1121,7\n1122,0\n"));
}

TEST_CASE("the part that is drawn lies inside the recording") {
  Recording recording = bursting_neurons(1, 5000);
  limit(recording, untold, untold);
  const Bins bins(recording, 0.5);
  const View chosen = choose_view(recording, bins, {}, untold, untold);
  CHECK(chosen.units.size() == 3);
  CHECK(chosen.first >= 0);
  CHECK(chosen.last > chosen.first);
  CHECK(chosen.last <= bins.end());
  CHECK(choose_view(recording, bins, {}, 0, 1e300).last == bins.end());
  CHECK(choose_view(recording, bins, {}, untold, 300).last == 600);

  const Recording single = recorded({{0, 0}});
  CHECK(choose_view(single, Bins(single, 1), {}, untold, untold).last == 1);
}

TEST_CASE("the part that is drawn by default is never empty") {
  const std::vector<std::vector<Spike>> cases{
      {{0, 0}, {99990, 1}, {100000, 1}}, {{100000, 0}}, {{5000, 0}, {70000, 1}}, {{99999, 7}, {99999.5, 7}}};
  for (const std::vector<Spike>& spikes : cases) {
    const Recording r = recorded(spikes, {0, 1, 2, 3, 4, 5, 6, 7}, 0, 100000);
    const Bins bins(r, 0.1);
    const View view = choose_view(r, bins, {}, untold, untold);
    const auto shown = [&](const Spike& s) {
      const auto step = bins.step_of(s.time_ms);
      return std::count(view.units.begin(), view.units.end(), s.unit) > 0 && step >= view.first && step < view.last;
    };
    CAPTURE(spikes.front().time_ms);
    CHECK(std::any_of(r.spikes.begin(), r.spikes.end(), shown));
  }
}
