# What every target is built with. A target gets it by linking plimsoll::build.

# Static libraries may otherwise depend on one another in a circle.
set_property(GLOBAL PROPERTY GLOBAL_DEPENDS_NO_CYCLES ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

option(PLIMSOLL_WERROR "Warnings are errors" OFF)
option(PLIMSOLL_FUZZ "Build the fuzz targets (clang only)" OFF)
option(PLIMSOLL_BENCH "Build the benchmarks" OFF)
set(PLIMSOLL_SANITIZE "" CACHE STRING "A list for -fsanitize, for example address,undefined")
option(PLIMSOLL_COVERAGE "Count which lines run" OFF)

find_program(PLIMSOLL_CCACHE ccache)
if(PLIMSOLL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths below the project are hashed as relative ones: another checkout finds what this one compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${PLIMSOLL_CCACHE})
endif()

find_package(Boost 1.81 REQUIRED COMPONENTS url)
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(simdjson 3 REQUIRED)
find_package(fmt 9 REQUIRED)
if(BUILD_TESTING)
  find_package(GTest 1.12 REQUIRED)
endif()

add_library(plimsoll_build INTERFACE)
add_library(plimsoll::build ALIAS plimsoll_build)
target_compile_options(plimsoll_build INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual
  $<$<BOOL:${PLIMSOLL_WERROR}>:-Werror>
  # A false alarm of GCC 12 about the frames of Boost.Asio's coroutines, when optimizing.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>
  # False alarms of GCC 12 when optimizing: about "literal" + string, and about an optional's unused payload.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<CONFIG:Debug>>>:-Wno-restrict>
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<CONFIG:Debug>>>:-Wno-maybe-uninitialized>)
# Asio and Beast are compiled once, in plimsoll::net; all who include their headers must agree.
target_compile_definitions(plimsoll_build INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(plimsoll_build INTERFACE Boost::headers Threads::Threads)

# To the whole build, not to plimsoll_build: every object must agree on these.
if(PLIMSOLL_SANITIZE)
  add_compile_options(-fsanitize=${PLIMSOLL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${PLIMSOLL_SANITIZE})
endif()
if(PLIMSOLL_SANITIZE MATCHES undefined AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # clang 14 cannot assemble a coroutine with it: "Cannot represent a difference across sections".
  add_compile_options(-fno-sanitize=function)
endif()
if(PLIMSOLL_SANITIZE MATCHES thread AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-tsan)  # Boost.Asio's fences, which GCC's TSan does not model
endif()
if(PLIMSOLL_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
find_program(PLIMSOLL_MOLD mold)
if(PLIMSOLL_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
