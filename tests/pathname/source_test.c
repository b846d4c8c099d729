#include <errno.h>
#include <memregions/pathname.h>
#include <memregions/stream.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "folder.h"
#include "source_conformance.h"
#include "support.h"

enum { SIZE = 5000 };

static mr_file_options options_of(mr_file_access access, mr_file_backing backing) {
  return (mr_file_options){.access = access, .backing = backing};
}

static mr_file open_file(const char *path, mr_file_access access, mr_file_backing backing) {
  mr_file_options options = options_of(access, backing);
  mr_file file;
  assert_int_equal(mr_file_open(path, &options, &file, NULL), MR_OK);
  return file;
}

static void peek_file(void *context, uint8_t *octets) {
  mr_view view = mr_file_view(context);
  memcpy(octets, view.pointer, view.size);
}

static void assert_file_conforms(mr_file_access access, mr_file_backing backing) {
  mr_file file = open_file(make_file("f", SIZE), access, backing);
  source_fixture fixture = {.source = mr_file_source(&file),
                            .size = SIZE,
                            .peek = peek_file,
                            .context = &file,
                            .read_only = access == MR_FILE_READ};
  source_conformance(&fixture);
  assert_int_equal(mr_file_close(&file, NULL), MR_OK);
}

static void an_open_file_is_a_source(void **state) {
  (void)state;
  for (int access = 0; access < 3; access++) {
    assert_file_conforms((mr_file_access)access, MR_FILE_MAPPED);
    assert_file_conforms((mr_file_access)access, MR_FILE_COPIED);
  }
}

static void an_open_file_is_a_stable_source(void **state) {
  (void)state;
  mr_file file = open_file(make_file("f", SIZE), MR_FILE_READ, MR_FILE_AUTOMATIC);
  assert_true(mr_source_is_stable(mr_file_source(&file)));
  assert_int_equal(mr_file_close(&file, NULL), MR_OK);
}

static void an_empty_file_is_a_source_of_nothing(void **state) {
  (void)state;
  mr_view view = {NULL, 77};
  mr_region region = {NULL, 77};
  mr_file file = open_file(make_file("f", 0), MR_FILE_READ, MR_FILE_AUTOMATIC);
  assert_int_equal(mr_to_view(mr_file_source(&file), &view), MR_OK);
  assert_int_equal(view.size, 0);
  assert_int_equal(mr_to_region(mr_file_source(&file), &region), MR_READ_ONLY);
  assert_int_equal(mr_file_close(&file, NULL), MR_OK);
}

static void a_stream_reads_and_writes_a_file(void **state) {
  (void)state;
  const char *path = make_file("f", SIZE);
  mr_file file = open_file(path, MR_FILE_READ_WRITE, MR_FILE_AUTOMATIC);
  mr_stream stream;
  uint8_t octet = 0;
  assert_int_equal(mr_stream_of(mr_file_source(&file), &stream), MR_OK);

  assert_int_equal(mr_stream_read_u8(&stream, &octet), MR_OK);
  assert_int_equal(mr_stream_write_u8(&stream, 0xee), MR_OK);

  assert_int_equal(octet, octet_at(0));
  assert_int_equal(mr_stream_fini(&stream), MR_OK);
  assert_int_equal(mr_file_close(&file, NULL), MR_OK);
  assert_int_equal(read_octet(path, 1), 0xee);
}

static void a_stream_over_a_file_to_read_is_read_only(void **state) {
  (void)state;
  mr_file file = open_file(make_file("f", SIZE), MR_FILE_READ, MR_FILE_AUTOMATIC);
  mr_stream stream;
  assert_int_equal(mr_stream_of(mr_file_source(&file), &stream), MR_OK);
  assert_int_equal(mr_stream_write_u8(&stream, 0), MR_READ_ONLY);
  assert_int_equal(mr_stream_fini(&stream), MR_OK);
  assert_int_equal(mr_file_close(&file, NULL), MR_OK);
}

/* What `size` octets from a path's offset are in the file itself. */
struct part {
  mr_path path;
  size_t size;
};

static void peek_part(void *context, uint8_t *octets) {
  const struct part *part = context;
  assert_int_equal(read_file(part->path.name, part->path.options.offset, octets, part->size),
                   part->size);
}

static void assert_path_conforms(mr_file_backing backing, uint64_t offset, uint64_t length) {
  static const uint8_t zeros[8];
  struct part part = {{make_file("f", SIZE), options_of(MR_FILE_READ, backing), NULL}, 0};
  part.path.options.offset = offset;
  part.path.options.length = length;
  part.size = (size_t)(length == 0 ? SIZE - offset : length);
  /* The suite wants zeros of what is lent for output. A mapping lends the file, so that they must be there. */
  write_octets(part.path.name, offset, zeros, sizeof zeros);
  source_fixture fixture = {
      .source = mr_path_source(&part.path), .size = part.size, .peek = peek_part, .context = &part};
  source_conformance(&fixture);
}

static void a_path_is_a_source(void **state) {
  (void)state;
  static const mr_file_backing backings[] = {MR_FILE_AUTOMATIC, MR_FILE_COPIED};
  for (int i = 0; i < 2; i++) {
    assert_path_conforms(backings[i], 0, 0);
    assert_path_conforms(backings[i], 1, 0);
    assert_path_conforms(backings[i], 1, 3000);
    assert_path_conforms(backings[i], 4097, 903);
  }
}

static void a_path_is_not_stable(void **state) {
  (void)state;
  mr_path path = {make_file("f", SIZE), {0}, NULL};
  mr_source source = mr_path_source(&path);
  assert_false(mr_source_is_stable(source));
  assert_int_equal(source.size, MR_TO_END);
}

/* What a borrower saw, and did. */
struct visit {
  size_t size;
  uint8_t first;
  bool writes;
  mr_status answer;
};

static mr_status visit_region(void *context, mr_region region) {
  struct visit *visit = context;
  uint8_t *octets = region.pointer;
  visit->size = region.size;
  visit->first = octets[0];
  if (visit->writes) memset(octets, 0xee, region.size);
  return visit->answer;
}

static mr_status visit_view(void *context, mr_view view) {
  struct visit *visit = context;
  visit->size = view.size;
  visit->first = *(const uint8_t *)view.pointer;
  return visit->answer;
}

static mr_status borrow(const mr_path *path, mr_range range, mr_direction direction,
                        struct visit *visit) {
  mr_borrow_options options = {range, direction};
  return mr_call_with_region(mr_path_source(path), &options, visit_region, visit);
}

static void the_range_counts_from_the_offset(void **state) {
  (void)state;
  mr_path path = {make_file("f", SIZE), {0}, NULL};
  struct visit visit = {.size = 0};
  path.options.offset = 1000;

  assert_int_equal(borrow(&path, mr_range_of(10, 30), MR_INPUT, &visit), MR_OK);

  assert_int_equal(visit.size, 20);
  assert_int_equal(visit.first, octet_at(1010));
}

static void a_range_beyond_the_length_is_out_of_bounds(void **state) {
  (void)state;
  mr_condition condition = {.status = MR_OK};
  mr_path path = {make_file("f", SIZE), {0}, &condition};
  struct visit visit = {.size = 77};
  path.options.length = 100;

  assert_int_equal(borrow(&path, mr_range_of(90, 101), MR_INPUT, &visit), MR_OUT_OF_BOUNDS);
  assert_int_equal(condition.status, MR_OUT_OF_BOUNDS);
  assert_int_equal(borrow(&path, mr_range_from(101), MR_INPUT, &visit), MR_OUT_OF_BOUNDS);
  assert_int_equal(visit.size, 77);
}

static void only_the_part_in_the_range_need_be_there(void **state) {
  (void)state;
  mr_path path = {make_file("f", SIZE), {0}, NULL};
  struct visit visit = {.size = 0};
  path.options.length = SIZE + 100;

  assert_int_equal(borrow(&path, mr_range_of(0, SIZE), MR_INPUT, &visit), MR_OK);
  assert_int_equal(visit.size, SIZE);
  assert_int_equal(borrow(&path, mr_range_from(0), MR_INPUT, &visit), MR_OUT_OF_BOUNDS);
}

static void offset_and_range_never_wrap(void **state) {
  (void)state;
  mr_path path = {make_file("f", SIZE), {0}, NULL};
  struct visit visit = {.size = 77};
  path.options.offset = UINT64_MAX - 1;
  assert_int_equal(borrow(&path, mr_range_of(2, 3), MR_INPUT, &visit), MR_OUT_OF_BOUNDS);
  assert_int_equal(borrow(&path, mr_range_of(1, 2), MR_INPUT, &visit), MR_OUT_OF_BOUNDS);
  path.options.offset = 2;
  assert_int_equal(borrow(&path, mr_range_of(SIZE_MAX - 2, SIZE_MAX - 1), MR_INPUT, &visit),
                   MR_OUT_OF_BOUNDS);
  assert_int_equal(visit.size, 77);
}

static void copy_on_write_keeps_the_file_from_borrowers(void **state) {
  (void)state;
  mr_path path = {make_file("f", SIZE), options_of(MR_FILE_COPY_ON_WRITE, MR_FILE_AUTOMATIC), NULL};
  struct visit visit = {.writes = true};

  assert_int_equal(borrow(&path, mr_range_all(), MR_IO, &visit), MR_OK);

  assert_int_equal(visit.first, octet_at(0));
  assert_int_equal(read_octet(path.name, 0), octet_at(0));
}

static void the_direction_decides_on_access(void **state) {
  (void)state;
  mr_path path = {make_file("f", SIZE), {0}, NULL};
  struct visit visit = {.writes = true};

  assert_int_equal(borrow(&path, mr_range_of(0, 10), MR_IO, &visit), MR_OK);

  assert_int_equal(read_octet(path.name, 9), 0xee);
  assert_int_equal(read_octet(path.name, 10), octet_at(10));
}

static void output_through_a_mapping_is_the_file_itself(void **state) {
  (void)state;
  mr_path path = {make_file("f", SIZE), options_of(MR_FILE_READ, MR_FILE_MAPPED), NULL};
  struct visit visit = {.size = 0};

  assert_int_equal(borrow(&path, mr_range_of(0, 10), MR_OUTPUT, &visit), MR_OK);

  assert_int_equal(visit.first, octet_at(0));
  assert_int_equal(read_octet(path.name, 0), octet_at(0));
}

static void output_through_a_copy_starts_as_zeros(void **state) {
  (void)state;
  mr_path path = {make_file("f", SIZE), options_of(MR_FILE_READ, MR_FILE_COPIED), NULL};
  struct visit visit = {.first = 77};

  assert_int_equal(borrow(&path, mr_range_of(0, 10), MR_OUTPUT, &visit), MR_OK);

  assert_int_equal(visit.first, 0);
  assert_int_equal(read_octet(path.name, 9), 0);
  assert_int_equal(read_octet(path.name, 10), octet_at(10));
}

/* What one without rights saw of a file that all may read. */
struct attempt {
  const char *name;
  mr_condition condition;
  mr_status read, written;
  struct visit visit;
};

static void read_and_write(void *context) {
  struct attempt *attempt = context;
  mr_path path = {attempt->name, options_of(MR_FILE_READ_WRITE, MR_FILE_AUTOMATIC),
                  &attempt->condition};
  attempt->read = mr_call_with_view(mr_path_source(&path), NULL, visit_view, &attempt->visit);
  attempt->written = borrow(&path, mr_range_all(), MR_IO, &attempt->visit);
}

static void a_file_that_may_only_be_read_lends_views(void **state) {
  (void)state;
  struct attempt *attempt = make_shared(sizeof *attempt);
  attempt->name = make_file("f", SIZE);
  assert_int_equal(chmod(attempt->name, 0444), 0);

  run_as_nobody(read_and_write, attempt);

  assert_int_equal(attempt->read, MR_OK);
  assert_int_equal(attempt->visit.first, octet_at(0));
  assert_int_equal(attempt->written, MR_SYSTEM_ERROR);
  assert_int_equal(attempt->condition.error_number, EACCES);
}

static void a_path_that_does_not_open_calls_nobody(void **state) {
  (void)state;
  mr_condition condition;
  mr_path path = {in_folder("none"), {0}, &condition};
  struct visit visit = {.size = 77};

  assert_int_equal(borrow(&path, mr_range_all(), MR_IO, &visit), MR_SYSTEM_ERROR);

  assert_int_equal(condition.error_number, ENOENT);
  assert_non_null(strstr(condition.message, path.name));
  assert_int_equal(visit.size, 77);
}

static void a_path_without_meaning_is_refused(void **state) {
  (void)state;
  static const mr_direction directions[] = {MR_INPUT, MR_OUTPUT, MR_IO};
  mr_path null = {NULL, {0}, NULL};
  mr_path wrong = {make_file("f", SIZE), options_of((mr_file_access)3, MR_FILE_AUTOMATIC), NULL};
  struct visit visit = {.size = 77};
  for (int i = 0; i < 3; i++) {
    assert_int_equal(borrow(&null, mr_range_all(), directions[i], &visit), MR_INVALID_ARGUMENT);
    assert_int_equal(borrow(&wrong, mr_range_all(), directions[i], &visit), MR_INVALID_ARGUMENT);
  }
  assert_int_equal(visit.size, 77);
}

static void the_function_s_status_is_returned(void **state) {
  (void)state;
  mr_path path = {make_file("f", SIZE), {0}, NULL};
  struct visit visit = {.answer = MR_USER};
  assert_int_equal(borrow(&path, mr_range_all(), MR_IO, &visit), MR_USER);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

/* Shifts what is in a file by replacing it with another part of itself, through two paths. */
static void assert_shifts(mr_file_backing backing, size_t size, size_t to, size_t from) {
  const char *name = make_file("f", size);
  const size_t length = size - (to > from ? to : from);
  uint8_t *expected = malloc(size), *found = malloc(size);
  mr_path target = {name, options_of(MR_FILE_READ, backing), NULL}, origin = target;
  size_t copied = 77;
  assert_true(expected && found);
  assert_int_equal(read_file(name, 0, expected, size), size);
  memmove(expected + to, expected + from, length);

  assert_int_equal(
      mr_source_replace(mr_path_source(&target), mr_range_of(to, to + length),
                        mr_path_source(&origin), mr_range_of(from, from + length), &copied),
      MR_OK);

  assert_int_equal(copied, length);
  assert_int_equal(read_file(name, 0, found, size), size);
  assert_memory_equal(found, expected, size);
  free(expected);
  free(found);
}

static void a_part_of_a_file_may_replace_another_that_it_overlaps(void **state) {
  static const mr_file_backing backings[] = {MR_FILE_AUTOMATIC, MR_FILE_MAPPED, MR_FILE_COPIED};
  static const size_t sizes[] = {SIZE, 100000}, shifts[] = {1, 100, 4096};
  (void)state;
  for (int b = 0; b < 3; b++) {
    for (int s = 0; s < 2; s++) {
      for (int i = 0; i < 3; i++) {
        assert_shifts(backings[b], sizes[s], shifts[i], 0);
        assert_shifts(backings[b], sizes[s], 0, shifts[i]);
      }
    }
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      TEST(an_open_file_is_a_source),
      TEST(an_open_file_is_a_stable_source),
      TEST(an_empty_file_is_a_source_of_nothing),
      TEST(a_stream_reads_and_writes_a_file),
      TEST(a_stream_over_a_file_to_read_is_read_only),
      TEST(a_path_is_a_source),
      TEST(a_path_is_not_stable),
      TEST(the_range_counts_from_the_offset),
      TEST(a_range_beyond_the_length_is_out_of_bounds),
      TEST(only_the_part_in_the_range_need_be_there),
      TEST(offset_and_range_never_wrap),
      TEST(copy_on_write_keeps_the_file_from_borrowers),
      TEST(the_direction_decides_on_access),
      TEST(output_through_a_mapping_is_the_file_itself),
      TEST(output_through_a_copy_starts_as_zeros),
      TEST(a_file_that_may_only_be_read_lends_views),
      TEST(a_path_that_does_not_open_calls_nobody),
      TEST(a_path_without_meaning_is_refused),
      TEST(the_function_s_status_is_returned),
      TEST(a_part_of_a_file_may_replace_another_that_it_overlaps),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
