# The files for vcpkg and Conan can be read, and say of the project what it is. The continuous integration builds
# packages with the real programs.
cmake_minimum_required(VERSION 3.25)

file(READ ${SOURCE}/packaging/vcpkg/vcpkg.json manifest)
foreach(key IN ITEMS name version license)
  string(JSON ${key} GET "${manifest}" ${key})
endforeach()
string(JSON needs GET "${manifest}" dependencies 0) # what follows it belongs to the machine that builds
if(NOT "${name} ${version} ${license} ${needs}" STREQUAL "spark-tracers ${VERSION} MIT eigen3")
  message(FATAL_ERROR "vcpkg.json says: ${name} ${version} ${license}, and needs ${needs}")
endif()

# The port, with functions that do nothing: a misspelt one is an error. What it configures are options of the project.
foreach(function IN ITEMS cmake_install cmake_config_fixup fixup_pkgconfig install_copyright)
  cmake_language(EVAL CODE "function(vcpkg_${function})\nendfunction()")
endforeach()
function(vcpkg_cmake_configure)
  file(READ ${SOURCE}/CMakeLists.txt project)
  string(REGEX MATCHALL "-D[A-Z_]+" options "${ARGN}")
  foreach(option IN LISTS options)
    string(REPLACE -D "option(" option ${option})
    string(FIND "${project}" "${option} " found)
    if(found EQUAL -1)
      message(FATAL_ERROR "The project has no ${option} ...)")
    endif()
  endforeach()
endfunction()
set(CURRENT_PORT_DIR ${SOURCE}/packaging/vcpkg)
set(CURRENT_PACKAGES_DIR ${WORK})
include(${CURRENT_PORT_DIR}/portfile.cmake)

# The recipe without Conan: its syntax.
if(PYTHON)
  foreach(recipe IN ITEMS conanfile.py test_package/conanfile.py)
    execute_process(
      COMMAND ${PYTHON} -c "import ast, sys; ast.parse(open(sys.argv[1], encoding='utf-8').read(), sys.argv[1])"
              ${SOURCE}/packaging/conan/${recipe} COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
endif()
