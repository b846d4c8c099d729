#ifndef MEMREGIONS_ADAPTERS_LUA_H
#define MEMREGIONS_ADAPTERS_LUA_H

/*
 * A Lua state in memory from any allocator.
 *
 *     lua_State *lua = lua_newstate(mr_adapter_lua_alloc, &arena.base);
 *     if (!lua) ...
 *     ...
 *     lua_close(lua);
 *
 * The allocator is borrowed until lua_close; a null pointer is the system's. Not MR_CURRENT, which may change: pass
 * mr_current_allocator(). Where all is an arena's, lua_close may be left out, if no finalizer has to run. From Lua 5.5
 * on, lua_newstate takes a seed too.
 *
 * Cost:     nothing before a block: Lua says how large its blocks are.
 * Fails by: LUA_ERRMEM of Lua's, after it has collected garbage and tried again.
 * Threads:  as the allocator, and as the state.
 *
 * Lua before 5.4 does not expect that a block can't be made smaller. Those of system, bump, arena and TLSF always can.
 */

#ifdef __cplusplus
extern "C" {
#endif
#include <lua.h>
#ifdef __cplusplus
}
#endif

#include <memregions/allocator.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Lua's lua_Alloc: takes, changes or gives back a block of `context`, an mr_allocator *.
 *
 * @param context   the allocator
 * @param block     null to take one
 * @param old_size  octets of the block; without one, Lua's word for what is to be made, which does not matter
 * @param size      octets; 0 gives the block back
 * @return          null where there is no memory (and the block is as it was), and for a size of 0
 */
static inline void *mr_adapter_lua_alloc(void *context, void *block, size_t old_size, size_t size) {
  /* That of no block is the null region, whatever its size is said to be. */
  mr_region region = mr_region_of(block, old_size);
  mr_status status = mr_reallocate((mr_allocator *)context, &region, size);
  return status == MR_OK && size > 0 ? region.pointer : NULL;
}

#ifdef __cplusplus
}
#endif
#endif
