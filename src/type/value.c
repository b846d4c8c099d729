#include "value.h"

#include <string.h>

/* Making. */

static mr_value decoded(mr_kind kind, const void *from) {
  mr_value value;
  mr_ignore(mr_value_decode(kind, from, &value));
  return value;
}

mr_value mr_value_of_bool(bool boolean) {
  mr_value value;
  mr_value_clear(&value, MR_KIND_BOOL);
  value.as.boolean = boolean;
  return value;
}

mr_value mr_value_of_i64(int64_t integer) {
  mr_value value;
  mr_value_clear(&value, MR_KIND_I64);
  value.as.i64 = integer;
  return value;
}

mr_value mr_value_of_u64(uint64_t integer) {
  mr_value value;
  mr_value_clear(&value, MR_KIND_U64);
  value.as.u64 = integer;
  return value;
}

mr_value mr_value_of_i128(int64_t high, uint64_t low) {
  mr_value value = mr_value_of_u128((uint64_t)high, low);
  value.kind = MR_KIND_I128;
  return value;
}

mr_value mr_value_of_u128(uint64_t high, uint64_t low) {
  mr_value value;
  mr_value_clear(&value, MR_KIND_U128);
  value.as.words[0] = low;
  value.as.words[1] = high;
  return value;
}

mr_value mr_value_of_f32(float number) { return decoded(MR_KIND_F32, &number); }

mr_value mr_value_of_f64(double number) { return decoded(MR_KIND_F64, &number); }

mr_value mr_value_of_long_double(long double number) {
  return decoded(MR_KIND_LONG_DOUBLE, &number);
}

mr_value mr_value_of_complex_f32(float real, float imaginary) {
  float parts[2] = {real, imaginary};
  return decoded(MR_KIND_COMPLEX_F32, parts);
}

mr_value mr_value_of_complex_f64(double real, double imaginary) {
  double parts[2] = {real, imaginary};
  return decoded(MR_KIND_COMPLEX_F64, parts);
}

mr_value mr_value_of_complex_long_double(long double real, long double imaginary) {
  long double parts[2] = {real, imaginary};
  return decoded(MR_KIND_COMPLEX_LONG_DOUBLE, parts);
}

mr_value mr_value_of_pointer(const void *pointer) { return decoded(MR_KIND_POINTER, &pointer); }

mr_value mr_value_of_name(const char *name) {
  mr_value value;
  if (!name) name = "";
  mr_value_clear(&value, MR_KIND_NAME);
  value.as.view = mr_view_of(name, strlen(name));
  return value;
}

mr_value mr_value_of_view(mr_view octets) {
  mr_value value;
  mr_value_clear(&value, MR_KIND_ARRAY);
  value.as.view = octets;
  return value;
}

/* Taking out. */

mr_status mr_value_to_bool(mr_value value, bool *out) {
  return mr_value_encode(&value, MR_KIND_BOOL, MR_FIT_CHECKED, out);
}

mr_status mr_value_to_i64(mr_value value, int64_t *out) {
  return mr_value_encode(&value, MR_KIND_I64, MR_FIT_CHECKED, out);
}

mr_status mr_value_to_u64(mr_value value, uint64_t *out) {
  return mr_value_encode(&value, MR_KIND_U64, MR_FIT_CHECKED, out);
}

mr_status mr_value_to_i128(mr_value value, int64_t *high, uint64_t *low) {
  mr_scalar_octets made;
  mr_status status = mr_value_encode(&value, MR_KIND_I128, MR_FIT_CHECKED, made.octets);
  if (status != MR_OK) return status;
  uint64_t top;
  mr_words_get(made.octets, &top, low);
  *high = (int64_t)top;
  return MR_OK;
}

mr_status mr_value_to_u128(mr_value value, uint64_t *high, uint64_t *low) {
  mr_scalar_octets made;
  mr_status status = mr_value_encode(&value, MR_KIND_U128, MR_FIT_CHECKED, made.octets);
  if (status == MR_OK) mr_words_get(made.octets, high, low);
  return status;
}

mr_status mr_value_to_f32(mr_value value, float *out) {
  return mr_value_encode(&value, MR_KIND_F32, MR_FIT_CHECKED, out);
}

mr_status mr_value_to_f64(mr_value value, double *out) {
  return mr_value_encode(&value, MR_KIND_F64, MR_FIT_CHECKED, out);
}

mr_status mr_value_to_long_double(mr_value value, long double *out) {
  return mr_value_encode(&value, MR_KIND_LONG_DOUBLE, MR_FIT_CHECKED, out);
}

mr_status mr_value_to_complex_f32(mr_value value, float *real, float *imaginary) {
  mr_scalar_octets made;
  mr_status status = mr_value_encode(&value, MR_KIND_COMPLEX_F32, MR_FIT_CHECKED, made.octets);
  if (status != MR_OK) return status;
  *real = made.floats[0];
  *imaginary = made.floats[1];
  return MR_OK;
}

mr_status mr_value_to_complex_f64(mr_value value, double *real, double *imaginary) {
  mr_scalar_octets made;
  mr_status status = mr_value_encode(&value, MR_KIND_COMPLEX_F64, MR_FIT_CHECKED, made.octets);
  if (status != MR_OK) return status;
  *real = made.doubles[0];
  *imaginary = made.doubles[1];
  return MR_OK;
}

mr_status mr_value_to_complex_long_double(mr_value value, long double *real,
                                          long double *imaginary) {
  mr_scalar_octets made;
  mr_status status =
      mr_value_encode(&value, MR_KIND_COMPLEX_LONG_DOUBLE, MR_FIT_CHECKED, made.octets);
  if (status != MR_OK) return status;
  *real = made.long_doubles[0];
  *imaginary = made.long_doubles[1];
  return MR_OK;
}

mr_status mr_value_to_pointer(mr_value value, void **out) {
  return mr_value_encode(&value, MR_KIND_POINTER, MR_FIT_CHECKED, out);
}

mr_status mr_value_to_view(mr_value value, mr_view *out) {
  if (!mr_value_is_view(&value)) return MR_TYPE_MISMATCH;
  *out = value.as.view;
  return MR_OK;
}

mr_status mr_value_to_name(mr_value value, const char **out) {
  if (value.kind == MR_KIND_NAME) {
    *out = value.as.view.pointer;
    return MR_OK;
  }
  const mr_type *type = mr_value_enum(&value);
  if (!type) return MR_TYPE_MISMATCH;
  const char *name = mr_type_enumerator_name(type, value.as.i64);
  if (!name) return MR_NO_SUCH_SLOT;
  *out = name;
  return MR_OK;
}

/* Comparing. */

bool mr_value_equal(mr_value a, mr_value b) {
  if (a.kind != b.kind) return false;
  if (mr_value_is_view(&a) || a.kind == MR_KIND_NAME) return mr_equal(a.as.view, b.as.view);
  if (a.kind == MR_KIND_VOID) return true;
  if (!mr_kind_is_scalar((mr_kind)a.kind)) return false;
  mr_scalar_octets octets[2];
  memset(octets, 0, sizeof octets);
  /* Encoding leaves out what has no meaning. */
  return mr_value_encode(&a, (mr_kind)a.kind, MR_FIT_CHECKED, &octets[0]) == MR_OK &&
         mr_value_encode(&b, (mr_kind)b.kind, MR_FIT_CHECKED, &octets[1]) == MR_OK &&
         memcmp(&octets[0], &octets[1], sizeof octets[0]) == 0;
}
