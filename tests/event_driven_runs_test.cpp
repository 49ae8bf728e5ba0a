// EventDriven over whole rasters: what the dense tracer makes of them, recorded or not.
#include <vector>

#include "catch.hpp"
#include "support/suite.hpp"

using namespace suite;

namespace {

constexpr Index n = 70;

template <class Kind>
void check_runs_of() {
  using S = float;
  using A = Eigen::ArrayXf;
  using T = typename Kind::template type<A, spark::Exact>;
  using Events = spark::EventDriven<T>;
  const T start = std::apply([](auto... p) { return T(n, p...); }, Kind::typical);
  Random random(72);
  Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> raster(n, 30);
  std::vector<int> indices, offsets = {0};
  std::vector<std::uint64_t> words;
  for (Index k = 0; k < raster.cols(); ++k) {
    std::vector<std::uint64_t> row((n + 63) / 64);
    for (Index i = 0; i < n; ++i) {
      raster(i, k) = random.chance(0.1);
      if (!raster(i, k)) continue;
      indices.push_back(static_cast<int>(i));
      row[static_cast<std::size_t>(i / 64)] |= std::uint64_t{1} << (i % 64);
    }
    offsets.push_back(static_cast<int>(indices.size()));
    words.insert(words.end(), row.begin(), row.end());
  }
  T plain = start;
  Eigen::Array<S, Eigen::Dynamic, Eigen::Dynamic> want(n, raster.cols()), got = want;
  plain.run(raster, want);
  Verdict verdict;
  const auto agrees = [&](const char* form, const auto& input) {
    Events events(start);
    events.run(input);
    Events recording(start);
    got.setConstant(from_real<S>(-9));
    recording.run(input, got);
    for (Index k = 0; k < raster.cols(); ++k)
      for (Index i = 0; i < n; ++i)
        verdict.expect(
            close(to_real(got(i, k)), to_real(want(i, k)), 600 * Precision<S>::eps(), 600 * Precision<S>::eps()),
            [&] { return std::string("record, ") + form; });
    for (Index i = 0; i < n; ++i)
      verdict.expect(close(to_real(S(events.value(i))), to_real(A(plain.value())(i)), 600 * Precision<S>::eps(),
                           600 * Precision<S>::eps()),
                     [&] { return std::string("run, ") + form; });
  };
  agrees("dense", raster);
  agrees("bits", spark::spike_bits(words, n, raster.cols()));
  agrees("events", spark::spike_events(offsets, indices));
  INFO(Kind::name << "<" << scalar_name<S>() << ">");
  CHECK(verdict.report() == "");
}

template <class... Kind>
void check_runs(Kinds<Kind...>) {
  (check_runs_of<Kind>(), ...);
}

}  // namespace

TEST_CASE("events of rasters") { check_runs(EveryKind()); }
