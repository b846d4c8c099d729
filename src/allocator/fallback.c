#include "memregions/fallback.h"

#include <assert.h>

#include "ask.h"
#include "dead.h"

static mr_fallback *fallback_of(mr_allocator *self) {
  mr_fallback *fallback = (mr_fallback *)self;
  assert(mr_fallback_is_sound(fallback));
  return fallback;
}

static mr_allocator *owner_of(mr_allocator *self, mr_region block) {
  const mr_fallback *fallback = fallback_of(self);
  bool is_first = mr_allocator_owns(fallback->first, mr_region_view(block)) == MR_OWNS_YES;
  return is_first ? fallback->first : fallback->second;
}

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  const mr_fallback *fallback = fallback_of(self);
  mr_allocator *first = fallback->first, *second = fallback->second;
  mr_region block = first->ops->allocate(first, size, alignment, flags);
  return block.pointer ? block : second->ops->allocate(second, size, alignment, flags);
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_allocator *owner = owner_of(self, block);
  return owner->ops->resize && owner->ops->resize(owner, block, size, alignment);
}

/* Null where the owner has no way of its own: then the caller allocates from either, copies, and releases to the
 * owner. */
static mr_region remap(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_allocator *owner = owner_of(self, block);
  if (!owner->ops->remap) return mr_region_of(NULL, 0);
  return owner->ops->remap(owner, block, size, alignment);
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  mr_allocator *owner = owner_of(self, block);
  return owner->ops->release(owner, block, alignment);
}

static size_t minimum_block_size(mr_allocator *self) {
  size_t minimum = 0;
  mr_ignore(mr_minimum_block_size(fallback_of(self)->first, &minimum));
  return minimum;
}

static size_t maximum_block_size(mr_allocator *self, size_t alignment) {
  const mr_fallback *fallback = fallback_of(self);
  size_t first = mr_ask_maximum(fallback->first, alignment);
  size_t second = mr_ask_maximum(fallback->second, alignment);
  return first > second ? first : second;
}

static mr_ownership owns(mr_allocator *self, mr_view block) {
  const mr_fallback *fallback = fallback_of(self);
  mr_ownership first = mr_allocator_owns(fallback->first, block);
  return first == MR_OWNS_YES ? first : mr_allocator_owns(fallback->second, block);
}

/* What costs no more in either of them. */
static size_t good_size(mr_allocator *self, size_t size, size_t alignment) {
  const mr_fallback *fallback = fallback_of(self);
  size_t first = mr_good_size(fallback->first, size, alignment);
  size_t second = mr_good_size(fallback->second, size, alignment);
  return first < second ? first : second;
}

static size_t sum(size_t a, size_t b) { return b <= SIZE_MAX - a ? a + b : SIZE_MAX; }

static mr_status usage(mr_allocator *self, mr_usage *out) {
  const mr_fallback *fallback = fallback_of(self);
  mr_usage first, second;
  mr_status status = mr_ask_usage(fallback->first, &first);
  if (status == MR_OK) status = mr_ask_usage(fallback->second, &second);
  if (status != MR_OK) return status;
  out->total = sum(first.total, second.total);
  out->used = sum(first.used, second.used);
  return MR_OK;
}

static mr_status clear(mr_allocator *self) {
  const mr_fallback *fallback = fallback_of(self);
  if (!mr_ask_has_clear(fallback->first)) return MR_UNSUPPORTED;
  mr_status status = mr_allocator_clear(fallback->second);
  return status == MR_OK ? mr_allocator_clear(fallback->first) : status;
}

static mr_status trim(mr_allocator *self) {
  const mr_fallback *fallback = fallback_of(self);
  mr_status first = mr_allocator_trim(fallback->first);
  mr_status second = mr_allocator_trim(fallback->second);
  return first == MR_UNSUPPORTED ? second : first;
}

static mr_status stop(void *context, mr_view span, bool is_used) {
  (void)context, (void)span, (void)is_used;
  return MR_USER;
}

static mr_status walk(mr_allocator *self, mr_walk_function *function, void *context) {
  const mr_fallback *fallback = fallback_of(self);
  /* So that nothing of the first is shown where the second can't show anything. */
  if (mr_allocator_walk(fallback->second, stop, NULL) == MR_UNSUPPORTED) return MR_UNSUPPORTED;
  mr_status status = mr_allocator_walk(fallback->first, function, context);
  return status == MR_OK ? mr_allocator_walk(fallback->second, function, context) : status;
}

static mr_status report_damage(const mr_fallback *fallback, mr_condition *condition) {
  mr_condition_set(condition, MR_CORRUPT, "the fallback allocator itself is damaged");
  if (condition) condition->subject = fallback;
  return MR_CORRUPT;
}

/* Damage in one matters also where the other can't tell. */
static mr_status check(mr_allocator *self, mr_condition *condition) {
  const mr_fallback *fallback = (mr_fallback *)self;
  if (!mr_fallback_is_sound(fallback)) return report_damage(fallback, condition);
  mr_status first = mr_allocator_check(fallback->first, condition);
  if (first != MR_OK && first != MR_UNSUPPORTED) return first;
  mr_status second = mr_allocator_check(fallback->second, condition);
  return second == MR_OK ? first : second;
}

static mr_status destroy(mr_allocator *self) {
  mr_fallback_fini(fallback_of(self));
  return MR_OK;
}

static const mr_allocator_ops fallback_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "fallback",
    .allocate = allocate,
    .resize = resize,
    .remap = remap,
    .release = release,
    .minimum_block_size = minimum_block_size,
    .maximum_block_size = maximum_block_size,
    .owns = owns,
    .good_size = good_size,
    .usage = usage,
    .clear = clear,
    .trim = trim,
    .walk = walk,
    .check = check,
    .destroy = destroy,
};

mr_status mr_fallback_init(mr_fallback *fallback, mr_allocator *first, mr_allocator *second) {
  const char octet = 0;
  first = mr_resolve_allocator(first);
  second = mr_resolve_allocator(second);
  if (first == second) return MR_INVALID_ARGUMENT;
  if (mr_allocator_owns(first, mr_view_of(&octet, 1)) == MR_OWNS_UNKNOWN) return MR_UNSUPPORTED;
  *fallback = (mr_fallback){.base = {&fallback_ops}, .first = first, .second = second};
  return MR_OK;
}

void mr_fallback_fini(mr_fallback *fallback) {
  if (fallback->base.ops == &mr_dead_ops) return;
  assert(mr_fallback_is_sound(fallback));
  *fallback = (mr_fallback){.base = {&mr_dead_ops}};
}

bool mr_fallback_is_sound(const mr_fallback *fallback) {
  return fallback->base.ops == &fallback_ops && fallback->first && fallback->second &&
         fallback->first != fallback->second;
}
