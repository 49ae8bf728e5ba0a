// What compile.cmake compiles for a device and looks into. The names of the kernels say what may be in them.
#include <spark/tracers.hpp>

namespace {

// Of a grid of blocks of 256. By the processor's registers: the names of HIP are calls into a library that is left out.
__device__ spark::Index element() {
  return static_cast<spark::Index>(__builtin_amdgcn_workgroup_id_x() * 256 + __builtin_amdgcn_workitem_id_x());
}

template <class Tracer> using ViewOf = decltype(std::declval<Tracer&>().view());
template <class S> using Array = Eigen::Array<S, Eigen::Dynamic, 1>;

}  // namespace

// A step and the value of one element.
#define STEP(name, ...)                                                             \
  __global__ void step_##name(ViewOf<__VA_ARGS__> view, const float* x, float* y) { \
    const spark::Index i = element();                                               \
    y[2 * i] = static_cast<float>(view.step(i, x[i]));                              \
    y[2 * i + 1] = static_cast<float>(view.value(i));                               \
  }
// Many silent steps: exponentials, and double where the coefficients are prepared in it.
#define ADVANCE(name, ...) \
  __global__ void advance_##name(ViewOf<__VA_ARGS__> view, std::int64_t n) { view.advance(element(), n); }

#define KERNELS(Class)                                                  \
  STEP(float_##Class, spark::Class<Eigen::ArrayXf>)                     \
  STEP(float_exact_##Class, spark::Class<Eigen::ArrayXf, spark::Exact>) \
  STEP(half_##Class, spark::Class<Array<Eigen::half>>)                  \
  STEP(bfloat16_##Class, spark::Class<Array<Eigen::bfloat16>>)          \
  STEP(double_##Class, spark::Class<Eigen::ArrayXd>)                    \
  ADVANCE(float_##Class, spark::Class<Eigen::ArrayXf>)                  \
  ADVANCE(double_##Class, spark::Class<Eigen::ArrayXd, spark::Exact>)

KERNELS(Tracer)
KERNELS(SaturableTracer)
KERNELS(NearestTracer)
KERNELS(DoubleTracer)
KERNELS(SaturableDoubleTracer)
KERNELS(RDTracer)
KERNELS(RFSTracer)
KERNELS(RUTracer)
