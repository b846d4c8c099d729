#include "foreign.h"

#include <string.h>

#include "bits.h"

static mr_status get_pointer(const mr_type *type, const void *from, void *native) {
  uint64_t high;
  uint64_t low;
  mr_bits_get_wide(from, 0, (unsigned)type->size * 8, (mr_byte_order)type->order, &high, &low);
  uintptr_t pointer = (uintptr_t)low;
  if (high || pointer != low) return MR_OVERFLOW;
  memcpy(native, &pointer, sizeof pointer);
  return MR_OK;
}

static mr_status put_pointer(const mr_type *type, const void *native, void *to) {
  uintptr_t pointer;
  memcpy(&pointer, native, sizeof pointer);
  size_t bits = type->size * 8;
  if (bits < 64 && (uint64_t)pointer >> bits) return MR_OVERFLOW;
  mr_bits_put_wide(to, 0, (unsigned)bits, (mr_byte_order)type->order, 0, pointer);
  return MR_OK;
}

/* Octets of a number, as many as one machine has, in its order. */
typedef struct number {
  unsigned char *octets;
  size_t size;
  mr_byte_order order;
} number;

/* By what it counts: the least first. */
static unsigned char *octet_at(number all, size_t index) {
  return &all.octets[all.order == MR_BIG_ENDIAN ? all.size - 1 - index : index];
}

/* Where sizes differ, what only one has is padding, above the number. */
static void copy_number(number to, number from) {
  for (size_t i = 0; i < to.size; i++) {
    *octet_at(to, i) = i < from.size ? *octet_at(from, i) : 0;
  }
}

/* Each part of a complex number by itself. */
static void copy_parts(size_t count, number to, number from) {
  to.size /= count;
  from.size /= count;
  for (size_t i = 0; i < count; i++) {
    copy_number(to, from);
    to.octets += to.size;
    from.octets += from.size;
  }
}

static size_t part_count(const mr_type *type) {
  return mr_kind_is_complex((mr_kind)type->kind) ? 2 : 1;
}

static number number_there(const mr_type *type, const void *octets) {
  return (number){(unsigned char *)octets, type->size, (mr_byte_order)type->order};
}

static number number_here(const mr_type *type, const void *octets) {
  const mr_type *here = mr_scalar_type((mr_kind)type->kind, MR_NATIVE_ORDER);
  return (number){(unsigned char *)octets, here->size, mr_machine_order()};
}

mr_status mr_foreign_get(const mr_type *type, const void *from, void *native) {
  if (type->kind == MR_KIND_POINTER) return get_pointer(type, from, native);
  copy_parts(part_count(type), number_here(type, native), number_there(type, from));
  return MR_OK;
}

mr_status mr_foreign_put(const mr_type *type, const void *native, void *to) {
  if (type->kind == MR_KIND_POINTER) return put_pointer(type, native, to);
  copy_parts(part_count(type), number_there(type, to), number_here(type, native));
  return MR_OK;
}
