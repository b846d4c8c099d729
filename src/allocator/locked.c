/* For pthread. */
#define _POSIX_C_SOURCE 200809L

#include "memregions/locked.h"

#include <assert.h>
#include <pthread.h>

#include "dead.h"
#include "forward.h"

MR_ASSERT_IS_WRAPPER(mr_locked);
_Static_assert(sizeof(pthread_mutex_t) <= MR_LOCKED_MUTEX_SIZE, "the system's mutex fits");
_Static_assert(offsetof(mr_locked, mutex) % _Alignof(pthread_mutex_t) == 0, "and is aligned");

static pthread_mutex_t *mutex_of(mr_locked *locked) { return (void *)locked->mutex; }

/* Of a mutex that is there and not held by this thread, neither fails. */
static void lock(mr_allocator *self) {
  mr_locked *locked = (mr_locked *)self;
  assert(mr_locked_is_sound(locked));
  (void)pthread_mutex_lock(mutex_of(locked));
}

static void unlock(mr_allocator *self) { (void)pthread_mutex_unlock(mutex_of((mr_locked *)self)); }

/* Each op is the parent's, under the lock. */

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  lock(self);
  mr_region block = mr_forward_allocate(self, size, alignment, flags);
  unlock(self);
  return block;
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  lock(self);
  bool is_done = mr_forward_resize(self, block, size, alignment);
  unlock(self);
  return is_done;
}

static mr_region remap(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  lock(self);
  mr_region moved = mr_forward_remap(self, block, size, alignment);
  unlock(self);
  return moved;
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  lock(self);
  mr_status status = mr_forward_release(self, block, alignment);
  unlock(self);
  return status;
}

static size_t minimum_block_size(mr_allocator *self) {
  lock(self);
  size_t minimum = mr_forward_minimum_block_size(self);
  unlock(self);
  return minimum;
}

static size_t maximum_block_size(mr_allocator *self, size_t alignment) {
  lock(self);
  size_t maximum = mr_forward_maximum_block_size(self, alignment);
  unlock(self);
  return maximum;
}

static mr_ownership owns(mr_allocator *self, mr_view block) {
  lock(self);
  mr_ownership answer = mr_forward_owns(self, block);
  unlock(self);
  return answer;
}

static size_t good_size(mr_allocator *self, size_t size, size_t alignment) {
  lock(self);
  size_t good = mr_forward_good_size(self, size, alignment);
  unlock(self);
  return good;
}

static mr_status usage(mr_allocator *self, mr_usage *out) {
  lock(self);
  mr_status status = mr_forward_usage(self, out);
  unlock(self);
  return status;
}

static mr_status clear(mr_allocator *self) {
  lock(self);
  mr_status status = mr_forward_clear(self);
  unlock(self);
  return status;
}

static mr_status mark(mr_allocator *self, mr_mark *out) {
  lock(self);
  mr_status status = mr_forward_mark(self, out);
  unlock(self);
  return status;
}

static mr_status rewind_to(mr_allocator *self, mr_mark mark) {
  lock(self);
  mr_status status = mr_forward_rewind(self, mark);
  unlock(self);
  return status;
}

static mr_status trim(mr_allocator *self) {
  lock(self);
  mr_status status = mr_forward_trim(self);
  unlock(self);
  return status;
}

static mr_status walk(mr_allocator *self, mr_walk_function *function, void *context) {
  lock(self);
  mr_status status = mr_forward_walk(self, function, context);
  unlock(self);
  return status;
}

static mr_status check(mr_allocator *self, mr_condition *condition) {
  lock(self);
  mr_status status = mr_forward_check(self, true, condition);
  unlock(self);
  return status;
}

static mr_status destroy(mr_allocator *self) {
  mr_locked_fini((mr_locked *)self);
  return MR_OK;
}

static const mr_allocator_ops locked_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "locked",
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
    .mark = mark,
    .rewind = rewind_to,
    .trim = trim,
    .walk = walk,
    .check = check,
    .destroy = destroy,
};

mr_status mr_locked_init(mr_locked *locked, mr_allocator *parent) {
  if (pthread_mutex_init(mutex_of(locked), NULL) != 0) return MR_SYSTEM_ERROR;
  locked->base.ops = &locked_ops;
  locked->parent = mr_resolve_allocator(parent);
  return MR_OK;
}

void mr_locked_fini(mr_locked *locked) {
  if (locked->base.ops == &mr_dead_ops) return;
  assert(mr_locked_is_sound(locked));
  (void)pthread_mutex_destroy(mutex_of(locked));
  *locked = (mr_locked){.base = {&mr_dead_ops}};
}

bool mr_locked_is_sound(const mr_locked *locked) {
  return locked->base.ops == &locked_ops && locked->parent;
}

mr_allocator *mr_locked_acquire(mr_locked *locked) {
  lock(&locked->base);
  return locked->parent;
}

void mr_locked_release(mr_locked *locked) { unlock(&locked->base); }
