# Installs the pretty printers of gdb: to be sourced, and, for a shared library, where gdb finds them by itself if the prefix is gdb's.

set(_printers "${PROJECT_SOURCE_DIR}/libregistry/gdb/registry_printers.py")
install(FILES "${_printers}" DESTINATION "${CMAKE_INSTALL_DATADIR}/registry/gdb" COMPONENT development)

get_target_property(_type registry_core TYPE)
if(_type STREQUAL "SHARED_LIBRARY")
  set(_loaded "${PROJECT_BINARY_DIR}/gdb/$<TARGET_FILE_NAME:registry_core>-gdb.py")
  file(GENERATE OUTPUT "${_loaded}" INPUT "${_printers}")
  install(
    FILES "${_loaded}"
    DESTINATION "${CMAKE_INSTALL_DATADIR}/gdb/auto-load${CMAKE_INSTALL_FULL_LIBDIR}"
    COMPONENT development)
endif()
