# Finds libffi, by pkg-config's hint where there is one, and makes the target Libffi::Libffi.

find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(PC_LIBFFI QUIET libffi)
endif()

find_path(LIBFFI_INCLUDE_DIR ffi.h HINTS ${PC_LIBFFI_INCLUDE_DIRS})
find_library(LIBFFI_LIBRARY ffi HINTS ${PC_LIBFFI_LIBRARY_DIRS})
mark_as_advanced(LIBFFI_INCLUDE_DIR LIBFFI_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libffi
  REQUIRED_VARS LIBFFI_LIBRARY LIBFFI_INCLUDE_DIR
  VERSION_VAR PC_LIBFFI_VERSION)

if(Libffi_FOUND AND NOT TARGET Libffi::Libffi)
  add_library(Libffi::Libffi UNKNOWN IMPORTED)
  set_target_properties(Libffi::Libffi PROPERTIES
    IMPORTED_LOCATION "${LIBFFI_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${LIBFFI_INCLUDE_DIR}")
endif()
