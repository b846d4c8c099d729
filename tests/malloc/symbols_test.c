/* The functions of malloc, as C17 and glibc's manual have them. Run with the library preloaded, by each of its
 * allocators. */

/* For reallocarray and RTLD_DEFAULT. */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support.h"

/* Hides from the compiler what it would warn of, or leave out. */
static void *volatile kept;
static volatile size_t nothing = 0;
static volatile size_t huge = PTRDIFF_MAX;
static void *(*volatile resize)(void *, size_t) = realloc;
/* Those that not every C library declares. */
static void *(*page_aligned)(size_t);
static void *(*whole_pages)(size_t);
static void (*give_sized)(void *, size_t);
static void (*give_aligned_sized)(void *, size_t, size_t);
static void *(*volatile resize_array)(void *, size_t, size_t) = reallocarray;

static bool is_aligned(const void *pointer, size_t alignment) {
  return (uintptr_t)pointer % alignment == 0;
}

static bool is_all(const void *pointer, int octet, size_t size) {
  const unsigned char *octets = pointer;
  for (size_t i = 0; i < size; i++) {
    if (octets[i] != octet) return false;
  }
  return true;
}

static int find_functions(void **state) {
  (void)state;
  *(void **)&page_aligned = dlsym(RTLD_DEFAULT, "valloc");
  *(void **)&whole_pages = dlsym(RTLD_DEFAULT, "pvalloc");
  *(void **)&give_sized = dlsym(RTLD_DEFAULT, "free_sized");
  *(void **)&give_aligned_sized = dlsym(RTLD_DEFAULT, "free_aligned_sized");
  return 0;
}

static void the_library_is_preloaded(void **state) {
  (void)state;
  Dl_info in;
  assert_true(dladdr(dlsym(RTLD_DEFAULT, "malloc"), &in));
  assert_non_null(strstr(in.dli_fname, "memregions-malloc"));
}

static void nothing_but_malloc_is_exported(void **state) {
  (void)state;
  assert_null(dlsym(RTLD_DEFAULT, "mr_tlsf_init"));
  assert_null(dlsym(RTLD_DEFAULT, "mr_fatal"));
}

static void blocks_of_all_sizes_are_aligned_apart_and_keep_their_contents(void **state) {
  (void)state;
  enum { COUNT = 600 };
  unsigned char *blocks[COUNT];
  for (size_t i = 0; i < COUNT; i++) {
    blocks[i] = malloc(nothing + i * i);
    assert_non_null(blocks[i]);
    assert_true(is_aligned(blocks[i], _Alignof(max_align_t)));
    memset(blocks[i], (int)(i % 251), i * i);
  }
  for (size_t i = 0; i < COUNT; i++) {
    assert_true(is_all(blocks[i], (int)(i % 251), i * i));
    free(blocks[i]);
  }
}

static void blocks_of_no_octets_have_addresses_of_their_own(void **state) {
  (void)state;
  void *one = malloc(nothing);
  void *two = calloc(nothing, 7);
  void *three = memalign(64, 0);

  assert_non_null(one);
  assert_non_null(two);
  assert_non_null(three);
  assert_ptr_not_equal(one, two);

  free(one);
  free(two);
  free(three);
}

static void what_is_too_big_is_out_of_memory(void **state) {
  (void)state;
  size_t sizes[] = {huge, huge + 1, SIZE_MAX, SIZE_MAX - 6, SIZE_MAX - 4096};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    errno = 0;
    kept = malloc(sizes[i]);
    assert_null(kept);
    assert_int_equal(errno, ENOMEM);
    errno = 0;
    kept = calloc(1, sizes[i]);
    assert_null(kept);
    assert_int_equal(errno, ENOMEM);
    errno = 0;
    kept = memalign(4096, sizes[i]);
    assert_null(kept);
    assert_int_equal(errno, ENOMEM);
    errno = 0;
    kept = whole_pages(sizes[i]);
    assert_null(kept);
    assert_int_equal(errno, ENOMEM);
  }
}

static void calloc_gives_zeros_where_others_left_something(void **state) {
  (void)state;
  for (size_t size = 1; size < 1000000; size = size * 3 + 1) {
    for (int i = 0; i < 40; i++) {
      unsigned char *dirty = malloc(size);
      memset(dirty, 0xA5, size);
      free(dirty);
      unsigned char *block = calloc(size, 1);
      assert_true(is_all(block, 0, size));
      free(block);
    }
  }
}

static void products_that_overflow_are_out_of_memory(void **state) {
  (void)state;
  size_t half = huge + 1;
  errno = 0;
  kept = calloc(half, 2);
  assert_null(kept);
  assert_int_equal(errno, ENOMEM);

  void *block = malloc(10);
  errno = 0;
  kept = resize_array(block, half, 2);
  assert_null(kept);
  assert_int_equal(errno, ENOMEM);
  free(block);
}

static void realloc_keeps_contents_through_all_sizes(void **state) {
  (void)state;
  static const size_t sizes[] = {10, 100, 20000, 140000, 3000000, 5000000, 200000, 100, 10, 1};
  unsigned char *block = NULL;
  size_t before = 0;
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    block = realloc(block, sizes[i]);
    assert_non_null(block);
    assert_true(is_all(block, 0x5A, before < sizes[i] ? before : sizes[i]));
    assert_int_equal(malloc_usable_size(block), sizes[i]);
    memset(block, 0x5A, sizes[i]);
    before = sizes[i];
  }
  free(block);
}

static void realloc_to_nothing_releases(void **state) {
  (void)state;
  kept = malloc(10);
  kept = resize(kept, 0);
  assert_null(kept);
}

static void realloc_that_fails_keeps_the_block(void **state) {
  (void)state;
  unsigned char *block = malloc(100);
  memset(block, 0x5A, 100);

  errno = 0;
  kept = resize(block, huge);
  assert_null(kept);
  assert_int_equal(errno, ENOMEM);
  assert_true(is_all(block, 0x5A, 100));
  assert_int_equal(malloc_usable_size(block), 100);

  free(block);
}

static void reallocarray_multiplies(void **state) {
  (void)state;
  void *block = reallocarray(NULL, 10, 30);
  assert_int_equal(malloc_usable_size(block), 300);
  free(block);
}

static void alignments_are_kept_by_realloc_too(void **state) {
  (void)state;
  for (size_t alignment = 1; alignment <= (size_t)1 << 21; alignment *= 2) {
    unsigned char *block = aligned_alloc(alignment, 100);
    assert_non_null(block);
    assert_true(is_aligned(block, alignment));
    memset(block, 0x5A, 100);
    block = realloc(block, 20000);
    assert_non_null(block);
    assert_true(is_aligned(block, 16));
    assert_true(is_all(block, 0x5A, 100));
    free(block);
  }
}

static void an_alignment_that_is_no_power_of_two_is_invalid(void **state) {
  (void)state;
  static const size_t alignments[] = {0, 3, 24, 4097, SIZE_MAX};
  for (size_t i = 0; i < sizeof alignments / sizeof *alignments; i++) {
    errno = 0;
    kept = aligned_alloc(alignments[i], 100);
    assert_null(kept);
    assert_int_equal(errno, EINVAL);
    errno = 0;
    kept = memalign(alignments[i], 100);
    assert_null(kept);
    assert_int_equal(errno, EINVAL);
  }
}

static void the_largest_alignments_are_out_of_memory(void **state) {
  (void)state;
  for (int bit = 48; bit < 64; bit++) {
    errno = 0;
    kept = memalign((size_t)1 << bit, 1);
    assert_null(kept);
    assert_int_equal(errno, ENOMEM);
  }
}

static void posix_memalign_aligns(void **state) {
  (void)state;
  for (size_t alignment = sizeof(void *); alignment <= 65536; alignment *= 2) {
    void *block = NULL;
    assert_int_equal(posix_memalign(&block, alignment, 33), 0);
    assert_true(is_aligned(block, alignment));
    memset(block, 1, 33);
    free(block);
  }
}

static void posix_memalign_that_fails_answers_why_and_writes_nothing(void **state) {
  (void)state;
  int mark;
  void *block = &mark;
  errno = 7;

  assert_int_equal(posix_memalign(&block, 4, 10), EINVAL);
  assert_int_equal(posix_memalign(&block, 24, 10), EINVAL);
  assert_int_equal(posix_memalign(&block, 0, 10), EINVAL);
  assert_int_equal(posix_memalign(&block, 16, huge), ENOMEM);

  assert_ptr_equal(block, &mark);
  assert_int_equal(errno, 7);
}

static void valloc_gives_pages(void **state) {
  (void)state;
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  void *some = page_aligned(10);
  void *whole = whole_pages(page + 1);

  assert_true(is_aligned(some, page));
  assert_true(is_aligned(whole, page));
  assert_int_equal(malloc_usable_size(whole), 2 * page);

  free(some);
  free(whole);
}

static void all_that_is_usable_may_be_written_to(void **state) {
  (void)state;
  for (size_t size = 1; size < 300; size++) {
    void *block = malloc(size);
    assert_true(malloc_usable_size(block) >= size);
    memset(block, 0xFF, malloc_usable_size(block));
    free(block);
  }
  assert_int_equal(malloc_usable_size(NULL), 0);
}

static void free_keeps_errno(void **state) {
  (void)state;
  for (size_t size = 1; size < 10000000; size *= 3) {
    void *block = malloc(size);
    errno = 1234;
    free(block);
    assert_int_equal(errno, 1234);
  }
  free(NULL);
  assert_int_equal(errno, 1234);
}

static void malloc_that_succeeds_keeps_errno(void **state) {
  (void)state;
  errno = 1234;
  for (size_t size = 1; size < 10000000; size *= 3) {
    kept = malloc(size);
    assert_int_equal(errno, 1234);
    free(kept);
  }
}

static void realloc_that_succeeds_keeps_errno(void **state) {
  (void)state;
  errno = 1234;
  kept = NULL;
  /* What can't grow in place is moved, which asks the system for more than it gives. */
  for (size_t size = 1; size < 100000000; size *= 3) {
    kept = resize(kept, size);
    assert_non_null(kept);
    assert_int_equal(errno, 1234);
  }
  kept = resize(kept, 0);
  assert_int_equal(errno, 1234);
}

static void sized_frees_take_the_right_size(void **state) {
  (void)state;
  give_sized(malloc(100), 100);
  give_sized(malloc(nothing), 0);
  give_sized(NULL, 5);
  give_aligned_sized(aligned_alloc(256, 512), 256, 512);
  give_aligned_sized(aligned_alloc(8, 24), 8, 24);
  give_aligned_sized(NULL, 8, 24);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_library_is_preloaded),
      cmocka_unit_test(nothing_but_malloc_is_exported),
      cmocka_unit_test(blocks_of_all_sizes_are_aligned_apart_and_keep_their_contents),
      cmocka_unit_test(blocks_of_no_octets_have_addresses_of_their_own),
      cmocka_unit_test(what_is_too_big_is_out_of_memory),
      cmocka_unit_test(calloc_gives_zeros_where_others_left_something),
      cmocka_unit_test(products_that_overflow_are_out_of_memory),
      cmocka_unit_test(realloc_keeps_contents_through_all_sizes),
      cmocka_unit_test(realloc_to_nothing_releases),
      cmocka_unit_test(realloc_that_fails_keeps_the_block),
      cmocka_unit_test(reallocarray_multiplies),
      cmocka_unit_test(alignments_are_kept_by_realloc_too),
      cmocka_unit_test(an_alignment_that_is_no_power_of_two_is_invalid),
      cmocka_unit_test(the_largest_alignments_are_out_of_memory),
      cmocka_unit_test(posix_memalign_aligns),
      cmocka_unit_test(posix_memalign_that_fails_answers_why_and_writes_nothing),
      cmocka_unit_test(valloc_gives_pages),
      cmocka_unit_test(all_that_is_usable_may_be_written_to),
      cmocka_unit_test(free_keeps_errno),
      cmocka_unit_test(malloc_that_succeeds_keeps_errno),
      cmocka_unit_test(realloc_that_succeeds_keeps_errno),
      cmocka_unit_test(sized_frees_take_the_right_size),
  };
  return cmocka_run_group_tests(tests, find_functions, NULL);
}
