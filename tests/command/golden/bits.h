/* ["--target=s390x", "-tstruct flags"] */
struct flags {
  unsigned version : 4;
  unsigned : 3;
  unsigned is_open : 1, kind : 9;
  unsigned : 0;
  char letter;
  signed long count : 40;
  struct {
    unsigned char low : 3;
  } inner;
};
