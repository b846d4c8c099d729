/* ["--target=aarch64", "-tstruct entry"] */
typedef long far_t __attribute__((aligned(2)));
struct pair {
  short a, b;
} __attribute__((aligned(8)));

struct entry {
  char tag;
  far_t far;
  char kind, more;
  struct pair pair;
  char letter;
  int numbers[];
};
