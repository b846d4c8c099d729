#ifndef MEMREGIONS_ADAPTERS_EXPAT_H
#define MEMREGIONS_ADAPTERS_EXPAT_H

/*
 * expat's parsers in memory from this thread's current allocator.
 *
 *     MR_WITH_ARENA (arena, 65536) {      of memregions/generic.h
 *       XML_Memory_Handling_Suite suite = mr_adapter_expat_suite();
 *       XML_Parser parser = XML_ParserCreate_MM(NULL, &suite, NULL);
 *       ... XML_Parse ...
 *       XML_ParserFree(parser);
 *     }
 *
 * expat hands its memory functions no context. So they take from the current allocator, and each block knows where it
 * came from: what is current does not matter when blocks go back or grow. It matters when expat takes a new one: at
 * XML_ParserCreate_MM, at XML_Parse, and at whatever else may need memory. What is current then has to live as long as
 * the parser: no arena scope that ends before it. Each thread has its own current allocator, so that parsers in
 * several threads don't meet.
 *
 * Cost:     32 octets a block (memregions/adapters/malloc.h).
 * Fails by: XML_ERROR_NO_MEMORY of expat's; XML_ParserCreate_MM by null.
 * Threads:  as the allocators that were current.
 */

#include <expat.h>

#include <memregions/adapters/malloc.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What XML_ParserCreate_MM takes, which copies it. */
static inline XML_Memory_Handling_Suite mr_adapter_expat_suite(void) {
  XML_Memory_Handling_Suite suite = {mr_adapter_current_malloc, mr_adapter_current_realloc,
                                     mr_adapter_current_free};
  return suite;
}

#ifdef __cplusplus
}
#endif
#endif
