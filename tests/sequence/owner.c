#include "owner.h"

#include <string.h>

#include "support.h"

const mr_type *native(mr_kind kind) { return mr_scalar_type(kind, MR_NATIVE_ORDER); }

const mr_type *large_type(void) {
  const mr_type *type = NULL;
  assert_int_equal(mr_type_build_array(NULL, native(MR_KIND_U64), 5, &type), MR_OK);
  return type;
}

void own(owner *mine) {
  memset(mine, 0, sizeof *mine);
  test_allocator_init(&mine->allocator);
  mine->allocator.always_moves = true;
}

mr_status make(owner *mine, const mr_type *type, size_t count, const mr_sequence_initial *initial) {
  return mr_sequence_make(&mine->allocator.base, type, count, initial, &mine->storage,
                          &mine->sequence, NULL);
}

void disown(owner *mine) {
  size_t alignment = mr_sequence_storage_alignment(mine->sequence.type);
  assert_int_equal(mr_deallocate_aligned(&mine->allocator.base, &mine->storage, alignment), MR_OK);
  test_allocator_fini(&mine->allocator);
}

void own_numbers(owner *mine, size_t count) {
  own(mine);
  assert_int_equal(make(mine, native(MR_KIND_U16), count, NULL), MR_OK);
  for (size_t i = 0; i < count; i++) ((uint16_t *)mine->storage.pointer)[i] = (uint16_t)(10 + i);
}

void assert_numbers(const owner *mine, const uint16_t *numbers, size_t count) {
  assert_true(mr_sequence_is_sound(mine->sequence));
  assert_int_equal(mine->sequence.count, count);
  assert_int_equal(mine->sequence.stride, 2);
  assert_ptr_equal(mine->sequence.type, native(MR_KIND_U16));
  assert_ptr_equal(mine->sequence.start, mine->storage.pointer);
  assert_int_equal(mine->storage.size, count * 2);
  if (count > 0) assert_memory_equal(mine->storage.pointer, numbers, count * 2);
}

mr_sequence over(void *memory, size_t size, const mr_type *type) {
  mr_sequence sequence = {0};
  assert_int_equal(mr_sequence_of_region(mr_region_of(memory, size), type, &sequence), MR_OK);
  return sequence;
}
