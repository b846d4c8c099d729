# memregions_component(<name> SOURCES <file>... HEADERS <file>...
#   [DEPENDS <component>...] [PRIVATE_LIBRARIES <library>...])
#
# One component: its sources, compiled once, as the shared libmr-<name> and the static libmr-<name>.a.
# Headers are relative to include/memregions. A private library is Libffi::Libffi or a name for -l. Gives the
# targets
#   memregions::<name>_shared, memregions::<name>_static, and
#   memregions::<name>, the one of them that BUILD_SHARED_LIBS asks for (shared if unset).

include(CheckLinkerFlag)

set(MEMREGIONS_MAP "${CMAKE_CURRENT_LIST_DIR}/memregions.map")
check_linker_flag(C "LINKER:--version-script=${MEMREGIONS_MAP}" MEMREGIONS_LINKER_READS_SCRIPTS)

function(memregions_component name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HEADERS;DEPENDS;PRIVATE_LIBRARIES")

  set(objects mr-${name}-objects)
  add_library(${objects} OBJECT ${arg_SOURCES})
  target_include_directories(${objects} PRIVATE "${PROJECT_SOURCE_DIR}/include")
  target_link_libraries(${objects} PRIVATE ${arg_PRIVATE_LIBRARIES})
  set_target_properties(${objects} PROPERTIES
    POSITION_INDEPENDENT_CODE ON
    C_VISIBILITY_PRESET hidden
    C_STANDARD 11
    C_STANDARD_REQUIRED ON
    C_EXTENSIONS OFF)

  foreach(linkage shared static)
    string(TOUPPER ${linkage} kind)
    set(library mr-${name}-${linkage})
    add_library(${library} ${kind} $<TARGET_OBJECTS:${objects}>)
    add_library(memregions::${name}_${linkage} ALIAS ${library})
    list(TRANSFORM arg_DEPENDS REPLACE "(.+)" "mr-\\1-${linkage}" OUTPUT_VARIABLE depends)
    target_link_libraries(${library} PUBLIC ${depends} PRIVATE ${arg_PRIVATE_LIBRARIES})
    target_include_directories(${library} INTERFACE
      "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>")
    target_compile_features(${library} INTERFACE c_std_11)
    set_target_properties(${library} PROPERTIES
      OUTPUT_NAME mr-${name}
      EXPORT_NAME ${name}_${linkage}
      LINKER_LANGUAGE C)
  endforeach()

  set_target_properties(mr-${name}-shared PROPERTIES
    VERSION ${PROJECT_VERSION}
    SOVERSION 0
    INSTALL_RPATH "$<IF:$<PLATFORM_ID:Darwin>,@loader_path,$ORIGIN>")
  if(MEMREGIONS_LINKER_READS_SCRIPTS)
    target_link_options(mr-${name}-shared PRIVATE "LINKER:--version-script=${MEMREGIONS_MAP}")
    set_target_properties(mr-${name}-shared PROPERTIES LINK_DEPENDS "${MEMREGIONS_MAP}")
  endif()

  if(DEFINED BUILD_SHARED_LIBS AND NOT BUILD_SHARED_LIBS)
    add_library(memregions::${name} ALIAS mr-${name}-static)
  else()
    add_library(memregions::${name} ALIAS mr-${name}-shared)
  endif()

  set_property(GLOBAL APPEND PROPERTY MEMREGIONS_COMPONENTS ${name})
  foreach(list HEADERS DEPENDS PRIVATE_LIBRARIES)
    set_property(GLOBAL PROPERTY MEMREGIONS_${name}_${list} ${arg_${list}})
  endforeach()
endfunction()
