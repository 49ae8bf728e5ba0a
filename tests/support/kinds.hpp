// Every tracer class, described once: a new class costs one line, SPARK_TEST_KIND, and a place in a list of kinds.
#pragma once

#include <array>
#include <spark/tracers.hpp>
#include <utility>

#include "compare.hpp"
#include "reference.hpp"

namespace suite {

// name, recurrence, and typical parameters in the constructor's order, each exact in all scalars
// also when varied by a factor of 1, 1.25, 1.5 or 1.75
#define SPARK_TEST_KIND(Class, recurrence_, ...)                      \
  struct Class##Kind {                                                \
    static constexpr const char* name = #Class;                       \
    static constexpr Recurrence recurrence = Recurrence::recurrence_; \
    static constexpr std::array typical{__VA_ARGS__};                 \
    template <class Array, class Integration>                         \
    using type = spark::Class<Array, Integration>;                    \
  }
SPARK_TEST_KIND(Tracer, leaky, 12.0, 0.75, 0.25);
SPARK_TEST_KIND(SaturableTracer, clipped, 12.0, 0.75, 0.25);
SPARK_TEST_KIND(DoubleTracer, cascade, 6.0, 20.0, 0.75, 0.125, 0.25, 0.5);
SPARK_TEST_KIND(SaturableDoubleTracer, clipped_cascade, 6.0, 20.0, 0.75, 0.03125, 0.25, 0.125);
SPARK_TEST_KIND(RUTracer, release, 24.0, 10.0, 0.375);
SPARK_TEST_KIND(NearestTracer, nearest, 12.0, 0.75, 0.25);
SPARK_TEST_KIND(RDTracer, rise_decay, 3.0, 20.0, 0.75, 0.5, 0.25, 0.5);
SPARK_TEST_KIND(RFSTracer, rise_fast_slow, 0.25, 3.0, 8.0, 40.0);
#undef SPARK_TEST_KIND

template <class... Kind>
struct Kinds {};
using SingleKinds = Kinds<TracerKind, SaturableTracerKind, NearestTracerKind>;
using DoubleKinds = Kinds<DoubleTracerKind, SaturableDoubleTracerKind>;
using ReleaseAndRiseKinds = Kinds<RUTracerKind, RDTracerKind, RFSTracerKind>;

template <class... A, class... B, class... C>
Kinds<A..., B..., C...> all_of(Kinds<A...>, Kinds<B...>, Kinds<C...>);
using EveryKind = decltype(all_of(SingleKinds(), DoubleKinds(), ReleaseAndRiseKinds()));

// The states by name, in the order of Reference::State.
template <Recurrence r, class T>
auto states(const T& t) {
  if constexpr (r == Recurrence::release) {
    return std::array{&t.trace_R(), &t.trace_U()};
  } else if constexpr (r == Recurrence::cascade || r == Recurrence::clipped_cascade) {
    return std::array{&t.trace_1(), &t.trace_2()};
  } else if constexpr (r == Recurrence::rise_decay) {
    return std::array{&t.trace_rise(), &t.trace_decay()};
  } else if constexpr (r == Recurrence::rise_fast_slow) {
    return std::array{&t.trace_rise_fast(), &t.trace_fast(), &t.trace_rise_slow(), &t.trace_slow()};
  } else {
    return std::array{&t.trace()};
  }
}

template <Recurrence r, class T, class A>
void set_state(T& t, int k, const A& a) {
  if constexpr (r == Recurrence::release) {
    if (k == 0) t.set_trace_R(a);
    if (k == 1) t.set_trace_U(a);
  } else if constexpr (r == Recurrence::cascade || r == Recurrence::clipped_cascade) {
    if (k == 0) t.set_trace_1(a);
    if (k == 1) t.set_trace_2(a);
  } else if constexpr (r == Recurrence::rise_decay) {
    if (k == 0) t.set_trace_rise(a);
    if (k == 1) t.set_trace_decay(a);
  } else if constexpr (r == Recurrence::rise_fast_slow) {
    if (k == 0) t.set_trace_rise_fast(a);
    if (k == 1) t.set_trace_fast(a);
    if (k == 2) t.set_trace_rise_slow(a);
    if (k == 3) t.set_trace_slow(a);
  } else {
    t.set_trace(a);
  }
}

template <class S>
struct Shapes {
  using Column = Eigen::Array<S, Eigen::Dynamic, 1>;
  using Row = Eigen::Array<S, 1, Eigen::Dynamic>;
  using ColumnMajor = Eigen::Array<S, Eigen::Dynamic, Eigen::Dynamic>;
  using RowMajor = Eigen::Array<S, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using FixedColumn = Eigen::Array<S, 12, 1>;
  using FixedMatrix = Eigen::Array<S, 3, 4>;
};

template <class A>
constexpr bool is_vector = A::RowsAtCompileTime == 1 || A::ColsAtCompileTime == 1;

template <class A>
std::string shape_name() {
  std::string name = A::SizeAtCompileTime == Eigen::Dynamic ? "" : "fixed ";
  if (A::RowsAtCompileTime == 1) return name + "row";
  if (A::ColsAtCompileTime == 1) return name + "column";
  return name + (A::IsRowMajor ? "2-D row-major" : "2-D column-major");
}

}  // namespace suite
