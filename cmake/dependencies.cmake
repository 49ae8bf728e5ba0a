# Pinned releases of what find_package does not find. A release is declared only when it is used:
# the first declaration of a name wins in FetchContent, and that must be the parent project's.

function(spark_tracers_fetch_eigen)
  include(FetchContent)
  # The folder in SOURCE_SUBDIR does not exist, so Eigen is unpacked and its own build, with its
  # tests, options and install rules, stays out of ours.
  FetchContent_Declare(
    Eigen3
    URL https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.gz
    URL_HASH SHA256=8586084f71f9bde545ee7fa6d00288b264a2b7ac3607b974e54d13e7162c1c72
    SOURCE_SUBDIR headers-only)
  FetchContent_MakeAvailable(Eigen3)
  add_library(Eigen3::Eigen INTERFACE IMPORTED GLOBAL)
  target_include_directories(Eigen3::Eigen INTERFACE ${eigen3_SOURCE_DIR})
endfunction()

# spark_tracers_require(<package> <target> <where FetchContent gets it>...), for our own programs only
function(spark_tracers_require package target)
  find_package(${package} CONFIG QUIET)
  if(TARGET ${target})
    return()
  elseif(NOT SPARK_TRACERS_FETCH_DEPENDENCIES)
    message(FATAL_ERROR "${package} not found: install it, "
                        "or let CMake download it with -DSPARK_TRACERS_FETCH_DEPENDENCIES=ON.")
  endif()
  include(FetchContent)
  set(CMAKE_COMPILE_WARNING_AS_ERROR OFF) # Warnings in the code of others are theirs to mend,
  FetchContent_Declare(${package} ${ARGN})
  FetchContent_MakeAvailable(${package})
  get_target_property(real ${target} ALIASED_TARGET)
  set_target_properties(${real} PROPERTIES SYSTEM ON) # also where our code includes it.
endfunction()
