# The network divided among ranks, and tests that its spikes are those of the program without MPI.
#
# A compiler that contracts a multiplication and an addition does so in scalar code and not in Eigen's
# SIMD code, and which of the two computes a neuron depends on the division.
if(NOT MSVC)
  target_compile_options(network PRIVATE -ffp-contract=off)
endif()

set(MPI_CXX_SKIP_MPICXX ON) # MPI's own C++ interface is not used.
find_package(MPI COMPONENTS CXX)
if(NOT MPI_CXX_FOUND)
  add_test(NAME example.network_mpi COMMAND ${CMAKE_COMMAND} -E echo "skipped: MPI not found")
  set_tests_properties(example.network_mpi PROPERTIES SKIP_REGULAR_EXPRESSION "^skipped" LABELS example)
  return()
endif()

add_executable(network_mpi network/mpi.cpp)
target_link_libraries(network_mpi PRIVATE spark-tracers-dev CLI11::CLI11 MPI::MPI_CXX)
target_compile_options(network_mpi PRIVATE $<TARGET_PROPERTY:network,COMPILE_OPTIONS>)
# Open MPI asks root for a second thought, counts cores, and by itself waits without yielding; its memory
# at exit is not ours to mend. To other implementations these variables mean nothing.
set(environment OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
                OMPI_MCA_mpi_yield_when_idle=1 ASAN_OPTIONS=detect_leaks=0)
foreach(ranks IN ITEMS 1 2 4)
  set(name example.network_mpi.${ranks})
  add_test(
    NAME ${name}
    COMMAND
      ${CMAKE_COMMAND} -DOUT=${CMAKE_CURRENT_BINARY_DIR}/quick/network_mpi/${ranks} #
      -DALONE=$<TARGET_FILE:network>
      "-DDIVIDED=${MPIEXEC_EXECUTABLE};${MPIEXEC_NUMPROC_FLAG};${ranks};$<TARGET_FILE:network_mpi>" #
      -P ${CMAKE_CURRENT_SOURCE_DIR}/network/same_spikes.cmake)
  set_tests_properties(${name} PROPERTIES LABELS example PROCESSORS ${ranks} ENVIRONMENT "${environment}")
endforeach()
demo(network_mpi ${CMAKE_COMMAND} -E env ${environment} ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} 2
     $<TARGET_FILE:network_mpi> --out ${CMAKE_CURRENT_BINARY_DIR}/figures/network_mpi)
