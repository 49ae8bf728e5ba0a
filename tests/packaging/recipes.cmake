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
  list(TRANSFORM options REPLACE -D "")
  foreach(option IN LISTS options)
    if(NOT project MATCHES "option\\(${option} ")
      message(FATAL_ERROR "The project has no option ${option}")
    endif()
  endforeach()
endfunction()
set(CURRENT_PORT_DIR ${SOURCE}/packaging/vcpkg)
set(CURRENT_PACKAGES_DIR ${WORK})
include(${CURRENT_PORT_DIR}/portfile.cmake)

# The recipe without Conan: its syntax.
if(PYTHON)
  set(recipes ${SOURCE}/packaging/conan/conanfile.py ${SOURCE}/packaging/conan/test_package/conanfile.py)
  set(parse "import ast, sys; [ast.parse(open(path, encoding='utf-8').read(), path) for path in sys.argv[1:]]")
  execute_process(COMMAND ${PYTHON} -c ${parse} ${recipes} COMMAND_ERROR_IS_FATAL ANY)
endif()
