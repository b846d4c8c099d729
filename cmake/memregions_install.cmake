# What an install holds: for each component its libraries, its headers, a pkg-config file and an export set for
# each linkage; and for all of them the package files. (Man pages are the docs folder's.)

include(CMakePackageConfigHelpers)

set(generated "${PROJECT_BINARY_DIR}/install")
set(config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/memregions")
get_property(components GLOBAL PROPERTY MEMREGIONS_COMPONENTS)

# The path from the pkg-config files to `directory`; absolute where one of them was put outside the prefix.
function(path_from_pc directory result)
  cmake_path(SET here NORMALIZE "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig")
  cmake_path(SET there NORMALIZE "${directory}")
  cmake_path(IS_PREFIX CMAKE_INSTALL_PREFIX "${here}" NORMALIZE here_inside)
  cmake_path(IS_PREFIX CMAKE_INSTALL_PREFIX "${there}" NORMALIZE there_inside)
  if(here_inside AND there_inside)
    cmake_path(RELATIVE_PATH there BASE_DIRECTORY "${here}")
    set(there "\${pcfiledir}/${there}")
  endif()
  set(${result} "${there}" PARENT_SCOPE)
endfunction()

# What a program that links the component statically has to link besides, as words for the linker.
function(private_words component result)
  get_property(words GLOBAL PROPERTY MEMREGIONS_${component}_PRIVATE_LIBRARIES)
  list(TRANSFORM words REPLACE "^Libffi::Libffi$" ffi)
  list(TRANSFORM words PREPEND -l)
  set(${result} ${words} PARENT_SCOPE)
endfunction()

function(install_pkgconfig component name)
  get_property(depends GLOBAL PROPERTY MEMREGIONS_${component}_DEPENDS)
  list(TRANSFORM depends REPLACE "(.+)" "mr-\\1 = ${PROJECT_VERSION}")
  list(JOIN depends ", " PC_REQUIRES)

  private_words(${component} words)
  set(PC_REQUIRES_PRIVATE "")
  if(PC_LIBFFI_FOUND AND -lffi IN_LIST words)
    list(REMOVE_ITEM words -lffi)
    set(PC_REQUIRES_PRIVATE libffi)
  endif()
  list(JOIN words " " PC_LIBS_PRIVATE)

  path_from_pc("${CMAKE_INSTALL_PREFIX}" PC_PREFIX)
  path_from_pc("${CMAKE_INSTALL_FULL_INCLUDEDIR}" PC_INCLUDEDIR)
  set(PC_NAME ${name})
  configure_file(cmake/component.pc.in "${generated}/${name}.pc" @ONLY)
  install(FILES "${generated}/${name}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endfunction()

function(install_headers component)
  get_property(headers GLOBAL PROPERTY MEMREGIONS_${component}_HEADERS)
  foreach(header IN LISTS headers)
    cmake_path(SET path NORMALIZE "memregions/${header}")
    cmake_path(GET path PARENT_PATH directory)
    install(FILES "${PROJECT_SOURCE_DIR}/include/${path}"
      DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/${directory}")
  endforeach()
endfunction()

function(install_libraries component)
  set(namelink "")
  if(component STREQUAL memregions AND MEMREGIONS_LINKER_READS_SCRIPTS)
    set(namelink NAMELINK_SKIP)
  endif()
  foreach(linkage shared static)
    install(TARGETS mr-${component}-${linkage} EXPORT memregions-${component}-${linkage}
      RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}"
      LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" ${namelink}
      ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
      INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
    install(EXPORT memregions-${component}-${linkage}
      NAMESPACE memregions::
      DESTINATION "${config_dir}")
  endforeach()
endfunction()

# -lmemregions: the development names are scripts that name the libraries beside them, as glibc's are. What is a real
# shared object is libmemregions.so.0, which needs all the components, for dlopen.
function(install_linker_scripts)
  set(shared libmemregions.so.0 AS_NEEDED "(")
  set(static libmr-memregions.a)
  set(words "")
  list(REMOVE_ITEM components memregions)
  list(REVERSE components)
  foreach(component IN LISTS components)
    list(APPEND shared libmr-${component}.so.0)
    list(APPEND static libmr-${component}.a)
    private_words(${component} more)
    list(APPEND words ${more})
  endforeach()
  list(REMOVE_DUPLICATES words)
  list(JOIN shared " " shared)
  list(JOIN static " " static)
  list(JOIN words " " words)
  file(WRITE "${generated}/libmemregions.so" "INPUT ( ${shared} ) )\n")
  file(WRITE "${generated}/libmemregions.a" "GROUP ( ${static} ${words} )\n")
  install(FILES "${generated}/libmemregions.so" "${generated}/libmemregions.a"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}")
endfunction()

function(install_package)
  set(MEMREGIONS_KNOWN region allocator stream pathname type sequence object memregions)
  set(MEMREGIONS_ON_LIBFFI type sequence object memregions)
  set(compatibility SameMajorVersion)
  if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(compatibility SameMinorVersion)
  endif()
  write_basic_package_version_file("${generated}/memregionsConfigVersion.cmake"
    COMPATIBILITY ${compatibility})
  configure_package_config_file(cmake/memregionsConfig.cmake.in "${generated}/memregionsConfig.cmake"
    INSTALL_DESTINATION "${config_dir}"
    NO_SET_AND_CHECK_MACRO
    NO_CHECK_REQUIRED_COMPONENTS_MACRO)
  install(FILES
    "${generated}/memregionsConfig.cmake"
    "${generated}/memregionsConfigVersion.cmake"
    cmake/FindLibffi.cmake
    DESTINATION "${config_dir}")
endfunction()

foreach(component IN LISTS components)
  install_libraries(${component})
  install_headers(${component})
  if(NOT component STREQUAL memregions)
    install_pkgconfig(${component} mr-${component})
    continue()
  endif()
  install_pkgconfig(memregions memregions)
  if(MEMREGIONS_LINKER_READS_SCRIPTS)
    install_linker_scripts()
  endif()
endforeach()
install_package()
if(TARGET mr-command)
  install(TARGETS mr-command RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  install(FILES docs/memregions.1 DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
endif()
install(FILES LICENSE README.md CHANGELOG.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES docs/guide.md docs/malloc.md docs/architecture.md docs/parity.md DESTINATION "${CMAKE_INSTALL_DOCDIR}/docs")
install(FILES docs/examples/elf_tour.c docs/examples/heap_report.c DESTINATION "${CMAKE_INSTALL_DOCDIR}/docs/examples")
install(FILES tests/bench/README.md DESTINATION "${CMAKE_INSTALL_DOCDIR}/tests/bench")
