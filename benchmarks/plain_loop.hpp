#pragma once

#include <cstddef>
#include <cstdint>

namespace bench {

/// trace <- trace + decay * (base - trace) + scale * x, as anybody would write it.
template <class X>
void plain_loop(float* trace, const X* x, std::ptrdiff_t n, float decay, float scale, float base);

extern template void plain_loop(float*, const std::uint8_t*, std::ptrdiff_t, float, float, float);
extern template void plain_loop(float*, const float*, std::ptrdiff_t, float, float, float);

}  // namespace bench
