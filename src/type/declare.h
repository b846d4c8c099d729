#ifndef MEMREGIONS_TYPE_DECLARE_H
#define MEMREGIONS_TYPE_DECLARE_H

/*
 * Types as C text. A plan is made first: what must be written before the type itself, in which order, and
 * by which attributes each struct is laid out as it is. Only what C has words for has a plan, so that
 * writing does not fail for want of them.
 */

#include "memregions/arena.h"
#include "names.h"
#include "type.h"

/* Scalars and names. */

/** What C calls a scalar that is no enum and no pointer; null where it has no name on the target. */
const char *mr_scalar_text(const mr_type *type, mr_target target);

/** The alignment of a scalar of this kind on the target by itself. */
size_t mr_scalar_alignment(const mr_type *type, mr_target target);

/** Whether a name is an identifier, and no word of C's. */
bool mr_is_c_name(const char *name);

/** Whether a name is one that mr_scalar_text gives a meaning. */
bool mr_is_scalar_text(const char *name);

/** The kind of the integer that an enum is; MR_KIND_VOID where C has no such enum. */
mr_kind mr_enum_natural_kind(const mr_type *type, mr_target target, bool is_packed);

/* Plans. */

/** How one type is written. */
typedef struct mr_outline {
  const mr_type *type;
  /** Of a struct or union: the attributes that put its members where they are. Types are as read. */
  const mr_member_spec *specs;
  /** Its own attributes. */
  mr_layout_options options;
  /** Whether its scalars are in the order that is not the target's. */
  bool is_swapped;
  /** Whether it was planned, or is being planned. */
  bool is_planned;
  /** Whether what it is made of is being planned. */
  bool is_open;
  /** Whether a definition of its tag is written. */
  bool is_defined;
  /** Whether what is written before the type itself names its tag. */
  bool is_declared;
  /** Of the typedef by which it is known; 0 for none. */
  unsigned number;
  /** The same to layouts as what is read from its text: attributes count beyond alignment. */
  const mr_type *as_read;
  /** An equal type whose text stands for this one; null for none. */
  const struct mr_outline *same;
} mr_outline;

typedef enum mr_definition_form {
  /** A tag alone: `struct s;` */
  MR_DEFINES_NOTHING,
  MR_DEFINES_TAG,
  MR_DEFINES_TYPEDEF
} mr_definition_form;

/** What is written before the type. */
typedef struct mr_definition {
  mr_definition_form form;
  const mr_type *type;
  struct mr_definition *next;
} mr_definition;

/** Octets: enough for most types. */
#define MR_PLAN_STORAGE 4096

typedef struct mr_plan {
  /** Of all that is in it: first the storage, then from the type's allocator. */
  mr_arena arena;
  MR_ALIGNAS(16) unsigned char storage[MR_PLAN_STORAGE];
  mr_target target;
  /** By their types: an open hash table. */
  mr_outline **outlines;
  size_t capacity;
  size_t count;
  mr_definition *first;
  mr_definition **end;
  /** Each with its type: tags, and names of enumerators. */
  mr_names tags;
  mr_names names;
  /** The tag that is being defined. */
  const mr_outline *open;
  unsigned typedefs;
} mr_plan;

/** Plans how a type is written.
 *
 * @param name  of what is declared; may be null
 * @param plan  on failure there is nothing to end
 * @retval MR_UNSUPPORTED  C has no words for it
 * @return                 else as mr_allocate
 */
mr_status mr_plan_init(mr_plan *plan, const mr_type *type, const char *name);

void mr_plan_fini(mr_plan *plan);

/** What was planned for a type; null where nothing was. */
mr_outline *mr_plan_find(const mr_plan *plan, const mr_type *type);

/** The typedef by which a type is known, but for `except`'s own; 0 for none. */
unsigned mr_plan_typedef(const mr_plan *plan, const mr_type *type, const mr_type *except);

/** Writes the name of a typedef of the plan's. */
#define MR_TYPEDEF_PREFIX "mr_type_"

/** Memory of the plan's, zeroed. */
mr_status mr_plan_take(mr_plan *plan, size_t count, size_t size, void *out);

/* Parts of planning. */

/** Finds the attributes by which a struct or union is laid out as it is, of members that are planned. */
mr_status mr_plan_layout(mr_plan *plan, mr_outline *outline);

/** Settles what an outline's type is as read, after all that it is made of. */
mr_status mr_plan_as_read(mr_plan *plan, mr_outline *outline, bool is_realigned);

/** Whether compilers take so large an alignment from an attribute. */
bool mr_can_be_aligned(const mr_plan *plan, size_t alignment);

/** Finds the order of the scalars that a struct or union has itself. */
mr_status mr_plan_order(const mr_plan *plan, mr_outline *outline);

/** Whether what is no member has the target's order. */
bool mr_has_target_order(const mr_plan *plan, const mr_type *type);

#endif
