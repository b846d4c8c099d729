/* ["--target=x86_64", "-tstruct list", "entries", "entries[1].place.line", "entries[2].is_used", "length"] */
struct list {
  struct {
    char name[6];
    struct {
      int line, column;
    } place;
    unsigned is_used : 1;
  } entries[100];
  unsigned length;
};
