// lie in memory one after the other
// Indices are read through a pointer.
#include <deque>

#include "misuse.hpp"

auto spikes_of(const WRONG_OR(std::deque<int>, std::vector<int>) & indices) { return spark::spikes(indices); }
