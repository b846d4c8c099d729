#include "memregions/arena_scope.h"

#include "dead.h"
#include "memregions/arena.h"
#include "memregions/bump.h"
#include "watch.h"

#if defined(__GNUC__)
#define ON_LEAVING(function) __attribute__((cleanup(function)))
#else
#define ON_LEAVING(function)
#endif

/* Kinds. */

_Static_assert(sizeof(mr_arena) <= MR_ALLOCATOR_INSTANCE_SIZE, "a scope has room for an arena");
_Static_assert(sizeof(mr_bump) <= MR_ALLOCATOR_INSTANCE_SIZE, "a scope has room for a bump");

static mr_status init_arena(void *instance, mr_region storage, mr_allocator *parent) {
  mr_arena_options options = {.parent = parent, .storage = storage};
  return mr_arena_init(instance, &options);
}

static mr_status init_bump(void *instance, mr_region storage, mr_allocator *parent) {
  (void)parent;
  return mr_bump_init(instance, storage);
}

const mr_allocator_kind *mr_arena_kind(void) {
  static const mr_allocator_kind kind = {sizeof kind, "arena", sizeof(mr_arena), init_arena};
  return &kind;
}

const mr_allocator_kind *mr_bump_kind(void) {
  static const mr_allocator_kind kind = {sizeof kind, "bump", sizeof(mr_bump), init_bump};
  return &kind;
}

/* Null until one is set. */
static const mr_allocator_kind *standard;

const mr_allocator_kind *mr_standard_allocator(void) {
  return standard ? standard : mr_arena_kind();
}

mr_status mr_set_standard_allocator(const mr_allocator_kind *kind) {
  if (kind && (kind->struct_size < sizeof *kind || !kind->init ||
               kind->instance_size < sizeof(mr_allocator) ||
               kind->instance_size > MR_ALLOCATOR_INSTANCE_SIZE)) {
    return MR_INVALID_ARGUMENT;
  }
  standard = kind;
  return MR_OK;
}

/* Scopes. */

static void give_heap_back(mr_arena_scope *scope) {
  mr_ignore(mr_deallocate(mr_system_allocator(), &scope->heap));
}

/* Begins with `storage`, which may be the scope's own heap. */
static mr_status begin(mr_arena_scope *scope, mr_region storage) {
  mr_status status = mr_standard_allocator()->init(scope->instance, storage, mr_system_allocator());
  if (status != MR_OK) {
    give_heap_back(scope);
    return status;
  }
  scope->arena = (mr_allocator *)(void *)scope->instance;
  scope->previous = mr_set_current_allocator(scope->arena);
  return MR_OK;
}

static void prepare(mr_arena_scope *scope) {
  scope->previous = NULL;
  scope->arena = NULL;
  scope->heap = mr_region_of(NULL, 0);
}

static mr_status begin_from_heap(mr_arena_scope *scope, size_t size) {
  prepare(scope);
  mr_status status = size > 0 ? mr_allocate(mr_system_allocator(), size, &scope->heap) : MR_OK;
  return status == MR_OK ? begin(scope, scope->heap) : status;
}

mr_status mr_arena_scope_begin(mr_arena_scope *scope, mr_region storage) {
  if (mr_region_is_valid(storage) && mr_region_is_sound(storage) && mr_watch_is_on()) {
    return begin_from_heap(scope, storage.size);
  }
  prepare(scope);
  return begin(scope, storage);
}

void mr_arena_scope_end(mr_arena_scope *scope) {
  if (!scope->arena) return;
  mr_set_current_allocator(scope->previous);
  mr_ignore(mr_allocator_destroy(scope->arena));
  give_heap_back(scope);
  prepare(scope);
}

mr_arena_plan mr_arena_scope_plan(size_t size) {
  mr_arena_plan plan = {.size = size, .frame_length = 1, .open = true};
  if (size > 0 && size <= mr_stack_limit()) plan.frame_length = (size - 1) / sizeof(mr_scratch) + 1;
  return plan;
}

static mr_status begin_as_planned(mr_arena_scope *scope, const mr_arena_plan *plan,
                                  mr_scratch *frame) {
  bool is_on_frame = frame && plan->size <= plan->frame_length * sizeof *frame;
  if (!is_on_frame) return begin_from_heap(scope, plan->size);
  return mr_arena_scope_begin(scope, mr_region_of(plan->size > 0 ? frame : NULL, plan->size));
}

mr_allocator *mr_arena_scope_enter(mr_arena_scope *scope, const mr_arena_plan *plan,
                                   mr_scratch *frame, mr_status *status) {
  mr_status begun = begin_as_planned(scope, plan, frame);
  if (begun != MR_OK) {
    scope->arena = mr_empty_allocator();
    scope->previous = mr_set_current_allocator(scope->arena);
  }
  if (status) *status = begun;
  return scope->arena;
}

mr_status mr_call_with_arena(size_t size, mr_arena_function *function, void *context) {
  mr_arena_plan plan = mr_arena_scope_plan(size);
#if defined(__STDC_NO_VLA__)
  mr_scratch *frame = NULL;
#else
  mr_scratch frame[plan.frame_length];
#endif
  ON_LEAVING(mr_arena_scope_end) mr_arena_scope scope;
  mr_status status = begin_as_planned(&scope, &plan, frame);
  if (status != MR_OK) return status;
  status = function(context, scope.arena);
  mr_arena_scope_end(&scope);
  return status;
}
