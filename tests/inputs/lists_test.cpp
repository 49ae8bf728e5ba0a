// Lists of spikes: long ones, those in which elements are named several times, and those with amounts. What a list of
// several spikes leaves is compared with its equations in event_driven_test.cpp.
#include <algorithm>
#include <numeric>
#include <set>

#include "support/kinds.hpp"
#include "support/property.hpp"

using namespace suite;

// Elements below `end`, in any order; some may be there several times. 300 are more than are taken at a time, 64 or in
// a large tracer 256, and yet few: less than 1 of 16 elements or, where a large tracer has several states, of 64.
static Indices some_list(Index end, bool repeated, Random& random, std::size_t count = 300) {
  Indices list;
  std::set<Index> seen;
  while (list.size() < count) {
    const Index i = random.below(end);
    if (seen.insert(i).second || repeated) list.push_back(static_cast<int>(i));
  }
  return list;
}

// All of a list, in any order, is given to each range.
template <class Tracer> static void check_ranges(Tracer whole) {
  Tracer parts = whole;
  Random random(43);
  const Index size = whole.size();
  for (int step = 0; step < 4; ++step) {
    const Indices list = some_list(size, true, random);
    whole(spark::spikes(list));
    for (const auto& [first, last] : {std::pair<Index, Index>(1999, size), {0, 700}, {700, 1999}})
      parts.step(first, last - first, spark::spikes(list));
    CHECK(identical(parts.value(), whole.value()));
  }
}

// A list as it comes from a loop, and shuffled; few and many.
template <class Kind, class S, class Integration> static void check_amounts() {
  using T = typename Kind::template type<Column<S>, Integration>;
  Verdict verdict;
  Random random(311);
  for (Index n : {3, 40, 700}) {
    T dense = typical<Kind, Column<S>, Integration>(n), sorted = dense, shuffled = dense, ranges = dense;
    spark::EventDriven<T> events(dense);
    for (double density : {0.01, 0.5, 0.9, 0.01, 0.01, 0.5, 0.9, 0.5, 0.01, 0.01}) {
      Indices who, told(at(n));
      std::vector<Computed<S>> how_much;
      Column<Computed<S>> x = Column<Computed<S>>::Zero(n);
      for (int i = 0; i < n; ++i)
        for (Index times = random.chance(density) ? 1 + random.below(2) : 0; times > 0; --times) {
          who.push_back(i);
          how_much.push_back(static_cast<Computed<S>>(random.below(8)) / 8);
          x(i) += how_much.back();
        }
      const Column<S> want = dense(x);
      const auto agrees = [&](const T& tracer, const Column<S>& output) {
        verdict.expect(identical(output, want) && tracer.clock() == dense.clock(), Kind::name);
        for (std::size_t j = 0; j < T::states; ++j)
          verdict.expect(identical(*states<Kind>(tracer)[j], *states<Kind>(dense)[j]), Kind::name);
      };
      agrees(sorted, sorted(spark::spikes(who, how_much)));
      const Index cut = random.below(n);
      Column<S> out(n);
      ranges.step(cut, n - cut, spark::spikes(who, how_much), out.tail(n - cut));
      ranges.step(0, cut, spark::spikes(who, how_much), out.head(cut));
      agrees(ranges, out);
      events(spark::spikes(who, how_much), [&](Index i, Computed<S>) { ++told[at(i)]; });
      for (int i : who) verdict.expect(told[at(i)] == 1, Kind::name);
      for (std::size_t i = 0; i < who.size(); ++i) {
        const std::size_t j = at(random.below(Index(i) + 1));
        std::swap(who[i], who[j]), std::swap(how_much[i], how_much[j]);
      }
      agrees(shuffled, shuffled(spark::spikes(who.data(), how_much.data(), static_cast<Index>(who.size()))));
    }
    const Column<S> value = dense.value();
    const real tolerance = is_16_bit<S> ? 1e-2L : 20 * Precision<S>::eps();
    for (Index i = 0; i < n; ++i)
      verdict.expect_close(events.value(i), to_real(value(i)), tolerance, tolerance, Kind::name);
  }
  CHECK(verdict.report() == "");
}
template <class S, class Integration, class... Kind> static void check_amounts(Kinds<Kind...>) {
  (check_amounts<Kind, S, Integration>(), ...);
}

PROPERTY("a long list is a dense step, and a run of long lists their steps") {
  if (!has_any_length(s)) return;
  Random random(41);
  const auto make = [&](Index size) {
    Setup sized = setup;
    sized.size = size;
    return s.make(sized);
  };
  // 1500 are more than jump at a time in a large tracer
  for (const auto& [size, count] : {std::pair<Index, std::size_t>(5000, 300), {70000, 300}, {70000, 1500}}) {
    const auto listed = make(size), dense = make(size);
    for (const bool sorted : {true, false}) {
      Indices list = some_list(size, spikes_add(s.recurrence), random, count);
      if (sorted) std::sort(list.begin(), list.end());
      Inputs x(at(size));
      for (const int i : list) ++x[at(i)];
      verdict.expect(listed->step_list(list) == dense->step(x), "the output of a long list");
      verdict.expect(listed->same_state(*dense), "the state after a long list");
    }
  }
  // several spikes of an element, also where they do not add: few in the one tracer, many in the other
  const auto large = make(5000), small = make(500);
  for (int step = 0; step < 4; ++step) {
    Indices list = some_list(500, true, random);
    std::sort(list.begin(), list.end());
    auto output = large->step_list(list);
    output.resize(500);
    verdict.expect(output == small->step_list(list), "the output of elements that spiked several times");
  }
  // a run, some of whose passes are in bits, a block of 4096 elements at a time, and some by lists
  const auto ran = make(9001), stepped = make(9001);
  Raster raster = Raster::random(9001, 20, false, random);
  for (Indices& list : raster.lists) std::sort(list.begin(), list.end());
  std::iter_swap(raster.lists[11].begin(), raster.lists[11].end() - 1);
  ran->run(raster, Form::events);
  for (const Indices& list : raster.lists) stepped->step_list(list);
  verdict.expect(ran->same_state(*stepped), "a run of long lists");
}

TEST_CASE("an index that repeats, descends or lies outside is seen wherever it stands") {
  spark::Tracer<ArrayXf> tracer(2000, INFINITY);
  for (std::size_t n = 2; n < 80; ++n)
    for (std::size_t k = 1; k < n; ++k) {
      INFO("place " << k << " of " << n);
      Indices list(n);
      std::iota(list.begin(), list.end(), 0);
      const auto check_with = [&](int before, int here) {
        list[k - 1] = before, list[k] = here;
        ArrayXf spiked = ArrayXf::Zero(2000);
        for (const int i : list) ++spiked[i];
        tracer.reset();
        tracer(spark::spikes(list));
        CHECK(identical(tracer.trace(), spiked));
      };
      const int i = static_cast<int>(k);
      check_with(i - 1, i);
      check_with(i, i);
      check_with(i, i - 1);
      for (const int outside : {-1, 2000}) {
        list[k] = outside;
        CHECK_THROWS_AS(tracer(spark::spikes(list)), std::out_of_range);
      }
    }
}

TEST_CASE("ranges take what is theirs from a list in any order") {
  check_ranges(spark::Tracer<ArrayXf>(8000, 20));
  check_ranges(spark::RUTracer<ArrayXf, Exact>(8000, 800, 50, 0.5));
}

TEST_CASE("a list with amounts, of which those of equal indices add up, is a dense step, bit for bit") {
  check_amounts<float, spark::Euler>(EveryKind());
  check_amounts<Eigen::bfloat16, spark::Euler>(Kinds<TracerKind, RUTracerKind>());
  check_amounts<double, Exact>(Kinds<TracerKind, NearestTracerKind, RUTracerKind>());
}

TEMPLATE_TEST_CASE("several spikes at once are rounded to 16 bits once", "", Eigen::half, Eigen::bfloat16) {
  for (int K : {1, 2, 3, 5, 9}) {
    spark::RUTracer<ArrayXf, Exact> wide(3, 200.0, 50.0, 0.3);
    spark::RUTracer<Column<TestType>, Exact> narrow(3, 200.0, 50.0, 0.3);
    const Indices list(at(K), 1);
    const float release = wide(spark::spikes(list))(1);
    const auto rounded = [](float x) { return spark::detail::narrow<TestType>(x); };
    INFO(K << " spikes");
    CHECK(same_bits(narrow(spark::spikes(list))(1), rounded(release)));
    CHECK(same_bits(narrow.trace_U()(1), rounded(wide.trace_U()(1))));
    CHECK(same_bits(narrow.trace_R()(1), rounded(wide.trace_R()(1))));
  }
}

TEST_CASE("a count is not cut") {
  const std::vector<std::uint8_t> list((std::size_t{1} << 24) + 3, 0);
  spark::Tracer<ArrayXf> tracer(1, 20.0);
  spark::EventDriven events(tracer);
  events(spark::spikes(list)), tracer(spark::spikes(list));
  CHECK(events.value(0) == 16777220.0f);  // 2^24 + 3, rounded once
  CHECK(tracer.value()(0) == 16777220.0f);
}
