/* ["--target=i386", "-tstruct buffer"] */
struct buffer {
  unsigned used;
  union {
    struct {
      char head[66];
      int tail;
    } text;
    struct {
      double first, numbers[10];
    };
    char octets[100];
  };
  long long end __attribute__((aligned(64)));
  float vector __attribute__((vector_size(16)));
};
