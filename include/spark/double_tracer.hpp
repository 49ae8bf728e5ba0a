#pragma once

#include <spark/base_tracer.hpp>
#include <spark/law/cascade.hpp>

namespace spark {

/// The members of every tracer of two exponential traces in a row.
template <class Derived>
class CascadeTracer : public BaseTracer<Derived> {
  using Base = BaseTracer<Derived>;

 public:
  using Array = typename Base::Array;
  using Place = typename Base::Place;
  using Parameter = typename Base::Parameter;

  CascadeTracer(Place place, Parameter tau_1, Parameter tau_2, Parameter scale_1 = 1, Parameter scale_2 = 1,
                Parameter base_1 = 0, Parameter base_2 = 0, Options options = {})
      : Base(place, {tau_1, tau_2, scale_1, scale_2, base_1, base_2}, options) {}
  /// Without a shape where the array type fixes it.
  template <class A = Array, RequireFixedSize<A> = 0>
  CascadeTracer(Parameter tau_1, Parameter tau_2, Parameter scale_1 = 1, Parameter scale_2 = 1, Parameter base_1 = 0,
                Parameter base_2 = 0, Options options = {})
      : Base(Place(Index(A::RowsAtCompileTime), Index(A::ColsAtCompileTime)),
             {tau_1, tau_2, scale_1, scale_2, base_1, base_2}, options) {}

  auto scale_1() const { return this->template coefficient<2>(); }
  auto scale_2() const { return this->template parameter<3>(); }
  auto base_1() const { return this->template coefficient<5>(); }
  auto base_2() const { return this->template coefficient<6>(); }
  auto decay_1() const { return this->template coefficient<0>(); }
  auto decay_2() const { return this->template coefficient<1>(); }
  const Array& trace_1() const { return this->template state<0>(); }
  const Array& trace_2() const { return this->template state<1>(); }

  template <class X>
  void set_trace_1(const Eigen::DenseBase<X>& x) {
    this->template set_state<0>(x);
  }
  template <class X>
  void set_trace_2(const Eigen::DenseBase<X>& x) {
    this->template set_state<1>(x);
  }

  const Array& value() const { return trace_2(); }
};

template <class Array, class Integration = Euler>
class DoubleTracer;

template <class Array_, class Integration>
struct tracer_traits<DoubleTracer<Array_, Integration>> {
  using Array = Array_;
  using Law = Cascade<Integration>;
  static constexpr const char* name = "DoubleTracer";
};

/// Two exponential traces in a row: x drives trace_1, trace_1 drives trace_2, which is the value.
/// \f[ \trace_1 \leftarrow \trace_1 + \decay_1 \, (\base_1 - \trace_1) + \scale_1 \; x \f]
/// \f[ \trace_2 \leftarrow \trace_2 + \decay_2 \, (\base_2 - \trace_2) + \scale_2 \; \trace_1 \f]
/// is a step of Euler; Exact solves
/// \f[ \frac{d\,\trace_1}{dt} = \frac{\base_1 - \trace_1}{\tau_1} \qquad
///     \frac{d\,\trace_2}{dt} = \frac{\base_2 - \trace_2}{\tau_2} + \frac{\scale_2}{dt} \, \trace_1 \f]
/// over dt and then adds scale_1 * x. Equal and nearly equal time constants (the alpha function) are as accurate as
/// distant ones. With scale_2 = dt the response to a spike is, whatever dt is,
/// \f[ \frac{\tau_1 \tau_2}{\tau_1 - \tau_2} \left( e^{-t/\tau_1} - e^{-t/\tau_2} \right) \f]
///
/// Parameters, start, guard, cost and errors as for `Tracer`. Every reset returns both traces to their base.
template <class Array, class Integration>
class DoubleTracer : public CascadeTracer<DoubleTracer<Array, Integration>> {
 public:
  using CascadeTracer<DoubleTracer>::CascadeTracer;
};

template <class Array, class Integration = Euler>
class SaturableDoubleTracer;

template <class Array_, class Integration>
struct tracer_traits<SaturableDoubleTracer<Array_, Integration>> {
  using Array = Array_;
  using Law = Cascade<Integration, Clipped>;
  static constexpr const char* name = "SaturableDoubleTracer";
};

/// A `DoubleTracer` of which each trace is clipped to [0, 1] after its own update; both bases lie in [0, 1].
template <class Array, class Integration>
class SaturableDoubleTracer : public CascadeTracer<SaturableDoubleTracer<Array, Integration>> {
 public:
  using CascadeTracer<SaturableDoubleTracer>::CascadeTracer;
};

}  // namespace spark
