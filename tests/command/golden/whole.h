/* ["--target=x86_64", "-tunion word"] */
union word {
  unsigned whole;
  struct {
    unsigned short low, high;
  };
  unsigned char octets[4];
};
