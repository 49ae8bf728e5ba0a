# Compiles kernels.hip to the code of a device that need not be there, and looks into it: a kernel of `step` and `value`
# calls nothing, and holds double arithmetic only where the tracer's numbers are double. Then the example, both halves.
list(TRANSFORM LIBRARIES PREPEND -isystem)
set(command ${COMPILER} -x hip --offload-arch=gfx906 -nogpulib -std=c++17 -O2 -Wall -Wextra -Werror
            -I${SOURCE}/include ${LIBRARIES})
file(MAKE_DIRECTORY ${WORK})

execute_process(COMMAND ${command} --offload-device-only -S ${SOURCE}/tests/ports/gpu/kernels.hip -o ${WORK}/kernels.s
                        COMMAND_ERROR_IS_FATAL ANY)
file(STRINGS ${WORK}/kernels.s lines REGEX "^_Z[0-9]+(step|advance)_.*:|s_swappc|s_setpc|s_call|_f64")
set(kernels 0)
set(faults "")
foreach(line IN LISTS lines)
  if(line MATCHES "^_Z[0-9]+((step|advance)_[A-Za-z0-9_]+)N5spark")
    set(kernel ${CMAKE_MATCH_1})
    math(EXPR kernels "${kernels} + 1")
  elseif(kernel MATCHES "^step_" AND line MATCHES "s_swappc|s_setpc|s_call")
    string(APPEND faults "${kernel} calls a function:${line}\n")
  elseif(kernel MATCHES "^step_(float|half|bfloat16)_" AND line MATCHES _f64)
    string(APPEND faults "${kernel} computes in double:${line}\n")
  endif()
endforeach()
if(faults OR kernels LESS 56)
  message(FATAL_ERROR "${kernels} kernels in ${WORK}/kernels.s\n${faults}")
endif()
message("${kernels} kernels hold what they may")

# Not linked: the names of HIP are functions of libraries that a machine with a device has.
foreach(half IN ITEMS device host)
  execute_process(COMMAND ${command} --offload-${half}-only -S ${SOURCE}/examples/gpu/main.cu -o ${WORK}/${half}.s
                          COMMAND_ERROR_IS_FATAL ANY)
endforeach()
message("The example compiles for the device and for the processor")
