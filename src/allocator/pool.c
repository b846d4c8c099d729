#include "memregions/pool.h"

#include <assert.h>

#include "ask.h"
#include "dead.h"
#include "os.h"
#include "out_of_line.h"
#include "pool_slab.h"
#include "watch.h"
#include "window.h"

extern inline size_t mr_pool_index(const mr_pool *pool, const mr_slab *slab, const void *block);
extern inline size_t mr_pool_encode(const mr_pool *pool, const void *block, size_t link);
extern inline size_t mr_pool_decode(const mr_pool *pool, const void *block, size_t word);
extern inline bool mr_pool_take(mr_pool *pool, size_t size, void **out);
extern inline bool mr_pool_give_back(mr_pool *pool, mr_region block);
extern inline mr_status mr_pool_allocate(mr_pool *pool, size_t size, mr_region *out);
extern inline mr_status mr_pool_deallocate(mr_pool *pool, mr_region *region);

static mr_pool *pool_of(mr_allocator *self) {
  mr_pool *pool = (mr_pool *)self;
  assert(mr_pool_is_sound(pool));
  return pool;
}

/* Brings the current chunk up to date, for whoever looks at chunks. */
static mr_pool *settled(mr_allocator *self) {
  mr_pool *pool = pool_of(self);
  pool->current->slab = pool->slab;
  return pool;
}

/* Makes a chunk, which is up to date, the current one. */
static void serve_from(mr_pool *pool, mr_pool_chunk *chunk) {
  pool->current = chunk;
  pool->slab = chunk->slab;
}

/* Chunks. */

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/* What a chunk is aligned to: its header stands at the start, and blocks begin at the next multiple. */
static size_t chunk_alignment(const mr_pool *pool) {
  return larger(pool->alignment, MR_DEFAULT_ALIGNMENT);
}

/* Octets before a chunk's first block. */
static size_t header_of(const mr_pool *pool) {
  size_t alignment = chunk_alignment(pool);
  return (sizeof(mr_pool_chunk) + alignment - 1) & ~(alignment - 1);
}

/* Octets of a chunk of one block. No sum here wraps: a stride is at most PTRDIFF_MAX, and a multiple of the alignment. */
static size_t smallest_chunk(const mr_pool *pool) {
  return header_of(pool) + pool->stride + pool->is_checked;
}

/* Octets of the largest chunk that the parent could ever give. */
static size_t largest_chunk(const mr_pool *pool) {
  return pool->parent ? mr_ask_maximum(pool->parent, chunk_alignment(pool)) : 0;
}

static uintptr_t seal_of(const mr_pool *pool, const mr_pool_chunk *chunk) {
  uintptr_t sum = (uintptr_t)chunk->slab.start + chunk->slab.capacity + chunk->size +
                  (uintptr_t)chunk->earlier + (uintptr_t)chunk->later;
  return sum ^ pool->secret;
}

/* Links two chunks that follow each other; the later one may be null. */
static void link_chunks(const mr_pool *pool, mr_pool_chunk *earlier, mr_pool_chunk *later) {
  earlier->later = later;
  earlier->seal = seal_of(pool, earlier);
  if (!later) return;
  later->earlier = earlier;
  later->seal = seal_of(pool, later);
}

/* Takes a chunk of `size` octets from the parent, after all others; null where there is none. */
static mr_pool_chunk *take_chunk(mr_pool *pool, size_t size) {
  mr_region memory;
  if (mr_allocate_aligned(pool->parent, size, chunk_alignment(pool), &memory) != MR_OK) return NULL;
  size_t header = header_of(pool);
  mr_region blocks = {(unsigned char *)memory.pointer + header, size - header};
  mr_pool_chunk *chunk = memory.pointer;
  *chunk = (mr_pool_chunk){.slab = mr_slab_of(pool, blocks), .size = size};
  link_chunks(pool, pool->newest, chunk);
  return chunk;
}

/* A chunk of twice the newest's size, or of what the parent has, down to one block. */
static mr_pool_chunk *grow(mr_pool *pool) {
  if (!pool->parent) return NULL;
  size_t least = smallest_chunk(pool), last = pool->newest->size;
  size_t doubled = last <= PTRDIFF_MAX / 2 ? 2 * last : last;
  size_t size = larger(last == 0 ? pool->chunk_size : doubled, least);
  mr_pool_chunk *chunk = take_chunk(pool, size);
  while (!chunk && size > least) {
    size = larger(size / 2, least);
    chunk = take_chunk(pool, size);
  }
  return chunk;
}

/* Gives a chunk back, which is not the current one. */
static void give_chunk_back(mr_pool *pool, mr_pool_chunk *chunk) {
  if (pool->newest == chunk) pool->newest = chunk->earlier;
  link_chunks(pool, chunk->earlier, chunk->later);
  if (pool->is_watched) mr_watch_show(chunk->slab.start, mr_slab_size(pool, &chunk->slab));
  mr_region memory = {chunk, chunk->size};
  mr_ignore(mr_deallocate_aligned(pool->parent, &memory, chunk_alignment(pool)));
}

/* The last that was taken from the parent, in use or not. */
static mr_pool_chunk *latest_of(const mr_pool *pool) {
  mr_pool_chunk *chunk = pool->newest;
  while (chunk->later) chunk = chunk->later;
  return chunk;
}

/* Blocks. */

/* A block of the current chunk, else of the newest that has one, else of one that comes into use. */
static unsigned char *take_block(mr_pool *pool) {
  unsigned char *block = mr_slab_take(pool, &pool->current->slab);
  for (mr_pool_chunk *chunk = pool->newest; chunk && !block; chunk = chunk->earlier) {
    block = mr_slab_take(pool, &chunk->slab);
    pool->current = chunk;
  }
  if (!block) {
    mr_pool_chunk *next = pool->newest->later ? pool->newest->later : grow(pool);
    if (!next) return NULL;
    pool->newest = next;
    pool->current = next;
    block = mr_slab_take(pool, &next->slab);
  }
  return block;
}

static MR_OUT_OF_LINE mr_region allocate_slowly(mr_allocator *self, size_t size, size_t alignment,
                                                unsigned flags) {
  mr_pool *pool = settled(self);
  if (size > pool->block_size || alignment > pool->alignment) return mr_region_of(NULL, 0);
  unsigned char *block = take_block(pool);
  serve_from(pool, pool->current);
  if (!block) return mr_region_of(NULL, 0);
  if (pool->is_watched) mr_watch_show(block, size);
  if (flags & MR_ZEROED) memset(block, 0, size);
  return mr_region_of(block, size);
}

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  mr_pool *pool = (mr_pool *)self;
  void *block;
  if (alignment <= pool->alignment && flags == 0 && mr_pool_take(pool, size, &block)) {
    mr_region region = {block, size};
    return region;
  }
  return allocate_slowly(self, size, alignment, flags);
}

/* The chunk that has a block, as far as that can be told; null where none has. */
static mr_pool_chunk *find(const mr_pool *pool, mr_region block, size_t alignment) {
  if (block.size > pool->block_size || alignment > pool->alignment) return NULL;
  mr_pool_chunk *chunk = pool->newest;
  while (chunk && !mr_slab_has(pool, &chunk->slab, block.pointer)) chunk = chunk->earlier;
  return chunk;
}

static MR_OUT_OF_LINE mr_status release_slowly(mr_allocator *self, mr_region block,
                                               size_t alignment) {
  mr_pool *pool = settled(self);
  mr_pool_chunk *chunk = find(pool, block, alignment);
  if (!chunk) return MR_CORRUPT;
  mr_slab_give_back(pool, &chunk->slab, block.pointer);
  /* The next block is likely to come from the same one. */
  serve_from(pool, chunk);
  return MR_OK;
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  mr_pool *pool = (mr_pool *)self;
  if (alignment <= pool->alignment && mr_pool_give_back(pool, block)) return MR_OK;
  return release_slowly(self, block, alignment);
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  const mr_pool *pool = settled(self);
  if (size > pool->block_size || !find(pool, block, alignment)) return false;
  if (pool->is_watched) mr_watch_resize(block, size);
  return true;
}

/* Asking. */

static size_t maximum_block_size(mr_allocator *self, size_t alignment) {
  const mr_pool *pool = pool_of(self);
  if (alignment > pool->alignment) return 0;
  bool has_blocks = pool->bottom.slab.capacity > 0 || largest_chunk(pool) >= smallest_chunk(pool);
  return has_blocks ? pool->block_size : 0;
}

static size_t good_size(mr_allocator *self, size_t size, size_t alignment) {
  const mr_pool *pool = pool_of(self);
  return alignment <= pool->alignment ? larger(size, pool->block_size) : size;
}

static size_t minimum_block_size(mr_allocator *self) { return pool_of(self)->stride; }

static mr_ownership owns(mr_allocator *self, mr_view block) {
  const mr_pool *pool = settled(self);
  const mr_pool_chunk *chunk = pool->newest;
  while (chunk && !mr_slab_owns(pool, &chunk->slab, block)) chunk = chunk->earlier;
  return chunk ? MR_OWNS_YES : MR_OWNS_NO;
}

static mr_status usage(mr_allocator *self, mr_usage *out) {
  const mr_pool *pool = settled(self);
  mr_usage sum = {0};
  for (const mr_pool_chunk *chunk = &pool->bottom; chunk; chunk = chunk->later) {
    size_t used = 0;
    if (!mr_slab_count(pool, &chunk->slab, &used)) return MR_CORRUPT;
    sum.total += chunk->slab.capacity * pool->stride;
    sum.used += used * pool->stride;
  }
  *out = sum;
  return MR_OK;
}

static mr_status walk(mr_allocator *self, mr_walk_function *function, void *context) {
  mr_pool *pool = settled(self);
  mr_status status = MR_OK;
  for (mr_pool_chunk *chunk = &pool->bottom; chunk && status == MR_OK; chunk = chunk->later) {
    status = mr_slab_walk(pool, &chunk->slab, function, context);
  }
  /* It sorts lists. */
  serve_from(pool, pool->current);
  return status;
}

/* Whether all chunks are sound, each before it leads to the next. */
static bool chunks_are_sound(const mr_pool *pool) {
  const mr_pool_chunk *chunk = &pool->bottom;
  while (chunk && chunk->seal == seal_of(pool, chunk) && mr_slab_is_sound(pool, &chunk->slab)) {
    chunk = chunk->later;
  }
  return !chunk;
}

static mr_status check(mr_allocator *self, mr_condition *condition) {
  const mr_pool *pool = (mr_pool *)self;
  if (mr_pool_is_sound(pool) && chunks_are_sound(settled(self))) return MR_OK;
  mr_condition_set(condition, MR_CORRUPT,
                   "the pool, the header of one of its chunks or a free block is damaged");
  if (condition) condition->subject = pool;
  return MR_CORRUPT;
}

/* All at once. */

static mr_status clear(mr_allocator *self) {
  mr_pool *pool = settled(self);
  for (mr_pool_chunk *chunk = &pool->bottom; chunk; chunk = chunk->later) {
    mr_slab_reset(pool, &chunk->slab);
  }
  pool->newest = &pool->bottom;
  serve_from(pool, &pool->bottom);
  return MR_OK;
}

static mr_status trim(mr_allocator *self) {
  mr_pool *pool = settled(self);
  serve_from(pool, &pool->bottom);
  for (mr_pool_chunk *chunk = latest_of(pool), *earlier; chunk != &pool->bottom; chunk = earlier) {
    size_t used = 0;
    earlier = chunk->earlier;
    if (mr_slab_count(pool, &chunk->slab, &used) && used == 0) give_chunk_back(pool, chunk);
  }
  return MR_OK;
}

static mr_status destroy(mr_allocator *self) {
  mr_pool_fini(pool_of(self));
  return MR_OK;
}

static const mr_allocator_ops pool_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "pool",
    .allocate = allocate,
    .resize = resize,
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

/* Making and ending. */

/* The number by which an odd one multiplies to 1, modulo 2 to the word's width. Newton's iteration: each step doubles
 * how many bits are right, from three. */
static size_t inverse_of(size_t odd) {
  size_t inverse = odd;
  for (size_t bits = 3; bits < 8 * sizeof inverse; bits *= 2) inverse *= 2 - odd * inverse;
  return inverse;
}

static void set_stride(mr_pool *pool, size_t stride) {
  pool->stride = stride;
  while (stride % 2 == 0) {
    stride /= 2;
    pool->shift++;
  }
  pool->inverse = inverse_of(stride);
}

mr_status mr_pool_init(mr_pool *pool, const mr_pool_options *options) {
  if (!options || options->block_size == 0) return MR_INVALID_ARGUMENT;
  size_t alignment = options->alignment ? options->alignment : MR_DEFAULT_ALIGNMENT;
  if ((alignment & (alignment - 1)) != 0 || !mr_region_is_sound(options->storage))
    return MR_INVALID_ARGUMENT;
  if (options->block_size > PTRDIFF_MAX) return MR_BLOCK_TOO_BIG;
  size_t least = larger(options->block_size, sizeof(uintptr_t));
  size_t stride = (least + alignment - 1) & ~(alignment - 1);
  if (stride > PTRDIFF_MAX) return MR_BLOCK_TOO_BIG;

  mr_pool made = {
      .base = {&pool_ops},
      .secret = mr_os_secret(),
      .is_watched = mr_watch_is_on(),
      .is_checked = options->is_checked,
      .block_size = options->block_size,
      .alignment = alignment,
      .parent = options->is_fixed ? NULL : mr_resolve_allocator(options->parent),
      .chunk_size = options->chunk_size ? options->chunk_size : MR_POOL_CHUNK_SIZE,
  };
  if (options->chunk_size > 0 && made.parent && options->chunk_size > largest_chunk(&made))
    return MR_BLOCK_TOO_BIG;
  set_stride(&made, stride);
  if (!made.is_watched && !made.is_checked) made.inline_size = made.block_size;
  made.bottom.slab = mr_slab_of(&made, options->storage);
  link_chunks(&made, &made.bottom, NULL);
  *pool = made;
  pool->newest = &pool->bottom;
  serve_from(pool, &pool->bottom);
  return MR_OK;
}

void mr_pool_fini(mr_pool *pool) {
  if (pool->base.ops == &mr_dead_ops) return;
  assert(mr_pool_is_sound(pool));
  for (mr_pool_chunk *chunk = latest_of(pool), *earlier; chunk != &pool->bottom; chunk = earlier) {
    earlier = chunk->earlier;
    give_chunk_back(pool, chunk);
  }
  const mr_slab *storage = &pool->bottom.slab;
  if (pool->is_watched) mr_watch_show_contents(storage->start, mr_slab_size(pool, storage));
  *pool = (mr_pool){.base = {&mr_dead_ops}, .alignment = MR_DEFAULT_ALIGNMENT};
}

bool mr_pool_is_sound(const mr_pool *pool) {
  const mr_pool_chunk *current = pool->current;
  const mr_slab *slab = &pool->slab;
  if (!current || !pool->newest || pool->stride == 0) return false;
  bool is_inline = !pool->is_watched && !pool->is_checked;
  return pool->inline_size == (is_inline ? pool->block_size : 0) &&
         pool->inverse * (pool->stride >> pool->shift) == 1 && pool->block_size <= pool->stride &&
         slab->start == current->slab.start && slab->capacity == current->slab.capacity &&
         slab->reached <= slab->capacity && current->seal == seal_of(pool, current);
}
