#ifndef MEMREGIONS_TESTS_BUILT_TYPE_H
#define MEMREGIONS_TESTS_BUILT_TYPE_H

/*
 * Types with names of their own, for tests of objects.
 *
 *     const mr_type *type = STRUCT(MEMBER(x, I32), BITS(low, U32, 3), NAMELESS(UNION(MEMBER(u, I32))));
 *
 * What a type is made of, it takes the reference to. What can't be built fails the running test.
 */

#include <memregions/object_text.h>

/** `members` end with one that is all zeros. */
const mr_type *built_struct(const mr_member_spec *members);
const mr_type *built_union(const mr_member_spec *members);
const mr_type *built_array(const mr_type *element, size_t count);
const mr_type *built_flexible_array(const mr_type *element);
const mr_type *built_pointer(mr_target target, const mr_type *pointee);

/** An enum: RED is 0, GREEN 1, BLUE 5; with a minus if it is signed, DARK is -1. */
const mr_type *built_colors(mr_kind kind);

/** Another enum: BLUE is 2, RED 9. */
const mr_type *built_paints(void);

/** C's plain char. */
const mr_type *plain_char(void);

const mr_type *native(mr_kind kind);

/** In the byte order that this machine does not have. */
const mr_type *swapped(mr_kind kind);

#define STRUCT(...) built_struct((const mr_member_spec[]){__VA_ARGS__, {0}})
#define UNION(...) built_union((const mr_member_spec[]){__VA_ARGS__, {0}})
#define MEMBER(member, of_type) \
  { .name = #member, .type = of_type }
#define NAMELESS(of_type) \
  { .type = of_type }
#define BITS(member, of_type, width) \
  { .name = #member, .type = of_type, .is_bit_field = true, .bit_width = width }
#define FILLER(of_type, width) \
  { .type = of_type, .is_bit_field = true, .bit_width = width }

#define I8 native(MR_KIND_I8)
#define U8 native(MR_KIND_U8)
#define I16 native(MR_KIND_I16)
#define U16 native(MR_KIND_U16)
#define I32 native(MR_KIND_I32)
#define U32 native(MR_KIND_U32)
#define I64 native(MR_KIND_I64)
#define U64 native(MR_KIND_U64)
#define F32 native(MR_KIND_F32)
#define F64 native(MR_KIND_F64)
#define BOOL native(MR_KIND_BOOL)

/** The octets as an object of the type. */
mr_object object_over(mr_region memory, const mr_type *type);

/** The number at a path. */
int64_t number_at(mr_object object, const char *path);

void set_number(mr_object object, const char *path, int64_t number);

/** How an object is printed: as C text or as JSON. */
typedef mr_status print_function(mr_object object, const mr_print_options *options,
                                 mr_write_function *write, void *context);

/** The octets, as an object of the type, are printed as `expected`. Takes the type's reference. */
void assert_printed(print_function *print, const mr_print_options *options, const mr_type *type,
                    mr_view octets, const char *expected);

#endif
