/// \file
/// A tracer of any class as a page can call it: numbers and pointers only.
#pragma once

extern "C" {

/// Makes the tracer of a slot, 0 or 1. `kind` counts the classes in the order of classes.js, `parameters` are those of
/// the constructor. Returns what is wrong with them, or an empty text. The slot then keeps the tracer it had.
const char* playground_make(int slot, int kind, int exact, int neurons, double dt, const double* parameters);

/// How many states the tracer of a slot has.
int playground_states(int slot);

/// Steps k = 0, 1, ... with spikes indices[offsets[k]] ... indices[offsets[k + 1] - 1]. Writes for each step the output
/// of all neurons and then each state of all neurons.
void playground_run(int slot, int steps, const int* offsets, const int* indices, double* record);
}
