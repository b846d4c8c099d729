/* Writes a slot by its name. */

#include <memregions/object.h>

int main(void) {
  mr_member_spec members[] = {
      {.name = "x", .type = mr_scalar_type(MR_KIND_I32, MR_NATIVE_ORDER)},
      {.name = "y", .type = mr_scalar_type(MR_KIND_I32, MR_NATIVE_ORDER)},
  };
  const mr_type *type;
  if (mr_type_build_struct(NULL, "point", members, 2, NULL, &type, NULL) != MR_OK) return 1;
  int32_t point[2] = {1, 2};
  mr_object object;
  bool passed = mr_object_of_region(mr_region_of(point, sizeof point), type, &object) == MR_OK &&
                mr_object_set(object, "y", mr_value_of_i64(-3)) == MR_OK && point[0] == 1 &&
                point[1] == -3 && mr_object_set(object, "z", mr_value_of_i64(0)) == MR_NO_SUCH_SLOT;
  mr_type_release(type);
  return !passed;
}
