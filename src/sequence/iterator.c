#include "memregions/sequence.h"

extern inline mr_iterator mr_iterator_of(mr_sequence sequence, mr_range range, bool is_backward);
extern inline bool mr_iterator_is_at_end(mr_iterator iterator);
extern inline void mr_iterator_step(mr_iterator *iterator);
extern inline size_t mr_iterator_index(mr_iterator iterator);

mr_status mr_iterator_get(mr_iterator iterator, mr_value *out) {
  if (mr_iterator_is_at_end(iterator)) return MR_END_OF_FILE;
  return mr_sequence_get(iterator.sequence, iterator.index, out);
}

mr_status mr_iterator_set(mr_iterator iterator, mr_value value) {
  if (mr_iterator_is_at_end(iterator)) return MR_END_OF_FILE;
  return mr_sequence_set(iterator.sequence, iterator.index, value);
}
