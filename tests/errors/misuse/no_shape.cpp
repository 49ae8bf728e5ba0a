// no matching|cannot convert
// Only an array type that fixes its own shape makes a tracer without one.
#include "misuse.hpp"

auto make() { return spark::Tracer<Eigen::WRONG_OR(ArrayXf, Array4f)>(20.0); }
