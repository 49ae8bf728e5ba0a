#pragma once

#include <spark/base_tracer.hpp>
#include <spark/law/nearest.hpp>

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
class NearestTracer : public BaseTracer<NearestTracer<Array, Integration>> {
  using Base = BaseTracer<NearestTracer>;

 public:
  using Place = typename Base::Place;
  using Parameter = typename Base::Parameter;

  NearestTracer(Place place, Parameter tau, Parameter scale = 1, Parameter base = 0, Options options = {})
      : Base(place, {tau, scale, base}, options) {}
  /// Without a shape where the array type fixes it.
  template <class A = Array, RequireFixedSize<A> = 0>
  NearestTracer(Parameter tau, Parameter scale = 1, Parameter base = 0, Options options = {})
      : Base(Place(Index(A::RowsAtCompileTime), Index(A::ColsAtCompileTime)), {tau, scale, base}, options) {}

  auto scale() const { return this->template coefficient<1>(); }
  auto base() const { return this->template coefficient<2>(); }
  auto decay() const { return this->template coefficient<0>(); }
  const Array& trace() const { return this->template state<0>(); }

  template <class X>
  void set_trace(const Eigen::DenseBase<X>& x) {
    this->template set_state<0>(x);
  }

  const Array& value() const { return trace(); }
};

}  // namespace spark
