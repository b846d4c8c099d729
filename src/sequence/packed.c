#include "packed.h"

#include <string.h>

size_t mr_sequence_element_size(mr_sequence sequence) {
  return sequence.type ? mr_type_size(sequence.type) : 1;
}

bool mr_sequence_is_packed(mr_sequence sequence) {
  return sequence.count <= 1 || sequence.stride == mr_sequence_element_size(sequence);
}

/* The first of the octets that `range`, which is not empty, names: as many as stand side by side.
 */
static mr_region first_run(mr_sequence sequence, mr_range range) {
  size_t size = mr_sequence_is_packed(sequence) ? mr_sequence_size(sequence)
                                                : mr_sequence_element_size(sequence);
  size_t skipped = range.start % size;
  size_t left = range.end - range.start;
  unsigned char *run =
      (unsigned char *)sequence.start + range.start / size * sequence.stride + skipped;
  return mr_region_of(run, left < size - skipped ? left : size - skipped);
}

void mr_sequence_gather(mr_sequence sequence, mr_range range, unsigned char *to) {
  while (range.start < range.end) {
    mr_region run = first_run(sequence, range);
    memcpy(to, run.pointer, run.size);
    to += run.size;
    range.start += run.size;
  }
}

void mr_sequence_scatter(mr_sequence sequence, mr_range range, const unsigned char *from) {
  while (range.start < range.end) {
    mr_region run = first_run(sequence, range);
    memcpy(run.pointer, from, run.size);
    from += run.size;
    range.start += run.size;
  }
}

void mr_sequence_repeat(mr_region region, size_t done) {
  unsigned char *octets = region.pointer;
  while (done < region.size) {
    size_t left = region.size - done;
    size_t more = done < left ? done : left;
    memcpy(octets + done, octets, more);
    done += more;
  }
}
