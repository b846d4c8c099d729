#ifndef MEMREGIONS_GENERIC_H
#define MEMREGIONS_GENERIC_H

/*
 * Sugar for C11 and later. No other header includes this one; nothing here is a symbol.
 *
 * The scopes (MR_WITH_...) need the cleanup attribute and arrays of variable length, and are not defined where a
 * compiler lacks them. What always holds of each:
 *   - it is followed by one statement, its body, which is run once;
 *   - what it holds is released at each leaving: the end, break, continue, return and goto; not by longjmp;
 *   - break and continue leave the scope, and nothing around it;
 *   - arguments are evaluated once, before the body.
 */

#include <memregions/scope.h>

/** `x`, which is an mr_region, an mr_view or an mr_source, as an mr_source. */
/* clang-format off */
#define MR_SOURCE(x)               \
  _Generic((x),                    \
    mr_region: mr_region_source,   \
    mr_view: mr_view_source,       \
    mr_source: mr_source_itself)(x)
/* clang-format on */

#if defined(__GNUC__)

/** The array `a` as an mr_source whose ranges count its elements; read-only where they are const. A pointer does not
 * compile. */
#define MR_ARRAY(a)                                                                                \
  __builtin_choose_expr(                                                                           \
      MR_ARRAY_IS_CONST(a), mr_const_array_source(mr_view_of((a), MR_ARRAY_SIZE(a)), sizeof *(a)), \
      mr_array_source(mr_region_of(MR_ARRAY_START(a), MR_ARRAY_SIZE(a)), sizeof *(a)))

/* What is const is no region's start, not even in the case that is not chosen. */
#define MR_ARRAY_START(a) __builtin_choose_expr(MR_ARRAY_IS_CONST(a), NULL, (a))

#define MR_ARRAY_IS_CONST(a) \
  __builtin_types_compatible_p(__typeof__(&(a)[0]), const __typeof__((a)[0]) *)

#define MR_ARRAY_SIZE(a)                                                                           \
  (sizeof(a) + 0 * sizeof(struct {                                                                 \
                 _Static_assert(!__builtin_types_compatible_p(__typeof__(a), __typeof__(&(a)[0])), \
                                "MR_ARRAY takes an array, not a pointer");                         \
                 int mr_unused;                                                                    \
               }))

#if !defined(__STDC_NO_VLA__)

/** Runs its body with `name`, an mr_region borrowed from `source` (an mr_source, mr_region or mr_view) as by
 * mr_call_with_region: MR_WITH_REGION(name, source[, options[, status]]).
 *
 *     mr_status status;
 *     const mr_borrow_options options = mr_borrow_options_of(mr_range_of(0, 64), MR_INPUT);
 *     MR_WITH_REGION (header, source, &options, &status) {
 *       if (status != MR_OK) break;
 *       ...
 *     }
 *
 * @param name  declared for the body, which need not use it; the null region where borrowing fails
 * @param ...   the source; options as for mr_call_with_region, where null, or none given, means all of it, MR_IO; an
 *              mr_status * that is set before the body to MR_OK or why there is no region, and, where it is MR_OK still,
 *              to what the release answers afterwards. Null, or none given, drops both
 */
#define MR_WITH_REGION(name, ...) MR_WITH_REGION_OF(name, __VA_ARGS__, NULL, NULL, 0)

/** Runs its body with `name`, an mr_view: MR_WITH_REGION for what is only read, as by mr_call_with_view. */
#define MR_WITH_VIEW(name, ...) MR_WITH_VIEW_OF(name, __VA_ARGS__, NULL, NULL, 0)

#define MR_WITH_REGION_OF(name, source, options, status, ...)                     \
  MR_IN_SCOPE(name, mr_region_scope_plan(MR_SOURCE(source), (options), (status))) \
  MR_ONCE(__attribute__((unused)) mr_region name = mr_scope_##name.borrow.region, \
          mr_plan_##name.open)

#define MR_WITH_VIEW_OF(name, source, options, status, ...)                                     \
  MR_IN_SCOPE(name, mr_view_scope_plan(MR_SOURCE(source), (options), (status)))                 \
  MR_ONCE(__attribute__((unused)) mr_view name = mr_region_view(mr_scope_##name.borrow.region), \
          mr_plan_##name.open)

/* The scope is declared inside its frame: it ends before the frame goes. */
#define MR_IN_SCOPE(name, plan)                                                           \
  MR_ONCE(mr_scope_plan mr_plan_##name = (plan), mr_plan_##name.open)                     \
  MR_ONCE(mr_scratch mr_frame_##name[mr_plan_##name.frame_length], mr_plan_##name.open)   \
  MR_ONCE(__attribute__((cleanup(mr_region_scope_end))) mr_region_scope mr_scope_##name = \
              mr_region_scope_begin(&mr_plan_##name, mr_frame_##name),                    \
          mr_plan_##name.open)

/* One declaration for the statement that follows. The innermost turns `open` off; after a break, the next one does. */
#define MR_ONCE(declaration, open) for (declaration; (open); (open) = false)

/** Runs its body with `name`, an mr_allocator * to an arena that is this thread's current allocator during the body, and
 * takes all its blocks with it: MR_WITH_ARENA(name, size[, status]). Include memregions/arena_scope.h too.
 *
 *     MR_WITH_ARENA (arena, 4096) {
 *       mr_region line;
 *       if (mr_allocate(arena, 80, &line) != MR_OK) break;
 *       ...
 *     }
 *
 * @param name  declared for the body, and never null: where there can be no arena, an allocator that has no memory
 * @param ...   octets to begin with: on this frame up to mr_stack_limit, else from the heap, and it grows from there; an
 *              mr_status * that is set before the body to MR_OK or why there is no arena. Null, or none given, drops it
 */
#define MR_WITH_ARENA(name, ...) MR_WITH_ARENA_OF(name, __VA_ARGS__, NULL, 0)

/* A body may well use MR_CURRENT only. */
#define MR_WITH_ARENA_OF(name, size, status, ...)                                                 \
  MR_ONCE(mr_arena_plan mr_plan_##name = mr_arena_scope_plan(size), mr_plan_##name.open)          \
  MR_ONCE(mr_scratch mr_frame_##name[mr_plan_##name.frame_length], mr_plan_##name.open)           \
  MR_ONCE(__attribute__((cleanup(mr_arena_scope_end))) mr_arena_scope mr_scope_##name,            \
          mr_plan_##name.open)                                                                    \
  MR_ONCE(__attribute__((unused)) mr_allocator *name =                                            \
              mr_arena_scope_enter(&mr_scope_##name, &mr_plan_##name, mr_frame_##name, (status)), \
          mr_plan_##name.open)

#endif
#endif

#endif
