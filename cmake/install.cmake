# Nothing here depends on a processor, so all of it goes below share/, and the version file says so.
#
# There is no install(EXPORT): it refuses to work where Eigen is a target of the same build, and the
# one target that we export is four lines in the package configuration.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_DATAROOTDIR}/cmake/spark-tracers)
set(generated ${PROJECT_BINARY_DIR}/package)

configure_package_config_file(
  cmake/spark-tracers-config.cmake.in ${generated}/spark-tracers-config.cmake
  INSTALL_DESTINATION ${package_dir}
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR
  NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(
  ${generated}/spark-tracers-config-version.cmake
  COMPATIBILITY SameMinorVersion
  ARCH_INDEPENDENT)
configure_file(cmake/spark-tracers.pc.in ${generated}/spark-tracers.pc @ONLY)

install(DIRECTORY include/spark DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.hpp)
install(FILES ${generated}/spark-tracers-config.cmake ${generated}/spark-tracers-config-version.cmake
              cmake/eigen.cmake DESTINATION ${package_dir})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${generated}/spark-tracers.pc DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/pkgconfig)
