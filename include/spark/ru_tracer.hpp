#pragma once

#include <spark/base_tracer.hpp>
#include <spark/law/resource.hpp>

namespace spark {

template <class Array, class Integration = Euler>
class RUTracer;

template <class Array_, class Integration>
struct tracer_traits<RUTracer<Array_, Integration>> {
  using Array = Array_;
  using Law = Resource<Integration>;
  static constexpr const char* name = "RUTracer";
};

/// Short-term plasticity: the resources R of a synapse and the share U of them that a spike uses.
/// \f[ U' = U - \decay_U \, U + (1 - U) \, \scale_U \; x \qquad \release = U' R \f]
/// \f[ R' = R + \decay_R \, (1 - R) - U' R \, x \f]
/// is a step of Euler; in Exact U relaxes to 0 and R to 1 over dt, and then U += (1 - U) * scale_U * x,
/// release = U * R, R -= U * R * x: the synapse of Tsodyks, Pawelzik and Markram 1998 (Neural Comput 10:821).
///
/// R_tau > 0; U_tau > 0, or 0 with Exact: no facilitation, each spike uses scale_U; scale_U in [0, 1]. R starts at 1
/// and U at 0, and neither ever leaves [0, 1], whatever x is. A step returns the release, in which R is what the spike
/// found; value() is U * R as they stand. Guard, cost and errors as for `Tracer`.
template <class Array, class Integration>
class RUTracer : public BaseTracer<RUTracer<Array, Integration>> {
  using Base = BaseTracer<RUTracer>;

 public:
  using Place = typename Base::Place;
  using Parameter = typename Base::Parameter;
  using Number = typename Base::Number;
  using Scalar = typename Base::Scalar;

  RUTracer(Place place, Parameter R_tau, Parameter U_tau, Parameter scale_U, Options options = {})
      : Base(place, {R_tau, U_tau, scale_U}, options) {}
  /// Without a shape where the array type fixes it.
  template <class A = Array, RequireFixedSize<A> = 0>
  RUTracer(Parameter R_tau, Parameter U_tau, Parameter scale_U, Options options = {})
      : Base(Place(Index(A::RowsAtCompileTime), Index(A::ColsAtCompileTime)), {R_tau, U_tau, scale_U}, options) {}

  auto scale_U() const { return this->template coefficient<2>(); }
  auto decay_R() const { return this->template coefficient<0>(); }
  auto decay_U() const { return this->template coefficient<1>(); }
  const Array& trace_R() const { return this->template state<0>(); }
  const Array& trace_U() const { return this->template state<1>(); }

  template <class X>
  void set_trace_R(const Eigen::DenseBase<X>& x) {
    this->template set_state<0>(x);
  }
  template <class X>
  void set_trace_U(const Eigen::DenseBase<X>& x) {
    this->template set_state<1>(x);
  }

  /// The product as it stands now; a step returns the release instead.
  auto value() const {
    return (trace_R().template cast<Number>() * trace_U().template cast<Number>()).template cast<Scalar>();
  }
};

}  // namespace spark
