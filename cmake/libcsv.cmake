# libcsv as csv::csv, for our own programs only: its packages do not tell CMake where it is. No function, since only a
# file may enable a language.
find_path(LIBCSV_INCLUDE_DIR csv.h)
find_library(LIBCSV_LIBRARY csv)
mark_as_advanced(LIBCSV_INCLUDE_DIR LIBCSV_LIBRARY)
if(LIBCSV_INCLUDE_DIR AND LIBCSV_LIBRARY)
  add_library(csv::csv UNKNOWN IMPORTED GLOBAL)
  set_target_properties(csv::csv PROPERTIES IMPORTED_LOCATION ${LIBCSV_LIBRARY}
                                            INTERFACE_INCLUDE_DIRECTORIES ${LIBCSV_INCLUDE_DIR})
elseif(CMAKE_CROSSCOMPILING)
  # Only the tests of an example need it, and do without on processors that are emulated.
elseif(NOT SPARK_TRACERS_FETCH_DEPENDENCIES)
  message(FATAL_ERROR "libcsv not found: install it, "
                      "or let CMake download it with -DSPARK_TRACERS_FETCH_DEPENDENCIES=ON.")
else()
  enable_language(C)
  include(FetchContent)
  # The folder in SOURCE_SUBDIR does not exist: its own build is one of Autotools.
  FetchContent_Declare(
    libcsv
    GIT_REPOSITORY https://github.com/rgamble/libcsv
    GIT_TAG b1d5212831842ee5869d99bc208a21837e4037d5
    SOURCE_SUBDIR none)
  FetchContent_MakeAvailable(libcsv)
  add_library(libcsv STATIC ${libcsv_SOURCE_DIR}/libcsv.c)
  target_include_directories(libcsv SYSTEM PUBLIC ${libcsv_SOURCE_DIR})
  set_target_properties(libcsv PROPERTIES COMPILE_WARNING_AS_ERROR OFF OUTPUT_NAME csv)
  add_library(csv::csv ALIAS libcsv)
endif()
