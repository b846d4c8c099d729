#include <memregions/object.h>
#include <memregions/type.h>
#include <stdlib.h>

#include "bench.h"
#include "parse.h"

/*
 * Records visited one after the other, in cache. Each visit goes through a table: the direct side has the record's
 * address from there, the other side its object, so neither access can be hoisted or vectorised. What is read goes into
 * a hash, what is written comes from a running sum: the few cycles of work that a value is read or written for.
 */

enum { RECORDS = 64 };

/* Networks', on the machines where most of this runs. */
#define FOREIGN_ORDER (MR_NATIVE_ORDER == MR_BIG_ENDIAN ? MR_LITTLE_ENDIAN : MR_BIG_ENDIAN)

typedef struct place {
  int32_t line;
  int32_t column;
} place;

typedef struct record {
  uint64_t identity;
  uint8_t tag;
  int32_t count;
  double weight;
  place where;
  float scale;
  uint16_t flags;
  int64_t stamp;
  uint32_t kind : 3;
  uint32_t level : 5;
  uint32_t owner : 20;
  /** In the other byte order. */
  uint32_t length;
} record;

typedef struct records {
  record all[RECORDS];
  record *directly[RECORDS];
  mr_object objects[RECORDS];
  const mr_type *place_type;
  const mr_type *type;
  mr_slot count;
  mr_slot weight;
  mr_slot level;
  mr_slot length;
} records;

static const mr_type *struct_of(const char *name, const mr_member_spec *members, size_t count) {
  const mr_type *type;
  bench_require(mr_type_build_struct(NULL, name, members, count, NULL, &type, NULL) == MR_OK,
                "mr_type_build_struct failed");
  return type;
}

static mr_member_spec member(const char *name, mr_kind kind) {
  return (mr_member_spec){.name = name, .type = mr_scalar_type(kind, MR_NATIVE_ORDER)};
}

static mr_member_spec bits(const char *name, uint8_t width) {
  mr_member_spec spec = member(name, MR_KIND_U32);
  spec.is_bit_field = true;
  spec.bit_width = width;
  return spec;
}

static void build_types(records *made) {
  mr_member_spec place_members[] = {member("line", MR_KIND_I32), member("column", MR_KIND_I32)};
  made->place_type = struct_of("place", place_members, BENCH_COUNT(place_members));
  mr_member_spec members[] = {
      member("identity", MR_KIND_U64),
      member("tag", MR_KIND_U8),
      member("count", MR_KIND_I32),
      member("weight", MR_KIND_F64),
      {.name = "where", .type = made->place_type},
      member("scale", MR_KIND_F32),
      member("flags", MR_KIND_U16),
      member("stamp", MR_KIND_I64),
      bits("kind", 3),
      bits("level", 5),
      bits("owner", 20),
      {.name = "length", .type = mr_scalar_type(MR_KIND_I32, FOREIGN_ORDER)},
  };
  made->type = struct_of("record", members, BENCH_COUNT(members));
  bench_require(mr_type_size(made->type) == sizeof(record), "the type is not the struct's");
}

static void *records_open(const bench_case *of, bool is_quick) {
  (void)of, (void)is_quick;
  records *made = calloc(1, sizeof *made);
  bench_require(made != NULL, "no memory for records");
  build_types(made);
  for (size_t i = 0; i < RECORDS; i++) {
    made->all[i].count = made->all[i].where.column = (int32_t)i;
    made->all[i].level = (uint32_t)i % 32;
    made->all[i].length = __builtin_bswap32((uint32_t)i);
    made->directly[i] = &made->all[i];
    bench_require(mr_object_of_region(mr_region_of(&made->all[i], sizeof made->all[i]), made->type,
                                      &made->objects[i]) == MR_OK,
                  "mr_object_of_region failed");
  }
  bench_require(mr_slot_find(made->type, "count", &made->count, NULL) == MR_OK &&
                    mr_slot_find(made->type, "weight", &made->weight, NULL) == MR_OK &&
                    mr_slot_find(made->type, "level", &made->level, NULL) == MR_OK &&
                    mr_slot_find(made->type, "length", &made->length, NULL) == MR_OK,
                "mr_slot_find failed");
  return made;
}

static void records_close(void *fixture) {
  records *closed = fixture;
  mr_type_release(closed->type);
  mr_type_release(closed->place_type);
  free(closed);
}

static uint64_t hash(uint64_t so_far, int32_t value) { return so_far * 31 + (uint32_t)value; }

/* memregions. */

static void slot_get(bench_job *job) {
  const records *in = job->fixture;
  mr_slot slot = in->count;
  uint64_t sum = 0;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < RECORDS; i++) {
      int32_t value;
      bench_require(mr_object_get_i32(in->objects[i], slot, &value) == MR_OK, "a get failed");
      sum = hash(sum, value);
      bench_keep(sum);
    }
  }
}

static void slot_get_bit_field(bench_job *job) {
  const records *in = job->fixture;
  mr_slot slot = in->level;
  uint64_t sum = 0;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < RECORDS; i++) {
      uint32_t value;
      bench_require(mr_object_get_u32(in->objects[i], slot, &value) == MR_OK, "a get failed");
      sum = hash(sum, (int32_t)value);
      bench_keep(sum);
    }
  }
}

static void slot_get_swapped(bench_job *job) {
  const records *in = job->fixture;
  mr_slot slot = in->length;
  uint64_t sum = 0;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < RECORDS; i++) {
      int32_t value;
      bench_require(mr_object_get_i32(in->objects[i], slot, &value) == MR_OK, "a get failed");
      sum = hash(sum, value);
      bench_keep(sum);
    }
  }
}

static void slot_set(bench_job *job) {
  const records *in = job->fixture;
  mr_slot slot = in->weight;
  double value = 0;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < RECORDS; i++) {
      value += 0.5;
      bench_require(mr_object_set_f64(in->objects[i], slot, value) == MR_OK, "a set failed");
    }
    bench_use(in);
  }
}

static void get_by(bench_job *job, const char *path) {
  const records *in = job->fixture;
  uint64_t sum = 0;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < RECORDS; i++) {
      mr_value value;
      bench_require(mr_object_get(in->objects[i], path, &value) == MR_OK, "a get failed");
      sum = hash(sum, (int32_t)value.as.i64);
      bench_keep(sum);
    }
  }
}

static void path_get(bench_job *job) { get_by(job, "count"); }

static void nested_path_get(bench_job *job) { get_by(job, "where.column"); }

/* C's own. */

static void direct_get(bench_job *job) {
  const records *in = job->fixture;
  uint64_t sum = 0;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < RECORDS; i++) {
      sum = hash(sum, in->directly[i]->count);
      bench_keep(sum);
    }
  }
}

static void direct_bit_field_get(bench_job *job) {
  const records *in = job->fixture;
  uint64_t sum = 0;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < RECORDS; i++) {
      sum = hash(sum, (int32_t)in->directly[i]->level);
      bench_keep(sum);
    }
  }
}

static void direct_swapped_get(bench_job *job) {
  const records *in = job->fixture;
  uint64_t sum = 0;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < RECORDS; i++) {
      sum = hash(sum, (int32_t)__builtin_bswap32(in->directly[i]->length));
      bench_keep(sum);
    }
  }
}

static void direct_set(bench_job *job) {
  const records *in = job->fixture;
  double value = 0;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < RECORDS; i++) {
      value += 0.5;
      in->directly[i]->weight = value;
    }
    bench_use(in);
  }
}

static void direct_nested_get(bench_job *job) {
  const records *in = job->fixture;
  uint64_t sum = 0;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < RECORDS; i++) {
      sum = hash(sum, in->directly[i]->where.column);
      bench_keep(sum);
    }
  }
}

static const bench_subject get_peers[] = {{.name = "direct", .work = direct_get}, {0}};
static const bench_subject bit_field_peers[] = {{.name = "direct", .work = direct_bit_field_get},
                                                {0}};
static const bench_subject swapped_peers[] = {{.name = "direct", .work = direct_swapped_get}, {0}};
static const bench_subject set_peers[] = {{.name = "direct", .work = direct_set}, {0}};
static const bench_subject nested_peers[] = {{.name = "direct", .work = direct_nested_get}, {0}};

static const bench_case cases[] = {
    {.name = "slot-get-i32",
     .size = sizeof(int32_t),
     .unit = "get",
     .units = RECORDS,
     .memregions = {.name = "memregions", .work = slot_get},
     .peers = get_peers},
    {.name = "slot-set-f64",
     .size = sizeof(double),
     .unit = "set",
     .units = RECORDS,
     .memregions = {.name = "memregions", .work = slot_set},
     .peers = set_peers},
    {.name = "slot-get-bitfield",
     .size = sizeof(uint32_t),
     .unit = "get",
     .units = RECORDS,
     .memregions = {.name = "memregions", .work = slot_get_bit_field},
     .peers = bit_field_peers},
    {.name = "slot-get-swapped",
     .size = sizeof(int32_t),
     .unit = "get",
     .units = RECORDS,
     .memregions = {.name = "memregions", .work = slot_get_swapped},
     .peers = swapped_peers},
    {.name = "path-get",
     .size = sizeof(int32_t),
     .unit = "get",
     .units = RECORDS,
     .memregions = {.name = "memregions", .work = path_get},
     .peers = get_peers},
    {.name = "path-get-nested",
     .size = sizeof(int32_t),
     .unit = "get",
     .units = RECORDS,
     .memregions = {.name = "memregions", .work = nested_path_get},
     .peers = nested_peers},
    {.name = "parse",
     .unit = "line",
     .units = PARSE_LINES,
     .is_single = true,
     .needs = "clang",
     .is_installed = parse_has_clang,
     .open = parse_open,
     .close = parse_close,
     .memregions = {.name = "memregions", .sample = parse_sample},
     .peers = parse_peers},
};

const bench_component object_bench = {.name = "object",
                                      .open = records_open,
                                      .close = records_close,
                                      .cases = cases,
                                      .case_count = BENCH_COUNT(cases)};
