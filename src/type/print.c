#include <inttypes.h>
#include <string.h>

#include "integer.h"
#include "real.h"
#include "type.h"
#include "value.h"

/* A float's longest text, with its suffix. */
enum { FLOAT_TEXT_SIZE = MR_REAL_TEXT_SIZE + 1 };

static bool has_suffix(mr_kind kind) {
  return kind == MR_KIND_LONG_DOUBLE || kind == MR_KIND_COMPLEX_LONG_DOUBLE ||
         kind == MR_KIND_F80 || kind == MR_KIND_F128;
}

static void print_float(char *text, mr_kind kind, mr_real real) {
  size_t length = mr_real_print(real, mr_kind_format(kind), text);
  bool has_digits = real.is == MR_REAL_ZERO || real.is == MR_REAL_FINITE;
  if (has_digits && has_suffix(kind)) memcpy(text + length, "L", sizeof "L");
}

static mr_status write_float(mr_value value, mr_write_function *write, void *context) {
  char text[FLOAT_TEXT_SIZE];
  mr_real real;
  if (!mr_value_part(&value, 0, &real)) return MR_INVALID_ARGUMENT;
  print_float(text, (mr_kind)value.kind, real);
  return write(context, text, strlen(text));
}

static mr_status write_complex(mr_value value, mr_write_function *write, void *context) {
  static const char *const macros[] = {"CMPLXF", "CMPLX", "CMPLXL"};
  char texts[2][FLOAT_TEXT_SIZE];
  for (size_t i = 0; i < 2; i++) {
    mr_real real;
    if (!mr_value_part(&value, i, &real)) return MR_INVALID_ARGUMENT;
    print_float(texts[i], (mr_kind)value.kind, real);
  }
  const char *macro = macros[value.kind - (size_t)MR_KIND_COMPLEX_F32];
  return mr_text_print(write, context, "%s(%s, %s)", macro, texts[0], texts[1]);
}

static mr_status write_integer(mr_value value, mr_write_function *write, void *context) {
  char text[MR_INTEGER_TEXT_SIZE];
  mr_integer integer = {false, value.as.words[1], value.as.words[0]};
  if (value.kind == MR_KIND_I128) {
    integer = mr_integer_of_i128(value.as.words[1], value.as.words[0]);
  } else if (value.kind != MR_KIND_U128) {
    bool is_signed = (value.kind - MR_KIND_I8) % 2 == 0;
    integer = is_signed ? mr_integer_of_i64(value.as.i64) : mr_integer_of_u64(value.as.u64);
  }
  /* C's minus is no part of a number, and its plain numbers end at INT64_MAX. */
  if (integer.is_negative && !integer.high && integer.low == UINT64_C(1) << 63) {
    return mr_text_print(write, context, "(%s - 1)", "-9223372036854775807");
  }
  bool is_large = mr_integer_fits(integer, 64, false) && !mr_integer_fits(integer, 64, true);
  return mr_text_print(write, context, "%s%s", mr_integer_text(integer, text), is_large ? "u" : "");
}

static mr_status write_octets(mr_view octets, mr_write_function *write, void *context) {
  const unsigned char *at = octets.pointer;
  mr_status status = write(context, "{", 1);
  for (size_t i = 0; i < octets.size && status == MR_OK; i++) {
    status = mr_text_print(write, context, "%s0x%02x", i > 0 ? ", " : "", at[i]);
  }
  return status == MR_OK ? write(context, "}", 1) : status;
}

mr_status mr_value_print(mr_value value, mr_write_function *write, void *context) {
  const char *name;
  if (mr_value_to_name(value, &name) == MR_OK) return write(context, name, strlen(name));
  switch ((mr_kind)value.kind) {
    case MR_KIND_VOID:
      return MR_OK;
    case MR_KIND_BOOL:
      return mr_text_print(write, context, "%s", value.as.octets[0] ? "true" : "false");
    case MR_KIND_F32:
    case MR_KIND_F64:
    case MR_KIND_LONG_DOUBLE:
    case MR_KIND_F80:
    case MR_KIND_F128:
      return write_float(value, write, context);
    case MR_KIND_COMPLEX_F32:
    case MR_KIND_COMPLEX_F64:
    case MR_KIND_COMPLEX_LONG_DOUBLE:
      return write_complex(value, write, context);
    case MR_KIND_POINTER:
      return mr_text_print(write, context, "(void *)0x%" PRIxPTR, (uintptr_t)value.as.pointer);
    case MR_KIND_ARRAY:
    case MR_KIND_STRUCT:
    case MR_KIND_UNION:
      return write_octets(value.as.view, write, context);
    default:
      return value.kind < MR_KIND_F32 ? write_integer(value, write, context) : MR_INVALID_ARGUMENT;
  }
}
