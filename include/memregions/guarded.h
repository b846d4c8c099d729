#ifndef MEMREGIONS_GUARDED_H
#define MEMREGIONS_GUARDED_H

/*
 * Guarded: each block ends, or starts, at a page that can't be touched, and its own pages can't be touched once it is
 * released. So an overrun, or an underrun, and a use after release fault at once, and a fault handler can name the block.
 * Sampled, it does so for one block in N, and the rest are the parent's.
 *
 * For:      finding misuse of memory without other tools: of every block in tests, of some in production.
 * Not for:  every block of a program in production; keeping attackers out.
 * Cost:     for a guarded block, two calls of the system and two call stacks (some 10 us: with an interval of 10000, a
 *           nanosecond for each block), whole pages of memory, and twice that and more of addresses. For each other block
 *           of a sampled one, a countdown and a comparison of its address. What is known of a guarded block is kept until
 *           its addresses are used again, in about 480 octets.
 *
 * What faults, and what is only seen later. A block starts at a multiple of its alignment, so it can't always end where
 * its last page does: ask for an alignment of 1 to have it so. What its pages have beside it is filled with a pattern,
 * which is looked at when the block is released and by mr_allocator_check: that finds a short underrun, and an overrun
 * by fewer octets than the alignment, once they have been written with anything but the pattern's own octet, which is
 * one of 126 above 0x80, chosen at init. A short read there is never found. With
 * MR_GUARDED_START it is the other way round: each underrun faults, and a short overrun is found later.
 *
 * What always holds (mr_guarded_is_sound):
 *   - the page before a guarded block's pages and what follows them, a page at least, can't be touched;
 *   - the pages of a released block can't be touched until their addresses are used again. That is not before
 *     `quarantine` blocks of about its size have been released after it, but where addresses are few: released blocks of
 *     about one size keep a sixteenth of them at most, and less where none are left;
 *   - a guarded block moves whenever its size changes, so that stale pointers to it fault.
 * Where addresses, mappings or memory run out, blocks come from the parent, unguarded: mr_guarded_missed counts them.
 *
 * Releasing what is no live block, or with another size or alignment than it was taken with, is MR_CORRUPT, and so is
 * releasing a block beside which something was written: it then stays as it is. What is not guarded is for the parent
 * to judge. Reallocating a block that is released already faults, as its contents are read.
 *
 * Used and total are the pages of guarded blocks and the octets of those that the parent gave; sampled, they are added
 * to the parent's own, which is MR_UNSUPPORTED where the parent's is.
 *
 * Threads: one at a time. The fault handler may run in any.
 */

#include <memregions/allocator.h>
#include <memregions/call_stack.h>
#include <memregions/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Which end of a block touches a page that can't be touched. */
typedef enum mr_guarded_side {
  /** Its end, as far as its alignment allows. */
  MR_GUARDED_END = 0,
  /** Its start. */
  MR_GUARDED_START = 1
} mr_guarded_side;

/** What is guarded, and how much may be spent on it. All zeros is a good start. */
typedef struct mr_guarded_options {
  /** Gives what is not guarded; borrowed until mr_guarded_fini. Null is the system's, MR_CURRENT what is current at
   * init. */
  mr_allocator *parent;
  /** One block in so many is guarded, chosen at random; 0 and 1: each. */
  size_t interval;
  /** Octets of addresses to reserve for guarded blocks; 0: 64 GiB (512 MiB where addresses are of 32 bits), or half of
   * that as often as it takes. */
  size_t reserve;
  /** The most blocks that are guarded at once. 0: 16384, which takes half of the mappings that Linux lets a process
   * have. */
  size_t most;
  /** How many released blocks of about one size keep their addresses; 0: 1024. */
  size_t quarantine;
  mr_guarded_side side;
} mr_guarded_options;

/** An allocator that guards blocks. Its members are its own: use the functions. */
typedef struct mr_guarded {
  mr_allocator base;
  mr_allocator *parent;
  /** Until the next block that is guarded; sampled only. */
  size_t countdown;
  size_t interval;
  /** Where guarded blocks lie. */
  uintptr_t start;
  size_t size;
  struct mr_guarded_space *space;
  /** Guarded blocks, and the octets of their pages. */
  size_t live;
  size_t most;
  size_t used;
  /** Blocks that the parent gave instead, ever. */
  size_t missed;
  /** Those of them that are live, and their octets; not sampled only. */
  size_t passed;
  size_t passed_size;
  uint64_t random;
  mr_guarded_side side;
  unsigned char pattern;
  bool is_watched;
} mr_guarded;

/** Makes an allocator, and reserves its addresses.
 *
 * @param[out] guarded  the caller's; must not move while in use
 * @param options       read now; null means all zeros
 * @retval MR_INVALID_ARGUMENT  there is no such side
 * @retval MR_OUT_OF_MEMORY     the addresses can't be had
 */
MR_API MR_MUST_CHECK mr_status mr_guarded_init(mr_guarded *guarded,
                                               const mr_guarded_options *options);

/** Ends it, and all guarded blocks; those that the parent gave stay the parent's. Using it afterwards is caught in debug
 * builds; in others it has no memory. Ending it again does nothing. */
MR_API void mr_guarded_fini(mr_guarded *guarded);

/** Whether the invariants at the top of this header hold, as far as can be seen at once. False after mr_guarded_fini. */
MR_API bool mr_guarded_is_sound(const mr_guarded *guarded);

/** How many blocks, since init, were to be guarded and are not: the parent gave them. */
MR_API size_t mr_guarded_missed(const mr_guarded *guarded);

/* Naming a block. */

/** Where an address lies, seen from a block. */
typedef enum mr_fault_place {
  MR_FAULT_BEFORE = 0,
  MR_FAULT_INSIDE = 1,
  MR_FAULT_AFTER = 2
} mr_fault_place;

/** What is known of an address, and of the block that it belongs to. */
typedef struct mr_fault {
  const void *address;
  mr_fault_place place;
  /** Octets from the address to the block's start, from the start to it, or from the end to it: the first octet after
   * a block is 0 from its end. */
  size_t distance;
  /** Can't be read where it is released. */
  mr_view block;
  size_t alignment;
  bool is_released;
  mr_call_stack allocated;
  /** Empty where the block is live. */
  mr_call_stack released;
} mr_fault;

/** Tells what an address is: in or beside which block, live or released.
 *
 * Between two blocks it is the live one's, else the nearer one's. May be called in a signal handler.
 *
 * @param[out] out  untouched on failure
 * @retval MR_OUT_OF_BOUNDS  no guarded block was ever near
 */
MR_API MR_MUST_CHECK mr_status mr_guarded_describe(const mr_guarded *guarded, const void *address,
                                                   mr_fault *out);

/** Prints a fault: a line that says where the address lies, then the calls that allocated the block, and those that
 * released it.
 *
 * @param write    receives the text in pieces
 * @param context  handed to it
 * @return         MR_OK, or what `write` answers
 */
MR_API MR_MUST_CHECK mr_status mr_fault_print(const mr_fault *fault, mr_write_function *write,
                                              void *context);

/* Catching faults: SIGSEGV and SIGBUS, in the whole process. */

/** Is told of a fault in the memory of a guarded allocator. Runs in a signal handler, on the thread's alternate stack if
 * it has one. It may leave by siglongjmp. When it returns, the fault goes to the handler that was there before, or ends
 * the process.
 *
 * @param fault  valid during the call
 */
typedef void mr_fault_function(void *context, const mr_fault *fault);

/** Installs a handler for faults in the memory of guarded allocators: the first 64 of those that there are at a time.
 * All other faults go to the handler that was there before.
 *
 * Called again, it changes what is called. One thread at a time.
 *
 * @param function  null: writes the fault to file descriptor 2, what mr_fault_print prints as one line, and aborts
 * @param context   handed to it; borrowed until mr_guarded_leave_faults
 */
MR_API void mr_guarded_catch_faults(mr_fault_function *function, void *context);

/** Ends what mr_guarded_catch_faults began, and installs the handler again that was there before. Where somebody else
 * has installed one since, that stays, and what it hands on goes to the one before. One thread at a time. */
MR_API void mr_guarded_leave_faults(void);

#ifdef __cplusplus
}
#endif
#endif
