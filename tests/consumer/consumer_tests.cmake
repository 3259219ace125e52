# Builds and runs tests/consumer as somebody else would: against an installation, and with the source tree as a subdirectory.

set(_prefix "${PROJECT_BINARY_DIR}/consumer/prefix")

function(consumer_test name)
  add_test(
    NAME ${name}
    COMMAND
      "${CMAKE_CTEST_COMMAND}" --build-and-test "${PROJECT_SOURCE_DIR}/tests/consumer" "${PROJECT_BINARY_DIR}/consumer/${name}"
      --build-generator "${CMAKE_GENERATOR}" --build-noclean --build-options "-DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}" "-DCAF_ROOT=${CAF_ROOT}"
      "-DCMAKE_PREFIX_PATH=${CMAKE_PREFIX_PATH}" ${ARGN} --test-command "${CMAKE_CTEST_COMMAND}" --output-on-failure)
  set_tests_properties(${name} PROPERTIES TIMEOUT 900)
endfunction()

add_test(NAME install COMMAND "${CMAKE_COMMAND}" --install "${PROJECT_BINARY_DIR}" --prefix "${_prefix}")
set_tests_properties(install PROPERTIES FIXTURES_SETUP installation)
consumer_test(consumer_of_the_package "-Dregistry_ROOT=${_prefix}")
set_tests_properties(consumer_of_the_package PROPERTIES FIXTURES_REQUIRED installation)
consumer_test(consumer_of_the_source_tree "-DREGISTRY_SOURCE_DIR=${PROJECT_SOURCE_DIR}" "-DREGISTRY_WERROR=${REGISTRY_WERROR}")
