#include <string.h>

#include <memregions/sequence.h>

#include "source_conformance.h"
#include "support.h"

/* 40 elements of 4 octets: the last 4 of every 12 octets, but the first stands at 2. */
enum { COUNT = 40, STRIDE = 12, FIRST = 2 };

typedef struct column {
  unsigned char memory[FIRST + COUNT * STRIDE];
  mr_sequence sequence;
} column;

static void make_column(column *table, uint32_t flags) {
  for (size_t i = 0; i < sizeof table->memory; i++) table->memory[i] = (unsigned char)(i * 7);
  table->sequence = (mr_sequence){.start = table->memory + FIRST,
                                  .count = COUNT,
                                  .stride = STRIDE,
                                  .type = mr_scalar_type(MR_KIND_U32, MR_NATIVE_ORDER),
                                  .flags = flags};
}

/* An mr_source fixture's peek: the elements, one by one. */
static void peek(void *context, uint8_t *octets) {
  const mr_sequence *sequence = context;
  for (size_t i = 0; i < sequence->count; i++) {
    mr_view element;
    assert_int_equal(mr_sequence_element_view(*sequence, i, &element), MR_OK);
    memcpy(octets + i * element.size, element.pointer, element.size);
  }
}

static void run_conformance(const mr_sequence *sequence) {
  source_fixture fixture = {.source = mr_sequence_source(sequence),
                            .size = sequence->count * mr_type_size(sequence->type),
                            .peek = peek,
                            .context = (void *)sequence,
                            .read_only = (sequence->flags & MR_SEQUENCE_READ_ONLY) != 0};
  source_conformance(&fixture);
}

static void a_sequence_with_gaps_is_a_source(void **state) {
  (void)state;
  column table;
  make_column(&table, 0);
  run_conformance(&table.sequence);
}

static void a_read_only_sequence_with_gaps_is_a_source(void **state) {
  (void)state;
  column table;
  make_column(&table, MR_SEQUENCE_READ_ONLY);
  run_conformance(&table.sequence);
}

static void a_sequence_without_gaps_is_a_source(void **state) {
  (void)state;
  column table;
  make_column(&table, 0);
  table.sequence.stride = 4;
  run_conformance(&table.sequence);
}

static void a_read_only_sequence_without_gaps_is_a_source(void **state) {
  (void)state;
  column table;
  make_column(&table, MR_SEQUENCE_READ_ONLY);
  table.sequence.stride = 4;
  run_conformance(&table.sequence);
}

static void what_lies_between_elements_is_never_written(void **state) {
  (void)state;
  column table, before;
  make_column(&table, 0);
  make_column(&before, 0);

  assert_int_equal(mr_source_fill(mr_sequence_source(&table.sequence), 0xee, mr_range_of(3, 30)),
                   MR_OK);

  for (size_t i = 0; i < sizeof table.memory; i++) {
    size_t element = i < FIRST ? COUNT : (i - FIRST) / STRIDE;
    bool is_filled = element >= 3 && element < 30 && (i - FIRST) % STRIDE < 4;
    assert_int_equal(table.memory[i], is_filled ? 0xee : before.memory[i]);
  }
}

static void a_part_of_an_element_can_be_written(void **state) {
  (void)state;
  column table, before;
  make_column(&table, 0);
  make_column(&before, 0);
  mr_source to = mr_sequence_source(&table.sequence);
  size_t copied = 0;

  assert_int_equal(mr_source_replace(to, mr_range_from(1), mr_view_source(MR_VIEW("ABCDEF")),
                                     mr_range_all(), &copied),
                   MR_OK);

  assert_int_equal(copied, 6);
  assert_memory_equal(table.memory + FIRST + STRIDE, "ABCD", 4);
  assert_memory_equal(table.memory + FIRST + 2 * STRIDE, "EF", 2);
  assert_memory_equal(table.memory + FIRST + 2 * STRIDE + 2, before.memory + FIRST + 2 * STRIDE + 2,
                      STRIDE - 2);
}

static void octets_can_be_lent_from_within_an_element(void **state) {
  (void)state;
  column table;
  make_column(&table, 0);
  mr_source source = mr_sequence_source(&table.sequence);
  /* The last 2 octets of element 1, and the first 3 of 2. */
  const mr_range range = mr_range_of(6, 11);
  _Alignas(16) unsigned char scratch[16];
  mr_region memory = mr_region_of(scratch, sizeof scratch), lent;
  const unsigned char *first = table.memory + FIRST + STRIDE;

  assert_int_equal(source.ops->acquire(&source, range, MR_IO, memory, &lent), MR_OK);
  assert_int_equal(lent.size, 5);
  assert_memory_equal(lent.pointer, first + 2, 2);
  assert_memory_equal((unsigned char *)lent.pointer + 2, first + STRIDE, 3);
  memcpy(lent.pointer, "abcde", 5);
  assert_int_equal(source.ops->release(&source, range, MR_IO, memory, lent), MR_OK);

  assert_memory_equal(first + 2, "ab", 2);
  assert_memory_equal(first + STRIDE, "cde", 3);
}

static void elements_side_by_side_are_lent_in_place(void **state) {
  (void)state;
  column table;
  make_column(&table, 0);
  table.sequence.stride = 4;
  mr_source source = mr_sequence_source(&table.sequence);
  mr_region region;

  assert_true(mr_source_is_stable(source));
  assert_int_equal(source.unit, 4);
  assert_int_equal(mr_to_region(source, &region), MR_OK);
  assert_ptr_equal(region.pointer, table.memory + FIRST);
  assert_int_equal(region.size, COUNT * 4);
}

static void elements_with_gaps_are_not_lent_in_place(void **state) {
  (void)state;
  column table;
  make_column(&table, 0);
  mr_source source = mr_sequence_source(&table.sequence);
  mr_region region;

  assert_false(mr_source_is_stable(source));
  assert_int_equal(source.unit, 4);
  assert_int_equal(source.size, COUNT * 4);
  assert_int_equal(mr_to_region(source, &region), MR_UNSUPPORTED);
}

static void a_single_element_has_no_gaps(void **state) {
  (void)state;
  column table;
  make_column(&table, 0);
  table.sequence.count = 1;
  mr_region region;

  assert_int_equal(mr_to_region(mr_sequence_source(&table.sequence), &region), MR_OK);

  assert_int_equal(region.size, 4);
}

static void an_empty_sequence_lends_nothing(void **state) {
  (void)state;
  const mr_sequence null = {0};
  mr_source source = mr_sequence_source(&null);
  mr_region region;

  assert_int_equal(source.size, 0);
  assert_int_equal(mr_to_region(source, &region), MR_OK);
  assert_int_equal(region.size, 0);
}

static void an_empty_part_of_a_sequence_with_gaps_can_be_borrowed(void **state) {
  (void)state;
  column table;
  make_column(&table, 0);
  mr_borrow borrow;
  mr_source source = mr_sequence_source(&table.sequence);

  assert_int_equal(mr_acquire(source, mr_range_of(5, 5), MR_IO, mr_region_of(NULL, 0), &borrow),
                   MR_OK);
  assert_int_equal(borrow.region.size, 0);
  assert_int_equal(mr_release(&borrow), MR_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sequence_with_gaps_is_a_source),
      cmocka_unit_test(a_read_only_sequence_with_gaps_is_a_source),
      cmocka_unit_test(a_sequence_without_gaps_is_a_source),
      cmocka_unit_test(a_read_only_sequence_without_gaps_is_a_source),
      cmocka_unit_test(what_lies_between_elements_is_never_written),
      cmocka_unit_test(a_part_of_an_element_can_be_written),
      cmocka_unit_test(octets_can_be_lent_from_within_an_element),
      cmocka_unit_test(elements_side_by_side_are_lent_in_place),
      cmocka_unit_test(elements_with_gaps_are_not_lent_in_place),
      cmocka_unit_test(a_single_element_has_no_gaps),
      cmocka_unit_test(an_empty_sequence_lends_nothing),
      cmocka_unit_test(an_empty_part_of_a_sequence_with_gaps_can_be_borrowed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
