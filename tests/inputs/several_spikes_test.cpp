// Several spikes of an element in one step, what events tell of them, and spikes that carry an amount.
#include "support/kinds.hpp"
#include "support/property.hpp"

using namespace suite;

namespace {

// A step with K spikes at once: one after the other, where nothing decays but before the first. Releases add up.
real step_of(const Reference& reference, Reference::State& state, int K) {
  Reference::Step last = reference.step(state, K > 0);
  real output = last.output;
  Reference undecayed = reference;
  undecayed.set_dt(1e-15L);
  if (reference.recurrence == Recurrence::release) undecayed.p[1] = INFINITY;  // U_tau may be 0
  for (int k = 1; k < K; ++k) {
    last = undecayed.step(last.state, 1);
    output = last.output + (reference.recurrence == Recurrence::release ? output : 0);
  }
  state = last.state;
  return output;
}

void several(const Fixture& s, const Setup& setup, Verdict& verdict) {
  // a cascade of Euler feeds the second trace from all that the first one receives in the step
  const bool cascade = s.recurrence == Recurrence::cascade || s.recurrence == Recurrence::clipped_cascade;
  if (!s.events || (cascade && !s.exact)) return;
  if (s.recurrence == Recurrence::release && s.exact && setup.parameters.empty())
    several(s, {{800, 0, 0.5}}, verdict);  // each spike finds U at 0
  const auto tracer = s.make(setup);
  const auto events = s.events(setup);
  std::vector<Reference::State> states;
  for (Index i = 0; i < s.size(); ++i) states.push_back(s.reference(setup, i).start());
  Random random(75);
  for (int k = 0; k < 60; ++k) {
    const bool dense = k % 4 >= 2;
    const Raster raster = Raster::random(s.size(), 1, !dense, random);
    Inputs x = silence(s);
    Indices list;
    for (int copies = dense ? 1 : k % 15 == 5 ? 7 : 1 + k % 3; copies > 0; --copies)
      for (int i : raster.lists[0]) list.push_back(i), x[at(i)] += 1;
    if (k % 2 == 0) std::sort(list.begin(), list.end());
    const auto output = dense ? tracer->step(x) : tracer->step_list(list);
    std::vector<int> told(x.size());
    const auto tell = [&](Index i, real y) {
      ++told[at(i)];
      verdict.expect_close(y, output[at(i)], 60 * s.eps, 600 * s.eps, "what events tell");
    };
    dense ? events->step(x, tell) : events->step_list(list, tell);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const real want = step_of(s.reference(setup, Index(i)), states[i], static_cast<int>(x[i]));
      verdict.expect_close(output[i], want, 60 * s.eps, 600 * s.eps, "the output of several spikes");
      verdict.expect(told[i] == (x[i] > 0), "events tell of those that spiked, once, and of no others");
    }
  }
}

// A list as it comes from a loop, and shuffled; few and many.
template <class Kind, class S, class Integration> void amounts(Verdict& verdict) {
  using T = typename Kind::template type<Column<S>, Integration>;
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
}
template <class S, class Integration, class... Kind> void check_amounts(Kinds<Kind...>) {
  Verdict verdict;
  (amounts<Kind, S, Integration>(verdict), ...);
  CHECK(verdict.report() == "");
}

}  // namespace

TEST_CASE("several spikes at once are as many one after the other, and events tell of them") {
  check_property(several);
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
