// a law of one's own, two states, five forms of input
#include <spark/tracers.hpp>

#include <cstdint>
#include <vector>

/// Two traces of the same spikes, of which the slow one closes a share of the gap to 1.
struct Adaptation : spark::LawDefaults {
  template <class V> struct Parameters { V tau_fast, tau_slow, share; };
  template <class V> struct Coefficients { V decay_fast, decay_slow, share; };
  template <class V> struct State { V fast, slow; };
  static constexpr spark::ParameterInfo parameters[] = {{"tau_fast", spark::Domain::time_constant},
                                                        {"tau_slow", spark::Domain::time_constant},
                                                        {"share", spark::Domain::unit}};
  static constexpr spark::StateInfo states[] = {{"fast", spark::Domain::any}, {"slow", spark::Domain::any}};
  static constexpr int taus[] = {0, 1};

  template <class W> static Coefficients<W> prepare(const Parameters<W>& p, const W& dt) {
    return {spark::Exact::decay(dt, p.tau_fast), spark::Exact::decay(dt, p.tau_slow), p.share};
  }
  template <class V> static State<V> rest(const Coefficients<V>&) { return {V(0), V(0)}; }
  template <class C, class S, class X> static EIGEN_ALWAYS_INLINE void step(const C& c, S& s, const X& x) {
    s.fast = fma(decltype(s.fast)(1), x, settle(fnma(c.decay_fast, s.fast, s.fast)));
    s.slow = settle(fnma(c.decay_slow, s.slow, s.slow));
    s.slow = fma((1 - s.slow) * c.share, x, s.slow);
  }
  template <class C, class S> static EIGEN_ALWAYS_INLINE auto value(const C&, const S& s) { return s.fast - s.slow; }
  /// n silent steps in closed form; log_keep holds log(1 - decay) of each decay.
  template <class W>
  static Coefficients<W> after(const Coefficients<W>& c, const std::array<W, 2>& log_keep, const W& n) {
    return {spark::detail::faded(log_keep[0], n), spark::detail::faded(log_keep[1], n), c.share};
  }
  template <class C, class S> static EIGEN_ALWAYS_INLINE void relax(const C& c, S& s) {
    s.fast = settle(fade(s.fast, c.decay_fast, spark::detail::Zero()));
    s.slow = settle(fade(s.slow, c.decay_slow, spark::detail::Zero()));
  }
};

template <class Array> struct AdaptationTracer : spark::BaseTracer<AdaptationTracer<Array>, Array, Adaptation> {
  static constexpr const char* name = "AdaptationTracer";
  using AdaptationTracer::BaseTracer::BaseTracer;
};

void five_forms(AdaptationTracer<Eigen::ArrayXf>& tracer, const Eigen::ArrayXf& floats,
                const Eigen::Array<bool, Eigen::Dynamic, 1>& bools, const std::vector<int>& fired,
                const std::vector<std::uint64_t>& words, const Eigen::ArrayXXf& raster) {
  tracer(floats);
  tracer(bools);
  tracer(spark::spikes(fired));
  tracer(spark::spike_bits(words, tracer.size()));
  tracer.run(raster);
}
