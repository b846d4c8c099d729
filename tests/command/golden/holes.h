/* ["--target=x86_64", "-tstruct packet"] */
struct place {
  char kind;
  int line;
};

struct packet {
  char tag;
  struct place from, to[3];
  int (*compare)(const void *, const void *);
  char *(*names)[3];
  void (**handlers[4])(struct packet *, ...);
  short checksum;
  enum state { OPEN, CLOSED } state;
  const char *text;
  char data[];
};
