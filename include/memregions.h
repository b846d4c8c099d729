#ifndef MEMREGIONS_H
#define MEMREGIONS_H

/*
 * All components at once, and the version.
 *
 * Not among them: memregions/generic.h (sugar for C), memregions/memregions.hpp (for C++) and memregions/ffi.h (libffi's
 * own header), which are included by who wants them.
 */

#include <memregions/allocator.h>
#include <memregions/arena.h>
#include <memregions/arena_scope.h>
#include <memregions/bump.h>
#include <memregions/cached.h>
#include <memregions/call_stack.h>
#include <memregions/declarations.h>
#include <memregions/export.h>
#include <memregions/failing.h>
#include <memregions/fallback.h>
#include <memregions/guarded.h>
#include <memregions/limited.h>
#include <memregions/locked.h>
#include <memregions/object.h>
#include <memregions/object_atomic.h>
#include <memregions/object_copy.h>
#include <memregions/object_link.h>
#include <memregions/object_text.h>
#include <memregions/pages.h>
#include <memregions/pathname.h>
#include <memregions/pool.h>
#include <memregions/region.h>
#include <memregions/retrying.h>
#include <memregions/sequence.h>
#include <memregions/stream.h>
#include <memregions/tlsf.h>
#include <memregions/tracked.h>
#include <memregions/type.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of these headers. */
#define MR_VERSION_MAJOR 0
#define MR_VERSION_MINOR 1
#define MR_VERSION_PATCH 0

/** The version of the library that runs, as "major.minor.patch". Its headers' version is
 * MR_VERSION_MAJOR and so on.
 *
 * @return  text that is there for as long as the library
 */
MR_API const char *mr_version(void);

#ifdef __cplusplus
}
#endif
#endif
