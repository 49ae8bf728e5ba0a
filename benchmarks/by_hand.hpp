/// \file
/// Loops that anybody would write, compiled with -O3 whatever the rest is compiled with: what the compiler's
/// vectoriser makes of them at its best. They want subnormals flushed to zero.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bench {

/// trace <- trace + decay * (base - trace) + scale * x
template <class X> void plain_loop(float* trace, const X* x, std::ptrdiff_t n, float decay, float scale, float base);

extern template void plain_loop(float*, const std::uint8_t*, std::ptrdiff_t, float, float, float);
extern template void plain_loop(float*, const float*, std::ptrdiff_t, float, float, float);

/// A step in which nobody spikes: of one trace, of a cascade, and of a synapse with resources R and their used share U.
void decay_all(float* trace, std::ptrdiff_t n, float keep);
void decay_all(float* trace_1, float* trace_2, std::ptrdiff_t n, float keep_1, float keep_2, float scale);
void decay_all(float* R, float* U, float* release, std::ptrdiff_t n, float decay_R, float decay_U);

}  // namespace bench
