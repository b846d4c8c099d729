#include <complex.h>
#include <memregions/type.h>
#include <stdalign.h>

#include "described_type.h"
#include "support.h"

/*
 * The layout rule against the compiler that compiles this: each struct stands here in C, and beside it as
 * described_type reads it, with its size, alignment and offsets as the compiler has them.
 */

#define PACKED __attribute__((packed))
#define ALIGNED(n) __attribute__((aligned(n)))
__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;
#pragma GCC diagnostic ignored "-Wpedantic"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wgnu-empty-struct"
#pragma GCC diagnostic ignored "-Wc11-extensions"
#endif

typedef int32_t int_at_1 ALIGNED(1);
typedef int64_t long_at_4 ALIGNED(4);
typedef int32_t int_at_16 ALIGNED(16);

struct mixed {
  int8_t a;
  int16_t b;
  int8_t c;
  int32_t d;
  int8_t e;
  double f;
  int8_t g;
};
struct octets {
  int8_t a, b, c;
};
struct flags {
  bool a;
  uint8_t b;
  bool c;
  uint16_t d;
};
struct wide {
  int8_t a;
  int64_t b;
  int8_t c;
  uint64_t d;
  uint32_t e;
};
struct huge {
  int8_t a;
  int128 b;
  int8_t c;
  uint128 d;
};
struct floats {
  float a;
  double b;
  float c;
};
struct extended {
  int8_t a;
  long double b;
  int32_t c;
};
struct complexes {
  int8_t a;
  float _Complex b;
  int8_t c;
  double _Complex d;
};
struct complex_extended {
  int8_t a;
  long double _Complex b;
};
struct pointers {
  int8_t a;
  void *b;
  int16_t c;
  void *d;
};
struct arrays {
  int8_t a;
  int16_t b[3];
  int8_t c[5];
  int64_t d[2];
};
struct no_elements {
  int8_t a;
  double b[0];
  int8_t c;
};
struct only_no_elements {
  int16_t a[0];
};
struct empty {};
struct with_empty {
  int8_t a;
  struct empty b;
  int16_t c;
};
struct pair {
  int8_t a;
  int32_t b;
};
struct nested {
  int8_t a;
  struct pair b;
  int8_t c;
};
struct nested_array {
  int8_t a;
  struct pair b[3];
  int8_t c;
};
struct anonymous {
  int8_t a;
  struct {
    int8_t b;
    int32_t c;
  };
  int8_t d;
};
struct anonymous_deep {
  int32_t a;
  union {
    struct {
      int8_t b;
      union {
        int16_t c;
        double d;
      };
    };
    int32_t e;
  };
  int8_t f;
};
struct PACKED packed {
  int8_t a;
  int32_t b;
  double c;
  int16_t d;
};
struct packed_member {
  int8_t a;
  int32_t b PACKED;
  int16_t c;
};
struct PACKED packed_nested {
  int8_t a;
  struct pair b;
  int16_t c;
};
struct PACKED ALIGNED(4) packed_aligned {
  int8_t a;
  int32_t b;
  int8_t c;
};
struct PACKED packed_aligned_member {
  int8_t a;
  int32_t b ALIGNED(2);
  int8_t c;
};
struct ALIGNED(32) aligned {
  int8_t a;
  int32_t b;
};
struct aligned_member {
  int8_t a;
  int8_t b ALIGNED(8);
  int8_t c;
};
struct aligned_less {
  int8_t a;
  int64_t b ALIGNED(2);
};
struct ALIGNED(65536) aligned_much {
  int8_t a;
};
struct ALIGNED(8) empty_aligned {};
struct with_empty_aligned {
  int8_t a;
  struct empty_aligned b;
  int8_t c;
};
struct realigned_down {
  int8_t a;
  int_at_1 b;
  long_at_4 c;
};
struct realigned_up {
  int8_t a;
  int_at_16 b;
  int8_t c;
};
struct holds_packed {
  int8_t a;
  struct packed b;
  int32_t c;
};
#pragma pack(push, 1)
struct pack_1 {
  int8_t a;
  int32_t b;
  double c;
};
struct bitmap {
  int8_t a[2];
  uint32_t b;
  uint16_t c, d;
  uint32_t e;
};
union pack_union {
  int8_t a[5];
  int32_t b;
};
#pragma pack(pop)
struct after_pack {
  int8_t a;
  struct pack_1 b;
  int32_t c;
};
#pragma pack(push, 2)
struct pack_2 {
  int8_t a;
  int32_t b;
  int16_t c;
  int64_t d;
};
struct pack_caps_aligned {
  int8_t a;
  int32_t b ALIGNED(8);
};
struct ALIGNED(8) pack_not_whole {
  int8_t a;
  int32_t b;
};
#pragma pack(pop)
#pragma pack(push, 16)
struct pack_16 {
  int8_t a;
  long double b;
};
#pragma pack(pop)
#pragma pack(push, 4)
struct PACKED pack_and_packed {
  int8_t a;
  int64_t b;
  int32_t c ALIGNED(8);
};
#pragma pack(pop)
union plain {
  int8_t a;
  int32_t b;
  double c;
};
union odd {
  int8_t a[17];
  double b;
};
union none {};
union PACKED packed_union {
  int8_t a;
  int32_t b;
  int8_t c[5];
};
union ALIGNED(16) aligned_union {
  int8_t a[17];
};
struct with_union {
  int8_t a;
  union plain b;
  int8_t c;
};

typedef struct layout_case {
  const char *name;
  const char *description;
  size_t size;
  size_t alignment;
  size_t offsets[8];
} layout_case;

#define CASE(type, description, ...)                                 \
  {                                                                  \
#type, description, sizeof(type), alignof(type), { __VA_ARGS__ } \
  }
#define AT(type, member) offsetof(type, member)
#define AT_1(type) AT(type, a)
#define AT_2(type) AT_1(type), AT(type, b)
#define AT_3(type) AT_2(type), AT(type, c)
#define AT_4(type) AT_3(type), AT(type, d)
#define AT_5(type) AT_4(type), AT(type, e)
#define AT_7(type) AT_5(type), AT(type, f), AT(type, g)

static const layout_case cases[] = {
    CASE(struct mixed, "{cscicdc}", AT_7(struct mixed)),
    CASE(struct octets, "{ccc}", AT_3(struct octets)),
    CASE(struct flags, "{bCbS}", AT_4(struct flags)),
    CASE(struct wide, "{clcLI}", AT_5(struct wide)),
    CASE(struct huge, "{cqcQ}", AT_4(struct huge)),
    CASE(struct floats, "{fdf}", AT_3(struct floats)),
    CASE(struct extended, "{cei}", AT_3(struct extended)),
    CASE(struct complexes, "{cxcy}", AT_4(struct complexes)),
    CASE(struct complex_extended, "{cz}", AT_2(struct complex_extended)),
    CASE(struct pointers, "{cpsp}", AT_4(struct pointers)),
    CASE(struct arrays, "{c[3]s[5]c[2]l}", AT_4(struct arrays)),
    CASE(struct no_elements, "{c[0]dc}", AT_3(struct no_elements)),
    CASE(struct only_no_elements, "{[0]s}", AT_1(struct only_no_elements)),
    CASE(struct empty, "{}", 0),
    CASE(struct with_empty, "{c{}s}", AT_3(struct with_empty)),
    CASE(struct nested, "{c{ci}c}", AT_3(struct nested)),
    CASE(struct nested_array, "{c[3]{ci}c}", AT_3(struct nested_array)),
    CASE(struct anonymous, "{c_{ci}c}", AT(struct anonymous, a), AT(struct anonymous, b),
         AT(struct anonymous, d)),
    CASE(struct anonymous_deep, "{i_<_{c_<sd>}i>c}", AT(struct anonymous_deep, a),
         AT(struct anonymous_deep, b), AT(struct anonymous_deep, f)),
    CASE(struct packed, "{P;cids}", AT_4(struct packed)),
    CASE(struct packed_member, "{c!is}", AT_3(struct packed_member)),
    CASE(struct packed_nested, "{P;c{ci}s}", AT_3(struct packed_nested)),
    CASE(struct packed_aligned, "{PA4;cic}", AT_3(struct packed_aligned)),
    CASE(struct packed_aligned_member, "{P;c@2:ic}", AT_3(struct packed_aligned_member)),
    CASE(struct aligned, "{A32;ci}", AT_2(struct aligned)),
    CASE(struct aligned_member, "{c@8:cc}", AT_3(struct aligned_member)),
    CASE(struct aligned_less, "{c@2:l}", AT_2(struct aligned_less)),
    CASE(struct aligned_much, "{A65536;c}", AT_1(struct aligned_much)),
    CASE(struct empty_aligned, "{A8;}", 0),
    CASE(struct with_empty_aligned, "{c{A8;}c}", AT_3(struct with_empty_aligned)),
    CASE(struct realigned_down, "{c~1:i~4:l}", AT_3(struct realigned_down)),
    CASE(struct realigned_up, "{c~16:ic}", AT_3(struct realigned_up)),
    CASE(struct holds_packed, "{c{P;cids}i}", AT_3(struct holds_packed)),
    CASE(struct pack_1, "{K1;cid}", AT_3(struct pack_1)),
    CASE(struct bitmap, "{K1;[2]cISSI}", AT_5(struct bitmap)),
    CASE(union pack_union, "<K1;[5]ci>", AT_2(union pack_union)),
    CASE(struct after_pack, "{c{K1;cid}i}", AT_3(struct after_pack)),
    CASE(struct pack_2, "{K2;cisl}", AT_4(struct pack_2)),
    CASE(struct pack_caps_aligned, "{K2;c@8:i}", AT_2(struct pack_caps_aligned)),
    CASE(struct pack_not_whole, "{K2A8;ci}", AT_2(struct pack_not_whole)),
    CASE(struct pack_16, "{K16;ce}", AT_2(struct pack_16)),
    CASE(struct pack_and_packed, "{PK4;cl@8:i}", AT_3(struct pack_and_packed)),
    CASE(union plain, "<cid>", AT_3(union plain)),
    CASE(union odd, "<[17]cd>", AT_2(union odd)),
    CASE(union none, "<>", 0),
    CASE(union packed_union, "<P;ci[5]c>", AT_3(union packed_union)),
    CASE(union aligned_union, "<A16;[17]c>", AT_1(union aligned_union)),
    CASE(struct with_union, "{c<cid>c}", AT_3(struct with_union)),
};

static void check(const layout_case *expected, const mr_type *type) {
  if (mr_type_size(type) != expected->size || mr_type_alignment(type) != expected->alignment) {
    fail_msg("%s: size %zu, alignment %zu", expected->name, mr_type_size(type),
             mr_type_alignment(type));
  }
  for (size_t i = 0; i < mr_type_count(type); i++) {
    mr_member member;
    assert_int_equal(mr_type_member(type, i, &member), MR_OK);
    if (member.offset != expected->offsets[i] || member.offset % member.alignment != 0) {
      fail_msg("%s: member %zu at %zu", expected->name, i, member.offset);
    }
  }
}

static void layout_is_the_compilers(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const mr_type *type = described_type(NULL, cases[i].description);
    assert_true(mr_type_is_sound(type));
    check(&cases[i], type);
    mr_type_release(type);
  }
}

static void a_member_says_how_it_is_placed(void **state) {
  (void)state;
  static const struct {
    const char *description;
    size_t alignment;
  } placed[] = {{"{i}", 4},    {"{!i}", 1},    {"{P;i}", 1},     {"{K2;i}", 2},
                {"{@8:i}", 8}, {"{!@2:i}", 2}, {"{K2;@8:i}", 2}, {"{A16;i}", 4},
                {"{~1:i}", 1}, {"{K16;i}", 4}, {"<P;@2:i>", 2}};
  for (size_t i = 0; i < sizeof placed / sizeof *placed; i++) {
    const mr_type *type = described_type(NULL, placed[i].description);
    mr_member member;
    assert_int_equal(mr_type_member(type, 0, &member), MR_OK);
    assert_int_equal(member.alignment, placed[i].alignment);
    mr_type_release(type);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(layout_is_the_compilers),
      cmocka_unit_test(a_member_says_how_it_is_placed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
