#include "memregions/region.h"

#include <assert.h>
#include <string.h>

extern inline mr_range mr_range_of(size_t start, size_t end);
extern inline mr_range mr_range_from(size_t start);
extern inline mr_range mr_range_all(void);
extern inline mr_status mr_range_resolve(mr_range *range, size_t size);
extern inline mr_region mr_region_of(void *pointer, size_t size);
extern inline mr_view mr_view_of(const void *pointer, size_t size);
extern inline mr_view mr_region_view(mr_region region);
extern inline bool mr_region_is_valid(mr_region region);
extern inline bool mr_view_is_valid(mr_view view);
extern inline bool mr_region_is_sound(mr_region region);
extern inline bool mr_view_is_sound(mr_view view);
extern inline void *mr_region_start(mr_region region);
extern inline void *mr_region_end(mr_region region);
extern inline size_t mr_region_size(mr_region region);
extern inline const void *mr_view_start(mr_view view);
extern inline const void *mr_view_end(mr_view view);
extern inline size_t mr_view_size(mr_view view);
extern inline mr_status mr_subregion(mr_region region, mr_range range, mr_region *out);
extern inline mr_status mr_subview(mr_view view, mr_range range, mr_view *out);
extern inline mr_status mr_subregion_at(mr_region region, uint64_t offset, uint64_t length,
                                        mr_region *out);
extern inline mr_status mr_subview_at(mr_view view, uint64_t offset, uint64_t length, mr_view *out);

void mr_clear(mr_region region) {
  assert(mr_region_is_sound(region));
  if (mr_region_is_valid(region)) memset(region.pointer, 0, region.size);
}

mr_status mr_fill(mr_region region, uint8_t octet, mr_range range) {
  assert(mr_region_is_sound(region));
  mr_region part;
  mr_status status = mr_subregion(region, range, &part);
  if (status == MR_OK && mr_region_is_valid(part)) memset(part.pointer, octet, part.size);
  return status;
}

mr_status mr_replace(mr_region to, mr_range to_range, mr_view from, mr_range from_range,
                     size_t *copied) {
  assert(mr_region_is_sound(to) && mr_view_is_sound(from));
  mr_region target;
  mr_view origin;
  mr_status status = mr_subregion(to, to_range, &target);
  if (status == MR_OK) status = mr_subview(from, from_range, &origin);
  if (status != MR_OK) return status;
  size_t size = target.size < origin.size ? target.size : origin.size;
  if (mr_region_is_valid(target) && mr_view_is_valid(origin))
    memmove(target.pointer, origin.pointer, size);
  if (copied) *copied = size;
  return MR_OK;
}
