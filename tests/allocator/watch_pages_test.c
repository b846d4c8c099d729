#include <string.h>

#include "memregions/guarded.h"
#include "memregions/pages.h"
#include "support.h"

/*
 * What tools that watch memory are told of blocks that are whole pages: the octets of the last page that are no block's
 * are hidden, and every octet of a block is not.
 *
 * In a build for AddressSanitizer it is asked; in any other, this program stands in for it, as in watch_test.c.
 */

#if defined(__SANITIZE_ADDRESS__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c) */
#if HAS_SANITIZER

int __asan_address_is_poisoned(const volatile void *address);

static bool is_hidden(const void *address) { return __asan_address_is_poisoned(address); }

#else

/* What was said, the last of it last. */
static struct {
  uintptr_t start;
  size_t size;
  bool is_hidden;
} said[1000];
static size_t times;

static void note(const volatile void *start, size_t size, bool hidden) {
  assert_true(times < sizeof said / sizeof *said);
  said[times].start = (uintptr_t)start;
  said[times].size = size;
  said[times++].is_hidden = hidden;
}

void __asan_poison_memory_region(const volatile void *start, size_t size);
void __asan_unpoison_memory_region(const volatile void *start, size_t size);

__attribute__((visibility("default"))) void __asan_poison_memory_region(const volatile void *start,
                                                                        size_t size) {
  note(start, size, true);
}

__attribute__((visibility("default"))) void __asan_unpoison_memory_region(
    const volatile void *start, size_t size) {
  note(start, size, false);
}

static bool is_hidden(const void *address) {
  for (size_t i = times; i > 0; i--) {
    if ((uintptr_t)address - said[i - 1].start < said[i - 1].size) return said[i - 1].is_hidden;
  }
  return false;
}

#endif
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c) */

static mr_region take(mr_allocator *allocator, size_t size, size_t alignment) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate_aligned(allocator, size, alignment, &block), MR_OK);
  return block;
}

static void assert_shown(mr_region block) {
  const unsigned char *octets = block.pointer;
  for (size_t i = 0; i < block.size; i++) assert_false(is_hidden(octets + i));
}

static void the_rest_of_a_last_page_is_hidden_as_a_block_changes(void **state) {
  (void)state;
  static const size_t sizes[] = {4000, 100, 5000, 100001, 70001, 4096, 9};
  mr_pages pages;
  assert_int_equal(mr_pages_init(&pages, NULL), MR_OK);
  mr_region block = {NULL, 0};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    assert_int_equal(mr_reallocate(&pages.base, &block, sizes[i]), MR_OK);
    assert_shown(block);
    if (sizes[i] % 4096 != 0) assert_true(is_hidden(mr_region_end(block)));
  }
  mr_region moved = pages.base.ops->remap(&pages.base, block, 30000, 16);
  if (moved.pointer) {
    block = moved;
    assert_shown(block);
    assert_true(is_hidden(mr_region_end(block)));
  }
  assert_int_equal(mr_deallocate(&pages.base, &block), MR_OK);
  mr_pages_fini(&pages);
}

static void a_released_blocks_pages_are_as_they_were(void **state) {
  (void)state;
  mr_pages pages;
  assert_int_equal(mr_pages_init(&pages, NULL), MR_OK);
  mr_region block = take(&pages.base, 100, 16);
  const unsigned char *end = mr_region_end(block);
  assert_int_equal(mr_deallocate(&pages.base, &block), MR_OK);
  assert_false(is_hidden(end));
  mr_pages_fini(&pages);
}

static void what_lies_beside_a_guarded_block_is_hidden(void **state) {
  (void)state;
  mr_guarded guarded;
  assert_int_equal(mr_guarded_init(&guarded, NULL), MR_OK);
  mr_region block = take(&guarded.base, 101, 16);
  const unsigned char *start = block.pointer;
  for (int i = 0; i < 2; i++) {
    assert_shown(block);
    assert_true(is_hidden(start - 1));
    assert_true(is_hidden(start + 101));
    assert_int_equal(mr_allocator_check(&guarded.base, NULL), MR_OK);
  }
  assert_int_equal(mr_deallocate(&guarded.base, &block), MR_OK);
  assert_false(is_hidden(start - 1));
  assert_false(is_hidden(start + 101));
  mr_guarded_fini(&guarded);
}

static void nothing_stays_hidden_at_the_end(void **state) {
  (void)state;
  mr_guarded guarded;
  assert_int_equal(mr_guarded_init(&guarded, NULL), MR_OK);
  const unsigned char *start = take(&guarded.base, 101, 16).pointer;
  mr_guarded_fini(&guarded);
  assert_false(is_hidden(start - 1));
  assert_false(is_hidden(start + 101));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_rest_of_a_last_page_is_hidden_as_a_block_changes),
      cmocka_unit_test(a_released_blocks_pages_are_as_they_were),
      cmocka_unit_test(what_lies_beside_a_guarded_block_is_hidden),
      cmocka_unit_test(nothing_stays_hidden_at_the_end),
  };
  return cmocka_run_group_tests_name("watch_pages", tests, NULL, NULL);
}
