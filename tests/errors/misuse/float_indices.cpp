// spikes takes the integer indices of the elements that spiked
#include <spark/tracers.hpp>

#include <vector>

#ifdef MISUSE
using Index = float;
#else
using Index = int;
#endif

auto spikes_of(const std::vector<Index>& indices) { return spark::spikes(indices); }
