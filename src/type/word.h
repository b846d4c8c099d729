#ifndef MEMREGIONS_TYPE_WORD_H
#define MEMREGIONS_TYPE_WORD_H

/* Integers of up to 64 bits at slots, of any order and width, straight from bits to bits. */

#include "bits.h"
#include "slot.h"

/** An integer of up to 64 bits and a sign, in two's complement. */
typedef struct mr_word {
  uint64_t bits;
  bool is_negative;
} mr_word;

/** Where such an integer is, in up to 8 octets. */
typedef struct mr_word_place {
  size_t size;
  unsigned offset;
  unsigned width;
} mr_word_place;

/** Of a kind from MR_KIND_BOOL to MR_KIND_U64. */
static inline bool mr_word_is_signed(const mr_type *type) { return type->kind % 2 == 0; }

/** Finds it; false where there is none inside the memory, and where a bool's octet is. */
static MR_FLAT bool mr_word_find(mr_slot slot, size_t memory_size, mr_word_place *out) {
  const mr_type *type = slot.type;
  unsigned width = mr_slot_bit_width(slot);
  if (!type || type->kind < MR_KIND_BOOL || type->kind > MR_KIND_U64) return false;
  if (width > 0) {
    unsigned offset = mr_slot_bit_offset(slot);
    *out = (mr_word_place){mr_bits_size(offset, width), offset, width};
  } else {
    *out = (mr_word_place){type->size, 0, (unsigned)type->size * 8};
    /* There, all bits count. */
    if (type->kind == MR_KIND_BOOL) return false;
  }
  /* An offset has 44 bits: the sum can't wrap. */
  return out->size <= sizeof(uint64_t) && (slot.where >> MR_SLOT_SHIFT) + out->size <= memory_size;
}

/** Reads it; false as mr_word_find. */
static MR_FLAT bool mr_word_get(mr_view memory, mr_slot slot, mr_word *out) {
  mr_word_place at;
  if (!mr_word_find(slot, memory.size, &at)) return false;
  const unsigned char *from = (const unsigned char *)memory.pointer + mr_slot_offset(slot);
  mr_byte_order order = (mr_byte_order)slot.type->order;
  uint64_t top = mr_bits_get_to_top(from, at.size, at.offset, at.width, order);
  out->is_negative = top >> 63 != 0 && mr_word_is_signed(slot.type);
  /* As many of the sign come in before as there is room for. */
  uint64_t sign = out->is_negative ? UINT64_MAX : 0;
  out->bits = ((top ^ sign) >> (64 - at.width)) ^ sign;
  return true;
}

/** Whether it is one of the integers up to `most`, and as many negative ones and -1. */
static inline bool mr_word_is_in_signed(mr_word word, uint64_t most) {
  return (word.is_negative ? ~word.bits : word.bits) <= most;
}

static inline bool mr_word_is_in_unsigned(mr_word word, uint64_t most) {
  return !word.is_negative && word.bits <= most;
}

/** Writes it to any slot; as mr_slot_store. */
mr_status mr_slot_store_word(mr_region memory, mr_slot slot, mr_word word);

#endif
