// What a program gets wrong, or, unless MISUSE is defined, what it should have written.
#pragma once

#include <spark/tracers.hpp>

#include <vector>

#ifdef MISUSE
#define WRONG_OR(wrong, right) wrong
#else
#define WRONG_OR(wrong, right) right
#endif
