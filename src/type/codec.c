#include <float.h>
#include <string.h>

#include "integer.h"
#include "type.h"
#include "value.h"

/* Of a long double's octets some machines use only the first; the others are kept 0. */
#if LDBL_MANT_DIG == 64
enum { LONG_DOUBLE_OCTETS = 10 };
#else
enum { LONG_DOUBLE_OCTETS = sizeof(long double) };
#endif

/* What a complex value keeps of a long double: 12 octets. Where that is not enough, a double. */
#if LDBL_MANT_DIG <= 64
typedef long double complex_part;
enum { COMPLEX_PART_OCTETS = LONG_DOUBLE_OCTETS };
#else
typedef double complex_part;
enum { COMPLEX_PART_OCTETS = sizeof(double) };
#endif
enum { COMPLEX_PART_ROOM = 12 };

_Static_assert(sizeof(mr_value) == 32, "a value is 32 octets");
_Static_assert(COMPLEX_PART_OCTETS <= (int)COMPLEX_PART_ROOM, "a value has room for two parts");
_Static_assert(offsetof(mr_value, rest) == 16 && sizeof(uint64_t) + 16 == 2 * COMPLEX_PART_ROOM,
               "rest goes on where as ends");

/* A number, of which what is real has an imaginary part of 0. */
typedef struct complex_number {
  long double real;
  long double imaginary;
} complex_number;

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

/* Long doubles. */

static long double get_long_double(const void *from) {
  long double number = 0;
  memcpy(&number, from, LONG_DOUBLE_OCTETS);
  return number;
}

static void put_long_double(void *to, long double number) {
  memset(to, 0, sizeof number);
  memcpy(to, &number, LONG_DOUBLE_OCTETS);
}

static void pack_parts(const void *from, mr_value *out) {
  unsigned char room[2 * COMPLEX_PART_ROOM] = {0};
  for (size_t i = 0; i < 2; i++) {
    complex_part part =
        (complex_part)get_long_double((const unsigned char *)from + i * sizeof(long double));
    memcpy(room + i * COMPLEX_PART_ROOM, &part, COMPLEX_PART_OCTETS);
  }
  memcpy(out->as.octets, room, sizeof out->as.octets);
  memcpy(&out->rest, room + sizeof out->as.octets, sizeof out->rest);
}

static complex_number unpack_parts(mr_value value) {
  unsigned char room[2 * COMPLEX_PART_ROOM];
  complex_part parts[2] = {0, 0};
  memcpy(room, value.as.octets, sizeof value.as.octets);
  memcpy(room + sizeof value.as.octets, &value.rest, sizeof value.rest);
  for (size_t i = 0; i < 2; i++) {
    memcpy(&parts[i], room + i * COMPLEX_PART_ROOM, COMPLEX_PART_OCTETS);
  }
  return (complex_number){parts[0], parts[1]};
}

/* Octets to values. */

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
      mr_words_get(from, &out->as.words[1], &out->as.words[0]);
      break;
    case MR_KIND_F32:
      memcpy(&out->as.f32, from, sizeof out->as.f32);
      break;
    case MR_KIND_F64:
      memcpy(&out->as.f64, from, sizeof out->as.f64);
      break;
    case MR_KIND_LONG_DOUBLE:
      memcpy(out->as.octets, from, LONG_DOUBLE_OCTETS);
      break;
    case MR_KIND_COMPLEX_F32:
      memcpy(out->as.octets, from, 2 * sizeof(float));
      break;
    case MR_KIND_COMPLEX_F64:
      memcpy(out->as.octets, from, 2 * sizeof(double));
      break;
    case MR_KIND_COMPLEX_LONG_DOUBLE:
      pack_parts(from, out);
      break;
    default:
      memcpy(&out->as.pointer, from, sizeof out->as.pointer);
      break;
  }
  return MR_OK;
}

/* Values to octets. */

static mr_status real_of(mr_value value, int digits, long double *out);

static mr_status integer_of(mr_value value, mr_integer *out) {
  long double real;
  switch ((mr_kind)value.kind) {
    case MR_KIND_BOOL:
      *out = mr_integer_of_u64(value.as.octets[0] != 0);
      return MR_OK;
    case MR_KIND_I8:
    case MR_KIND_I16:
    case MR_KIND_I32:
    case MR_KIND_I64:
      *out = mr_integer_of_i64(value.as.i64);
      return MR_OK;
    case MR_KIND_U8:
    case MR_KIND_U16:
    case MR_KIND_U32:
    case MR_KIND_U64:
      *out = mr_integer_of_u64(value.as.u64);
      return MR_OK;
    case MR_KIND_I128:
      *out = mr_integer_of_i128(value.as.words[1], value.as.words[0]);
      return MR_OK;
    case MR_KIND_U128:
      *out = mr_integer_of_u128(value.as.words[1], value.as.words[0]);
      return MR_OK;
    case MR_KIND_F32:
    case MR_KIND_F64:
    case MR_KIND_LONG_DOUBLE:
      mr_ignore(real_of(value, LDBL_MANT_DIG, &real));
      return mr_integer_of_real(real, out) ? MR_OK : MR_OVERFLOW;
    default:
      return MR_TYPE_MISMATCH;
  }
}

/* `digits` are those that an integer may have. */
static mr_status real_of(mr_value value, int digits, long double *out) {
  mr_integer integer;
  mr_status status;
  switch ((mr_kind)value.kind) {
    case MR_KIND_F32:
      *out = value.as.f32;
      return MR_OK;
    case MR_KIND_F64:
      *out = value.as.f64;
      return MR_OK;
    case MR_KIND_LONG_DOUBLE:
      *out = get_long_double(value.as.octets);
      return MR_OK;
    default:
      status = integer_of(value, &integer);
      if (status != MR_OK) return status;
      return mr_integer_to_real(integer, digits, out) ? MR_OK : MR_OVERFLOW;
  }
}

static mr_status complex_of(mr_value value, int digits, complex_number *out) {
  float floats[2];
  double doubles[2];
  switch ((mr_kind)value.kind) {
    case MR_KIND_COMPLEX_F32:
      memcpy(floats, value.as.octets, sizeof floats);
      *out = (complex_number){floats[0], floats[1]};
      return MR_OK;
    case MR_KIND_COMPLEX_F64:
      memcpy(doubles, value.as.octets, sizeof doubles);
      *out = (complex_number){doubles[0], doubles[1]};
      return MR_OK;
    case MR_KIND_COMPLEX_LONG_DOUBLE:
      *out = unpack_parts(value);
      return MR_OK;
    default:
      out->imaginary = 0;
      return real_of(value, digits, &out->real);
  }
}

/* From MR_KIND_BOOL to MR_KIND_U128. */
static mr_status encode_integer(mr_value value, mr_kind kind, void *to) {
  bool is_signed = kind != MR_KIND_BOOL && (kind - MR_KIND_I8) % 2 == 0;
  unsigned bits = kind == MR_KIND_BOOL ? 1 : 8U << (kind - MR_KIND_I8) / 2;
  mr_integer integer;
  mr_status status = integer_of(value, &integer);
  if (status != MR_OK) return status;
  if (!mr_integer_fits(integer, bits, is_signed)) return MR_OVERFLOW;
  uint64_t high, low;
  mr_integer_words(integer, &high, &low);
  switch (bits) {
    case 16:
      mr_poke_u16(to, MR_NATIVE_ORDER, (uint16_t)low);
      break;
    case 32:
      mr_poke_u32(to, MR_NATIVE_ORDER, (uint32_t)low);
      break;
    case 64:
      mr_poke_u64(to, MR_NATIVE_ORDER, low);
      break;
    case 128:
      mr_words_put(to, high, low);
      break;
    default:
      *(uint8_t *)to = (uint8_t)low;
      break;
  }
  return MR_OK;
}

/* Infinity less infinity is NaN, as NaN less NaN is. */
static bool is_finite(long double number) { return number - number == 0; }

/* The octets of a number as a float of some width; false where it is finite, and would not be. */
static bool put_real(void *to, size_t size, long double number) {
  float f32 = 0;
  double f64 = 0;
  if (size == sizeof f32) {
    f32 = (float)number;
    if (is_finite(number) && !is_finite(f32)) return false;
    memcpy(to, &f32, sizeof f32);
  } else if (size == sizeof f64) {
    f64 = (double)number;
    if (is_finite(number) && !is_finite(f64)) return false;
    memcpy(to, &f64, sizeof f64);
  } else {
    put_long_double(to, number);
  }
  return true;
}

static int digits_of(size_t size) {
  if (size == sizeof(float)) return FLT_MANT_DIG;
  return size == sizeof(double) ? DBL_MANT_DIG : LDBL_MANT_DIG;
}

static mr_status encode_real(mr_value value, mr_kind kind, void *to) {
  size_t size = mr_type_size(mr_scalar_type(kind, MR_NATIVE_ORDER));
  long double real;
  mr_status status = real_of(value, digits_of(size), &real);
  if (status != MR_OK) return status;
  return put_real(to, size, real) ? MR_OK : MR_OVERFLOW;
}

static mr_status encode_complex(mr_value value, mr_kind kind, void *to) {
  size_t size = mr_type_size(mr_scalar_type(kind, MR_NATIVE_ORDER)) / 2;
  complex_number number;
  mr_scalar_octets made;
  mr_status status = complex_of(value, digits_of(size), &number);
  if (status != MR_OK) return status;
  if (!put_real(made.octets, size, number.real) ||
      !put_real(made.octets + size, size, number.imaginary)) {
    return MR_OVERFLOW;
  }
  memcpy(to, made.octets, 2 * size);
  return MR_OK;
}

/* Floats of the same kind are moved as octets, for the sake of NaNs. */
static bool is_moved(mr_kind kind) {
  return kind == MR_KIND_F32 || kind == MR_KIND_F64 || kind == MR_KIND_COMPLEX_F32 ||
         kind == MR_KIND_COMPLEX_F64 || kind == MR_KIND_POINTER;
}

mr_status mr_value_encode(mr_value value, mr_kind kind, void *to) {
  if (value.kind == kind && is_moved(kind)) {
    memcpy(to, value.as.octets, mr_type_size(mr_scalar_type(kind, MR_NATIVE_ORDER)));
    return MR_OK;
  }
  if (kind == MR_KIND_POINTER) return MR_TYPE_MISMATCH;
  if (mr_kind_is_complex(kind)) return encode_complex(value, kind, to);
  return kind >= MR_KIND_F32 ? encode_real(value, kind, to) : encode_integer(value, kind, to);
}
