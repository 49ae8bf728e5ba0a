# The port of the source tree in which it lies. In a registry, vcpkg_from_github with a release and its
# hash sets SOURCE_PATH, and the rest stays.
cmake_path(SET SOURCE_PATH NORMALIZE "${CURRENT_PORT_DIR}/../..")

set(VCPKG_BUILD_TYPE release) # Headers are the same in every configuration.
vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS
        -DSPARK_TRACERS_TESTS=OFF
        -DSPARK_TRACERS_EXAMPLES=OFF
        -DSPARK_TRACERS_FETCH_DEPENDENCIES=OFF
)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/spark-tracers)
vcpkg_fixup_pkgconfig()

vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
file(INSTALL "${CURRENT_PORT_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
