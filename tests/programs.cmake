# Every program that is built starts and ends: --help explains it, and those that take no options do what they do.

# registry_programs(<variable> <directory>): the executables of a directory and those below it.
function(registry_programs variable directory)
  get_property(targets DIRECTORY "${directory}" PROPERTY BUILDSYSTEM_TARGETS)
  get_property(directories DIRECTORY "${directory}" PROPERTY SUBDIRECTORIES)
  set(programs "")
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL EXECUTABLE)
      list(APPEND programs ${target})
    endif()
  endforeach()
  foreach(below IN LISTS directories)
    registry_programs(found "${below}")
    list(APPEND programs ${found})
  endforeach()
  set(${variable} "${programs}" PARENT_SCOPE)
endfunction()

registry_programs(_programs "${PROJECT_SOURCE_DIR}")
list(FILTER _programs EXCLUDE REGEX "^example_") # they have tests of their own
foreach(program IN LISTS _programs)
  add_test(NAME programs/${program} COMMAND ${program} --help)
  set_tests_properties(programs/${program} PROPERTIES TIMEOUT 60)
  if(program MATCHES "^bench_")
    set_tests_properties(programs/${program} PROPERTIES LABELS bench)
  endif()
endforeach()
