/// \file
/// What NEON of 64-bit ARM does better than Eigen's packets. Not its minimum and maximum: those return a NaN of the
/// second argument too, and order the zeros.
#pragma once

#include <spark/detail/registers.hpp>

#ifdef SPARK_NEON

SPARK_NAMESPACE_BEGIN
namespace detail {

template <> struct Registers<float> : Packets<float> {
  using Packets<float>::load;
  using Packets<float>::store;

  static SPARK_INLINE uint32x4_t widened(const void* from) {
    const uint8x8_t bytes = vreinterpret_u8_s32(vdup_n_s32(four_bytes(from)));
    return vmovl_u16(vget_low_u16(vmovl_u8(bytes)));
  }
  static SPARK_INLINE Register load(const std::uint8_t* from) { return vcvtq_f32_u32(widened(from)); }
  static SPARK_INLINE Mask load_mask(const bool* from) {
    return vreinterpretq_f32_u32(vcgtq_u32(widened(from), vdupq_n_u32(0)));
  }
  static SPARK_INLINE Mask load_bits(const std::uint64_t* words, std::size_t at) {
    const auto bits = static_cast<std::uint32_t>(words[at / 64] >> at % 64);
    const std::uint32_t each[4] = {1, 2, 4, 8};
    return vreinterpretq_f32_u32(vtstq_u32(vdupq_n_u32(bits), vld1q_u32(each)));
  }
  static SPARK_INLINE Register load(const Eigen::half* from) {
    return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(reinterpret_cast<const std::uint16_t*>(from))));
  }
  static SPARK_INLINE void store(Eigen::half* to, Register a) {
    vst1_u16(reinterpret_cast<std::uint16_t*>(to), vreinterpret_u16_f16(vcvt_f16_f32(a)));
  }
  static SPARK_INLINE Register load(const Eigen::bfloat16* from) {
    return vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(reinterpret_cast<const std::uint16_t*>(from)), 16));
  }
  static SPARK_INLINE void store(Eigen::bfloat16* to, Register a) {
    const uint32x4_t words = vreinterpretq_u32_s32(nearest_bfloat16_words(a));
    vst1_u16(reinterpret_cast<std::uint16_t*>(to), vshrn_n_u32(words, 16));
  }
  static SPARK_INLINE Register fnma(Register a, Register b, Register c) { return vfmsq_f32(c, a, b); }
  static SPARK_INLINE Mask negative(Register a) {
    return vreinterpretq_f32_s32(vshrq_n_s32(vreinterpretq_s32_f32(a), 31));
  }
};

template <> struct Registers<double> : Packets<double> {
  using Packets<double>::load;
  using Packets<double>::store;

  static SPARK_INLINE uint64x2_t widened(const void* from) {
    std::uint16_t two;
    std::memcpy(&two, from, sizeof two);
    return vmovl_u32(vget_low_u32(vmovl_u16(vget_low_u16(vmovl_u8(vreinterpret_u8_u16(vdup_n_u16(two)))))));
  }
  static SPARK_INLINE Register load(const std::uint8_t* from) { return vcvtq_f64_u64(widened(from)); }
  static SPARK_INLINE Mask load_mask(const bool* from) {
    return vreinterpretq_f64_u64(vcgtq_u64(widened(from), vdupq_n_u64(0)));
  }
  static SPARK_INLINE Register load(const float* from) { return vcvt_f64_f32(vld1_f32(from)); }
  static SPARK_INLINE void store(float* to, Register a) { vst1_f32(to, vcvt_f32_f64(a)); }
  static SPARK_INLINE Mask load_bits(const std::uint64_t* words, std::size_t at) {
    const std::uint64_t each[2] = {1, 2};
    return vreinterpretq_f64_u64(vtstq_u64(vdupq_n_u64(words[at / 64] >> at % 64), vld1q_u64(each)));
  }
  static SPARK_INLINE Register fnma(Register a, Register b, Register c) { return vfmsq_f64(c, a, b); }
  static SPARK_INLINE Mask negative(Register a) {
    return vreinterpretq_f64_s64(vshrq_n_s64(vreinterpretq_s64_f64(a), 63));
  }
};

}  // namespace detail
SPARK_NAMESPACE_END

#endif
