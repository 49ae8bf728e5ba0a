// lie in memory one after the other
// Indices are read through a pointer.
#include <spark/tracers.hpp>

#include <deque>
#include <vector>

#ifdef MISUSE
using Container = std::deque<int>;
#else
using Container = std::vector<int>;
#endif

void step(spark::Tracer<Eigen::ArrayXf>& tracer, const Container& fired) { tracer(spark::spikes(fired)); }
