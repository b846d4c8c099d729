#include "constant.h"

#include <string.h>

#include "part.h"

static mr_constant integer_of(bool is_negative, uint64_t magnitude) {
  return (mr_constant){.is_negative = is_negative && magnitude > 0, .low = magnitude};
}

static uint64_t mask_of(unsigned width) {
  return width < 64 ? (UINT64_C(1) << width) - 1 : UINT64_MAX;
}

static bool is_word(const mr_constant *constant) {
  return constant->form == MR_CONSTANT_INTEGER && constant->high == 0;
}

/* Of two's complement, the low 64 bits. */
static uint64_t bits_of(const mr_constant *constant) {
  return constant->is_negative ? 0 - constant->low : constant->low;
}

/* The sign bit goes its own way, above the 64. */
static bool of_bits(bool is_negative, uint64_t bits, mr_constant *out) {
  if (is_negative && bits == 0) return false;
  *out = integer_of(is_negative, is_negative ? 0 - bits : bits);
  return true;
}

static bool add(const mr_constant *left, const mr_constant *right, bool is_negated,
                mr_constant *out) {
  bool other = right->is_negative != is_negated && right->low > 0;
  uint64_t a = left->low;
  uint64_t b = right->low;
  if (left->is_negative == other || b == 0) {
    if (a > UINT64_MAX - b) return false;
    *out = integer_of(left->is_negative, a + b);
  } else {
    *out = a >= b ? integer_of(left->is_negative, a - b) : integer_of(other, b - a);
  }
  return true;
}

static bool multiply(const mr_constant *left, const mr_constant *right, mr_constant *out) {
  if (right->low > 0 && left->low > UINT64_MAX / right->low) return false;
  *out = integer_of(left->is_negative != right->is_negative, left->low * right->low);
  return true;
}

static bool shift_left(const mr_constant *left, const mr_constant *right, mr_constant *out) {
  if (right->is_negative || right->low >= 64) return false;
  uint64_t shifted = left->low << right->low;
  if (shifted >> right->low != left->low) return false;
  *out = integer_of(left->is_negative, shifted);
  return true;
}

/* Downwards, as compilers shift what is negative. */
static bool shift_right(const mr_constant *left, const mr_constant *right, mr_constant *out) {
  if (right->is_negative || right->low >= 64) return false;
  uint64_t lost = left->low & mask_of((unsigned)right->low);
  if (right->low == 0) lost = 0;
  uint64_t shifted = left->low >> right->low;
  *out = integer_of(left->is_negative, left->is_negative && lost > 0 ? shifted + 1 : shifted);
  return true;
}

static bool divide(const mr_constant *left, const mr_constant *right, bool is_rest,
                   mr_constant *out) {
  if (right->low == 0) return false;
  *out = is_rest ? integer_of(left->is_negative, left->low % right->low)
                 : integer_of(left->is_negative != right->is_negative, left->low / right->low);
  return true;
}

mr_status mr_constant_combine(const mr_constant *left, char operator, const mr_constant * right,
                              mr_constant *out) {
  bool a = left->is_negative;
  bool b = right->is_negative;
  bool is_there = false;
  if (!is_word(left) || !is_word(right)) return MR_UNSUPPORTED;
  switch (operator) {
    case '+':
    case '-':
      is_there = add(left, right, operator== '-', out);
      break;
    case '*':
      is_there = multiply(left, right, out);
      break;
    case '/':
    case '%':
      is_there = divide(left, right, operator== '%', out);
      break;
    case '<':
      is_there = shift_left(left, right, out);
      break;
    case '>':
      is_there = shift_right(left, right, out);
      break;
    case '&':
      is_there = of_bits(a && b, bits_of(left) & bits_of(right), out);
      break;
    case '|':
      is_there = of_bits(a || b, bits_of(left) | bits_of(right), out);
      break;
    default:
      is_there = of_bits(a != b, bits_of(left) ^ bits_of(right), out);
      break;
  }
  return is_there ? MR_OK : MR_OVERFLOW;
}

/* The sign is the first bit of a float's `size` octets, which are in this machine's order; what else its
 * kind has stands where it counts more. */
static void turn_sign(mr_value *value, size_t size) {
  const mr_type *type = mr_scalar_type((mr_kind)value->kind, MR_NATIVE_ORDER);
  bool is_big = mr_type_byte_order(type) == MR_BIG_ENDIAN;
  value->as.octets[is_big ? mr_type_size(type) - size : size - 1] ^= 0x80;
}

bool mr_constant_negate(mr_constant *constant) {
  if (constant->form == MR_CONSTANT_INTEGER) {
    bool is_zero = !constant->low && !constant->high;
    if (constant->width > 0) {
      constant->low = (0 - constant->low) & mask_of(constant->width);
    } else {
      constant->is_negative = !constant->is_negative && !is_zero;
    }
    return true;
  }
  if (constant->form != MR_CONSTANT_REAL) return false;
  mr_value *value = &constant->value;
  switch ((mr_kind)value->kind) {
    case MR_KIND_F32:
      value->as.f32 = -value->as.f32;
      return true;
    case MR_KIND_F64:
      value->as.f64 = -value->as.f64;
      return true;
    case MR_KIND_LONG_DOUBLE:
      *value = mr_value_of_long_double(-value->as.long_double);
      return true;
    case MR_KIND_F80:
      turn_sign(value, 10);
      return true;
    case MR_KIND_F128:
      turn_sign(value, 16);
      return true;
    default:
      return false;
  }
}

bool mr_constant_complement(mr_constant *constant) {
  const mr_constant one = integer_of(false, 1);
  if (!is_word(constant)) return false;
  if (constant->width > 0) {
    constant->low = ~constant->low & mask_of(constant->width);
    return true;
  }
  mr_constant negated = *constant;
  return mr_constant_negate(&negated) && add(&negated, &one, true, constant);
}

/* Storing. */

static mr_status value_of_integer(const mr_constant *constant, mr_value *out) {
  uint64_t high = constant->high;
  uint64_t low = constant->low;
  if (!constant->is_negative) {
    *out = high > 0 ? mr_value_of_u128(high, low) : mr_value_of_u64(low);
    return MR_OK;
  }
  if (high > UINT64_C(1) << 63 || (high == UINT64_C(1) << 63 && low > 0)) return MR_OVERFLOW;
  high = ~high + (low == 0);
  low = 0 - low;
  int64_t top;
  memcpy(&top, &high, sizeof top);
  *out = mr_value_of_i128(top, low);
  return MR_OK;
}

/* The address has the pointer's size, on whatever machine. A negative one is counted from the end. */
static mr_status store_pointer(const mr_constant *constant, mr_region memory, mr_slot slot) {
  mr_region octets;
  mr_byte_order order = mr_type_byte_order(slot.type);
  bool is_null = constant->form == MR_CONSTANT_INTEGER && !constant->low && !constant->high;
  if (constant->form != MR_CONSTANT_POINTER && !is_null) return MR_TYPE_MISMATCH;
  mr_status status = mr_slot_region(memory, slot, &octets);
  if (status != MR_OK) return status;
  uint64_t mask = mask_of((unsigned)octets.size * 8);
  uint64_t most = constant->is_negative ? mask / 2 + 1 : mask;
  if (constant->high > 0 || constant->low > most) return MR_OVERFLOW;
  uint64_t address = bits_of(constant) & mask;
  if (octets.size == sizeof(uint32_t)) {
    mr_poke_u32(octets.pointer, order, (uint32_t)address);
  } else {
    mr_poke_u64(octets.pointer, order, address);
  }
  return MR_OK;
}

static bool is_integer(mr_kind kind) { return kind >= MR_KIND_BOOL && kind <= MR_KIND_U128; }

mr_status mr_constant_store(const mr_constant *constant, mr_region memory, mr_slot slot) {
  mr_kind kind = mr_type_kind(slot.type);
  mr_value value = constant->value;
  if (kind == MR_KIND_POINTER) return store_pointer(constant, memory, slot);
  if (constant->form == MR_CONSTANT_POINTER) return MR_TYPE_MISMATCH;
  if (constant->form == MR_CONSTANT_REAL) return mr_slot_store(memory, slot, value);
  mr_status status = value_of_integer(constant, &value);
  if (status != MR_OK) return status;
  /* A float takes the nearest, as in C. */
  return is_integer(kind) ? mr_slot_store(memory, slot, value)
                          : mr_slot_store_fitted(memory, slot, value, MR_FIT_WRAPPING);
}
