#include "source_conformance.h"

#include <stdlib.h>
#include <string.h>

#include "support.h"

enum { MOST = 4096 * 16, GUARD = 32, GUARD_OCTET = 0xa5 };

static const mr_direction directions[] = {MR_INPUT, MR_OUTPUT, MR_IO};
#define DIRECTION_COUNT (sizeof directions / sizeof *directions)

static size_t units(const source_fixture *f) { return f->size / f->source.unit; }

/* What a borrow of everything has to name: where there is no end, one must be given. */
static mr_range everything(const source_fixture *f) {
  return f->endless ? mr_range_of(0, units(f)) : mr_range_all();
}

static bool is_refused(const source_fixture *f, mr_direction direction) {
  return f->read_only && direction != MR_INPUT;
}

static void copy_contents(const source_fixture *f, uint8_t *octets) {
  if (f->fresh) {
    memset(octets, 0, f->size);
  } else {
    f->peek(f->context, octets);
  }
}

/* Contents as they were at one moment. */
typedef struct snapshot {
  const source_fixture *f;
  uint8_t *octets;
} snapshot;

static snapshot snapshot_of(const source_fixture *f) {
  snapshot s = {f, malloc(f->size)};
  assert_non_null(s.octets);
  copy_contents(f, s.octets);
  return s;
}

/* Asserts that contents are `s` still, or again what was done to `s` in the meantime. */
static void assert_contents(snapshot s) {
  snapshot now = snapshot_of(s.f);
  assert_memory_equal(now.octets, s.octets, s.f->size);
  free(now.octets);
}

static void drop(snapshot s) { free(s.octets); }

/* The octets that a change leaves behind: none of it where nothing is kept. */
static void expect_octets(snapshot s, size_t start, size_t end, uint8_t octet) {
  if (!s.f->fresh) memset(s.octets + start, octet, end - start);
}

/* Exactly the scratch that a borrow asks for, with a guard behind it. */
static mr_region scratch_new(size_t size) {
  unsigned char *octets = aligned_alloc(16, (size + GUARD + 15) / 16 * 16);
  assert_non_null(octets);
  memset(octets, 0x5c, size);
  memset(octets + size, GUARD_OCTET, GUARD);
  return mr_region_of(octets, size);
}

static void scratch_drop(mr_region scratch) {
  const unsigned char *guard = (const unsigned char *)scratch.pointer + scratch.size;
  for (size_t i = 0; i < GUARD; i++) assert_int_equal(guard[i], GUARD_OCTET);
  free(scratch.pointer);
}

static mr_region scratch_for(const source_fixture *f, mr_range range, mr_direction direction) {
  size_t size = 0;
  assert_int_equal(mr_scratch_size(f->source, range, direction, &size), MR_OK);
  return scratch_new(size);
}

/* A borrow, and the scratch it was given. */
typedef struct loan {
  mr_borrow borrow;
  mr_region scratch;
} loan;

static loan acquire(const source_fixture *f, mr_range range, mr_direction direction) {
  loan l = {.scratch = scratch_for(f, range, direction)};
  assert_int_equal(mr_acquire(f->source, range, direction, l.scratch, &l.borrow), MR_OK);
  assert_true(mr_region_is_sound(l.borrow.region));
  return l;
}

static void release(loan *l) {
  assert_int_equal(mr_release(&l->borrow), MR_OK);
  assert_null(l->borrow.region.pointer);
  assert_int_equal(l->borrow.region.size, 0);
  assert_int_equal(mr_release(&l->borrow), MR_OK);
  scratch_drop(l->scratch);
}

/* Acquire must answer `expected`, and change neither the borrow nor the contents. */
static void assert_acquire_refused(const source_fixture *f, mr_range range, mr_direction direction,
                                   mr_status expected) {
  snapshot before = snapshot_of(f);
  mr_borrow borrow, same;
  memset(&borrow, 0x77, sizeof borrow);
  memset(&same, 0x77, sizeof same);
  mr_region scratch = scratch_new(f->size + 64);

  assert_int_equal(mr_acquire(f->source, range, direction, scratch, &borrow), expected);

  assert_memory_equal(&borrow, &same, sizeof borrow);
  assert_contents(before);
  scratch_drop(scratch);
  drop(before);
}

static void size_is_told_or_unknown(const source_fixture *f) {
  assert_true(f->source.size == f->size || f->source.size == MR_TO_END);
  assert_true(f->source.unit >= 1);
  assert_int_equal(f->size % f->source.unit, 0);
  assert_true(units(f) >= 8 && f->size <= MOST);
}

static void a_direction_that_is_none_is_refused(const source_fixture *f) {
  static const mr_direction none[] = {(mr_direction)0, (mr_direction)4, (mr_direction)0x7fffffff};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    size_t size = 77;
    assert_int_equal(mr_scratch_size(f->source, mr_range_of(0, 1), none[i], &size),
                     MR_INVALID_ARGUMENT);
    assert_int_equal(size, 77);
    assert_acquire_refused(f, mr_range_of(0, 1), none[i], MR_INVALID_ARGUMENT);
  }
}

static void assert_outside(const source_fixture *f, mr_range range) {
  for (size_t i = 0; i < DIRECTION_COUNT; i++) {
    if (is_refused(f, directions[i])) continue;
    assert_acquire_refused(f, range, directions[i], MR_OUT_OF_BOUNDS);
    if (f->source.size == MR_TO_END) continue;
    size_t size = 77;
    assert_int_equal(mr_scratch_size(f->source, range, directions[i], &size), MR_OUT_OF_BOUNDS);
    assert_int_equal(size, 77);
  }
}

static void a_range_outside_is_refused(const source_fixture *f) {
  size_t count = units(f);
  assert_outside(f, mr_range_of(5, 4));
  assert_outside(f, mr_range_of(SIZE_MAX - 1, 0));
  assert_outside(f, mr_range_of(0, SIZE_MAX - 1));
  if (f->source.unit > 1) {
    /* The product wraps to something inside, or stands for MR_TO_END by chance. */
    assert_outside(f, mr_range_of(0, SIZE_MAX / f->source.unit + 1));
    assert_outside(f, mr_range_of(0, SIZE_MAX / f->source.unit));
    assert_outside(f, mr_range_of(SIZE_MAX / f->source.unit + 1, MR_TO_END));
  }
  if (f->endless) {
    assert_outside(f, mr_range_all());
    return;
  }
  assert_outside(f, mr_range_of(0, count + 1));
  assert_outside(f, mr_range_of(count, count + 1));
  assert_outside(f, mr_range_of(count + 1, count + 1));
  assert_outside(f, mr_range_from(count + 1));
  assert_outside(f, mr_range_of(MR_TO_END, MR_TO_END));
#if SIZE_MAX > UINT32_MAX
  assert_outside(f, mr_range_of(0, ((size_t)1 << 32) + 6));
#endif
}

static void assert_input_is(const source_fixture *f, mr_range range, size_t start, size_t end) {
  snapshot before = snapshot_of(f);
  loan l = acquire(f, range, MR_INPUT);
  assert_int_equal(l.borrow.region.size, end - start);
  if (end > start) {
    assert_memory_equal(l.borrow.region.pointer, before.octets + start, end - start);
  }
  release(&l);
  assert_contents(before);
  drop(before);
}

static void input_lends_the_contents(const source_fixture *f) {
  size_t unit = f->source.unit, count = units(f);
  assert_input_is(f, everything(f), 0, f->size);
  assert_input_is(f, mr_range_of(2, 5), 2 * unit, 5 * unit);
  assert_input_is(f, mr_range_of(count - 1, count), f->size - unit, f->size);
  assert_input_is(f, mr_range_of(0, 0), 0, 0);
  assert_input_is(f, mr_range_of(count, count), f->size, f->size);
  if (!f->endless) assert_input_is(f, mr_range_from(3), 3 * unit, f->size);
}

static void writing_what_is_read_only_is_refused(const source_fixture *f) {
  static const mr_range ranges[] = {{0, 8}, {3, 3}, {0, 0}};
  if (!f->read_only) return;
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
    assert_acquire_refused(f, ranges[i], MR_OUTPUT, MR_READ_ONLY);
    assert_acquire_refused(f, ranges[i], MR_IO, MR_READ_ONLY);
  }
}

static void what_is_output_is_kept(const source_fixture *f) {
  if (f->read_only) return;
  size_t unit = f->source.unit;
  snapshot contents = snapshot_of(f);
  loan l = acquire(f, mr_range_of(2, 5), MR_OUTPUT);
  assert_int_equal(l.borrow.region.size, 3 * unit);
  if (!mr_source_is_stable(f->source)) {
    const unsigned char *lent = l.borrow.region.pointer;
    for (size_t i = 0; i < l.borrow.region.size; i++) assert_int_equal(lent[i], 0);
  }
  memset(l.borrow.region.pointer, 0xc3, l.borrow.region.size);
  release(&l);
  expect_octets(contents, 2 * unit, 5 * unit, 0xc3);
  assert_contents(contents);
  drop(contents);
}

static void io_lends_the_contents_and_keeps_changes(const source_fixture *f) {
  if (f->read_only) return;
  size_t unit = f->source.unit;
  snapshot contents = snapshot_of(f);
  loan l = acquire(f, mr_range_of(1, 7), MR_IO);
  assert_int_equal(l.borrow.region.size, 6 * unit);
  assert_memory_equal(l.borrow.region.pointer, contents.octets + unit, 6 * unit);
  ((unsigned char *)l.borrow.region.pointer)[1] = 0x3c;
  release(&l);
  expect_octets(contents, unit + 1, unit + 2, 0x3c);
  assert_contents(contents);
  drop(contents);
}

static void unsuitable_scratch_is_refused(const source_fixture *f) {
  mr_borrow borrow;
  mr_range range = mr_range_of(0, 3);
  mr_region scratch = scratch_for(f, range, MR_INPUT);
  if (scratch.size > 0) {
    mr_region small = mr_region_of(scratch.pointer, scratch.size - 1);
    mr_region odd = mr_region_of((unsigned char *)scratch.pointer + 8, scratch.size);
    mr_region none = mr_region_of(NULL, 0);
    assert_int_equal(mr_acquire(f->source, range, MR_INPUT, small, &borrow), MR_INVALID_ARGUMENT);
    assert_int_equal(mr_acquire(f->source, range, MR_INPUT, odd, &borrow), MR_INVALID_ARGUMENT);
    assert_int_equal(mr_acquire(f->source, range, MR_INPUT, none, &borrow), MR_INVALID_ARGUMENT);
  }
  scratch_drop(scratch);
}

static mr_status expected_of_to_region(const source_fixture *f) {
  if (!mr_source_is_stable(f->source)) return MR_UNSUPPORTED;
  if (f->read_only) return MR_READ_ONLY;
  return f->endless ? MR_OUT_OF_BOUNDS : MR_OK;
}

static void a_stable_source_has_a_region(const source_fixture *f) {
  snapshot before = snapshot_of(f);
  mr_region region = {NULL, 77};
  mr_status expected = expected_of_to_region(f);
  assert_int_equal(mr_to_region(f->source, &region), expected);
  if (expected != MR_OK) {
    assert_int_equal(region.size, 77);
  } else {
    assert_int_equal(region.size, f->size);
    assert_memory_equal(region.pointer, before.octets, f->size);
  }
  drop(before);
}

static void a_stable_source_has_a_view(const source_fixture *f) {
  snapshot before = snapshot_of(f);
  mr_view view = {NULL, 77};
  mr_status expected = expected_of_to_region(f);
  if (expected == MR_READ_ONLY) expected = f->endless ? MR_OUT_OF_BOUNDS : MR_OK;
  assert_int_equal(mr_to_view(f->source, &view), expected);
  if (expected != MR_OK) {
    assert_int_equal(view.size, 77);
  } else {
    assert_int_equal(view.size, f->size);
    assert_memory_equal(view.pointer, before.octets, f->size);
  }
  drop(before);
}

static void a_stable_source_needs_no_scratch(const source_fixture *f) {
  if (!mr_source_is_stable(f->source)) return;
  for (size_t i = 0; i < DIRECTION_COUNT; i++) {
    size_t size = 77;
    assert_int_equal(mr_scratch_size(f->source, everything(f), directions[i], &size), MR_OK);
    assert_int_equal(size, 0);
  }
}

/* What a scoped call saw; `octet`, where not 0, is what it writes. */
typedef struct visit {
  int calls;
  size_t size;
  uint8_t octet;
  mr_status answer;
} visit;

static mr_status visit_region(void *context, mr_region region) {
  visit *v = context;
  v->calls++;
  v->size = region.size;
  if (v->octet && region.size) memset(region.pointer, v->octet, region.size);
  return v->answer;
}

static mr_status visit_view(void *context, mr_view view) {
  visit *v = context;
  v->calls++;
  v->size = view.size;
  return v->answer;
}

static mr_status visit_regions(void *context, const mr_region *regions, size_t count) {
  visit *v = context;
  v->calls++;
  v->size = 0;
  for (size_t i = 0; i < count; i++) v->size += regions[i].size;
  return v->answer;
}

static void assert_call_sees(const source_fixture *f, mr_range range, size_t size) {
  mr_borrow_options options = {range, MR_INPUT};
  visit v = {.calls = 0};
  assert_int_equal(mr_call_with_region(f->source, &options, visit_region, &v), MR_OK);
  assert_int_equal(v.calls, 1);
  assert_int_equal(v.size, size);
  assert_int_equal(mr_call_with_view(f->source, &options, visit_view, &v), MR_OK);
  assert_int_equal(v.calls, 2);
  assert_int_equal(v.size, size);
}

static void assert_call_refused(const source_fixture *f, mr_range range, mr_direction direction,
                                mr_status expected) {
  snapshot before = snapshot_of(f);
  mr_borrow_options options = {range, direction};
  visit v = {.octet = 0x99};
  assert_int_equal(mr_call_with_region(f->source, &options, visit_region, &v), expected);
  assert_int_equal(v.calls, 0);
  assert_contents(before);
  drop(before);
}

static void a_call_cuts_off_what_lies_past_a_known_end(const source_fixture *f) {
  size_t unit = f->source.unit, count = units(f);
  assert_call_sees(f, mr_range_of(1, 4), 3 * unit);
  assert_call_sees(f, everything(f), f->size);
  assert_call_refused(f, mr_range_of(4, 3), MR_INPUT, MR_OUT_OF_BOUNDS);
  assert_call_refused(f, mr_range_of(MR_TO_END, 3), MR_INPUT, MR_OUT_OF_BOUNDS);
  if (f->source.size != MR_TO_END) {
    assert_call_sees(f, mr_range_of(2, count + 9), f->size - 2 * unit);
    assert_call_sees(f, mr_range_of(2, SIZE_MAX - 1), f->size - 2 * unit);
    assert_call_sees(f, mr_range_of(2, SIZE_MAX / unit), f->size - 2 * unit);
    assert_call_sees(f, mr_range_of(2 * count, 3 * count), 0);
    assert_call_sees(f, mr_range_of(MR_TO_END, MR_TO_END), 0);
  } else if (!f->endless) {
    assert_call_refused(f, mr_range_of(2, count + 9), MR_INPUT, MR_OUT_OF_BOUNDS);
  }
}

static void a_call_refuses_what_the_source_refuses(const source_fixture *f) {
  visit v = {.calls = 0};
  mr_borrow_options output = {mr_range_of(0, 1), MR_OUTPUT};
  assert_call_refused(f, mr_range_of(0, 1), (mr_direction)0, MR_INVALID_ARGUMENT);
  assert_call_refused(f, mr_range_of(0, 1), (mr_direction)4, MR_INVALID_ARGUMENT);
  assert_int_equal(mr_call_with_view(f->source, &output, visit_view, &v), MR_INVALID_ARGUMENT);
  assert_int_equal(v.calls, 0);
  if (f->read_only) {
    assert_call_refused(f, mr_range_of(0, 1), MR_IO, MR_READ_ONLY);
    assert_call_refused(f, mr_range_of(3, 3), MR_OUTPUT, MR_READ_ONLY);
    assert_int_equal(mr_call_with_region(f->source, NULL, visit_region, &v), MR_READ_ONLY);
  } else if (f->endless) {
    assert_int_equal(mr_call_with_region(f->source, NULL, visit_region, &v), MR_OUT_OF_BOUNDS);
  } else {
    assert_int_equal(mr_call_with_region(f->source, NULL, visit_region, &v), MR_OK);
    assert_int_equal(v.size, f->size);
  }
}

static void a_call_keeps_what_was_written(const source_fixture *f) {
  if (f->read_only) return;
  size_t unit = f->source.unit;
  snapshot contents = snapshot_of(f);
  mr_borrow_options options = {mr_range_of(3, 6), MR_IO};
  visit v = {.octet = 0x42, .answer = (mr_status)(MR_USER + 5)};
  assert_int_equal(mr_call_with_region(f->source, &options, visit_region, &v), MR_USER + 5);
  expect_octets(contents, 3 * unit, 6 * unit, 0x42);
  assert_contents(contents);
  drop(contents);
}

static void a_call_with_several_borrows_each(const source_fixture *f) {
  mr_source sources[] = {mr_null_source(), f->source, mr_temporary_source(5)};
  mr_borrow_options options[] = {
      {mr_range_all(), MR_IO}, {everything(f), MR_INPUT}, {{1, 3}, MR_IO}};
  visit v = {.answer = (mr_status)(MR_USER + 1)};
  assert_int_equal(mr_call_with_regions(sources, options, 3, visit_regions, &v), MR_USER + 1);
  assert_int_equal(v.calls, 1);
  assert_int_equal(v.size, f->size + 2);
}

static void fill_sets_a_part(const source_fixture *f) {
  if (f->read_only) return;
  size_t unit = f->source.unit, count = units(f);
  snapshot contents = snapshot_of(f);
  assert_int_equal(mr_source_fill(f->source, 0xd7, mr_range_of(1, 4)), MR_OK);
  assert_int_equal(mr_source_fill(f->source, 0xff, mr_range_of(2, 2)), MR_OK);
  assert_int_equal(mr_source_fill(f->source, 0xff, mr_range_of(5, 4)), MR_OUT_OF_BOUNDS);
  if (!f->endless) {
    assert_int_equal(mr_source_fill(f->source, 0xff, mr_range_of(0, count + 1)), MR_OUT_OF_BOUNDS);
  }
  expect_octets(contents, unit, 4 * unit, 0xd7);
  assert_contents(contents);
  drop(contents);
}

static void clear_sets_everything_to_zero(const source_fixture *f) {
  if (f->read_only) return;
  snapshot contents = snapshot_of(f);
  if (f->endless) {
    assert_int_equal(mr_source_clear(f->source), MR_OUT_OF_BOUNDS);
  } else {
    assert_int_equal(mr_source_clear(f->source), MR_OK);
    expect_octets(contents, 0, f->size, 0);
  }
  assert_contents(contents);
  drop(contents);
}

static void what_is_read_only_is_neither_filled_nor_replaced(const source_fixture *f) {
  if (!f->read_only) return;
  snapshot before = snapshot_of(f);
  mr_source from = mr_view_source(MR_VIEW("0123456789"));
  size_t copied = 77;
  mr_range none = mr_range_of(0, 0);
  assert_int_equal(mr_source_fill(f->source, 1, mr_range_of(0, 3)), MR_READ_ONLY);
  assert_int_equal(mr_source_fill(f->source, 1, none), MR_READ_ONLY);
  assert_int_equal(mr_source_clear(f->source), f->endless ? MR_OUT_OF_BOUNDS : MR_READ_ONLY);
  assert_int_equal(mr_source_replace(f->source, mr_range_of(0, 8), from, mr_range_all(), &copied),
                   MR_READ_ONLY);
  assert_int_equal(mr_source_replace(f->source, none, from, none, &copied), MR_READ_ONLY);
  assert_int_equal(copied, 77);
  assert_contents(before);
  drop(before);
}

static void replace_copies_the_shorter_range_into_it(const source_fixture *f) {
  if (f->read_only) return;
  size_t unit = f->source.unit;
  snapshot contents = snapshot_of(f);
  mr_source from = mr_view_source(MR_VIEW("wxyz"));
  size_t copied = 77;
  mr_range to_range = mr_range_of(1, 5 + unit);
  if (to_range.end > units(f)) to_range.end = units(f);
  assert_int_equal(mr_source_replace(f->source, to_range, from, mr_range_of(1, 4), &copied), MR_OK);
  assert_int_equal(copied, 3);
  if (!f->fresh) memcpy(contents.octets + unit, "xyz", 3);
  assert_contents(contents);

  /* Its own range is the shorter one. */
  uint8_t *many = malloc(f->size);
  assert_non_null(many);
  memset(many, 0x2b, f->size);
  from = mr_region_source(mr_region_of(many, f->size));
  assert_int_equal(mr_source_replace(f->source, mr_range_of(0, 2), from, mr_range_all(), NULL),
                   MR_OK);
  expect_octets(contents, 0, 2 * unit, 0x2b);
  assert_contents(contents);
  free(many);
  drop(contents);
}

static void replace_copies_out_of_it(const source_fixture *f) {
  size_t unit = f->source.unit;
  snapshot contents = snapshot_of(f);
  uint8_t *octets = malloc(f->size);
  assert_non_null(octets);
  memset(octets, 0x11, f->size);
  mr_source to = mr_region_source(mr_region_of(octets, f->size));
  size_t copied = 77;
  assert_int_equal(mr_source_replace(to, mr_range_from(1), f->source, mr_range_of(2, 4), &copied),
                   MR_OK);
  assert_int_equal(copied, 2 * unit);
  assert_int_equal(octets[0], 0x11);
  assert_memory_equal(octets + 1, contents.octets + 2 * unit, 2 * unit);
  assert_int_equal(octets[1 + 2 * unit], 0x11);
  assert_contents(contents);
  free(octets);
  drop(contents);
}

static void replace_outside_changes_nothing(const source_fixture *f) {
  snapshot before = snapshot_of(f);
  uint8_t octets[4] = {1, 2, 3, 4};
  mr_source other = mr_region_source(mr_region_of(octets, sizeof octets));
  mr_range outside = f->endless ? mr_range_all() : mr_range_of(1, units(f) + 1);
  size_t copied = 77;
  assert_int_equal(mr_source_replace(other, mr_range_all(), f->source, outside, &copied),
                   MR_OUT_OF_BOUNDS);
  if (!f->read_only) {
    assert_int_equal(mr_source_replace(f->source, outside, other, mr_range_all(), &copied),
                     MR_OUT_OF_BOUNDS);
    assert_int_equal(
        mr_source_replace(f->source, mr_range_of(0, 1), other, mr_range_of(0, 5), &copied),
        MR_OUT_OF_BOUNDS);
  }
  assert_int_equal(copied, 77);
  assert_memory_equal(octets, "\1\2\3\4", 4);
  assert_contents(before);
  drop(before);
}

/* Numbers every unit by its first octet, so that a shift shows. */
static void number_units(const source_fixture *f) {
  for (size_t i = 0; i < 8; i++) {
    assert_int_equal(mr_source_fill(f->source, (uint8_t)(i + 1), mr_range_of(i, i + 1)), MR_OK);
  }
}

static void replace_within_itself_may_overlap(const source_fixture *f) {
  if (f->read_only || f->exclusive) return;
  size_t unit = f->source.unit;
  for (int backwards = 0; backwards <= 1; backwards++) {
    mr_range low = mr_range_of(0, 6), high = mr_range_of(2, 8);
    size_t copied = 77;
    number_units(f);
    snapshot contents = snapshot_of(f);
    assert_int_equal(mr_source_replace(f->source, backwards ? low : high, f->source,
                                       backwards ? high : low, &copied),
                     MR_OK);
    assert_int_equal(copied, 6 * unit);
    memmove(contents.octets + (backwards ? 0 : 2 * unit),
            contents.octets + (backwards ? 2 * unit : 0), 6 * unit);
    assert_contents(contents);
    drop(contents);
  }
}

static void an_exclusive_source_is_busy_while_borrowed(const source_fixture *f) {
  if (!f->exclusive) return;
  loan l = acquire(f, mr_range_of(0, 1), MR_INPUT);
  assert_acquire_refused(f, mr_range_of(0, 1), MR_INPUT, MR_BUSY);
  release(&l);
}

void source_conformance(const source_fixture *f) {
  size_is_told_or_unknown(f);
  a_direction_that_is_none_is_refused(f);
  a_range_outside_is_refused(f);
  input_lends_the_contents(f);
  writing_what_is_read_only_is_refused(f);
  what_is_output_is_kept(f);
  io_lends_the_contents_and_keeps_changes(f);
  unsuitable_scratch_is_refused(f);
  a_stable_source_has_a_region(f);
  a_stable_source_has_a_view(f);
  a_stable_source_needs_no_scratch(f);
  a_call_cuts_off_what_lies_past_a_known_end(f);
  a_call_refuses_what_the_source_refuses(f);
  a_call_keeps_what_was_written(f);
  a_call_with_several_borrows_each(f);
  fill_sets_a_part(f);
  clear_sets_everything_to_zero(f);
  what_is_read_only_is_neither_filled_nor_replaced(f);
  replace_copies_the_shorter_range_into_it(f);
  replace_copies_out_of_it(f);
  replace_outside_changes_nothing(f);
  replace_within_itself_may_overlap(f);
  an_exclusive_source_is_busy_while_borrowed(f);
}
