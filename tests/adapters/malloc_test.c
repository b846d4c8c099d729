#include "memregions/adapters/malloc.h"

#include <string.h>

#include "failing_allocator.h"
#include "memregions/arena.h"
#include "support.h"

static test_allocator allocator;
static const unsigned char digits[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

static int set_up(void **state) {
  (void)state;
  test_allocator_init(&allocator);
  return 0;
}

/* All that was taken has gone back, or the test fails. */
static int tear_down(void **state) {
  (void)state;
  mr_set_current_allocator(NULL);
  test_allocator_fini(&allocator);
  return 0;
}

static void *take(size_t size) {
  unsigned char *block = mr_adapter_malloc(&allocator, size);
  assert_non_null(block);
  memset(block, 7, size);
  return block;
}

static void give_back(void *block) {
  size_t before = allocator.live_blocks;
  mr_adapter_free(&allocator, block);
  assert_int_equal(allocator.live_blocks, before - 1);
}

static void blocks_are_aligned_and_take_16_octets_more(void **state) {
  (void)state;
  for (size_t size = 0; size < 100; size++) {
    void *block = take(size);
    assert_int_equal((uintptr_t)block % 16, 0);
    assert_int_equal(mr_adapter_size(&allocator, block), size);
    assert_int_equal(allocator.live_octets, size + 16);
    give_back(block);
  }
}

static void a_block_of_no_octets_has_an_address_of_its_own(void **state) {
  (void)state;
  void *first = take(0);
  void *second = mr_adapter_calloc(&allocator, 0, 8);
  assert_non_null(second);
  assert_ptr_not_equal(first, second);
  give_back(first);
  give_back(second);
}

static void calloc_gives_zeros(void **state) {
  (void)state;
  const unsigned char zeros[60] = {0};
  void *block = mr_adapter_calloc(&allocator, 20, 3);
  assert_memory_equal(block, zeros, 60);
  give_back(block);
}

static void realloc_keeps_what_is_there(void **state) {
  (void)state;
  const size_t sizes[] = {100, 5000, 5000, 10, 0, 40};
  unsigned char *block = mr_adapter_realloc(&allocator, NULL, 30);
  memcpy(block, digits, sizeof digits);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    block = mr_adapter_realloc(&allocator, block, sizes[i]);
    assert_non_null(block);
    assert_int_equal(mr_adapter_size(&allocator, block), sizes[i]);
    if (i < 4) assert_memory_equal(block, digits, sizeof digits);
  }
  give_back(block);
}

static void without_memory_the_answer_is_null_and_the_block_stays(void **state) {
  (void)state;
  unsigned char *block = take(10);
  allocator.fail_at = allocator.requests + 1;
  allocator.fails_on = true;
  assert_null(mr_adapter_malloc(&allocator, 1));
  assert_null(mr_adapter_calloc(&allocator, 1, 1));
  assert_null(mr_adapter_realloc(&allocator, NULL, 1));
  assert_null(mr_adapter_realloc(&allocator, block, 11));
  assert_int_equal(mr_adapter_size(&allocator, block), 10);
  assert_int_equal(block[9], 7);
  give_back(block);
}

static void what_cannot_be_counted_is_refused(void **state) {
  (void)state;
  void *block = take(10);
  const size_t sizes[] = {SIZE_MAX,      SIZE_MAX - 15,        SIZE_MAX - 16,
                          PTRDIFF_MAX,   PTRDIFF_MAX - 15,     (size_t)PTRDIFF_MAX + 1,
                          SIZE_MAX - 32, SIZE_MAX / 2 + 1 - 16};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    assert_null(mr_adapter_malloc(&allocator, sizes[i]));
    assert_null(mr_adapter_calloc(&allocator, 1, sizes[i]));
    assert_null(mr_adapter_realloc(&allocator, block, sizes[i]));
    assert_null(mr_adapter_current_malloc(sizes[i]));
  }
  assert_null(mr_adapter_calloc(&allocator, SIZE_MAX / 8 + 2, 8));
  assert_null(mr_adapter_calloc(&allocator, SIZE_MAX / 2, SIZE_MAX / 2));
  give_back(block);
}

static void to_make_a_block_smaller_never_fails(void **state) {
  (void)state;
  unsigned char *block = take(1000);
  allocator.always_moves = true;
  allocator.fail_at = allocator.requests + 1;
  allocator.fails_on = true;
  assert_ptr_equal(mr_adapter_realloc(&allocator, block, 10), block);
  assert_ptr_equal(mr_adapter_realloc(&allocator, block, 0), block);
  assert_int_equal(mr_adapter_size(&allocator, block), 1000);
  assert_int_equal(block[999], 7);
  give_back(block);
}

static void null_is_no_block(void **state) {
  (void)state;
  mr_adapter_free(&allocator, NULL);
  mr_adapter_current_free(NULL);
  assert_int_equal(mr_adapter_size(&allocator, NULL), 0);
}

static void nothing_is_done_to(void *pointer) {
  size_t octets = allocator.live_octets;
  size_t requests = allocator.requests;
  mr_adapter_free(&allocator, pointer);
  assert_null(mr_adapter_realloc(&allocator, pointer, 10));
  assert_int_equal(mr_adapter_size(&allocator, pointer), 0);
  assert_int_equal(allocator.live_octets, octets);
  assert_int_equal(allocator.requests, requests);
}

static void what_is_no_block_is_left_alone(void **state) {
  (void)state;
  _Alignas(16) unsigned char foreign[64] = {1};
  unsigned char *block = take(100);
  nothing_is_done_to(foreign + 16);
  nothing_is_done_to(block + 16);
  nothing_is_done_to(block + 1);
  give_back(block);
}

static void any_damage_before_a_block_is_found(void **state) {
  (void)state;
  unsigned char *block = take(100);
  for (size_t i = 0; i < sizeof(mr_adapter_prefix) * 8; i++) {
    unsigned char *octet = block - 16 + i / 8;
    *octet = (unsigned char)(*octet ^ 1U << i % 8);
    nothing_is_done_to(block);
    *octet = (unsigned char)(*octet ^ 1U << i % 8);
  }
  give_back(block);
}

static void a_block_of_another_allocator_is_left_alone(void **state) {
  (void)state;
  mr_arena arena;
  assert_int_equal(mr_arena_init(&arena, NULL), MR_OK);
  void *block = mr_adapter_malloc(&arena, 100);
  nothing_is_done_to(block);
  assert_int_equal(mr_adapter_size(&arena, block), 100);
  mr_arena_fini(&arena);
}

/* An allocator of two blocks, whose memory stays readable when it has gone back, as an arena's does. */
typedef struct keeper {
  mr_allocator base;
  size_t requests;
  size_t releases;
  _Alignas(16) unsigned char memory[2][128];
} keeper;

static mr_region keeper_allocate(mr_allocator *self, size_t size, size_t alignment,
                                 unsigned flags) {
  keeper *two = (keeper *)self;
  (void)alignment, (void)flags;
  assert_in_range(two->requests, 0, 1);
  return mr_region_of(two->memory[two->requests++], size);
}

static mr_status keeper_release(mr_allocator *self, mr_region block, size_t alignment) {
  (void)block, (void)alignment;
  ((keeper *)self)->releases++;
  return MR_OK;
}

static const mr_allocator_ops keeper_ops = {.struct_size = sizeof keeper_ops,
                                            .name = "keeper",
                                            .allocate = keeper_allocate,
                                            .release = keeper_release};

static void a_block_is_given_back_once(void **state) {
  (void)state;
  keeper two = {.base = {&keeper_ops}};
  void *block = mr_adapter_malloc(&two, 100);
  mr_adapter_free(&two, block);
  mr_adapter_free(&two, block);
  assert_null(mr_adapter_realloc(&two, block, 10));
  assert_int_equal(two.releases, 1);
}

static void where_a_block_was_before_it_moved_is_no_block(void **state) {
  (void)state;
  keeper two = {.base = {&keeper_ops}};
  void *block = mr_adapter_malloc(&two, 100);
  void *moved = mr_adapter_realloc(&two, block, 110);
  assert_ptr_not_equal(moved, block);
  assert_int_equal(mr_adapter_size(&two, moved), 110);
  mr_adapter_free(&two, block);
  assert_int_equal(two.releases, 1);
}

/* An allocator that takes nothing back. */
static mr_status refuse(mr_allocator *self, mr_region block, size_t alignment) {
  (void)self, (void)block, (void)alignment;
  return MR_CORRUPT;
}

static void what_the_allocator_does_not_take_back_is_a_block_still(void **state) {
  (void)state;
  mr_allocator_ops refusing = *allocator.base.ops;
  const mr_allocator_ops *ops = allocator.base.ops;
  refusing.release = refuse;
  void *block = take(10);
  allocator.base.ops = &refusing;
  mr_adapter_free(&allocator, block);
  allocator.base.ops = ops;
  assert_int_equal(mr_adapter_size(&allocator, block), 10);
  give_back(block);
}

static void a_null_context_is_the_system_allocator(void **state) {
  (void)state;
  void *block = mr_adapter_malloc(NULL, 10);
  assert_int_equal(mr_adapter_size(mr_system_allocator(), block), 10);
  mr_adapter_free(NULL, block);
}

static void without_a_context_the_current_allocator_gives(void **state) {
  (void)state;
  mr_set_current_allocator(&allocator.base);
  for (size_t size = 0; size < 100; size++) {
    unsigned char *block = mr_adapter_current_malloc(size);
    memset(block, 7, size);
    assert_int_equal((uintptr_t)block % 16, 0);
    assert_int_equal(allocator.live_octets, size + 32);
    mr_adapter_current_free(block);
    assert_int_equal(allocator.live_blocks, 0);
  }
}

static void without_a_context_a_block_stays_with_its_allocator(void **state) {
  (void)state;
  mr_set_current_allocator(&allocator.base);
  unsigned char *block = mr_adapter_current_realloc(NULL, 10);
  memcpy(block, digits, sizeof digits);
  mr_set_current_allocator(NULL);
  block = mr_adapter_current_realloc(block, 1000);
  assert_int_equal(allocator.live_octets, 1032);
  block = mr_adapter_current_realloc(block, 10);
  assert_int_equal(allocator.live_octets, 42);
  assert_memory_equal(block, digits, sizeof digits);
  mr_adapter_current_free(block);
  assert_int_equal(allocator.live_blocks, 0);
}

static void without_a_context_and_memory_the_answer_is_null(void **state) {
  (void)state;
  mr_set_current_allocator(&allocator.base);
  void *block = mr_adapter_current_malloc(10);
  allocator.fail_at = allocator.requests + 1;
  allocator.fails_on = true;
  assert_null(mr_adapter_current_malloc(10));
  assert_null(mr_adapter_current_realloc(block, 11));
  assert_null(mr_adapter_current_realloc(block, SIZE_MAX));
  assert_int_equal(allocator.live_octets, 42);
  mr_adapter_current_free(block);
}

static void without_a_context_any_damage_is_found(void **state) {
  (void)state;
  mr_set_current_allocator(&allocator.base);
  unsigned char *block = mr_adapter_current_malloc(10);
  for (size_t i = 0; i < 32; i++) {
    /* The rest of what the allocator's address stands in is padding. */
    if (i >= 16 + sizeof(mr_adapter_origin)) break;
    unsigned char *octet = block - 32 + i;
    *octet = (unsigned char)(*octet ^ 0x10U);
    mr_adapter_current_free(block);
    assert_null(mr_adapter_current_realloc(block, 10));
    assert_int_equal(allocator.live_octets, 42);
    *octet = (unsigned char)(*octet ^ 0x10U);
  }
  mr_adapter_current_free(block + 1);
  assert_null(mr_adapter_current_realloc(block + 1, 10));
  mr_adapter_current_free(block);
  assert_int_equal(allocator.live_blocks, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(blocks_are_aligned_and_take_16_octets_more),
      TEST(a_block_of_no_octets_has_an_address_of_its_own),
      TEST(calloc_gives_zeros),
      TEST(realloc_keeps_what_is_there),
      TEST(without_memory_the_answer_is_null_and_the_block_stays),
      TEST(what_cannot_be_counted_is_refused),
      TEST(to_make_a_block_smaller_never_fails),
      TEST(null_is_no_block),
      TEST(what_is_no_block_is_left_alone),
      TEST(any_damage_before_a_block_is_found),
      TEST(a_block_of_another_allocator_is_left_alone),
      TEST(a_block_is_given_back_once),
      TEST(where_a_block_was_before_it_moved_is_no_block),
      TEST(what_the_allocator_does_not_take_back_is_a_block_still),
      TEST(a_null_context_is_the_system_allocator),
      TEST(without_a_context_the_current_allocator_gives),
      TEST(without_a_context_a_block_stays_with_its_allocator),
      TEST(without_a_context_and_memory_the_answer_is_null),
      TEST(without_a_context_any_damage_is_found),
  };
  return cmocka_run_group_tests_name("adapters: malloc", tests, NULL, NULL);
}
