// spikes takes the integer indices of the elements that spiked
#include <spark/tracers.hpp>

#include <array>

#ifdef MISUSE
using Index = bool;
#else
using Index = int;
#endif

auto spikes_of(const std::array<Index, 3>& indices) { return spark::spikes(indices); }
