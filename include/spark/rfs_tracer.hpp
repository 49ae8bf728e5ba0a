#pragma once

#include <spark/base_tracer.hpp>
#include <spark/law/rise_decay.hpp>

namespace spark {

template <class Array, class Integration = Euler>
class RFSTracer;

template <class Array_, class Integration>
struct tracer_traits<RFSTracer<Array_, Integration>> {
  using Array = Array_;
  using Law = RiseFastSlow<Integration>;
  static constexpr const char* name = "RFSTracer";
};

/// Rise, fast and slow decay: `alpha` of a fast rise-decay response plus `1 - alpha` of a slow one. A spike
/// leaves
/// \f[ \left( \alpha \, e^{-t/\tau_{fast}} + (1 - \alpha) \, e^{-t/\tau_{slow}} \right)
///     \left( 1 - e^{-t/\tau_{rise}} \right) \f]
/// alpha is finite; the time constants as for `RDTracer`. All four traces start at 0.
template <class Array, class Integration>
class RFSTracer : public BaseTracer<RFSTracer<Array, Integration>> {
  using Base = BaseTracer<RFSTracer>;

 public:
  using Place = typename Base::Place;
  using Parameter = typename Base::Parameter;

  RFSTracer(Place place, Parameter alpha, Parameter tau_rise, Parameter tau_fast_decay, Parameter tau_slow_decay,
            Options options = {})
      : Base(place, {alpha, tau_rise, tau_fast_decay, tau_slow_decay}, options) {}
  /// Without a shape where the array type fixes it.
  template <class A = Array, RequireFixedSize<A> = 0>
  RFSTracer(Parameter alpha, Parameter tau_rise, Parameter tau_fast_decay, Parameter tau_slow_decay,
            Options options = {})
      : Base(Place(Index(A::RowsAtCompileTime), Index(A::ColsAtCompileTime)),
             {alpha, tau_rise, tau_fast_decay, tau_slow_decay}, options) {}

  auto alpha() const { return this->template coefficient<4>(); }
  auto decay_rise_fast() const { return this->template coefficient<2>(); }
  auto decay_fast() const { return this->template coefficient<0>(); }
  auto decay_rise_slow() const { return this->template coefficient<3>(); }
  auto decay_slow() const { return this->template coefficient<1>(); }
  const Array& trace_rise_fast() const { return this->template state<0>(); }
  const Array& trace_fast() const { return this->template state<1>(); }
  const Array& trace_rise_slow() const { return this->template state<2>(); }
  const Array& trace_slow() const { return this->template state<3>(); }

  template <class X>
  void set_trace_rise_fast(const Eigen::DenseBase<X>& x) {
    this->template set_state<0>(x);
  }
  template <class X>
  void set_trace_fast(const Eigen::DenseBase<X>& x) {
    this->template set_state<1>(x);
  }
  template <class X>
  void set_trace_rise_slow(const Eigen::DenseBase<X>& x) {
    this->template set_state<2>(x);
  }
  template <class X>
  void set_trace_slow(const Eigen::DenseBase<X>& x) {
    this->template set_state<3>(x);
  }

  auto value() const { return this->value_of_law(); }
};

}  // namespace spark
