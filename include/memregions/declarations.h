#ifndef MEMREGIONS_DECLARATIONS_H
#define MEMREGIONS_DECLARATIONS_H

/*
 * Declarations: C text in, types out.
 *
 *     status = mr_declarations_create(NULL, NULL, &declarations);
 *     status = mr_declarations_read(declarations, MR_VIEW("struct point { int x, y; };"), &why);
 *     status = mr_declarations_find(declarations, "struct point", &type, &why);
 *     mr_declarations_destroy(declarations);      (the type lives on, until it is released)
 *
 * What is read is C11 with gcc's extensions, as the preprocessor leaves it (`cc -E`): structs, unions,
 * enums and typedefs, with bit-fields, flexible arrays, anonymous members, _Alignas, _Static_assert and
 * constant expressions; attributes packed, aligned, vector_size, mode and scalar_storage_order; the
 * pragmas pack and scalar_storage_order; line markers. Functions and variables are passed over. An
 * attribute that is not known may change a layout: on what describes data, it is an error. Where gcc and
 * clang lay something out differently, it is refused.
 *
 * Directives are the preprocessor's business: of those, line markers, pragmas and the inclusion of
 * <stdint.h>, <stddef.h>, <stdbool.h> and <inttypes.h> are read, and others refused. A target lays out
 * what the text says; what a header's conditions chose for one machine stays chosen: preprocess for the
 * target.
 *
 * The names of <stdint.h> and <stddef.h>, and bool, are known from the start, and may be defined anew.
 * Pointers have the target's byte order, as in gcc, also where scalar_storage_order turns the rest.
 *
 * What always holds: what was read stays as it is; reading either takes in the whole text, or nothing.
 *
 * Threads: one at a time may use declarations; the types in them are free to share.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <memregions/region.h>
#include <memregions/type.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What has been declared so far. */
typedef struct mr_declarations mr_declarations;

/** How declarations are read. All zeros is what is usual. */
typedef struct mr_declarations_options {
  /** The machine whose layout the types have. */
  mr_target target;
  /** The most octets that a text may have; 0: 1 GiB. */
  size_t text_limit;
} mr_declarations_options;

/** Begins with no declarations but those that are known from the start.
 *
 * @param allocator  of all types in them; borrowed as long as any lives. Null is the system's
 * @param options    read now; null means all zeros
 * @param[out] out   the caller's, who ends it with mr_declarations_destroy; untouched on failure
 * @retval MR_INVALID_ARGUMENT  a target that is none
 * @return                      else as mr_allocate
 */
MR_API MR_MUST_CHECK mr_status mr_declarations_create(mr_allocator *allocator,
                                                      const mr_declarations_options *options,
                                                      mr_declarations **out);

/** Ends declarations. Types that others hold a reference to live on. Null is ignored. */
MR_API void mr_declarations_destroy(mr_declarations *declarations);

/** Reads declarations, which are added to those that are there. May be called again and again: what an
 * earlier text has declared may be declared again, alike, as by a header that both include. A text
 * begins without any pack.
 *
 * Takes time in proportion to the text. What is nested deeper than 64 types, or 256 of what else nests, is
 * refused.
 *
 * @param text            borrowed during the call; need not be terminated
 * @param[out] condition  line and column, counted from 1 (a line by the line markers, a column in octets),
 *                        the offset in `text`, and a message; may be null. mr_declarations_print_error
 *                        shows it with the line
 * @retval MR_SYNTAX_ERROR       the text is no C
 * @retval MR_INVALID_ARGUMENT   it is C by its grammar, but means nothing: a name that is not declared or
 *                               declared twice, a bit-field wider than its type, an assertion that fails
 * @retval MR_UNSUPPORTED        an attribute that is not known, a thing that gcc and clang lay out
 *                               differently, or a limit of this reader
 * @retval MR_OVERFLOW           something is larger than PTRDIFF_MAX, or the target's
 * @return                       else as mr_allocate
 */
MR_API MR_MUST_CHECK mr_status mr_declarations_read(mr_declarations *declarations, mr_view text,
                                                    mr_condition *condition);

/** Writes what went wrong with a text as compilers do: where and what; the line; and a caret under the place.
 *
 *     point.h:3:7: expected ';' after a member, not '}'
 *       int x }
 *             ^
 *
 * @param name       of the text's file, where no line marker names one; null: "declarations"
 * @param text       what was read
 * @param condition  what mr_declarations_read made of it
 * @param write      receives the text in pieces
 * @param context    handed to it
 * @return           MR_OK, or the first other status that `write` answers
 */
MR_API MR_MUST_CHECK mr_status mr_declarations_print_error(const char *name, mr_view text,
                                                           const mr_condition *condition,
                                                           mr_write_function *write, void *context);

/** The type that a type's name means: "struct point", "point_t", "unsigned short", "int (*)[3]".
 *
 * It declares nothing. A type that is first made of others by this, an array say, is made anew by each call, and
 * stays as long as the others.
 *
 * @param name            zero-terminated, as C has it in sizeof
 * @param[out] out        the caller's reference; untouched on failure
 * @param[out] condition  as by mr_declarations_read; may be null
 * @retval MR_NO_SUCH_SLOT  there is no such type, nor, behind a pointer, such a tag
 * @return                  else as mr_declarations_read
 */
MR_API MR_MUST_CHECK mr_status mr_declarations_find(mr_declarations *declarations, const char *name,
                                                    const mr_type **out, mr_condition *condition);

/** The machine whose layout the types have. */
MR_API mr_target mr_declarations_target(const mr_declarations *declarations);

#ifdef __cplusplus
}
#endif
#endif
