// A tracer over Eigen::Map keeps its state in memory of the caller: the same bits as one that owns its state, in the
// caller's layout, and nothing written beside it.
#include "support/catch.hpp"
#include "support/fixture.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

using Values = Eigen::ArrayXf;
using View = Eigen::Map<Values>;
constexpr float untouched = 12345.0f;

template <class Kind> using Mapped = typename Kind::template type<View, spark::Euler>;

// A column for each state, with a number before and after that nobody owns.
template <class Kind> class Memory {
 public:
  static constexpr int states = Mapped<Kind>::states;

  explicit Memory(Index size) : size_(size), columns_(Eigen::ArrayXXf::Constant(size + 2, states, untouched)) {}
  typename Mapped<Kind>::Place place() {
    const auto view = [&](int j) { return View(&columns_(1, j), size_); };
    if constexpr (states == 1) return {view(0)};
    if constexpr (states == 2) return {view(0), view(1)};
    if constexpr (states == 4) return {view(0), view(1), view(2), view(3)};
  }
  // in whichever column the class keeps it
  bool holds(const std::vector<real>& state) const {
    for (int j = 0; j < states; ++j) {
      bool same = true;
      for (Index i = 0; i < size_; ++i)
        same = same && to_real(columns_(1 + i, j)) == state[static_cast<std::size_t>(i)];
      if (same) return true;
    }
    return false;
  }
  bool intact() const { return (columns_.row(0) == untouched).all() && (columns_.row(size_ + 1) == untouched).all(); }

 private:
  Index size_;
  Eigen::ArrayXXf columns_;
};

const Fixture& owner(const char* class_name) {
  for (const Fixture& s : every_fixture())
    if (s.name == std::string(class_name) + "<float, column, Euler>") return s;
  throw std::logic_error("no such fixture");
}

template <class Kind> Mapped<Kind> mapped_over(Memory<Kind>& memory) {
  return std::apply([&](auto... p) { return Mapped<Kind>(memory.place(), p...); }, Kind::typical);
}

template <class Kind> void check_start() {
  INFO(Kind::name);
  const Fixture& s = owner(Kind::name);
  Memory<Kind> memory(s.size());
  const Mapped<Kind> mapped = mapped_over<Kind>(memory);
  const auto owned = s.make({});
  for (int k = 0; k < count_states(s.recurrence); ++k) CHECK(memory.holds(owned->state(k)));
  for (Index i = 0; i < s.size(); ++i)
    CHECK(to_real(Values(mapped.value())(i)) == owned->value()[static_cast<std::size_t>(i)]);
  CHECK(memory.intact());
}
template <class... Kind> void check_starts(Kinds<Kind...>) { (check_start<Kind>(), ...); }

template <class Kind> void check_steps() {
  INFO(Kind::name);
  const Fixture& s = owner(Kind::name);
  Memory<Kind> memory(s.size());
  Mapped<Kind> mapped = mapped_over<Kind>(memory);
  const auto owned = s.make_input({});
  Random random(131);
  for (int k = 0; k < 40; ++k) {
    const Raster r = Raster::random(s.size(), 1, k % 2 == 1, random);
    Values x(s.size());
    std::vector<bool> mask;
    for (Index i = 0; i < s.size(); ++i) {
      x(i) = static_cast<float>(r.counts[0][static_cast<std::size_t>(i)]);
      mask.push_back(x(i) > 0.5f);
    }
    owned->step(r.counts[0]), owned->step_list(r.lists[0]);
    mapped(x), mapped(spark::spikes(r.lists[0]));
    if (k % 10 == 9) {
      owned->masked_reset(mask), owned->advance(3);
      mapped.masked_reset(x > 0.5f), mapped.advance(3);
    }
  }
  for (int k = 0; k < count_states(s.recurrence); ++k) CHECK(memory.holds(owned->state(k)));
  CHECK(memory.intact());
}

}  // namespace

TEST_CASE("a tracer starts at base in memory of the caller") { check_starts(EveryKind()); }

// Memory and law do not meet but in the sweep: one, two and four states, with an output of its own or not.
TEST_CASE("state in memory of the caller is stepped in place") {
  check_steps<TracerKind>();
  check_steps<DoubleTracerKind>();
  check_steps<RUTracerKind>();
  check_steps<RFSTracerKind>();
}

TEST_CASE("memory with gaps is refused") {
  Values memory(12);
  using Apart = Eigen::Map<Values, 0, Eigen::InnerStride<>>;
  CHECK_THROWS_AS((spark::Tracer<Apart>({Apart(memory.data(), 4, Eigen::InnerStride<>(3))}, 20.0)),
                  std::invalid_argument);
  CHECK_NOTHROW(spark::Tracer<Apart>({Apart(memory.data(), 4, Eigen::InnerStride<>(1))}, 20.0));
  using Columns = Eigen::Map<Eigen::ArrayXXf, 0, Eigen::OuterStride<>>;
  CHECK_THROWS_AS((spark::Tracer<Columns>({Columns(memory.data(), 2, 3, Eigen::OuterStride<>(4))}, 20.0)),
                  std::invalid_argument);
  CHECK_NOTHROW(spark::Tracer<Columns>({Columns(memory.data(), 2, 3, Eigen::OuterStride<>(2))}, 20.0));
}

TEST_CASE("views of different shapes are refused") {
  Values memory(10);
  const View five(memory.data(), 5), four(memory.data() + 5, 4);
  CHECK_THROWS_AS((spark::DoubleTracer<View>({five, four}, 20.0, 30.0)), std::invalid_argument);
}

TEST_CASE("assigning a copy to a tracer over memory of the caller writes that memory, if the shape is the same") {
  using T = spark::Tracer<View>;
  Values first = Values::Constant(4, 1), second = Values::Constant(4, 2), third = Values::Constant(5, 3);
  T a({View(first.data(), 4)}, 20), b({View(second.data(), 4)}, 30, 1, 0.5), c({View(third.data(), 5)}, 40, 1, 0.25);
  a = b;
  CHECK((first == 0.5f).all());
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
  using T = spark::Tracer<View>;
  float first[2], second[2];
  T a({View(first, 2)}, 20.0), b({View(second, 2)}, 30.0);
  a.set_trace(Eigen::Array2f(1, 1)), b.set_trace(Eigen::Array2f(3, 3));
  std::swap(a, b);
  CHECK((a.value() == 3).all());
  CHECK((b.value() == 1).all());
  CHECK(a.value().data() == second);
  CHECK(a.tau()(0) == 30);
  a(Eigen::Array2f(1, 1));
  CHECK(second[0] == a.value()(0));
  CHECK(first[0] == 1);
}

TEST_CASE("memory of the caller may be taken as it is, and moved") {
  using T = spark::RUTracer<View, spark::Exact>;
  Values R = Values::Constant(3, 0.5f), U = Values::Constant(3, 0.25f);
  spark::Options as_is;
  as_is.start = spark::Start::as_is;
  T tracer({View(R.data(), 3), View(U.data(), 3)}, 100, 50, 0.5, as_is);
  CHECK((R == 0.5f).all());
  CHECK((tracer.trace_U() == 0.25f).all());
  Values elsewhere_R = R, elsewhere_U = U;
  tracer.rebind({View(elsewhere_R.data(), 3), View(elsewhere_U.data(), 3)});
  tracer(Values::Ones(3));
  CHECK((R == 0.5f).all());
  CHECK((elsewhere_R < 0.5f).all());

  elsewhere_R(1) = 1.5f;
  CHECK_THROWS_AS(tracer.rebind({View(elsewhere_R.data(), 3), View(U.data(), 3)}), std::invalid_argument);
  CHECK_THROWS_AS(T({View(elsewhere_R.data(), 3), View(U.data(), 3)}, 100, 50, 0.5, as_is), std::invalid_argument);
  CHECK_THROWS_AS(tracer.rebind({View(R.data(), 2), View(U.data(), 2)}), std::invalid_argument);
  CHECK(tracer.trace_U().data() == elsewhere_U.data());
  CHECK_THROWS_AS(spark::Tracer<Values>(3, 20, as_is), std::invalid_argument);
}

TEST_CASE("two states in the same memory are refused") {
  Values memory(9);
  const auto make = [&](Index second) {
    return spark::DoubleTracer<View>({View(memory.data(), 5), View(memory.data() + second, 4 + (second < 5))}, 20.0,
                                     30.0);
  };
  CHECK_THROWS_AS(make(4), std::invalid_argument);
  CHECK_THROWS_AS(make(0), std::invalid_argument);
  CHECK_NOTHROW(spark::DoubleTracer<View>({View(memory.data(), 4), View(memory.data() + 4, 4)}, 20.0, 30.0));
}

TEST_CASE("an input that overlaps the state at another offset is evaluated first") {
  Values memory = Values::LinSpaced(701, 1, 701), same = memory.head(700);
  spark::Options as_is;
  as_is.start = spark::Start::as_is;
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
}
