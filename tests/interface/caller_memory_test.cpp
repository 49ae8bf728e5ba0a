// A tracer over Eigen::Map keeps its state in memory of the caller: the same bits as one that owns its state, in the
// caller's layout, and nothing written beside it.
#include "support/catch.hpp"
#include "support/fixture.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

using Values = ArrayXf;
using View = Eigen::Map<Values>;
const spark::Options as_is{1, {}, spark::Rounding::Nearest, spark::Start::as_is};

}  // namespace

TEMPLATE_LIST_TEST_CASE("a tracer starts at base in memory of the caller, and is stepped there", "", EveryKind) {
  using Mapped = typename TestType::template type<View, Euler>;
  const Fixture& s = find_fixture(TestType::name, "float", "Euler");
  const ArrayXXf before = ArrayXXf::Constant(s.size() + 2, Mapped::states, 12345);  // two rows belong to nobody
  ArrayXXf memory = before;
  auto column = [&, j = 0](const auto&) mutable { return View(&memory(1, j++), s.size()); };
  const auto place = [&](const auto&... state) { return typename Mapped::Place{column(state)...}; };
  const auto make = [&](auto... p) { return Mapped(std::apply(place, TestType::states), p...); };
  Mapped mapped = std::apply(make, TestType::typical);
  const auto owned = s.make({});
  const auto agree = [&] {
    ArrayXXf want = before;
    for (int k = 0; k < Mapped::states; ++k)
      want.col(k).segment(1, s.size()) = Eigen::Map<Column<real>>(owned->state(k).data(), s.size()).cast<float>();
    CHECK(identical(memory, want));
    const Values value = mapped.value();
    CHECK(std::vector<real>(value.begin(), value.end()) == owned->value());
  };
  agree();
  // memory and law do not meet but in the sweep: that of one, two and four states, with an output of its own or not
  constexpr Recurrence r = TestType::recurrence;
  if constexpr (r == Recurrence::leaky || r == Recurrence::cascade || r == Recurrence::release ||
                r == Recurrence::rise_fast_slow) {
    Random random(131);
    for (int k = 0; k < 40; ++k) {
      const Raster raster = Raster::random(s.size(), 1, k % 2 == 1, random);
      const Values x = raster.dense<float>().col(0);
      owned->step(raster.counts[0]), owned->step_list(raster.lists[0]);
      mapped(x), mapped(spark::spikes(raster.lists[0]));
      if (k % 10 != 9) continue;
      owned->masked_reset(std::vector<bool>(x.begin(), x.end())), owned->advance(3);
      mapped.masked_reset(x > 0.5f), mapped.advance(3);
    }
    agree();
  }
}

TEST_CASE("memory with gaps, of different shapes, or of two states at once is refused") {
  Values memory(12);
  const auto apart = [&](Index stride) {
    using Apart = Eigen::Map<Values, 0, Eigen::InnerStride<>>;
    spark::Tracer<Apart>({Apart(memory.data(), 4, Eigen::InnerStride<>(stride))}, 20.0);
  };
  CHECK_NOTHROW(apart(1));
  CHECK_THROWS_AS(apart(3), std::invalid_argument);
  const auto columns = [&](Index stride) {
    using Columns = Eigen::Map<ArrayXXf, 0, Eigen::OuterStride<>>;
    spark::Tracer<Columns>({Columns(memory.data(), 2, 3, Eigen::OuterStride<>(stride))}, 20.0);
  };
  CHECK_NOTHROW(columns(2));
  CHECK_THROWS_AS(columns(4), std::invalid_argument);
  const auto states = [&](Index size, Index second, Index second_size) {
    spark::DoubleTracer<View>({View(memory.data(), size), View(memory.data() + second, second_size)}, 20.0, 30.0);
  };
  CHECK_NOTHROW(states(4, 4, 4));
  CHECK_THROWS_AS(states(5, 5, 4), std::invalid_argument);
  CHECK_THROWS_AS(states(5, 4, 5), std::invalid_argument);
  CHECK_THROWS_AS(states(5, 0, 5), std::invalid_argument);
}

TEST_CASE("a move takes the memory along, and assigning a copy writes memory, if the shape is the same") {
  using T = spark::Tracer<View>;
  Values first(4), second(4), third(5);
  T a({View(first.data(), 4)}, 20), b({View(second.data(), 4)}, 30, 1, 0.5), c({View(third.data(), 5)}, 40, 1, 0.25);
  std::swap(a, b);
  CHECK((a.value().data() == second.data() && b.value().data() == first.data()));
  CHECK((a.tau()(0) == 30 && b.tau()(0) == 20));
  a(Values::Ones(4));
  CHECK(((second == 1.5f).all() && (first == 0).all()));
  b = a;
  a(Values::Ones(4));
  CHECK((first == 1.5f).all());
  CHECK(b.decay()(0) == a.decay()(0));
  CHECK_THROWS_AS(b = c, std::invalid_argument);
  CHECK((first == 1.5f).all());
  CHECK(b.decay()(0) == a.decay()(0));
  b = T(c);
  CHECK(b.value().data() == third.data());
  CHECK((first == 1.5f).all());
}

TEST_CASE("memory of the caller may be taken as it is, and moved") {
  using T = spark::RUTracer<View, Exact>;
  Values R = Values::Constant(3, 0.5f), U = Values::Constant(3, 0.25f);
  const auto place = [](Values& a, Values& b, Index n) { return T::Place{View(a.data(), n), View(b.data(), n)}; };
  T tracer(place(R, U, 3), 100, 50, 0.5, as_is);
  CHECK((R == 0.5f).all());
  CHECK((tracer.trace_U() == 0.25f).all());
  Values elsewhere_R = R, elsewhere_U = U;
  tracer.rebind(place(elsewhere_R, elsewhere_U, 3));
  tracer(Values::Ones(3));
  CHECK((R == 0.5f).all());
  CHECK((elsewhere_R < 0.5f).all());

  elsewhere_R(1) = 1.5f;
  CHECK_THROWS_AS(tracer.rebind(place(elsewhere_R, U, 3)), std::invalid_argument);
  CHECK_THROWS_AS(T(place(elsewhere_R, U, 3), 100, 50, 0.5, as_is), std::invalid_argument);
  CHECK_THROWS_AS(tracer.rebind(place(R, U, 2)), std::invalid_argument);
  CHECK(tracer.trace_U().data() == elsewhere_U.data());
  CHECK_THROWS_AS(spark::Tracer<Values>(3, 20, as_is), std::invalid_argument);
}

TEST_CASE("an input that overlaps the state at another offset is evaluated first") {
  Values memory = Values::LinSpaced(701, 1, 701), same = memory.head(700);
  const auto shifted = [&](auto form) {
    Values work = memory;
    spark::Tracer<View> over({View(work.data() + 1, 700)}, 20.0, as_is);
    spark::Tracer<Values> want(700, 20.0);
    want.set_trace(memory.tail(700));
    over(form(View(work.data(), 700))), want(form(View(same.data(), 700)));
    return identical(Values(over.value()), want.value());
  };
  CHECK(shifted([](const auto& x) { return x; }));
  CHECK(shifted([](const auto& x) { return x * 0.5f; }));
  // and so is a value that is computed from the states of another tracer
  Values none = Values::Zero(700);
  const spark::RDTracer<View> other({View(none.data(), 700), View(memory.data(), 700)}, 5, 20, as_is);
  spark::Tracer<View> over({View(memory.data() + 1, 700)}, 20, as_is);
  spark::Tracer<Values> want(700, 20);
  want.set_trace(over.trace());
  want(Values(other.value())), over(other.value());
  CHECK(identical(Values(over.value()), want.value()));
}
