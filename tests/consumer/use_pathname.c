/* Opens its own file, and finds the first octets of a program in it. */

#include <memregions/pathname.h>

int main(int count, char **words) {
  mr_file file;
  if (count < 1 || mr_file_open(words[0], NULL, &file, NULL) != MR_OK) return 1;
  mr_view magic;
  bool passed = mr_subview(mr_file_view(&file), mr_range_of(0, 4), &magic) == MR_OK &&
                mr_equal(magic, MR_VIEW("\177ELF"));
  return !(mr_file_close(&file, NULL) == MR_OK && passed);
}
