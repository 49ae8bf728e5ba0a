// the law has fewer states; they are counted from 0
// A state that the law has not is no memory behind the last.
#include <spark/tracers.hpp>

#ifdef MISUSE
constexpr int j = 1;
#else
constexpr int j = 0;
#endif

float first(const spark::Tracer<Eigen::ArrayXf>& tracer) { return tracer.state<j>()(0); }
