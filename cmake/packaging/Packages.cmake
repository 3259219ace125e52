# What is installed beside the libraries: component programs, with manual pages, units and configuration, and component docs. And how
# CPack makes Debian packages of the components (`./dev package`).

file(RELATIVE_PATH _bin_to_lib "/prefix/${CMAKE_INSTALL_BINDIR}" "/prefix/${CMAKE_INSTALL_LIBDIR}")

# installed_program(<name> OF <target> [LIBRARIES <target>…]): the program that <target> is in the build tree, under the name that it
# has on a system, where `chat` and `dispatch` would claim too much.
function(installed_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "OF" "LIBRARIES")
  add_executable(${name} $<TARGET_OBJECTS:${arg_OF}>)
  registry_options(${name})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX INSTALL_RPATH "$ORIGIN/${_bin_to_lib}"
                                           INSTALL_RPATH_USE_LINK_PATH ON) # CAF may stand elsewhere
  target_link_libraries(${name} PRIVATE registry::actors ${arg_LIBRARIES})
  install(TARGETS ${name} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT programs)
endfunction()

installed_program(registry-chat OF chat LIBRARIES chat_app)
installed_program(registry-dispatch OF dispatch LIBRARIES dispatch_app)

install(
  FILES "${CMAKE_CURRENT_LIST_DIR}/man/registry-chat.8"
  DESTINATION "${CMAKE_INSTALL_MANDIR}/man8"
  COMPONENT programs)
install(
  FILES "${CMAKE_CURRENT_LIST_DIR}/man/registry-dispatch.1"
  DESTINATION "${CMAKE_INSTALL_MANDIR}/man1"
  COMPONENT programs)
foreach(_unit registry-chat registry-dispatch-worker@)
  configure_file("${CMAKE_CURRENT_LIST_DIR}/systemd/${_unit}.service.in" "${PROJECT_BINARY_DIR}/${_unit}.service" @ONLY)
  install(
    FILES "${PROJECT_BINARY_DIR}/${_unit}.service"
    DESTINATION lib/systemd/system
    COMPONENT programs)
endforeach()
# Below the prefix, but for what is installed to /usr.
set(_sysconf_dir "${CMAKE_INSTALL_SYSCONFDIR}")
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(_sysconf_dir "${CMAKE_INSTALL_FULL_SYSCONFDIR}")
endif()
install(
  FILES "${CMAKE_CURRENT_LIST_DIR}/config/chat.conf" "${CMAKE_CURRENT_LIST_DIR}/config/dispatch.conf"
  DESTINATION "${_sysconf_dir}/registry"
  COMPONENT programs)

# As in the source tree, so that the links between the documents lead on.
install(
  FILES "${PROJECT_SOURCE_DIR}/README.md" "${PROJECT_SOURCE_DIR}/CHANGELOG.md" "${PROJECT_SOURCE_DIR}/LICENSE"
  DESTINATION "${CMAKE_INSTALL_DOCDIR}"
  COMPONENT docs)
install(
  DIRECTORY "${PROJECT_SOURCE_DIR}/docs"
  DESTINATION "${CMAKE_INSTALL_DOCDIR}"
  COMPONENT docs)
foreach(_program chat dispatch)
  install(
    FILES "${PROJECT_SOURCE_DIR}/apps/${_program}/README.md"
    DESTINATION "${CMAKE_INSTALL_DOCDIR}/apps/${_program}"
    COMPONENT docs)
endforeach()
install(
  DIRECTORY "${PROJECT_SOURCE_DIR}/examples"
  DESTINATION "${CMAKE_INSTALL_DOCDIR}"
  COMPONENT docs
  REGEX "/examples/CMakeLists[.]txt$" EXCLUDE
  PATTERN check.sh EXCLUDE
  PATTERN output EXCLUDE)
install(
  FILES "${CMAKE_CURRENT_LIST_DIR}/examples/CMakeLists.txt"
  DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples"
  COMPONENT docs)

# -- Debian packages

set(CPACK_PACKAGE_VENDOR "the registry authors")
set(CPACK_PACKAGE_CONTACT "the registry authors <registry@registry.invalid>" CACHE STRING "Maintainer: Name <address>")
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL runtime development programs docs)
set(CPACK_SET_DESTDIR ON) # configuration is in /etc and not below the prefix
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_OUTPUT_FILE_PREFIX "${PROJECT_BINARY_DIR}/packages")
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/debian/complete.cmake")
set(CPACK_REGISTRY_DEBIAN_DIR "${CMAKE_CURRENT_LIST_DIR}/debian")
set(CPACK_REGISTRY_CHANGELOG "${PROJECT_SOURCE_DIR}/CHANGELOG.md")

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PROJECT_BINARY_DIR}/libregistry" "${PROJECT_BINARY_DIR}/actors")

# A description begins with a line that stands for it, which CPack would have the same for all.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
set(_about "Actors join a named scope under keys, with metadata. Every node of the
cluster sees every entry: any thread looks members up without a lock,
queries them by pattern, sends work to them, and subscribes to changes.
.")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME "libregistry${registry_soversion}")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA "${CMAKE_CURRENT_LIST_DIR}/debian/triggers")
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION "distributed registry for actors - shared libraries
${_about}
This package holds what programs need to run.")

# Debian 12 has Boost 1.81 under a name of its own. The package for CMake asks for the very version of CAF.
string(REGEX MATCH "^([0-9]+)[.]([0-9]+)" _matched "${CAF_VERSION}")
math(EXPR _next_caf_minor "${CMAKE_MATCH_2} + 1")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libregistry-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(_needed "libregistry${registry_soversion} (= ${PROJECT_VERSION})" "libboost1.81-dev | libboost-dev (>= 1.81)"
            "libcaf-dev (>= ${CAF_VERSION})" "libcaf-dev (<< ${CMAKE_MATCH_1}.${_next_caf_minor})" libfmt-dev)
list(JOIN _needed ", " CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS libregistry-doc)
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "distributed registry for actors - development files
${_about}
This package holds the headers and what CMake and pkg-config need.")

set(CPACK_DEBIAN_PROGRAMS_PACKAGE_NAME registry-programs)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_DEPENDS "libregistry${registry_soversion} (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_CONTROL_EXTRA
    "${CMAKE_CURRENT_LIST_DIR}/debian/conffiles" "${CMAKE_CURRENT_LIST_DIR}/debian/postinst"
    "${CMAKE_CURRENT_LIST_DIR}/debian/prerm" "${CMAKE_CURRENT_LIST_DIR}/debian/postrm")
set(CPACK_DEBIAN_PROGRAMS_DESCRIPTION "clustered IRC server and work dispatcher
registry-chat serves IRC clients; servers on several machines are one
network.
.
registry-dispatch hands jobs to workers on several machines, and collects
one result for each of them.
.
Neither runs before it is enabled.")

set(CPACK_DEBIAN_DOCS_PACKAGE_NAME libregistry-doc)
set(CPACK_DEBIAN_DOCS_PACKAGE_SECTION doc)
set(CPACK_DEBIAN_DOCS_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_DOCS_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DOCS_DESCRIPTION "distributed registry for actors - documentation
${_about}
This package holds a tutorial, guides, and examples to build.")

include(CPack)
