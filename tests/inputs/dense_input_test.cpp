// Dense input of every kind of Eigen expression, of one step and of many: the same bits as from a plain array, each
// coefficient evaluated exactly once and before the state changes, so that the expression may read the tracer that it
// drives. Records of every layout.
#include <typeinfo>
#include <vector>

#include "support/catch.hpp"
#include "support/kinds.hpp"

using namespace suite;

namespace {

template <class A> A some_spikes(Index rows, Index cols) {
  Random random(41);
  return A::NullaryExpr(rows, cols, [&](Index, Index) { return typename A::Scalar(random.chance(0.4)); });
}

// Steps and resets copies of one tracer, which has stepped before, by other ways to write zeros and ones.
template <class Kind, class A> struct Agreement {
  using T = typename Kind::template type<A, spark::Euler>;
  A x, output;
  T start, stepped, reset;

  Agreement(Index rows, Index cols)
      : x(some_spikes<A>(rows, cols)), start(typical<Kind, A>(spark::Shape(rows, cols))), stepped(start), reset(start) {
    start(A::Ones(rows, cols)), start(A::Zero(rows, cols));
    stepped = reset = start;
    output = stepped(x);
    reset.masked_reset(x);
  }
  template <class X> void operator()(const char* form, const X& other) const {
    INFO(Kind::name << ", " << shape_name<A>() << ": " << form);
    T t = start, masked = start;
    CHECK(identical(A(t(other)), output));
    check(t, stepped);
    masked.masked_reset(other);
    check(masked, reset);
  }
  static void check(const T& got, const T& want) {
    for (std::size_t j = 0; j < T::states; ++j) CHECK(identical(*states<Kind>(got)[j], *states<Kind>(want)[j]));
  }
};

// The same for a raster: runs, recorded or not, of a tracer whose output is not its value, and of events.
struct RunAgreement {
  static constexpr Index n = 83, steps = 19;  // neither fills a tile nor a pass
  using T = spark::RUTracer<ArrayXf>;

  const ColumnMajor<float> x = some_spikes<ColumnMajor<float>>(n, steps);
  const T start{n, 20, 30, 0.4};
  ColumnMajor<float> outputs{n, steps};
  T stepped = start;
  ArrayXf events;

  RunAgreement() {
    for (Index k = 0; k < steps; ++k) outputs.col(k) = stepped(x.col(k));
    events = events_of(x);
  }
  template <class X> ArrayXf events_of(const X& raster) const {
    spark::EventDriven<T> all(start);
    all.run(raster);
    return all.value();
  }
  template <class X> void operator()(const char* form, const X& raster) const {
    INFO("a run of " << form);
    T plain = start;
    plain.run(raster);
    check(plain);
    check_record(raster, ColumnMajor<float>(n, steps));
    CHECK(identical(events_of(raster), events));
  }
  template <class X, class Record> void check_record(const X& raster, Record&& record) const {
    T recorded = start;
    recorded.run(raster, record);
    check(recorded);
    CHECK(identical(record, outputs.cast<typename std::decay_t<Record>::Scalar>()));
  }
  void check(const T& t) const {
    CHECK(identical(t.trace_R(), stepped.trace_R()));
    CHECK(identical(t.trace_U(), stepped.trace_U()));
  }
};

template <class Agree> void check_forms(const Agree& agree) {
  const auto& x = agree.x;
  using A = std::decay_t<decltype(x)>;
  using Identity = Eigen::Matrix<typename A::Scalar, A::ColsAtCompileTime, A::ColsAtCompileTime>;
  agree("bool", (x != 0).eval());
  agree("uint8_t", x.template cast<std::uint8_t>().eval());
  agree("double", x.template cast<double>().eval());
  agree("a matrix", x.matrix().eval());
  agree("a matrix expression", x.matrix());
  agree("a Ref", Eigen::Ref<const A>(x));
  agree("a comparison", x > 0.5);
  agree("a cast", (x != 0).eval().template cast<float>());
  agree("a product", x.matrix() * Identity::Identity(x.cols(), x.cols()));
  agree("a reversed array", x.reverse().eval().reverse());
}

// What differs between the classes is the law, not how it meets its input: one class sees all forms.
void check_vectors() {
  constexpr Index n = 83;
  const Agreement<DoubleTracerKind, ArrayXf> agree(n, 1);
  check_forms(agree);
  const ArrayXf& x = agree.x;
  const auto agree_as = [&](auto type) { agree(typeid(type).name(), x.cast<decltype(type)>().eval()); };
  agree_as(std::int8_t()), agree_as(std::uint16_t()), agree_as(int()), agree_as(std::int64_t());
  agree_as(float()), agree_as(Eigen::half());
  agree("a sum", (x - 1.0f) + 1.0f);

  // parts of larger arrays, at every alignment
  for (Index shift = 0; shift < 9; ++shift) {
    ArrayXf longer = ArrayXf::Constant(n + 9, 5.0f);
    longer.segment(shift, n) = x;
    const Column<bool> booleans = longer != 0;
    agree("a segment of bool", booleans.segment(shift, n));
    agree("a segment", longer.segment(shift, n));
    agree("a map", Eigen::Map<const ArrayXf>(longer.data() + shift, n));
  }
  ColumnMajor<float> table = ColumnMajor<float>::Constant(4, n, 3.0f);
  table.row(2) = x.transpose();
  const ColumnMajor<bool> flags = table != 0;
  agree("a row, transposed", table.row(2).transpose());
  using Stride = Eigen::InnerStride<>;
  agree("a map with a stride", Eigen::Map<const ArrayXf, 0, Stride>(table.data() + 2, n, Stride(4)));
  agree("a map of bool with a stride", Eigen::Map<const Column<bool>, 0, Stride>(flags.data() + 2, n, Stride(4)));
}

template <class Agree> void check_matrices(const Agree& agree) {
  check_forms(agree);
  const auto& x = agree.x;
  using A = std::decay_t<decltype(x)>;
  using S = typename A::Scalar;
  const Index rows = x.rows(), cols = x.cols();
  const std::conditional_t<A::IsRowMajor, ColumnMajor<S>, RowMajor<S>> turned = x;
  agree("the other order", turned);
  agree("bool in the other order", (turned > 0.5).eval());
  agree("uint8_t in the other order", turned.template cast<std::uint8_t>().eval());
  agree("float in the other order", turned.template cast<float>().eval());
  agree("a transposed array", x.transpose().eval().transpose());
  ColumnMajor<S> larger = ColumnMajor<S>::Constant(rows + 5, cols + 5, S(9));
  larger.block(2, 3, rows, cols) = x;
  const RowMajor<bool> flags = larger > 0.5;
  agree("a block", larger.block(2, 3, rows, cols));
  agree("a block of row-major bool", flags.block(2, 3, rows, cols));
  using Strided = Eigen::Map<const ColumnMajor<S>, 0, Eigen::OuterStride<>>;
  agree("a map with an outer stride", Strided(&larger(2, 3), rows, cols, Eigen::OuterStride<>(rows + 5)));
  using Both = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
  ColumnMajor<S> sparse = ColumnMajor<S>::Constant(2 * rows, 3 * cols, S(9));
  Eigen::Map<ColumnMajor<S>, 0, Both> spread(sparse.data(), rows, cols, Both(3 * 2 * rows, 2));
  spread = x;
  agree("a map with two strides", spread);
}

constexpr Index n = 1100;  // more than one piece of an expression

template <class Kind> void check_once() {
  auto tracer = typical<Kind, ArrayXf>(n);
  Random random(51);
  std::vector<int> calls(n);
  const auto counted = [&](auto type) {  // how often each coefficient is asked for
    using X = decltype(type);
    const Column<X> values = Column<X>::NullaryExpr(n, [&](Index) { return static_cast<X>(random.chance(0.3)); });
    return Column<X>::NullaryExpr(n, [&calls, values](Index i) {
      ++calls[static_cast<std::size_t>(i)];
      return values(i);
    });
  };
  const auto once = [&](auto call, Index first = 0, Index count = n) {
    INFO(Kind::name);
    calls.assign(n, 0);
    call();
    for (Index i = 0; i < n; ++i) CHECK(calls[static_cast<std::size_t>(i)] == (i >= first && i < first + count));
  };
  once([&] { tracer(counted(float())); });
  once([&] { tracer(counted(bool())); });
  once([&] { tracer(counted(double()) * 0.5 + 0.25); });
  once([&] { tracer.masked_reset(counted(bool())); });
  once([&] { tracer.step(10, 100, counted(float()).segment(10, 100)); }, 10, 100);
}

ArrayXf some_state() {
  return ArrayXf::NullaryExpr(n, [](Index i) { return static_cast<float>(i % 17) / 32; });
}

// An expression over a tracer's own state, as input and as mask, beside the same values computed before.
template <class T, class Expression> void check_self(T tracer, Expression expression) {
  T apart = tracer, masked = tracer;
  masked.masked_reset(expression(masked)), apart.masked_reset(expression(tracer).eval());
  CHECK(identical(masked.value().eval(), apart.value().eval()));
  apart = tracer;
  for (int k = 0; k < 3; ++k) {
    const auto before = expression(apart).eval();
    const auto want = apart(before).eval(), got = tracer(expression(tracer)).eval();
    CHECK(identical(got, want));
    CHECK(identical(tracer.value().eval(), apart.value().eval()));
  }
}

}  // namespace

TEST_CASE("every form of dense input gives the same step, and as a mask the same reset") {
  check_vectors();
  check_forms(Agreement<RUTracerKind, ArrayXf>(83, 1));  // whose output is not its value
  check_matrices(Agreement<RUTracerKind, ColumnMajor<double>>(7, 13));
  check_matrices(Agreement<RUTracerKind, RowMajor<double>>(7, 13));
}

TEST_CASE("every form of dense raster gives the same run, of a tracer and of events") {
  check_matrices(RunAgreement());
}

TEST_CASE("every form of record receives the outputs, and nothing around it") {
  const RunAgreement runs;
  const Index size = runs.x.rows(), steps = runs.x.cols();
  const auto check = [&](auto&& record) { runs.check_record(runs.x, record); };
  check(RowMajor<float>(size, steps));
  check(ColumnMajor<double>(size, steps));
  check(RowMajor<double>(size, steps));
  check(Eigen::MatrixXf(size, steps));
  ColumnMajor<float> columns = ColumnMajor<float>::Constant(size + 5, steps + 4, -1), around = columns;
  RowMajor<float> rows = columns;
  check(columns.block(3, 2, size, steps)), check(rows.block(3, 2, size, steps));
  around.block(3, 2, size, steps) = runs.outputs;
  CHECK(identical(columns, around));
  CHECK(identical(rows, around));
}

TEST_CASE("an input expression is evaluated exactly once") {
  // The law never meets the expression: one state and several, with an output of its own or not.
  check_once<TracerKind>();
  check_once<RUTracerKind>();
  check_once<DoubleTracerKind>();
}

TEST_CASE("an input, a mask and a new state may read the tracer that they change") {
  spark::Tracer<ArrayXf> single(n, 20);
  single.set_trace(some_state());
  check_self(single, [](const auto& t) { return t.trace() * 0.5f; });
  check_self(single, [](const auto& t) { return t.trace().reverse(); });
  check_self(single, [](const auto& t) { return t.trace().reverse() > 0.25f; });
  check_self(single, [](const auto& t) { return t.trace() > 0.25f; });
  check_self(single, [](const auto& t) { return t.value() * 0.25f; });
  // A function of the user's that reads other elements of the state was evaluated while the state changed.
  check_self(single,
             [](const auto& t) { return ArrayXf::NullaryExpr(n, [&v = t.value()](Index i) { return v(n - 1 - i); }); });
  check_self(single, [](const auto& t) { return t.value().unaryExpr([&v = t.value()](float x) { return x + v(1); }); });
  auto turned = single;
  turned.set_trace(turned.trace().reverse());
  CHECK(identical(turned.trace(), some_state().reverse()));

  spark::SaturableTracer<ArrayXf> saturable(n, 20);
  saturable.set_trace(some_state());
  check_self(saturable, [](const auto& t) { return 1 - t.trace(); });
  check_self(saturable, [](const auto& t) { return t.trace().reverse(); });

  spark::DoubleTracer<ArrayXf> cascade(n, 10, 20);
  cascade.set_trace_1(some_state()), cascade.set_trace_2(some_state().reverse());
  check_self(cascade, [](const auto& t) { return t.trace_2() - t.trace_1(); });
  check_self(cascade, [](const auto& t) { return t.trace_2().reverse() * 0.125f; });
  check_self(cascade, [](const auto& t) { return t.trace_1().reverse(); });
  // A mask that reads one state must not see it reset when the next is.
  check_self(cascade, [](const auto& t) { return t.trace_1(); });

  spark::RUTracer<ArrayXf> release(n, 30, 10, 0.25);
  release.set_trace_R(1 - some_state()), release.set_trace_U(some_state());
  check_self(release, [](const auto& t) { return t.trace_R() * t.trace_U(); });
  check_self(release, [](const auto& t) { return t.trace_R().reverse(); });
  check_self(release, [](const auto& t) { return t.value(); });

  using Square = Eigen::ArrayXXd;  // across rows and columns
  spark::Tracer<Square> table({60, 60}, 20);
  table.set_trace(Square::NullaryExpr(60, 60, [](Index i, Index j) { return double(100 * i + j); }));
  check_self(table, [](const auto& t) { return t.trace().transpose(); });
  // A Map whose strides turn the state over was taken for the state itself.
  using Turned = Eigen::Map<const Square, 0, Eigen::Stride<-1, -1>>;
  check_self(table, [](const auto& t) { return Turned(t.trace().data(), 60, 60, {1, 60}); });
  check_self(table, [](const auto& t) { return Eigen::Map<const RowMajor<double>>(t.trace().data(), 60, 60); });
}

TEST_CASE("a rising tracer stays at its bases, also where one of them is 0") {
  for (float rise : {0.0f, 0.5f})
    for (float decay : {0.0f, 0.25f}) {
      spark::RDTracer<Eigen::ArrayXf> t(n, 3, 20, 1, 1, rise, decay);
      t(Eigen::ArrayXf::Zero(n));
      CHECK((t.trace_rise() == rise).all());
      CHECK((t.trace_decay() == decay).all());
    }
}
