// A tracer over Eigen::Map keeps its state in memory of the caller: the same bits as one that owns its state, in the
// caller's layout, and nothing written beside it.
#include <random>

#include "catch.hpp"
#include "support/suite.hpp"

namespace {

using Values = Eigen::ArrayXf;
using View = Eigen::Map<Values>;
constexpr Eigen::Index size = 133;  // not a multiple of any register's width
constexpr float untouched = 12345.0f;

template <class Kind, class Integration, std::size_t... p>
void check_kind(std::index_sequence<p...>) {
  using Owned = typename Kind::template type<Values, Integration>;
  using Mapped = typename Kind::template type<View, Integration>;
  constexpr int states = Mapped::states;
  INFO(Kind::name);

  Eigen::ArrayXXf memory = Eigen::ArrayXXf::Constant(size + 2, states, untouched);  // a column for each state
  typename Mapped::Place place = [&]() -> typename Mapped::Place {
    const auto view = [&](int j) { return View(memory.data() + j * (size + 2) + 1, size); };
    if constexpr (states == 1) return {view(0)};
    if constexpr (states == 2) return {view(0), view(1)};
    if constexpr (states == 4) return {view(0), view(1), view(2), view(3)};
  }();
  Owned owned(size, Kind::typical[p]...);
  Mapped mapped(place, Kind::typical[p]...);

  std::mt19937 random(7);
  std::bernoulli_distribution spike(0.1);
  for (int k = 0; k < 40; ++k) {
    const Values x = Values::NullaryExpr(size, [&] { return spike(random) ? 1.0f : 0.0f; });
    const std::vector<int> listed = {k, 132 - k, k};
    owned(x);
    mapped(x);
    owned(spark::spikes(listed));
    mapped(spark::spikes(listed));
    if (k % 10 == 9) {
      owned.masked_reset(x > 0.5f);
      mapped.masked_reset(x > 0.5f);
      owned.advance(3);
      mapped.advance(3);
    }
  }
  const auto expected = suite::states<Kind::recurrence>(owned);
  const auto kept = suite::states<Kind::recurrence>(mapped);
  for (std::size_t j = 0; j < expected.size(); ++j) {
    CHECK((*expected[j] == *kept[j]).all());
    bool found = false;  // in the caller's memory, in whichever column the class keeps it
    for (int column = 0; column < states; ++column)
      found |= (memory.col(column).segment(1, size) == *expected[j]).all();
    CHECK(found);
  }
  CHECK((memory.row(0) == untouched).all());
  CHECK((memory.row(size + 1) == untouched).all());
}

template <class Integration, class... Kind>
void check_all(suite::Kinds<Kind...>) {
  (check_kind<Kind, Integration>(std::make_index_sequence<Kind::typical.size()>()), ...);
}

}  // namespace

TEST_CASE("state in memory of the caller is stepped in place") {
  check_all<spark::Euler>(suite::EveryKind{});
  check_all<spark::Exact>(suite::EveryKind{});
}

TEST_CASE("views of different shapes are refused") {
  Eigen::ArrayXf memory(10);
  const View five(memory.data(), 5), four(memory.data() + 5, 4);
  CHECK_THROWS_AS((spark::DoubleTracer<View>({five, four}, 20.0, 30.0)), std::invalid_argument);
}
