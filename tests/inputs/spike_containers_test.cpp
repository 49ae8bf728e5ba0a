// spark::spikes takes any contiguous container of integers, spark::spike_bits words by pointer or container.
#include <array>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

constexpr Index n = 130;
using Tracer = spark::Tracer<ArrayXf>;

Tracer dense_step(const std::vector<int>& indices) {
  Tracer t(n, 20);
  ArrayXf x = ArrayXf::Zero(n);
  for (int i : indices) x(i) += 1;
  t(x);
  return t;
}

template <class Spikes> void check(const Spikes& spikes, const Tracer& want) {
  Tracer t(n, 20);
  const ArrayXf output = t(spikes);
  CHECK(identical(output, want.trace()));
  CHECK(identical(t.trace(), want.trace()));
  t.masked_reset(spikes);
  CHECK((t.trace() == 0).all());
}

}  // namespace

TEST_CASE("spike indices in any container") {
  const int array[] = {129, 3, 77, 0, 64, 3, 63};
  const std::vector<int> indices(std::begin(array), std::end(array));
  const Tracer want = dense_step(indices);
  const auto check_container = [&](const auto& c) { check(spark::spikes(c), want); };
  const auto check_as = [&](auto index) {
    check_container(std::vector<decltype(index)>(indices.begin(), indices.end()));
  };
  check_as(0), check_as(std::int64_t()), check_as(0u);
  check_as(std::size_t()), check_as(std::uint8_t()), check_as(std::int16_t());
  check_container(std::array<unsigned char, 7>{129, 3, 77, 0, 64, 3, 63});
  check_container(array);
  check(spark::spikes(array, 7), want);
  CHECK_THROWS_AS(spark::spikes(array, -1), std::invalid_argument);
  const Eigen::Map<const Eigen::ArrayXi> map(array, 7);
  check_container(map);
  check_container(Eigen::ArrayXi(map));
  check_container(Eigen::VectorXi(map));
  CHECK_THROWS_AS(spark::spikes(indices, std::vector<double>(6)), std::invalid_argument);  // an amount is missing
}

TEST_CASE("Eigen expressions with gaps between their numbers are refused") {
  const Eigen::ArrayXXi ids = Eigen::ArrayXXi::Zero(2, 3);
  const Eigen::Array<std::uint64_t, 4, 3> words = Eigen::Array<std::uint64_t, 4, 3>::Zero();
  CHECK_NOTHROW(spark::spikes(ids));
  CHECK_NOTHROW(spark::spikes(ids.col(1)));
  CHECK_NOTHROW(spark::spikes(ids.rightCols(2)));
  CHECK_THROWS_AS(spark::spikes(ids.row(0)), std::invalid_argument);
  CHECK_THROWS_AS(spark::spikes(ids.topRows(1)), std::invalid_argument);
  CHECK_NOTHROW(spark::spike_bits(words, 3 * 64, 4));
  CHECK_THROWS_AS(spark::spike_bits(words.row(0), 3 * 64), std::invalid_argument);
  CHECK_THROWS_AS(spark::spike_events(ids.row(0), ids), std::invalid_argument);
}

TEST_CASE("indices beyond the tracer, in every type of integer") {
  Tracer t(n, 20);
  t(ArrayXf::Ones(n));
  const ArrayXf before = t.trace();
  const auto refused = [&](const auto& c, const std::string& value) {
    CHECK(complaint<std::out_of_range>([&] { t(spark::spikes(c)); }, {"Tracer", value}) == "");
    CHECK(complaint<std::out_of_range>([&] { t.masked_reset(spark::spikes(c)); }, {"Tracer", value}) == "");
    CHECK(identical(t.trace(), before));
  };
  refused(std::vector<int>{1, 130}, "130");
  refused(std::vector<int>{1, -1}, "-1");
  refused(std::vector<std::uint8_t>{1, 255}, "255");
  refused(std::vector<std::int64_t>{1, std::int64_t{1} << 32}, "4294967296");
  refused(std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min()}, "-9223372036854775808");
  refused(std::vector<std::uint64_t>{~std::uint64_t{0}}, "");
  refused(std::vector<unsigned>{4294967295u}, "4294967295");
  Tracer empty(0, 20);
  CHECK(complaint<std::out_of_range>([&] { empty(spark::spikes(std::vector<int>{0})); }, {"Tracer", "got 0"}) == "");
}

TEST_CASE("words of bits by pointer and by container") {
  const Tracer want = dense_step({129, 3, 77, 0, 64, 63});
  std::array<std::uint64_t, 3> words{0x8000000000000009, 0x2001, 2};
  check(spark::spike_bits(words, n), want);
  check(spark::spike_bits(words.data(), n), want);
  check(spark::spike_bits(std::vector<std::uint64_t>(words.begin(), words.end()), n), want);
  const std::vector<std::uint64_t> few(2);
  CHECK(complaint<std::invalid_argument>([&] { spark::spike_bits(few, n); }, {"words", "2", "3"}) == "");
}

TEST_CASE("events with offsets of any integer type") {
  const std::vector<int> indices = {5, 129, 7, 7};
  const auto check_run = [&](const auto& offsets, const std::vector<std::vector<int>>& lists) {
    Tracer ran(n, 20), want(n, 20);
    ran.run(spark::spike_events(offsets, indices));
    for (const std::vector<int>& list : lists) want(spark::spikes(list));
    CHECK(identical(ran.trace(), want.trace()));
  };
  check_run(std::vector<int>{0, 2, 2, 4}, {{5, 129}, {}, {7, 7}});
  check_run(std::vector<std::int64_t>{0, 2, 2, 4}, {{5, 129}, {}, {7, 7}});
  check_run(std::array<std::size_t, 4>{0, 2, 2, 4}, {{5, 129}, {}, {7, 7}});
  check_run(std::vector<int>{2, 2, 4}, {{}, {7, 7}});  // a window of a longer recording
}
