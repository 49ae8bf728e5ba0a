# Compiles kernels.hip to the code of a device that need not be there, and looks into it: a kernel of `step` and `value`
# calls nothing, and holds double arithmetic only where the tracer's numbers are double. Then the example, both halves.
list(TRANSFORM LIBRARIES PREPEND -isystem)
set(command ${COMPILER} -x hip --offload-arch=gfx906 -nogpulib -std=c++17 -O2 -Wall -Wextra -Werror -I${SOURCE}/include ${LIBRARIES})
file(MAKE_DIRECTORY ${WORK})

execute_process(COMMAND ${command} --offload-device-only -S ${SOURCE}/tests/ports/gpu/kernels.hip -o ${WORK}/kernels.s
                        COMMAND_ERROR_IS_FATAL ANY)
file(STRINGS ${WORK}/kernels.s lines REGEX "^_Z[0-9]+(step|advance)_.*:|s_swappc|s_setpc|s_call|_f64")
set(kernels 0)
set(faults "")
foreach(line IN LISTS lines)
  if(line MATCHES "^_Z[0-9]+(step|advance)_([a-z0-9]+)_")
    set(does ${CMAKE_MATCH_1})
    set(number ${CMAKE_MATCH_2})
    string(REGEX REPLACE "^_Z[0-9]+([A-Za-z0-9_]+)N5spark.*" "\\1" name "${line}")
    math(EXPR kernels "${kernels} + 1")
  elseif(does STREQUAL step AND line MATCHES "s_swappc|s_setpc|s_call")
    list(APPEND faults "${name} calls a function:${line}")
  elseif(does STREQUAL step AND NOT number STREQUAL double AND line MATCHES _f64)
    list(APPEND faults "${name} computes in double:${line}")
  endif()
endforeach()
if(kernels LESS 56)
  message(FATAL_ERROR "Found only ${kernels} kernels in ${WORK}/kernels.s")
elseif(faults)
  list(JOIN faults "\n" faults)
  message(FATAL_ERROR "${faults}")
endif()
message("${kernels} kernels hold what they may")

# Not linked: the names of HIP are functions of libraries that a machine with a device has.
foreach(half IN ITEMS device host)
  execute_process(COMMAND ${command} --offload-${half}-only -S ${SOURCE}/examples/gpu/main.cu -o ${WORK}/${half}.s
                          COMMAND_ERROR_IS_FATAL ANY)
endforeach()
message("The example compiles for the device and for the processor")
