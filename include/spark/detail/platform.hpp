/// \file
/// What depends on the processor and on the compiler, in one place.
///
/// Files of one program may be compiled for different processors. All of the library lies in an inline namespace named
/// after the instructions that it uses, so that no two functions with different vector types share a name.
#pragma once

#if defined(_MSVC_LANG) ? _MSVC_LANG < 201703L : __cplusplus < 201703L
#error "spark needs C++17: compile with -std=c++17 (MSVC: /std:c++17)"
#endif

#include <Eigen/Core>

#if defined(EIGEN_GPUCC)  // compiles for the host and for the device: both need the same names
#define SPARK_ISA gpu
#elif defined(EIGEN_VECTORIZE_AVX512) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define SPARK_AVX512
#define SPARK_ISA x86_avx512
#elif defined(EIGEN_VECTORIZE_AVX512)
#define SPARK_ISA x86_avx512f
#elif defined(EIGEN_VECTORIZE_AVX2) && defined(EIGEN_VECTORIZE_FMA)
#define SPARK_AVX2
#define SPARK_ISA x86_avx2_fma
#elif defined(EIGEN_VECTORIZE_AVX2)
#define SPARK_AVX2
#define SPARK_ISA x86_avx2
#elif defined(EIGEN_VECTORIZE_AVX) && defined(EIGEN_VECTORIZE_FMA)
#define SPARK_ISA x86_avx_fma
#elif defined(EIGEN_VECTORIZE_AVX)
#define SPARK_ISA x86_avx
#elif defined(EIGEN_VECTORIZE_SSE2)
#define SPARK_SSE2
#define SPARK_ISA x86_sse2
#elif defined(EIGEN_VECTORIZE_NEON) && EIGEN_ARCH_ARM64
#define SPARK_NEON
#define SPARK_ISA arm_neon
#elif defined(EIGEN_VECTORIZE)
#define SPARK_ISA vectors
#elif defined(__FP_FAST_FMA)
#define SPARK_ISA scalars_fma
#else
#define SPARK_ISA scalars
#endif
#ifdef __FAST_MATH__  // other arithmetic needs a name of its own
#define SPARK_JOIN(a, b) a##b
#define SPARK_WITH_FAST_MATH(name) SPARK_JOIN(name, _fast)
#define SPARK_INSTRUCTIONS SPARK_WITH_FAST_MATH(SPARK_ISA)
#else
#define SPARK_INSTRUCTIONS SPARK_ISA
#endif

/// A function of the innermost loop, for host and device.
#define SPARK_INLINE EIGEN_DEVICE_FUNC EIGEN_ALWAYS_INLINE

/// Written after the parameters of a lambda there. Inlined any later, its lanes would pass through memory.
#ifdef __GNUC__
#define SPARK_INLINE_LAMBDA __attribute__((always_inline))
#else
#define SPARK_INLINE_LAMBDA
#endif

/// Written after a parameter that the result looks at. Clang warns where such a result outlives a temporary.
#ifdef __clang__
#define SPARK_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#define SPARK_LIFETIMEBOUND
#endif

#if defined(__GNUC__) && !defined(__clang__)
#define SPARK_GCC
/// GCC unrolls no loop by itself at -O2; four registers in flight hide the latency of a step. (nvcc does not know it.)
#ifdef __CUDACC__
#define SPARK_UNROLL
#else
#define SPARK_UNROLL _Pragma("GCC unroll 4")
#endif
/// GCC warns that a packet type loses its alignment as a template argument; nothing depends on it.
#define SPARK_PACKETS_AS_ARGUMENTS \
  _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wignored-attributes\"")
#define SPARK_PACKETS_END _Pragma("GCC diagnostic pop")
/// With -Wsign-conversion GCC warns of an int as the size of an array, where it is a constant above 0 that depends on a
/// template; Clang looks at the value.
#define SPARK_CONSTANT_SIZES _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wsign-conversion\"")
#define SPARK_CONSTANT_SIZES_END _Pragma("GCC diagnostic pop")
#else
#define SPARK_UNROLL
#define SPARK_PACKETS_AS_ARGUMENTS
#define SPARK_PACKETS_END
#define SPARK_CONSTANT_SIZES
#define SPARK_CONSTANT_SIZES_END
#endif

/// A float or double as it is rounded. GCC fuses a product with a later sum, also across statements, and not in the
/// same places alone and in registers.
#if defined(SPARK_GCC) && !defined(EIGEN_GPUCC) && (defined(__x86_64__) || defined(__i386__))
#define SPARK_AS_ROUNDED(number) asm("" : "+x"(number))
#elif defined(SPARK_GCC) && !defined(EIGEN_GPUCC) && (defined(__aarch64__) || defined(__arm__))
#define SPARK_AS_ROUNDED(number) asm("" : "+w"(number))
#elif defined(SPARK_GCC) && !defined(EIGEN_GPUCC) && (defined(__s390x__) || defined(__riscv) || defined(__powerpc64__))
#define SPARK_AS_ROUNDED(number) asm("" : "+f"(number))
#else
#define SPARK_AS_ROUNDED(number) static_cast<void>(number)
#endif

/// A number of any type as it is rounded: what lies in memory no compiler looks through.
#if defined(__GNUC__) && !defined(EIGEN_GPUCC)
#define SPARK_IN_MEMORY(number) asm volatile("" : : "r"(&(number)) : "memory")
#else
#define SPARK_IN_MEMORY(number) static_cast<void>(number)
#endif

/// Not a function of Eigen: GCC 12 takes calls of a function that only prefetches for superfluous.
#if defined(__GNUC__) && !defined(EIGEN_GPUCC)
#define SPARK_PREFETCH(address) __builtin_prefetch(address)
#else
#define SPARK_PREFETCH(address) static_cast<void>(address)
#endif

#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define SPARK_EXCEPTIONS
#endif

/// All of the library lies between these.
#define SPARK_NAMESPACE_BEGIN \
  SPARK_CONSTANT_SIZES        \
  namespace spark {           \
  inline namespace SPARK_INSTRUCTIONS {
#define SPARK_NAMESPACE_END \
  }                         \
  }                         \
  SPARK_CONSTANT_SIZES_END

SPARK_NAMESPACE_BEGIN
namespace detail {

/// Whether `fma` rounds once, in registers and alone; then the bits of both agree. So it must where the compiler has
/// the instruction at hand (__FP_FAST_FMA of GCC; RISC-V, POWER, s390x): GCC fuses what is written as two operations.
#if defined(EIGEN_VECTORIZE_FMA) || defined(EIGEN_VECTORIZE_AVX512) || defined(__ARM_FEATURE_FMA) ||        \
    defined(EIGEN_GPU_COMPILE_PHASE) || (defined(EIGEN_GPUCC) && defined(__FMA__)) || defined(__s390x__) || \
    defined(__VSX__) || (defined(__FP_FAST_FMA) && defined(__FP_FAST_FMAF)) ||                              \
    (defined(__riscv_flen) && __riscv_flen >= 64)
inline constexpr bool fused_multiply_add = true;
#else
inline constexpr bool fused_multiply_add = false;
#endif

/// Whether -0 is told from 0.
#ifdef __FAST_MATH__
inline constexpr bool signed_zeros = false;
#else
inline constexpr bool signed_zeros = true;
#endif

/// Keeps a number that was loaded in its register. Otherwise GCC 12 reads a state from memory again for each of its
/// uses, which makes a third more loads.
template <class Register> SPARK_INLINE Register in_register(Register v) {
#if defined(SPARK_AVX512) && defined(SPARK_GCC)
  if constexpr (sizeof(Register) == 64) asm("" : "+v"(v));
#endif
  return v;
}

}  // namespace detail
SPARK_NAMESPACE_END
