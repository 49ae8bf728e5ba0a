# Runs the port's own steps with stand-ins for the functions that vcpkg brings, and looks at the outcome
# as vcpkg does after a build. What is left in PREFIX is then consumed like any other package.
cmake_minimum_required(VERSION 3.25)
set(port_dir ${SOURCE}/packaging/vcpkg)

# --- the manifest --------------------------------------------------------------------------------

file(READ ${port_dir}/vcpkg.json manifest)
string(JSON PORT GET "${manifest}" name)
string(JSON version GET "${manifest}" version)
string(JSON license GET "${manifest}" license)
if(NOT PORT STREQUAL "spark-tracers" OR NOT version STREQUAL VERSION OR NOT license STREQUAL "MIT")
  message(FATAL_ERROR "vcpkg.json says ${PORT} ${version} ${license}, and this is ${VERSION}.")
endif()

# Dependencies of the target are names, those of the build machine are objects.
string(JSON count LENGTH "${manifest}" dependencies)
math(EXPR last "${count} - 1")
foreach(i RANGE ${last})
  string(JSON type TYPE "${manifest}" dependencies ${i})
  if(type STREQUAL "OBJECT")
    string(JSON name GET "${manifest}" dependencies ${i} name)
    string(JSON host GET "${manifest}" dependencies ${i} host)
    list(APPEND host_dependencies_${host} ${name})
  else()
    string(JSON name GET "${manifest}" dependencies ${i})
    list(APPEND dependencies ${name})
  endif()
endforeach()
if(NOT dependencies STREQUAL "eigen3")
  message(FATAL_ERROR "The library needs Eigen alone, and vcpkg.json says: ${dependencies}")
endif()

# --- the steps -----------------------------------------------------------------------------------

set(CURRENT_PORT_DIR ${port_dir})
set(CURRENT_PACKAGES_DIR ${PREFIX}-first)
set(build ${PREFIX}-build)
file(REMOVE_RECURSE ${PREFIX} ${CURRENT_PACKAGES_DIR} ${build})

function(from helper)
  if(NOT helper IN_LIST host_dependencies_ON)
    message(FATAL_ERROR "vcpkg.json does not name ${helper}, which brings the function.")
  endif()
endfunction()

function(vcpkg_cmake_configure)
  from(vcpkg-cmake)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "SOURCE_PATH" "OPTIONS")
  execute_process(
    COMMAND ${CMAKE_COMMAND} -S ${arg_SOURCE_PATH} -B ${build} -DCMAKE_CXX_COMPILER=${COMPILER}
            -DEigen3_DIR=${EIGEN_DIR} -DCMAKE_BUILD_TYPE=Release
            -DCMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR} ${arg_OPTIONS}
    COMMAND_ERROR_IS_FATAL ANY)
  # A misspelt option would be taken without a word.
  file(STRINGS ${build}/CMakeCache.txt unknown REGEX "^SPARK_TRACERS_.*:UNINITIALIZED=")
  if(unknown)
    message(FATAL_ERROR "Options that the project does not have: ${unknown}")
  endif()
endfunction()

function(vcpkg_cmake_install)
  from(vcpkg-cmake)
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${build} COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${CMAKE_COMMAND} --install ${build} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Moves the package files up to share/<port>, and with them the way to the prefix.
function(vcpkg_cmake_config_fixup)
  from(vcpkg-cmake-config)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "CONFIG_PATH" "")
  file(GLOB files ${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH}/*)
  file(COPY ${files} DESTINATION ${CURRENT_PACKAGES_DIR}/share/${PORT})
  cmake_path(GET arg_CONFIG_PATH PARENT_PATH parent)
  file(REMOVE_RECURSE ${CURRENT_PACKAGES_DIR}/${parent})

  set(config ${CURRENT_PACKAGES_DIR}/share/${PORT}/${PORT}-config.cmake)
  file(READ ${config} text)
  string(REGEX REPLACE "(PACKAGE_PREFIX_DIR \"\\\${CMAKE_CURRENT_LIST_DIR}/)[./]+" "\\1../../" text "${text}")
  file(WRITE ${config} "${text}")
endfunction()

function(vcpkg_fixup_pkgconfig)
  file(GLOB found ${CURRENT_PACKAGES_DIR}/share/pkgconfig/*.pc)
  if(NOT found)
    message(FATAL_ERROR "No pkg-config file where a package of headers has it.")
  endif()
endfunction()

function(vcpkg_install_copyright)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
  file(INSTALL ${arg_FILE_LIST} DESTINATION ${CURRENT_PACKAGES_DIR}/share/${PORT} RENAME copyright)
endfunction()

include(${port_dir}/portfile.cmake)

# --- the outcome ---------------------------------------------------------------------------------

if(NOT VCPKG_BUILD_TYPE STREQUAL "release")
  message(FATAL_ERROR "A package of headers needs no debug build.")
endif()

file(GLOB_RECURSE expected RELATIVE ${SOURCE} ${SOURCE}/include/*.hpp)
list(APPEND expected
     share/pkgconfig/${PORT}.pc
     share/${PORT}/copyright
     share/${PORT}/eigen.cmake
     share/${PORT}/${PORT}-config-version.cmake
     share/${PORT}/${PORT}-config.cmake
     share/${PORT}/usage)
file(GLOB_RECURSE installed RELATIVE ${CURRENT_PACKAGES_DIR} ${CURRENT_PACKAGES_DIR}/*)
list(SORT expected)
list(SORT installed)
if(NOT installed STREQUAL expected)
  message(FATAL_ERROR "installed:\n${installed}\nexpected:\n${expected}")
endif()

file(GLOB_RECURSE folders LIST_DIRECTORIES true ${CURRENT_PACKAGES_DIR}/*)
foreach(path IN LISTS folders)
  file(GLOB content ${path}/*)
  if(IS_DIRECTORY ${path} AND NOT content)
    message(FATAL_ERROR "Left empty: ${path}")
  elseif(NOT IS_DIRECTORY ${path})
    file(STRINGS ${path} remembered REGEX "${CURRENT_PACKAGES_DIR}|${SOURCE}|${build}")
    if(remembered)
      message(FATAL_ERROR "${path} remembers where it was built: ${remembered}")
    endif()
  endif()
endforeach()

file(READ ${SOURCE}/LICENSE license)
file(READ ${CURRENT_PACKAGES_DIR}/share/${PORT}/copyright copyright)
file(READ ${CURRENT_PACKAGES_DIR}/share/${PORT}/usage usage)
if(NOT copyright STREQUAL license
   OR NOT usage MATCHES "find_package\\(${PORT} CONFIG REQUIRED\\)"
   OR NOT usage MATCHES "target_link_libraries\\(main PRIVATE spark::tracers\\)")
  message(FATAL_ERROR "The copyright or the usage is not that of this project.")
endif()

file(RENAME ${CURRENT_PACKAGES_DIR} ${PREFIX})
