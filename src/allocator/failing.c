#include "memregions/failing.h"

#include <assert.h>

#include "dead.h"
#include "forward.h"

MR_ASSERT_IS_WRAPPER(mr_failing);

enum { MILLION = 1000000 };

static mr_failing *failing_of(mr_allocator *self) {
  mr_failing *failing = (mr_failing *)self;
  assert(mr_failing_is_sound(failing));
  return failing;
}

/* SplitMix64: see the header. */
static uint64_t next_random(mr_failing *failing) {
  uint64_t z = failing->random += UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

/* One number each call, whatever else makes it fail, so that the others' fate stays the same. */
static bool is_unlucky(mr_failing *failing) {
  return (next_random(failing) >> 32) * MILLION >> 32 < failing->plan.per_million;
}

static bool is_planned(const mr_failing *failing) {
  size_t at = failing->plan.call;
  return at > 0 && (failing->calls == at || (failing->plan.fails_on && failing->calls > at));
}

static bool is_beyond_budget(const mr_failing *failing, size_t cost) {
  return failing->plan.budget > 0 && cost > failing->plan.budget - failing->given;
}

/* Begins a call, and decides upon it. */
static void begin(mr_failing *failing, size_t size, size_t alignment, size_t cost) {
  failing->calls++;
  bool fails = is_unlucky(failing);
  if (is_planned(failing) || is_beyond_budget(failing, cost)) fails = true;
  if (fails) failing->failures++;
  failing->call = (mr_failing_call){size, alignment, cost, fails};
}

static void end(mr_failing *failing, bool is_done) {
  if (is_done) failing->given += failing->call.cost;
  failing->call = (mr_failing_call){0};
}

/* Whether the call that is under way asks for this: if so, its fate is decided. */
static bool is_under_way(const mr_failing *failing, size_t size, size_t alignment) {
  return failing->call.size == size && failing->call.alignment == alignment;
}

/* A parent that asks for memory (memregions/retrying.h) may be given blocks back through this allocator, in the middle of
 * a call: the call is put back then. */

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  mr_failing *failing = failing_of(self);
  if (!is_under_way(failing, size, alignment)) begin(failing, size, alignment, size);
  const mr_failing_call call = failing->call;
  mr_region block = {NULL, 0};
  if (!call.fails) block = mr_forward_allocate(self, size, alignment, flags);
  failing->call = call;
  end(failing, block.pointer);
  return block;
}

/* A reallocation begins here. Where it is not done, the call goes on with remap and allocate. */
static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_failing *failing = failing_of(self);
  if (size <= block.size) {
    end(failing, false);
    return mr_forward_resize(self, block, size, alignment);
  }
  begin(failing, size, alignment, size - block.size);
  if (failing->call.fails || !mr_forward_resize(self, block, size, alignment)) return false;
  end(failing, true);
  return true;
}

static mr_region remap(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_failing *failing = failing_of(self);
  mr_region moved = {NULL, 0};
  if (size <= block.size) return mr_forward_remap(self, block, size, alignment);
  if (!is_under_way(failing, size, alignment)) begin(failing, size, alignment, size - block.size);
  const mr_failing_call call = failing->call;
  if (!call.fails) moved = mr_forward_remap(self, block, size, alignment);
  failing->call = call;
  if (moved.pointer) end(failing, true);
  return moved;
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  end(failing_of(self), false);
  return mr_forward_release(self, block, alignment);
}

static mr_status check(mr_allocator *self, mr_condition *condition) {
  return mr_forward_check(self, mr_failing_is_sound((mr_failing *)self), condition);
}

static mr_status destroy(mr_allocator *self) {
  mr_failing_fini(failing_of(self));
  return MR_OK;
}

static const mr_allocator_ops failing_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "failing",
    .allocate = allocate,
    .resize = resize,
    .remap = remap,
    .release = release,
    .minimum_block_size = mr_forward_minimum_block_size,
    .maximum_block_size = mr_forward_maximum_block_size,
    .owns = mr_forward_owns,
    .good_size = mr_forward_good_size,
    .usage = mr_forward_usage,
    .clear = mr_forward_clear,
    .mark = mr_forward_mark,
    .rewind = mr_forward_rewind,
    .trim = mr_forward_trim,
    .walk = mr_forward_walk,
    .check = check,
    .destroy = destroy,
};

mr_status mr_failing_init(mr_failing *failing, const mr_failing_options *options) {
  mr_failing_options none = {0};
  if (!options) options = &none;
  *failing = (mr_failing){.base = {&failing_ops}, .parent = mr_resolve_allocator(options->parent)};
  mr_failing_set_plan(failing, &options->plan);
  return MR_OK;
}

void mr_failing_fini(mr_failing *failing) {
  if (failing->base.ops == &mr_dead_ops) return;
  assert(mr_failing_is_sound(failing));
  *failing = (mr_failing){.base = {&mr_dead_ops}};
}

bool mr_failing_is_sound(const mr_failing *failing) {
  return failing->base.ops == &failing_ops && failing->parent &&
         failing->failures <= failing->calls &&
         (failing->plan.budget == 0 || failing->given <= failing->plan.budget);
}

void mr_failing_set_plan(mr_failing *failing, const mr_failing_plan *plan) {
  mr_failing_plan none = {0};
  assert(mr_failing_is_sound(failing));
  failing->plan = plan ? *plan : none;
  failing->random = failing->plan.seed;
  failing->calls = 0;
  failing->failures = 0;
  failing->given = 0;
  failing->call = (mr_failing_call){0};
}

size_t mr_failing_calls(const mr_failing *failing) {
  assert(mr_failing_is_sound(failing));
  return failing->calls;
}

size_t mr_failing_failures(const mr_failing *failing) {
  assert(mr_failing_is_sound(failing));
  return failing->failures;
}
