#pragma once

#include <spark/tracers.hpp>

spark::DoubleTracer<Eigen::ArrayXf> made_elsewhere();
