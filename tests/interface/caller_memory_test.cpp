// A tracer over Eigen::Map keeps its state in memory of the caller: the same bits as one that owns its state, in the
// caller's layout, and nothing written beside it.
#include "support/catch.hpp"
#include "support/fixture.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

using Values = ArrayXf;
using View = Eigen::Map<Values>;
constexpr float untouched = 12345.0f;
const spark::Options as_is{1, {}, spark::Rounding::Nearest, spark::Start::as_is};

template <class Kind> using Mapped = typename Kind::template type<View, Euler>;

// A column for each state, with a number before and after that nobody owns.
template <class Kind> class Memory {
 public:
  static constexpr int states = Mapped<Kind>::states;

  explicit Memory(Index size) : size_(size), columns_(ArrayXXf::Constant(size + 2, states, untouched)) {}
  template <int... j> typename Mapped<Kind>::Place place(std::integer_sequence<int, j...>) {
    return {View(&columns_(1, j), size_)...};
  }
  // in whichever column the class keeps it
  bool holds(const std::vector<real>& state) const {
    for (int j = 0; j < states; ++j)
      if (std::equal(state.begin(), state.end(), &columns_(1, j), [](real a, float b) { return a == b; })) return true;
    return false;
  }
  bool intact() const { return (columns_.row(0) == untouched).all() && (columns_.row(size_ + 1) == untouched).all(); }

 private:
  Index size_;
  ArrayXXf columns_;
};

template <class Kind, bool steps> void check() {
  INFO(Kind::name);
  const Fixture& s = find_fixture(Kind::name, "float", "Euler");
  Memory<Kind> memory(s.size());
  const auto every_state = std::make_integer_sequence<int, Mapped<Kind>::states>();
  Mapped<Kind> mapped =
      std::apply([&](auto... p) { return Mapped<Kind>(memory.place(every_state), p...); }, Kind::typical);
  const auto owned = s.make({});
  const auto agree = [&] {
    for (int k = 0; k < count_states(s.recurrence); ++k) CHECK(memory.holds(owned->state(k)));
    const Values value = mapped.value();
    CHECK(std::vector<real>(value.begin(), value.end()) == owned->value());
    CHECK(memory.intact());
  };
  agree();
  if constexpr (steps) {
    Random random(131);
    for (int k = 0; k < 40; ++k) {
      const Raster r = Raster::random(s.size(), 1, k % 2 == 1, random);
      const Values x = r.dense<float>().col(0);
      owned->step(r.counts[0]), owned->step_list(r.lists[0]);
      mapped(x), mapped(spark::spikes(r.lists[0]));
      if (k % 10 != 9) continue;
      owned->masked_reset(std::vector<bool>(x.begin(), x.end())), owned->advance(3);
      mapped.masked_reset(x > 0.5f), mapped.advance(3);
    }
    agree();
  }
}

using SteppedKinds = Kinds<TracerKind, DoubleTracerKind, RUTracerKind, RFSTracerKind>;

}  // namespace

TEMPLATE_LIST_TEST_CASE("a tracer starts at base in memory of the caller", "", EveryKind) { check<TestType, false>(); }

// Memory and law do not meet but in the sweep: one, two and four states, with an output of its own or not.
TEMPLATE_LIST_TEST_CASE("state in memory of the caller is stepped in place", "", SteppedKinds) {
  check<TestType, true>();
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

TEST_CASE("assigning a copy to a tracer over memory of the caller writes that memory, if the shape is the same") {
  using T = spark::Tracer<View>;
  Values first = Values::Constant(4, 1), second = Values::Constant(4, 2), third = Values::Constant(5, 3);
  T a({View(first.data(), 4)}, 20), b({View(second.data(), 4)}, 30, 1, 0.5), c({View(third.data(), 5)}, 40, 1, 0.25);
  a = b;
  b(Values::Ones(4));
  CHECK((first == 0.5f).all());
  CHECK(a.decay()(0) == b.decay()(0));
  CHECK_THROWS_AS(a = c, std::invalid_argument);
  CHECK((first == 0.5f).all());
  CHECK(a.decay()(0) == b.decay()(0));
  a = T(c);  // takes over the memory
  CHECK(a.value().data() == third.data());
  CHECK((first == 0.5f).all());
}

TEST_CASE("swapped tracers exchange their memories") {
  float first[2], second[2];
  spark::Tracer<View> a({View(first, 2)}, 20.0), b({View(second, 2)}, 30.0);
  a.set_trace(Eigen::Array2f(1, 1)), b.set_trace(Eigen::Array2f(3, 3));
  std::swap(a, b);
  CHECK(((a.value() == 3).all() && (b.value() == 1).all()));
  CHECK(a.value().data() == second);
  CHECK(a.tau()(0) == 30);
  a(Eigen::Array2f(1, 1));
  CHECK(second[0] == a.value()(0));
  CHECK(first[0] == 1);
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
