#include <inttypes.h>

#include "memregions/region.h"

mr_status mr_region_print(mr_region region, mr_write_function *write, void *context) {
  return mr_text_print(write, context, "#<region 0x%" PRIxPTR ", %zu octet%s>",
                       (uintptr_t)region.pointer, region.size, region.size == 1 ? "" : "s");
}
