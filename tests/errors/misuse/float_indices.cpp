// spikes takes the integer indices of the elements that spiked
#include "misuse.hpp"

auto spikes_of(const std::vector<WRONG_OR(float, int)>& indices) { return spark::spikes(indices); }
