/// \file
/// All of the library.
#pragma once

#include <spark/double_tracer.hpp>
#include <spark/event_driven.hpp>
#include <spark/rise_decay_tracer.hpp>
#include <spark/ru_tracer.hpp>
#include <spark/rule.hpp>
#include <spark/save.hpp>
#include <spark/tracer.hpp>
#include <spark/version.hpp>
