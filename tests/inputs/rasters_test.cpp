// Dense rasters and records of every layout: the same bits as single steps.
#include <spark/tracers.hpp>

#include "support/catch.hpp"
#include "support/raster.hpp"

using namespace suite;

namespace {

using T = spark::RUTracer<Eigen::ArrayXf>;  // whose output is not its value

constexpr Index n = 83, steps = 19;  // neither fills a tile nor a pass
const T start(n, 20, 30, 0.4);

// A raster, and what single steps make of it.
struct Stepped {
  ColumnMajor<float> raster = ColumnMajor<float>::Zero(n, steps), outputs = raster;
  T tracer = start;

  Stepped() {
    Random random(7);
    for (Index k = 0; k < steps; ++k) {
      for (float& x : raster.col(k)) x = random.below(3) == 0 ? 1.0f : 0.0f;
      outputs.col(k) = tracer(raster.col(k));
    }
  }
  void check(const T& t) const {
    CHECK(identical(t.trace_R(), tracer.trace_R()));
    CHECK(identical(t.trace_U(), tracer.trace_U()));
  }
};

}  // namespace

TEST_CASE("every form of dense raster gives the same run, of a tracer and of events") {
  const Stepped want;
  const ColumnMajor<float>& raster = want.raster;
  const auto events_of = [](const auto& x) {
    spark::EventDriven<T> events(start);
    events.run(x);
    return Eigen::ArrayXf(events.value());
  };
  const Eigen::ArrayXf events = events_of(raster);
  const auto agree = [&](const char* form, const auto& x) {
    INFO(form);
    T plain = start, recorded = start;
    plain.run(x);
    want.check(plain);
    ColumnMajor<float> record(n, steps);
    recorded.run(x, record);
    want.check(recorded);
    CHECK(identical(record, want.outputs));
    CHECK(identical(events_of(x), events));
  };
  ColumnMajor<float> larger = ColumnMajor<float>::Constant(n + 5, steps + 4, 1);
  larger.block(3, 2, n, steps) = raster;
  const RowMajor<bool> flags = larger > 0.5f;
  agree("column-major", raster);
  agree("row-major", RowMajor<float>(raster));
  agree("row-major bool", RowMajor<bool>(raster > 0.5f));
  agree("a comparison", raster > 0.5f);
  agree("a cast", raster.cast<double>());
  agree("a block", larger.block(3, 2, n, steps));
  agree("a block of row-major bool", flags.block(3, 2, n, steps));
  agree("a matrix", Eigen::MatrixXf(raster.matrix()));
  agree("a product", Eigen::MatrixXf::Identity(n, n) * raster.matrix());
  agree("a reversed array", ColumnMajor<float>(raster.reverse()).reverse());
}

TEST_CASE("every form of record receives the outputs, and nothing around it") {
  const Stepped want;
  const auto check = [&](auto&& record) {
    T t = start;
    t.run(want.raster, record);
    want.check(t);
    CHECK(identical(record, want.outputs.cast<typename std::decay_t<decltype(record)>::Scalar>()));
  };
  check(RowMajor<float>(n, steps));
  check(ColumnMajor<double>(n, steps));
  check(RowMajor<double>(n, steps));
  check(Eigen::MatrixXf(n, steps));
  ColumnMajor<float> columns = ColumnMajor<float>::Constant(n + 5, steps + 4, -1), around = columns;
  RowMajor<float> rows = columns;
  check(columns.block(3, 2, n, steps)), check(rows.block(3, 2, n, steps));
  around.block(3, 2, n, steps) = want.outputs;
  CHECK(identical(columns, around));
  CHECK(identical(rows, around));
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
