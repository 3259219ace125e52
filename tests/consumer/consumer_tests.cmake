# Builds and runs the projects of tests/consumer as somebody else would: against an installation, and with the source tree as a
# subdirectory.

set(_prefix "${PROJECT_BINARY_DIR}/consumer/prefix")
set(REGISTRY_FORMS_LEVELS 2 3 CACHE STRING "Levels of optimisation at which the forms of coroutines are tried: 1, 2, 3, s")

# consumer_test(<name> [SOURCE <directory>] [LABEL <label>] OPTIONS <option of CMake>…
#               BUILD_AND_TEST <option of `ctest --build-and-test`>…)
function(consumer_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SOURCE;LABEL" "OPTIONS;BUILD_AND_TEST")
  if(NOT arg_LABEL)
    set(arg_LABEL unsanitized)
  endif()
  add_test(
    NAME ${name}
    COMMAND
      "${CMAKE_CTEST_COMMAND}" --build-and-test "${PROJECT_SOURCE_DIR}/tests/consumer/${arg_SOURCE}"
      "${PROJECT_BINARY_DIR}/consumer/${name}" --build-generator "${CMAKE_GENERATOR}" --build-noclean
      --build-options "-DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}" "-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}"
      "-DCAF_ROOT=${CAF_ROOT}" "-DCMAKE_PREFIX_PATH=${CMAKE_PREFIX_PATH}" ${arg_OPTIONS} ${arg_BUILD_AND_TEST})
  set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT 300)
endfunction()

# forms_test(<name> <option of CMake>… BUILD_AND_TEST <option of `ctest --build-and-test`>…): the forms of coroutines.
function(forms_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "BUILD_AND_TEST")
  consumer_test(
    ${name}
    SOURCE forms
    LABEL forms
    OPTIONS "-Dregistry_ROOT=${_prefix}" ${arg_UNPARSED_ARGUMENTS}
    BUILD_AND_TEST ${arg_BUILD_AND_TEST})
  set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED installation TIMEOUT 1800)
endfunction()

add_test(NAME install COMMAND "${CMAKE_COMMAND}" --install "${PROJECT_BINARY_DIR}" --prefix "${_prefix}")
set_tests_properties(install PROPERTIES FIXTURES_SETUP installation LABELS unsanitized)
consumer_test(
  consumer_of_the_package
  OPTIONS "-Dregistry_ROOT=${_prefix}"
  BUILD_AND_TEST --test-command "${CMAKE_CTEST_COMMAND}" --output-on-failure)
set_tests_properties(consumer_of_the_package PROPERTIES FIXTURES_REQUIRED installation)

add_test(NAME consumer_of_pkg_config
         COMMAND "${PROJECT_SOURCE_DIR}/tests/consumer/pkg_config.sh" "${CMAKE_CXX_COMPILER}"
                 "${_prefix}/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "${PROJECT_VERSION}")
set_tests_properties(consumer_of_pkg_config PROPERTIES FIXTURES_REQUIRED installation LABELS unsanitized TIMEOUT 300)
# The project that newcomers copy.
consumer_test(
  first_program
  SOURCE ../../examples/first
  OPTIONS "-Dregistry_ROOT=${_prefix}"
  BUILD_AND_TEST --test-command first)
set_tests_properties(first_program PROPERTIES FIXTURES_REQUIRED installation)

# The libraries are not built once more: the same sources with the same flags have just been.
consumer_test(
  consumer_of_the_source_tree
  OPTIONS "-DREGISTRY_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
  BUILD_AND_TEST --build-target consumer_objects)

foreach(level IN LISTS REGISTRY_FORMS_LEVELS)
  forms_test(forms_O${level} "-DFORMS_LEVEL=${level}" BUILD_AND_TEST --test-command forms)
endforeach()

# That the forms can fail: without the option that the package asks for, GCC stops at one of them, and with it at none.
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  forms_test(forms_guarded BUILD_AND_TEST --build-target exposed_forms)
  forms_test(forms_exposed -DFORMS_OPTIONS=-ftree-slp-vectorize BUILD_AND_TEST --build-target exposed_forms)
  set_tests_properties(forms_exposed PROPERTIES PASS_REGULAR_EXPRESSION "does not dominate use in block")
endif()
