#include <float.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "integer.h"
#include "memregions/value.h"
#include "type.h"

/* A float's longest text: sign, digits, point, exponent, suffix. */
enum { FLOAT_TEXT_SIZE = 64 };

static bool reads_back(const char *text, mr_kind kind, long double number) {
  /* A compiler may take the text for a double before it becomes a float. */
  if (kind == MR_KIND_F32) {
    return strtof(text, NULL) == (float)number && (float)strtod(text, NULL) == (float)number;
  }
  return kind == MR_KIND_F64 ? strtod(text, NULL) == (double)number : strtold(text, NULL) == number;
}

/* As many digits as every decimal keeps, which is enough for what was written with so few; else one
 * more at a time. Numbers that are denormal keep fewer. */
static void print_digits(char *text, mr_kind kind, long double number) {
  long double magnitude = number < 0 ? -number : number;
  int digits = LDBL_DIG;
  if (kind == MR_KIND_F32) digits = magnitude < FLT_MIN ? 1 : FLT_DIG;
  if (kind == MR_KIND_F64) digits = magnitude < DBL_MIN ? 1 : DBL_DIG;
  if (kind == MR_KIND_LONG_DOUBLE && magnitude < LDBL_MIN) digits = 1;
  do {
    snprintf(text, FLOAT_TEXT_SIZE, "%.*Lg", digits, number);
  } while (digits++ < DECIMAL_DIG && !reads_back(text, kind, number));
}

/* Whatever the locale has for a point, of one octet or more, becomes one. Returns the text's end. */
static char *set_point(char *text) {
  char *to = text;
  for (const char *from = text; *from; from++) {
    if (strchr("0123456789+-e", *from)) {
      *to++ = *from;
    } else if (to[-1] != '.') {
      *to++ = '.';
    }
  }
  *to = 0;
  if (strpbrk(text, ".e")) return to;
  memcpy(to, ".0", sizeof ".0");
  return to + 2;
}

static void print_float(char *text, mr_kind kind, long double number) {
  if (number - number != 0) {
    const char *infinity = number > 0 ? "INFINITY" : "-INFINITY";
    snprintf(text, FLOAT_TEXT_SIZE, "%s", number != number ? "NAN" : infinity);
    return;
  }
  print_digits(text, kind, number);
  char *end = set_point(text);
  if (kind == MR_KIND_LONG_DOUBLE) memcpy(end, "L", sizeof "L");
}

static mr_status write_float(mr_value value, mr_write_function *write, void *context) {
  char text[FLOAT_TEXT_SIZE];
  long double number;
  mr_status status = mr_value_to_long_double(value, &number);
  if (status != MR_OK) return status;
  print_float(text, (mr_kind)value.kind, number);
  return write(context, text, strlen(text));
}

static mr_status write_complex(mr_value value, mr_write_function *write, void *context) {
  static const struct {
    const char *macro;
    mr_kind part;
  } forms[] = {{"CMPLXF", MR_KIND_F32}, {"CMPLX", MR_KIND_F64}, {"CMPLXL", MR_KIND_LONG_DOUBLE}};
  char real[FLOAT_TEXT_SIZE];
  char imaginary[FLOAT_TEXT_SIZE];
  long double parts[2];
  mr_status status = mr_value_to_complex_long_double(value, &parts[0], &parts[1]);
  if (status != MR_OK) return status;
  size_t form = value.kind - (size_t)MR_KIND_COMPLEX_F32;
  print_float(real, forms[form].part, parts[0]);
  print_float(imaginary, forms[form].part, parts[1]);
  return mr_text_print(write, context, "%s(%s, %s)", forms[form].macro, real, imaginary);
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
  switch ((mr_kind)value.kind) {
    case MR_KIND_VOID:
      return MR_OK;
    case MR_KIND_BOOL:
      return mr_text_print(write, context, "%s", value.as.octets[0] ? "true" : "false");
    case MR_KIND_F32:
    case MR_KIND_F64:
    case MR_KIND_LONG_DOUBLE:
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
