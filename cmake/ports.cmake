# A toolchain for the processors that script/ports builds the unit suite for: -DSPARK_TRACERS_PORT=aarch64, s390x,
# riscv64, i686, powerpc64le or arm. Eigen and Catch2 are headers, the same for all. Programs run under qemu.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SPARK_TRACERS_PORT)
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${SPARK_TRACERS_PORT})
set(triple ${SPARK_TRACERS_PORT}-linux-gnu)
set(emulator qemu-${SPARK_TRACERS_PORT})
if(SPARK_TRACERS_PORT STREQUAL i686)
  set(emulator qemu-i386)
  set(CMAKE_CXX_FLAGS_INIT "-msse2 -mfpmath=sse")
elseif(SPARK_TRACERS_PORT STREQUAL powerpc64le)
  set(emulator qemu-ppc64le)
elseif(SPARK_TRACERS_PORT STREQUAL arm)
  set(triple arm-linux-gnueabihf)
  set(CMAKE_CXX_FLAGS_INIT -mfpu=neon-vfpv4)
endif()
set(CMAKE_CXX_COMPILER ${triple}-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR ${emulator} -L /usr/${triple}) # not static: a test counts calls of malloc
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
