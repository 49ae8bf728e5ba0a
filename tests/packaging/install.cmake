# Installs into a fresh folder, compares what arrived with what should, and moves the folder: none must remember it.
file(REMOVE_RECURSE ${PREFIX} ${PREFIX}-first)
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --config "${CONFIG}"
                        --prefix ${PREFIX}-first COMMAND_ERROR_IS_FATAL ANY)

file(GLOB_RECURSE expected RELATIVE ${SOURCE} ${SOURCE}/include/*.hpp)
list(APPEND expected
     share/cmake/spark-tracers/eigen.cmake
     share/cmake/spark-tracers/spark-tracers-config-version.cmake
     share/cmake/spark-tracers/spark-tracers-config.cmake
     share/doc/spark-tracers/LICENSE
     share/pkgconfig/spark-tracers.pc)
file(GLOB_RECURSE installed RELATIVE ${PREFIX}-first ${PREFIX}-first/*)
list(SORT expected)
list(SORT installed)
if(NOT installed STREQUAL expected)
  message(FATAL_ERROR "installed:\n${installed}\nexpected:\n${expected}")
endif()
file(RENAME ${PREFIX}-first ${PREFIX})
