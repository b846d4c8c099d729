#include <memregions/source.h>
#include <string.h>

#include "copying_source.h"
#include "source_conformance.h"
#include "support.h"

enum { SIZE = 96 };

static void peek(void *memory, uint8_t *octets) { memcpy(octets, memory, SIZE); }

static void number(unsigned char *octets) {
  for (int i = 0; i < SIZE; i++) octets[i] = (unsigned char)(i + 1);
}

static void a_region_conforms(void **state) {
  (void)state;
  unsigned char octets[SIZE];
  number(octets);
  mr_source source = mr_region_source(mr_region_of(octets, SIZE));
  source_conformance(
      &(source_fixture){.source = source, .size = SIZE, .peek = peek, .context = octets});
}

static void a_view_conforms(void **state) {
  (void)state;
  unsigned char octets[SIZE];
  number(octets);
  mr_source source = mr_view_source(mr_view_of(octets, SIZE));
  source_conformance(&(source_fixture){
      .source = source, .size = SIZE, .peek = peek, .context = octets, .read_only = true});
}

static void an_array_conforms(void **state) {
  static const size_t element_sizes[] = {0, 1, 2, 3, 4, 6, 8, 12};
  (void)state;
  for (size_t i = 0; i < sizeof element_sizes / sizeof *element_sizes; i++) {
    unsigned char octets[SIZE];
    number(octets);
    mr_source source = mr_array_source(mr_region_of(octets, SIZE), element_sizes[i]);
    source_conformance(
        &(source_fixture){.source = source, .size = SIZE, .peek = peek, .context = octets});
    source = mr_const_array_source(mr_view_of(octets, SIZE), element_sizes[i]);
    source_conformance(&(source_fixture){
        .source = source, .size = SIZE, .peek = peek, .context = octets, .read_only = true});
  }
}

static void a_pointer_conforms(void **state) {
  (void)state;
  unsigned char octets[SIZE];
  number(octets);
  source_conformance(&(source_fixture){.source = mr_pointer_source(octets),
                                       .size = SIZE,
                                       .peek = peek,
                                       .context = octets,
                                       .endless = true});
}

static void a_temporary_conforms(void **state) {
  (void)state;
  source_conformance(
      &(source_fixture){.source = mr_temporary_source(SIZE), .size = SIZE, .fresh = true});
}

static void a_users_copying_source_conforms(void **state) {
  (void)state;
  unsigned char octets[SIZE];
  number(octets);
  copying_source copying = {.memory = mr_region_of(octets, SIZE), .extra = 3};
  source_fixture fixture = {
      .source = copying_source_of(&copying), .size = SIZE, .peek = peek, .context = octets};
  source_conformance(&fixture);
  assert_int_equal(copying.held, 0);
  fixture.source = copying_source_of_unknown_size(&copying);
  source_conformance(&fixture);
  assert_int_equal(copying.held, 0);
}

static void a_copying_source_of_elements_conforms(void **state) {
  (void)state;
  unsigned char octets[SIZE];
  number(octets);
  copying_source copying = {.memory = mr_region_of(octets, SIZE)};
  source_fixture fixture = {
      .source = copying_source_of(&copying), .size = SIZE, .peek = peek, .context = octets};
  fixture.source.unit = 6;
  source_conformance(&fixture);
  fixture.source.size = MR_TO_END;
  source_conformance(&fixture);
  assert_int_equal(copying.held, 0);
}

static void conformance_holds_whatever_the_stack_limit(void **state) {
  (void)state;
  assert_int_equal(mr_set_stack_limit(0), MR_OK);
  a_users_copying_source_conforms(state);
  a_temporary_conforms(state);
  assert_int_equal(mr_set_stack_limit(300), MR_OK);
  a_users_copying_source_conforms(state);
  assert_int_equal(mr_set_stack_limit(8192), MR_OK);
}

static void assert_lends_null(mr_source source, mr_direction direction) {
  mr_borrow borrow;
  mr_region none = {NULL, 0};
  assert_int_equal(mr_acquire(source, mr_range_all(), direction, none, &borrow), MR_OK);
  assert_true(borrow.region.pointer == NULL && borrow.region.size == 0);
  assert_int_equal(mr_release(&borrow), MR_OK);
  assert_int_equal(mr_acquire(source, mr_range_of(0, 1), direction, none, &borrow),
                   MR_OUT_OF_BOUNDS);
}

static void the_null_source_lends_the_null_region(void **state) {
  (void)state;
  const mr_source zeros = {0};
  for (mr_direction direction = MR_INPUT; direction <= MR_IO; direction++) {
    assert_lends_null(mr_null_source(), direction);
    assert_lends_null(zeros, direction);
    assert_lends_null(mr_pointer_source(NULL), direction);
    assert_lends_null(mr_region_source(mr_region_of(NULL, 0)), direction);
    assert_lends_null(mr_temporary_source(0), direction);
  }
}

static void the_null_source_is_stable(void **state) {
  (void)state;
  mr_region region = {&region, 7};
  mr_view view = {&view, 7};
  assert_true(mr_source_is_stable(mr_null_source()));
  assert_int_equal(mr_to_region(mr_null_source(), &region), MR_OK);
  assert_int_equal(mr_to_view(mr_null_source(), &view), MR_OK);
  assert_true(region.pointer == NULL && region.size == 0);
  assert_true(view.pointer == NULL && view.size == 0);
}

static void the_null_source_takes_clear_fill_and_replace(void **state) {
  (void)state;
  size_t copied = 77;
  assert_int_equal(mr_source_clear(mr_null_source()), MR_OK);
  assert_int_equal(mr_source_fill(mr_null_source(), 1, mr_range_all()), MR_OK);
  assert_int_equal(mr_source_fill(mr_null_source(), 1, mr_range_of(0, 1)), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_source_replace(mr_null_source(), mr_range_all(), mr_view_source(MR_VIEW("a")),
                                     mr_range_all(), &copied),
                   MR_OK);
  assert_int_equal(copied, 0);
}

static void a_trailing_part_belongs_to_the_end(void **state) {
  (void)state;
  char octets[10];
  mr_source source = mr_array_source(mr_region_of(octets, 10), 4);
  mr_region none = {NULL, 0};
  mr_borrow borrow;
  assert_int_equal(mr_acquire(source, mr_range_from(2), MR_IO, none, &borrow), MR_OK);
  assert_ptr_equal(borrow.region.pointer, octets + 8);
  assert_int_equal(borrow.region.size, 2);
  assert_int_equal(mr_acquire(source, mr_range_of(0, 2), MR_IO, none, &borrow), MR_OK);
  assert_int_equal(borrow.region.size, 8);
  assert_int_equal(mr_acquire(source, mr_range_of(0, 3), MR_IO, none, &borrow), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_acquire(source, mr_range_from(3), MR_IO, none, &borrow), MR_OUT_OF_BOUNDS);
}

static void a_product_that_is_MR_TO_END_by_chance_means_nothing_special(void **state) {
  (void)state;
  unsigned char octets[SIZE] = {0};
  copying_source copying = {.memory = mr_region_of(octets, SIZE)};
  mr_source source = copying_source_of_unknown_size(&copying);
  size_t size = 77;
  source.unit = 3; /* divides SIZE_MAX */
  assert_int_equal(SIZE_MAX % 3, 0);
  assert_int_equal(mr_scratch_size(source, mr_range_of(0, SIZE_MAX / 3), MR_INPUT, &size),
                   MR_OUT_OF_BOUNDS);
  assert_int_equal(size, 77);
}

static void a_temporary_is_no_larger_than_memory_can_be(void **state) {
  static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 6, (size_t)PTRDIFF_MAX + 1};
  (void)state;
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    size_t size = 77;
    mr_source source = mr_temporary_source(sizes[i]);
    assert_int_equal(source.size, sizes[i]);
    assert_int_equal(mr_scratch_size(source, mr_range_all(), MR_IO, &size), MR_BLOCK_TOO_BIG);
    assert_int_equal(size, 77);
    assert_int_equal(mr_source_clear(source), MR_BLOCK_TOO_BIG);
    assert_int_equal(mr_scratch_size(source, mr_range_of(5, 10), MR_IO, &size), MR_OK);
    assert_int_equal(size, 5);
  }
}

static mr_status release_nothing(const mr_source *source, mr_range range, mr_direction direction,
                                 mr_region scratch, mr_region region) {
  (void)source, (void)range, (void)direction, (void)scratch, (void)region;
  return MR_OK;
}

static void a_source_that_has_to_be_released_is_not_stable(void **state) {
  (void)state;
  char octet;
  mr_source source = mr_region_source(mr_region_of(&octet, 1));
  assert_true(mr_source_is_stable(source));
  mr_source_ops ops = *source.ops;
  ops.release = release_nothing;
  source.ops = &ops;
  assert_false(mr_source_is_stable(source));
}

static mr_status lend_all(const mr_source *source, mr_range range, mr_direction direction,
                          mr_region scratch, mr_region *region) {
  (void)direction, (void)scratch;
  return mr_subregion(mr_region_of(source->self, source->size), range, region);
}

static mr_status refuse_to_be_called(void *context, mr_region region) {
  (void)region;
  ++*(int *)context;
  return MR_OK;
}

static mr_status refuse_to_be_shown(void *context, mr_view view) {
  (void)view;
  ++*(int *)context;
  return MR_OK;
}

static mr_status refuse_to_be_given(void *context, const mr_region *regions, size_t count) {
  (void)regions, (void)count;
  ++*(int *)context;
  return MR_OK;
}

static void assert_refused_in_every_form(const mr_source_ops *ops) {
  char octets[8] = "abcdefg";
  int calls = 0;
  size_t size = 77, copied = 77;
  mr_source source = {ops, octets, sizeof octets, 1};
  mr_source other = mr_view_source(MR_VIEW("XY"));
  mr_region region = {NULL, 77}, none = {NULL, 0};
  mr_view view = {NULL, 77};
  mr_borrow borrow;
  const mr_range all = mr_range_all();
  assert_int_equal(mr_scratch_size(source, all, MR_IO, &size), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_acquire(source, all, MR_IO, none, &borrow), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_to_region(source, &region), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_to_view(source, &view), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_call_with_region(source, NULL, refuse_to_be_called, &calls),
                   MR_INVALID_ARGUMENT);
  assert_int_equal(mr_call_with_view(source, NULL, refuse_to_be_shown, &calls),
                   MR_INVALID_ARGUMENT);
  assert_int_equal(mr_call_with_regions(&source, NULL, 1, refuse_to_be_given, &calls),
                   MR_INVALID_ARGUMENT);
  assert_int_equal(mr_source_clear(source), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_source_fill(source, 1, all), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_source_replace(source, all, other, all, &copied), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_source_replace(source, all, source, all, &copied), MR_INVALID_ARGUMENT);
  assert_false(mr_source_is_stable(source));
  assert_true(calls == 0 && size == 77 && copied == 77 && region.size == 77 && view.size == 77);
  assert_string_equal(octets, "abcdefg");
}

static const size_t whole_ops = offsetof(mr_source_ops, release) + sizeof(void (*)(void));

static void ops_that_end_before_release_does_are_refused(void **state) {
  (void)state;
  assert_refused_in_every_form(
      &(const mr_source_ops){.struct_size = whole_ops - 1, .acquire = lend_all});
  assert_refused_in_every_form(&(const mr_source_ops){.struct_size = 0, .acquire = lend_all});
}

static void ops_that_lend_nothing_are_refused(void **state) {
  (void)state;
  assert_refused_in_every_form(&(const mr_source_ops){.struct_size = sizeof(mr_source_ops)});
}

static void ops_of_this_release_and_later_ones_are_accepted(void **state) {
  static const size_t more[] = {0, 1, 8, 1000};
  (void)state;
  for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
    char octets[8];
    mr_region region;
    const mr_source_ops ops = {.struct_size = whole_ops + more[i], .acquire = lend_all};
    mr_source source = {&ops, octets, sizeof octets, 1};
    assert_int_equal(mr_source_clear(source), MR_OK);
    assert_int_equal(mr_to_region(source, &region), MR_OK);
    assert_ptr_equal(region.pointer, octets);
    assert_true(mr_source_is_stable(source));
  }
}

static void options_are_made_of_range_and_direction(void **state) {
  (void)state;
  mr_borrow_options options = mr_borrow_options_of(mr_range_of(3, 5), MR_OUTPUT);
  assert_true(options.range.start == 3 && options.range.end == 5);
  assert_int_equal(options.direction, MR_OUTPUT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_region_conforms),
      cmocka_unit_test(a_view_conforms),
      cmocka_unit_test(an_array_conforms),
      cmocka_unit_test(a_pointer_conforms),
      cmocka_unit_test(a_temporary_conforms),
      cmocka_unit_test(a_users_copying_source_conforms),
      cmocka_unit_test(a_copying_source_of_elements_conforms),
      cmocka_unit_test(conformance_holds_whatever_the_stack_limit),
      cmocka_unit_test(the_null_source_lends_the_null_region),
      cmocka_unit_test(the_null_source_is_stable),
      cmocka_unit_test(the_null_source_takes_clear_fill_and_replace),
      cmocka_unit_test(a_trailing_part_belongs_to_the_end),
      cmocka_unit_test(a_product_that_is_MR_TO_END_by_chance_means_nothing_special),
      cmocka_unit_test(a_temporary_is_no_larger_than_memory_can_be),
      cmocka_unit_test(a_source_that_has_to_be_released_is_not_stable),
      cmocka_unit_test(ops_that_end_before_release_does_are_refused),
      cmocka_unit_test(ops_that_lend_nothing_are_refused),
      cmocka_unit_test(ops_of_this_release_and_later_ones_are_accepted),
      cmocka_unit_test(options_are_made_of_range_and_direction),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
