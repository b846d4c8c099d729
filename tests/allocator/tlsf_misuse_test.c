#include "memregions/tlsf.h"

#include <string.h>

#include "support.h"

/* Misuse of blocks and of free memory: it is seen, nothing changes, and nothing crashes. */

static _Alignas(4096) unsigned char storage[1 << 20];
static mr_tlsf tlsf;

static int set_up(void **state) {
  (void)state;
  mr_tlsf_options options = {.storage = {storage, sizeof storage}};
  assert_int_equal(mr_tlsf_init(&tlsf, &options), MR_OK);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  mr_tlsf_fini(&tlsf);
  return 0;
}

static mr_region take(size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate(&tlsf.base, size, &block), MR_OK);
  return block;
}

static void give(mr_region block) { assert_int_equal(mr_deallocate(&tlsf.base, &block), MR_OK); }

static mr_status check(void) { return mr_allocator_check(&tlsf.base, NULL); }

/* Giving `block` back is seen to be misuse, and changes nothing. */
static void assert_refused_at(mr_region block, size_t alignment) {
  const mr_region kept = block;
  size_t before = 0, after = 0;
  assert_int_equal(mr_used_space(&tlsf.base, &before), MR_OK);
  assert_int_equal(mr_deallocate_aligned(&tlsf.base, &block, alignment), MR_CORRUPT);
  assert_memory_equal(&block, &kept, sizeof kept);
  assert_int_equal(mr_used_space(&tlsf.base, &after), MR_OK);
  assert_int_equal(before, after);
  assert_int_equal(check(), MR_OK);
}

static void assert_refused(mr_region block) { assert_refused_at(block, MR_DEFAULT_ALIGNMENT); }

static mr_region part_of(mr_region block, size_t start, size_t size) {
  return mr_region_of((unsigned char *)block.pointer + start, size);
}

/* Of blocks that rest, and that do not. */
static const size_t sizes[] = {16, 17, 64, 100, 512, 513, 2000, 5000, 20000};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* Blocks. */

static void releasing_twice_is_seen(void **state) {
  (void)state;
  for (size_t i = 0; i < SIZES; i++) {
    mr_region before = take(sizes[i]), block = take(sizes[i]), after = take(sizes[i]);
    give(block);
    assert_refused(block);
    give(before);
    assert_refused(block);
    give(after);
    assert_refused(block);
    assert_refused(before);
    assert_refused(after);
  }
}

static void releasing_what_was_cleared_is_seen(void **state) {
  (void)state;
  mr_region first = take(100), second = take(1000);
  assert_int_equal(mr_allocator_clear(&tlsf.base), MR_OK);
  assert_refused(first);
  take(16);
  assert_refused(second);
}

static void a_smaller_size_is_seen(void **state) {
  (void)state;
  for (size_t i = 0; i < SIZES; i++) {
    mr_region block = take(sizes[i]), after = take(16);
    for (size_t size = 1; size + 15 < sizes[i]; size += 16) assert_refused(part_of(block, 0, size));
    give(block);
    give(after);
  }
}

static void a_larger_size_is_seen(void **state) {
  (void)state;
  for (size_t i = 0; i < SIZES; i++) {
    if (sizes[i] > 4096) break;
    mr_region block = take(sizes[i]), second = take(48), third = take(sizes[i]), last = take(16);
    const size_t end = (sizes[i] + 15) / 16 * 16;
    for (size_t more = 1; more <= 200; more += 16) assert_refused(part_of(block, 0, end + more));
    assert_refused(part_of(block, 0, sizeof storage / 2));
    assert_refused(part_of(block, 0, sizeof storage));
    assert_refused(part_of(block, 0, PTRDIFF_MAX));
    assert_refused(part_of(block, 0, SIZE_MAX));
    give(second);
    /* Also what is free after it. */
    assert_refused(part_of(block, 0, end + 48));
    give(third);
    give(block);
    give(last);
  }
}

static void a_larger_size_that_takes_in_what_is_free_is_seen(void **state) {
  (void)state;
  for (size_t i = 0; i < SIZES; i++) {
    const size_t size = (sizes[i] + 15) / 16 * 16;
    mr_region block = take(sizes[i]), second = take(600), third = take(sizes[i]), last = take(16);
    /* What was gathered, then up to the end of the region. */
    give(second);
    assert_refused(part_of(block, 0, size + 608));
    give(third);
    assert_refused(part_of(block, 0, 2 * size + 608));
    const unsigned char *end = storage + sizeof storage;
    assert_refused(part_of(last, 0, (size_t)(end - (unsigned char *)last.pointer)));
    give(block);
    give(last);
  }
}

static void a_larger_size_that_takes_in_a_used_block_is_seen_up_to_4_kib(void **state) {
  (void)state;
  for (size_t size = 3968; size <= 4096; size += 16) {
    assert_int_equal(mr_allocator_clear(&tlsf.base), MR_OK);
    mr_region block = take(size);
    take(640);
    take(16);
    assert_refused(part_of(block, 0, size + 640));
    assert_refused(part_of(block, 0, size + 656));
  }
}

static void a_larger_size_that_takes_in_small_free_ones_is_seen(void **state) {
  (void)state;
  mr_region blocks[24];
  for (size_t i = 0; i < 24; i++) blocks[i] = take(64);
  for (size_t i = 0; i < 8; i++) give(blocks[i]);
  give(blocks[12]);
  assert_refused(part_of(blocks[11], 0, 128));
  assert_refused(part_of(blocks[11], 0, 192));
}

static void a_size_beyond_the_region_is_seen(void **state) {
  (void)state;
  size_t all = 0;
  assert_int_equal(mr_maximum_block_size(&tlsf.base, &all), MR_OK);
  mr_region first = take(16), last = take(all - 16);
  for (size_t more = 1; more < 100000; more = 3 * more) {
    assert_refused(part_of(last, 0, last.size + more));
    assert_refused(part_of(first, 0, first.size + last.size + more));
  }
  give(last);
  give(first);
}

static void a_size_that_takes_the_same_granules_is_no_other(void **state) {
  (void)state;
  give(part_of(take(49), 0, 64));
  give(part_of(take(64), 0, 49));
  assert_int_equal(check(), MR_OK);
}

static void interior_pointers_are_seen(void **state) {
  (void)state;
  for (size_t i = 0; i < SIZES; i++) {
    mr_region block = take(sizes[i]), after = take(16);
    for (size_t start = 1; start < sizes[i]; start += start < 40 ? 1 : 16) {
      assert_refused(part_of(block, start, sizes[i] - start));
      assert_refused(part_of(block, start, 1));
    }
    give(block);
    give(after);
  }
}

static void foreign_pointers_are_seen(void **state) {
  (void)state;
  static _Alignas(16) unsigned char foreign[64];
  take(64);
  assert_refused(mr_region_of(foreign, 64));
  /* The record, what was never handed out, and the very end. */
  assert_refused(mr_region_of(storage, 64));
  assert_refused(mr_region_of(storage + sizeof storage / 2, 64));
  assert_refused(mr_region_of(storage + sizeof storage - 16, 16));
  assert_refused(mr_region_of(storage + sizeof storage - 16, 32));
}

static void blocks_of_another_are_seen(void **state) {
  (void)state;
  static _Alignas(16) unsigned char memory[4096];
  mr_tlsf other;
  mr_tlsf_options options = {.storage = {memory, sizeof memory}};
  mr_region block;
  assert_int_equal(mr_tlsf_init(&other, &options), MR_OK);
  assert_int_equal(mr_allocate(&other.base, 64, &block), MR_OK);
  assert_refused(block);
  assert_int_equal(mr_deallocate(&other.base, &block), MR_OK);
  mr_tlsf_fini(&other);
}

static void an_alignment_that_the_address_has_not_is_seen(void **state) {
  (void)state;
  mr_region first, block;
  assert_int_equal(mr_allocate_aligned(&tlsf.base, 48, 64, &first), MR_OK);
  block = take(48);
  assert_refused_at(block, 32);
  assert_refused_at(block, 4096);
  give(block);
  assert_int_equal(mr_deallocate_aligned(&tlsf.base, &first, 64), MR_OK);
}

static void resizing_what_is_no_block_does_nothing(void **state) {
  (void)state;
  mr_region block = take(1000);
  const mr_allocator_ops *ops = tlsf.base.ops;
  assert_false(ops->resize(&tlsf.base, part_of(block, 16, 984), 16, 16));
  assert_false(ops->resize(&tlsf.base, part_of(block, 0, 900), 16, 16));
  assert_false(ops->resize(&tlsf.base, block, 16, 8192));
  give(block);
  assert_false(ops->resize(&tlsf.base, block, 16, 16));
  assert_int_equal(check(), MR_OK);
}

/* Free memory. To write to it is what tools would stop at: they are told that it is the test's. */

#if defined(__has_include)
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#define MAKE_DEFINED(start, size) VALGRIND_MAKE_MEM_DEFINED(start, size)
#endif
#endif
#ifndef MAKE_DEFINED
#define MAKE_DEFINED(start, size) ((void)(start), (void)(size))
#endif
#if defined(__GNUC__) && defined(__ELF__)
extern void __asan_unpoison_memory_region(const volatile void *, size_t) __attribute__((weak));
#endif

static void overwrite(void *start, int octet, size_t size) {
#if defined(__GNUC__) && defined(__ELF__)
  if (__asan_unpoison_memory_region) __asan_unpoison_memory_region(start, size);
#endif
  MAKE_DEFINED(start, size);
  memset(start, octet, size);
}

/* Blocks of a size with used ones between them; the second of them is given back, and is in a list then. */
typedef struct scene {
  mr_region before, hole, after, other;
} scene;

static scene begin_scene(size_t size) {
  scene at;
  at.before = take(1000);
  at.hole = take(size);
  at.after = take(1000);
  at.other = take(size);
  mr_region wall = take(1000), last = take(600);
  take(16);
  give(wall);
  give(at.hole);
  /* What is given back last is in no list. */
  give(last);
  take(1600);
  assert_int_equal(check(), MR_OK);
  return at;
}

static void a_damaged_neighbour_is_seen(void **state) {
  (void)state;
  for (size_t size = 528; size < 4000; size += 528) {
    for (size_t place = 0; place < 4; place++) {
      const size_t offset = place < 3 ? place * sizeof(uintptr_t) : size - sizeof(uintptr_t);
      assert_int_equal(mr_allocator_clear(&tlsf.base), MR_OK);
      scene at = begin_scene(size);
      overwrite((unsigned char *)at.hole.pointer + offset, 0x33, sizeof(uintptr_t));
      mr_condition condition;
      assert_int_equal(mr_allocator_check(&tlsf.base, &condition), MR_CORRUPT);
      assert_ptr_equal(condition.subject, &tlsf);
      assert_int_equal(condition.offset, (unsigned char *)at.hole.pointer - storage);
      const mr_region before = at.before, after = at.after;
      assert_int_equal(mr_deallocate(&tlsf.base, &at.before), MR_CORRUPT);
      assert_int_equal(mr_deallocate(&tlsf.base, &at.after), MR_CORRUPT);
      assert_memory_equal(&at.before, &before, sizeof before);
      assert_memory_equal(&at.after, &after, sizeof after);
      assert_false(tlsf.base.ops->resize(&tlsf.base, before, 1100, 16));
      assert_false(tlsf.base.ops->resize(&tlsf.base, after, 10, 16) &&
                   tlsf.base.ops->resize(&tlsf.base, before, 10, 16));
    }
  }
}

static void allocation_goes_by_a_damaged_block(void **state) {
  (void)state;
  for (int octet = 0; octet < 256; octet += 15) {
    assert_int_equal(mr_allocator_clear(&tlsf.base), MR_OK);
    scene at = begin_scene(1056);
    overwrite(at.hole.pointer, octet, 24);
    mr_region block = take(1056);
    assert_ptr_not_equal(block.pointer, at.hole.pointer);
    give(block);
    /* A list that begins with damage begins anew. */
    give(at.other);
    give(take(1056));
    give(take(20000));
  }
}

static void random_damage_never_crashes(void **state) {
  (void)state;
  enum { COUNT = 400 };
  static mr_region blocks[COUNT];
  uint32_t random = 1;
  for (int round = 0; round < 200; round++) {
    assert_int_equal(mr_allocator_clear(&tlsf.base), MR_OK);
    for (size_t i = 0; i < COUNT; i++) {
      random = random * 1664525 + 1013904223;
      blocks[i] = take((random >> 8) % 2000 + 1);
    }
    for (size_t i = 0; i < COUNT; i += 2) {
      const mr_region block = blocks[i];
      give(block);
      random = random * 1664525 + 1013904223;
      if (random >> 29 == 0) overwrite(block.pointer, (int)(random >> 16 & 0xFF), block.size);
    }
    for (size_t i = 0; i < COUNT; i++) {
      random = random * 1664525 + 1013904223;
      mr_region block = {NULL, 0};
      if (random >> 31) mr_ignore(mr_allocate(&tlsf.base, (random >> 8) % 3000 + 1, &block));
      if (i % 2) mr_ignore(mr_deallocate(&tlsf.base, &blocks[i]));
    }
    mr_ignore(check());
    mr_ignore(mr_allocator_trim(&tlsf.base));
  }
}

static void links_are_encoded(void **state) {
  (void)state;
  scene at = begin_scene(1056);
  uintptr_t words[4];
  overwrite(at.hole.pointer, 0, 0);
#if defined(__GNUC__) && defined(__ELF__)
  if (__asan_unpoison_memory_region) __asan_unpoison_memory_region(at.hole.pointer, sizeof words);
#endif
  MAKE_DEFINED(at.hole.pointer, sizeof words);
  memcpy(words, at.hole.pointer, sizeof words);
  assert_int_not_equal(words[0], 1056);
  for (size_t i = 0; i < 3; i++) assert_true(words[i] != 0);
}

/* What only who knows the key can do. */
static void a_link_that_is_none_is_seen(void **state) {
  (void)state;
  for (size_t place = 1; place <= 2; place++) {
    assert_int_equal(mr_allocator_clear(&tlsf.base), MR_OK);
    scene at = begin_scene(1056);
    give(at.other);
    give(take(3000));
    unsigned char *word = (unsigned char *)at.hole.pointer + place * sizeof(uintptr_t);
    const uintptr_t link = tlsf.key ^ (uintptr_t)word ^ (uintptr_t)at.hole.pointer;
    overwrite(word, 0, sizeof link);
    memcpy(word, &link, sizeof link);
    assert_int_equal(check(), MR_CORRUPT);
    assert_int_equal(mr_deallocate(&tlsf.base, &at.before), MR_CORRUPT);
  }
}

/* The TLSF itself. */

static void damage_to_itself_is_found(void **state) {
  (void)state;
  take(100);
  const mr_tlsf kept = tlsf;
  mr_condition condition;

  tlsf.used = tlsf.total + 1;
  assert_false(mr_tlsf_is_sound(&tlsf));
  assert_int_equal(mr_allocator_check(&tlsf.base, &condition), MR_CORRUPT);
  assert_int_equal(condition.status, MR_CORRUPT);
  assert_ptr_equal(condition.subject, &tlsf);
  assert_int_equal(check(), MR_CORRUPT);
  tlsf = kept;
  tlsf.current.end = tlsf.current.start;
  assert_false(mr_tlsf_is_sound(&tlsf));
  tlsf = kept;
  tlsf.current.start = storage;
  assert_false(mr_tlsf_is_sound(&tlsf));
  tlsf = kept;
  tlsf.current.end += 32;
  assert_false(mr_tlsf_is_sound(&tlsf));
  tlsf = kept;
  tlsf.gathered.end = storage;
  assert_false(mr_tlsf_is_sound(&tlsf));
  tlsf = kept;
  tlsf.last = NULL;
  assert_false(mr_tlsf_is_sound(&tlsf));
  tlsf = kept;
  tlsf.used += 16;
  assert_true(mr_tlsf_is_sound(&tlsf));
  assert_int_equal(check(), MR_CORRUPT);
  tlsf = kept;
  assert_int_equal(check(), MR_OK);
}

static void lost_resting_and_free_blocks_are_found(void **state) {
  (void)state;
  begin_scene(1056);
  give(take(64));
  const mr_tlsf kept = tlsf;
  tlsf.bins[4].count = 0;
  assert_int_equal(check(), MR_CORRUPT);
  tlsf = kept;
  tlsf.bins[5].count = 1;
  assert_int_equal(check(), MR_CORRUPT);
  tlsf = kept;
  memset(tlsf.lists, 0, sizeof tlsf.lists);
  assert_int_equal(check(), MR_CORRUPT);
  tlsf = kept;
  tlsf.summary = 0;
  assert_int_equal(check(), MR_CORRUPT);
  tlsf = kept;
  assert_int_equal(check(), MR_OK);
}

static void free_neighbours_are_found(void **state) {
  (void)state;
  mr_region block = take(1024), all;
  size_t most = 0;
  assert_int_equal(mr_maximum_block_size(&tlsf.base, &most), MR_OK);
  all = take(most - 1024);
  give(block);
  const mr_tlsf kept = tlsf;
  unsigned char *middle = (unsigned char *)block.pointer + 512;
  tlsf.current = (mr_tlsf_loose){middle, tlsf.gathered.end, tlsf.gathered.area};
  tlsf.gathered.end = middle;
  assert_int_equal(check(), MR_CORRUPT);
  tlsf = kept;
  assert_int_equal(check(), MR_OK);
  give(all);
}

static void a_damaged_record_is_found(void **state) {
  (void)state;
  take(64);
  unsigned char kept[64];
  memcpy(kept, storage, sizeof kept);
  for (size_t i = 0; i < 5 * sizeof(void *); i += sizeof(void *)) {
    memset(storage + i, 0x7E, sizeof(void *));
    assert_int_equal(check(), MR_CORRUPT);
    memcpy(storage, kept, sizeof kept);
  }
  assert_int_equal(check(), MR_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(releasing_twice_is_seen),
      TEST(releasing_what_was_cleared_is_seen),
      TEST(a_smaller_size_is_seen),
      TEST(a_larger_size_is_seen),
      TEST(a_larger_size_that_takes_in_what_is_free_is_seen),
      TEST(a_larger_size_that_takes_in_a_used_block_is_seen_up_to_4_kib),
      TEST(a_larger_size_that_takes_in_small_free_ones_is_seen),
      TEST(a_size_beyond_the_region_is_seen),
      TEST(a_size_that_takes_the_same_granules_is_no_other),
      TEST(interior_pointers_are_seen),
      TEST(foreign_pointers_are_seen),
      TEST(blocks_of_another_are_seen),
      TEST(an_alignment_that_the_address_has_not_is_seen),
      TEST(resizing_what_is_no_block_does_nothing),
      TEST(a_damaged_neighbour_is_seen),
      TEST(allocation_goes_by_a_damaged_block),
      TEST(random_damage_never_crashes),
      TEST(links_are_encoded),
      TEST(a_link_that_is_none_is_seen),
      TEST(damage_to_itself_is_found),
      TEST(lost_resting_and_free_blocks_are_found),
      TEST(free_neighbours_are_found),
      TEST(a_damaged_record_is_found),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
