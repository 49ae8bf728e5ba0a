// A law and its tracer. Each of the programs beside takes one piece away.
#pragma once

#include <spark/tracers.hpp>

struct Law : spark::LawDefaults {
  template <class V> struct Parameters { V tau; };
  template <class V> struct Coefficients { V decay; };
  template <class V> struct State { V trace; };
  static constexpr spark::ParameterInfo parameters[] = {{"tau", spark::Domain::time_constant}};
  static constexpr spark::StateInfo states[] = {{"trace", spark::Domain::any}};
  static constexpr int taus[] = {0};
#ifndef WITHOUT_PREPARE
  template <class W> static Coefficients<W> prepare(const Parameters<W>& p, const W& dt) {
    return {spark::Exact::decay(dt, p.tau)};
  }
#endif
  template <class V> static State<V> rest(const Coefficients<V>&) { return {V(0)}; }
#ifndef WITHOUT_STEP
  template <class C, class S, class X> static SPARK_INLINE void step(const C& c, S& s, const X& x) {
    s.trace = leak(s.trace, c.decay, spark::detail::Zero(), decltype(s.trace)(1), x);
  }
#endif
#ifndef WITHOUT_VALUE
  static constexpr int value_state = 0;
#endif
};

template <class Array> struct Mine : spark::BaseTracer<Mine<Array>, Array, Law> {
  static constexpr const char* name = "Mine";
  using Mine::BaseTracer::BaseTracer;
};

void step(Mine<Eigen::ArrayXf>& mine) { mine(Eigen::ArrayXf::Zero(mine.size())); }
