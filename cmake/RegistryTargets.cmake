# What every target of the project has in common. Nothing here is global: a target asks for it.

option(REGISTRY_WERROR "Treat warnings as errors" OFF)
set(REGISTRY_SANITIZE "" CACHE STRING "Sanitizers for every target, for example address,undefined")
option(REGISTRY_COVERAGE "Build for coverage measurement" OFF)

# registry_target(<target>): language level, warnings, sanitizers.
function(registry_target target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic)
  if(REGISTRY_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(REGISTRY_SANITIZE)
    target_compile_options(${target} PUBLIC -fsanitize=${REGISTRY_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${REGISTRY_SANITIZE})
  endif()
  if(REGISTRY_COVERAGE)
    target_compile_options(${target} PUBLIC --coverage)
    target_link_options(${target} PUBLIC --coverage)
  endif()
endfunction()

# registry_test(<name> <sources…> [LIBRARIES …]): a Catch2 binary whose test cases CTest knows one by one.
function(registry_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES;SOURCES")
  add_executable(${name} ${arg_SOURCES})
  registry_target(${name})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} registry_test_main)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()
