#ifndef MEMREGIONS_ADAPTERS_SQLITE_H
#define MEMREGIONS_ADAPTERS_SQLITE_H

/*
 * All of SQLite in memory from one allocator.
 *
 *     sqlite3_mem_methods methods = mr_adapter_sqlite_methods(&arena.base);
 *     if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK) ...
 *     ... sqlite3_open and all the rest ...
 *     sqlite3_shutdown();
 *
 * SQLite has one set of memory functions a process, and hands them no context. So the allocator is remembered in a
 * variable, which is static: that of the source file which calls mr_adapter_sqlite_methods. Call it in one file, before
 * SQLite is used or after sqlite3_shutdown. SQLite itself sets the variable when it starts (xInit) and forgets it at
 * sqlite3_shutdown. The allocator is borrowed until that.
 *
 * Cost:     16 octets a block (memregions/adapters/malloc.h).
 * Fails by: SQLITE_NOMEM of SQLite's.
 * Threads:  SQLite calls its memory functions one at a time as long as SQLITE_CONFIG_MEMSTATUS is on, as it is by
 *           default: then an allocator for one thread at a time is enough, if nothing else uses it meanwhile. Where it is
 *           off, the allocator has to be for all threads.
 *
 * sqlite3_memory_used and the heap limits work: they count what blocks hold, without what stands before them.
 */

#include <limits.h>

#include <sqlite3.h>

#include <memregions/adapters/malloc.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where SQLite's allocator is remembered, from xInit to xShutdown. */
static inline mr_allocator **mr_adapter_sqlite_allocator(void) {
  static mr_allocator *allocator;
  return &allocator;
}

/** SQLite's xMalloc. */
static inline void *mr_adapter_sqlite_malloc(int size) {
  return size > 0 ? mr_adapter_malloc(*mr_adapter_sqlite_allocator(), (size_t)size) : NULL;
}

/** SQLite's xFree. */
static inline void mr_adapter_sqlite_free(void *block) {
  mr_adapter_free(*mr_adapter_sqlite_allocator(), block);
}

/** SQLite's xRealloc. */
static inline void *mr_adapter_sqlite_realloc(void *block, int size) {
  if (size <= 0) return NULL;
  return mr_adapter_realloc(*mr_adapter_sqlite_allocator(), block, (size_t)size);
}

/** SQLite's xSize. */
static inline int mr_adapter_sqlite_size(void *block) {
  return (int)mr_adapter_size(*mr_adapter_sqlite_allocator(), block);
}

/** SQLite's xRoundup: the next multiple of 8. Called outside of SQLite's lock, it must not ask the allocator. */
static inline int mr_adapter_sqlite_roundup(int size) {
  return size > INT_MAX - 7 ? size : (int)(((unsigned)size + 7) & ~7U);
}

/** SQLite's xInit. */
static inline int mr_adapter_sqlite_init(void *allocator) {
  *mr_adapter_sqlite_allocator() = (mr_allocator *)allocator;
  return SQLITE_OK;
}

/** SQLite's xShutdown. */
static inline void mr_adapter_sqlite_shutdown(void *allocator) {
  (void)allocator;
  *mr_adapter_sqlite_allocator() = NULL;
}

/** What sqlite3_config takes for SQLITE_CONFIG_MALLOC, which copies it.
 *
 * @param allocator  borrowed until sqlite3_shutdown; null is the system's, MR_CURRENT what is current now
 */
static inline sqlite3_mem_methods mr_adapter_sqlite_methods(mr_allocator *allocator) {
  sqlite3_mem_methods methods = {mr_adapter_sqlite_malloc,   mr_adapter_sqlite_free,
                                 mr_adapter_sqlite_realloc,  mr_adapter_sqlite_size,
                                 mr_adapter_sqlite_roundup,  mr_adapter_sqlite_init,
                                 mr_adapter_sqlite_shutdown, mr_resolve_allocator(allocator)};
  return methods;
}

#ifdef __cplusplus
}
#endif
#endif
