#pragma once

#include <spark/base_tracer.hpp>
#include <spark/law/rise_decay.hpp>

namespace spark {

template <class Array, class Integration = Euler>
class RDTracer;

template <class Array_, class Integration>
struct tracer_traits<RDTracer<Array_, Integration>> {
  using Array = Array_;
  using Law = RiseDecay<Integration>;
  static constexpr const char* name = "RDTracer";
};

/// Rise and decay: the difference of two exponential traces of the same spikes,
/// \f[ \val = \trace_{decay} - \trace_{rise} \f]
/// each a `Tracer`, trace_rise with the time constant tau_rise * tau_decay / (tau_rise + tau_decay). A spike's response
/// is, with scales of 1,
/// \f[ e^{-t/\tau_{decay}} \left( 1 - e^{-t/\tau_{rise}} \right) \f]
/// Parameters, start, guard, cost and errors as for `Tracer`.
template <class Array, class Integration>
class RDTracer : public BaseTracer<RDTracer<Array, Integration>> {
  using Base = BaseTracer<RDTracer>;

 public:
  using Place = typename Base::Place;
  using Parameter = typename Base::Parameter;
  using Number = typename Base::Number;
  using Scalar = typename Base::Scalar;

  RDTracer(Place place, Parameter tau_rise, Parameter tau_decay, Parameter scale_rise = 1, Parameter scale_decay = 1,
           Parameter base_rise = 0, Parameter base_decay = 0, Options options = {})
      : Base(place, {tau_rise, tau_decay, scale_rise, scale_decay, base_rise, base_decay}, options) {}
  /// Without a shape where the array type fixes it.
  template <class A = Array, RequireFixedSize<A> = 0>
  RDTracer(Parameter tau_rise, Parameter tau_decay, Parameter scale_rise = 1, Parameter scale_decay = 1,
           Parameter base_rise = 0, Parameter base_decay = 0, Options options = {})
      : Base(Place(Index(A::RowsAtCompileTime), Index(A::ColsAtCompileTime)),
             {tau_rise, tau_decay, scale_rise, scale_decay, base_rise, base_decay}, options) {}

  auto scale_rise() const { return this->template coefficient<2>(); }
  auto scale_decay() const { return this->template coefficient<3>(); }
  auto base_rise() const { return this->template coefficient<4>(); }
  auto base_decay() const { return this->template coefficient<5>(); }
  auto decay_rise() const { return this->template coefficient<1>(); }
  auto decay_decay() const { return this->template coefficient<0>(); }
  const Array& trace_rise() const { return this->template state<0>(); }
  const Array& trace_decay() const { return this->template state<1>(); }

  template <class X>
  void set_trace_rise(const Eigen::DenseBase<X>& x) {
    this->template set_state<0>(x);
  }
  template <class X>
  void set_trace_decay(const Eigen::DenseBase<X>& x) {
    this->template set_state<1>(x);
  }

  auto value() const {
    return (trace_decay().template cast<Number>() - trace_rise().template cast<Number>()).template cast<Scalar>();
  }
};

}  // namespace spark
