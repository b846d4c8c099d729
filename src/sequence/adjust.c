#include <assert.h>
#include <string.h>

#include "initial.h"
#include "packed.h"

/* Octets of the largest scalar: a complex of two long doubles. */
#define SCALAR_SIZE_MAX 32

/* Gives the storage another size, in place where the allocator can. A new element is no larger than
 * a scalar; null means zeros. */
static mr_status resize(mr_sequence *sequence, mr_allocator *allocator, mr_region *storage,
                        size_t count, const mr_value *element, mr_condition *condition) {
  /* Converted before anything moves: it may not fit, or be a view of the storage. */
  unsigned char octets[SCALAR_SIZE_MAX];
  size_t size = mr_sequence_element_size(*sequence);
  mr_status status = MR_OK;
  if (element) {
    mr_sequence sample;
    status = mr_sequence_of_region(mr_region_of(octets, size), sequence->type, &sample);
    if (status == MR_OK) status = mr_sequence_set(sample, 0, *element);
  }
  if (status != MR_OK) return mr_sequence_refuse(condition, status, 0);
  if (count > PTRDIFF_MAX / size) return mr_condition_set(condition, MR_BLOCK_TOO_BIG, NULL);

  size_t kept = storage->size;
  size_t alignment = mr_sequence_storage_alignment(sequence->type);
  status = mr_reallocate_zeroed_aligned(allocator, storage, count * size, alignment);
  if (status != MR_OK) return mr_condition_set(condition, status, NULL);
  if (element) {
    mr_region added = mr_region_of((unsigned char *)storage->pointer + kept, storage->size - kept);
    memcpy(added.pointer, octets, size);
    mr_sequence_repeat(added, size);
  }
  return mr_sequence_of_region(*storage, sequence->type, sequence);
}

/* Gives the sequence new storage: nothing has changed until all of it is there, and what `initial`
 * has may lie in the old one. */
static mr_status renew(mr_sequence *sequence, mr_allocator *allocator, mr_region *storage,
                       size_t count, const mr_sequence_initial *initial, mr_condition *condition) {
  mr_region block;
  mr_sequence made;
  mr_status status =
      mr_sequence_make(allocator, sequence->type, count, initial, &block, &made, condition);
  if (status != MR_OK) return status;
  if (!initial->contents) {
    /* The new block is the larger one. */
    mr_ignore(mr_replace(block, mr_range_all(), mr_region_view(*storage), mr_range_all(), NULL));
  }

  size_t alignment = mr_sequence_storage_alignment(sequence->type);
  status = mr_deallocate_aligned(allocator, storage, alignment);
  if (status != MR_OK) {
    mr_deallocate_aligned(allocator, &block, alignment);
    return mr_condition_set(condition, status, NULL);
  }
  *storage = block;
  *sequence = made;
  return MR_OK;
}

mr_status mr_sequence_adjust(mr_sequence *sequence, mr_allocator *allocator, mr_region *storage,
                             size_t count, const mr_sequence_initial *initial,
                             mr_condition *condition) {
  assert(mr_sequence_is_sound(*sequence));
  if (sequence->flags & MR_SEQUENCE_READ_ONLY) {
    return mr_condition_set(condition, MR_READ_ONLY, NULL);
  }
  bool is_whole = mr_sequence_is_packed(*sequence) && sequence->start == storage->pointer &&
                  mr_sequence_size(*sequence) == storage->size;
  if (!is_whole) return mr_condition_set(condition, MR_INVALID_ARGUMENT, NULL);

  const mr_value *element = initial && count > sequence->count ? initial->element : NULL;
  bool is_large = mr_sequence_element_size(*sequence) > SCALAR_SIZE_MAX;
  if ((initial && initial->contents) || (element && is_large)) {
    return renew(sequence, allocator, storage, count, initial, condition);
  }
  return resize(sequence, allocator, storage, count, element, condition);
}
