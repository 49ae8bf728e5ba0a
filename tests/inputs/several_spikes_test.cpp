// Several spikes of an element in one step, and spikes that carry an amount.
#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "support/kinds.hpp"
#include "support/persistence.hpp"

using namespace suite;

namespace {

// A list as it comes from a loop, and shuffled; few and many.
template <class Kind, class S> void check_amounts(Random& random) {
  using T = typename Kind::template type<Column<S>, spark::Euler>;
  for (Index n : {3, 40, 700})
    for (double density : {0.01, 0.5, 0.9}) {
      T dense = typical<Kind, Column<S>>(n), sorted = dense, shuffled = dense, ranges = dense, by_pointer = dense;
      spark::EventDriven<T> events(dense);
      for (int k = 0; k < 4; ++k) {
        Column<float> x = Column<float>::Zero(n);
        std::vector<int> who;
        std::vector<float> how_much;
        for (Index i = 0; i < n; ++i) {
          if (!random.chance(density)) continue;
          who.push_back(static_cast<int>(i));
          how_much.push_back(x(i) = static_cast<float>(random.below(8)) / 8);
        }
        const Column<S> want = dense(x);
        const auto agrees = [&](const auto& output) { CHECK(identical(Column<S>(output), want)); };
        agrees(sorted(spark::spikes(who, how_much)));
        agrees(by_pointer(spark::spikes(who.data(), how_much.data(), static_cast<Index>(who.size()))));
        events(spark::spikes(who, how_much));
        const Index cut = random.below(n);
        Column<S> out(n);
        ranges.step(cut, n - cut, spark::spikes(who, how_much), out.tail(n - cut));
        ranges.step(0, cut, spark::spikes(who, how_much), out.head(cut));
        agrees(out);
        for (std::size_t i = 0; i < who.size(); ++i) {
          const auto j = static_cast<std::size_t>(random.below(Index(i) + 1));
          std::swap(who[i], who[j]), std::swap(how_much[i], how_much[j]);
        }
        agrees(shuffled(spark::spikes(who, how_much)));
      }
      INFO(Kind::name << "<" << scalar_name<S>() << ">, " << n << " elements, " << density);
      for (const T* tracer : {&sorted, &by_pointer, &shuffled, &ranges}) CHECK(same(*tracer, dense));
      const Column<S> value = dense.value();
      for (Index i = 0; i < n; ++i)
        CHECK(close(to_real(S(events.value(i))), to_real(value(i)), 0, sizeof(S) == 2 ? 2e-2L : 1e-5L));
    }
}
template <class S, class... Kind> void check_all_amounts(Kinds<Kind...>) {
  Random random(311);
  (check_amounts<Kind, S>(random), ...);
}

// K spikes at once do what K spikes a millionth of a step apart do.
template <class Kind, class Integration> void check_several() {
  using A = Eigen::ArrayXd;
  using T = typename Kind::template type<A, Integration>;
  for (int K : {1, 2, 3, 7}) {
    T at_once = typical<Kind, A, Integration>(2);
    const A none = A::Zero(2);
    at_once(none);
    std::vector<int> list(static_cast<std::size_t>(K), 1);
    spark::EventDriven<T> events(at_once);
    const double output = A(at_once(spark::spikes(list)))(1);
    double told = 0;
    events(spark::spikes(list), [&](Index i, double y) { told = i == 1 ? y : -1; });
    INFO(Kind::name << ", " << K << " spikes");
    CHECK(std::abs(told - output) < 1e-12);
    // the others within 1e-6 of a step, by a step so short that nothing decays in it
    T reference = typical<Kind, A, Integration>(2);
    reference(none);
    std::vector<int> one{1};
    reference(spark::spikes(one));
    reference.set_dt(1e-6);
    for (int k = 1; k < K; ++k) reference(spark::spikes(one));
    CHECK((A(at_once.value()) - A(reference.value())).abs().maxCoeff() < 1e-5);
  }
}
template <class Integration, class... Kind> void check_all_several(Kinds<Kind...>) {
  (check_several<Kind, Integration>(), ...);
}

}  // namespace

TEST_CASE("a list with amounts is a dense step, bit for bit") {
  check_all_amounts<float>(EveryKind());
  check_all_amounts<Eigen::bfloat16>(Kinds<TracerKind, RUTracerKind>());
}

TEST_CASE("amounts of equal indices add up, in every class") {
  const std::vector<int> who{2, 0, 2, 1, 2};
  const std::vector<double> how_much{0.5, 1, 0.25, 0, 0.125};
  const Eigen::Array3d x(1, 0, 0.875);
  const auto check = [&](auto dense) {
    auto list = dense;
    spark::EventDriven events(dense);
    const Eigen::ArrayXd want = dense(x);
    CHECK(identical(Eigen::ArrayXd(list(spark::spikes(who, how_much))), want));
    int told = 0;
    events(spark::spikes(who, how_much), [&](Index, double) { ++told; });
    CHECK(told == 3);
    CHECK(events.value().isApprox(Eigen::ArrayXd(dense.value()), 1e-14));
  };
  using A = Eigen::ArrayXd;
  check(spark::Tracer<A>(3, 20));
  check(spark::NearestTracer<A>(3, 20));
  check(spark::RUTracer<A, spark::Exact>(3, 200, 50, 0.3));
  CHECK_THROWS_AS(spark::spikes(who, std::vector<double>(4)), std::invalid_argument);
}

TEST_CASE("K spikes at once are K spikes next to each other") {
  check_all_several<spark::Exact>(EveryKind());
  check_all_several<spark::Euler>(
      Kinds<TracerKind, SaturableTracerKind, NearestTracerKind, RUTracerKind, RDTracerKind, RFSTracerKind>());
}

TEST_CASE("a synapse that spikes twice sends the sum of both releases") {
  using A = Eigen::ArrayXd;
  for (Index n : {1, 2, 100}) {
    spark::RUTracer<A, spark::Exact> synapse(n, 800.0, 50.0, 0.3);
    for (const std::vector<int>& list : {std::vector<int>{0, 0}, std::vector<int>{0, 0, 0, 0, 0}}) {
      double u = synapse.trace_U()(0) * std::exp(-1 / 50.0), r = 1 - (1 - synapse.trace_R()(0)) * std::exp(-1 / 800.0);
      double want = 0;
      for (std::size_t k = 0; k < list.size(); ++k) u += (1 - u) * 0.3, want += u * r, r -= u * r;
      CHECK(std::abs(synapse(spark::spikes(list))(0) - want) < 1e-12);
      CHECK(std::abs(synapse.trace_R()(0) - r) < 1e-12);
    }
  }
}

TEMPLATE_TEST_CASE("several spikes at once are rounded to 16 bits once", "", Eigen::half, Eigen::bfloat16) {
  using Wide = spark::RUTracer<Eigen::ArrayXf, spark::Exact>;
  using Narrow = spark::RUTracer<Column<TestType>, spark::Exact>;
  for (std::size_t K : {1, 2, 3, 5, 9}) {
    Wide wide(3, 200.0, 50.0, 0.3);
    Narrow narrow(3, 200.0, 50.0, 0.3);
    const std::vector<int> list(K, 1);
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
  spark::Tracer<Eigen::ArrayXf, spark::Exact> tracer(1, 20.0);
  spark::EventDriven events(tracer);
  events(spark::spikes(list)), tracer(spark::spikes(list));
  CHECK(events.value(0) == 16777220.0f);  // 2^24 + 3, rounded once
  CHECK(tracer.value()(0) == 16777220.0f);
}
