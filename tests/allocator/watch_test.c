#include <string.h>

#include "memregions/arena.h"
#include "memregions/arena_scope.h"
#include "memregions/bump.h"
#include "memregions/pool.h"
#include "memregions/tlsf.h"
#include "support.h"

/*
 * What tools that watch memory are told: every octet that no block has is hidden, and every octet of a block is not.
 *
 * In a build for AddressSanitizer it is asked; in any other, this program stands in for it, which the library, looking
 * for the sanitizer when it runs, can't know.
 */

#if defined(__SANITIZE_ADDRESS__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

static _Alignas(4096) unsigned char storage[4096];

/* Where as many octets as the storage has are looked at. */
static unsigned char *looked_at = storage;

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c) */
#if HAS_SANITIZER

int __asan_address_is_poisoned(const volatile void *address);

static bool is_hidden(const void *address) { return __asan_address_is_poisoned(address); }

#else

/* Of the octets that are looked at. */
static bool hidden[sizeof storage];

static void set_hidden(const volatile void *start, size_t size, bool to) {
  for (size_t i = 0; i < size; i++) {
    const uintptr_t offset = (uintptr_t)start + i - (uintptr_t)looked_at;
    if (offset < sizeof storage) hidden[offset] = to;
  }
}

void __asan_poison_memory_region(const volatile void *start, size_t size);
void __asan_unpoison_memory_region(const volatile void *start, size_t size);

__attribute__((visibility("default"))) void __asan_poison_memory_region(const volatile void *start,
                                                                        size_t size) {
  set_hidden(start, size, true);
}

__attribute__((visibility("default"))) void __asan_unpoison_memory_region(
    const volatile void *start, size_t size) {
  set_hidden(start, size, false);
}

static bool is_hidden(const void *address) {
  return hidden[(uintptr_t)address - (uintptr_t)looked_at];
}

#endif
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c) */

/* Asserts that of what is looked at these are the only octets to be seen. */
static void assert_only_seen(const mr_region *blocks, size_t count) {
  for (size_t i = 0; i < sizeof storage; i++) {
    bool is_in_block = false;
    for (size_t j = 0; j < count; j++) {
      is_in_block |= mr_overlap(mr_view_of(looked_at + i, 1), mr_region_view(blocks[j])).size == 1;
    }
    if (is_hidden(looked_at + i) == is_in_block)
      fail_msg("octet %zu is %s", i, is_in_block ? "hidden" : "seen");
  }
}

static void assert_all_seen(void) {
  const mr_region all = {looked_at, sizeof storage};
  assert_only_seen(&all, 1);
}

static mr_region take(mr_allocator *allocator, size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate(allocator, size, &block), MR_OK);
  return block;
}

static mr_status ignore(void *context, mr_view span, bool is_used) {
  (void)context, (void)span, (void)is_used;
  return MR_OK;
}

/* What holds of a bump and of an arena over the storage alike. */
static void work_on(mr_allocator *allocator) {
  mr_region blocks[4];
  mr_mark mark;
  assert_only_seen(NULL, 0);

  blocks[0] = take(allocator, 5);
  blocks[1] = take(allocator, 24);
  assert_int_equal(mr_allocate_aligned(allocator, 9, 256, &blocks[2]), MR_OK);
  assert_int_equal(mr_allocate_zeroed(allocator, 30, &blocks[3]), MR_OK);
  assert_only_seen(blocks, 4);

  assert_int_equal(mr_reallocate(allocator, &blocks[3], 100), MR_OK);
  assert_only_seen(blocks, 4);
  assert_int_equal(mr_reallocate(allocator, &blocks[3], 50), MR_OK);
  assert_int_equal(mr_reallocate(allocator, &blocks[1], 10), MR_OK);
  assert_only_seen(blocks, 4);

  assert_int_equal(mr_deallocate(allocator, &blocks[0]), MR_OK);
  assert_only_seen(blocks, 4);
  assert_int_equal(mr_deallocate(allocator, &blocks[3]), MR_OK);
  assert_only_seen(blocks, 4);

  assert_int_equal(mr_allocator_mark(allocator, &mark), MR_OK);
  take(allocator, 70);
  assert_int_equal(mr_allocator_rewind(allocator, mark), MR_OK);
  assert_only_seen(blocks, 4);

  assert_int_equal(mr_allocator_clear(allocator), MR_OK);
  assert_only_seen(NULL, 0);
  blocks[0] = take(allocator, 40);
  assert_only_seen(blocks, 1);
}

static void a_bump_shows_its_blocks_only(void **state) {
  (void)state;
  mr_bump bump;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  work_on(&bump.base);
  assert_true(mr_bump_is_sound(&bump));
  mr_bump_fini(&bump);
  assert_all_seen();
}

static void an_arena_shows_its_blocks_only(void **state) {
  (void)state;
  mr_arena arena;
  mr_arena_options options = {.storage = {storage, sizeof storage}};
  assert_int_equal(mr_arena_init(&arena, &options), MR_OK);
  work_on(&arena.base);
  assert_true(mr_arena_is_sound(&arena));
  mr_arena_fini(&arena);
  assert_all_seen();
}

static void a_pool_shows_its_blocks_only(void **state) {
  (void)state;
  for (size_t is_checked = 0; is_checked < 2; is_checked++) {
    mr_pool pool;
    mr_region blocks[3];
    mr_pool_options options = {.block_size = 64,
                               .storage = {storage, 32 * 64 + 4 * is_checked},
                               .is_fixed = true,
                               .is_checked = is_checked};
    assert_int_equal(mr_pool_init(&pool, &options), MR_OK);
    const mr_region outside = {storage + 32 * 64, sizeof storage - 32 * 64};
    blocks[0] = outside;
    assert_only_seen(blocks, 1);

    assert_int_equal(mr_pool_allocate(&pool, 5, &blocks[1]), MR_OK);
    assert_int_equal(mr_allocate_zeroed(&pool.base, 64, &blocks[2]), MR_OK);
    assert_only_seen(blocks, 3);
    assert_int_equal(mr_reallocate(&pool.base, &blocks[1], 40), MR_OK);
    assert_int_equal(mr_reallocate(&pool.base, &blocks[2], 10), MR_OK);
    assert_only_seen(blocks, 3);
    assert_int_equal(mr_pool_deallocate(&pool, &blocks[2]), MR_OK);
    assert_int_equal(mr_pool_deallocate(&pool, &blocks[1]), MR_OK);
    assert_only_seen(blocks, 1);

    /* What looks at free blocks leaves them hidden. */
    size_t used = 0;
    assert_int_equal(mr_used_space(&pool.base, &used), MR_OK);
    assert_int_equal(mr_allocator_walk(&pool.base, ignore, NULL), MR_OK);
    assert_int_equal(mr_allocator_check(&pool.base, NULL), MR_OK);
    assert_only_seen(blocks, 1);
    blocks[1] = take(&pool.base, 30);
    assert_only_seen(blocks, 2);
    assert_int_equal(mr_allocator_clear(&pool.base), MR_OK);
    assert_only_seen(blocks, 1);
    mr_pool_fini(&pool);
    assert_all_seen();
  }
}

static void an_arena_in_a_reserve_shows_its_blocks_only(void **state) {
  (void)state;
  mr_arena arena;
  mr_arena_options options = {.reserve = 1 << 20};
  assert_int_equal(mr_arena_init(&arena, &options), MR_OK);
  looked_at = arena.reserve.pointer;
  assert_all_seen();
  for (int round = 0; round < 2; round++) {
    mr_region block = take(&arena.base, 100);
    assert_only_seen(&block, 1);
    assert_int_equal(mr_reallocate(&arena.base, &block, 1000000), MR_OK);
    assert_int_equal(mr_reallocate(&arena.base, &block, 10), MR_OK);
    assert_only_seen(&block, 1);
    /* What is not committed is hidden by the system. */
    mr_arena_clear(&arena, 0);
    assert_all_seen();
  }
  take(&arena.base, 100);
  mr_arena_fini(&arena);
  assert_all_seen();
  looked_at = storage;
}

static void a_tlsf_shows_its_blocks_only(void **state) {
  (void)state;
  mr_tlsf tlsf;
  mr_region blocks[5];
  mr_tlsf_options options = {.storage = {storage, sizeof storage}};
  assert_int_equal(mr_tlsf_init(&tlsf, &options), MR_OK);
  blocks[1] = take(&tlsf.base, 5);
  /* Its record. */
  blocks[0] = mr_region_of(storage, (size_t)((unsigned char *)blocks[1].pointer - storage));
  blocks[2] = take(&tlsf.base, 700);
  assert_int_equal(mr_allocate_aligned(&tlsf.base, 9, 256, &blocks[3]), MR_OK);
  assert_int_equal(mr_allocate_zeroed(&tlsf.base, 600, &blocks[4]), MR_OK);
  assert_only_seen(blocks, 5);

  assert_int_equal(mr_reallocate(&tlsf.base, &blocks[4], 1000), MR_OK);
  assert_int_equal(mr_reallocate(&tlsf.base, &blocks[2], 30), MR_OK);
  assert_only_seen(blocks, 5);
  assert_int_equal(mr_deallocate(&tlsf.base, &blocks[4]), MR_OK);
  assert_int_equal(mr_deallocate(&tlsf.base, &blocks[2]), MR_OK);
  blocks[2] = blocks[3];
  assert_only_seen(blocks, 3);

  /* What looks at free blocks leaves them hidden. */
  assert_int_equal(mr_allocator_trim(&tlsf.base), MR_OK);
  assert_int_equal(mr_allocator_walk(&tlsf.base, ignore, NULL), MR_OK);
  assert_int_equal(mr_allocator_check(&tlsf.base, NULL), MR_OK);
  assert_only_seen(blocks, 3);
  assert_int_equal(mr_allocator_clear(&tlsf.base), MR_OK);
  assert_only_seen(blocks, 1);
  mr_tlsf_fini(&tlsf);
  assert_all_seen();
}

static void the_inline_window_stays_empty(void **state) {
  (void)state;
  mr_bump bump;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  assert_null(mr_window_take(&bump.window, 16));
  mr_region block;
  assert_int_equal(mr_bump_allocate(&bump, 16, &block), MR_OK);
  assert_only_seen(&block, 1);

  /* A watched window that is not empty is damage. */
  bump.window.limit = bump.window.end;
  assert_false(mr_bump_is_sound(&bump));
  bump.window.limit = bump.window.cursor;
  mr_bump_fini(&bump);
}

static void what_a_bump_hands_out_as_one_region_is_seen_whole(void **state) {
  (void)state;
  mr_bump bump;
  mr_region block;
  mr_view view;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  take(&bump.base, 5);
  assert_int_equal(mr_allocate_aligned(&bump.base, 9, 256, &block), MR_OK);
  assert_int_equal(mr_to_view(mr_bump_source(&bump), &view), MR_OK);
  const mr_region handed_out = {storage, view.size};
  assert_int_equal(view.size, 272);
  assert_only_seen(&handed_out, 1);
  mr_bump_fini(&bump);
}

/* An arena whose chunks lie in the storage, where they can be looked at. */
static void blocks_in_chunks_are_shown_alone(void **state) {
  (void)state;
  mr_bump bump;
  mr_arena arena;
  mr_arena_options options = {.parent = &bump.base, .chunk_size = 256};
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  assert_int_equal(mr_arena_init(&arena, &options), MR_OK);
  mr_region old = take(&arena.base, 40);
  mr_region alone = take(&arena.base, 500);
  take(&arena.base, 100);
  take(&arena.base, 100);
  take(&arena.base, 600);

  assert_int_equal(mr_reallocate(&arena.base, &old, 20), MR_OK);
  assert_int_equal(mr_reallocate(&arena.base, &alone, 24), MR_OK);
  unsigned char *old_start = old.pointer, *alone_start = alone.pointer;
  assert_true(!is_hidden(old_start + 19) && is_hidden(old_start + 20));
  assert_true(!is_hidden(alone_start + 23) && is_hidden(alone_start + 24));
  assert_int_equal(mr_deallocate(&arena.base, &old), MR_OK);
  assert_int_equal(mr_deallocate(&arena.base, &alone), MR_OK);
  assert_true(is_hidden(old_start) && is_hidden(alone_start));

  assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  assert_int_equal(mr_allocator_trim(&arena.base), MR_OK);
  assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_OK);
  mr_arena_fini(&arena);
  mr_bump_fini(&bump);
  assert_all_seen();
}

static void blocks_of_others_are_left_alone(void **state) {
  (void)state;
  mr_bump bump;
  mr_arena arena;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, 1024)), MR_OK);
  assert_int_equal(mr_arena_init(&arena, NULL), MR_OK);
  mr_region mine = {storage + 2048, 64};
  mr_region also_mine = mine;
  assert_int_equal(mr_deallocate(&bump.base, &mine), MR_OK);
  assert_int_equal(mr_deallocate(&arena.base, &also_mine), MR_OK);
  assert_false(is_hidden(storage + 2048));
  mr_arena_fini(&arena);
  mr_bump_fini(&bump);
}

static void scopes_use_the_heap_instead_of_what_they_are_given(void **state) {
  (void)state;
  mr_arena_scope scope;
  size_t total = 0;
  assert_int_equal(mr_arena_scope_begin(&scope, mr_region_of(storage, sizeof storage)), MR_OK);
  mr_region block = take(scope.arena, 10);
  assert_int_equal(mr_overlap(mr_region_view(block), mr_view_of(storage, sizeof storage)).size, 0);
  assert_int_equal(mr_total_size(scope.arena, &total), MR_OK);
  assert_int_equal(total, sizeof storage);
  assert_all_seen();
  mr_arena_scope_end(&scope);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_bump_shows_its_blocks_only),
      cmocka_unit_test(an_arena_shows_its_blocks_only),
      cmocka_unit_test(a_pool_shows_its_blocks_only),
      cmocka_unit_test(an_arena_in_a_reserve_shows_its_blocks_only),
      cmocka_unit_test(a_tlsf_shows_its_blocks_only),
      cmocka_unit_test(the_inline_window_stays_empty),
      cmocka_unit_test(what_a_bump_hands_out_as_one_region_is_seen_whole),
      cmocka_unit_test(blocks_in_chunks_are_shown_alone),
      cmocka_unit_test(blocks_of_others_are_left_alone),
      cmocka_unit_test(scopes_use_the_heap_instead_of_what_they_are_given),
  };
  return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
