// ambiguous
// Braces round a number where either a parameter or the options could be meant say neither.
#include "misuse.hpp"

auto make() { return spark::Tracer<Eigen::ArrayXf>(4, 20.0f, WRONG_OR({0.1}, spark::Options{0.1})); }
