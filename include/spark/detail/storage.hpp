/// \file
/// Numbers of 16 bits: stored as `Eigen::half` or `Eigen::bfloat16`, computed in float.
///
/// `narrow` rounds to the nearest even. The integer code here serves one number, and registers where the processor has
/// no conversion of its own; Eigen 3.4's half arithmetic costs 200 times as much.
#pragma once

#include <spark/detail/platform.hpp>

#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

SPARK_NAMESPACE_BEGIN
namespace detail {

template <class S> constexpr bool is_16_bit =
    std::is_same<S, Eigen::half>::value || std::is_same<S, Eigen::bfloat16>::value;

/// The type that computes where S is stored.
template <class S> using Compute = std::conditional_t<is_16_bit<S>, float, S>;

EIGEN_DEVICE_FUNC inline float widen(Eigen::bfloat16 x) {
  return Eigen::numext::bit_cast<float>(std::uint32_t{Eigen::numext::bit_cast<std::uint16_t>(x)} << 16);
}
EIGEN_DEVICE_FUNC inline float widen(Eigen::half x) {
  const std::uint32_t bits = Eigen::numext::bit_cast<std::uint16_t>(x);
  const std::uint32_t exponent = bits & 0x7c00u, magnitude = (bits & 0x7fffu) << 13;
  // a subnormal half is the difference of two normal floats; adding the implicit bit and taking it off again
  // normalises without an instruction that meets a subnormal
  const float small = Eigen::numext::bit_cast<float>(magnitude + (113u << 23)) - 6.103515625e-05f;
  const std::uint32_t large = magnitude + (exponent == 0x7c00u ? 224u << 23 : 112u << 23);
  const std::uint32_t result = exponent == 0 ? Eigen::numext::bit_cast<std::uint32_t>(small) : large;
  return Eigen::numext::bit_cast<float>(result | ((bits & 0x8000u) << 16));
}
template <class S> SPARK_INLINE const S& widen(const S& x) { return x; }

EIGEN_DEVICE_FUNC inline std::uint16_t nearest_bfloat16(float x) {
  const std::uint32_t bits = Eigen::numext::bit_cast<std::uint32_t>(x);
  const std::uint32_t rounded = bits + 0x7fffu + ((bits >> 16) & 1u);
  return static_cast<std::uint16_t>(((bits & 0x7fffffffu) <= 0x7f800000u ? rounded : bits | 0x400000u) >> 16);
}
EIGEN_DEVICE_FUNC inline std::uint16_t nearest_half(float x) {
  const std::uint32_t bits = Eigen::numext::bit_cast<std::uint32_t>(x), magnitude = bits & 0x7fffffffu;
  // half's subnormals share the exponent of 0.5: the addition aligns and rounds
  const std::uint32_t small =
      Eigen::numext::bit_cast<std::uint32_t>(Eigen::numext::bit_cast<float>(magnitude) + 0.5f) - (126u << 23);
  const std::uint32_t normal = (magnitude - (112u << 23) + 0xfffu + ((magnitude >> 13) & 1u)) >> 13;
  const std::uint32_t special = magnitude > 0x7f800000u ? 0x7e00u : 0x7c00u;
  const std::uint32_t finite = magnitude < (113u << 23) ? small : normal;
  return static_cast<std::uint16_t>((magnitude >= (143u << 23) ? special : finite) | ((bits >> 16) & 0x8000u));
}
/// x as S, rounded to the nearest where S has fewer digits.
template <class S, class T> SPARK_INLINE S narrow(const T& x) {
  if constexpr (std::is_same<S, Eigen::half>::value) {
    return Eigen::numext::bit_cast<Eigen::half>(nearest_half(static_cast<float>(x)));
  } else if constexpr (std::is_same<S, Eigen::bfloat16>::value) {
    return Eigen::numext::bit_cast<Eigen::bfloat16>(nearest_bfloat16(static_cast<float>(x)));
  } else {
    return static_cast<S>(x);
  }
}

SPARK_INLINE std::int32_t four_bytes(const void* from) {
  std::int32_t bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  return bytes;
}

}  // namespace detail
SPARK_NAMESPACE_END
