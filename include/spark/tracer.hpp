#pragma once

#include <spark/base_tracer.hpp>
#include <spark/law/leak.hpp>

namespace spark {

/// The members of every tracer of one exponential trace.
template <class Derived>
class LeakTracer : public BaseTracer<Derived> {
  using Base = BaseTracer<Derived>;

 public:
  using Array = typename Base::Array;
  using Place = typename Base::Place;
  using Parameter = typename Base::Parameter;

  LeakTracer(Place place, Parameter tau, Parameter scale = 1, Parameter base = 0, Options options = {})
      : Base(place, {tau, scale, base}, options) {}
  /// Without a shape where the array type fixes it.
  template <class A = Array, RequireFixedSize<A> = 0>
  LeakTracer(Parameter tau, Parameter scale = 1, Parameter base = 0, Options options = {})
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

template <class Array, class Integration = Euler>
class Tracer;

template <class Array_, class Integration>
struct tracer_traits<Tracer<Array_, Integration>> {
  using Array = Array_;
  using Law = Leak<Integration>;
  static constexpr const char* name = "Tracer";
};

/// An exponential trace of spikes:
/// \f[ \trace \leftarrow \trace + \decay \, (\base - \trace) + \scale \; x \f]
/// so that after step t a train of spikes at steps t_i has left
/// \f[ \base + \sum_i \scale \, (1 - \decay)^{t - t_i} \f]
/// `decay` is dt/tau for Euler and 1 - exp(-dt/tau) for Exact.
///
/// tau > 0 (infinite: never decays; Euler needs dt <= tau), scale and base finite: a number, an array of the tracer's
/// shape, or a row or column. The trace starts at base. A step reads x, reads and writes the trace; it allocates
/// nothing. The trace is never subnormal: a value below 1e-37 (float) or 1e-300 (double) is 0. The constructor throws
/// std::invalid_argument. (STDP: Song, Miller and Abbott 2000, Nat Neurosci 3:919; Morrison, Diesmann and Gerstner
/// 2008, Biol Cybern 98:459.)
template <class Array, class Integration>
class Tracer : public LeakTracer<Tracer<Array, Integration>> {
 public:
  using LeakTracer<Tracer>::LeakTracer;
};

template <class Array, class Integration = Euler>
class SaturableTracer;

template <class Array_, class Integration>
struct tracer_traits<SaturableTracer<Array_, Integration>> {
  using Array = Array_;
  using Law = Leak<Integration, Clipped>;
  static constexpr const char* name = "SaturableTracer";
};

/// A `Tracer` clipped to [0, 1] after each step; base lies in [0, 1]. With scale 1 a spike sets the trace to 1,
/// whatever it was: the memory of the latest spike only.
template <class Array, class Integration>
class SaturableTracer : public LeakTracer<SaturableTracer<Array, Integration>> {
 public:
  using LeakTracer<SaturableTracer>::LeakTracer;
};

}  // namespace spark
