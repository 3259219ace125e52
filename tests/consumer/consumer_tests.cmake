# Builds and runs tests/consumer as somebody else would: against an installation, and with the source tree as a subdirectory.

set(_prefix "${PROJECT_BINARY_DIR}/consumer/prefix")

# consumer_test(<name> OPTIONS <option of CMake>… BUILD_AND_TEST <option of `ctest --build-and-test`>…)
function(consumer_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "OPTIONS;BUILD_AND_TEST")
  add_test(
    NAME ${name}
    COMMAND
      "${CMAKE_CTEST_COMMAND}" --build-and-test "${PROJECT_SOURCE_DIR}/tests/consumer" "${PROJECT_BINARY_DIR}/consumer/${name}"
      --build-generator "${CMAKE_GENERATOR}" --build-noclean --build-options "-DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}"
      "-DCAF_ROOT=${CAF_ROOT}" "-DCMAKE_PREFIX_PATH=${CMAKE_PREFIX_PATH}" ${arg_OPTIONS} ${arg_BUILD_AND_TEST})
  set_tests_properties(${name} PROPERTIES LABELS unsanitized TIMEOUT 300)
endfunction()

add_test(NAME install COMMAND "${CMAKE_COMMAND}" --install "${PROJECT_BINARY_DIR}" --prefix "${_prefix}")
set_tests_properties(install PROPERTIES FIXTURES_SETUP installation LABELS unsanitized)
consumer_test(
  consumer_of_the_package
  OPTIONS "-Dregistry_ROOT=${_prefix}"
  BUILD_AND_TEST --test-command "${CMAKE_CTEST_COMMAND}" --output-on-failure)
set_tests_properties(consumer_of_the_package PROPERTIES FIXTURES_REQUIRED installation)

# The libraries are not built once more: the same sources with the same flags have just been.
consumer_test(
  consumer_of_the_source_tree
  OPTIONS "-DREGISTRY_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
  BUILD_AND_TEST --build-target consumer_objects)
