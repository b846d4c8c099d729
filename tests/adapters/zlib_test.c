#include "memregions/adapters/zlib.h"

#include "failing_allocator.h"
#include "library_trial.h"
#include "support.h"

static unsigned char plain[1 << 20];
static unsigned char packed[1 << 20];
static unsigned char again[1 << 20];

static void fill_plain(void) {
  uint32_t random = 1;
  for (size_t i = 0; i < sizeof plain; i++) {
    random = random * 1664525U + 1013904223U;
    plain[i] = (unsigned char)("etaoin shrdlu"[(random >> 24) % 13]);
  }
}

/* Steps of a stream's life: out of memory, or as they must be. */
static bool has_memory(int status, int expected) {
  if (status == Z_MEM_ERROR) return false;
  assert_int_equal(status, expected);
  return true;
}

/* Packs with a stream, and ends it; answers whether there was memory. */
static bool pack_by(z_stream *stream, size_t amount, size_t *size) {
  stream->next_in = plain;
  stream->avail_in = (uInt)amount;
  stream->next_out = packed;
  stream->avail_out = sizeof packed;
  bool done = has_memory(deflate(stream, Z_FINISH), Z_STREAM_END);
  *size = stream->total_out;
  deflateEnd(stream);
  return done;
}

static bool pack(mr_allocator *allocator, size_t amount, size_t *size) {
  z_stream stream = mr_adapter_zlib_stream(allocator);
  return has_memory(deflateInit(&stream, 6), Z_OK) && pack_by(&stream, amount, size);
}

/* Unpacks in two pieces, the second by a copy of the stream. */
static bool unpack_by(z_stream *stream, size_t amount, size_t size) {
  z_stream copy;
  stream->next_in = packed;
  stream->avail_in = (uInt)size / 2;
  stream->next_out = again;
  stream->avail_out = sizeof again;
  if (!has_memory(inflate(stream, Z_NO_FLUSH), Z_OK)) return false;
  if (!has_memory(inflateCopy(&copy, stream), Z_OK)) return false;
  copy.avail_in = (uInt)(size - size / 2);
  bool done = has_memory(inflate(&copy, Z_FINISH), Z_STREAM_END);
  if (done) assert_int_equal(copy.total_out, amount);
  inflateEnd(&copy);
  return done;
}

static bool unpack(mr_allocator *allocator, size_t amount, size_t size) {
  z_stream stream = mr_adapter_zlib_stream(allocator);
  if (!has_memory(inflateInit(&stream), Z_OK)) return false;
  bool done = unpack_by(&stream, amount, size);
  inflateEnd(&stream);
  return done;
}

static bool there_and_back(mr_allocator *allocator, size_t amount) {
  size_t size = 0;
  memset(again, 0, amount);
  if (!pack(allocator, amount, &size) || !unpack(allocator, amount, size)) return false;
  assert_true(size < amount);
  assert_memory_equal(plain, again, amount);
  return true;
}

static bool pack_and_unpack(mr_allocator *allocator, size_t amount) {
  bool done = there_and_back(allocator, amount);
  if (!done && library_memory_is_back()) assert_true(there_and_back(allocator, amount));
  return done;
}

static void it_packs_and_unpacks_in_each_kind(void **state) {
  (void)state;
  library_works_in_each_kind(pack_and_unpack, sizeof plain);
}

static void it_survives_any_failure(void **state) {
  (void)state;
  assert_true(library_survives_in("test", pack_and_unpack, 100000) >= 8);
  assert_true(library_survives_in("arena", pack_and_unpack, 100000) >= 2);
  assert_true(library_survives_in("tlsf", pack_and_unpack, 100000) >= 2);
}

static void all_it_has_is_from_the_allocator_and_goes_back(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  z_stream stream = mr_adapter_zlib_stream(&allocator.base);
  assert_int_equal(deflateInit(&stream, 9), Z_OK);
  assert_true(allocator.live_octets > 200000);
  assert_int_equal(deflateEnd(&stream), Z_OK);
  assert_int_equal(allocator.live_blocks, 0);
  test_allocator_fini(&allocator);
}

static void a_product_that_can_not_be_had_is_null(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  assert_null(mr_adapter_zlib_alloc(&allocator, UINT_MAX, UINT_MAX));
  test_allocator_fini(&allocator);
}

static void the_current_allocator_is_the_one_at_the_start(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  mr_set_current_allocator(&allocator.base);
  z_stream stream = mr_adapter_zlib_stream(MR_CURRENT);
  mr_set_current_allocator(NULL);
  assert_int_equal(inflateInit(&stream), Z_OK);
  assert_true(allocator.live_blocks > 0);
  assert_int_equal(inflateEnd(&stream), Z_OK);
  test_allocator_fini(&allocator);
}

int main(void) {
  fill_plain();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_packs_and_unpacks_in_each_kind),
      cmocka_unit_test(it_survives_any_failure),
      cmocka_unit_test(all_it_has_is_from_the_allocator_and_goes_back),
      cmocka_unit_test(a_product_that_can_not_be_had_is_null),
      cmocka_unit_test(the_current_allocator_is_the_one_at_the_start),
  };
  return cmocka_run_group_tests_name("adapters: zlib", tests, NULL, NULL);
}
