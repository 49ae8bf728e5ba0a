// no matching|cannot convert
// Only an array type that fixes its own shape makes a tracer without one.
#include <spark/tracers.hpp>

#ifdef MISUSE
using Array = Eigen::ArrayXf;
#else
using Array = Eigen::Array4f;
#endif

spark::Tracer<Array> make() { return spark::Tracer<Array>(20.0); }
