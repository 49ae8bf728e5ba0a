// the law has fewer states; they are counted from 0
// A state that the law has not is no memory behind the last.
#include "misuse.hpp"

float first(const spark::Tracer<Eigen::ArrayXf>& tracer) { return tracer.state<WRONG_OR(1, 0)>()(0); }
