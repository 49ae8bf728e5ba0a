# For our own programs. The flags live on a target of their own, because flags on spark::tracers
# would reach every user, and -march among them would change the layout of the user's Eigen types.
cmake_minimum_required(VERSION 3.25)

find_package(Threads REQUIRED)
add_library(spark-tracers-dev INTERFACE)
target_link_libraries(spark-tracers-dev INTERFACE spark::tracers Threads::Threads)
if(MSVC)
  target_compile_options(spark-tracers-dev INTERFACE /W4 /permissive- /bigobj /utf-8)
else()
  target_compile_options(
    spark-tracers-dev INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast
                                -Wnon-virtual-dtor -Woverloaded-virtual)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")  # for Clang long double is a promotion too, and the tests' references are
    target_compile_options(spark-tracers-dev INTERFACE -Wdouble-promotion)
    if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)  # with -O3 for AVX-512 it warns of its own intrinsics, PR 105593
      target_compile_options(spark-tracers-dev INTERFACE -Wno-error=maybe-uninitialized)
    endif()
  endif()
endif()
