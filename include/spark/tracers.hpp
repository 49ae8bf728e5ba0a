/// \file
/// All of the library.
#pragma once

#include <spark/double_tracer.hpp>
#include <spark/event_driven.hpp>
#include <spark/nearest_tracer.hpp>
#include <spark/persistence.hpp>
#include <spark/rd_tracer.hpp>
#include <spark/rfs_tracer.hpp>
#include <spark/ru_tracer.hpp>
#include <spark/tracer.hpp>
#include <spark/version.hpp>
