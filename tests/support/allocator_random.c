#include "allocator_random.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif

enum { MOST_BLOCKS = 256, MOST_MARKS = 8 };

/* A block as it must be. */
typedef struct model_block {
  mr_region region;
  size_t alignment;
  uint8_t seed;
} model_block;

typedef struct model {
  mr_allocator *allocator;
  /* In the order of their coming. */
  model_block blocks[MOST_BLOCKS];
  size_t count;
  /* How many blocks there were at each mark. */
  mr_mark marks[MOST_MARKS];
  size_t counts_at_mark[MOST_MARKS];
  size_t mark_count;
  bool has_marks;
  uint64_t random;
} model;

static unsigned long number_of(const char *variable, unsigned long otherwise) {
  const char *text = getenv(variable);
  if (!text || !*text) return otherwise;
  char *end = NULL;
  errno = 0;
  unsigned long number = strtoul(text, &end, 10);
  if (errno != 0 || *end) fail_msg("%s is no number: %s", variable, text);
  return number;
}

static unsigned long usual_operations(void) {
#if defined(RUNNING_ON_VALGRIND)
  if (RUNNING_ON_VALGRIND) return 10000;
#endif
  return 100000;
}

/* xorshift64*, of Sebastiano Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled". */
static size_t random_below(model *m, size_t bound) {
  m->random ^= m->random >> 12;
  m->random ^= m->random << 25;
  m->random ^= m->random >> 27;
  return (size_t)((m->random * UINT64_C(2685821657736338717)) >> 33) % bound;
}

/* Small ones often, large ones seldom. */
static size_t random_size(model *m) {
  return random_below(m, (size_t)1 << (1 + random_below(m, 13))) + 1;
}

static size_t random_alignment(model *m) {
  return random_below(m, 4) > 0 ? MR_DEFAULT_ALIGNMENT : (size_t)1 << random_below(m, 10);
}

static void write_block(model *m, size_t i) {
  model_block *block = &m->blocks[i];
  block->seed = (uint8_t)random_below(m, 256);
  memset(block->region.pointer, block->seed, block->region.size);
}

/* The contents are one octet all over: it is enough to compare a block with itself, moved by one. */
static void assert_contents(const model_block *block, size_t size) {
  const unsigned char *octets = block->region.pointer;
  assert_int_equal(octets[0], block->seed);
  assert_memory_equal(octets, octets + 1, size - 1);
}

static void assert_placed(const model *m, const model_block *block) {
  mr_view view = mr_region_view(block->region);
  assert_true(mr_is_aligned(view, block->alignment));
  assert_int_not_equal(mr_allocator_owns(m->allocator, view), MR_OWNS_NO);
  for (size_t i = 0; i < m->count; i++) {
    if (&m->blocks[i] == block) continue;
    assert_int_equal(mr_overlap(view, mr_region_view(m->blocks[i].region)).size, 0);
  }
}

static void forget_from(model *m, size_t count) {
  m->count = count;
  while (m->mark_count > 0 && m->counts_at_mark[m->mark_count - 1] > count) m->mark_count--;
}

static void clear(model *m) {
  if (mr_allocator_clear(m->allocator) == MR_OK) {
    m->count = 0;
  } else {
    for (size_t i = 0; i < m->count; i++) {
      assert_int_equal(
          mr_deallocate_aligned(m->allocator, &m->blocks[i].region, m->blocks[i].alignment), MR_OK);
    }
    m->count = 0;
  }
  m->mark_count = 0;
}

static void allocate(model *m) {
  if (m->count == MOST_BLOCKS) clear(m);
  model_block block = {.alignment = random_alignment(m)};
  const bool is_zeroed = random_below(m, 4) == 0;
  const size_t size = random_size(m);
  mr_status status =
      is_zeroed ? mr_allocate_zeroed_aligned(m->allocator, size, block.alignment, &block.region)
                : mr_allocate_aligned(m->allocator, size, block.alignment, &block.region);
  if (status == MR_OUT_OF_MEMORY) {
    clear(m);
    return;
  }
  assert_int_equal(status, MR_OK);
  assert_int_equal(block.region.size, size);
  if (is_zeroed) assert_contents(&block, size);
  m->blocks[m->count] = block;
  assert_placed(m, &m->blocks[m->count++]);
  write_block(m, m->count - 1);
}

/* The newest half of the time, since some kinds do more for it. A block from before a mark has to stay. */
static bool choose(model *m, size_t *chosen) {
  const size_t first = m->mark_count > 0 ? m->counts_at_mark[m->mark_count - 1] : 0;
  if (m->count == first) return false;
  *chosen = random_below(m, 2) ? m->count - 1 : first + random_below(m, m->count - first);
  return true;
}

static void deallocate(model *m) {
  size_t i = 0;
  if (!choose(m, &i)) return;
  model_block *block = &m->blocks[i];
  assert_contents(block, block->region.size);
  assert_int_equal(mr_deallocate_aligned(m->allocator, &block->region, block->alignment), MR_OK);
  memmove(block, block + 1, (--m->count - i) * sizeof *block);
}

static void reallocate(model *m) {
  size_t i = 0;
  if (!choose(m, &i)) return;
  model_block *block = &m->blocks[i];
  const size_t old_size = block->region.size, size = random_size(m);
  const bool is_zeroed = random_below(m, 2);
  mr_status status =
      is_zeroed ? mr_reallocate_zeroed_aligned(m->allocator, &block->region, size, block->alignment)
                : mr_reallocate_aligned(m->allocator, &block->region, size, block->alignment);
  const size_t kept = status == MR_OK && size < old_size ? size : old_size;
  assert_contents(block, kept);
  if (status == MR_OUT_OF_MEMORY) return;
  assert_int_equal(status, MR_OK);
  assert_int_equal(block->region.size, size);
  assert_placed(m, block);
  const unsigned char *octets = block->region.pointer;
  for (size_t j = kept; is_zeroed && j < size; j++) assert_int_equal(octets[j], 0);
  write_block(m, i);
}

/* Also of a block from before a mark: it must survive the rewind whole. */
static void shrink_an_old_block(model *m) {
  if (m->mark_count == 0 || m->counts_at_mark[0] == 0) return;
  model_block *block = &m->blocks[random_below(m, m->counts_at_mark[0])];
  const size_t size = random_below(m, block->region.size) + 1;
  const void *start = block->region.pointer;
  assert_int_equal(mr_reallocate_aligned(m->allocator, &block->region, size, block->alignment),
                   MR_OK);
  assert_ptr_equal(block->region.pointer, start);
  assert_contents(block, size);
}

static void mark(model *m) {
  if (!m->has_marks || m->mark_count == MOST_MARKS) return;
  assert_int_equal(mr_allocator_mark(m->allocator, &m->marks[m->mark_count]), MR_OK);
  m->counts_at_mark[m->mark_count++] = m->count;
}

static void rewind_to_mark(model *m) {
  if (m->mark_count == 0) return;
  const size_t to = random_below(m, m->mark_count);
  assert_int_equal(mr_allocator_rewind(m->allocator, m->marks[to]), MR_OK);
  m->mark_count = to + 1;
  forget_from(m, m->counts_at_mark[to]);
}

static mr_status add_span(void *context, mr_view span, bool is_used) {
  size_t *sums = context;
  sums[is_used] += span.size;
  return MR_OK;
}

static void check(model *m) {
  size_t asked = 0, used = 0, unused = 0, sums[2] = {0, 0};
  for (size_t i = 0; i < m->count; i++) {
    assert_contents(&m->blocks[i], m->blocks[i].region.size);
    asked += m->blocks[i].region.size;
  }
  mr_status status = mr_allocator_check(m->allocator, NULL);
  assert_true(status == MR_OK || status == MR_UNSUPPORTED);
  if (mr_allocator_walk(m->allocator, add_span, sums) != MR_OK) return;
  assert_int_equal(mr_used_space(m->allocator, &used), MR_OK);
  assert_int_equal(mr_free_space(m->allocator, &unused), MR_OK);
  assert_int_equal(used, sums[true]);
  assert_int_equal(unused, sums[false]);
  assert_true(used >= asked);
}

static void work(model *m) {
  const size_t what = random_below(m, 1000);
  if (what < 450) {
    allocate(m);
  } else if (what < 700) {
    deallocate(m);
  } else if (what < 900) {
    reallocate(m);
  } else if (what < 920) {
    shrink_an_old_block(m);
  } else if (what < 940) {
    mark(m);
  } else if (what < 960) {
    rewind_to_mark(m);
  } else if (what < 990) {
    check(m);
  } else if (what < 994) {
    mr_status status = mr_allocator_trim(m->allocator);
    assert_true(status == MR_OK || status == MR_UNSUPPORTED);
  } else {
    clear(m);
  }
}

static void it_keeps_to_the_model(void **state) {
  static model m;
  const allocator_fixture *fixture = *state;
  const unsigned long operations = number_of("MEMREGIONS_TEST_OPERATIONS", usual_operations());
  m = (model){.allocator = fixture->make(),
              .random = number_of("MEMREGIONS_TEST_SEED", 1),
              .has_marks = fixture->can_mark};
  if (m.random == 0) m.random = 1;
  for (unsigned long i = 0; i < operations; i++) work(&m);
  check(&m);
  clear(&m);
  fixture->unmake(m.allocator);
}

int allocator_random(const allocator_fixture *fixture) {
  allocator_fixture at = *fixture;
  const struct CMUnitTest tests[] = {cmocka_unit_test_prestate(it_keeps_to_the_model, &at)};
  return cmocka_run_group_tests_name(fixture->name, tests, NULL, NULL);
}
