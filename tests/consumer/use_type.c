/* Builds a struct, and libffi's descriptor of it. */

#include <memregions/type.h>

int main(void) {
  mr_member_spec members[] = {
      {.name = "kind", .type = mr_scalar_type(MR_KIND_U8, MR_NATIVE_ORDER)},
      {.name = "length", .type = mr_scalar_type(MR_KIND_U32, MR_NATIVE_ORDER)},
  };
  const mr_type *type;
  if (mr_type_build_struct(NULL, "header", members, 2, NULL, &type, NULL) != MR_OK) return 1;
  mr_member length;
  struct _ffi_type *descriptor;
  bool passed = mr_type_size(type) == 8 && mr_type_member(type, 1, &length) == MR_OK &&
                length.offset == 4 && mr_type_ffi(type, &descriptor) == MR_OK;
  mr_type_release(type);
  return !passed;
}
