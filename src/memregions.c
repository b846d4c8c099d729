#include "memregions.h"

#define TEXT_OF(number) #number
#define VERSION_OF(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *mr_version(void) {
  return VERSION_OF(MR_VERSION_MAJOR, MR_VERSION_MINOR, MR_VERSION_PATCH);
}
