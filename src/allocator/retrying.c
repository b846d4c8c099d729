#include "memregions/retrying.h"

#include <assert.h>

#include "dead.h"
#include "forward.h"

MR_ASSERT_IS_WRAPPER(mr_retrying);

static mr_retrying *retrying_of(mr_allocator *self) {
  mr_retrying *retrying = (mr_retrying *)self;
  assert(mr_retrying_is_sound(retrying));
  return retrying;
}

/* Whether to try again what has failed `attempt` times. */
static bool is_retried(mr_retrying *retrying, size_t size, size_t alignment, size_t attempt) {
  if (!retrying->function || retrying->is_asking || attempt > retrying->most_retries) return false;
  mr_condition failure;
  mr_ignore(mr_allocation_failure(retrying->parent, size, alignment, &failure));
  retrying->is_asking = true;
  mr_retry answer = retrying->function(retrying->context, &failure, attempt);
  retrying->is_asking = false;
  return answer == MR_RETRY;
}

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  mr_retrying *retrying = retrying_of(self);
  bool is_given_up = retrying->given_up == size;
  retrying->given_up = 0;
  mr_region block = mr_forward_allocate(self, size, alignment, flags);
  for (size_t attempt = 1; !block.pointer && !is_given_up; attempt++) {
    if (!is_retried(retrying, size, alignment, attempt)) break;
    block = mr_forward_allocate(self, size, alignment, flags);
  }
  return block;
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  retrying_of(self)->given_up = 0;
  return mr_forward_resize(self, block, size, alignment);
}

/* The parent's whole reallocation, of which resize was the first part. What is null here, the caller tries once more by
 * allocating, copying and releasing: that is not to ask again. */
static mr_region remap(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_retrying *retrying = retrying_of(self);
  mr_status status = mr_reallocate_aligned(retrying->parent, &block, size, alignment);
  for (size_t attempt = 1; status == MR_OUT_OF_MEMORY || status == MR_BLOCK_TOO_BIG; attempt++) {
    if (!is_retried(retrying, size, alignment, attempt)) break;
    status = mr_reallocate_aligned(retrying->parent, &block, size, alignment);
  }
  if (status == MR_OK) return block;
  retrying->given_up = size;
  return mr_region_of(NULL, 0);
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  retrying_of(self)->given_up = 0;
  return mr_forward_release(self, block, alignment);
}

static mr_status check(mr_allocator *self, mr_condition *condition) {
  return mr_forward_check(self, mr_retrying_is_sound((mr_retrying *)self), condition);
}

static mr_status destroy(mr_allocator *self) {
  mr_retrying_fini(retrying_of(self));
  return MR_OK;
}

static const mr_allocator_ops retrying_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "retrying",
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

mr_status mr_retrying_init(mr_retrying *retrying, const mr_retrying_options *options) {
  mr_retrying_options none = {0};
  if (!options) options = &none;
  size_t most = options->most_retries ? options->most_retries : MR_RETRYING_MOST_RETRIES;
  *retrying = (mr_retrying){.base = {&retrying_ops},
                            .parent = mr_resolve_allocator(options->parent),
                            .function = options->function,
                            .context = options->context,
                            .most_retries = most};
  return MR_OK;
}

void mr_retrying_fini(mr_retrying *retrying) {
  if (retrying->base.ops == &mr_dead_ops) return;
  assert(mr_retrying_is_sound(retrying));
  *retrying = (mr_retrying){.base = {&mr_dead_ops}};
}

bool mr_retrying_is_sound(const mr_retrying *retrying) {
  return retrying->base.ops == &retrying_ops && retrying->parent && retrying->most_retries > 0 &&
         (retrying->function || !retrying->is_asking);
}
