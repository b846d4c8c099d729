#include <memregions/slot.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

/*
 * Bit-fields of all widths, at all places in an octet and in both orders, against a model that knows one bit at a
 * time; and against those of the compiler.
 *
 * Memory is a heap block that has just the octets that are to be touched.
 */

static const mr_byte_order orders[] = {MR_LITTLE_ENDIAN, MR_BIG_ENDIAN};

static uint64_t next_random(void) {
  static uint64_t state = 88172645463325252u;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static void fill(unsigned char *octets, size_t size) {
  for (size_t i = 0; i < size; i++) octets[i] = (unsigned char)(next_random() >> 24);
}

static mr_slot bit_field(mr_kind kind, mr_byte_order order, unsigned offset, unsigned width) {
  uint64_t access = MR_SLOT_INDIRECT | (uint64_t)kind;
  return (mr_slot){mr_scalar_type(kind, order), (uint64_t)offset << 16 | width << 8 | access};
}

static unsigned bits_of(mr_kind kind) {
  return kind == MR_KIND_BOOL ? 1
                              : (unsigned)mr_type_size(mr_scalar_type(kind, MR_NATIVE_ORDER)) * 8;
}

static bool is_signed(mr_kind kind) { return kind != MR_KIND_BOOL && kind % 2 == 0; }

/* The model. A number is its bits, the least first. */

typedef struct number {
  unsigned char bits[128];
} number;

typedef struct place {
  mr_byte_order order;
  unsigned offset;
  unsigned width;
} place;

/* Where the bit is that counts 2^index: which octet, and which of its bits by what they count there. */
static size_t octet_of(place at, unsigned index) {
  return (at.offset + (at.order == MR_BIG_ENDIAN ? at.width - 1 - index : index)) / 8;
}

static unsigned bit_of(place at, unsigned index) {
  if (at.order == MR_BIG_ENDIAN) return 7 - (at.offset + at.width - 1 - index) % 8;
  return (at.offset + index) % 8;
}

static number model_get(const unsigned char *octets, place at) {
  number all = {{0}};
  for (unsigned i = 0; i < at.width; i++) {
    all.bits[i] = octets[octet_of(at, i)] >> bit_of(at, i) & 1;
  }
  return all;
}

static void model_put(unsigned char *octets, place at, const number *all) {
  for (unsigned i = 0; i < at.width; i++) {
    unsigned char *octet = &octets[octet_of(at, i)];
    unsigned mask = 1U << bit_of(at, i);
    *octet = (unsigned char)(all->bits[i] ? *octet | mask : *octet & ~mask);
  }
}

static uint64_t word_of(const number *all, unsigned first) {
  uint64_t word = 0;
  for (unsigned i = 64; i-- > 0;) word = word << 1 | all->bits[first + i];
  return word;
}

/* Its two's complement, of `width` bits, goes on to all 128. */
static mr_value value_of(number all, unsigned width, bool has_sign) {
  bool is_negative = has_sign && all.bits[width - 1];
  for (unsigned i = width; i < 128; i++) all.bits[i] = is_negative;
  uint64_t high = word_of(&all, 64);
  return has_sign ? mr_value_of_i128((int64_t)high, word_of(&all, 0))
                  : mr_value_of_u128(high, word_of(&all, 0));
}

static mr_value widened(mr_value value) {
  int64_t high;
  uint64_t top, low;
  if (mr_value_to_i128(value, &high, &low) == MR_OK) return mr_value_of_i128(high, low);
  assert_int_equal(mr_value_to_u128(value, &top, &low), MR_OK);
  return mr_value_of_u128(top, low);
}

static void assert_same(mr_value a, mr_value b) {
  assert_true(mr_value_equal(widened(a), widened(b)));
}

/* Typed reads say what a value does. */
#define CHECK_READ(NAME, TYPE, WIDE_NAME, WIDE_TYPE)                               \
  static void check_read_of_##NAME(mr_view memory, mr_slot slot, mr_value value) { \
    TYPE out = 7;                                                                  \
    WIDE_TYPE wide = 7;                                                            \
    mr_status expected = mr_value_to_##WIDE_NAME(value, &wide);                    \
    if ((WIDE_TYPE)(TYPE)wide != wide) {                                           \
      expected = MR_OVERFLOW;                                                      \
      wide = 7;                                                                    \
    }                                                                              \
    assert_int_equal(mr_slot_get_##NAME(memory, slot, &out), expected);            \
    assert_true(out == (TYPE)wide);                                                \
  }

CHECK_READ(i8, int8_t, i64, int64_t)
CHECK_READ(i16, int16_t, i64, int64_t)
CHECK_READ(i32, int32_t, i64, int64_t)
CHECK_READ(i64, int64_t, i64, int64_t)
CHECK_READ(u8, uint8_t, u64, uint64_t)
CHECK_READ(u16, uint16_t, u64, uint64_t)
CHECK_READ(u32, uint32_t, u64, uint64_t)
CHECK_READ(u64, uint64_t, u64, uint64_t)

static void check_typed_reads(mr_view memory, mr_slot slot, mr_value value) {
  bool out = false;
  bool boolean = false;
  check_read_of_i8(memory, slot, value);
  check_read_of_i16(memory, slot, value);
  check_read_of_i32(memory, slot, value);
  check_read_of_i64(memory, slot, value);
  check_read_of_u8(memory, slot, value);
  check_read_of_u16(memory, slot, value);
  check_read_of_u32(memory, slot, value);
  check_read_of_u64(memory, slot, value);
  mr_status expected = mr_value_to_bool(value, &boolean);
  assert_int_equal(mr_slot_get_bool(memory, slot, &out), expected);
  assert_int_equal(out, boolean);
}

/* Typed writes do what writing a value does. */
static void check_typed_writes(mr_slot slot, const unsigned char *before, size_t size,
                               mr_value value) {
  unsigned char *octets[2] = {malloc(size), malloc(size)};
  int64_t signed_value;
  uint64_t unsigned_value;
  assert_true(octets[0] && octets[1]);
  for (size_t i = 0; i < 2; i++) memcpy(octets[i], before, size);
  mr_region memory = mr_region_of(octets[0], size);
  mr_status expected = mr_slot_store(mr_region_of(octets[1], size), slot, value);
  if (mr_value_to_i64(value, &signed_value) == MR_OK) {
    assert_int_equal(mr_slot_set_i64(memory, slot, signed_value), expected);
    assert_memory_equal(octets[0], octets[1], size);
    memcpy(octets[0], before, size);
  }
  if (mr_value_to_u64(value, &unsigned_value) == MR_OK) {
    assert_int_equal(mr_slot_set_u64(memory, slot, unsigned_value), expected);
    assert_memory_equal(octets[0], octets[1], size);
  }
  for (size_t i = 0; i < 2; i++) free(octets[i]);
}

static void check_read(mr_kind kind, place at) {
  mr_slot slot = bit_field(kind, at.order, at.offset, at.width);
  size_t size = (at.offset + at.width + 7) / 8;
  unsigned char *octets = malloc(size);
  mr_value value;
  mr_view view;
  assert_non_null(octets);
  fill(octets, size);
  mr_view memory = mr_view_of(octets, size);
  assert_int_equal(mr_slot_load(memory, slot, &value), MR_OK);
  assert_int_equal(value.kind, kind);
  assert_same(value, value_of(model_get(octets, at), at.width, is_signed(kind)));
  check_typed_reads(memory, slot, value);
  assert_int_equal(mr_slot_view(memory, slot, &view), MR_OK);
  assert_true(view.pointer == octets && view.size == size);
  /* One octet less is not enough. */
  memory.size--;
  int64_t out;
  assert_int_equal(mr_slot_load(memory, slot, &value), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_slot_get_i64(memory, slot, &out), MR_OUT_OF_BOUNDS);
  free(octets);
}

static void check_write(mr_kind kind, place at) {
  mr_slot slot = bit_field(kind, at.order, at.offset, at.width);
  size_t size = (at.offset + at.width + 7) / 8;
  unsigned char expected[17];
  unsigned char before[17];
  unsigned char *octets = malloc(size);
  number all = {{0}};
  assert_non_null(octets);
  fill(before, size);
  memcpy(octets, before, size);
  memcpy(expected, before, size);
  for (unsigned i = 0; i < at.width; i++) all.bits[i] = next_random() >> 30 & 1;
  mr_value value = value_of(all, at.width, is_signed(kind));
  model_put(expected, at, &all);
  assert_int_equal(mr_slot_store(mr_region_of(octets, size), slot, value), MR_OK);
  assert_memory_equal(octets, expected, size);
  check_typed_writes(slot, before, size, value);
  assert_int_equal(mr_slot_set_i64(mr_region_of(octets, size - 1), slot, 0), MR_OUT_OF_BOUNDS);
  assert_memory_equal(octets, expected, size);
  free(octets);
}

/* The least number and the greatest one are kept, those next to them refused. */
static void check_ends(mr_kind kind, place at) {
  if (kind >= MR_KIND_I128) return;
  mr_slot slot = bit_field(kind, at.order, at.offset, at.width);
  size_t size = (at.offset + at.width + 7) / 8;
  unsigned char *octets = calloc(1, size);
  unsigned char before[9];
  assert_non_null(octets);
  mr_region memory = mr_region_of(octets, size);
  uint64_t most = UINT64_MAX >> (64 - at.width) >> is_signed(kind);
  mr_value least = is_signed(kind) ? mr_value_of_i64(-(int64_t)most - 1) : mr_value_of_i64(0);
  const mr_value kept[] = {least, mr_value_of_u64(most)};
  mr_value low = mr_value_of_i128(-1, is_signed(kind) ? ~most - 1 : UINT64_MAX);
  mr_value high = mr_value_of_u128(most == UINT64_MAX, most + 1);
  const mr_value refused[] = {low, high};
  for (size_t i = 0; i < 2; i++) {
    mr_value value;
    assert_int_equal(mr_slot_store(memory, slot, kept[i]), MR_OK);
    assert_int_equal(mr_slot_load(mr_region_view(memory), slot, &value), MR_OK);
    assert_same(value, kept[i]);
    fill(octets, size);
    memcpy(before, octets, size);
    assert_int_equal(mr_slot_store(memory, slot, refused[i]), MR_OVERFLOW);
    assert_memory_equal(octets, before, size);
    check_typed_writes(slot, before, size, kept[i]);
    check_typed_writes(slot, before, size, refused[i]);
  }
  free(octets);
}

static void for_all(void (*check)(mr_kind kind, place at)) {
  for (int kind = MR_KIND_BOOL; kind <= MR_KIND_U128; kind++) {
    for (unsigned width = 1; width <= bits_of((mr_kind)kind); width++) {
      for (unsigned offset = 0; offset < 8; offset++) {
        for (size_t i = 0; i < 2; i++) check((mr_kind)kind, (place){orders[i], offset, width});
      }
    }
  }
}

static void all_bit_fields_are_read_as_the_model_does(void **state) {
  (void)state;
  for_all(check_read);
}

static void all_bit_fields_are_written_as_the_model_does(void **state) {
  (void)state;
  for_all(check_write);
}

static void all_bit_fields_take_what_fits_and_nothing_else(void **state) {
  (void)state;
  for_all(check_ends);
}

/* Octets before and after a bit-field's, in larger memory, stay. */
static void a_bit_field_further_in_leaves_all_about_it(void **state) {
  (void)state;
  unsigned char octets[24];
  unsigned char expected[24];
  for (unsigned width = 1; width <= 128; width++) {
    place at = {orders[width % 2], width % 8, width};
    number all = {{0}};
    mr_slot slot = bit_field(MR_KIND_U128, at.order, at.offset, width);
    slot.where += UINT64_C(3) << MR_SLOT_SHIFT;
    fill(octets, sizeof octets);
    memcpy(expected, octets, sizeof octets);
    model_put(expected + 3, at, &all);
    assert_int_equal(mr_slot_store(mr_region_of(octets, sizeof octets), slot, mr_value_of_i64(0)),
                     MR_OK);
    assert_memory_equal(octets, expected, sizeof octets);
  }
}

/* What nobody made finds nothing and harms nothing. */
static void bit_fields_of_no_integer_are_refused(void **state) {
  (void)state;
  unsigned char octets[64] = {0};
  static const unsigned char zeros[64] = {0};
  mr_region memory = mr_region_of(octets, sizeof octets);
  const mr_slot slots[] = {bit_field(MR_KIND_U32, MR_BIG_ENDIAN, 7, 255),
                           bit_field(MR_KIND_U128, MR_BIG_ENDIAN, 0, 129),
                           bit_field(MR_KIND_F32, MR_LITTLE_ENDIAN, 0, 5),
                           bit_field(MR_KIND_POINTER, MR_LITTLE_ENDIAN, 0, 5)};
  for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
    mr_value value;
    uint64_t out;
    assert_int_equal(mr_slot_load(mr_region_view(memory), slots[i], &value), MR_TYPE_MISMATCH);
    assert_int_equal(mr_slot_get_u64(mr_region_view(memory), slots[i], &out), MR_TYPE_MISMATCH);
    assert_int_equal(mr_slot_store(memory, slots[i], mr_value_of_i64(1)), MR_TYPE_MISMATCH);
    assert_int_equal(mr_slot_set_u64(memory, slots[i], 1), MR_TYPE_MISMATCH);
  }
  mr_slot slot = bit_field(MR_KIND_U8, MR_LITTLE_ENDIAN, 0, 8);
  mr_value octet = mr_value_of_view(MR_VIEW("x"));
  assert_int_equal(mr_slot_store(memory, slot, octet), MR_TYPE_MISMATCH);
  assert_memory_equal(octets, zeros, sizeof octets);
}

/* The compiler's. */

#define FIELDS(FIELD)         \
  FIELD(U32, uint32_t, a, 3)  \
  FIELD(I32, int32_t, b, 13)  \
  FIELD(U64, uint64_t, c, 40) \
  FIELD(BOOL, bool, d, 1)     \
  FIELD(I8, int8_t, e, 5)     \
  FIELD(U64, uint64_t, f, 64) \
  FIELD(I64, int64_t, g, 61)  \
  FIELD(U16, uint16_t, h, 16) \
  FIELD(I16, int16_t, i, 7)   \
  FIELD(I64, int64_t, j, 33)

#define DECLARE(KIND, TYPE, NAME, WIDTH) __extension__ TYPE NAME : WIDTH;
#define NAME_OF(KIND, TYPE, NAME, WIDTH) #NAME,

static const char *const names[] = {FIELDS(NAME_OF)};

enum { FIELD_COUNT = sizeof names / sizeof *names };

static const mr_type *build(mr_byte_order order, bool is_packed) {
#define SPEC(KIND, TYPE, NAME, WIDTH)             \
  {.name = #NAME,                                 \
   .type = mr_scalar_type(MR_KIND_##KIND, order), \
   .is_bit_field = true,                          \
   .bit_width = WIDTH},
  const mr_member_spec members[] = {FIELDS(SPEC)};
  const mr_layout_options options = {.is_packed = is_packed};
  const mr_type *type;
  assert_int_equal(mr_type_build_struct(NULL, NULL, members, FIELD_COUNT, &options, &type, NULL),
                   MR_OK);
  return type;
}

/* The 64 bits of a number that are compared. */
static uint64_t word_at(mr_view memory, const mr_type *type, const char *name) {
  mr_slot slot;
  mr_value value;
  int64_t high;
  uint64_t low;
  assert_int_equal(mr_slot_find(type, name, &slot, NULL), MR_OK);
  assert_int_equal(mr_slot_load(memory, slot, &value), MR_OK);
  assert_int_equal(mr_value_to_i128(value, &high, &low), MR_OK);
  return low;
}

static void copy_fields(const mr_type *type, mr_region to, mr_view from) {
  for (size_t i = 0; i < FIELD_COUNT; i++) {
    mr_slot slot;
    mr_value value;
    assert_int_equal(mr_slot_find(type, names[i], &slot, NULL), MR_OK);
    assert_int_equal(mr_slot_load(from, slot, &value), MR_OK);
    assert_int_equal(mr_slot_store(to, slot, value), MR_OK);
  }
}

#define CHECK_READ_FIELD(KIND, TYPE, NAME, WIDTH) \
  assert_true(word_at(view, type, #NAME) == (uint64_t)theirs.NAME);
#define CHECK_WRITTEN_FIELD(KIND, TYPE, NAME, WIDTH) \
  assert_true((uint64_t)ours.NAME == (uint64_t)theirs.NAME);

#define CHECK_STRUCT(TAG, ORDER, IS_PACKED)                              \
  static void TAG##_bit_fields_are_the_compilers(void **state) {         \
    (void)state;                                                         \
    const mr_type *type = build((ORDER), (IS_PACKED));                   \
    assert_int_equal(mr_type_size(type), sizeof(struct TAG));            \
    for (int round = 0; round < 100; round++) {                          \
      struct TAG theirs, ours;                                           \
      mr_view view = mr_view_of((void *)&theirs, sizeof theirs);         \
      fill((unsigned char *)&theirs, sizeof theirs);                     \
      fill((unsigned char *)&ours, sizeof ours);                         \
      FIELDS(CHECK_READ_FIELD)                                           \
      copy_fields(type, mr_region_of((void *)&ours, sizeof ours), view); \
      FIELDS(CHECK_WRITTEN_FIELD)                                        \
    }                                                                    \
    mr_type_release(type);                                               \
  }

struct plain {
  FIELDS(DECLARE)
};
CHECK_STRUCT(plain, MR_NATIVE_ORDER, false)

#if defined(__GNUC__)
struct __attribute__((packed)) packed {
  FIELDS(DECLARE)
};
CHECK_STRUCT(packed, MR_NATIVE_ORDER, true)
#endif

#if defined(__GNUC__) && !defined(__clang__)
struct __attribute__((scalar_storage_order("big-endian"))) big {
  FIELDS(DECLARE)
};
CHECK_STRUCT(big, MR_BIG_ENDIAN, false)

struct __attribute__((packed, scalar_storage_order("big-endian"))) packed_big {
  FIELDS(DECLARE)
};
CHECK_STRUCT(packed_big, MR_BIG_ENDIAN, true)

struct __attribute__((packed, scalar_storage_order("little-endian"))) packed_little {
  FIELDS(DECLARE)
};
CHECK_STRUCT(packed_little, MR_LITTLE_ENDIAN, true)
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(all_bit_fields_are_read_as_the_model_does),
    cmocka_unit_test(all_bit_fields_are_written_as_the_model_does),
    cmocka_unit_test(all_bit_fields_take_what_fits_and_nothing_else),
    cmocka_unit_test(a_bit_field_further_in_leaves_all_about_it),
    cmocka_unit_test(bit_fields_of_no_integer_are_refused),
    cmocka_unit_test(plain_bit_fields_are_the_compilers),
#if defined(__GNUC__)
    cmocka_unit_test(packed_bit_fields_are_the_compilers),
#endif
#if defined(__GNUC__) && !defined(__clang__)
    cmocka_unit_test(big_bit_fields_are_the_compilers),
    cmocka_unit_test(packed_big_bit_fields_are_the_compilers),
    cmocka_unit_test(packed_little_bit_fields_are_the_compilers),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
