# What every target of the project has in common. Nothing here is global: a target asks for it.

option(REGISTRY_WERROR "Treat warnings as errors" OFF)
set(REGISTRY_SANITIZE "" CACHE STRING "Sanitizers for every target, for example address,undefined")
option(REGISTRY_COVERAGE "Build for coverage measurement" OFF)
option(REGISTRY_PRECOMPILE "Precompile the headers that most files include" OFF)

# registry_options(<target>): language level, warnings, sanitizers.
function(registry_options target)
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

set(registry_standard_headers <algorithm> <chrono> <functional> <map> <memory> <optional> <span> <string> <utility> <variant>
                              <vector>)
set(registry_caf_headers ${registry_standard_headers} <caf/actor_system.hpp> <caf/actor_system_config.hpp>
                         <caf/event_based_actor.hpp> <caf/scoped_actor.hpp>)
set(registry_standard_test_headers <catch2/catch.hpp> ${registry_standard_headers})
set(registry_caf_test_headers <catch2/catch.hpp> ${registry_caf_headers})
set(registry_caf_libraries CAF::core)
set(registry_standard_test_libraries Catch2::Catch2)
set(registry_caf_test_libraries Catch2::Catch2 CAF::core)

# registry_precompile(<target> <kind>): the headers of a kind are compiled once, by a target without any definition, which all
# targets of the kind can share. Every source includes what it needs all the same: the lint preset has no precompiled headers.
function(registry_precompile target kind)
  set(precompiled registry_precompiled_${kind})
  if(NOT TARGET ${precompiled})
    set(empty "${PROJECT_BINARY_DIR}/precompiled/${kind}.cpp")
    file(CONFIGURE OUTPUT "${empty}" CONTENT "")
    add_library(${precompiled} OBJECT "${empty}")
    registry_options(${precompiled})
    target_link_libraries(${precompiled} PRIVATE ${registry_${kind}_libraries})
    target_compile_options(${precompiled} PRIVATE -fpch-preprocess) # for ccache
    target_precompile_headers(${precompiled} PRIVATE ${registry_${kind}_headers})
  endif()
  target_compile_options(${target} PRIVATE -fpch-preprocess)
  target_precompile_headers(${target} REUSE_FROM ${precompiled})
endfunction()

# registry_target(<target> [<kind>]): a target of the project. The kind says what most of its sources include: standard, caf (the
# default), standard_test or caf_test.
function(registry_target target)
  registry_options(${target})
  if(REGISTRY_PRECOMPILE)
    set(kind ${ARGN})
    if(NOT kind)
      set(kind caf)
    endif()
    registry_precompile(${target} ${kind})
  endif()
endfunction()

# registry_test(<name> SOURCES <file>… [LIBRARIES <target>…] [PROPERTIES <name> <value>…]): a Catch2 binary whose test cases CTest
# knows one by one.
function(registry_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES;PROPERTIES;SOURCES")
  add_executable(${name} ${arg_SOURCES})
  if("registry::core" IN_LIST arg_LIBRARIES)
    registry_target(${name} standard_test)
  else()
    registry_target(${name} caf_test)
  endif()
  target_link_libraries(${name} PRIVATE registry_test_main ${arg_LIBRARIES})
  catch_discover_tests(${name} TEST_PREFIX "${name}/" PROPERTIES TIMEOUT 600 ${arg_PROPERTIES})
endfunction()
