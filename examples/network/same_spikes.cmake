# cmake -DALONE=<program> -DDIVIDED=<command> -DOUT=<folder> -P same_spikes.cmake: both give the same
# spikes.
foreach(way IN ITEMS ALONE DIVIDED)
  execute_process(
    COMMAND ${${way}} --quick --seconds 2 --out ${OUT}/${way} OUTPUT_VARIABLE output
    COMMAND_ERROR_IS_FATAL ANY)
  if(NOT output MATCHES "([0-9]+ spikes, hash [0-9a-f]+)")
    message(FATAL_ERROR "No hash in the output of ${${way}}:\n${output}")
  endif()
  set(${way}_spikes ${CMAKE_MATCH_1})
endforeach()
if(NOT ALONE_spikes STREQUAL DIVIDED_spikes)
  message(FATAL_ERROR "Alone ${ALONE_spikes}, divided ${DIVIDED_spikes}")
endif()
