# What every target of the project has in common. Nothing here is global: a target asks for it.

option(REGISTRY_WERROR "Treat warnings as errors" OFF)
set(REGISTRY_SANITIZE "" CACHE STRING "Sanitizers for every target, for example address,undefined")
option(REGISTRY_COVERAGE "Build for coverage measurement" OFF)
option(REGISTRY_FUZZ "Build the fuzz targets, and everything as libFuzzer needs it (needs clang)" OFF)
option(REGISTRY_PRECOMPILE "Precompile the headers that most files include" OFF)
option(REGISTRY_CHECK_COROUTINES "Let GCC verify its own intermediate code of coroutines, and stop where that is wrong" OFF)

# GCC below 14 miscompiles coroutines from -O2 on, those of applications, too (GCC bug 111387; docs/design.md, "Compilers"). So the
# option is part of what the targets ask of their users, and depends on the compiler of those.
set(registry_coroutine_options
    "$<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,14>>:-fno-tree-slp-vectorize>")

# registry_options(<target>): language level, warnings, sanitizers.
function(registry_options target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${target} PUBLIC "${registry_coroutine_options}" PRIVATE -Wall -Wextra -Wpedantic)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 sees an overlap in `"text" + std::string` (bug 105651).
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND REGISTRY_PRECOMPILE)
    # With precompiled headers GCC no longer knows that std::string belongs to the system, and reports more of the kind.
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_UNITY_BUILD)
    # To GCC the sources of a unity are headers, whose types should not have members from anonymous namespaces.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
    # clang complains of what std::stable_sort of libstdc++ calls.
    target_compile_options(${target} PRIVATE -Wno-deprecated-declarations)
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
  if(REGISTRY_FUZZ)
    # The more executions the better; what is slow are the sanitizers.
    target_compile_options(${target} PRIVATE -O1 -fsanitize=fuzzer-no-link)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
  if(REGISTRY_COVERAGE)
    target_compile_options(${target} PRIVATE --coverage)
    target_link_options(${target} PRIVATE --coverage)
  endif()
endfunction()

# registry_check_coroutines(<target>): -fchecking=1 makes GCC refuse what it is about to miscompile. It takes half as long again, so
# only sources that have to do with coroutines are compiled so.
function(registry_check_coroutines target)
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "[.]cpp$")
  foreach(source IN LISTS sources)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
    set(found "")
    if(EXISTS "${source}")
      file(STRINGS "${source}" found REGEX "co_await|co_yield|co_return|registry/coro/" LIMIT_COUNT 1)
    endif()
    if(found)
      set_property(SOURCE "${source}" APPEND PROPERTY COMPILE_OPTIONS -fchecking=1)
    endif()
  endforeach()
endfunction()

set(registry_standard_headers <algorithm> <chrono> <functional> <map> <memory> <optional> <span> <string> <utility> <variant>
                              <vector>)
set(registry_caf_headers ${registry_standard_headers} <caf/actor_system.hpp> <caf/actor_system_config.hpp>
                         <caf/event_based_actor.hpp> <caf/scoped_actor.hpp>)
set(registry_standard_test_headers "${PROJECT_SOURCE_DIR}/tests/support/catch.hpp" ${registry_standard_headers})
set(registry_caf_test_headers "${PROJECT_SOURCE_DIR}/tests/support/catch.hpp" ${registry_caf_headers})
set(registry_caf_libraries CAF::core)
set(registry_standard_test_libraries Catch2::Catch2)
set(registry_caf_test_libraries Catch2::Catch2 CAF::core)

# registry_precompiled_options(<target>): what ccache asks for.
function(registry_precompiled_options target)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  else()
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()

# registry_precompile(<target> <kind>): the headers of a kind are compiled once, by a target without any definition, which all
# targets of the kind can share. Every source includes what it needs all the same: the lint preset has no precompiled headers.
function(registry_precompile target kind)
  set(precompiled registry_precompiled_${kind})
  get_target_property(type ${target} TYPE)
  if(type STREQUAL SHARED_LIBRARY) # whose code is another
    string(APPEND precompiled _shared)
  endif()
  if(NOT TARGET ${precompiled})
    set(empty "${PROJECT_BINARY_DIR}/precompiled/${kind}.cpp")
    file(CONFIGURE OUTPUT "${empty}" CONTENT "")
    add_library(${precompiled} OBJECT "${empty}")
    if(type STREQUAL SHARED_LIBRARY)
      set_target_properties(${precompiled} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    endif()
    registry_options(${precompiled})
    target_link_libraries(${precompiled} PRIVATE ${registry_${kind}_libraries})
    registry_precompiled_options(${precompiled})
    target_precompile_headers(${precompiled} PRIVATE ${registry_${kind}_headers})
  endif()
  registry_precompiled_options(${target})
  target_precompile_headers(${target} REUSE_FROM ${precompiled})
endfunction()

# registry_target(<target> [<kind>]): a target of the project. The kind says what most of its sources include: standard, caf (the
# default), standard_test or caf_test.
function(registry_target target)
  registry_options(${target})
  if(REGISTRY_CHECK_COROUTINES AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    registry_check_coroutines(${target})
  endif()
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
