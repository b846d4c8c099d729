/* For mremap. */
#define _GNU_SOURCE

#include "memregions/pages.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/syscall.h>
#endif

#include "allocator_conformance.h"
#include "allocator_random.h"
#include "support.h"
#include "tools.h"

static const size_t MIB = (size_t)1 << 20;

static mr_pages pages;
static size_t page;

static void init_with(mr_pages_options options) {
  page = (size_t)sysconf(_SC_PAGESIZE);
  assert_int_equal(mr_pages_init(&pages, &options), MR_OK);
}

static void fini(void) {
  size_t used = 1;
  assert_int_equal(mr_used_space(&pages.base, &used), MR_OK);
  assert_int_equal(used, 0);
  mr_pages_fini(&pages);
}

static mr_allocator *make_plain(void) {
  assert_int_equal(mr_pages_init(&pages, NULL), MR_OK);
  return &pages.base;
}

static mr_allocator *make_guarded(void) {
  init_with((mr_pages_options){.has_guards = true});
  return &pages.base;
}

static mr_allocator *make_huge(void) {
  init_with((mr_pages_options){.kind = MR_PAGES_HUGE});
  return &pages.base;
}

static mr_allocator *make_huge_and_guarded(void) {
  init_with((mr_pages_options){.kind = MR_PAGES_HUGE, .has_guards = true});
  return &pages.base;
}

static void unmake(mr_allocator *allocator) {
  assert_ptr_equal(allocator, &pages.base);
  assert_true(mr_pages_is_sound(&pages));
  fini();
}

static mr_region take(size_t size, size_t alignment) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate_aligned(&pages.base, size, alignment, &block), MR_OK);
  return block;
}

static void give(mr_region block, size_t alignment) {
  assert_int_equal(mr_deallocate_aligned(&pages.base, &block, alignment), MR_OK);
}

static size_t used_now(void) {
  size_t used = SIZE_MAX;
  assert_int_equal(mr_used_space(&pages.base, &used), MR_OK);
  return used;
}

/* Whether a child that writes an octet there dies of it. Tools turn such a death into an exit of their own. */
static bool is_inaccessible(const unsigned char *address) {
  pid_t child = fork();
  if (child == 0) {
    (void)signal(SIGSEGV, SIG_DFL);
    *(volatile unsigned char *)(uintptr_t)address = 1;
    _exit(0);
  }
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  return status != 0;
}

static void assert_guards(mr_region block) {
  const unsigned char *start = block.pointer;
  const unsigned char *end = start + (block.size + page - 1) / page * page;
  assert_true(is_inaccessible(start - 1));
  assert_true(is_inaccessible(start - page));
  assert_true(is_inaccessible(end));
  assert_true(is_inaccessible(end + page - 1));
  assert_false(is_inaccessible(start));
  assert_false(is_inaccessible(start + block.size - 1));
}

static bool is_mapped(unsigned char *address) {
  unsigned char is_resident = 0;
  return mincore(address, page, &is_resident) == 0;
}

static void unknown_pages_are_invalid(void **state) {
  (void)state;
  mr_pages other;
  const mr_pages_options options = {.kind = (mr_page_kind)7};
  assert_int_equal(mr_pages_init(&other, &options), MR_INVALID_ARGUMENT);
}

static void blocks_start_at_a_page_and_are_zero(void **state) {
  (void)state;
  init_with((mr_pages_options){.has_guards = false});
  mr_region dirty = take(3 * page, 16);
  memset(dirty.pointer, 1, dirty.size);
  give(dirty, 16);
  mr_region block = take(3 * page - 5, 16);
  const unsigned char *octets = block.pointer;

  assert_true(mr_is_aligned(mr_region_view(block), page));
  for (size_t i = 0; i < block.size; i++) assert_int_equal(octets[i], 0);

  give(block, 16);
  fini();
}

static void usage_is_whole_pages(void **state) {
  (void)state;
  init_with((mr_pages_options){.has_guards = true});
  mr_region first = take(1, 16);
  assert_int_equal(used_now(), page);
  mr_region second = take(page + 1, 4 * page);
  assert_int_equal(used_now(), 3 * page);
  assert_int_equal(mr_reallocate(&pages.base, &first, 5 * page), MR_OK);
  assert_int_equal(used_now(), 7 * page);
  assert_int_equal(mr_reallocate(&pages.base, &first, page), MR_OK);
  assert_int_equal(used_now(), 3 * page);
  give(first, 16);
  give(second, 4 * page);
  fini();
}

static void alignments_above_a_page_hold_with_and_without_guards(void **state) {
  (void)state;
  for (int has_guards = 0; has_guards <= 1; has_guards++) {
    init_with((mr_pages_options){.has_guards = has_guards});
    for (size_t alignment = page; alignment <= 64 * MIB; alignment *= 4) {
      mr_region block = take(page + 100, alignment);
      assert_true(mr_is_aligned(mr_region_view(block), alignment));
      memset(block.pointer, 7, block.size);
      assert_int_equal(mr_reallocate_aligned(&pages.base, &block, 20 * page, alignment), MR_OK);
      assert_true(mr_is_aligned(mr_region_view(block), alignment));
      assert_int_equal(((unsigned char *)block.pointer)[page + 99], 7);
      give(block, alignment);
    }
    fini();
  }
}

static void pages_beside_a_guarded_block_are_inaccessible(void **state) {
  (void)state;
  init_with((mr_pages_options){.has_guards = true});
  mr_region small = take(10, 16), aligned = take(3 * page, 8 * page);
  assert_guards(small);
  assert_guards(aligned);
  give(small, 16);
  give(aligned, 8 * page);
  fini();
}

static void guards_follow_a_block_that_changes(void **state) {
  (void)state;
  static const size_t counts[] = {4, 40, 39, 7, 8, 1};
  init_with((mr_pages_options){.has_guards = true});
  mr_region block = take(2 * page, 16);
  memset(block.pointer, 9, block.size);
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    assert_int_equal(mr_reallocate(&pages.base, &block, counts[i] * page - 3), MR_OK);
    assert_guards(block);
    assert_int_equal(((unsigned char *)block.pointer)[page - 4], 9);
  }
  give(block, 16);
  fini();
}

static void a_block_shrinks_in_place(void **state) {
  (void)state;
  for (int has_guards = 0; has_guards <= 1; has_guards++) {
    init_with((mr_pages_options){.has_guards = has_guards});
    mr_region block = take(10 * page, 16);
    const void *start = block.pointer;
    memset(block.pointer, 5, block.size);

    assert_int_equal(mr_reallocate(&pages.base, &block, 2 * page + 1), MR_OK);

    assert_ptr_equal(block.pointer, start);
    assert_int_equal(((unsigned char *)block.pointer)[2 * page], 5);
    give(block, 16);
    fini();
  }
}

static void a_block_grows_in_place_where_addresses_are_free(void **state) {
  (void)state;
  for (int has_guards = 0; has_guards <= 1; has_guards++) {
    init_with((mr_pages_options){.has_guards = has_guards});
    /* What it is cut down from leaves room behind it, unless somebody else takes that. */
    mr_region block = take(100 * page, 16);
    assert_true(pages.base.ops->resize(&pages.base, block, 2 * page, 16));
    block.size = 2 * page;
    memset(block.pointer, 5, block.size);

    assert_true(pages.base.ops->resize(&pages.base, block, 50 * page, 16));

    block.size = 50 * page;
    unsigned char *octets = block.pointer;
    assert_int_equal(octets[2 * page - 1], 5);
    assert_int_equal(octets[2 * page], 0);
    memset(octets, 6, block.size);
    give(block, 16);
    fini();
  }
}

static void a_block_does_not_grow_over_what_is_mapped_behind_it(void **state) {
  (void)state;
  init_with((mr_pages_options){.has_guards = false});
  mr_region block = take(4 * page, 16);
  assert_true(pages.base.ops->resize(&pages.base, block, page, 16));
  block.size = page;
  unsigned char *behind = (unsigned char *)block.pointer + page;
  unsigned char *other =
      mmap(behind, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  assert_ptr_equal(other, behind);
  *other = 3;

  assert_false(pages.base.ops->resize(&pages.base, block, 2 * page, 16));
  assert_int_equal(mr_reallocate(&pages.base, &block, 2 * page), MR_OK);

  assert_int_equal(*other, 3);
  assert_ptr_not_equal(block.pointer, (void *)(behind - page));
  (void)munmap(other, page);
  give(block, 16);
  fini();
}

static void growing_moves_pages_and_copies_nothing(void **state) {
  (void)state;
#if !defined(__linux__)
  skip();
#endif
  for (int has_guards = 0; has_guards <= 1; has_guards++) {
    init_with((mr_pages_options){.has_guards = has_guards});
    mr_region block = take(3 * page, 4 * page);
    memset(block.pointer, 5, block.size);

    mr_region moved = pages.base.ops->remap(&pages.base, block, 9 * page, 4 * page);

    assert_ptr_not_equal(moved.pointer, block.pointer);
    assert_true(mr_is_aligned(mr_region_view(moved), 4 * page));
    assert_int_equal(((unsigned char *)moved.pointer)[3 * page - 1], 5);
    assert_int_equal(((unsigned char *)moved.pointer)[3 * page], 0);
    unsigned char *old = block.pointer;
    for (size_t i = 0; i < 3; i++) assert_false(is_mapped(old + i * page));
    if (has_guards) assert_false(is_mapped(old - page) || is_mapped(old + 3 * page));
    if (has_guards) assert_guards(moved);
    give(moved, 4 * page);
    fini();
  }
}

static void what_can_be_no_block_is_corrupt(void **state) {
  (void)state;
  init_with((mr_pages_options){.has_guards = false});
  mr_region block = take(page, 16);
  mr_region inside = {(unsigned char *)block.pointer + 16, 100};
  mr_region too_large = {block.pointer, 100 * page};
  mr_region kept = inside;

  assert_int_equal(mr_deallocate(&pages.base, &inside), MR_CORRUPT);
  assert_int_equal(mr_deallocate(&pages.base, &too_large), MR_CORRUPT);
  assert_int_equal(mr_deallocate_aligned(&pages.base, &block, (size_t)1 << 62), MR_CORRUPT);
  assert_false(pages.base.ops->resize(&pages.base, inside, 50, 16));
  assert_null(pages.base.ops->remap(&pages.base, inside, 5000, 16).pointer);

  assert_memory_equal(&inside, &kept, sizeof kept);
  assert_int_equal(used_now(), page);
  give(block, 16);
  fini();
}

static void huge_blocks_are_whole_huge_pages(void **state) {
  (void)state;
  for (int has_guards = 0; has_guards <= 1; has_guards++) {
    init_with((mr_pages_options){.kind = MR_PAGES_HUGE, .has_guards = has_guards});
    mr_region small = take(2 * MIB - 1, 16), huge = take(2 * MIB + 1, 16);
    mr_region aligned = take(2 * MIB, 8 * MIB);

    assert_true(mr_is_aligned(mr_region_view(huge), 2 * MIB));
    assert_true(mr_is_aligned(mr_region_view(aligned), 8 * MIB));
    assert_int_equal(used_now(), 2 * MIB + 4 * MIB + 2 * MIB);
    assert_int_equal(mr_good_size(&pages.base, 2 * MIB + 1, 16), 4 * MIB);
    memset(huge.pointer, 1, huge.size);

    give(small, 16);
    give(huge, 16);
    give(aligned, 8 * MIB);
    fini();
  }
}

static void huge_blocks_grow_and_shrink(void **state) {
  (void)state;
  static const size_t halves[] = {5, 6, 30, 8, 1, 3, 4};
  init_with((mr_pages_options){.kind = MR_PAGES_HUGE});
  mr_region block = take(2 * MIB, 16);
  memset(block.pointer, 8, 100);
  for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
    assert_int_equal(mr_reallocate(&pages.base, &block, halves[i] * MIB / 2), MR_OK);
    assert_int_equal(((unsigned char *)block.pointer)[99], 8);
    ((unsigned char *)block.pointer)[block.size - 1] = 1;
  }
  give(block, 16);
  fini();
}

static void a_block_that_grows_to_be_huge_is_whole_huge_pages(void **state) {
  (void)state;
  for (int has_guards = 0; has_guards <= 1; has_guards++) {
    init_with((mr_pages_options){.kind = MR_PAGES_HUGE, .has_guards = has_guards});
    /* Where it stands it could grow, for systems put a block before the last one; but rarely from a huge page's start. */
    mr_region behind = take(2 * MIB - page, 16), block = take(2 * MIB - page, 16);
    give(behind, 16);
    memset(block.pointer, 5, page);

    assert_int_equal(mr_reallocate(&pages.base, &block, 2 * MIB), MR_OK);

    assert_true(mr_is_aligned(mr_region_view(block), 2 * MIB));
    assert_int_equal(((unsigned char *)block.pointer)[page - 1], 5);
    give(block, 16);
    fini();
  }
}

static void decommitted_pages_are_zero_and_parts_of_pages_are_kept(void **state) {
  (void)state;
  init_with((mr_pages_options){.has_guards = false});
  mr_region block = take(4 * page, 16), part = {NULL, 0};
  memset(block.pointer, 5, block.size);
  assert_int_equal(mr_subregion(block, mr_range_of(1, 3 * page + 7), &part), MR_OK);

  assert_int_equal(mr_pages_decommit(part), MR_OK);

  const unsigned char *octets = block.pointer;
  for (size_t i = 0; i < block.size; i++)
    assert_int_equal(octets[i], i >= page && i < 3 * page ? 0 : 5);
  ((unsigned char *)block.pointer)[page] = 1;
  give(block, 16);
  fini();
}

static void less_than_a_page_is_not_decommitted(void **state) {
  (void)state;
  init_with((mr_pages_options){.has_guards = false});
  mr_region block = take(2 * page, 16);
  memset(block.pointer, 5, block.size);
  unsigned char *octets = block.pointer;

  assert_int_equal(mr_pages_decommit(mr_region_of(octets, page - 1)), MR_OK);
  assert_int_equal(mr_pages_decommit(mr_region_of(octets + 1, 2 * page - 2)), MR_OK);
  assert_int_equal(mr_pages_decommit(mr_region_of(NULL, 0)), MR_OK);

  assert_int_equal(octets[0], 5);
  assert_int_equal(octets[page], 5);
  give(block, 16);
  fini();
}

static void regions_that_are_not_sound_are_not_decommitted(void **state) {
  (void)state;
  const mr_region unsound = {NULL, 1};
  assert_int_equal(mr_pages_decommit(unsound), MR_INVALID_ARGUMENT);
}

static void locked_pages_are_kept_as_they_are(void **state) {
  (void)state;
#if defined(__linux__)
  init_with((mr_pages_options){.has_guards = false});
  mr_region block = take(page, 16);
  memset(block.pointer, 5, block.size);
  /* Not mlock itself, which sanitizers make do nothing. */
  const bool is_locked = syscall(SYS_mlock, block.pointer, page) == 0;
  if (is_locked) {
    assert_int_equal(mr_pages_decommit(block), MR_UNSUPPORTED);
    assert_int_equal(*(unsigned char *)block.pointer, 5);
  }
  give(block, 16);
  fini();
  if (!is_locked) skip();
#else
  skip();
#endif
}

/* What the process may have of memory that it can write, and what it had before. Valgrind and other systems count less
 * of it. */
static rlim_t limit_data(rlim_t limit) {
  struct rlimit at;
  assert_int_equal(getrlimit(RLIMIT_DATA, &at), 0);
  const rlim_t before = at.rlim_cur;
  at.rlim_cur = limit;
  assert_int_equal(setrlimit(RLIMIT_DATA, &at), 0);
  return before;
}

static void without_memory_nothing_changes(void **state) {
  (void)state;
  if (UNDER_THREAD_SANITIZER) skip();
  for (int has_guards = 0; has_guards <= 1; has_guards++) {
    init_with((mr_pages_options){.has_guards = has_guards});
    mr_region block = take(100 * page, 16), out = {NULL, 77};
    assert_int_equal(mr_reallocate(&pages.base, &block, page), MR_OK);
    memset(block.pointer, 5, block.size);
    const mr_region kept = block;

    const rlim_t before = limit_data(page);
    mr_status status = mr_allocate(&pages.base, 1000 * page, &out);
    mr_status grown = mr_reallocate(&pages.base, &block, 60 * page);
    (void)limit_data(before);

    if (status == MR_OK) {
      give(out, 16);
    } else {
      assert_int_equal(status, MR_OUT_OF_MEMORY);
      assert_int_equal(grown, MR_OUT_OF_MEMORY);
      assert_memory_equal(&block, &kept, sizeof kept);
      assert_int_equal(used_now(), page);
      if (has_guards) assert_guards(block);
    }
    assert_int_equal(((unsigned char *)block.pointer)[page - 1], 5);
    give(block, 16);
    fini();
    if (status == MR_OK) skip();
  }
}

static void what_the_system_can_not_move_is_copied(void **state) {
  (void)state;
  init_with((mr_pages_options){.has_guards = true});
  mr_region block = take(4 * page, 16);
  memset(block.pointer, 5, block.size);
  /* Two kinds of pages are two mappings. */
  assert_int_equal(mprotect(block.pointer, page, PROT_READ), 0);

  assert_null(pages.base.ops->remap(&pages.base, block, 100 * page, 16).pointer);

  assert_true(is_inaccessible((unsigned char *)block.pointer - 1));
  assert_true(is_inaccessible(mr_region_end(block)));
  assert_int_equal(((unsigned char *)block.pointer)[4 * page - 1], 5);
  assert_int_equal(used_now(), 4 * page);
  give(block, 16);
  fini();
}

#if defined(__linux__)
/* Where another thread has mapped something when a target was lost. */
static void *lost;
static bool loses_target;

/* In place of the system's: as Linux before 6.17, which unmaps the target before it finds that it can't move. */
/* The names in the system's own declaration are not for programs. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
void *mremap(void *start, size_t size, size_t new_size, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  void *to = flags & MREMAP_FIXED ? va_arg(arguments, void *) : NULL;
  va_end(arguments);
  long got = syscall(SYS_mremap, start, size, new_size, flags, to);
  if (got == -1 && to && loses_target) {
    (void)munmap(to, new_size);
    lost = mmap(to, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  }
  return (void *)got; /* NOLINT(performance-no-int-to-ptr) */
}
#endif

static void what_other_threads_map_is_kept_where_pages_can_not_be_moved(void **state) {
  (void)state;
#if defined(__linux__)
  init_with((mr_pages_options){.has_guards = true});
  mr_region block = take(4 * page, 16);
  /* Two kinds of pages are two mappings. */
  assert_int_equal(mprotect(block.pointer, page, PROT_READ), 0);

  loses_target = true;
  assert_null(pages.base.ops->remap(&pages.base, block, 100 * page, 16).pointer);
  loses_target = false;

  assert_true(!lost || is_mapped(lost));
  if (lost) (void)munmap(lost, page);
  give(block, 16);
  fini();
#else
  skip();
#endif
}

static void huge_blocks_move(void **state) {
  (void)state;
  init_with((mr_pages_options){.kind = MR_PAGES_HUGE});
  mr_region block = take(2 * MIB, 16);
  memset(block.pointer, 5, block.size);
  mr_region moved = pages.base.ops->remap(&pages.base, block, 5 * MIB, 16);
  if (moved.pointer) {
    assert_true(mr_is_aligned(mr_region_view(moved), 2 * MIB));
    assert_int_equal(((unsigned char *)moved.pointer)[2 * MIB - 1], 5);
    block = moved;
  }
  give(block, 16);
  fini();
}

static void ending_again_does_nothing(void **state) {
  (void)state;
  make_plain();
  assert_int_equal(mr_allocator_destroy(&pages.base), MR_OK);
  mr_pages_fini(&pages);
  assert_false(mr_pages_is_sound(&pages));
}

static void *work(void *context) {
  (void)context;
  mr_region block = {NULL, 0};
  for (size_t i = 1; i <= 300; i++) {
    if (mr_reallocate(&pages.base, &block, i * 37 % 50 * page + 1) != MR_OK) return &pages;
    *(unsigned char *)block.pointer = 1;
  }
  return mr_deallocate(&pages.base, &block) == MR_OK ? NULL : &pages;
}

static void threads_share_one(void **state) {
  (void)state;
  enum { THREADS = 4 };
  pthread_t threads[THREADS];
  init_with((mr_pages_options){.has_guards = true});
  for (int i = 0; i < THREADS; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, work, NULL), 0);
  for (int i = 0; i < THREADS; i++) {
    void *failure = &pages;
    assert_int_equal(pthread_join(threads[i], &failure), 0);
    assert_null(failure);
  }
  fini();
}

#define ALL_OF_PAGES .can_tell_usage = true, .can_tell_minimum = true

int main(void) {
  static const allocator_fixture fixtures[] = {
      {"pages", make_plain, unmake, ALL_OF_PAGES},
      {"pages with guards", make_guarded, unmake, ALL_OF_PAGES},
      {"huge pages", make_huge, unmake, ALL_OF_PAGES},
      {"huge pages with guards", make_huge_and_guarded, unmake, ALL_OF_PAGES},
  };
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(unknown_pages_are_invalid),
      cmocka_unit_test(blocks_start_at_a_page_and_are_zero),
      cmocka_unit_test(usage_is_whole_pages),
      cmocka_unit_test(alignments_above_a_page_hold_with_and_without_guards),
      cmocka_unit_test(pages_beside_a_guarded_block_are_inaccessible),
      cmocka_unit_test(guards_follow_a_block_that_changes),
      cmocka_unit_test(a_block_shrinks_in_place),
      cmocka_unit_test(a_block_grows_in_place_where_addresses_are_free),
      cmocka_unit_test(a_block_does_not_grow_over_what_is_mapped_behind_it),
      cmocka_unit_test(growing_moves_pages_and_copies_nothing),
      cmocka_unit_test(what_can_be_no_block_is_corrupt),
      cmocka_unit_test(huge_blocks_are_whole_huge_pages),
      cmocka_unit_test(huge_blocks_grow_and_shrink),
      cmocka_unit_test(a_block_that_grows_to_be_huge_is_whole_huge_pages),
      cmocka_unit_test(decommitted_pages_are_zero_and_parts_of_pages_are_kept),
      cmocka_unit_test(less_than_a_page_is_not_decommitted),
      cmocka_unit_test(regions_that_are_not_sound_are_not_decommitted),
      cmocka_unit_test(locked_pages_are_kept_as_they_are),
      cmocka_unit_test(without_memory_nothing_changes),
      cmocka_unit_test(what_the_system_can_not_move_is_copied),
      cmocka_unit_test(what_other_threads_map_is_kept_where_pages_can_not_be_moved),
      cmocka_unit_test(huge_blocks_move),
      cmocka_unit_test(ending_again_does_nothing),
      cmocka_unit_test(threads_share_one),
  };
  int failed = cmocka_run_group_tests_name("pages", tests, NULL, NULL);
  for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++) {
    failed += allocator_conformance(&fixtures[i]);
    failed += allocator_random(&fixtures[i]);
  }
  return failed != 0;
}
