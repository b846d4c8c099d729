/*
 * A tour of an ELF64 file: its header, and its sections from the largest to the smallest.
 *
 *     elf_tour [FILE]          (without a file: its own executable)
 *
 * The file becomes a region; its header an object, whose slots have names; its section headers a sequence of structs; its
 * table of names a stream of strings. What the tour collects lives in an arena, and goes with it.
 *
 * Nothing in the file is trusted. Every offset and length goes through mr_subview_at, a range, a sequence or a stream, each
 * of which checks it; the one product, of a count and a size, is checked before it is made.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <memregions/ffi.h>

#include <memregions.h>

enum { MAGIC = 0x7f454c46, CLASS_64 = 2, LITTLE = 1, BIG = 2, EXTENDED = 0xffff };

/* libffi says what the members are; it has no names, so those come beside. */

static ffi_type *header_elements[] = {
    &ffi_type_uint32, &ffi_type_uint8,  &ffi_type_uint8,  &ffi_type_uint8,  &ffi_type_uint8,
    &ffi_type_uint64, &ffi_type_uint16, &ffi_type_uint16, &ffi_type_uint32, &ffi_type_uint64,
    &ffi_type_uint64, &ffi_type_uint64, &ffi_type_uint32, &ffi_type_uint16, &ffi_type_uint16,
    &ffi_type_uint16, &ffi_type_uint16, &ffi_type_uint16, &ffi_type_uint16, NULL};
static const char *const header_names[] = {
    "magic",          "class",          "order",         "ident_version", "abi",
    "padding",        "type",           "machine",       "version",       "entry",
    "program_offset", "section_offset", "flags",         "header_size",   "program_size",
    "program_count",  "section_size",   "section_count", "names_index"};
static ffi_type header_ffi = {0, 0, FFI_TYPE_STRUCT, header_elements};

static ffi_type *section_elements[] = {&ffi_type_uint32,
                                       &ffi_type_uint32,
                                       &ffi_type_uint64,
                                       &ffi_type_uint64,
                                       &ffi_type_uint64,
                                       &ffi_type_uint64,
                                       &ffi_type_uint32,
                                       &ffi_type_uint32,
                                       &ffi_type_uint64,
                                       &ffi_type_uint64,
                                       NULL};
static const char *const section_names[] = {"name", "type", "flags", "address",   "offset",
                                            "size", "link", "info",  "alignment", "entry_size"};
static ffi_type section_ffi = {0, 0, FFI_TYPE_STRUCT, section_elements};

typedef struct section {
  mr_view name;
  uint64_t size;
  uint64_t address;
  uint64_t flags;
  uint32_t type;
} section;

/* What the tour walks through. */
typedef struct elf {
  mr_view file;
  mr_byte_order order;
  const mr_type *header_type;
  const mr_type *section_type;
  mr_object header;
  mr_sequence sections;
  uint64_t names_index;
} elf;

/* The type that `native` is in a file of the other byte order. */
static mr_status reordered(mr_allocator *arena, const mr_type *native, mr_byte_order order,
                           const mr_type **out) {
  size_t count = mr_type_count(native);
  mr_region storage;
  mr_status status = mr_allocate_array(arena, count, sizeof(mr_member_spec), &storage);
  if (status != MR_OK) return status;
  mr_member_spec *specs = storage.pointer;
  for (size_t i = 0; i < count; i++) {
    mr_member member;
    status = mr_type_member(native, i, &member);
    if (status != MR_OK) return status;
    specs[i] = (mr_member_spec){.name = member.name,
                                .type = mr_scalar_type(mr_type_kind(member.type), order)};
  }
  return mr_type_build_struct(arena, mr_type_name(native), specs, count, NULL, out, NULL);
}

static mr_status make_type(mr_allocator *arena, const ffi_type *ffi, const char *name,
                           const char *const *names, mr_byte_order order, const mr_type **out) {
  const mr_type *native;
  mr_status status = mr_type_of_ffi(arena, ffi, name, names, &native, NULL);
  if (status != MR_OK) return status;
  if (!mr_byte_order_is_swapped(order)) {
    *out = native;
    return MR_OK;
  }
  status = reordered(arena, native, order, out);
  mr_type_release(native);
  return status;
}

static mr_status number(mr_object object, const char *path, uint64_t *out) {
  mr_value value;
  mr_status status = mr_object_get(object, path, &value);
  return status == MR_OK ? mr_value_to_u64(value, out) : status;
}

static mr_status check_ident(mr_view file, mr_byte_order *order, mr_condition *why) {
  uint32_t magic;
  uint8_t class, data;
  if (mr_load_u32(file, 0, MR_BIG_ENDIAN, &magic) != MR_OK || magic != MAGIC) {
    return mr_condition_set(why, MR_UNSUPPORTED, "not an ELF file");
  }
  if (mr_load_u8(file, 4, &class) != MR_OK || mr_load_u8(file, 5, &data) != MR_OK) {
    return mr_condition_set(why, MR_TRUNCATED, "an ELF file that ends within its first octets");
  }
  if (class != CLASS_64)
    return mr_condition_set(why, MR_UNSUPPORTED, "an ELF file, but not of 64 bits");
  if (data != LITTLE && data != BIG) {
    return mr_condition_set(why, MR_CORRUPT, "an ELF file of unknown byte order %d", data);
  }
  *order = data == LITTLE ? MR_LITTLE_ENDIAN : MR_BIG_ENDIAN;
  return MR_OK;
}

static mr_status open_header(elf *tour, mr_allocator *arena, mr_condition *why) {
  mr_status status = check_ident(tour->file, &tour->order, why);
  if (status != MR_OK) return status;
  status = make_type(arena, &header_ffi, "header", header_names, tour->order, &tour->header_type);
  if (status != MR_OK) return mr_condition_set(why, status, NULL);
  status =
      make_type(arena, &section_ffi, "section", section_names, tour->order, &tour->section_type);
  if (status != MR_OK) return mr_condition_set(why, status, NULL);
  status = mr_object_of_view(tour->file, tour->header_type, &tour->header);
  if (status != MR_OK)
    return mr_condition_set(why, status, "an ELF file that ends within its header");
  return MR_OK;
}

static mr_status sections_at(const elf *tour, uint64_t offset, uint64_t count, mr_sequence *out) {
  size_t size = mr_type_size(tour->section_type);
  mr_view octets;
  if (count > UINT64_MAX / size) return MR_OUT_OF_BOUNDS;
  mr_status status = mr_subview_at(tour->file, offset, count * size, &octets);
  return status == MR_OK ? mr_sequence_of_view(octets, tour->section_type, out) : status;
}

/* Where the count or the index of names does not fit the header, the first section has it. */
static mr_status read_extended(elf *tour, uint64_t offset, uint64_t *count, mr_condition *why) {
  mr_sequence sections = {0};
  mr_object first;
  mr_status status = sections_at(tour, offset, 1, &sections);
  if (status == MR_OK) status = mr_object_of_element(sections, 0, &first);
  if (status == MR_OK && *count == 0) status = number(first, "size", count);
  if (status == MR_OK && tour->names_index == EXTENDED)
    status = number(first, "link", &tour->names_index);
  if (status != MR_OK) return mr_condition_set(why, status, "section headers lie outside the file");
  return MR_OK;
}

static mr_status open_sections(elf *tour, mr_condition *why) {
  uint64_t offset = 0, size = 0, count = 0;
  mr_status status = number(tour->header, "section_offset", &offset);
  if (status == MR_OK) status = number(tour->header, "section_size", &size);
  if (status == MR_OK) status = number(tour->header, "section_count", &count);
  if (status == MR_OK) status = number(tour->header, "names_index", &tour->names_index);
  if (status != MR_OK) return mr_condition_set(why, status, NULL);
  if (offset == 0)
    return mr_sequence_of_view(mr_view_of(NULL, 0), tour->section_type, &tour->sections);
  if (size != mr_type_size(tour->section_type)) {
    return mr_condition_set(why, MR_CORRUPT, "section headers of %" PRIu64 " octets", size);
  }
  if (count == 0 || tour->names_index == EXTENDED) {
    status = read_extended(tour, offset, &count, why);
    if (status != MR_OK) return status;
  }
  status = sections_at(tour, offset, count, &tour->sections);
  if (status == MR_OK) return MR_OK;
  return mr_condition_set(why, status, "%" PRIu64 " section headers, not all of them in the file",
                          count);
}

/* The table of names as a stream; an empty one where there is none, or where it lies outside the file. */
static mr_stream open_names(const elf *tour) {
  mr_stream names;
  mr_object table;
  uint64_t offset = 0, size = 0;
  mr_view octets = mr_view_of(NULL, 0);
  if (tour->names_index != 0 && tour->names_index < tour->sections.count &&
      mr_object_of_element(tour->sections, (size_t)tour->names_index, &table) == MR_OK &&
      number(table, "offset", &offset) == MR_OK && number(table, "size", &size) == MR_OK) {
    mr_ignore(mr_subview_at(tour->file, offset, size, &octets));
  }
  mr_stream_init_view(&names, octets);
  return names;
}

static mr_view name_at(mr_stream *names, uint64_t offset) {
  mr_view name;
  if (mr_stream_set_position(names, offset) != MR_OK) return MR_VIEW("?");
  if (mr_stream_acquire_until(names, 0, &name) != MR_OK) return MR_VIEW("?");
  mr_stream_release(names);
  return name;
}

/* Slots are found once, and then read from every section. */
static mr_status read_sections(const elf *tour, mr_region storage) {
  mr_slot name, type, flags, address, size;
  const struct {
    const char *path;
    mr_slot *slot;
  } wanted[] = {
      {"name", &name}, {"type", &type}, {"flags", &flags}, {"address", &address}, {"size", &size}};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    mr_status status = mr_slot_find(tour->section_type, wanted[i].path, wanted[i].slot, NULL);
    if (status != MR_OK) return status;
  }
  mr_stream names = open_names(tour);
  section *sections = storage.pointer;
  for (size_t i = 0; i < tour->sections.count; i++) {
    mr_view octets;
    uint32_t name_offset = 0;
    mr_status status = mr_sequence_element_view(tour->sections, i, &octets);
    if (status == MR_OK) status = mr_slot_get_u32(octets, name, &name_offset);
    if (status == MR_OK) status = mr_slot_get_u32(octets, type, &sections[i].type);
    if (status == MR_OK) status = mr_slot_get_u64(octets, flags, &sections[i].flags);
    if (status == MR_OK) status = mr_slot_get_u64(octets, address, &sections[i].address);
    if (status == MR_OK) status = mr_slot_get_u64(octets, size, &sections[i].size);
    if (status != MR_OK) return status;
    sections[i].name = name_at(&names, name_offset);
  }
  return MR_OK;
}

static int by_size_descending(const void *left, const void *right) {
  const section *a = left, *b = right;
  if (a->size != b->size) return a->size < b->size ? 1 : -1;
  return mr_compare(a->name, b->name);
}

static const char *type_name(uint32_t type) {
  static const char *const names[] = {"none",    "program", "symbols",  "strings",
                                      "rela",    "hash",    "dynamic",  "note",
                                      "no bits", "rel",     "reserved", "dynsym"};
  if (type < sizeof names / sizeof *names) return names[type];
  switch (type) {
    case 14:
      return "init";
    case 15:
      return "fini";
    case 16:
      return "preinit";
    case 17:
      return "group";
    case 18:
      return "indices";
    case 0x6ffffff6:
      return "gnu hash";
    case 0x6ffffffd:
      return "versions";
    case 0x6ffffffe:
      return "needed";
    case 0x6fffffff:
      return "version";
    default:
      return "other";
  }
}

static const char *machine_name(uint64_t machine) {
  switch (machine) {
    case 8:
      return "MIPS";
    case 21:
      return "PowerPC64";
    case 22:
      return "s390x";
    case 62:
      return "x86-64";
    case 183:
      return "AArch64";
    case 243:
      return "RISC-V";
    case 247:
      return "BPF";
    case 258:
      return "LoongArch";
    default:
      return "another machine";
  }
}

static const char *file_kind(uint64_t type) {
  static const char *const names[] = {"no type", "relocatable", "executable",
                                      "shared or position-independent", "core"};
  return type < sizeof names / sizeof *names ? names[type] : "system-specific";
}

/* Names come from the file: what would not print is shown as a dot. */
static void print_name(mr_view name) {
  const unsigned char *octets = name.pointer;
  for (size_t i = 0; i < name.size && i < 60; i++) {
    putchar(octets[i] >= 0x20 && octets[i] < 0x7f ? octets[i] : '.');
  }
  putchar('\n');
}

static void print_bar(uint64_t size, uint64_t largest) {
  enum { WIDTH = 20 };
  double share = largest ? (double)size / (double)largest : 0;
  int filled = size ? 1 + (int)(share * (WIDTH - 1)) : 0;
  for (int i = 0; i < WIDTH; i++) putchar(i < filled ? '#' : ' ');
}

static mr_status print_tour(const elf *tour, const char *path, const section *sections) {
  uint64_t type = 0, machine = 0, entry = 0;
  mr_status status = number(tour->header, "type", &type);
  if (status == MR_OK) status = number(tour->header, "machine", &machine);
  if (status == MR_OK) status = number(tour->header, "entry", &entry);
  if (status != MR_OK) return status;
  size_t count = tour->sections.count;
  printf("%s\n  ELF64, %s, %s, for %s; %zu octets, entry at 0x%" PRIx64 ", %zu sections\n", path,
         file_kind(type), tour->order == MR_LITTLE_ENDIAN ? "little-endian" : "big-endian",
         machine_name(machine), tour->file.size, entry, count);
  if (count > 0) {
    printf("\n  %12s  %-20s  %-8s  %-5s  %12s  %s\n", "octets", "", "type", "flags", "address",
           "section");
  }
  for (size_t i = 0; i < count; i++) {
    const section *s = &sections[i];
    printf("  %12" PRIu64 "  ", s->size);
    print_bar(s->size, sections[0].size);
    printf("  %-8s  %c%c%c    %12" PRIx64 "  ", type_name(s->type), s->flags & 2 ? 'a' : '-',
           s->flags & 1 ? 'w' : '-', s->flags & 4 ? 'x' : '-', s->address);
    print_name(s->name);
  }
  return MR_OK;
}

static mr_status walk(elf *tour, const char *path, mr_allocator *arena, mr_condition *why) {
  mr_region storage;
  mr_status status = open_header(tour, arena, why);
  if (status == MR_OK) status = open_sections(tour, why);
  if (status != MR_OK) return status;
  status = mr_allocate_array(arena, tour->sections.count, sizeof(section), &storage);
  if (status == MR_OK) status = read_sections(tour, storage);
  if (status != MR_OK) return mr_condition_set(why, status, NULL);
  qsort(storage.pointer, tour->sections.count, sizeof(section), by_size_descending);
  status = print_tour(tour, path, storage.pointer);
  return status == MR_OK ? MR_OK : mr_condition_set(why, status, NULL);
}

static mr_status tour_file(const char *path, mr_condition *why) {
  mr_file file;
  mr_arena arena;
  mr_status status = mr_file_open(path, NULL, &file, why);
  if (status != MR_OK) return status;
  status = mr_arena_init(&arena, NULL);
  if (status != MR_OK) {
    mr_file_close(&file, NULL);
    return mr_condition_set(why, status, NULL);
  }
  elf tour = {.file = mr_file_view(&file)};
  status = walk(&tour, path, &arena.base, why);
  if (status != MR_OK) {
    mr_condition cause = *why;
    mr_condition_set(why, status, "%s: %s", cause.message, path);
  }
  mr_type_release(tour.header_type);
  mr_type_release(tour.section_type);
  mr_arena_fini(&arena);
  mr_file_close(&file, NULL);
  return status;
}

int main(int argc, char **argv) {
  if (argc > 2) {
    fprintf(stderr, "usage: elf_tour [FILE]\n");
    return 2;
  }
  const char *path = argc == 2 ? argv[1] : "/proc/self/exe";
  mr_condition why = {.message = ""};
  mr_status status = tour_file(path, &why);
  if (status == MR_OK) return 0;
  fprintf(stderr, "elf_tour: %s (%s)\n", why.message, mr_status_name(status));
  return 1;
}
