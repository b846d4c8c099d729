#include <memregions/slot.h>
#include <string.h>

#include "described_type.h"
#include "support.h"

static mr_slot slot_at(const mr_type *type, const char *path) {
  mr_slot slot;
  assert_int_equal(mr_slot_find(type, path, &slot, NULL), MR_OK);
  return slot;
}

static const mr_type *swapped(mr_kind kind) {
  return mr_scalar_type(kind,
                        mr_byte_order_is_swapped(MR_BIG_ENDIAN) ? MR_BIG_ENDIAN : MR_LITTLE_ENDIAN);
}

static void a_slot_is_16_octets(void **state) {
  (void)state;
  assert_int_equal(sizeof(mr_slot), 16);
}

static void the_slot_of_a_type_is_all_of_it(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "{ci}");
  mr_slot slot;
  assert_int_equal(mr_slot_of(type, &slot), MR_OK);
  assert_ptr_equal(slot.type, type);
  assert_int_equal(mr_slot_offset(slot), 0);
  assert_true(mr_slot_is_exactly(slot, MR_KIND_STRUCT));
  mr_type_release(type);
}

static void void_has_no_slot(void **state) {
  (void)state;
  mr_slot slot = {.where = 77};
  assert_int_equal(mr_slot_of(NULL, &slot), MR_TYPE_MISMATCH);
  assert_int_equal(slot.where, 77);
}

static void access_is_exact_in_this_machines_order_alone(void **state) {
  (void)state;
  mr_slot native, other, octet;
  assert_int_equal(mr_slot_of(mr_scalar_type(MR_KIND_I32, MR_NATIVE_ORDER), &native), MR_OK);
  assert_int_equal(mr_slot_of(swapped(MR_KIND_I32), &other), MR_OK);
  assert_int_equal(mr_slot_of(swapped(MR_KIND_U8), &octet), MR_OK);
  assert_true(mr_slot_is_exactly(native, MR_KIND_I32));
  assert_false(mr_slot_is_exactly(native, MR_KIND_U32));
  assert_false(mr_slot_is_exactly(other, MR_KIND_I32));
  assert_int_equal(other.where, MR_KIND_I32 | MR_SLOT_INDIRECT);
  assert_true(mr_slot_is_exactly(octet, MR_KIND_U8));
}

/* Typed reads and writes of all widths: as they are, swapped, and converted. */

#define CHECK_TYPED(NAME, TYPE, KIND, VALUE)                                                  \
  static void NAME##_is_read_and_written(void **state) {                                      \
    (void)state;                                                                              \
    const mr_type *const types[] = {mr_scalar_type(MR_KIND_##KIND, MR_NATIVE_ORDER),          \
                                    swapped(MR_KIND_##KIND)};                                 \
    for (size_t i = 0; i < 2; i++) {                                                          \
      unsigned char octets[sizeof(TYPE) + 1] = {0};                                           \
      TYPE out = 0;                                                                           \
      mr_slot slot;                                                                           \
      /* At an odd address. */                                                                \
      mr_region memory = mr_region_of(octets + 1, sizeof(TYPE));                              \
      assert_int_equal(mr_slot_of(types[i], &slot), MR_OK);                                   \
      assert_int_equal(mr_slot_set_##NAME(memory, slot, (VALUE)), MR_OK);                     \
      assert_int_equal(mr_slot_get_##NAME(mr_region_view(memory), slot, &out), MR_OK);        \
      assert_true(out == (VALUE));                                                            \
      out = 0;                                                                                \
      assert_int_equal(mr_slot_convert_to_##NAME(mr_region_view(memory), slot, &out), MR_OK); \
      assert_true(out == (VALUE));                                                            \
      assert_int_equal(mr_slot_convert_from_##NAME(memory, slot, (VALUE)), MR_OK);            \
      mr_region shorter = mr_region_of(octets, sizeof(TYPE) - 1);                             \
      mr_status status = mr_slot_get_##NAME(mr_region_view(shorter), slot, &out);             \
      assert_int_equal(status, MR_OUT_OF_BOUNDS);                                             \
      assert_int_equal(mr_slot_set_##NAME(shorter, slot, (VALUE)), MR_OUT_OF_BOUNDS);         \
      mr_region null = mr_region_of(NULL, 0);                                                 \
      assert_int_equal(mr_slot_set_##NAME(null, slot, (VALUE)), MR_OUT_OF_BOUNDS);            \
      status = mr_slot_get_##NAME(mr_region_view(null), slot, &out);                          \
      assert_int_equal(status, MR_OUT_OF_BOUNDS);                                             \
      assert_true(out == (VALUE));                                                            \
    }                                                                                         \
  }

static char anything;

CHECK_TYPED(bool, bool, BOOL, true)
CHECK_TYPED(u8, uint8_t, U8, 0xf1)
CHECK_TYPED(i8, int8_t, I8, -7)
CHECK_TYPED(u16, uint16_t, U16, 0xf102)
CHECK_TYPED(i16, int16_t, I16, -700)
CHECK_TYPED(u32, uint32_t, U32, 0xf1020304)
CHECK_TYPED(i32, int32_t, I32, -70000)
CHECK_TYPED(u64, uint64_t, U64, UINT64_C(0xf102030405060708))
CHECK_TYPED(i64, int64_t, I64, -INT64_C(70000000000))
CHECK_TYPED(f32, float, F32, 0.1F)
CHECK_TYPED(f64, double, F64, 0.1)
CHECK_TYPED(pointer, void *, POINTER, (void *)&anything)

static void every_octet_but_0_reads_as_true(void **state) {
  (void)state;
  mr_slot slot;
  assert_int_equal(mr_slot_of(mr_scalar_type(MR_KIND_BOOL, MR_NATIVE_ORDER), &slot), MR_OK);
  for (unsigned i = 0; i <= UINT8_MAX; i++) {
    unsigned char octet = (unsigned char)i;
    bool out = i == 0;
    assert_int_equal(mr_slot_get_bool(mr_view_of(&octet, 1), slot, &out), MR_OK);
    /* As an octet: a bool that is neither would be taken for what the compiler likes. */
    memcpy(&octet, &out, 1);
    assert_int_equal(octet, i > 0);
  }
}

static void only_0_and_1_convert_to_a_bool(void **state) {
  (void)state;
  int32_t number = 1;
  mr_region memory = mr_region_of(&number, sizeof number);
  mr_slot slot;
  bool out = false;
  assert_int_equal(mr_slot_of(mr_scalar_type(MR_KIND_I32, MR_NATIVE_ORDER), &slot), MR_OK);
  assert_int_equal(mr_slot_get_bool(mr_region_view(memory), slot, &out), MR_OK);
  assert_true(out);
  number = 2;
  assert_int_equal(mr_slot_get_bool(mr_region_view(memory), slot, &out), MR_OVERFLOW);
  assert_true(out);
  assert_int_equal(mr_slot_set_bool(memory, slot, false), MR_OK);
  assert_int_equal(number, 0);
}

static void typed_reads_widen_and_check(void **state) {
  (void)state;
  int32_t number = -200;
  mr_view memory = mr_view_of(&number, sizeof number);
  mr_slot slot;
  int64_t wide = 0;
  int16_t narrow = 0;
  int8_t too_narrow = 7;
  uint64_t unsigned_out = 7;
  double real = 0;
  void *pointer = &anything;
  assert_int_equal(mr_slot_of(mr_scalar_type(MR_KIND_I32, MR_NATIVE_ORDER), &slot), MR_OK);
  assert_int_equal(mr_slot_get_i64(memory, slot, &wide), MR_OK);
  assert_int_equal(mr_slot_get_i16(memory, slot, &narrow), MR_OK);
  assert_int_equal(mr_slot_get_f64(memory, slot, &real), MR_OK);
  assert_true(wide == -200 && narrow == -200 && real == -200);
  assert_int_equal(mr_slot_get_i8(memory, slot, &too_narrow), MR_OVERFLOW);
  assert_int_equal(mr_slot_get_u64(memory, slot, &unsigned_out), MR_OVERFLOW);
  assert_int_equal(mr_slot_get_pointer(memory, slot, &pointer), MR_TYPE_MISMATCH);
  assert_true(too_narrow == 7 && unsigned_out == 7 && pointer == &anything);
}

static void typed_writes_narrow_and_check(void **state) {
  (void)state;
  int16_t number = 5;
  mr_region memory = mr_region_of(&number, sizeof number);
  mr_slot slot;
  assert_int_equal(mr_slot_of(mr_scalar_type(MR_KIND_I16, MR_NATIVE_ORDER), &slot), MR_OK);
  assert_int_equal(mr_slot_set_i64(memory, slot, -200), MR_OK);
  assert_int_equal(number, -200);
  assert_int_equal(mr_slot_set_f64(memory, slot, 300), MR_OK);
  assert_int_equal(number, 300);
  assert_int_equal(mr_slot_set_u32(memory, slot, 40000), MR_OVERFLOW);
  assert_int_equal(mr_slot_set_f32(memory, slot, 0.5F), MR_OVERFLOW);
  assert_int_equal(mr_slot_set_pointer(memory, slot, &number), MR_TYPE_MISMATCH);
  assert_int_equal(number, 300);
}

/* Octets. */

static void a_slot_is_where_its_member_is(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "{c[3]{si}}");
  unsigned char octets[28];
  mr_region memory = mr_region_of(octets, sizeof octets);
  mr_region part;
  mr_view view;
  mr_slot slot = slot_at(type, "m1[2].m3");
  assert_int_equal(mr_slot_offset(slot), 4 + 2 * 8 + 4);
  assert_int_equal(mr_slot_region(memory, slot, &part), MR_OK);
  assert_ptr_equal(part.pointer, octets + 24);
  assert_int_equal(part.size, 4);
  assert_int_equal(mr_slot_view(mr_region_view(memory), slot_at(type, "m1[1]"), &view), MR_OK);
  assert_ptr_equal(view.pointer, octets + 12);
  assert_int_equal(view.size, 8);
  mr_type_release(type);
}

static void a_slot_outside_the_memory_is_refused(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "{ii}");
  unsigned char octets[8] = {1};
  mr_region region = mr_region_of(octets, 1);
  mr_view view = mr_view_of(octets, 1);
  mr_value value = mr_value_of_bool(true);
  mr_slot slot = slot_at(type, "m1");
  for (size_t size = 0; size < 8; size++) {
    mr_region memory = mr_region_of(size > 0 ? octets : NULL, size);
    assert_int_equal(mr_slot_region(memory, slot, &region), MR_OUT_OF_BOUNDS);
    assert_int_equal(mr_slot_view(mr_region_view(memory), slot, &view), MR_OUT_OF_BOUNDS);
    assert_int_equal(mr_slot_load(mr_region_view(memory), slot, &value), MR_OUT_OF_BOUNDS);
    assert_int_equal(mr_slot_store(memory, slot, mr_value_of_i64(9)), MR_OUT_OF_BOUNDS);
  }
  assert_int_equal(region.size, 1);
  assert_int_equal(view.size, 1);
  assert_true(mr_value_equal(value, mr_value_of_bool(true)));
  assert_int_equal(mr_slot_load(mr_view_of(octets, 8), slot, &value), MR_OK);
  mr_type_release(type);
}

static void a_slot_far_out_is_refused(void **state) {
  (void)state;
  if (SIZE_MAX == UINT32_MAX) skip();
  const mr_type *type = described_type(NULL, "[17592186044415]C");
  unsigned char octets[16];
  uint8_t out;
  mr_slot last = slot_at(type, "[17592186044414]");
  assert_int_equal(mr_slot_get_u8(mr_view_of(octets, sizeof octets), last, &out), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_slot_store(mr_region_of(octets, sizeof octets), last, mr_value_of_i64(1)),
                   MR_OUT_OF_BOUNDS);
  mr_type_release(type);
}

static void an_empty_slot_is_in_any_memory(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "{}");
  mr_slot slot = slot_at(type, "");
  mr_region region;
  mr_value value;
  mr_region null = mr_region_of(NULL, 0);
  assert_int_equal(mr_slot_region(null, slot, &region), MR_OK);
  assert_int_equal(region.size, 0);
  assert_int_equal(mr_slot_load(mr_region_view(null), slot, &value), MR_OK);
  assert_int_equal(value.as.view.size, 0);
  assert_int_equal(mr_slot_store(null, slot, mr_value_of_view(mr_view_of(NULL, 0))), MR_OK);
  mr_type_release(type);
}

static void what_has_parts_is_loaded_as_a_view(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "{c[2]i{i}<i>}");
  unsigned char octets[20] = {0};
  mr_view memory = mr_view_of(octets, sizeof octets);
  mr_value value;
  assert_int_equal(mr_slot_load(memory, slot_at(type, "m1"), &value), MR_OK);
  assert_int_equal(value.kind, MR_KIND_ARRAY);
  assert_ptr_equal(value.as.view.pointer, octets + 4);
  assert_int_equal(value.as.view.size, 8);
  assert_int_equal(mr_slot_load(memory, slot_at(type, "m2"), &value), MR_OK);
  assert_int_equal(value.kind, MR_KIND_STRUCT);
  assert_int_equal(mr_slot_load(memory, slot_at(type, "m4"), &value), MR_OK);
  assert_int_equal(value.kind, MR_KIND_UNION);
  mr_type_release(type);
}

static void octets_go_where_their_size_is(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "{[3]c^s{ci}}");
  unsigned char octets[16] = {0};
  mr_region memory = mr_region_of(octets, sizeof octets);
  assert_int_equal(mr_slot_store(memory, slot_at(type, "m0"), mr_value_of_view(MR_VIEW("abc"))),
                   MR_OK);
  assert_memory_equal(octets, "abc", 3);
  /* As they are, whatever the order. */
  assert_int_equal(mr_slot_store(memory, slot_at(type, "m1"), mr_value_of_view(MR_VIEW("de"))),
                   MR_OK);
  assert_memory_equal(octets + 4, "de", 2);
  mr_value whole = mr_value_of_view(MR_VIEW("12345678"));
  assert_int_equal(mr_slot_store(memory, slot_at(type, "m2"), whole), MR_OK);
  assert_memory_equal(octets + 8, "12345678", 8);
  mr_type_release(type);
}

static void octets_of_another_size_are_refused(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "{[3]ci}");
  unsigned char octets[8] = {0};
  static const unsigned char zeros[8] = {0};
  mr_region memory = mr_region_of(octets, sizeof octets);
  mr_value two = mr_value_of_view(MR_VIEW("ab"));
  mr_value four = mr_value_of_view(MR_VIEW("abcd"));
  assert_int_equal(mr_slot_store(memory, slot_at(type, "m0"), two), MR_TYPE_MISMATCH);
  assert_int_equal(mr_slot_store(memory, slot_at(type, "m0"), four), MR_TYPE_MISMATCH);
  assert_int_equal(mr_slot_store(memory, slot_at(type, "m1"), two), MR_TYPE_MISMATCH);
  assert_memory_equal(octets, zeros, sizeof octets);
  mr_type_release(type);
}

static void octets_of_the_same_memory_may_overlap_the_slot(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "[6]c");
  char octets[] = "12345678";
  mr_region memory = mr_region_of(octets + 2, 6);
  mr_value value = mr_value_of_view(mr_view_of(octets, 6));
  assert_int_equal(mr_slot_store(memory, slot_at(type, ""), value), MR_OK);
  assert_string_equal(octets, "12123456");
  mr_type_release(type);
}

static void scalars_do_not_go_where_parts_are(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "{i}");
  int32_t number = 7;
  mr_region memory = mr_region_of(&number, sizeof number);
  assert_int_equal(mr_slot_store(memory, slot_at(type, ""), mr_value_of_i64(1)), MR_TYPE_MISMATCH);
  assert_int_equal(number, 7);
  mr_type_release(type);
}

static void parts_are_no_number(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "{i}");
  int32_t number = 7;
  int32_t out = 9;
  assert_int_equal(mr_slot_get_i32(mr_view_of(&number, sizeof number), slot_at(type, ""), &out),
                   MR_TYPE_MISMATCH);
  assert_int_equal(out, 9);
  mr_type_release(type);
}

/* What nobody made finds nothing and harms nothing. */
static void a_slot_of_zeros_is_of_no_type(void **state) {
  (void)state;
  mr_slot slot = {0};
  int32_t number = 7;
  int32_t out = 9;
  mr_value value;
  mr_region memory = mr_region_of(&number, sizeof number);
  assert_int_equal(mr_slot_get_i32(mr_region_view(memory), slot, &out), MR_TYPE_MISMATCH);
  assert_int_equal(mr_slot_set_i32(memory, slot, 1), MR_TYPE_MISMATCH);
  assert_int_equal(mr_slot_load(mr_region_view(memory), slot, &value), MR_OK);
  assert_int_equal(value.kind, MR_KIND_VOID);
  assert_int_equal(number, 7);
  assert_int_equal(out, 9);
}

/* The compiler's scalars in the other order. */

#if defined(__GNUC__) && !defined(__clang__)
#define HAS_STORAGE_ORDER 1

#define CHECK_ORDER(TAG, ORDER)                                                                   \
  struct __attribute__((scalar_storage_order(ORDER))) TAG {                                       \
    uint16_t a;                                                                                   \
    int32_t b;                                                                                    \
    uint64_t c;                                                                                   \
    float d;                                                                                      \
    double e;                                                                                     \
  };                                                                                              \
  static void TAG##_scalars_are_the_compilers(void **state) {                                     \
    (void)state;                                                                                  \
    mr_byte_order order = MR_LITTLE_ENDIAN;                                                       \
    if (strcmp((ORDER), "big-endian") == 0) order = MR_BIG_ENDIAN;                                \
    const mr_member_spec members[] = {{.name = "a", .type = mr_scalar_type(MR_KIND_U16, order)},  \
                                      {.name = "b", .type = mr_scalar_type(MR_KIND_I32, order)},  \
                                      {.name = "c", .type = mr_scalar_type(MR_KIND_U64, order)},  \
                                      {.name = "d", .type = mr_scalar_type(MR_KIND_F32, order)},  \
                                      {.name = "e", .type = mr_scalar_type(MR_KIND_F64, order)}}; \
    const mr_type *type;                                                                          \
    assert_int_equal(mr_type_build_struct(NULL, NULL, members, 5, NULL, &type, NULL), MR_OK);     \
    struct TAG theirs, ours;                                                                      \
    memset((void *)&theirs, 0, sizeof theirs);                                                    \
    memset((void *)&ours, 0, sizeof ours);                                                        \
    assert_int_equal(mr_type_size(type), sizeof theirs);                                          \
    theirs.a = 0x1234;                                                                            \
    theirs.b = -70000;                                                                            \
    theirs.c = UINT64_C(0x123456789abcdef0);                                                      \
    theirs.d = 0.1F;                                                                              \
    theirs.e = -0.1;                                                                              \
    mr_region memory = mr_region_of((void *)&ours, sizeof ours);                                  \
    assert_int_equal(mr_slot_set_u16(memory, slot_at(type, "a"), 0x1234), MR_OK);                 \
    assert_int_equal(mr_slot_set_i64(memory, slot_at(type, "b"), -70000), MR_OK);                 \
    assert_int_equal(mr_slot_set_u64(memory, slot_at(type, "c"), theirs.c), MR_OK);               \
    assert_int_equal(mr_slot_set_f32(memory, slot_at(type, "d"), 0.1F), MR_OK);                   \
    assert_int_equal(mr_slot_set_f64(memory, slot_at(type, "e"), -0.1), MR_OK);                   \
    assert_int_equal(memcmp((void *)&theirs, (void *)&ours, sizeof ours), 0);                     \
    float single = 0;                                                                             \
    int32_t number = 0;                                                                           \
    mr_view view = mr_region_view(memory);                                                        \
    assert_int_equal(mr_slot_get_f32(view, slot_at(type, "d"), &single), MR_OK);                  \
    assert_int_equal(mr_slot_get_i32(view, slot_at(type, "b"), &number), MR_OK);                  \
    assert_true(single == theirs.d && number == theirs.b);                                        \
    mr_type_release(type);                                                                        \
  }

CHECK_ORDER(big_endian, "big-endian")
CHECK_ORDER(little_endian, "little-endian")
#endif

/* Names of enums. */

static const mr_type *colours(mr_kind kind, mr_byte_order order) {
  static const mr_enumerator names[] = {{"RED", 0}, {"GREEN", 5}, {"LAST", -1}};
  bool is_unsigned = kind != MR_KIND_U64 && kind % 2 == 1;
  const mr_type *type;
  assert_int_equal(mr_type_build_enum(NULL, "colour", mr_scalar_type(kind, order), names,
                                      is_unsigned ? 2 : 3, &type, NULL),
                   MR_OK);
  return type;
}

static void a_name_is_stored_as_its_number(void **state) {
  (void)state;
  for (int kind = MR_KIND_I8; kind <= MR_KIND_U64; kind++) {
    for (int order = MR_LITTLE_ENDIAN; order <= MR_BIG_ENDIAN; order++) {
      const mr_type *type = colours((mr_kind)kind, (mr_byte_order)order);
      unsigned char octets[8] = {0};
      const char *name = NULL;
      int64_t out = 0;
      mr_value value;
      mr_slot slot = slot_at(type, "");
      mr_region memory = mr_region_of(octets, mr_type_size(type));
      assert_int_equal(mr_slot_store(memory, slot, mr_value_of_name("GREEN")), MR_OK);
      assert_int_equal(mr_slot_get_i64(mr_region_view(memory), slot, &out), MR_OK);
      assert_int_equal(out, 5);
      assert_int_equal(mr_slot_load(mr_region_view(memory), slot, &value), MR_OK);
      assert_int_equal(value.kind, kind);
      assert_int_equal(mr_value_to_name(value, &name), MR_OK);
      assert_string_equal(name, "GREEN");
      mr_type_release(type);
    }
  }
}

/* An enumerator of an unsigned enum has the bits of its number. */
static void a_name_of_all_64_bits_is_stored(void **state) {
  (void)state;
  const mr_type *type = colours(MR_KIND_U64, MR_NATIVE_ORDER);
  uint64_t number = 0;
  const char *name = NULL;
  mr_value value;
  mr_region memory = mr_region_of(&number, sizeof number);
  assert_int_equal(mr_slot_store(memory, slot_at(type, ""), mr_value_of_name("LAST")), MR_OK);
  assert_true(number == UINT64_MAX);
  assert_int_equal(mr_slot_load(mr_region_view(memory), slot_at(type, ""), &value), MR_OK);
  assert_int_equal(mr_value_to_name(value, &name), MR_OK);
  assert_string_equal(name, "LAST");
  mr_type_release(type);
}

static void a_name_that_there_is_not_is_refused(void **state) {
  (void)state;
  const mr_type *type = colours(MR_KIND_I32, MR_NATIVE_ORDER);
  const mr_type *plain = mr_scalar_type(MR_KIND_I32, MR_NATIVE_ORDER);
  int32_t number = 7;
  mr_region memory = mr_region_of(&number, sizeof number);
  mr_region shorter = mr_region_of(&number, 3);
  mr_value red = mr_value_of_name("RED");
  mr_slot slot = slot_at(type, "");
  assert_int_equal(mr_slot_store(memory, slot, mr_value_of_name("RE")), MR_NO_SUCH_SLOT);
  assert_int_equal(mr_slot_store(memory, slot, mr_value_of_name(NULL)), MR_NO_SUCH_SLOT);
  assert_int_equal(mr_slot_store(memory, slot_at(plain, ""), red), MR_TYPE_MISMATCH);
  assert_int_equal(mr_slot_store(shorter, slot, red), MR_OUT_OF_BOUNDS);
  assert_int_equal(number, 7);
  mr_type_release(type);
}

static void a_bit_field_of_an_enum_has_its_names(void **state) {
  (void)state;
  const mr_type *type = colours(MR_KIND_I32, MR_NATIVE_ORDER);
  const mr_member_spec members[] = {
      {.name = "a", .type = type, .is_bit_field = true, .bit_width = 4},
      {.name = "b", .type = type, .is_bit_field = true, .bit_width = 3}};
  const mr_type *whole;
  unsigned char octets[4] = {0};
  const char *name = NULL;
  mr_value value;
  mr_region memory = mr_region_of(octets, sizeof octets);
  assert_int_equal(mr_type_build_struct(NULL, NULL, members, 2, NULL, &whole, NULL), MR_OK);
  assert_int_equal(mr_slot_store(memory, slot_at(whole, "a"), mr_value_of_name("GREEN")), MR_OK);
  assert_int_equal(mr_slot_load(mr_region_view(memory), slot_at(whole, "a"), &value), MR_OK);
  assert_int_equal(mr_value_to_name(value, &name), MR_OK);
  assert_string_equal(name, "GREEN");
  /* 5 is too much for 3 bits and a sign among them. */
  assert_int_equal(mr_slot_store(memory, slot_at(whole, "b"), mr_value_of_name("GREEN")),
                   MR_OVERFLOW);
  assert_int_equal(mr_slot_store_fitted(memory, slot_at(whole, "b"), mr_value_of_name("GREEN"),
                                        MR_FIT_SATURATING),
                   MR_OK);
  assert_int_equal(mr_slot_load(mr_region_view(memory), slot_at(whole, "b"), &value), MR_OK);
  assert_true(value.as.i64 == 3);
  mr_type_release(whole);
  mr_type_release(type);
}

/* What is of another kind at a bit-field. */
static void bit_fields_convert_as_integers_do(void **state) {
  (void)state;
  const mr_type *type;
  const mr_member_spec member = {.name = "a",
                                 .type = mr_scalar_type(MR_KIND_I32, MR_NATIVE_ORDER),
                                 .is_bit_field = true,
                                 .bit_width = 9};
  unsigned char octets[4] = {0};
  double real = 0;
  float single = 0;
  void *pointer = octets;
  mr_region memory = mr_region_of(octets, sizeof octets);
  assert_int_equal(mr_type_build_struct(NULL, NULL, &member, 1, NULL, &type, NULL), MR_OK);
  mr_slot slot = slot_at(type, "a");
  assert_int_equal(mr_slot_set_f64(memory, slot, -256), MR_OK);
  assert_int_equal(mr_slot_set_f32(memory, slot, 256), MR_OVERFLOW);
  assert_int_equal(mr_slot_set_f64(memory, slot, 0.5), MR_OVERFLOW);
  assert_int_equal(mr_slot_set_pointer(memory, slot, octets), MR_TYPE_MISMATCH);
  assert_int_equal(mr_slot_get_f64(mr_region_view(memory), slot, &real), MR_OK);
  assert_int_equal(mr_slot_get_f32(mr_region_view(memory), slot, &single), MR_OK);
  assert_int_equal(mr_slot_get_pointer(mr_region_view(memory), slot, &pointer), MR_TYPE_MISMATCH);
  assert_true(real == -256 && single == -256 && pointer == octets);
  mr_type_release(type);
}

static void what_is_of_a_kind_without_names_is_loaded_without(void **state) {
  (void)state;
  int32_t number = 0;
  mr_value value;
  mr_slot slot;
  assert_int_equal(mr_slot_of(mr_scalar_type(MR_KIND_I32, MR_NATIVE_ORDER), &slot), MR_OK);
  assert_int_equal(mr_slot_load(mr_view_of(&number, sizeof number), slot, &value), MR_OK);
  assert_true(value.rest == 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_slot_is_16_octets),
      cmocka_unit_test(the_slot_of_a_type_is_all_of_it),
      cmocka_unit_test(void_has_no_slot),
      cmocka_unit_test(access_is_exact_in_this_machines_order_alone),
      cmocka_unit_test(bool_is_read_and_written),
      cmocka_unit_test(u8_is_read_and_written),
      cmocka_unit_test(i8_is_read_and_written),
      cmocka_unit_test(u16_is_read_and_written),
      cmocka_unit_test(i16_is_read_and_written),
      cmocka_unit_test(u32_is_read_and_written),
      cmocka_unit_test(i32_is_read_and_written),
      cmocka_unit_test(u64_is_read_and_written),
      cmocka_unit_test(i64_is_read_and_written),
      cmocka_unit_test(f32_is_read_and_written),
      cmocka_unit_test(f64_is_read_and_written),
      cmocka_unit_test(pointer_is_read_and_written),
      cmocka_unit_test(every_octet_but_0_reads_as_true),
      cmocka_unit_test(only_0_and_1_convert_to_a_bool),
      cmocka_unit_test(typed_reads_widen_and_check),
      cmocka_unit_test(typed_writes_narrow_and_check),
      cmocka_unit_test(a_slot_is_where_its_member_is),
      cmocka_unit_test(a_slot_outside_the_memory_is_refused),
      cmocka_unit_test(a_slot_far_out_is_refused),
      cmocka_unit_test(an_empty_slot_is_in_any_memory),
      cmocka_unit_test(what_has_parts_is_loaded_as_a_view),
      cmocka_unit_test(octets_go_where_their_size_is),
      cmocka_unit_test(octets_of_another_size_are_refused),
      cmocka_unit_test(octets_of_the_same_memory_may_overlap_the_slot),
      cmocka_unit_test(scalars_do_not_go_where_parts_are),
      cmocka_unit_test(parts_are_no_number),
      cmocka_unit_test(a_slot_of_zeros_is_of_no_type),
#ifdef HAS_STORAGE_ORDER
      cmocka_unit_test(big_endian_scalars_are_the_compilers),
      cmocka_unit_test(little_endian_scalars_are_the_compilers),
#endif
      cmocka_unit_test(a_name_is_stored_as_its_number),
      cmocka_unit_test(a_name_of_all_64_bits_is_stored),
      cmocka_unit_test(a_name_that_there_is_not_is_refused),
      cmocka_unit_test(a_bit_field_of_an_enum_has_its_names),
      cmocka_unit_test(bit_fields_convert_as_integers_do),
      cmocka_unit_test(what_is_of_a_kind_without_names_is_loaded_without),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
