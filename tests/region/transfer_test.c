#include <memregions/source.h>
#include <string.h>

#include "copying_source.h"
#include "support.h"

/* A copying source over "abcdefgh". */
typedef struct fixture {
  char octets[9];
  copying_source copying;
  mr_source source;
  mr_source of_unknown_size;
} fixture;

static void fixture_init(fixture *f) {
  memcpy(f->octets, "abcdefgh", 9);
  f->copying = (copying_source){.memory = mr_region_of(f->octets, 8)};
  f->source = copying_source_of(&f->copying);
  f->of_unknown_size = copying_source_of_unknown_size(&f->copying);
}

static void fill_writes_back_its_part_and_no_more(void **state) {
  (void)state;
  fixture f;
  fixture_init(&f);
  assert_int_equal(mr_source_fill(f.source, 'x', mr_range_of(2, 5)), MR_OK);
  assert_string_equal(f.octets, "abxxxfgh");
  assert_int_equal(f.copying.octets_written, 3);
}

static void clear_reaches_the_end_whether_known_or_not(void **state) {
  (void)state;
  fixture f;
  fixture_init(&f);
  assert_int_equal(mr_source_clear(f.source), MR_OK);
  assert_memory_equal(f.octets, "\0\0\0\0\0\0\0\0", 8);
  fixture_init(&f);
  assert_int_equal(mr_source_clear(f.of_unknown_size), MR_OK);
  assert_memory_equal(f.octets, "\0\0\0\0\0\0\0\0", 8);
}

static void replace_writes_back_only_what_was_copied(void **state) {
  (void)state;
  fixture f;
  size_t copied = 77;
  fixture_init(&f);
  assert_int_equal(mr_source_replace(f.source, mr_range_from(1), mr_view_source(MR_VIEW("XY")),
                                     mr_range_all(), &copied),
                   MR_OK);
  assert_int_equal(copied, 2);
  assert_string_equal(f.octets, "aXYdefgh");
  assert_int_equal(f.copying.octets_written, 2);
}

static void replace_keeps_the_rest_where_the_size_is_unknown(void **state) {
  (void)state;
  fixture f;
  size_t copied = 77;
  fixture_init(&f);
  assert_int_equal(mr_source_replace(f.of_unknown_size, mr_range_from(1),
                                     mr_view_source(MR_VIEW("XY")), mr_range_all(), &copied),
                   MR_OK);
  assert_int_equal(copied, 2);
  assert_string_equal(f.octets, "aXYdefgh");
}

static void replace_within_one_memory_through_different_sources_may_overlap(void **state) {
  (void)state;
  fixture f;
  fixture_init(&f);
  mr_source direct = mr_region_source(mr_region_of(f.octets, 8));
  assert_int_equal(mr_source_replace(direct, mr_range_from(2), f.source, mr_range_all(), NULL),
                   MR_OK);
  assert_string_equal(f.octets, "ababcdef");
  fixture_init(&f);
  assert_int_equal(mr_source_replace(f.source, mr_range_from(2), direct, mr_range_all(), NULL),
                   MR_OK);
  assert_string_equal(f.octets, "ababcdef");
}

static void bare_pointers_may_stand_on_either_side(void **state) {
  (void)state;
  char to[] = "....", from[] = "wxyz";
  size_t copied = 77;
  assert_int_equal(mr_source_replace(mr_pointer_source(to), mr_range_of(1, 3),
                                     mr_pointer_source(from), mr_range_of(0, 4), &copied),
                   MR_OK);
  assert_int_equal(copied, 2);
  assert_string_equal(to, ".wx.");
  assert_int_equal(mr_source_replace(mr_pointer_source(to), mr_range_all(), mr_pointer_source(from),
                                     mr_range_of(0, 4), &copied),
                   MR_OUT_OF_BOUNDS);
}

static void what_fails_on_the_way_copies_nothing(void **state) {
  (void)state;
  fixture to, from;
  size_t copied = 77;
  fixture_init(&to);
  fixture_init(&from);
  from.copying.acquire_answer = MR_FAULT;
  assert_int_equal(
      mr_source_replace(to.source, mr_range_all(), from.source, mr_range_all(), &copied), MR_FAULT);
  from.copying.acquire_answer = MR_OK;
  to.copying.acquire_answer = MR_BUSY;
  assert_int_equal(
      mr_source_replace(to.source, mr_range_all(), from.source, mr_range_all(), &copied), MR_BUSY);
  to.copying.acquire_answer = MR_OK;
  to.copying.release_answer = MR_SYSTEM_ERROR;
  assert_int_equal(
      mr_source_replace(to.source, mr_range_all(), from.source, mr_range_all(), &copied),
      MR_SYSTEM_ERROR);
  assert_int_equal(copied, 77);
  assert_int_equal(to.copying.held + from.copying.held, 0);
  assert_string_equal(to.octets, "abcdefgh");
}

static void no_memory_for_scratch_changes_nothing(void **state) {
  (void)state;
  fixture f;
  fixture_init(&f);
  f.copying.extra = PTRDIFF_MAX - 16;
  assert_int_equal(mr_source_fill(f.source, 'x', mr_range_all()), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_source_replace(f.source, mr_range_all(), mr_view_source(MR_VIEW("X")),
                                     mr_range_all(), NULL),
                   MR_OUT_OF_MEMORY);
  assert_string_equal(f.octets, "abcdefgh");
}

/* Lends its memory itself, and records what was asked of it. Its release makes it one that is not stable. */
typedef struct recording {
  int acquired;
  mr_range range;
  mr_direction direction;
  mr_region memory;
} recording;

static mr_status record_acquire(const mr_source *source, mr_range range, mr_direction direction,
                                mr_region scratch, mr_region *region) {
  recording *r = source->self;
  (void)scratch;
  r->acquired++;
  r->range = range;
  r->direction = direction;
  return mr_subregion(r->memory, range, region);
}

static mr_status record_release(const mr_source *source, mr_range range, mr_direction direction,
                                mr_region scratch, mr_region region) {
  (void)source, (void)range, (void)direction, (void)scratch, (void)region;
  return MR_OK;
}

static const mr_source_ops recording_ops = {.struct_size = sizeof(mr_source_ops),
                                            .name = "recording",
                                            .acquire = record_acquire,
                                            .release = record_release};

static mr_source recording_source(recording *r, size_t size) {
  return (mr_source){&recording_ops, r, size, 1};
}

static void replace_borrows_no_more_than_it_copies_to_write(void **state) {
  (void)state;
  char octets[9] = "abcdefgh";
  recording to = {.memory = mr_region_of(octets, 8)};
  assert_int_equal(mr_source_replace(recording_source(&to, 8), mr_range_from(1),
                                     mr_view_source(MR_VIEW("XYZ")), mr_range_from(1), NULL),
                   MR_OK);
  assert_int_equal(to.acquired, 1);
  assert_int_equal(to.direction, MR_OUTPUT);
  assert_true(to.range.start == 1 && to.range.end == 3);
  assert_string_equal(octets, "aYZdefgh");
}

static void replace_borrows_all_of_an_unknown_size_for_both(void **state) {
  (void)state;
  char octets[9] = "abcdefgh";
  recording to = {.memory = mr_region_of(octets, 8)};
  assert_int_equal(mr_source_replace(recording_source(&to, MR_TO_END), mr_range_from(1),
                                     mr_view_source(MR_VIEW("XYZ")), mr_range_from(1), NULL),
                   MR_OK);
  assert_int_equal(to.direction, MR_IO);
  assert_true(to.range.start == 1 && to.range.end == MR_TO_END);
  assert_string_equal(octets, "aYZdefgh");
}

static void replace_reads_its_range_only(void **state) {
  (void)state;
  char octets[9] = "abcdefgh", to[3] = "..";
  recording from = {.memory = mr_region_of(octets, 8)};
  assert_int_equal(mr_source_replace(mr_region_source(mr_region_of(to, 2)), mr_range_all(),
                                     recording_source(&from, 8), mr_range_of(2, 5), NULL),
                   MR_OK);
  assert_int_equal(from.direction, MR_INPUT);
  assert_true(from.range.start == 2 && from.range.end == 5);
  assert_string_equal(to, "cd");
}

static void replace_with_no_memory_to_copy_aside_writes_nothing(void **state) {
  (void)state;
  char octets[9] = "abcdefgh";
  size_t copied = 77;
  recording from = {.memory = mr_region_of(octets, PTRDIFF_MAX - 1)}, to = from;
  assert_int_equal(
      mr_source_replace(recording_source(&to, PTRDIFF_MAX - 1), mr_range_all(),
                        recording_source(&from, PTRDIFF_MAX - 1), mr_range_all(), &copied),
      MR_OUT_OF_MEMORY);
  assert_int_equal(from.acquired, 1);
  assert_int_equal(to.acquired, 0);
  assert_int_equal(copied, 77);
}

static void replace_copies_nothing_aside_for_nothing(void **state) {
  (void)state;
  size_t copied = 77;
  recording from = {.memory = mr_region_of(NULL, 0)}, to = from;
  assert_int_equal(mr_source_replace(recording_source(&to, 0), mr_range_all(),
                                     recording_source(&from, 0), mr_range_all(), &copied),
                   MR_OK);
  assert_int_equal(copied, 0);
  assert_int_equal(to.acquired, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fill_writes_back_its_part_and_no_more),
      cmocka_unit_test(clear_reaches_the_end_whether_known_or_not),
      cmocka_unit_test(replace_writes_back_only_what_was_copied),
      cmocka_unit_test(replace_keeps_the_rest_where_the_size_is_unknown),
      cmocka_unit_test(replace_within_one_memory_through_different_sources_may_overlap),
      cmocka_unit_test(bare_pointers_may_stand_on_either_side),
      cmocka_unit_test(what_fails_on_the_way_copies_nothing),
      cmocka_unit_test(no_memory_for_scratch_changes_nothing),
      cmocka_unit_test(replace_borrows_no_more_than_it_copies_to_write),
      cmocka_unit_test(replace_borrows_all_of_an_unknown_size_for_both),
      cmocka_unit_test(replace_reads_its_range_only),
      cmocka_unit_test(replace_with_no_memory_to_copy_aside_writes_nothing),
      cmocka_unit_test(replace_copies_nothing_aside_for_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
