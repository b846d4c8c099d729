#include "memregions/object_atomic.h"

#include <assert.h>
#include <string.h>

/*
 * The memory was declared as anything: its words are reached through types that may alias, and by the
 * compiler's functions, since C's own work on atomic types only.
 */

#if defined(__GNUC__) && __GCC_ATOMIC_INT_LOCK_FREE == 2

typedef uint8_t __attribute__((may_alias)) word8;
typedef uint16_t __attribute__((may_alias)) word16;
typedef uint32_t __attribute__((may_alias)) word32;
/* Some machines align it to 4 octets only where it is declared so. */
typedef uint64_t __attribute__((may_alias, aligned(8))) word64;

/* What is not lock-free would need a library, and could not be shared by processes. */
#define HAS_ATOMICS 1
#define HAS_ATOMIC_8 (__GCC_ATOMIC_CHAR_LOCK_FREE == 2)
#define HAS_ATOMIC_16 (__GCC_ATOMIC_SHORT_LOCK_FREE == 2)
#define HAS_ATOMIC_64 (__GCC_ATOMIC_LLONG_LOCK_FREE == 2)

#else
#define HAS_ATOMICS 0
#endif

/* A slot's octets as a number of their own size. */
typedef union word {
  unsigned char octets[8];
  uint8_t u8;
  uint16_t u16;
  uint32_t u32;
  uint64_t u64;
} word;

static word word_of(size_t size, uint64_t bits) {
  word made = {.u64 = 0};
  switch (size) {
    case 1:
      made.u8 = (uint8_t)bits;
      break;
    case 2:
      made.u16 = (uint16_t)bits;
      break;
    case 4:
      made.u32 = (uint32_t)bits;
      break;
    default:
      made.u64 = bits;
      break;
  }
  return made;
}

static bool is_order(mr_memory_order order) {
  return (unsigned)order <= (unsigned)MR_SEQUENTIALLY_CONSISTENT;
}

static bool is_order_of_load(mr_memory_order order) {
  return order == MR_RELAXED || order == MR_ACQUIRE || order == MR_SEQUENTIALLY_CONSISTENT;
}

static bool is_order_of_store(mr_memory_order order) {
  return order == MR_RELAXED || order == MR_RELEASE || order == MR_SEQUENTIALLY_CONSISTENT;
}

#if HAS_ATOMICS

static int model_of(mr_memory_order order) {
  static const int models[] = {__ATOMIC_RELAXED, __ATOMIC_ACQUIRE, __ATOMIC_RELEASE,
                               __ATOMIC_ACQ_REL, __ATOMIC_SEQ_CST};
  return models[order];
}

/* The compilers take a model that is not constant, and what fits it or is stronger. */

static word load_word(const void *at, size_t size, int model) {
  word loaded = {.u64 = 0};
  switch (size) {
#if HAS_ATOMIC_8
    case 1:
      loaded.u8 = __atomic_load_n((const word8 *)at, model);
      break;
#endif
#if HAS_ATOMIC_16
    case 2:
      loaded.u16 = __atomic_load_n((const word16 *)at, model);
      break;
#endif
    case 4:
      loaded.u32 = __atomic_load_n((const word32 *)at, model);
      break;
    default:
#if HAS_ATOMIC_64
      loaded.u64 = __atomic_load_n((const word64 *)at, model);
#endif
      break;
  }
  return loaded;
}

static void store_word(void *at, size_t size, word value, int model) {
  switch (size) {
#if HAS_ATOMIC_8
    case 1:
      __atomic_store_n((word8 *)at, value.u8, model);
      break;
#endif
#if HAS_ATOMIC_16
    case 2:
      __atomic_store_n((word16 *)at, value.u16, model);
      break;
#endif
    case 4:
      __atomic_store_n((word32 *)at, value.u32, model);
      break;
    default:
#if HAS_ATOMIC_64
      __atomic_store_n((word64 *)at, value.u64, model);
#endif
      break;
  }
}

static word exchange_word(void *at, size_t size, word value, int model) {
  word previous = {.u64 = 0};
  switch (size) {
#if HAS_ATOMIC_8
    case 1:
      previous.u8 = __atomic_exchange_n((word8 *)at, value.u8, model);
      break;
#endif
#if HAS_ATOMIC_16
    case 2:
      previous.u16 = __atomic_exchange_n((word16 *)at, value.u16, model);
      break;
#endif
    case 4:
      previous.u32 = __atomic_exchange_n((word32 *)at, value.u32, model);
      break;
    default:
#if HAS_ATOMIC_64
      previous.u64 = __atomic_exchange_n((word64 *)at, value.u64, model);
#endif
      break;
  }
  return previous;
}

static word add_to_word(void *at, size_t size, word value, int model) {
  word previous = {.u64 = 0};
  switch (size) {
#if HAS_ATOMIC_8
    case 1:
      previous.u8 = __atomic_fetch_add((word8 *)at, value.u8, model);
      break;
#endif
#if HAS_ATOMIC_16
    case 2:
      previous.u16 = __atomic_fetch_add((word16 *)at, value.u16, model);
      break;
#endif
    case 4:
      previous.u32 = __atomic_fetch_add((word32 *)at, value.u32, model);
      break;
    default:
#if HAS_ATOMIC_64
      previous.u64 = __atomic_fetch_add((word64 *)at, value.u64, model);
#endif
      break;
  }
  return previous;
}

/* The model where nothing is written may not be stronger than the other: both are made the stronger. */
static bool exchange_word_if(void *at, size_t size, word *expected, word desired) {
  const int model = __ATOMIC_SEQ_CST;
  switch (size) {
#if HAS_ATOMIC_8
    case 1:
      return __atomic_compare_exchange_n((word8 *)at, &expected->u8, desired.u8, false, model,
                                         model);
#endif
#if HAS_ATOMIC_16
    case 2:
      return __atomic_compare_exchange_n((word16 *)at, &expected->u16, desired.u16, false, model,
                                         model);
#endif
    case 4:
      return __atomic_compare_exchange_n((word32 *)at, &expected->u32, desired.u32, false, model,
                                         model);
    default:
#if HAS_ATOMIC_64
      return __atomic_compare_exchange_n((word64 *)at, &expected->u64, desired.u64, false, model,
                                         model);
#else
      return false;
#endif
  }
}

#else

static int model_of(mr_memory_order order) { return (int)order; }

static word load_word(const void *at, size_t size, int model) {
  (void)at, (void)size, (void)model;
  return word_of(0, 0);
}

static void store_word(void *at, size_t size, word value, int model) {
  (void)at, (void)size, (void)value, (void)model;
}

static word exchange_word(void *at, size_t size, word value, int model) {
  (void)at, (void)size, (void)model;
  return value;
}

static word add_to_word(void *at, size_t size, word value, int model) {
  (void)at, (void)size, (void)model;
  return value;
}

static bool exchange_word_if(void *at, size_t size, word *expected, word desired) {
  (void)at, (void)size, (void)expected, (void)desired;
  return false;
}

#endif

/* A slot that atomics work on. */
typedef struct target {
  void *at;
  size_t size;
  const mr_type *type;
} target;

/* Whether this machine has atomics of that many octets. */
static bool is_atomic_size(size_t size) {
#if HAS_ATOMICS
  static const bool has[9] = {
      [1] = HAS_ATOMIC_8, [2] = HAS_ATOMIC_16, [4] = true, [8] = HAS_ATOMIC_64};
  return size < sizeof has && has[size];
#else
  (void)size;
  return false;
#endif
}

static bool is_atomic(mr_slot slot) {
  mr_kind kind = mr_type_kind(slot.type);
  bool is_integer = kind >= MR_KIND_I8 && kind <= MR_KIND_U64;
  return (is_integer || kind == MR_KIND_POINTER) && mr_slot_is_exactly(slot, kind) &&
         is_atomic_size(mr_type_size(slot.type));
}

static mr_status find_target(mr_object object, mr_slot slot, target *out) {
  mr_view octets;
  if (!is_atomic(slot)) return MR_UNSUPPORTED;
  mr_status status = mr_slot_view(mr_object_view(object), slot, &octets);
  if (status != MR_OK) return status;
  if (!mr_is_aligned(octets, octets.size)) return MR_MISALIGNED;
  *out = (target){(void *)octets.pointer, octets.size, slot.type};
  return MR_OK;
}

static mr_status find_writable(mr_object object, mr_slot slot, bool is_sensible, target *out) {
  assert(mr_object_is_sound(object));
  if (object.flags & MR_OBJECT_READ_ONLY) return MR_READ_ONLY;
  return is_sensible ? find_target(object, slot, out) : MR_INVALID_ARGUMENT;
}

static mr_status value_to_word(const target *to, mr_value value, word *out) {
  mr_slot slot;
  word made = {.u64 = 0};
  mr_status status = mr_slot_of(to->type, &slot);
  if (status == MR_OK) {
    status = mr_slot_store(mr_region_of(made.octets, to->size), slot, value);
  }
  if (status == MR_OK) *out = made;
  return status;
}

static mr_status word_to_value(const target *from, word octets, mr_value *out) {
  mr_slot slot;
  mr_status status = mr_slot_of(from->type, &slot);
  if (status != MR_OK || !out) return status;
  return mr_slot_load(mr_view_of(octets.octets, from->size), slot, out);
}

/* What fits either as a signed or as an unsigned number. */
static mr_status addend_to_word(const target *to, mr_value addend, word *out) {
  int64_t number = 0;
  uint64_t bits = 0;
  mr_status status = mr_value_to_i64(addend, &number);
  if (status == MR_OK) {
    bits = (uint64_t)number;
    if (to->size < 8) {
      int64_t limit = INT64_C(1) << (8 * to->size);
      if (number >= limit || number < -(limit / 2)) return MR_OVERFLOW;
    }
  } else if (status == MR_OVERFLOW && to->size == 8) {
    status = mr_value_to_u64(addend, &bits);
  }
  if (status == MR_OK) *out = word_of(to->size, bits);
  return status;
}

mr_status mr_object_load_atomic(mr_object object, mr_slot slot, mr_memory_order order,
                                mr_value *out) {
  assert(mr_object_is_sound(object));
  target from;
  if (!is_order_of_load(order)) return MR_INVALID_ARGUMENT;
  mr_status status = find_target(object, slot, &from);
  if (status != MR_OK) return status;
  return word_to_value(&from, load_word(from.at, from.size, model_of(order)), out);
}

mr_status mr_object_store_atomic(mr_object object, mr_slot slot, mr_value value,
                                 mr_memory_order order) {
  target to;
  word octets;
  mr_status status = find_writable(object, slot, is_order_of_store(order), &to);
  if (status == MR_OK) status = value_to_word(&to, value, &octets);
  if (status == MR_OK) store_word(to.at, to.size, octets, model_of(order));
  return status;
}

mr_status mr_object_exchange(mr_object object, mr_slot slot, mr_value value, mr_memory_order order,
                             mr_value *previous) {
  target to;
  word octets;
  mr_status status = find_writable(object, slot, is_order(order), &to);
  if (status == MR_OK) status = value_to_word(&to, value, &octets);
  if (status != MR_OK) return status;
  return word_to_value(&to, exchange_word(to.at, to.size, octets, model_of(order)), previous);
}

mr_status mr_object_compare_exchange(mr_object object, mr_slot slot, mr_value *expected,
                                     mr_value desired, mr_memory_order success,
                                     mr_memory_order failure, bool *is_exchanged) {
  target to;
  word wanted;
  word octets;
  bool is_sensible = is_order(success) && is_order_of_load(failure);
  mr_status status = find_writable(object, slot, is_sensible, &to);
  if (status == MR_OK) status = value_to_word(&to, *expected, &wanted);
  if (status == MR_OK) status = value_to_word(&to, desired, &octets);
  if (status != MR_OK) return status;
  *is_exchanged = exchange_word_if(to.at, to.size, &wanted, octets);
  return *is_exchanged ? MR_OK : word_to_value(&to, wanted, expected);
}

mr_status mr_object_fetch_add(mr_object object, mr_slot slot, mr_value addend,
                              mr_memory_order order, mr_value *previous) {
  target to;
  word octets;
  mr_status status = find_writable(object, slot, is_order(order), &to);
  if (status == MR_OK) status = addend_to_word(&to, addend, &octets);
  if (status != MR_OK) return status;
  return word_to_value(&to, add_to_word(to.at, to.size, octets, model_of(order)), previous);
}
