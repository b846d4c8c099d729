#ifndef MEMREGIONS_EXPORT_H
#define MEMREGIONS_EXPORT_H

/*
 * How declarations of this library are marked.
 *
 * None of these depends on how the library or the program was configured: a header means the same everywhere.
 */

#if defined(__GNUC__)
/** An exported function or object. */
#define MR_API __attribute__((visibility("default")))
/** The compiler warns where the result is thrown away; mr_ignore discards on purpose. */
#define MR_MUST_CHECK __attribute__((warn_unused_result))
/** Arguments are checked against a printf format. */
#define MR_PRINTF(format_at, arguments_at) __attribute__((format(printf, format_at, arguments_at)))
#else
#define MR_API
#define MR_MUST_CHECK
#define MR_PRINTF(format_at, arguments_at)
#endif

/** A function that callers inline, and that is a symbol of the library too.
 *
 * C has one external definition, in the component. C++ would give every program weak copies of its own that take
 * the place of the library's at run time; gnu_inline makes it emit none.
 */
#if defined(__cplusplus) && defined(__GNUC__)
#define MR_INLINE extern inline __attribute__((gnu_inline, visibility("default")))
#elif defined(__GNUC__)
#define MR_INLINE inline __attribute__((visibility("default")))
#else
#define MR_INLINE inline
#endif

/** Aligns a member or variable to `octets`. */
#if defined(__cplusplus)
#define MR_ALIGNAS(octets) alignas(octets)
#else
#define MR_ALIGNAS(octets) _Alignas(octets)
#endif

#endif
