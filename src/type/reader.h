#ifndef MEMREGIONS_TYPE_READER_H
#define MEMREGIONS_TYPE_READER_H

/*
 * The reader of C declarations: what its parts share. One token is looked at, in `token`; a function that
 * reads something starts at its first token and ends behind its last.
 *
 *     declarations.c   the public functions; reading as a whole, or not at all
 *     lexer.c          tokens                           identifier.c   names and what they mean
 *     external.c       declarations outside functions   pragma.c       #pragma pack and the like
 *     specifier.c      int, struct point, typeof        declarator.c   *name[3](int)
 *     record.c         structs and unions               enumeration.c  enums
 *     attribute.c      attributes and alignments        expression.c   constant expressions
 *     operand.c        what expressions are made of     builtin.c      the types that C begins with
 *     make.c           types made of types              scratch.c      stacks that grow
 */

#include "aggregate.h"
#include "lexer.h"
#include "memregions/declarations.h"
#include "target.h"
#include "type.h"

/** How deep what is read by recursion nests. */
#define MR_READER_DEPTH_MAX 256

/** Octets of the largest vector. */
#define MR_VECTOR_SIZE_MAX 4096

/** How many #pragma pack(push) there may be. */
#define MR_READER_PACKS_MAX 256

/** The types that C begins with. */
typedef enum mr_builtin {
  MR_BUILTIN_VOID,
  MR_BUILTIN_BOOL,
  MR_BUILTIN_CHAR,
  MR_BUILTIN_SIGNED_CHAR,
  MR_BUILTIN_UNSIGNED_CHAR,
  MR_BUILTIN_SHORT,
  MR_BUILTIN_UNSIGNED_SHORT,
  MR_BUILTIN_INT,
  MR_BUILTIN_UNSIGNED,
  MR_BUILTIN_LONG,
  MR_BUILTIN_UNSIGNED_LONG,
  MR_BUILTIN_LONG_LONG,
  MR_BUILTIN_UNSIGNED_LONG_LONG,
  MR_BUILTIN_INT128,
  MR_BUILTIN_UNSIGNED_INT128,
  MR_BUILTIN_FLOAT,
  MR_BUILTIN_DOUBLE,
  MR_BUILTIN_LONG_DOUBLE,
  MR_BUILTIN_FLOAT80,
  MR_BUILTIN_FLOAT128,
  MR_BUILTIN_FLOAT_COMPLEX,
  MR_BUILTIN_DOUBLE_COMPLEX,
  MR_BUILTIN_LONG_DOUBLE_COMPLEX,
  MR_BUILTIN_FLOAT80_COMPLEX,
  MR_BUILTIN_FLOAT128_COMPLEX,
  /** For the types that are not known: incomplete, so that no data can be of it. */
  MR_BUILTIN_OPAQUE,
  MR_BUILTIN_COUNT
} mr_builtin;

/** The complex numbers of which both parts are of this float. */
static inline mr_builtin mr_complex_of(mr_builtin part) {
  return (mr_builtin)(part + (MR_BUILTIN_FLOAT_COMPLEX - MR_BUILTIN_FLOAT));
}

/** What a name meant before, to be given back its meaning. */
typedef struct mr_undo {
  mr_identifier *identifier;
  mr_symbol ordinary;
  const mr_type *tag;
  uint32_t tag_prototype;
} mr_undo;

/** A type of an earlier text that changes, and how it was. */
typedef struct mr_touched {
  mr_type *type;
  bool was_indexed;
  bool was_ready;
} mr_touched;

/** A vector of anything; `block` is the allocator's. */
typedef struct mr_scratch {
  mr_region block;
  /** In elements. */
  size_t count;
} mr_scratch;

struct mr_declarations {
  mr_allocator *allocator;
  mr_type_group *group;
  mr_target target;
  const mr_target_traits *traits;
  size_t text_limit;
  mr_identifiers identifiers;
  /** Null where the target has none. */
  const mr_type *builtins[MR_BUILTIN_COUNT];
  /** The number of the last struct or union that was read. */
  uint32_t records;
  /** Of mr_member_spec, mr_enumerator, mr_undo and mr_step: stacks, of which what is nested uses the top. */
  mr_scratch specs, enumerators, undos, steps;
  /** Of mr_touched. */
  mr_scratch touched;
  /** Of const mr_type *: those to be made ready. */
  mr_scratch unready;

  /* Of what is being read. */
  mr_lexer lexer;
  mr_token token;
  mr_condition *condition;
  unsigned depth;
  /** Whether it is a type's name that is asked for, which declares nothing. */
  bool is_query;
  /** Whether what is known from the start is being read. */
  bool is_predefining;
  /** The number of the last text of that. */
  uint64_t predefined;
  /** Its number. */
  uint64_t text;
  /** The number of the prototype around the token, what it declares ends with it; 0 outside. */
  uint32_t prototype;
  /** The number of the last prototype. */
  uint32_t prototypes;
  /** The identifiers that there were before it. */
  size_t known;
  /** What #pragma pack says; 0 for nothing. */
  size_t pack;
  struct {
    mr_identifier *name;
    size_t pack;
  } packs[MR_READER_PACKS_MAX];
  size_t pack_count;
  /** What #pragma scalar_storage_order says. */
  mr_byte_order order;
};

typedef mr_declarations mr_reader;

/* Failing: each returns `status`, so that a function can end with it. */

/** @param at  where, in the text */
mr_status mr_reader_fail_at(mr_reader *reader, mr_status status, const char *at, const char *format,
                            ...) MR_PRINTF(4, 5);
/** Where the token stands. */
#define mr_reader_fail(reader, status, ...) \
  mr_reader_fail_at(reader, status, (reader)->token.start, __VA_ARGS__)
/** "expected <what>, not <the token>" */
mr_status mr_reader_expected(mr_reader *reader, const char *what);
/** The same, where a type can stand: a name that is none is said to be none. */
mr_status mr_reader_expected_type(mr_reader *reader, const char *what);
/** No memory, say. */
mr_status mr_reader_fail_plainly(mr_reader *reader, mr_status status);

/* Tokens. */

mr_status mr_reader_advance(mr_reader *reader);
static inline bool mr_reader_is_at(const mr_reader *reader, int kind) {
  return reader->token.kind == kind;
}
/** Passes the token if it is of `kind`, which *taken tells. */
mr_status mr_reader_take(mr_reader *reader, int kind, bool *taken);
/** Passes a token of `kind`; what else is there is an error. */
mr_status mr_reader_require(mr_reader *reader, int kind, const char *what);
/** Passes everything up to a token of `kind` or `other` outside brackets; stops at it. */
mr_status mr_reader_skip_to(mr_reader *reader, int kind, int other);
/** Passes a bracket, and everything up to its partner, and that. */
mr_status mr_reader_skip_brackets(mr_reader *reader);
/** The next token but one, without taking any. */
mr_status mr_reader_peek(mr_reader *reader, mr_token *out);
/** One level deeper; goes with mr_reader_leave, unless it fails. */
mr_status mr_reader_enter(mr_reader *reader);
static inline void mr_reader_leave(mr_reader *reader) { reader->depth--; }

/* Scratch. */

/** Room for one more; *out is valid until the next push. */
mr_status mr_reader_push(mr_reader *reader, mr_scratch *scratch, size_t size, void *out);

/* Names. */

/** Before a name's meaning changes. */
mr_status mr_reader_note(mr_reader *reader, mr_identifier *identifier);
/** Gives all names the meaning that they had when there were `count` undos. */
void mr_reader_undo(mr_reader *reader, size_t count);
/** Gives a name its meaning, unless it has another. */
mr_status mr_reader_declare(mr_reader *reader, const mr_token *name, mr_symbol symbol);

/* Types. */

mr_status mr_reader_new_type(mr_reader *reader, mr_type **out);
/** Before a type changes that may be of an earlier text. */
mr_status mr_reader_touch(mr_reader *reader, const mr_type *type);
/** The type that a name's table is needed of, and of those that it is made of and points to. */
mr_status mr_reader_make_ready(mr_reader *reader, const mr_type *type);
/** Gives a struct or union the table of its names. */
mr_status mr_reader_index(mr_reader *reader, const mr_type *type);
/** `type`, or what it has become by what is being read. */
const mr_type *mr_reader_completed(const mr_reader *reader, const mr_type *type);
mr_status mr_reader_pointer_to(mr_reader *reader, const mr_type *pointee, const mr_type **out);
mr_status mr_reader_array_of(mr_reader *reader, const char *at, const mr_type *element,
                             uint64_t count, bool is_flexible, const mr_type **out);
mr_status mr_reader_realigned(mr_reader *reader, const mr_type *type, size_t alignment,
                              const mr_type **out);
mr_status mr_reader_vector_of(mr_reader *reader, const char *at, const mr_type *element,
                              uint64_t size, const mr_type **out);
mr_status mr_reader_atomic(mr_reader *reader, const char *at, const mr_type *type,
                           const mr_type **out);
/** With scalars in the other order: a scalar, or an array of such; others as they are. */
mr_status mr_reader_reordered(mr_reader *reader, const mr_type *type, mr_byte_order order,
                              const mr_type **out);
/** Whether C takes both for the same type, qualifiers aside. */
bool mr_reader_is_same(const mr_reader *reader, const mr_type *a, const mr_type *b);
/** The integer type of C's that is `size` large; null for none. */
const mr_type *mr_reader_integer(const mr_reader *reader, size_t size, bool is_signed);
/** Makes the types that C begins with. */
mr_status mr_reader_make_builtins(mr_reader *reader);
/** Whether a line is a marker; the number of the next line then. */
bool mr_is_line_marker(const char *start, const char *end, uint32_t *next);
/** The text of what is known from the start. */
mr_status mr_reader_predefine(mr_reader *reader);

/* Attributes. */

/** What attribute mode makes of a type. */
typedef enum mr_mode {
  MR_MODE_NONE,
  MR_MODE_INTEGER_1,
  MR_MODE_INTEGER_2,
  MR_MODE_INTEGER_4,
  MR_MODE_INTEGER_8,
  MR_MODE_INTEGER_16,
  MR_MODE_POINTER,
  MR_MODE_WORD,
  MR_MODE_FLOAT,
  MR_MODE_DOUBLE,
  MR_MODE_EXTENDED,
  MR_MODE_QUAD,
  MR_MODE_COMPLEX_FLOAT,
  MR_MODE_COMPLEX_DOUBLE,
  MR_MODE_COMPLEX_EXTENDED,
  MR_MODE_COMPLEX_QUAD
} mr_mode;

typedef struct mr_attributes {
  /** By attribute aligned: the largest, and the last; 0 for none. */
  size_t alignment, last_alignment;
  /** By _Alignas, of which it is checked that it lowers nothing. */
  size_t alignas_alignment;
  bool has_alignas;
  bool is_packed;
  bool has_order;
  mr_byte_order order;
  /** Octets of a vector; 0 for none. */
  uint64_t vector_size;
  /** An mr_mode; 0 for none. */
  int mode;
  /** Where something stands that changes layout; null for nothing. */
  const char *at;
  /** Where an attribute stands that is not known. */
  const char *unknown;
  size_t unknown_length;
} mr_attributes;

/** One or more; what is behind them adds to `attributes`. */
mr_status mr_read_attributes_there(mr_reader *reader, mr_attributes *attributes);
/** Attributes, as many as there are, here: adds to `attributes`. */
static inline mr_status mr_read_attributes(mr_reader *reader, mr_attributes *attributes) {
  bool is_there =
      mr_reader_is_at(reader, MR_TOKEN_ATTRIBUTE) || mr_reader_is_at(reader, MR_TOKEN_DECLSPEC);
  return is_there ? mr_read_attributes_there(reader, attributes) : MR_OK;
}
/** _Alignas. */
mr_status mr_read_alignas(mr_reader *reader, mr_attributes *attributes);
/** asm("name") behind a declarator. */
mr_status mr_skip_asm(mr_reader *reader);
/** Refuses what is not known. */
mr_status mr_check_attributes(mr_reader *reader, const mr_attributes *attributes);
/** Refuses several alignments of one type, of which compilers choose differently. */
mr_status mr_check_one_alignment(mr_reader *reader, const mr_attributes *attributes);
/** Refuses what is not known, or would change a layout. */
mr_status mr_refuse_attributes(mr_reader *reader, const mr_attributes *attributes,
                               const char *where);
void mr_attributes_add(mr_attributes *to, const mr_attributes *from);
/** The type that mode and vector_size make of another; it stays the same without these. */
mr_status mr_attributed_type(mr_reader *reader, const mr_attributes *attributes,
                             const mr_type *type, const mr_type **out);
mr_status mr_take_pragma(void *reader, const char *start, const char *end);

/* Declarations. */

typedef enum mr_storage { MR_STORAGE_NONE, MR_STORAGE_TYPEDEF, MR_STORAGE_OTHER } mr_storage;

typedef struct mr_specifiers {
  const mr_type *type;
  mr_storage storage;
  mr_attributes attributes;
  /** Whether the type is a struct, union or enum whose body stands here; whether it has no tag. */
  bool is_definition;
  bool is_record;
  bool is_atomic;
  /** Whether a qualifier stands here; whether in the typedef that the type is. */
  bool is_qualified;
  bool is_qualified_by_typedef;
} mr_specifiers;

typedef struct mr_declarator {
  /** Of MR_TOKEN_IDENTIFIER; kind 0 where there is none. */
  mr_token name;
  const mr_type *type;
  mr_attributes attributes;
  bool is_qualified;
} mr_declarator;

typedef enum mr_declarator_form {
  MR_DECLARATOR_NAMED,
  MR_DECLARATOR_ABSTRACT,
  MR_DECLARATOR_EITHER
} mr_declarator_form;

/** Whether a type can start at the token. */
bool mr_starts_type(const mr_reader *reader, const mr_token *token);
mr_status mr_read_specifiers(mr_reader *reader, mr_specifiers *out);
/** A declarator, and the attributes behind it; its type is made from the specifiers' type. */
mr_status mr_read_declarator(mr_reader *reader, const mr_specifiers *specifiers,
                             mr_declarator_form form, bool is_parameter, mr_declarator *out);
/** A type's name, as in sizeof. */
mr_status mr_read_type_name(mr_reader *reader, const mr_type **out);
/** From struct or union. */
mr_status mr_read_record(mr_reader *reader, mr_specifiers *specifiers);
/** From enum. */
mr_status mr_read_enumeration(mr_reader *reader, mr_specifiers *specifiers);
/** struct, union or enum. */
const char *mr_tag_word(const mr_type *type);
/** The type of a tag that is only named, or an incomplete type that it becomes now.
 *
 * @param name        the tag
 * @param attributes  those before it
 * @param kind        MR_KIND_STRUCT or UNION, or MR_KIND_I32 for an enum
 */
mr_status mr_read_tag_reference(mr_reader *reader, const mr_token *name,
                                const mr_attributes *attributes, mr_kind kind, const mr_type **out);
/** The type that a definition fills: of a tag, or without one where `name` has kind 0. What an earlier text
 * has defined is defined anew, for mr_end_definition to compare. */
mr_status mr_begin_definition(mr_reader *reader, const mr_token *name, mr_kind kind, mr_type **out);
/** What was defined, complete now, or what an earlier text has defined alike. */
mr_status mr_end_definition(mr_reader *reader, const mr_token *name, mr_type *type,
                            const mr_type **out);
mr_status mr_read_static_assert(mr_reader *reader);
mr_status mr_read_external_declaration(mr_reader *reader);

/* Expressions. */

typedef enum mr_expression_form {
  /** Its value is not known. */
  MR_EXPRESSION_UNKNOWN,
  /** An integer or pointer: `value`. */
  MR_EXPRESSION_CONSTANT,
  /** Something at the address `value`. */
  MR_EXPRESSION_PLACE
} mr_expression_form;

typedef struct mr_expression {
  mr_expression_form form;
  const mr_type *type;
  /** In two's complement, extended to 64 bits as the type is signed or not. */
  uint64_t value;
  /** Of what has no value: why. */
  const char *why;
  bool is_bit_field;
  /** Whether what it is has another alignment than its type. */
  bool is_aligned;
} mr_expression;

mr_status mr_read_expression(mr_reader *reader, mr_expression *out);
mr_status mr_read_conditional(mr_reader *reader, mr_expression *out);
mr_status mr_read_unary(mr_reader *reader, mr_expression *out);
/** Converts to an integer or pointer type. */
mr_expression mr_converted(const mr_reader *reader, mr_expression expression, const mr_type *type);
/** The value of a place: arrays become pointers. */
mr_status mr_value_of_place(mr_reader *reader, mr_expression *expression);
/** An integer constant expression. */
mr_status mr_read_constant(mr_reader *reader, mr_expression *out);
/** One that is no less than 0. */
mr_status mr_read_size(mr_reader *reader, const char *what, uint64_t *out);

static inline bool mr_is_signed(const mr_type *type) {
  return mr_kind_is_signed((mr_kind)type->kind);
}

static inline bool mr_is_integer(const mr_type *type) {
  return type && (type->kind == MR_KIND_BOOL || mr_kind_is_integer((mr_kind)type->kind)) &&
         !type->is_incomplete;
}

#endif
