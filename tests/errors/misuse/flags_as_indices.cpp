// spikes takes the integer indices of the elements that spiked
#include <array>

#include "misuse.hpp"

auto spikes_of(const std::array<WRONG_OR(bool, int), 3>& indices) { return spark::spikes(indices); }
