#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <memregions/declarations.h>

/*
 * Says what the library makes of the declarations in a file. Lines that start with @ are for this program:
 *
 *     @target i386           before anything else; native is this machine
 *     @unit 17               begins a text, which is read as a whole
 *     @type struct point     ends it; asks for the size and alignment of a type
 *     @leaf x.y              asks for a place in it
 *     @store x.y i 77        stores an integer (or f: a double) there, in memory that begins as zeros
 *     @end                   of a type
 *
 * What it prints, a line each: "unit NUMBER STATUS LINE MESSAGE"; "type STATUS SIZE ALIGNMENT"; "leaf STATUS OFFSET
 * SIZE IS_BIT_FIELD"; "octets HEX" at a type's end, or "octets" and a status where a store failed.
 */

enum { OBJECT_MAX = 1 << 20 };

typedef struct dialogue {
  mr_declarations *declarations;
  const mr_type *type;
  unsigned char *object;
  mr_status store_status;
} dialogue;

static void read_unit(dialogue *of, const char *number, const char *text, size_t length) {
  mr_condition condition = {.line = 0};
  mr_status status = mr_declarations_read(of->declarations, mr_view_of(text, length), &condition);
  printf("unit %s %d %u %s\n", number, (int)status, (unsigned)condition.line,
         status == MR_OK ? "" : condition.message);
}

static void find_type(dialogue *of, const char *name) {
  mr_type_release(of->type);
  of->type = NULL;
  mr_condition condition = {.line = 0};
  mr_status status = mr_declarations_find(of->declarations, name, &of->type, &condition);
  size_t size = of->type ? mr_type_size(of->type) : 0;
  printf("type %d %zu %zu\n", (int)status, size, of->type ? mr_type_alignment(of->type) : 0);
  of->store_status = size <= OBJECT_MAX ? status : MR_OVERFLOW;
  memset(of->object, 0, size <= OBJECT_MAX ? size : 0);
}

static void find_leaf(dialogue *of, const char *path) {
  mr_member member = {.name = NULL};
  mr_status status = of->type ? mr_type_find(of->type, path, &member, NULL) : MR_NO_SUCH_SLOT;
  size_t size = status == MR_OK ? mr_type_size(member.type) : 0;
  printf("leaf %d %zu %zu %d\n", (int)status, member.offset, size, member.is_bit_field);
}

/* The bits of a float or double, as a machine with IEEE 754's numbers has them. */
static uint64_t float_bits(double value, size_t size) {
  uint64_t bits = 0;
  uint32_t narrow_bits;
  float narrow = (float)value;
  memcpy(&narrow_bits, &narrow, sizeof narrow_bits);
  memcpy(&bits, &value, sizeof bits);
  return size == sizeof narrow ? narrow_bits : bits;
}

/* Bit by bit: what the library says of places is tried here, not how it stores. */
static void put_bits(unsigned char *object, const mr_member *member, size_t width, uint64_t value) {
  bool is_little = mr_type_byte_order(member->type) == MR_LITTLE_ENDIAN;
  for (size_t i = 0; i < width; i++) {
    size_t place = member->bit_offset + (is_little ? i : width - 1 - i);
    unsigned char mask = (unsigned char)(is_little ? 1U << place % 8 : 128U >> place % 8);
    bool is_set = i < 64 && (value >> i & 1) != 0;
    if (is_set) object[member->offset + place / 8] |= mask;
  }
}

static void store(dialogue *of, char *arguments) {
  mr_member member;
  char *form = strchr(arguments, ' ');
  if (!form || !of->type || of->store_status != MR_OK) return;
  *form++ = '\0';
  of->store_status = mr_type_find(of->type, arguments, &member, NULL);
  if (of->store_status != MR_OK) return;
  size_t size = mr_type_size(member.type);
  size_t width = member.is_bit_field ? member.bit_width : size * 8;
  uint64_t value =
      *form == 'f' ? float_bits(strtod(form + 1, NULL), size) : strtoull(form + 1, NULL, 10);
  if (mr_type_kind(member.type) == MR_KIND_BOOL) value = value != 0;
  size_t octets = (member.bit_offset + width + 7) / 8;
  if (member.offset + octets > mr_type_size(of->type)) {
    of->store_status = MR_OUT_OF_BOUNDS;
    return;
  }
  put_bits(of->object, &member, width, value);
}

static void print_octets(const dialogue *of) {
  if (!of->type || of->store_status != MR_OK) {
    printf("octets %d\n", (int)of->store_status);
    return;
  }
  printf("octets 0 ");
  for (size_t i = 0; i < mr_type_size(of->type); i++) printf("%02x", of->object[i]);
  putchar('\n');
}

static void begin(dialogue *of, const char *name) {
  mr_declarations_options options = {.target = MR_TARGET_NATIVE};
  for (int target = MR_TARGET_X86_64; target <= MR_TARGET_WINDOWS_X64; target++) {
    const char *known = mr_target_name((mr_target)target);
    if (known && strcmp(known, name) == 0) options.target = (mr_target)target;
  }
  mr_declarations_destroy(of->declarations);
  of->declarations = NULL;
  bool is_known = options.target != MR_TARGET_NATIVE || strcmp(name, "native") == 0;
  if (!is_known || mr_declarations_create(NULL, &options, &of->declarations) != MR_OK) {
    fprintf(stderr, "no declarations for %s\n", name);
    exit(2);
  }
}

/* A line of this program's own. Where a text goes on is `start`. */
static void obey(dialogue *of, char *line, const char **start, const char **number) {
  char *argument = strchr(line, ' ');
  if (argument) *argument++ = '\0';
  if (*start && *number) read_unit(of, *number, *start, (size_t)(line - *start));
  *start = *number = NULL;
  if (strcmp(line, "@target") == 0) {
    begin(of, argument);
  } else if (strcmp(line, "@unit") == 0) {
    *number = argument;
    *start = argument + strlen(argument) + 1;
  } else if (strcmp(line, "@type") == 0) {
    find_type(of, argument);
  } else if (strcmp(line, "@leaf") == 0) {
    find_leaf(of, argument);
  } else if (strcmp(line, "@store") == 0) {
    store(of, argument);
  } else if (strcmp(line, "@end") == 0) {
    print_octets(of);
  }
}

/* The caller's, who frees it; null where the file can't be read. */
static char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) return NULL;
  long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
  char *text = size >= 0 ? malloc((size_t)size + 1) : NULL;
  if (text) {
    rewind(file);
    text[fread(text, 1, (size_t)size, file)] = '\0';
  }
  fclose(file);
  return text;
}

static void run(dialogue *of, char *text) {
  const char *start = NULL, *number = NULL;
  for (char *line = text; *line;) {
    char *end = strchr(line, '\n');
    char *next = end ? end + 1 : line + strlen(line);
    if (*line == '@') {
      if (end) *end = '\0';
      obey(of, line, &start, &number);
    }
    line = next;
  }
}

int main(int count, char **arguments) {
  dialogue of = {.object = malloc(OBJECT_MAX)};
  char *text = count > 1 ? read_file(arguments[1]) : NULL;
  bool is_ready = text && of.object;
  if (is_ready) run(&of, text);
  mr_type_release(of.type);
  mr_declarations_destroy(of.declarations);
  free(of.object);
  free(text);
  return is_ready ? 0 : 2;
}
