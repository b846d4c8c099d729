/* For MAP_ANONYMOUS. */
#define _DEFAULT_SOURCE

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memregions/tlsf.h"
#include "support.h"

/* Memory of more than 4 GiB, of which little is touched. */

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_WATCHED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define IS_WATCHED 1
#endif

#define GIB ((size_t)1 << 30)
#define SIZE (5 * GIB + 4096)

static mr_region memory;
static mr_tlsf tlsf;

/* Tools that watch memory take memory for it. */
static bool can_run(void) {
#if defined(IS_WATCHED)
  return false;
#elif defined(RUNNING_ON_VALGRIND)
  return SIZE_MAX > UINT32_MAX && !RUNNING_ON_VALGRIND;
#else
  return SIZE_MAX > UINT32_MAX;
#endif
}

static int set_up(void **state) {
  (void)state;
  if (!can_run()) return 0;
  void *start =
      mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED) return 0;
  memory = mr_region_of(start, SIZE);
  mr_tlsf_options options = {.storage = memory};
  assert_int_equal(mr_tlsf_init(&tlsf, &options), MR_OK);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  if (!memory.pointer) return 0;
  mr_tlsf_fini(&tlsf);
  munmap(memory.pointer, memory.size);
  memory = mr_region_of(NULL, 0);
  return 0;
}

/* How much of the memory was touched. */
static size_t touched(void) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = SIZE / page;
  unsigned char *is_there = malloc(pages);
  size_t count = 0;
  assert_non_null(is_there);
  assert_int_equal(mincore(memory.pointer, SIZE, is_there), 0);
  for (size_t i = 0; i < pages; i++) count += is_there[i] & 1;
  free(is_there);
  return count * page;
}

static mr_region take(size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate(&tlsf.base, size, &block), MR_OK);
  assert_int_equal(block.size, size);
  return block;
}

static void give(mr_region block) { assert_int_equal(mr_deallocate(&tlsf.base, &block), MR_OK); }

static void mark_ends(mr_region block, int octet) {
  memset(block.pointer, octet, 16);
  memset((unsigned char *)block.pointer + block.size - 16, octet, 16);
}

static void assert_ends(mr_region block, int octet) {
  const unsigned char *octets = block.pointer;
  assert_int_equal(octets[0], octet);
  assert_int_equal(octets[block.size - 1], octet);
}

static void making_it_touches_its_record_only(void **state) {
  (void)state;
  if (!memory.pointer) skip();
  assert_true(touched() <= 16384);
  give(take(64));
  assert_true(touched() <= 32768);
}

static void blocks_above_4_gib_are_blocks(void **state) {
  (void)state;
  if (!memory.pointer) skip();
  mr_region large = take(4 * GIB + GIB / 2 + 1), small = take(100);
  mark_ends(large, 1);
  mark_ends(small, 2);
  assert_true((uintptr_t)small.pointer - (uintptr_t)memory.pointer > 4 * GIB);
  assert_int_equal(mr_allocator_check(&tlsf.base, NULL), MR_OK);
  assert_int_equal(mr_allocator_owns(&tlsf.base, mr_region_view(large)), MR_OWNS_YES);

  mr_region wrong = {large.pointer, 4 * GIB}, inside = {(char *)large.pointer + 4 * GIB, 16};
  assert_int_equal(mr_deallocate(&tlsf.base, &wrong), MR_CORRUPT);
  assert_int_equal(mr_deallocate(&tlsf.base, &inside), MR_CORRUPT);
  assert_int_equal(mr_allocator_owns(&tlsf.base, mr_region_view(inside)), MR_OWNS_YES);

  assert_ends(large, 1);
  assert_ends(small, 2);
  give(large);
  assert_int_equal(mr_allocator_check(&tlsf.base, NULL), MR_OK);
  give(small);
  assert_int_equal(mr_allocator_trim(&tlsf.base), MR_OK);
  assert_true(touched() <= 65536);
}

static void blocks_grow_and_shrink_by_more_than_4_gib(void **state) {
  (void)state;
  if (!memory.pointer) skip();
  mr_region block = take(100);
  const void *start = block.pointer;
  mark_ends(block, 3);
  assert_int_equal(mr_reallocate(&tlsf.base, &block, 4 * GIB + 100), MR_OK);
  assert_ptr_equal(block.pointer, start);
  mr_region after = take(1000);
  assert_int_equal(mr_reallocate(&tlsf.base, &block, 100), MR_OK);
  assert_ends(block, 3);
  assert_int_equal(mr_allocator_check(&tlsf.base, NULL), MR_OK);
  mr_region between = take(4 * GIB - 16);
  assert_true((uintptr_t)between.pointer < (uintptr_t)after.pointer);
  give(after);
  give(block);
  give(between);
}

static void the_maximum_is_had_exactly(void **state) {
  (void)state;
  if (!memory.pointer) skip();
  size_t maximum = 0;
  mr_region more = {NULL, 0};
  assert_int_equal(mr_maximum_block_size(&tlsf.base, &maximum), MR_OK);
  assert_true(maximum > SIZE / 100 * 98);
  mr_region block = take(maximum);
  mark_ends(block, 4);
  assert_int_equal(mr_allocate(&tlsf.base, 1, &more), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_allocate(&tlsf.base, maximum + 1, &more), MR_BLOCK_TOO_BIG);
  give(block);
  assert_int_equal(mr_allocator_check(&tlsf.base, NULL), MR_OK);
}

static void small_blocks_above_4_gib_come_and_go(void **state) {
  (void)state;
  if (!memory.pointer) skip();
  enum { COUNT = 20000 };
  static mr_region blocks[COUNT];
  mr_region large = take(4 * GIB + GIB / 4);
  for (size_t i = 0; i < COUNT; i++) blocks[i] = take(i % 700 + 1);
  give(large);
  for (size_t i = 0; i < COUNT; i += 2) give(blocks[i]);
  assert_int_equal(mr_allocator_check(&tlsf.base, NULL), MR_OK);
  for (size_t i = 1; i < COUNT; i += 2) give(blocks[i]);
  assert_int_equal(mr_allocator_check(&tlsf.base, NULL), MR_OK);
  assert_int_equal(mr_allocator_trim(&tlsf.base), MR_OK);
  give(take(5 * GIB - GIB / 8));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(making_it_touches_its_record_only),         TEST(blocks_above_4_gib_are_blocks),
      TEST(blocks_grow_and_shrink_by_more_than_4_gib), TEST(the_maximum_is_had_exactly),
      TEST(small_blocks_above_4_gib_come_and_go),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
