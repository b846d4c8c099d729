#ifndef MEMREGIONS_ADAPTERS_ZLIB_H
#define MEMREGIONS_ADAPTERS_ZLIB_H

/*
 * zlib's streams in memory from any allocator.
 *
 *     z_stream stream = mr_adapter_zlib_stream(&arena.base);
 *     if (inflateInit(&stream) != Z_OK) ...
 *     ... inflate ...
 *     inflateEnd(&stream);
 *
 * What inflateInit, deflateInit and inflateBackInit take, and what comes later, is from the allocator, which is
 * borrowed until the stream's end. A copy of a stream (inflateCopy, deflateCopy) is from the same. zlib's gz functions
 * (gzopen) and its one-call functions (compress, uncompress) have no hook: they use malloc.
 *
 * Cost:     16 octets a block (memregions/adapters/malloc.h); a stream has two to five.
 * Fails by: Z_MEM_ERROR of zlib's, and the stream can still be ended.
 * Threads:  as the allocator.
 */

#include <string.h>

#include <zlib.h>

#include <memregions/adapters/malloc.h>

#ifdef __cplusplus
extern "C" {
#endif

/** zlib's alloc_func: a block of `count` times `size` octets from `opaque`, an mr_allocator *. */
static inline voidpf mr_adapter_zlib_alloc(voidpf opaque, uInt count, uInt size) {
  return mr_adapter_malloc(opaque, mr_adapter_product(count, size));
}

/** zlib's free_func. */
static inline void mr_adapter_zlib_free(voidpf opaque, voidpf block) {
  mr_adapter_free(opaque, block);
}

/** A stream for inflateInit or deflateInit: all zeros, but for its memory.
 *
 * @param allocator  borrowed until inflateEnd or deflateEnd; null is the system's, MR_CURRENT what is current now
 */
static inline z_stream mr_adapter_zlib_stream(mr_allocator *allocator) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  stream.zalloc = mr_adapter_zlib_alloc;
  stream.zfree = mr_adapter_zlib_free;
  stream.opaque = mr_resolve_allocator(allocator);
  return stream;
}

#ifdef __cplusplus
}
#endif
#endif
