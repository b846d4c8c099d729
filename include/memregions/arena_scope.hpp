#ifndef MEMREGIONS_ARENA_SCOPE_HPP
#define MEMREGIONS_ARENA_SCOPE_HPP

/*
 * C++17: an arena that is this thread's current allocator as long as an object lives. What MR_WITH_ARENA is to C.
 * Nothing here is a symbol of the library.
 */

#include <cstddef>

#include <memregions/arena_scope.h>

namespace memregions {

/** A scope (memregions/arena_scope.h). A local variable: scopes end in the reverse of the order they began in. */
class arena_scope {
 public:
  /** Begins with `size` octets from the heap; 0 takes none before the first block. */
  explicit arena_scope(std::size_t size = 0) noexcept {
    const mr_arena_plan plan = mr_arena_scope_plan(size);
    mr_arena_scope_enter(&scope_, &plan, nullptr, &status_);
  }

  /** Begins with `frame`, which must outlive the scope: an array of mr_scratch beside it, say. */
  template <std::size_t Length>
  explicit arena_scope(mr_scratch (&frame)[Length]) noexcept {
    const mr_arena_plan plan = {sizeof frame, Length, true};
    mr_arena_scope_enter(&scope_, &plan, frame, &status_);
  }

  arena_scope(const arena_scope &) = delete;
  arena_scope &operator=(const arena_scope &) = delete;
  ~arena_scope() { mr_arena_scope_end(&scope_); }

  /** The arena; an allocator that has no memory where it could not begin. */
  mr_allocator *get() const noexcept { return scope_.arena; }

  /** MR_OK, or why it could not begin. */
  mr_status status() const noexcept { return status_; }

 private:
  mr_arena_scope scope_;
  mr_status status_;
};

}  // namespace memregions

#endif
