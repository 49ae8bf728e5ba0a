#pragma once

// The only place where the version is written: CMake, pkg-config and the package files read it here.
#define SPARK_TRACERS_VERSION_MAJOR 0
#define SPARK_TRACERS_VERSION_MINOR 2
#define SPARK_TRACERS_VERSION_PATCH 0
