#pragma once

#include <spark/law/nearest.hpp>
#include <spark/tracer.hpp>

namespace spark {

template <class Array, class Integration = Euler>
class NearestTracer;

template <class Array_, class Integration>
struct tracer_traits<NearestTracer<Array_, Integration>> {
  using Array = Array_;
  using Law = Nearest<Integration>;
  static constexpr const char* name = "NearestTracer";
};

/// A `Tracer` that remembers the latest spike only: where x is not 0 the trace becomes base + scale * x instead of
/// adding, as nearest-neighbour pairing asks for. (Morrison, Diesmann and Gerstner 2008, Biol Cybern 98:459.)
template <class Array, class Integration>
class NearestTracer : public LeakTracer<NearestTracer<Array, Integration>> {
 public:
  using LeakTracer<NearestTracer>::LeakTracer;
};

}  // namespace spark
