# Installs the libraries with their public headers, and the package `registry` that finds them.

include(CMakePackageConfigHelpers)

set(_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/registry")

install(
  TARGETS registry_core registry_actors
  EXPORT registry
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(
  EXPORT registry
  NAMESPACE registry::
  FILE registryTargets.cmake
  DESTINATION "${_package_dir}")

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/registryConfig.cmake.in"
                              "${PROJECT_BINARY_DIR}/registryConfig.cmake" INSTALL_DESTINATION "${_package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/registryConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(
  FILES "${PROJECT_BINARY_DIR}/registryConfig.cmake" "${PROJECT_BINARY_DIR}/registryConfigVersion.cmake"
        "${PROJECT_SOURCE_DIR}/cmake/FindCAF.cmake" "${PROJECT_SOURCE_DIR}/cmake/FindxxHash.cmake"
  DESTINATION "${_package_dir}")

include(RegistryGdb)
