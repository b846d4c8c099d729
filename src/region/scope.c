#include "scope.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "borrow.h"

enum { STACK_LIMIT_DEFAULT = 8192, STACK_LIMIT_MOST = 65536 };

static _Atomic size_t stack_limit = STACK_LIMIT_DEFAULT;

extern inline mr_source mr_source_itself(mr_source source);

size_t mr_stack_limit(void) { return atomic_load_explicit(&stack_limit, memory_order_relaxed); }

mr_status mr_set_stack_limit(size_t octets) {
  if (octets > STACK_LIMIT_MOST) return MR_INVALID_ARGUMENT;
  atomic_store_explicit(&stack_limit, octets, memory_order_relaxed);
  return MR_OK;
}

size_t mr_frame_limit(void) {
#if defined(__STDC_NO_VLA__)
  return 0;
#else
  return mr_stack_limit();
#endif
}

size_t mr_scratch_length(size_t size) {
  return size / sizeof(mr_scratch) + (size % sizeof(mr_scratch) != 0);
}

size_t mr_frame_length(size_t size, size_t limit) {
  return size == 0 || size > limit ? 1 : mr_scratch_length(size);
}

void *mr_heap_scratch(size_t size) {
  if (size > PTRDIFF_MAX - sizeof(mr_scratch)) return NULL;
  return aligned_alloc(sizeof(mr_scratch), mr_scratch_length(size) * sizeof(mr_scratch));
}

static mr_scope_plan plan_refused(mr_status status) {
  return (mr_scope_plan){
      .borrow.source = mr_null_source(), .frame_length = 1, .status = status, .open = true};
}

mr_scope_plan mr_octets_scope_plan(mr_source source, mr_range octets, mr_direction direction) {
  mr_scope_plan plan = {.open = true};
  mr_status status = mr_borrow_prepare(source, octets, direction, &plan.borrow, &plan.scratch_size);
  if (status != MR_OK) return plan_refused(status);
  const size_t limit = mr_frame_limit();
  plan.frame_length = mr_frame_length(plan.scratch_size, limit);
  plan.needs_heap = plan.scratch_size > limit;
  return plan;
}

static mr_scope_plan plan_of(mr_source source, mr_borrow_options options, mr_status *report) {
  mr_range octets;
  mr_status status = mr_octets_clamped(&source, options.range, &octets);
  mr_scope_plan plan = status == MR_OK ? mr_octets_scope_plan(source, octets, options.direction)
                                       : plan_refused(status);
  plan.report = report;
  return plan;
}

mr_scope_plan mr_region_scope_plan(mr_source source, const mr_borrow_options *options,
                                   mr_status *report) {
  const mr_borrow_options all = {mr_range_all(), MR_IO};
  return plan_of(source, options ? *options : all, report);
}

mr_scope_plan mr_view_scope_plan(mr_source source, const mr_borrow_options *options,
                                 mr_status *report) {
  mr_borrow_options chosen = {mr_range_all(), MR_INPUT};
  if (options) chosen = *options;
  /* What is none is refused further on; what writes is none here. */
  if (chosen.direction != MR_INPUT) chosen.direction = (mr_direction)0;
  return plan_of(source, chosen, report);
}

/* Scratch on the frame where the plan says so, else from the heap. */
static mr_status find_scratch(const mr_scope_plan *plan, mr_scratch *frame, void **heap,
                              mr_region *scratch) {
  void *octets = frame;
  if (!frame || plan->needs_heap) {
    octets = *heap = mr_heap_scratch(plan->scratch_size);
    if (!octets) return MR_OUT_OF_MEMORY;
  }
  *scratch = mr_region_of(octets, plan->scratch_size);
  return MR_OK;
}

mr_region_scope mr_region_scope_begin(const mr_scope_plan *plan, mr_scratch *frame) {
  mr_region_scope scope = {.borrow.source = mr_null_source(), .report = plan->report};
  mr_region scratch = {NULL, 0};
  mr_borrow borrow = plan->borrow;
  scope.status = plan->status;
  if (scope.status == MR_OK && plan->scratch_size > 0) {
    scope.status = find_scratch(plan, frame, &scope.heap, &scratch);
  }
  if (scope.status == MR_OK) scope.status = mr_borrow_begin(&borrow, scratch);
  if (scope.status == MR_OK) {
    scope.borrow = borrow;
  } else {
    free(scope.heap);
    scope.heap = NULL;
  }
  if (scope.report) *scope.report = scope.status;
  return scope;
}

mr_status mr_region_scope_end(mr_region_scope *scope) {
  mr_status status = mr_release(&scope->borrow);
  free(scope->heap);
  scope->heap = NULL;
  if (scope->report && *scope->report == MR_OK) *scope->report = status;
  scope->report = NULL;
  return status;
}

static void end_scope(mr_region_scope *scope) { mr_ignore(mr_region_scope_end(scope)); }

mr_status mr_call_planned(const mr_scope_plan *plan, mr_region_function *function, void *context) {
  mr_scratch frame[MR_FRAME_LENGTH(plan->frame_length)];
  MR_ON_LEAVING(end_scope) mr_region_scope scope = mr_region_scope_begin(plan, frame);
  if (scope.status != MR_OK) return scope.status;
  mr_status status = function(context, scope.borrow.region);
  mr_status released = mr_region_scope_end(&scope);
  return status != MR_OK ? status : released;
}
