// Every tracer class, described once: a line here, and traits and step in reference.hpp; CONTRIBUTING.md shows them.
#pragma once

#include <array>
#include <spark/tracers.hpp>
#include <tuple>
#include <utility>

#include "compare.hpp"
#include "reference.hpp"

namespace suite {

using spark::Euler, spark::Exact;

// The states by name, in the order of Reference::State: how each is read, and how it is set.
#define SPARK_TEST_STATE(name) \
  std::pair([](const auto& t) { return &t.name(); }, [](auto& t, const auto& a) { t.set_##name(a); })
constexpr auto single_state = std::make_tuple(SPARK_TEST_STATE(trace));
constexpr auto double_states = std::make_tuple(SPARK_TEST_STATE(trace_1), SPARK_TEST_STATE(trace_2));
constexpr auto release_states = std::make_tuple(SPARK_TEST_STATE(trace_R), SPARK_TEST_STATE(trace_U));
constexpr auto rise_decay_states = std::make_tuple(SPARK_TEST_STATE(trace_rise), SPARK_TEST_STATE(trace_decay));
constexpr auto rise_fast_slow_states = std::make_tuple(SPARK_TEST_STATE(trace_rise_fast), SPARK_TEST_STATE(trace_fast),
                                                       SPARK_TEST_STATE(trace_rise_slow), SPARK_TEST_STATE(trace_slow));

// name, recurrence, states, and typical parameters in the constructor's order, each exact in all scalars
// also when varied by a factor of 1, 1.25, 1.5 or 1.75
#define SPARK_TEST_KIND(Class, recurrence_, states_, ...)                                    \
  struct Class##Kind {                                                                       \
    static constexpr const char* name = #Class;                                              \
    static constexpr Recurrence recurrence = Recurrence::recurrence_;                        \
    static constexpr const auto& states = states_;                                           \
    static constexpr std::array typical{__VA_ARGS__};                                        \
    template <class Array, class Integration> using type = spark::Class<Array, Integration>; \
  }
SPARK_TEST_KIND(Tracer, leaky, single_state, 12.0, 0.75, 0.25);
SPARK_TEST_KIND(SaturableTracer, clipped, single_state, 12.0, 0.75, 0.25);
SPARK_TEST_KIND(DoubleTracer, cascade, double_states, 6.0, 20.0, 0.75, 0.125, 0.25, 0.5);
SPARK_TEST_KIND(SaturableDoubleTracer, clipped_cascade, double_states, 6.0, 20.0, 0.75, 0.03125, 0.25, 0.125);
SPARK_TEST_KIND(RUTracer, release, release_states, 24.0, 10.0, 0.375);
SPARK_TEST_KIND(NearestTracer, nearest, single_state, 12.0, 0.75, 0.25);
SPARK_TEST_KIND(RDTracer, rise_decay, rise_decay_states, 3.0, 20.0, 0.75, 0.5, 0.25, 0.5);
SPARK_TEST_KIND(RFSTracer, rise_fast_slow, rise_fast_slow_states, 0.25, 3.0, 8.0, 40.0);
#undef SPARK_TEST_KIND

// A tracer with the typical parameters.
template <class Kind, class A, class Integration = Euler, class Shape>
auto typical(Shape shape, spark::Options options = {}) {
  return std::apply([&](auto... p) { return typename Kind::template type<A, Integration>(shape, p..., options); },
                    Kind::typical);
}

template <class... Kind> using Kinds = std::tuple<Kind...>;
using SingleKinds = Kinds<TracerKind, SaturableTracerKind, NearestTracerKind>;
using DoubleKinds = Kinds<DoubleTracerKind, SaturableDoubleTracerKind>;
using OtherKinds = Kinds<RUTracerKind, RDTracerKind, RFSTracerKind>;
using EveryKind = decltype(std::tuple_cat(SingleKinds(), DoubleKinds(), OtherKinds()));

template <class Kind, class T> auto states(const T& t) {
  return std::apply([&](const auto&... state) { return std::array{state.first(t)...}; }, Kind::states);
}

template <class Kind, class T, class A> void set_state(T& t, int k, const A& a) {
  std::apply([&](const auto&... state) { ((k-- == 0 ? state.second(t, a) : void()), ...); }, Kind::states);
}

template <class S> struct Shapes {
  using Column = suite::Column<S>;
  using Row = Eigen::Array<S, 1, Eigen::Dynamic>;
  using ColumnMajor = suite::ColumnMajor<S>;
  using RowMajor = suite::RowMajor<S>;
  using FixedColumn = Eigen::Array<S, 12, 1>;
  using FixedMatrix = Eigen::Array<S, 3, 4>;
};

template <class A> std::string shape_name() {
  std::string name = A::SizeAtCompileTime == Eigen::Dynamic ? "" : "fixed ";
  if (A::RowsAtCompileTime == 1) return name + "row";
  if (A::ColsAtCompileTime == 1) return name + "column";
  return name + (A::IsRowMajor ? "2-D row-major" : "2-D column-major");
}

}  // namespace suite
