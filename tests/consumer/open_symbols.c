/* open_symbols <library> <symbol>...: each symbol is found through the library. */

#include <dlfcn.h>
#include <stdio.h>

int main(int count, char **words) {
  if (count < 3) return 2;
  void *library = dlopen(words[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  int missing = 0;
  for (int i = 2; i < count; i++) {
    if (dlsym(library, words[i]) != NULL) continue;
    fprintf(stderr, "%s is not found\n", words[i]);
    missing++;
  }
  dlclose(library);
  return missing != 0;
}
