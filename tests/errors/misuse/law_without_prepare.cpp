// a law needs .template <class W> static Coefficients<W> prepare
// A law that lacks a piece is told which, and how it is written.
#ifdef MISUSE
#define WITHOUT_PREPARE
#endif
#include "law.hpp"
