# tributary_library(<name> SOURCES <files> [LIBS <targets>])
#   A static library of this folder; the include root is the repository root.
# tributary_precompile(<target> [TEST])
#   Precompiles what nearly every source of a service (and with TEST, of its tests) includes, which halves the time that
#   a source takes. Sources still include what they use.
# tributary_program(<name> SOURCES <files> [LIBS <targets>])
# tributary_test(<binary> LANE <lane> [PROTO_FREE] SOURCES <files> [LIBS <targets>])
#   Adds sources to the named test binary, which is made at its first mention and run by ctest under the
#   lane's label: unit, property, store, integration, e2e, real-data, fault, compat-mysql, compat-galera. Several folders
#   share one binary, so that there are few of them to link. In the lanes store, integration and compat-* its tests share
#   one database server (tests/support/database_server.h); the others have gmock's main unless one of the sources brings
#   its own, and all but unit and property may start servers of their own.

set(TRIBUTARY_SANITIZE_FLAGS "")
if(TRIBUTARY_SANITIZE)
  set(TRIBUTARY_SANITIZE_FLAGS -fsanitize=${TRIBUTARY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -g1)
endif()

function(tributary_flags target)
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
  if(NOT target STREQUAL "proto_free_test")
    target_compile_options(${target} PRIVATE ${TRIBUTARY_SANITIZE_FLAGS})
  endif()
  target_link_options(${target} PUBLIC ${TRIBUTARY_SANITIZE_FLAGS})
endfunction()

# tributary_batch(<name> <out> <most> <files>): sources of one folder, which are one resource's, compile as one, at most so
# many together: a third of the time, for names that are not used twice in a folder. (CMake's own UNITY_BUILD names files
# by absolute paths, which the compiler cache of another clone misses.)
function(tributary_batch name out most)
  set(folders "")
  set(batched "")
  foreach(source IN LISTS ARGN)
    get_filename_component(folder ${source} DIRECTORY)
    string(MAKE_C_IDENTIFIER "in_${folder}" key)
    list(APPEND folders ${key})
    list(APPEND ${key} ${source})
  endforeach()
  list(REMOVE_DUPLICATES folders)
  file(RELATIVE_PATH here ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  foreach(key IN LISTS folders)
    set(part 0)
    while(${key})
      list(SUBLIST ${key} 0 ${most} files)
      list(REMOVE_ITEM ${key} ${files})
      list(LENGTH files length)
      if(length EQUAL 1)
        list(APPEND batched ${files})
        continue()
      endif()
      list(TRANSFORM files REPLACE "(.+)" "#include \"${here}/\\1\"")
      list(JOIN files "\n" text)
      set(batch ${CMAKE_CURRENT_BINARY_DIR}/batches/${name}.${key}.${part}.cc)
      file(CONFIGURE OUTPUT ${batch} CONTENT "${text}\n" @ONLY)
      list(APPEND batched ${batch})
      math(EXPR part "${part} + 1")
    endwhile()
  endforeach()
  set(${out} ${batched} PARENT_SCOPE)
endfunction()

function(tributary_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  list(LENGTH ARG_SOURCES length)
  if(length GREATER 10)
    set(roots ${ARG_SOURCES})  # of a folder's own sources each is a subject
    list(FILTER roots EXCLUDE REGEX /)
    list(FILTER ARG_SOURCES INCLUDE REGEX /)
    tributary_batch(${name} ARG_SOURCES 99 ${ARG_SOURCES})
    list(APPEND ARG_SOURCES ${roots})
  endif()
  if(ARG_SOURCES)
    add_library(${name} STATIC ${ARG_SOURCES})
    tributary_flags(${name})
    target_link_libraries(${name} PUBLIC ${ARG_LIBS})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${ARG_LIBS})
  endif()
endfunction()

function(tributary_precompile target)
  cmake_parse_arguments(ARG "TEST" "" "" ${ARGN})
  set(headers <map> <optional> <set> <string> <string_view> <utility> <vector> [["absl/status/statusor.h"]]
              [["absl/time/time.h"]] [["google/protobuf/message.h"]] [["common/status/status.h"]])
  if(ARG_TEST)
    list(APPEND headers <gmock/gmock.h> <gtest/gtest.h> [["common/status/status_matchers.h"]])
  else()
    list(APPEND headers [["common/paging/page.h"]] [["common/rpc/server.h"]])
  endif()
  list(APPEND headers [["common/mysql/database.h"]] [["common/rpc/call.h"]] [["common/wire/wire.h"]])
  tributary_precompile_headers(${target} ${headers})
endfunction()

# The same for tests without a database.
function(tributary_precompile_pure_test target)
  tributary_precompile_headers(
    ${target} <algorithm> <map> <optional> <set> <string> <string_view> <utility> <vector> <gmock/gmock.h>
    <gtest/gtest.h> [["absl/status/statusor.h"]] [["absl/time/time.h"]] [["common/money/money.h"]]
    [["common/money/rational.h"]] [["common/status/status_matchers.h"]] [["common/time/date.h"]])
endfunction()

function(tributary_precompile_headers target)
  target_precompile_headers(${target} PRIVATE ${ARGN})
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_compile_options(${target} PRIVATE -fpch-preprocess)  # so that ccache can keep what uses it
  else()
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")  # likewise
  endif()
endfunction()

function(tributary_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  tributary_flags(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()

function(tributary_test binary)
  cmake_parse_arguments(ARG "PROTO_FREE" "LANE" "SOURCES;LIBS" ${ARGN})
  # Tests of code without protos are also one binary of their own, quick enough to be built under sanitizers every time:
  # the sanitizers see what the tests call, the tests' own sources are the objects of the other builds.
  if(ARG_PROTO_FREE AND TRIBUTARY_SANITIZE AND NOT binary STREQUAL "proto_free_test")
    tributary_test(proto_free_test LANE proto-free SOURCES ${ARG_SOURCES} LIBS ${ARG_LIBS})
  endif()
  if(ARG_LANE MATCHES "^(unit|property|proto-free|store)$")  # others bring worlds, whose names meet
    get_property(calls DIRECTORY PROPERTY tributary_test_calls)
    math(EXPR calls "${calls} + 1")
    set_property(DIRECTORY PROPERTY tributary_test_calls ${calls})
    tributary_batch(${binary}.${calls} ARG_SOURCES 6 ${ARG_SOURCES})
  endif()
  list(TRANSFORM ARG_SOURCES REPLACE "^([^/].*)" "${CMAKE_CURRENT_SOURCE_DIR}/\\1")
  if(NOT TARGET ${binary})
    add_executable(${binary} ${ARG_SOURCES})
    tributary_flags(${binary})
    if(NOT ARG_LANE STREQUAL "real-data")
      target_compile_options(${binary} PRIVATE $<$<CONFIG:Dev>:-O0>)  # half of the time goes into tests' own sources
    endif()
    target_link_libraries(${binary} PRIVATE GTest::gmock GTest::gtest)
    if(ARG_LANE MATCHES "^(store|integration|compat-.*)$")
      target_link_libraries(${binary} PRIVATE tributary_database_test_main)
    else()
      target_link_libraries(${binary} PRIVATE GTest::gmock_main)
    endif()
    if(NOT ARG_LANE MATCHES "^(unit|property|proto-free)$")
      target_link_libraries(${binary} PRIVATE tributary_test_support)
    endif()
    if(binary MATCHES "^(partner|inventory|incentive|conflict)_(store|integration)_test$")
      tributary_precompile(${binary} TEST)
    elseif(binary MATCHES "^(proto_free|(common|partner|inventory|incentive|conflict)_unit|incentive_property)_test$")
      tributary_precompile_pure_test(${binary})
    endif()
    set_target_properties(${binary} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    add_test(NAME ${binary} COMMAND ${binary} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${binary} PROPERTIES LABELS ${ARG_LANE} TIMEOUT 1800)
    if(ARG_LANE STREQUAL "real-data")
      # 77 where TRIBUTARY_REAL_DATA is unset.
      set_tests_properties(${binary} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 1800)
    endif()
  else()
    target_sources(${binary} PRIVATE ${ARG_SOURCES})
  endif()
  target_link_libraries(${binary} PRIVATE ${ARG_LIBS})
endfunction()

# tributary_schema(<library> <component> FOLDER <folder>)
#   Embeds the folder's NNNN_*.sql into the library as `const tributary::mysql::Schema& tributary::schema::<component>()`,
#   declared in the generated header "<component>_schema.h".
function(tributary_schema library component)
  cmake_parse_arguments(ARG "" "FOLDER" "" ${ARGN})
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_FOLDER}/[0-9]*.sql)
  list(SORT files)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/schema)
  set(entries "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} NAME)
    string(REGEX REPLACE "^0*([0-9]+)_.*$" "\\1" number ${name})
    file(READ ${file} text)
    string(APPEND entries "    {${number}, \"${name}\", R\"sql(${text})sql\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${out}/${component}_schema.h @ONLY CONTENT
"#pragma once
#include \"common/mysql/database.h\"
namespace tributary::schema {
const mysql::Schema& ${component}();
}
")
  file(WRITE ${out}/${component}_schema.cc.in
"#include \"${component}_schema.h\"
namespace tributary::schema {
const mysql::Schema& ${component}() {
  static const mysql::Schema schema{\"${component}\", {
${entries}  }};
  return schema;
}
}
")
  configure_file(${out}/${component}_schema.cc.in ${out}/${component}_schema.cc COPYONLY)
  target_sources(${library} PRIVATE ${out}/${component}_schema.cc)
  target_include_directories(${library} PUBLIC ${out})
endfunction()
