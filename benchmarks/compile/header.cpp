// a file that includes the library
#include <spark/tracers.hpp>
