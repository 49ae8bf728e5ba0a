// Loops that anybody would write, compiled with -O3: what the compiler's vectoriser makes of them at its best. They
// want subnormals flushed to zero.
#include "kernels.hpp"

namespace bench {

template <class X>
void plain_loop(float* __restrict trace, const X* __restrict x, Index n, float decay, float scale, float base) {
  for (Index i = 0; i < n; ++i) trace[i] += decay * (base - trace[i]) + scale * static_cast<float>(x[i]);
}

template void plain_loop(float*, const std::uint8_t*, Index, float, float, float);
template void plain_loop(float*, const float*, Index, float, float, float);

void decay_all(float* __restrict trace, Index n, float keep) {
  for (Index i = 0; i < n; ++i) trace[i] *= keep;
}

void decay_all(float* __restrict trace_1, float* __restrict trace_2, Index n, float keep_1, float keep_2, float scale) {
  for (Index i = 0; i < n; ++i) {
    trace_1[i] *= keep_1;
    trace_2[i] = keep_2 * trace_2[i] + scale * trace_1[i];
  }
}

void decay_all(float* __restrict R, float* __restrict U, float* __restrict release, Index n, float decay_R,
               float decay_U) {
  for (Index i = 0; i < n; ++i) {
    U[i] -= decay_U * U[i];
    release[i] = U[i] * R[i];
    R[i] += decay_R * (1 - R[i]);
  }
}

}  // namespace bench
