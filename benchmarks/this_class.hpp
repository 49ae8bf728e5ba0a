/// \file
/// The class that a source file is compiled for, SPARK_BENCH_CLASS.
#pragma once

#include <memory>
#include <string>

#include "harness.hpp"
#include "spikes.hpp"
#include "subjects.hpp"

namespace bench {
namespace {

#define SPARK_BENCH_TEXT_(x) #x
#define SPARK_BENCH_TEXT(x) SPARK_BENCH_TEXT_(x)
const std::string class_name = SPARK_BENCH_TEXT(SPARK_BENCH_CLASS);

template <class T, class Kind>
using Subject = subject::SPARK_BENCH_CLASS<T, Kind>;

/// A step of the library's tracer with 5 % of spikes.
template <class Tracer, class X>
auto library_step(std::shared_ptr<Tracer> tracer, std::shared_ptr<Activity<X>> activity) {
  return [=] {
    decltype(auto) output = (*tracer)(Input<X>(activity->next(), tracer->size()));
    benchmark::DoNotOptimize(&output);
  };
}

}  // namespace
}  // namespace bench
