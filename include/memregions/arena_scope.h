#ifndef MEMREGIONS_ARENA_SCOPE_H
#define MEMREGIONS_ARENA_SCOPE_H

/*
 * Scoped arenas: an allocator that is this thread's current one for the time of a call or a block, and takes all its
 * blocks with it when that ends.
 *
 * Scopes nest: each restores the allocator that was current before it. They grow from the system allocator, not from
 * what was current: an outer arena could not take back what an inner one had from it.
 *
 * MR_WITH_ARENA (memregions/generic.h) and memregions::arena_scope (memregions/arena_scope.hpp) are made from these
 * functions. In C, write MR_WITH_ARENA or call mr_call_with_arena.
 *
 * Under tools that watch memory, scopes use the heap instead of the storage they are given: a block used after its
 * scope's end is then reported as heap memory used after it was freed.
 *
 * Threads: a scope begins and ends in one thread.
 */

#include <memregions/allocator.h>
#include <memregions/scope.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Octets of an allocator of any kind that can serve scopes. */
#define MR_ALLOCATOR_INSTANCE_SIZE 256

/** A kind of allocator that new scopes can be given. */
typedef struct mr_allocator_kind {
  /** sizeof(mr_allocator_kind), as its maker was compiled. */
  size_t struct_size;
  const char *name;
  /** Octets of an instance: at most MR_ALLOCATOR_INSTANCE_SIZE. */
  size_t instance_size;
  /** Makes one.
   *
   * @param instance  instance_size octets at a multiple of 16, to begin with an mr_allocator
   * @param storage   to allocate from first; borrowed until destroyed. May be null
   * @param parent    to grow from; never null
   * @return          MR_OK, with an allocator whose mr_allocator_destroy ends it; or why there is none
   */
  mr_status (*init)(void *instance, mr_region storage, mr_allocator *parent);
} mr_allocator_kind;

/** Arenas, which grow. */
MR_API const mr_allocator_kind *mr_arena_kind(void);

/** Bumps, which have what they are given. */
MR_API const mr_allocator_kind *mr_bump_kind(void);

/** The kind that new scopes use in this process: mr_arena_kind, unless set. */
MR_API const mr_allocator_kind *mr_standard_allocator(void);

/** Sets the kind that new scopes use. Call it before threads start.
 *
 * @param kind  borrowed for the rest of the process; null restores mr_arena_kind
 * @retval MR_INVALID_ARGUMENT  it has no init, its struct_size is less than this library's
 *                              sizeof(mr_allocator_kind), or its instances are larger than
 *                              MR_ALLOCATOR_INSTANCE_SIZE or smaller than an mr_allocator
 */
MR_API MR_MUST_CHECK mr_status mr_set_standard_allocator(const mr_allocator_kind *kind);

/** A scope: the caller's, usually on the stack. Its members are its own. */
typedef struct mr_arena_scope {
  MR_ALIGNAS(16) unsigned char instance[MR_ALLOCATOR_INSTANCE_SIZE];
  /** Current before the scope. */
  mr_allocator *previous;
  /** Null where the scope could not begin. */
  mr_allocator *arena;
  /** Storage that the scope took itself; null where it took none. */
  mr_region heap;
} mr_arena_scope;

/** Begins a scope, whose arena becomes current.
 *
 * @param[out] scope  must not move until mr_arena_scope_end
 * @param storage     memory to use first; borrowed until the end. May be null
 * @return            MR_OK, or what the kind's init answers; then nothing is current that was not, and ending the scope
 *                    does nothing
 */
MR_API MR_MUST_CHECK mr_status mr_arena_scope_begin(mr_arena_scope *scope, mr_region storage);

/** Ends a scope: all its blocks are gone, and what was current before is again. Ending it again does nothing. */
MR_API void mr_arena_scope_end(mr_arena_scope *scope);

/** A scope as it is going to be, when its storage shall stand on the frame of whoever makes it. */
typedef struct mr_arena_plan {
  /** Octets of storage. */
  size_t size;
  /** How many mr_scratch the frame has to have, at least 1; 1 too where the storage will be the heap's. */
  size_t frame_length;
  /** For MR_WITH_ARENA: whether the scope's body has yet to be run. */
  bool open;
} mr_arena_plan;

/** Plans a scope that begins with `size` octets: on the frame up to mr_stack_limit, else from the heap. */
MR_API mr_arena_plan mr_arena_scope_plan(size_t size);

/** Begins a scope as planned, whatever happens: where it can't have an arena, an allocator that has no memory becomes
 * current, so that nothing is taken by mistake from what was current before.
 *
 * @param[out] scope   must not move until mr_arena_scope_end
 * @param plan         not needed afterwards
 * @param frame        plan->frame_length of them, until after mr_arena_scope_end; null takes all storage from the heap
 * @param[out] status  MR_OK, or why there is no arena; may be null
 * @return             the allocator that is current now; never null
 */
MR_API mr_allocator *mr_arena_scope_enter(mr_arena_scope *scope, const mr_arena_plan *plan,
                                          mr_scratch *frame, mr_status *status);

/** Works with a scope's arena. */
typedef mr_status mr_arena_function(void *context, mr_allocator *arena);

/** Calls `function` with an arena that is current during the call, and ends it on the way out, also when a C++ exception
 * passes (where the compiler has the cleanup attribute). To longjmp out of the call is undefined.
 *
 * @param size      octets to begin with: on the stack up to mr_stack_limit, else from the heap
 * @param function  called once; not called where the scope can't begin
 * @param context   handed to it
 * @retval MR_OUT_OF_MEMORY  no memory to begin with
 * @retval MR_BLOCK_TOO_BIG  so much could never be had
 * @return                   else what the kind's init answers where that is not MR_OK, else the function's status
 */
MR_API mr_status mr_call_with_arena(size_t size, mr_arena_function *function, void *context);

#ifdef __cplusplus
}
#endif
#endif
