# Installs the libraries with their public headers, the CMake package `registry` that finds them, and the same for pkg-config. Component
# runtime is what programs need to run, development what it takes to build them.

include(CMakePackageConfigHelpers)

set(_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/registry")

# Before 1.0 every minor version may break the ABI (CONTRIBUTING.md, "Versions").
set(registry_soversion "${PROJECT_VERSION_MAJOR}")
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(registry_soversion "${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}")
endif()
# An installation may stand anywhere, and its libraries find each other. Packagers set CMAKE_SKIP_INSTALL_RPATH.
set_target_properties(registry_core registry_actors PROPERTIES VERSION "${PROJECT_VERSION}" SOVERSION "${registry_soversion}"
                                                               INSTALL_RPATH "$ORIGIN" INSTALL_RPATH_USE_LINK_PATH ON
                                                               DEFINE_SYMBOL "")

install(
  TARGETS registry_core registry_actors
  EXPORT registry
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
          COMPONENT runtime
          NAMELINK_COMPONENT development
  FILE_SET HEADERS
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  COMPONENT development)
install(
  EXPORT registry
  NAMESPACE registry::
  FILE registryTargets.cmake
  DESTINATION "${_package_dir}"
  COMPONENT development)

set(registry_is_shared FALSE)
if(BUILD_SHARED_LIBS)
  set(registry_is_shared TRUE)
endif()
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/registryConfig.cmake.in"
                              "${PROJECT_BINARY_DIR}/registryConfig.cmake" INSTALL_DESTINATION "${_package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/registryConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(
  FILES "${PROJECT_BINARY_DIR}/registryConfig.cmake" "${PROJECT_BINARY_DIR}/registryConfigVersion.cmake"
        "${PROJECT_SOURCE_DIR}/cmake/FindCAF.cmake" "${PROJECT_SOURCE_DIR}/cmake/FindxxHash.cmake"
  DESTINATION "${_package_dir}"
  COMPONENT development)

# -- pkg-config

set(_pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
# The prefix is where the file is found, wherever that has been moved to.
file(RELATIVE_PATH registry_pc_prefix "/prefix/${_pkgconfig_dir}" /prefix)
string(REGEX REPLACE "/$" "" registry_pc_prefix "\${pcfiledir}/${registry_pc_prefix}")

# CAF and Boost have no .pc of their own. Their directories are named where the compiler does not look anyway.
set(registry_pc_cflags "")
get_target_property(_caf_include CAF::core INTERFACE_INCLUDE_DIRECTORIES)
foreach(_dir IN LISTS _caf_include Boost_INCLUDE_DIRS)
  if(IS_DIRECTORY "${_dir}" AND NOT _dir IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
    string(APPEND registry_pc_cflags " -I${_dir}")
  endif()
endforeach()
# What the targets ask of their users, who have the compiler that this is built with.
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  string(APPEND registry_pc_cflags " -fno-tree-slp-vectorize")
endif()
set(registry_pc_caf "")
get_target_property(_caf_type CAF::core TYPE)
if(NOT _caf_type STREQUAL INTERFACE_LIBRARY) # as Conan has it, which writes files of its own
  get_target_property(_caf_library CAF::core LOCATION)
  cmake_path(GET _caf_library PARENT_PATH _caf_dir)
  if(NOT _caf_dir IN_LIST CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES)
    set(registry_pc_caf "-L${_caf_dir} ")
  endif()
endif()
# A shared library brings its own; an archive has none.
set(registry_pc_core_requires "")
set(registry_pc_actors_requires "")
if(NOT BUILD_SHARED_LIBS)
  set(registry_pc_core_requires libxxhash)
  set(registry_pc_actors_requires ", spdlog, libssl, libcrypto, libxxhash")
endif()
foreach(_name registry-core registry-actors)
  configure_file("${PROJECT_SOURCE_DIR}/cmake/${_name}.pc.in" "${PROJECT_BINARY_DIR}/${_name}.pc" @ONLY)
  install(
    FILES "${PROJECT_BINARY_DIR}/${_name}.pc"
    DESTINATION "${_pkgconfig_dir}"
    COMPONENT development)
endforeach()

include(RegistryGdb)
