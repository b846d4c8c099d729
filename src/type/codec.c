#include <float.h>
#include <string.h>

#include "fit.h"
#include "integer.h"
#include "real.h"
#include "type.h"
#include "value.h"

/* What a complex value keeps of a long double: 12 octets. Where that is not enough, a double. */
#if LDBL_MANT_DIG <= 64
#define PART_FORMAT MR_REAL_LONG_DOUBLE
#else
#define PART_FORMAT MR_REAL_F64
#endif
enum { PART_ROOM = 12 };

_Static_assert(sizeof(mr_value) == 32, "a value is 32 octets");
_Static_assert(offsetof(mr_value, rest) == 16 && sizeof(uint64_t) + 16 == 2 * PART_ROOM,
               "rest goes on where as ends");

void mr_words_get(const void *from, uint64_t *high, uint64_t *low) {
  bool is_little = mr_machine_order() == MR_LITTLE_ENDIAN;
  uint64_t words[2];
  memcpy(words, from, sizeof words);
  *low = words[!is_little];
  *high = words[is_little];
}

void mr_words_put(void *to, uint64_t high, uint64_t low) {
  bool is_little = mr_machine_order() == MR_LITTLE_ENDIAN;
  uint64_t words[2];
  words[!is_little] = low;
  words[is_little] = high;
  memcpy(to, words, sizeof words);
}

void mr_words_extend(unsigned width, uint64_t *high, uint64_t *low) {
  if (width <= 64) {
    uint64_t sign = UINT64_C(1) << (width - 1);
    *high = *low & sign ? UINT64_MAX : 0;
    *low = (*low ^ sign) - sign;
  } else {
    uint64_t sign = UINT64_C(1) << (width - 65);
    *high = (*high ^ sign) - sign;
  }
}

/* Floats: octets of a format, which a scalar or a value has one or two of. */

typedef struct float_octets {
  mr_real_format format;
  unsigned char *octets;
} float_octets;

mr_real_format mr_kind_format(mr_kind kind) {
  switch (kind) {
    case MR_KIND_F32:
    case MR_KIND_COMPLEX_F32:
      return MR_REAL_F32;
    case MR_KIND_F64:
    case MR_KIND_COMPLEX_F64:
      return MR_REAL_F64;
    case MR_KIND_F80:
    case MR_KIND_COMPLEX_F80:
      return MR_REAL_X87;
    case MR_KIND_F128:
    case MR_KIND_COMPLEX_F128:
      return MR_REAL_F128;
    default:
      return MR_REAL_LONG_DOUBLE;
  }
}

static size_t size_here(mr_kind kind) {
  return mr_type_size(mr_scalar_type(kind, MR_NATIVE_ORDER));
}

/* What a scalar's octets have, `index` 0 or 1. Padding counts more than the number. */
static float_octets float_of_scalar(mr_kind kind, const void *octets, size_t index) {
  mr_real_format format = mr_kind_format(kind);
  size_t size = mr_kind_is_complex(kind) ? size_here(kind) / 2 : size_here(kind);
  size_t padding = mr_machine_order() == MR_BIG_ENDIAN ? size - mr_real_size(format) : 0;
  return (float_octets){format, (unsigned char *)octets + index * size + padding};
}

static float_octets float_of_value(const mr_value *value, size_t index) {
  mr_kind kind = (mr_kind)value->kind;
  if (kind != MR_KIND_COMPLEX_LONG_DOUBLE) {
    return float_of_scalar(kind, value->as.octets, index);
  }
  return (float_octets){PART_FORMAT, (unsigned char *)value + index * PART_ROOM};
}

/* Octets of the same format are moved, for the sake of NaNs. */
static mr_status move_float(float_octets to, float_octets from, mr_fit fit) {
  if (to.format != from.format) {
    return mr_fit_packed(mr_real_unpack(from.format, from.octets), to.format, fit, false,
                         to.octets);
  }
  memcpy(to.octets, from.octets, mr_real_size(to.format));
  return MR_OK;
}

static bool is_float(mr_kind kind) {
  return (kind >= MR_KIND_F32 && kind <= MR_KIND_LONG_DOUBLE) || kind == MR_KIND_F80 ||
         kind == MR_KIND_F128;
}

/* Of a value, which has no other. */
static bool is_complex_value(mr_kind kind) {
  return kind >= MR_KIND_COMPLEX_F32 && kind <= MR_KIND_COMPLEX_LONG_DOUBLE;
}

bool mr_value_part(const mr_value *value, size_t index, mr_real *out) {
  if (!is_float((mr_kind)value->kind) && !is_complex_value((mr_kind)value->kind)) return false;
  float_octets part = float_of_value(value, index);
  *out = mr_real_unpack(part.format, part.octets);
  return true;
}

/* Octets to values. */

static MR_COLD mr_status decode_words(const void *from, mr_value *out) {
  mr_words_get(from, &out->as.words[1], &out->as.words[0]);
  return MR_OK;
}

/* What is no double, nor shorter: a part that is beyond what there is room for becomes infinite. */
static MR_COLD mr_status decode_float(mr_kind kind, const void *from, mr_value *out) {
  size_t count = 1;
  if (mr_kind_is_complex(kind)) {
    out->kind = MR_KIND_COMPLEX_LONG_DOUBLE;
    count = 2;
  }
  for (size_t i = 0; i < count; i++) {
    mr_ignore(move_float(float_of_value(out, i), float_of_scalar(kind, from, i), MR_FIT_WRAPPING));
  }
  return MR_OK;
}

/* What programs mostly have in memory needs no stack frame. */
mr_status mr_value_decode(mr_kind kind, const void *from, mr_value *out) {
  mr_value_clear(out, kind);
  switch (kind) {
    case MR_KIND_BOOL:
      out->as.boolean = *(const unsigned char *)from != 0;
      break;
    case MR_KIND_I8:
      out->as.i64 = (int64_t)(*(const int8_t *)from);
      break;
    case MR_KIND_U8:
      out->as.u64 = *(const uint8_t *)from;
      break;
    case MR_KIND_I16:
      out->as.i64 = (int16_t)mr_peek_u16(from, MR_NATIVE_ORDER);
      break;
    case MR_KIND_U16:
      out->as.u64 = mr_peek_u16(from, MR_NATIVE_ORDER);
      break;
    case MR_KIND_I32:
      out->as.i64 = (int32_t)mr_peek_u32(from, MR_NATIVE_ORDER);
      break;
    case MR_KIND_U32:
      out->as.u64 = mr_peek_u32(from, MR_NATIVE_ORDER);
      break;
    case MR_KIND_I64:
    case MR_KIND_U64:
      out->as.u64 = mr_peek_u64(from, MR_NATIVE_ORDER);
      break;
    case MR_KIND_I128:
    case MR_KIND_U128:
      return decode_words(from, out);
    case MR_KIND_F32:
      memcpy(&out->as.f32, from, sizeof out->as.f32);
      break;
    case MR_KIND_F64:
      memcpy(&out->as.f64, from, sizeof out->as.f64);
      break;
    case MR_KIND_COMPLEX_F32:
      memcpy(out->as.octets, from, 2 * sizeof(float));
      break;
    case MR_KIND_COMPLEX_F64:
      memcpy(out->as.octets, from, 2 * sizeof(double));
      break;
    case MR_KIND_POINTER:
      memcpy(&out->as.pointer, from, sizeof out->as.pointer);
      break;
    default:
      return decode_float(kind, from, out);
  }
  return MR_OK;
}

/* Values to octets. */

static bool integer_of(const mr_value *value, mr_integer *out) {
  switch ((mr_kind)value->kind) {
    case MR_KIND_BOOL:
      *out = mr_integer_of_u64(value->as.octets[0] != 0);
      return true;
    case MR_KIND_I8:
    case MR_KIND_I16:
    case MR_KIND_I32:
    case MR_KIND_I64:
      *out = mr_integer_of_i64(value->as.i64);
      return true;
    case MR_KIND_U8:
    case MR_KIND_U16:
    case MR_KIND_U32:
    case MR_KIND_U64:
      *out = mr_integer_of_u64(value->as.u64);
      return true;
    case MR_KIND_I128:
      *out = mr_integer_of_i128(value->as.words[1], value->as.words[0]);
      return true;
    case MR_KIND_U128:
      *out = mr_integer_of_u128(value->as.words[1], value->as.words[0]);
      return true;
    default:
      return false;
  }
}

mr_status mr_value_to_words(const mr_value *value, unsigned bits, bool is_signed, mr_fit fit,
                            uint64_t *high, uint64_t *low) {
  mr_integer integer;
  mr_real real;
  if (integer_of(value, &integer)) return mr_fit_integer(integer, bits, is_signed, fit, high, low);
  if (!is_float((mr_kind)value->kind) || !mr_value_part(value, 0, &real)) return MR_TYPE_MISMATCH;
  return mr_fit_truncated(real, bits, is_signed, fit, high, low);
}

/* From MR_KIND_BOOL to MR_KIND_U128. */
static mr_status encode_integer(const mr_value *value, mr_kind kind, mr_fit fit, void *to) {
  unsigned bits = kind == MR_KIND_BOOL ? 1 : 8U << (kind - MR_KIND_I8) / 2;
  uint64_t high, low;
  mr_status status = mr_value_to_words(value, bits, mr_kind_is_signed(kind), fit, &high, &low);
  if (status != MR_OK) return status;
  switch (bits) {
    case 1:
      *(uint8_t *)to = low & 1;
      break;
    case 8:
      *(uint8_t *)to = (uint8_t)low;
      break;
    case 16:
      mr_poke_u16(to, MR_NATIVE_ORDER, (uint16_t)low);
      break;
    case 32:
      mr_poke_u32(to, MR_NATIVE_ORDER, (uint32_t)low);
      break;
    case 64:
      mr_poke_u64(to, MR_NATIVE_ORDER, low);
      break;
    default:
      mr_words_put(to, high, low);
      break;
  }
  return MR_OK;
}

static mr_status encode_float(const mr_value *value, mr_kind kind, mr_fit fit, void *to) {
  mr_integer integer;
  unsigned char made[MR_SCALAR_SIZE_MAX] = {0};
  float_octets first = float_of_scalar(kind, made, 0);
  mr_status status = MR_OK;
  /* What is real has an imaginary part of 0, which is all zeros. */
  if (integer_of(value, &integer)) {
    status = mr_fit_packed(mr_real_of_integer(integer), first.format, fit, true, first.octets);
  } else if (is_float((mr_kind)value->kind)) {
    status = move_float(first, float_of_value(value, 0), fit);
  } else if (is_complex_value((mr_kind)value->kind) && mr_kind_is_complex(kind)) {
    status = move_float(first, float_of_value(value, 0), fit);
    if (status == MR_OK) {
      status = move_float(float_of_scalar(kind, made, 1), float_of_value(value, 1), fit);
    }
  } else {
    return MR_TYPE_MISMATCH;
  }
  if (status == MR_OK) memcpy(to, made, size_here(kind));
  return status;
}

mr_status mr_value_encode(const mr_value *value, mr_kind kind, mr_fit fit, void *to) {
  if (kind == MR_KIND_POINTER) {
    if (value->kind != MR_KIND_POINTER) return MR_TYPE_MISMATCH;
    memcpy(to, &value->as.pointer, sizeof value->as.pointer);
    return MR_OK;
  }
  /* As moved below, but this is what most floats are. */
  if (kind == MR_KIND_F64 && value->kind == MR_KIND_F64) {
    memcpy(to, &value->as.f64, sizeof value->as.f64);
    return MR_OK;
  }
  return kind < MR_KIND_F32 ? encode_integer(value, kind, fit, to)
                            : encode_float(value, kind, fit, to);
}
