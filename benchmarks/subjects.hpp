/// \file
/// One struct for each tracer class, with all that the comparisons need to know of it: how a user builds the library's
/// tracer, and the same state as plain arrays, with one step as Eigen expressions (`eigen`), by hand (`hand`), and with
/// the arithmetic left out (`bytes`).
///
/// `T` is the storage type; `Kind` says whether all elements have the same time constants. Adding a class: a struct
/// here, its name in CMakeLists.txt.
#pragma once

#include <Eigen/Core>

#include <random>

#include <spark/tracers.hpp>

#include "kernels.hpp"

namespace bench {

template <class T>
using Array = Eigen::Array<T, Eigen::Dynamic, 1>;
template <class X>
using Input = Eigen::Map<const Array<X>>;

/// One time constant for all elements.
struct Uniform {
  template <class T>
  using Field = T;
  template <class T>
  static T tau(Index, double typical) {
    return static_cast<T>(typical);
  }
};

/// One for each.
struct PerElement {
  template <class T>
  using Field = Array<T>;
  template <class T>
  static Array<T> tau(Index size, double typical) {
    std::mt19937 random(static_cast<unsigned>(typical));
    std::uniform_real_distribution<double> factor(0.5, 1.5);
    return Array<T>::NullaryExpr(size, [&] { return static_cast<T>(typical * factor(random)); });
  }
};

/// tau for the library and dt / tau, with dt = 1, for the others.
template <class T, class Kind>
struct TimeConstant {
  typename Kind::template Field<T> tau, decay;

  TimeConstant(Index size, double typical) : tau(Kind::template tau<T>(size, typical)), decay(inverse(tau)) {}

  decltype(auto) given() const {
    if constexpr (std::is_same<Kind, Uniform>::value)
      return static_cast<double>(tau);
    else
      return (tau);
  }

 private:
  static T inverse(const T& number) { return T(1) / number; }
  static Array<T> inverse(const Array<T>& numbers) { return numbers.inverse(); }
};

template <class T>
const T* raw(const Array<T>& a) {
  return a.data();
}
template <class T>
T raw(const T& number) {
  return number;
}
template <class T>
Read<T> read(const Array<T>& a) {
  return {a.data()};
}
template <class T>
Nothing read(const T&) {
  return {};
}
template <class T>
Update<T> update(Array<T>& a) {
  return {a.data()};
}

namespace subject {

/// What all have in common. `scale` and `base` of every trace; where a class has no base it ignores that.
template <class T, class Kind>
struct Common {
  using Time = TimeConstant<T, Kind>;
  static constexpr bool has_base = true;

  Index size;
  T scale = T(1), base;

  Common(Index n, double b) : size(n), base(static_cast<T>(b)) {}

  Array<T> filled(T value) const { return Array<T>::Constant(size, value); }
  double rest() const { return static_cast<double>(base); }
  template <class X>
  static auto number(const Input<X>& x) {
    return x.template cast<T>();
  }
};

template <class T, class Kind>
struct Tracer : Common<T, Kind> {
  using Library = spark::Tracer<Array<T>>;
  using Common<T, Kind>::size, Common<T, Kind>::scale, Common<T, Kind>::base, Common<T, Kind>::number;

  TimeConstant<T, Kind> time;
  Array<T> trace;

  Tracer(Index n, double b, double steps = 20) : Common<T, Kind>(n, b), time(n, steps), trace(this->filled(base)) {}

  Library library(spark::Options options = {}) const { return {size, time.given(), 1, this->rest(), options}; }
  template <class X>
  void eigen(const Input<X>& x) {
    trace += time.decay * (base - trace) + scale * number(x);
  }
  template <class X>
  void hand(const X* x) {
    with_leak(raw(time.decay), scale, base, [&](auto leak) { step_tracer(trace.data(), x, size, leak); });
  }
  template <class X>
  void bytes(const X* x) {
    move_bytes(size, update(trace), read(time.decay), Read<X>{x});
  }
  const Array<T>& output() const { return trace; }
};

template <class T, class Kind>
struct SaturableTracer : Tracer<T, Kind> {
  using Library = spark::SaturableTracer<Array<T>>;
  using Tracer<T, Kind>::Tracer;
  using Common<T, Kind>::size, Common<T, Kind>::scale, Common<T, Kind>::base, Common<T, Kind>::number;
  using Tracer<T, Kind>::time, Tracer<T, Kind>::trace;

  Library library(spark::Options options = {}) const { return {size, time.given(), 1, this->rest(), options}; }
  template <class X>
  void eigen(const Input<X>& x) {
    trace = (trace + time.decay * (base - trace) + scale * number(x)).max(T(0)).min(T(1));
  }
  template <class X>
  void hand(const X* x) {
    with_leak(raw(time.decay), scale, base, [&](auto leak) { step_saturable(trace.data(), x, size, leak); });
  }
};

template <class T, class Kind>
struct NearestTracer : Tracer<T, Kind> {
  using Library = spark::NearestTracer<Array<T>>;
  using Tracer<T, Kind>::Tracer;
  using Common<T, Kind>::size, Common<T, Kind>::scale, Common<T, Kind>::base, Common<T, Kind>::number;
  using Tracer<T, Kind>::time, Tracer<T, Kind>::trace;

  Library library(spark::Options options = {}) const { return {size, time.given(), 1, this->rest(), options}; }
  template <class X>
  void eigen(const Input<X>& x) {
    trace = (x != X(0)).select(base + scale * number(x), trace + time.decay * (base - trace));
  }
  template <class X>
  void hand(const X* x) {
    with_leak(raw(time.decay), scale, base, [&](auto leak) { step_nearest(trace.data(), x, size, leak, scale, base); });
  }
};

template <class T, class Kind>
struct DoubleTracer : Common<T, Kind> {
  using Library = spark::DoubleTracer<Array<T>>;
  using Common<T, Kind>::size, Common<T, Kind>::scale, Common<T, Kind>::base, Common<T, Kind>::number;

  TimeConstant<T, Kind> time_1, time_2;
  Array<T> trace_1, trace_2;

  DoubleTracer(Index n, double b, double steps = 20)
      : Common<T, Kind>(n, b),
        time_1(n, steps),
        time_2(n, steps + 15),
        trace_1(this->filled(base)),
        trace_2(this->filled(base)) {}

  Library library(spark::Options options = {}) const {
    return {size, time_1.given(), time_2.given(), 1, 1, this->rest(), this->rest(), options};
  }
  template <class X>
  void eigen(const Input<X>& x) {
    trace_1 += time_1.decay * (base - trace_1) + scale * number(x);
    trace_2 += time_2.decay * (base - trace_2) + scale * trace_1;
  }
  template <class X>
  void hand(const X* x) {
    with_leaks([&](auto leak_1, auto leak_2) { step_double(trace_1.data(), trace_2.data(), x, size, leak_1, leak_2); });
  }
  template <class X>
  void bytes(const X* x) {
    move_bytes(size, update(trace_1), update(trace_2), read(time_1.decay), read(time_2.decay), Read<X>{x});
  }
  const Array<T>& output() const { return trace_2; }

 protected:
  template <class Kernel>
  void with_leaks(Kernel kernel) const {
    with_leak(raw(time_1.decay), scale, base,
              [&](auto leak_1) { kernel(leak_1, decltype(leak_1)(raw(time_2.decay), scale, base)); });
  }
};

template <class T, class Kind>
struct SaturableDoubleTracer : DoubleTracer<T, Kind> {
  using Library = spark::SaturableDoubleTracer<Array<T>>;
  using DoubleTracer<T, Kind>::DoubleTracer;
  using Common<T, Kind>::size, Common<T, Kind>::scale, Common<T, Kind>::base, Common<T, Kind>::number;
  using DoubleTracer<T, Kind>::time_1, DoubleTracer<T, Kind>::time_2;
  using DoubleTracer<T, Kind>::trace_1, DoubleTracer<T, Kind>::trace_2;

  Library library(spark::Options options = {}) const {
    return {size, time_1.given(), time_2.given(), 1, 1, this->rest(), this->rest(), options};
  }
  template <class X>
  void eigen(const Input<X>& x) {
    trace_1 = (trace_1 + time_1.decay * (base - trace_1) + scale * number(x)).max(T(0)).min(T(1));
    trace_2 = (trace_2 + time_2.decay * (base - trace_2) + scale * trace_1).max(T(0)).min(T(1));
  }
  template <class X>
  void hand(const X* x) {
    this->with_leaks([&](auto leak_1, auto leak_2) {
      step_saturable_double(trace_1.data(), trace_2.data(), x, size, leak_1, leak_2);
    });
  }
};

template <class T, class Kind>
struct RUTracer : Common<T, Kind> {
  using Library = spark::RUTracer<Array<T>>;
  static constexpr bool has_base = false;
  using Common<T, Kind>::size, Common<T, Kind>::number;

  TimeConstant<T, Kind> time_R, time_U;
  T share = T(0.5);
  Array<T> R, U, release;

  RUTracer(Index n, double, double steps = 20)
      : Common<T, Kind>(n, 0),
        time_R(n, steps + 15),
        time_U(n, steps),
        R(this->filled(T(1))),
        U(this->filled(T(0))),
        release(this->filled(T(0))) {}

  Library library(spark::Options options = {}) const {
    return {size, time_R.given(), time_U.given(), static_cast<double>(share), options};
  }
  template <class X>
  void eigen(const Input<X>& x) {
    U += (T(1) - U) * share * number(x) - time_U.decay * U;
    release = U * R;
    R += time_R.decay * (T(1) - R) - release * number(x);
  }
  template <class X>
  void hand(const X* x) {
    with_ru(raw(time_R.decay), raw(time_U.decay), [&](auto decay_R, auto decay_U) {
      step_ru<T>(R.data(), U.data(), release.data(), x, size, decay_R, decay_U, share);
    });
  }
  template <class X>
  void bytes(const X* x) {
    move_bytes(size, update(R), update(U), Write<T>{release.data()}, read(time_R.decay), read(time_U.decay),
               Read<X>{x});
  }
  const Array<T>& output() const { return release; }

 private:
  template <class Kernel>
  static void with_ru(T decay_R, T decay_U, Kernel kernel) {
    kernel(Lanes<T>::set(decay_R), Lanes<T>::set(decay_U));
  }
  template <class Kernel>
  static void with_ru(const T* decay_R, const T* decay_U, Kernel kernel) {
    kernel(decay_R, decay_U);
  }
};

template <class T, class Kind>
struct RDTracer : Common<T, Kind> {
  using Library = spark::RDTracer<Array<T>>;
  using Common<T, Kind>::size, Common<T, Kind>::scale, Common<T, Kind>::base, Common<T, Kind>::number;

  TimeConstant<T, Kind> tau_rise, tau_decay, time_rise;
  Array<T> rise, fall;

  RDTracer(Index n, double b, double steps = 20)
      : Common<T, Kind>(n, b),
        tau_rise(n, steps),
        tau_decay(n, steps + 15),
        time_rise(tau_rise),
        rise(this->filled(base)),
        fall(this->filled(base)) {
    time_rise.decay = tau_rise.decay + tau_decay.decay;  // the rates of rise and decay together
  }

  Library library(spark::Options options = {}) const {
    return {size, tau_rise.given(), tau_decay.given(), 1, 1, this->rest(), this->rest(), options};
  }
  template <class X>
  void eigen(const Input<X>& x) {
    rise += time_rise.decay * (base - rise) + scale * number(x);
    fall += tau_decay.decay * (base - fall) + scale * number(x);
  }
  template <class X>
  void hand(const X* x) {
    with_leak(raw(time_rise.decay), scale, base, [&](auto leak) {
      const decltype(leak) other(raw(tau_decay.decay), scale, base);
      step_side_by_side<T>(x, size, std::pair(rise.data(), leak), std::pair(fall.data(), other));
    });
  }
  template <class X>
  void bytes(const X* x) {
    move_bytes(size, update(rise), update(fall), read(time_rise.decay), read(tau_decay.decay), Read<X>{x});
  }
  Array<T> output() const { return fall - rise; }
};

template <class T, class Kind>
struct RFSTracer : Common<T, Kind> {
  using Library = spark::RFSTracer<Array<T>>;
  static constexpr bool has_base = false;
  using Common<T, Kind>::size, Common<T, Kind>::scale, Common<T, Kind>::base, Common<T, Kind>::number;

  double alpha = 0.25;
  RDTracer<T, Kind> fast, slow;

  RFSTracer(Index n, double, double steps = 20) : Common<T, Kind>(n, 0), fast(n, 0, steps), slow(n, 0, steps) {
    slow.tau_decay = TimeConstant<T, Kind>(n, 3 * steps);
    slow.time_rise.decay = slow.tau_rise.decay + slow.tau_decay.decay;
  }

  Library library(spark::Options options = {}) const {
    return {size, alpha, fast.tau_rise.given(), fast.tau_decay.given(), slow.tau_decay.given(), options};
  }
  template <class X>
  void eigen(const Input<X>& x) {
    fast.eigen(x);
    slow.eigen(x);
  }
  template <class X>
  void hand(const X* x) {
    with_leak(raw(fast.time_rise.decay), scale, base, [&](auto leak) {
      const auto trace = [&](Array<T>& state, const TimeConstant<T, Kind>& time) {
        return std::pair(state.data(), decltype(leak)(raw(time.decay), scale, base));
      };
      step_side_by_side<T>(x, size, trace(fast.rise, fast.time_rise), trace(fast.fall, fast.tau_decay),
                           trace(slow.rise, slow.time_rise), trace(slow.fall, slow.tau_decay));
    });
  }
  template <class X>
  void bytes(const X* x) {
    move_bytes(size, update(fast.rise), update(fast.fall), update(slow.rise), update(slow.fall),
               read(fast.time_rise.decay), read(fast.tau_decay.decay), read(slow.time_rise.decay),
               read(slow.tau_decay.decay), Read<X>{x});
  }
  Array<T> output() const { return static_cast<T>(alpha) * fast.output() + static_cast<T>(1 - alpha) * slow.output(); }
};

}  // namespace subject
}  // namespace bench
