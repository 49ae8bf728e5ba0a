/// \file
/// One struct for each tracer class that CMakeLists.txt names: how a user builds the library's tracer, and the
/// same state as plain arrays, with one step as Eigen expressions (`eigen`), by hand with intrinsics (`hand`), with the
/// arithmetic left out (`bytes`), and for some as a plain loop (`loop`) and from a list (`few`). `T` is what is stored.
#pragma once

#include <array>
#include <random>
#include <tuple>

#include <spark/tracers.hpp>

#include "harness.hpp"
#include "kernels.hpp"
#include "spikes.hpp"

namespace bench {

/// One time constant for all elements, or one for each.
enum Kind { uniform, per_element };

template <class T> const T* raw(const Array<T>& a) { return a.data(); }
template <class T> T raw(const T& number) { return number; }

/// The input of an element in a step in which nobody spikes.
constexpr auto nobody = [](Index) { return 0.0f; };

namespace subject {

/// What all have in common; a class without a base ignores it.
template <class T, Kind kind, std::size_t states, std::size_t taus = states, bool clipped = false> struct Common {
  static constexpr bool has_base = true;
  using Field = std::conditional_t<kind == uniform, T, Array<T>>;

  Index size;
  T scale = T(1), base;
  std::array<std::conditional_t<kind == uniform, double, Array<T>>, taus> tau;  // as the library takes them
  std::array<Field, states> decay;                                              // dt / tau, with dt = 1
  std::array<Array<T>, states> trace;

  template <class... Typical> Common(Index n, double b, Typical... typical)
      : size(n), base(static_cast<T>(b)), tau{tau_of(typical)...} {
    for (std::size_t j = 0; j < std::min(states, taus); ++j) decay[j] = T(1) / static_cast<Field>(tau[j]);
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
    for (std::size_t j = 0; j < states; ++j) leak(j, number(x));
  }
  template <class Drive> void leak(std::size_t j, const Drive& drive) {
    const auto next = trace[j] + decay[j] * (base - trace[j]) + scale * drive;
    if constexpr (clipped)
      trace[j] = next.max(T(0)).min(T(1));
    else
      trace[j] = next;
  }
  template <class X> void hand(const X* x) {
    with_leaks(
        [&](auto... leak) { sweep<T>(x, size, [=](Index i, auto in) BENCH_INLINE_LAMBDA { (leak(i, in), ...); }); });
  }
  /// Calls `kernel` with the leak of each trace.
  template <class Kernel> void with_leaks(Kernel kernel) {
    kind == uniform || base != T(0) ? with_leaks<false>(kernel) : with_leaks<true>(kernel);
  }
  template <class X> void bytes(const X* x, T* written = nullptr) {
    std::array<T*, states> updated;
    std::array<const T*, kind == uniform ? 0 : states> read;
    for (std::size_t j = 0; j < states; ++j) {
      updated[j] = trace[j].data();
      if constexpr (kind == per_element) read[j] = decay[j].data();
    }
    move_bytes(size, updated, read, written, x);
  }

 private:
  template <bool to_zero, class Kernel> void with_leaks(Kernel kernel) {
    std::array<Leak<T, decltype(raw(decay[0])), to_zero, clipped>, states> leaks;
    for (std::size_t j = 0; j < states; ++j) leaks[j] = {trace[j].data(), raw(decay[j]), scale, base};
    std::apply(kernel, leaks);
  }
};

template <class T, Kind kind = uniform, bool clipped = false> struct Tracer : Common<T, kind, 1, 1, clipped> {
  using Library = std::conditional_t<clipped, spark::SaturableTracer<Array<T>>, spark::Tracer<Array<T>>>;
  using Base = Common<T, kind, 1, 1, clipped>;
  using Base::size, Base::scale, Base::base, Base::trace, Base::decay, Base::tau;

  Tracer(Index n, double b, double steps = 20) : Base(n, b, steps) {}

  Library library(spark::Options options = {}) const { return {size, tau[0], 1, base, options}; }
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
  using Library = spark::NearestTracer<Array<T>>;
  using Base = Tracer<T, kind>;
  using Base::Base, Base::size, Base::scale, Base::base, Base::trace, Base::decay, Base::number, Base::tau;

  Library library(spark::Options options = {}) const { return {size, tau[0], 1, base, options}; }
  template <class X> void eigen(const Input<X>& x) {
    trace[0] = (x != X(0)).select(base + scale * number(x), trace[0] + decay[0] * (base - trace[0]));
  }
  /// A spike sets the trace, silence lets it decay. That the leak has stored before, compilers leave out.
  template <class X> void hand(const X* x) {
    this->with_leaks([&](auto leak) {
      sweep<T>(x, size, [=](Index i, auto in) BENCH_INLINE_LAMBDA {
        const V<T> spiking = add_scaled(at(leak.base, i), at(leak.scale, i), in), silent = leak(i, V<T>());
        store(leak.trace + i, select(nonzero(in), spiking, silent));
      });
    });
  }
};

template <class T, Kind kind = uniform, bool clipped = false> struct DoubleTracer : Common<T, kind, 2, 2, clipped> {
  using Library = std::conditional_t<clipped, spark::SaturableDoubleTracer<Array<T>>, spark::DoubleTracer<Array<T>>>;
  using Base = Common<T, kind, 2, 2, clipped>;
  using Base::size, Base::scale, Base::base, Base::trace, Base::decay, Base::tau;

  DoubleTracer(Index n, double b, double steps = 20) : Base(n, b, steps, steps + 15) {}

  Library library(spark::Options options = {}) const { return {size, tau[0], tau[1], 1, 1, base, base, options}; }
  template <class X> void eigen(const Input<X>& x) {
    this->leak(0, this->number(x));
    this->leak(1, trace[0]);
  }
  /// The second trace is driven by the first.
  template <class X> void hand(const X* x) {
    this->with_leaks([&](auto first, auto second) {
      sweep<T>(x, size, [=](Index i, auto in) BENCH_INLINE_LAMBDA { second(i, first(i, in)); });
    });
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
  static constexpr bool has_base = false;
  using Library = spark::RUTracer<Array<T>>;
  using Base = Common<T, kind, 2>;
  using Base::size, Base::decay, Base::number, Base::tau;

  static constexpr double share = 0.5;
  Array<T> release;

  RUTracer(Index n, double, double steps = 20) : Base(n, 0, steps + 15, steps), release(Array<T>::Zero(n)) {
    this->trace[0].setOnes();
  }

  Library library(spark::Options options = {}) const { return {size, tau[0], tau[1], share, options}; }
  template <class X> void eigen(const Input<X>& x) {
    auto& [R, U] = this->trace;
    U += (T(1) - U) * T(share) * number(x) - decay[1] * U;
    release = U * R;
    R += decay[0] * (T(1) - R) - release * number(x);
  }
  /// An input of 0 or 1 cannot drive U or R out of [0, 1]; any other can, and is clipped as the library promises.
  template <class X> void hand(const X* x) {
    T *const trace_R = this->trace[0].data(), *const trace_U = this->trace[1].data(), *const out = release.data();
    const auto decay_R = raw(decay[0]), decay_U = raw(decay[1]);
    const T used(share);
    sweep<T>(x, size, [=](Index i, auto in) BENCH_INLINE_LAMBDA {
      constexpr bool numbers = std::is_same<decltype(in), V<T>>::value;  // else a mask, of one of two constants
      constexpr bool clipped = numbers && !std::is_same<X, bool>::value;
      const V<T> s = at(used, i), d_R = at<T>(decay_R, i), keep = 1 - at<T>(decay_U, i), raise = scaled(s, in);
      V<T> R = load(trace_R + i), U = load(trace_U + i);
      U = fma(numbers ? keep - raise : add_scaled(keep, -s, in), U, raise);
      if constexpr (clipped) U = clip(U);
      const V<T> released = U * R;
      R = kind == uniform ? (1 - d_R) * R + d_R : d_R * (1 - R) + R;
      R = add_scaled(R, -released, in);
      if constexpr (clipped) R = clip(R);
      store(trace_U + i, U);
      store(trace_R + i, R);
      store(out + i, released);
    });
  }
  template <class X> void loop(X x) {
    auto& [R, U] = this->trace;
    T *const r = R.data(), *const u = U.data(), *const out = release.data();
    const T d_R = decay[0], d_U = decay[1], s(share);
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
    const T raise = T(share) / (1 - decay[1]);
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
  using Library = spark::RDTracer<Array<T>>;
  using Base = Common<T, kind, 2>;
  using Base::size, Base::base, Base::trace, Base::decay, Base::tau;

  RDTracer(Index n, double b, double steps = 20) : Base(n, b, steps, steps + 15) { decay[0] += decay[1]; }

  Library library(spark::Options options = {}) const { return {size, tau[0], tau[1], 1, 1, base, base, options}; }
  Array<T> output() const { return trace[1] - trace[0]; }
};

template <class T, Kind kind = uniform> struct RFSTracer : Common<T, kind, 4, 3> {
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

/// A step of the library's tracer with what `input` returns.
template <class Tracer, class In> auto step_with(Tracer tracer, In input) {
  return [tracer = std::move(tracer), input = std::move(input)]() mutable {
    decltype(auto) output = tracer(input());
    benchmark::DoNotOptimize(&output);
  };
}
/// The same from lists of spikes.
template <class Tracer> auto step_with(Tracer tracer, Lists lists) {
  return step_with(std::move(tracer), [=]() mutable { return spark::spikes(lists()); });
}

}  // namespace bench
