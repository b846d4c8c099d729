#ifndef MEMREGIONS_OBJECT_TEXT_H
#define MEMREGIONS_OBJECT_TEXT_H

/*
 * Objects as text: written as C initialisers and as JSON, read from C initialisers.
 *
 *     {.x = 1, .place = {.line = 2, .column = 7}, .color = RED, .name = "ab\000c"}
 *     {"x": 1, "place": {"line": 2, "column": 7}, "color": "RED", "name": "ab\u0000c"}
 *
 * No locale matters.
 *
 * Threads: as for the objects' memory.
 */

#include <stddef.h>
#include <stdint.h>

#include <memregions/object.h>
#include <memregions/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How much is written, and how. All zeros is all of it, in one line. */
typedef struct mr_print_options {
  /** How deep structs, unions and arrays are opened, the object itself being the first; 0 for no
   * cap. */
  size_t max_depth;
  /** Elements written of each array; 0 for no cap. */
  size_t max_elements;
  /** Spaces that a level is indented by, each member or element standing in a line of its own; 0 for
   * all in one line. */
  unsigned indent;
} mr_print_options;

/** Writes an object as a C initialiser: `{.x = 1, .place = {.line = 2, .column = 7}}`.
 *
 * Scalars are written as by mr_value_print; an enum as its name, where it has one; an array of plain
 * char as a string, without the zeros at its end. Bit-fields without name are left out. Of a union, its
 * largest member is written, of equals the first. A member without name is braced and stands where it
 * was declared, as in C; but where a union's largest member has none and is not its first, the members
 * of it are named as if they were the union's own. A flexible array has the elements that lie in the
 * object.
 *
 * What a cap leaves out is counted in a comment: 990 more.
 *
 * mr_object_read_text makes the same values of it, but for unions whose largest member does not show
 * all, for the octets of NaNs and of other floats that have several for one number, and for what caps
 * leave out.
 *
 * @param options  read now; null means all zeros
 * @param write    receives the text in pieces
 * @param context  handed to it
 * @return         MR_OK, or the first other status that `write` answers
 */
MR_API MR_MUST_CHECK mr_status mr_object_print(mr_object object, const mr_print_options *options,
                                               mr_write_function *write, void *context);

/** Writes an object as JSON, whatever is in it.
 *
 *   - integers of any width are numbers, as bit-fields and pointers are: a reader that takes numbers for
 *     doubles loses digits beyond 2^53;
 *   - floats are numbers; infinities and NaN the strings "Infinity", "-Infinity" and "NaN"; complex
 *     numbers [real, imaginary];
 *   - an enum is its name, or a number where it has none;
 *   - an array of plain char is a string, without the zeros at its end. An octet that is not UTF-8 is the
 *     escape of its value;
 *   - a struct or union is an object, a union with all its members. Members of a member without name are
 *     the outer's. A scalar or array without name is called by its place, "2", or "1.2" within a
 *     member without name; such bit-fields and padding are left out;
 *   - what a cap leaves out is a string: [1, 2, 3, "990 more"]; "5 more" for what is not opened.
 *
 * Unions in unions make text that grows with each: cap what you do not know.
 *
 * @param options  read now; null means all zeros
 * @param write    receives the text in pieces
 * @param context  handed to it
 * @return         MR_OK, or the first other status that `write` answers
 */
MR_API MR_MUST_CHECK mr_status mr_object_print_json(mr_object object,
                                                    const mr_print_options *options,
                                                    mr_write_function *write, void *context);

/** For mr_object_read_text: what the text does not name stays as it is. */
#define MR_READ_KEEP 1u

/** Reads an object from a C initialiser.
 *
 * Initialisers are those of C11 (6.7.9): designators `.a.b[3] =`, and `[1 ... 3] =`, of which one in a
 * row, and before structs and arrays only with braces; braces that may be left out; commas at the end;
 * comments. What the text does not name becomes 0. Where a member of a union comes after another, so
 * does what the other set; but what stays in a union that was set before 16 others, or before a range, and
 * is set again outside of braces of its own is not specified.
 *
 * Values are
 *   - integers of all bases, and characters; with + - * / % << >> & | ^ ~ and parentheses. They are
 *     exact, and not modulo a width, up to 64 bits; but ~ and - of an unsigned one (0u) have its 32 or
 *     64;
 *   - floats, decimal and hexadecimal, INFINITY, NAN, CMPLX(real, imaginary);
 *   - true, false, NULL, the names of the slot's own enum;
 *   - pointers cast from an address: (void *)0x1000;
 *   - strings, for arrays of integers of 8 bits; with or without their terminating zero, as there is
 *     room.
 *
 * It takes time in proportion to the text and the object, but for ranges, braces and members of unions
 * that set again what was set before.
 *
 * @param text            need not be terminated; not the object's own memory
 * @param flags           0 or MR_READ_KEEP
 * @param[out] condition  line and column, counted from 1, and offset, where what is wrong starts; may be
 *                        null
 * @retval MR_READ_ONLY         the object is
 * @retval MR_INVALID_ARGUMENT  a flag that is none, or text in the object's memory
 * @retval MR_SYNTAX_ERROR      text that is no initialiser
 * @retval MR_OUT_OF_BOUNDS     more initialisers than there are places, or an index past the end
 * @retval MR_NO_SUCH_SLOT      a name that there is not
 * @retval MR_TYPE_MISMATCH     a value that does not go there, a designator of no such place
 * @retval MR_OVERFLOW          a value that does not fit
 * @retval MR_UNSUPPORTED       a second range in a row; a range with MR_READ_KEEP before braces; wide
 *                              characters; parentheses nested more than 32 deep; what else C has and is
 *                              not said above
 */
MR_API MR_MUST_CHECK mr_status mr_object_read_text(mr_object object, mr_view text, uint32_t flags,
                                                   mr_condition *condition);

#ifdef __cplusplus
}
#endif
#endif
