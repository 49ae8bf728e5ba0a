// a law needs .static constexpr int value_state = j
// A law says what its value is.
#ifdef MISUSE
#define WITHOUT_VALUE
#endif
#include "law.hpp"
