// spark::spikes takes a contiguous container of integers
#include <spark/tracers.hpp>

#include <vector>

#ifdef MISUSE
using Index = float;
#else
using Index = int;
#endif

auto spikes_of(const std::vector<Index>& indices) { return spark::spikes(indices); }
