// Catch2 2 has no library with a main to link, or none for the processor that is emulated.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
