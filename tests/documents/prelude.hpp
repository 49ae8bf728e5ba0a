// What the pieces of code in a document may use without saying so.
#pragma once

#include <cstdint>
#include <fstream>
#include <iostream>
#include <spark/tracers.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace prelude {

const int n = 1000, steps = 50;            // neurons and steps
const std::vector<int> fired = {0, 2, 2};  // the neurons that spiked

// The same as a dense array, and for many steps.
using Spikes = Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>;
const Eigen::Array<bool, Eigen::Dynamic, 1> x =
    Spikes::NullaryExpr(n, 1, [](auto i, auto) { return i == 0 || i == 2; });
const Spikes raster = x.replicate(1, steps);

spark::Tracer<Eigen::ArrayXf> trace(n, 20.0);

}  // namespace prelude

using namespace prelude;
