// What every test shares: numbers of any scalar as long double, arrays bit for bit, exceptions by type and by what
// their text must name.
#pragma once

#include <Eigen/Core>
#include <cfloat>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <random>
#include <sstream>
#include <string>
#include <type_traits>

namespace suite {

using real = long double;
using Eigen::ArrayXd, Eigen::ArrayXf, Eigen::ArrayXXd, Eigen::ArrayXXf, Eigen::Index;

template <class S> using Column = Eigen::Array<S, Eigen::Dynamic, 1>;
template <class S> using ColumnMajor = Eigen::Array<S, Eigen::Dynamic, Eigen::Dynamic>;
template <class S> using RowMajor = Eigen::Array<S, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

inline ArrayXd one(double v) { return ArrayXd::Constant(1, v); }

template <class S> constexpr bool is_16_bit = std::is_same_v<S, Eigen::half> || std::is_same_v<S, Eigen::bfloat16>;

// What computes: float for 16-bit storage.
template <class S> using Computed = std::conditional_t<is_16_bit<S>, float, S>;
template <class S> real to_real(const S& v) { return static_cast<real>(static_cast<Computed<S>>(v)); }
template <class S> S from_real(real v) { return static_cast<S>(static_cast<Computed<S>>(v)); }

// The distance from 1 to the next number, and by how much the guard against subnormals (and, for half, the coarse grid
// near 0) may move a value.
template <class S> struct Precision {
  static real eps() { return to_real(std::numeric_limits<S>::epsilon()); }
  static real guard() {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__s390x__) || defined(__VSX__)
    constexpr real of_float = 1e-37L;
#else
    constexpr real of_float = 2e-36L;  // 2^-126 tau/dt without a fused multiply-add, of the longest tau/dt here
#endif
    return std::is_same_v<S, Eigen::half> ? 6e-8L : std::is_same_v<Computed<S>, float> ? of_float : 1e-300L;
  }
};

template <class S> const char* scalar_name() {
  if (is_16_bit<S>) return std::is_same_v<S, Eigen::half> ? "half" : "bfloat16";
  return std::is_same_v<S, float> ? "float" : std::is_same_v<S, double> ? "double" : "long double";
}

template <class S> bool is_subnormal(const S& v) {
  return std::fpclassify(static_cast<Computed<S>>(v)) == FP_SUBNORMAL;
}

template <class S> bool same_bits(const S& a, const S& b) {
  // the x87 long double has ten bytes of value and padding of any content
  return std::memcmp(&a, &b, std::is_same_v<S, long double> && LDBL_MANT_DIG == 64 ? 10 : sizeof(S)) == 0;
}

// Bit for bit, so 0 differs from -0 and a NaN equals itself.
template <class A, class B> bool identical(const Eigen::DenseBase<A>& a, const Eigen::DenseBase<B>& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         a.derived().array().binaryExpr(b.derived().array(), &same_bits<typename A::Scalar>).all();
}

inline std::string show(real v) {
  std::ostringstream text;
  text.precision(21);
  text << v;
  return text.str();
}

// |got - want| <= relative * |want| + absolute; a NaN is never close.
inline bool close(real got, real want, real relative, real absolute = 0) {
  if (got == want) return true;
  return std::abs(got - want) <= relative * std::abs(want) + absolute;
}

// Collects thousands of comparisons into one assertion: the framework's own bookkeeping would cost more than the
// arithmetic. Ends in CHECK(verdict.report() == "").
class Verdict {
 public:
  // what: a literal, or a function that puts words together
  template <class What> void expect(bool ok, const What& what) {
    if (ok || ++failures_ > 1) return;
    if constexpr (std::is_invocable_v<What>) {
      first_ = what();
    } else {
      first_ = what;
    }
  }
  // what: a literal or a string
  template <class What> void expect_close(real got, real want, real relative, real absolute, const What& what) {
    expect(close(got, want, relative, absolute),
           [&] { return std::string(what) + ": got " + show(got) + ", want " + show(want); });
  }
  std::string report() const {
    return failures_ == 0 ? "" : std::to_string(failures_) + " failures, the first: " + first_;
  }

 private:
  std::size_t failures_ = 0;
  std::string first_;
};

// Empty if `call` throws an Exception whose text holds every word; otherwise what went wrong. Another type passes on,
// for the framework to report.
template <class Exception, class Call> std::string complaint(Call call, std::initializer_list<std::string> words) {
  try {
    call();
  } catch (const Exception& e) {
    const std::string text = e.what();
    for (const std::string& word : words)
      if (text.find(word) == std::string::npos) return "'" + word + "' is missing in: " + text;
    return "";
  }
  return "nothing was thrown";
}

// Portable across standard libraries, unlike the distributions of <random>.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t bits() { return engine_(); }
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  Index below(Index n) { return static_cast<Index>(engine_() % static_cast<std::uint64_t>(n)); }
  bool chance(double p) { return uniform() < p; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace suite
