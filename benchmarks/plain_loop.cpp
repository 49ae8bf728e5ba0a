// Compiled with -O3 whatever the rest is compiled with.
#include "plain_loop.hpp"

namespace bench {

template <class X>
void plain_loop(float* __restrict trace, const X* __restrict x, std::ptrdiff_t n, float decay, float scale,
                float base) {
  for (std::ptrdiff_t i = 0; i < n; ++i) trace[i] += decay * (base - trace[i]) + scale * static_cast<float>(x[i]);
}

template void plain_loop(float*, const std::uint8_t*, std::ptrdiff_t, float, float, float);
template void plain_loop(float*, const float*, std::ptrdiff_t, float, float, float);

}  // namespace bench
