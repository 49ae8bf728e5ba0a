# Used by the build and installed beside the package configuration, so that both accept the same Eigen.
#
# find_package(Eigen3 3.4) refuses Eigen 5, and find_package(Eigen3 3.4...5) refuses 3.4.0: ask for
# no version, and look at the answer. An Eigen that is part of the same build tells no version here.
if(NOT TARGET Eigen3::Eigen)
  find_package(Eigen3 CONFIG QUIET)
endif()

unset(spark_tracers_eigen_error)
if(NOT TARGET Eigen3::Eigen)
  set(spark_tracers_eigen_error
      "spark-tracers needs Eigen 3.4.0 or newer and found none; install it or set Eigen3_DIR.")
elseif(Eigen3_VERSION AND Eigen3_VERSION VERSION_LESS 3.4.0)
  set(spark_tracers_eigen_error
      "spark-tracers needs Eigen 3.4.0 or newer and found ${Eigen3_VERSION} in ${Eigen3_DIR}.")
endif()
