# What every target of the project has in common. Nothing here is global: a target asks for it.

option(REGISTRY_WERROR "Treat warnings as errors" OFF)
set(REGISTRY_SANITIZE "" CACHE STRING "Sanitizers for every target, for example address,undefined")
option(REGISTRY_COVERAGE "Build for coverage measurement" OFF)

# registry_target(<target>): language level, warnings, sanitizers.
function(registry_target target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 sees an overlap in `"text" + std::string` (bug 105651).
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(REGISTRY_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(REGISTRY_SANITIZE)
    # Every report ends the program, except `null`: CAF 0.17's headers contain one, and only a report that returns can be
    # suppressed (tests/support/ubsan_suppressions.txt). UBSAN_OPTIONS=halt_on_error=1 ends the program for all others.
    # Reports need line numbers and no more (-g1), which compiles faster.
    target_compile_options(${target} PRIVATE -g1 -fno-omit-frame-pointer -fsanitize=${REGISTRY_SANITIZE}
                                             -fno-sanitize-recover=all -fsanitize-recover=null)
    target_link_options(${target} PRIVATE -fsanitize=${REGISTRY_SANITIZE})
  endif()
  if(REGISTRY_COVERAGE)
    target_compile_options(${target} PRIVATE --coverage)
    target_link_options(${target} PRIVATE --coverage)
  endif()
endfunction()

# registry_test(<name> SOURCES <file>… [LIBRARIES <target>…]): a Catch2 binary whose test cases CTest knows one by one.
function(registry_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES;SOURCES")
  add_executable(${name} ${arg_SOURCES})
  registry_target(${name})
  target_link_libraries(${name} PRIVATE registry_test_main ${arg_LIBRARIES})
  catch_discover_tests(${name} TEST_PREFIX "${name}/" PROPERTIES TIMEOUT 120)
endfunction()
