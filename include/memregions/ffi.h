#ifndef MEMREGIONS_FFI_H
#define MEMREGIONS_FFI_H

/*
 * Types together with libffi's own header, for those who call functions through it.
 * memregions/type.h by itself does without.
 */

#include <ffi.h>

#include <memregions/type.h>

#endif
