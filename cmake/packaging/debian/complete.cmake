# Run by CPack when the files of each package lie in a folder of their own: adds what Debian's policy asks for beside them.

# The date of the version, as `## [0.2.0] - 2026-11-29` in CHANGELOG.md has it.
string(REPLACE "." "[.]" _version "${CPACK_PACKAGE_VERSION}")
file(STRINGS "${CPACK_REGISTRY_CHANGELOG}" _heading REGEX "^## .${_version}. - " LIMIT_COUNT 1)
if(NOT _heading MATCHES "([0-9]+-[0-9]+-[0-9]+)$")
  message(FATAL_ERROR "${CPACK_REGISTRY_CHANGELOG} has no heading \"## [${CPACK_PACKAGE_VERSION}] - year-month-day\"")
endif()
set(_date "${CMAKE_MATCH_1} 12:00:00 UTC")
execute_process(COMMAND date --utc --rfc-email "--date=${_date}" OUTPUT_VARIABLE _email_date OUTPUT_STRIP_TRAILING_WHITESPACE
                                                                                              COMMAND_ERROR_IS_FATAL ANY)

function(compress)
  execute_process(COMMAND gzip --best --no-name --force ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

foreach(_component IN LISTS CPACK_COMPONENTS_ALL)
  string(TOUPPER "${_component}" _name)
  set(_package "${CPACK_DEBIAN_${_name}_PACKAGE_NAME}")
  set(_root "${CPACK_TEMPORARY_DIRECTORY}/${_component}")
  set(_doc "${_root}/usr/share/doc/${_package}")

  configure_file("${CPACK_REGISTRY_DEBIAN_DIR}/copyright" "${_doc}/copyright" COPYONLY)
  file(REMOVE "${_root}/usr/share/doc/libregistry-dev/LICENSE") # which is in copyright
  file(WRITE "${_doc}/changelog"
       "registry (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium\n\n"
       "  * Release ${CPACK_PACKAGE_VERSION}; CHANGELOG.md of libregistry-doc says what it changes.\n\n"
       " -- ${CPACK_PACKAGE_CONTACT}  ${_email_date}\n")
  file(GLOB _pages "${_root}/usr/share/man/man?/*.?")
  compress("${_doc}/changelog" ${_pages})
  file(GLOB _binaries "${_root}/usr/bin/*" "${_root}/usr/lib/*/lib*.so.*.*.*")
  if(_binaries)
    execute_process(COMMAND strip --strip-unneeded --remove-section=.comment --remove-section=.note ${_binaries} COMMAND_ERROR_IS_FATAL
                                                                                                               ANY)
  endif()
  if(EXISTS "${CPACK_REGISTRY_DEBIAN_DIR}/${_component}.lintian-overrides")
    configure_file("${CPACK_REGISTRY_DEBIAN_DIR}/${_component}.lintian-overrides"
                   "${_root}/usr/share/lintian/overrides/${_package}" COPYONLY)
  endif()
  # A rebuild of the same version gives the same packages.
  execute_process(COMMAND find "${_root}" -exec touch --no-dereference "--date=${_date}" {} + COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND chmod --recursive u=rwX,go=rX "${_root}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()
