// a law needs .template <class C, class S, class X> static SPARK_INLINE void step
// A law is a step.
#ifdef MISUSE
#define WITHOUT_STEP
#endif
#include "law.hpp"
