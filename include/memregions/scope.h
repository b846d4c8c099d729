#ifndef MEMREGIONS_SCOPE_H
#define MEMREGIONS_SCOPE_H

/*
 * Scopes: a borrow whose scratch stands on the frame of whoever makes it, where it fits.
 *
 * What MR_WITH_REGION (generic.h) and borrowed_region (memregions.hpp) are made of, and of use to who makes such a
 * thing for another language. In C, call mr_call_with_region or write MR_WITH_REGION.
 *
 *     mr_scope_plan plan = mr_region_scope_plan(source, NULL, &status);
 *     mr_scratch frame[plan.frame_length];
 *     mr_region_scope scope = mr_region_scope_begin(&plan, frame);
 *     ... scope.borrow.region ...
 *     mr_region_scope_end(&scope);
 *
 * What always holds:
 *   - every scope that begins is ended, before its frame goes; ending it again does nothing;
 *   - a scope that could not borrow has a null region, and says why in its status.
 *
 * Threads: a plan or scope is one thread's at a time.
 */

#include <memregions/source.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What scratch on a frame is an array of. */
typedef struct mr_scratch {
  MR_ALIGNAS(16) unsigned char octets[16];
} mr_scratch;

/** A borrow as it is going to be. Nothing is held yet: it can be dropped. */
typedef struct mr_scope_plan {
  /** Its source, range and direction; its region is null. */
  mr_borrow borrow;
  /** Octets of scratch. */
  size_t scratch_size;
  /** How many mr_scratch the frame has to have, at least 1; 1 too where the scratch will be the heap's. */
  size_t frame_length;
  /** Why there can be no borrow, or MR_OK so far. */
  mr_status status;
  /** Where the scope reports to; may be null. */
  mr_status *report;
  /** Whether the scratch will be the heap's: it is more than mr_stack_limit was. */
  bool needs_heap;
  /** For MR_WITH_REGION: whether the scope's body has yet to be run. */
  bool open;
} mr_scope_plan;

/** A borrow that lasts as long as a scope of the program. */
typedef struct mr_region_scope {
  mr_borrow borrow;
  /** Scratch from the heap; null where there is none. */
  void *heap;
  /** Why there is no region, else MR_OK. */
  mr_status status;
  mr_status *report;
} mr_region_scope;

/** Plans a borrow.
 *
 * @param source   borrowed while the scope lasts
 * @param options  as for mr_call_with_region: null means all of it, MR_IO
 * @param report   set when the scope begins; set to what release answers when it ends, where it is MR_OK until then.
 *                 May be null
 * @return         a plan, whose status is what mr_call_with_region would answer so far
 */
MR_API mr_scope_plan mr_region_scope_plan(mr_source source, const mr_borrow_options *options,
                                          mr_status *report);

/** Plans a borrow of what is only read, as for mr_call_with_view. */
MR_API mr_scope_plan mr_view_scope_plan(mr_source source, const mr_borrow_options *options,
                                        mr_status *report);

/** Borrows as planned.
 *
 * @param plan   not needed afterwards
 * @param frame  plan->frame_length of them, until after mr_region_scope_end; null takes all scratch from the heap
 * @return       a scope, with a null region where its status is not MR_OK
 */
MR_API mr_region_scope mr_region_scope_begin(const mr_scope_plan *plan, mr_scratch *frame);

/** Ends a scope: releases, gives scratch back, and reports.
 *
 * @return what mr_release answers
 */
MR_API mr_status mr_region_scope_end(mr_region_scope *scope);

/** `source` itself: the case of MR_SOURCE that has nothing to do. */
MR_INLINE mr_source mr_source_itself(mr_source source) { return source; }

#ifdef __cplusplus
}
#endif
#endif
