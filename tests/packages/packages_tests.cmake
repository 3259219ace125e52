# What of the packages can be tried without building them; `./dev check package` does the rest.

# manual_page_test(<program> <page> [<command of the program>…])
function(manual_page_test program page)
  add_test(NAME manual_pages/${page}
           COMMAND "${PROJECT_SOURCE_DIR}/tests/packages/manual_pages.py" "$<TARGET_FILE:${program}>"
                   "${PROJECT_SOURCE_DIR}/cmake/packaging/man/${page}" ${ARGN})
  set_tests_properties(manual_pages/${page} PROPERTIES LABELS unsanitized TIMEOUT 60)
endfunction()

manual_page_test(registry-chat registry-chat.8)
manual_page_test(registry-dispatch registry-dispatch.1 worker submit status)

add_test(NAME installed_programs
         COMMAND "${PROJECT_SOURCE_DIR}/tests/packages/programs_test.py" "${_prefix}/${CMAKE_INSTALL_BINDIR}"
                 "${_prefix}/${CMAKE_INSTALL_SYSCONFDIR}/registry")
set_tests_properties(installed_programs PROPERTIES FIXTURES_REQUIRED installation LABELS unsanitized TIMEOUT 120)

add_test(NAME conan_recipe
         COMMAND "${PROJECT_SOURCE_DIR}/tests/packages/conan_recipe_test.py" "${PROJECT_VERSION}" -G "${CMAKE_GENERATOR}"
                 "-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}" "-DCAF_ROOT=${CAF_ROOT}"
                 "-DCMAKE_PREFIX_PATH=${CMAKE_PREFIX_PATH}")
set_tests_properties(conan_recipe PROPERTIES LABELS unsanitized TIMEOUT 120)
