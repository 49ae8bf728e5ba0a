/// \file
/// One struct for each tracer class, whose name CMakeLists.txt has: how a user builds the library's tracer, and the
/// same state as plain arrays, with one step as Eigen expressions (`eigen`), by hand with intrinsics (`hand`), with the
/// arithmetic left out (`bytes`), and for some as a plain loop (`loop`) and from a list (`few`). `T` is what is stored.
#pragma once

#include <Eigen/Core>

#include <array>
#include <memory>
#include <random>

#include <spark/tracers.hpp>

#include "harness.hpp"
#include "kernels.hpp"
#include "spikes.hpp"

namespace bench {

/// One time constant for all elements, or one for each.
enum Kind { uniform, per_element };

template <class T> const T* raw(const Array<T>& a) { return a.data(); }
template <class T> T raw(const T& number) { return number; }

template <bool clipped, class T, class Expression> void set(Array<T>& trace, const Expression& value) {
  if constexpr (clipped)
    trace = value.max(T(0)).min(T(1));
  else
    trace = value;
}

/// The input of an element in a step in which nobody spikes.
struct Nobody {
  float operator()(Index) const { return 0; }
};

namespace subject {

/// What all have in common; a class without a base ignores it.
template <class T, Kind kind, std::size_t states, std::size_t taus = states, bool clipped = false> struct Common {
  static constexpr bool has_base = true;
  using Field = std::conditional_t<kind == uniform, T, Array<T>>;

  Index size;
  T scale = T(1), base;
  double rest;  // the base as the library takes it, and each tau
  std::array<std::conditional_t<kind == uniform, double, Array<T>>, taus> tau;
  std::array<Field, states> decay;  // dt / tau, with dt = 1
  std::array<Array<T>, states> trace;

  template <class... Typical> Common(Index n, double b, Typical... typical)
      : size(n), base(static_cast<T>(b)), rest(b), tau{tau_of(typical)...} {
    for (std::size_t j = 0; j < std::min(tau.size(), decay.size()); ++j) decay[j] = T(1) / static_cast<Field>(tau[j]);
    trace.fill(Array<T>::Constant(size, base));
  }

  auto tau_of(double typical) const {
    std::mt19937 random(static_cast<unsigned>(typical));
    std::uniform_real_distribution<double> factor(0.5, 1.5);
    if constexpr (kind == uniform)
      return typical;
    else
      return Array<T>::NullaryExpr(size, [&] { return static_cast<T>(typical * factor(random)); }).eval();
  }
  template <class X> static auto number(const Input<X>& x) { return x.template cast<T>(); }

  /// Steps of traces side by side; other classes have their own.
  template <class X> void eigen(const Input<X>& x) {
    for (std::size_t j = 0; j < states; ++j)
      set<clipped>(trace[j], trace[j] + decay[j] * (base - trace[j]) + scale * number(x));
  }
  template <class X> void hand(const X* x) {
    with_traces([&](auto... t) { step_traces<clipped>(x, size, t...); });
  }
  /// Calls `kernel` with a pair of pointer and leak for each trace.
  template <class Kernel> void with_traces(Kernel kernel) { with_traces(kernel, std::make_index_sequence<states>()); }
  template <class X> void bytes(const X* x, T* written = nullptr) {
    std::array<T*, states> updated;
    std::array<const T*, kind == uniform ? 0 : states> read;
    for (std::size_t j = 0; j < updated.size(); ++j) {
      updated[j] = trace[j].data();
      if constexpr (kind == per_element) read[j] = decay[j].data();
    }
    move_bytes(size, updated, read, written, x);
  }

 private:
  template <class Kernel, std::size_t... j> void with_traces(Kernel kernel, std::index_sequence<j...>) {
    const auto step = [&](auto... leak) { kernel(std::pair(trace[j].data(), leak)...); };
    if constexpr (kind == uniform)
      step(UniformLeak<T>(decay[j], scale, base)...);
    else if (base == T(0))
      step(PerElementLeak<T, true>(decay[j].data(), scale, base)...);
    else
      step(PerElementLeak<T, false>(decay[j].data(), scale, base)...);
  }
};

template <class T, Kind kind = uniform, bool clipped = false> struct Tracer : Common<T, kind, 1, 1, clipped> {
  static constexpr const char* name = clipped ? "SaturableTracer" : "Tracer";
  using Library = std::conditional_t<clipped, spark::SaturableTracer<Array<T>>, spark::Tracer<Array<T>>>;
  using Base = Common<T, kind, 1, 1, clipped>;
  using Base::size, Base::scale, Base::trace, Base::decay, Base::tau, Base::rest;

  Tracer(Index n, double b, double steps = 20) : Base(n, b, steps) {}

  Library library(spark::Options options = {}) const { return {size, tau[0], 1, rest, options}; }
  /// Parameters are copied, or a compiler that sees a float stored must think that they changed.
  template <class X> void loop(X x) {
    T* const t = trace[0].data();
    const T d = decay[0], s = scale;
    for (Index i = 0, n = size; i < n; ++i) t[i] += s * x(i) - d * t[i];
  }
  template <class List, class Silence> void few(const List& spikes, Silence silence) {
    silence();
    for (const auto i : spikes) trace[0][i] += scale;
  }
  void decay_all() { bench::decay_all(trace[0].data(), size, 1 - decay[0]); }
  const Array<T>& output() const { return trace[0]; }
};

template <class T, Kind kind = uniform> using SaturableTracer = Tracer<T, kind, true>;

template <class T, Kind kind = uniform> struct NearestTracer : Tracer<T, kind> {
  static constexpr const char* name = "NearestTracer";
  using Library = spark::NearestTracer<Array<T>>;
  using Base = Tracer<T, kind>;
  using Base::Base, Base::size, Base::scale, Base::base, Base::trace, Base::decay, Base::number, Base::tau, Base::rest;

  Library library(spark::Options options = {}) const { return {size, tau[0], 1, rest, options}; }
  template <class X> void eigen(const Input<X>& x) {
    trace[0] = (x != X(0)).select(base + scale * number(x), trace[0] + decay[0] * (base - trace[0]));
  }
  template <class X> void hand(const X* x) {
    this->with_traces([&](auto t) { step_nearest(x, size, t, scale, base); });
  }
};

template <class T, Kind kind = uniform, bool clipped = false> struct DoubleTracer : Common<T, kind, 2> {
  static constexpr const char* name = clipped ? "SaturableDoubleTracer" : "DoubleTracer";
  using Library = std::conditional_t<clipped, spark::SaturableDoubleTracer<Array<T>>, spark::DoubleTracer<Array<T>>>;
  using Base = Common<T, kind, 2>;
  using Base::size, Base::scale, Base::base, Base::trace, Base::decay, Base::number, Base::tau, Base::rest;

  DoubleTracer(Index n, double b, double steps = 20) : Base(n, b, steps, steps + 15) {}

  Library library(spark::Options options = {}) const { return {size, tau[0], tau[1], 1, 1, rest, rest, options}; }
  template <class X> void eigen(const Input<X>& x) {
    set<clipped>(trace[0], trace[0] + decay[0] * (base - trace[0]) + scale * number(x));
    set<clipped>(trace[1], trace[1] + decay[1] * (base - trace[1]) + scale * trace[0]);
  }
  template <class X> void hand(const X* x) {
    this->with_traces([&](auto first, auto second) { step_cascade<clipped>(x, size, first, second); });
  }
  template <class X> void loop(X x) {
    T *const t_1 = trace[0].data(), *const t_2 = trace[1].data();
    const T d_1 = decay[0], d_2 = decay[1], s = scale;
    for (Index i = 0, n = size; i < n; ++i) {
      t_1[i] += s * x(i) - d_1 * t_1[i];
      t_2[i] += s * t_1[i] - d_2 * t_2[i];
    }
  }
  template <class List, class Silence> void few(const List& spikes, Silence silence) {
    silence();
    for (const auto i : spikes) {
      trace[0][i] += scale;
      trace[1][i] += scale * scale;
    }
  }
  void decay_all() { bench::decay_all(trace[0].data(), trace[1].data(), size, 1 - decay[0], 1 - decay[1], scale); }
  const Array<T>& output() const { return trace[1]; }
};

template <class T, Kind kind = uniform> using SaturableDoubleTracer = DoubleTracer<T, kind, true>;

template <class T, Kind kind = uniform> struct RUTracer : Common<T, kind, 2> {
  static constexpr const char* name = "RUTracer";
  static constexpr bool has_base = false;
  using Library = spark::RUTracer<Array<T>>;
  using Base = Common<T, kind, 2>;
  using Base::size, Base::decay, Base::number, Base::tau;

  T share = T(0.5);
  Array<T> release;

  RUTracer(Index n, double, double steps = 20) : Base(n, 0, steps + 15, steps), release(Array<T>::Zero(n)) {
    this->trace[0].setOnes();
  }

  Library library(spark::Options options = {}) const {
    return {size, tau[0], tau[1], static_cast<double>(share), options};
  }
  template <class X> void eigen(const Input<X>& x) {
    auto& [R, U] = this->trace;
    U += (T(1) - U) * share * number(x) - decay[1] * U;
    release = U * R;
    R += decay[0] * (T(1) - R) - release * number(x);
  }
  template <class X> void hand(const X* x) {
    auto& [R, U] = this->trace;
    step_ru<T>(R.data(), U.data(), release.data(), x, size, raw(decay[0]), raw(decay[1]), share);
  }
  template <class X> void loop(X x) {
    auto& [R, U] = this->trace;
    T *const r = R.data(), *const u = U.data(), *const out = release.data();
    const T d_R = decay[0], d_U = decay[1], s = share;
    for (Index i = 0, n = size; i < n; ++i) {
      const T in = x(i);
      u[i] += (1 - u[i]) * s * in - d_U * u[i];
      out[i] = u[i] * r[i];
      r[i] += d_R * (1 - r[i]) - out[i] * in;
    }
  }
  /// A spike raises U from what it was before it decayed; so it goes first, enlarged by what it is about to lose.
  template <class List, class Silence> void few(const List& spikes, Silence silence) {
    auto& [R, U] = this->trace;
    const T raise = share / (1 - decay[1]);
    for (const auto i : spikes) U[i] += (1 - U[i]) * raise;
    silence();
    for (const auto i : spikes) R[i] -= release[i];
  }
  void decay_all() {
    auto& [R, U] = this->trace;
    bench::decay_all(R.data(), U.data(), release.data(), size, decay[0], decay[1]);
  }
  template <class X> void bytes(const X* x) { Base::bytes(x, release.data()); }
  const Array<T>& output() const { return release; }
};

template <class T, Kind kind = uniform> struct RDTracer : Common<T, kind, 2> {
  static constexpr const char* name = "RDTracer";
  using Library = spark::RDTracer<Array<T>>;
  using Base = Common<T, kind, 2>;
  using Base::size, Base::trace, Base::decay, Base::tau, Base::rest;

  RDTracer(Index n, double b, double steps = 20) : Base(n, b, steps, steps + 15) { decay[0] += decay[1]; }

  Library library(spark::Options options = {}) const { return {size, tau[0], tau[1], 1, 1, rest, rest, options}; }
  Array<T> output() const { return trace[1] - trace[0]; }
};

template <class T, Kind kind = uniform> struct RFSTracer : Common<T, kind, 4, 3> {
  static constexpr const char* name = "RFSTracer";
  static constexpr bool has_base = false;
  using Library = spark::RFSTracer<Array<T>>;
  using Base = Common<T, kind, 4, 3>;
  using Base::size, Base::trace, Base::decay, Base::tau;

  double alpha = 0.25;

  RFSTracer(Index n, double, double steps = 20) : Base(n, 0, steps, steps + 15, 3 * steps) {
    const auto rise = decay[0], fast = decay[1], slow = decay[2];
    decay = {rise + fast, fast, rise + slow, slow};
  }

  Library library(spark::Options options = {}) const { return {size, alpha, tau[0], tau[1], tau[2], options}; }
  Array<T> output() const {
    return static_cast<T>(alpha) * (trace[1] - trace[0]) + static_cast<T>(1 - alpha) * (trace[3] - trace[2]);
  }
};

}  // namespace subject

/// The library's tracer of a subject.
template <class Subject> auto library_of(const Subject& subject, spark::Options options = {}) {
  return std::make_shared<typename Subject::Library>(subject.library(options));
}
/// A step of the library's tracer with what `input` returns.
template <class Tracer, class In> auto step_with(std::shared_ptr<Tracer> tracer, In input) {
  return [=] {
    decltype(auto) output = (*tracer)(input());
    benchmark::DoNotOptimize(&output);
  };
}
/// The same with 5 % of spikes.
template <class Tracer, class X>
auto library_step(std::shared_ptr<Tracer> tracer, std::shared_ptr<Activity<X>> activity) {
  return step_with(tracer, [=] { return Input<X>(activity->next(), tracer->size()); });
}

}  // namespace bench
