#include <stdalign.h>

#include "type.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define MACHINE_ORDER MR_BIG_ENDIAN
#else
#define MACHINE_ORDER MR_LITTLE_ENDIAN
#endif

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 u128;
#else
typedef struct u128 {
  MR_ALIGNAS(16) uint64_t words[2];
} u128;
#endif

/* Floats that a compiler may not have. */
typedef struct binary128 {
  MR_ALIGNAS(16) unsigned char octets[16];
} binary128;
typedef binary128 complex_binary128[2];

/* Complex types are two floats side by side, also where a compiler has none. */
typedef float complex_f32[2];
typedef double complex_f64[2];
typedef long double complex_long_double[2];

#define SCALAR(KIND, NAME, C_TYPE, ORDER)                                  \
  [KIND] = {.size = sizeof(C_TYPE),                                        \
            .alignment = alignof(C_TYPE),                                  \
            .name = (NAME),                                                \
            .kind = (KIND),                                                \
            .order = (ORDER),                                              \
            .is_swapped = sizeof(C_TYPE) > 1 && (ORDER) != MACHINE_ORDER,  \
            .has_swapped = sizeof(C_TYPE) > 1 && (ORDER) != MACHINE_ORDER, \
            .is_foreign = sizeof(C_TYPE) > 1 && (ORDER) != MACHINE_ORDER,  \
            .is_static = true}

#define SCALARS(ORDER)                                                                            \
  {                                                                                               \
    SCALAR(MR_KIND_BOOL, "bool", bool, ORDER), SCALAR(MR_KIND_I8, "int8_t", int8_t, ORDER),       \
        SCALAR(MR_KIND_U8, "uint8_t", uint8_t, ORDER),                                            \
        SCALAR(MR_KIND_I16, "int16_t", int16_t, ORDER),                                           \
        SCALAR(MR_KIND_U16, "uint16_t", uint16_t, ORDER),                                         \
        SCALAR(MR_KIND_I32, "int32_t", int32_t, ORDER),                                           \
        SCALAR(MR_KIND_U32, "uint32_t", uint32_t, ORDER),                                         \
        SCALAR(MR_KIND_I64, "int64_t", int64_t, ORDER),                                           \
        SCALAR(MR_KIND_U64, "uint64_t", uint64_t, ORDER),                                         \
        SCALAR(MR_KIND_I128, "__int128", u128, ORDER),                                            \
        SCALAR(MR_KIND_U128, "unsigned __int128", u128, ORDER),                                   \
        SCALAR(MR_KIND_F32, "float", float, ORDER), SCALAR(MR_KIND_F64, "double", double, ORDER), \
        SCALAR(MR_KIND_LONG_DOUBLE, "long double", long double, ORDER),                           \
        SCALAR(MR_KIND_COMPLEX_F32, "float _Complex", complex_f32, ORDER),                        \
        SCALAR(MR_KIND_COMPLEX_F64, "double _Complex", complex_f64, ORDER),                       \
        SCALAR(MR_KIND_COMPLEX_LONG_DOUBLE, "long double _Complex", complex_long_double, ORDER),  \
        SCALAR(MR_KIND_POINTER, "void *", void *, ORDER),                                         \
        SCALAR(MR_KIND_F80, "__float80", binary128, ORDER),                                       \
        SCALAR(MR_KIND_F128, "__float128", binary128, ORDER),                                     \
        SCALAR(MR_KIND_COMPLEX_F80, "_Complex __float80", complex_binary128, ORDER),              \
        SCALAR(MR_KIND_COMPLEX_F128, "_Complex __float128", complex_binary128, ORDER)             \
  }

static const mr_type little[] = SCALARS(MR_LITTLE_ENDIAN);
static const mr_type big[] = SCALARS(MR_BIG_ENDIAN);

static const mr_type nothing = {.alignment = 1,
                                .name = "void",
                                .kind = MR_KIND_VOID,
                                .order = MACHINE_ORDER,
                                .is_static = true};

const mr_type *mr_void_type(void) { return &nothing; }

mr_byte_order mr_machine_order(void) { return MACHINE_ORDER; }

static bool is_long_double(mr_kind kind) {
  return kind == MR_KIND_LONG_DOUBLE || kind == MR_KIND_COMPLEX_LONG_DOUBLE;
}

const mr_type *mr_scalar_type(mr_kind kind, mr_byte_order order) {
  if (order == MR_NATIVE_ORDER) order = MACHINE_ORDER;
  if (!mr_kind_is_scalar(kind)) return NULL;
  if (order != MR_LITTLE_ENDIAN && order != MR_BIG_ENDIAN) return NULL;
  if (order != MACHINE_ORDER && is_long_double(kind)) return NULL;
  return order == MR_LITTLE_ENDIAN ? &little[kind] : &big[kind];
}

/* The octets that a scalar of the kind has here. */
static size_t size_here(mr_kind kind) { return little[kind].size; }

void mr_type_settle_scalar(mr_type *type) {
  type->is_swapped = type->size > 1 && type->order != MACHINE_ORDER;
  type->has_swapped = type->is_swapped;
  type->is_foreign = type->is_swapped || type->size != size_here((mr_kind)type->kind);
}
