# plimsoll_module(<name>
#                 SOURCES <file>...
#                 [USES <module>...]        modules that its public headers include
#                 [HIDES <target>...]       what only its sources include
#                 [TESTS <file>...])
#
# One folder, one static library plimsoll::<name>. Its public headers are all of
# include/plimsoll/<name>/; its other headers lie beside its sources, where no
# other module can include them.
function(plimsoll_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;HIDES;TESTS")
  set(target plimsoll_${name})
  list(TRANSFORM arg_USES PREPEND plimsoll::)

  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/plimsoll/${name}/*.hpp)
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(plimsoll::${name} ALIAS ${target})
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${headers})
  target_link_libraries(${target} PUBLIC ${arg_USES} plimsoll::build PRIVATE ${arg_HIDES})
  # Each header is compiled by itself by the target all_verify_interface_header_sets.
  set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)

  plimsoll_check_layers(${name} "${arg_USES};${arg_HIDES}" ${headers} ${arg_SOURCES})
  if(arg_TESTS AND BUILD_TESTING)
    plimsoll_test(${name} ${arg_TESTS})
    target_link_libraries(${name}_test PRIVATE plimsoll::${name})
  endif()
endfunction()

# One test program a module; CTest sees each of its tests by name.
function(plimsoll_test name)
  add_executable(${name}_test ${ARGN})
  target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name}_test PRIVATE plimsoll::build GTest::gmock_main)
  # What is tested is optimized in full; what tests it runs once, and takes a third longer to compile that way.
  target_compile_options(${name}_test PRIVATE $<$<CONFIG:Release>:-O1>)
    include(GoogleTest)
  gtest_discover_tests(${name}_test TEST_PREFIX "${name}." PROPERTIES TIMEOUT 120)
endfunction()

# Stops the configuration where a file includes a module that it does not declare.
# Modules declared so far are remembered with all that they reach.
function(plimsoll_check_layers name uses)
  set(reach ${name})
  foreach(used IN LISTS uses)
    string(REPLACE "plimsoll::" "" used "${used}")
    get_property(further GLOBAL PROPERTY plimsoll_reach_${used})
    list(APPEND reach ${used} ${further})
  endforeach()
  list(REMOVE_DUPLICATES reach)
  set_property(GLOBAL PROPERTY plimsoll_reach_${name} "${reach}")

  foreach(file IN LISTS ARGN)
    get_filename_component(file ${file} ABSOLUTE)
    get_source_file_property(made ${file} GENERATED)
    if(made)
      continue()
    endif()
    file(STRINGS ${file} lines REGEX "^#include \"plimsoll/")
    foreach(line IN LISTS lines)
      string(REGEX REPLACE "^#include \"plimsoll/([^/]+)/.*" "\\1" included "${line}")
      if(NOT included IN_LIST reach)
        message(FATAL_ERROR "${file}: module '${name}' includes '${included}', which it does not use: "
                            "${line}\nIt may include: ${reach}")
      endif()
    endforeach()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endforeach()
endfunction()
