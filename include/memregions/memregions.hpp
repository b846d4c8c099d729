#ifndef MEMREGIONS_MEMREGIONS_HPP
#define MEMREGIONS_MEMREGIONS_HPP

/*
 * C++17: what generic.h is to C. Nothing here is a symbol of the library.
 *
 * Whatever has contiguous elements (a C array, std::array, std::vector, std::string, a span) makes a region or view.
 * Elements must be trivially copyable: they are taken for their octets.
 *
 * What always holds:
 *   - a region or view borrows: it is valid as long as the container does not move its elements;
 *   - a borrowed_region or borrowed_view holds one borrow or none, and releases it once. They move, and do not copy;
 *   - nothing throws: what can fail has a status.
 */

#include <cstddef>
#include <iterator>
#include <string_view>
#include <type_traits>
#include <utility>

#if __has_include(<version>)
#include <version>
#endif
#if defined(__cpp_lib_ranges)
#include <ranges>
#endif

#include <memregions/scope.h>

namespace memregions {

/** The octets of `count` elements; 0 where there can't be so many, or no elements. */
template <class Element>
constexpr std::size_t octets_of(const Element *elements, std::size_t count) noexcept {
  static_assert(std::is_trivially_copyable_v<Element>, "elements are taken for their octets");
  const std::size_t most = static_cast<std::size_t>(PTRDIFF_MAX) / sizeof(Element);
  return elements && count <= most ? count * sizeof(Element) : 0;
}

/** The region of `count` elements; the null region where there can't be so many. */
template <class Element>
mr_region region_of(Element *elements, std::size_t count) noexcept {
  static_assert(!std::is_const_v<Element>, "what is const makes a view");
  const std::size_t octets = octets_of(elements, count);
  return mr_region_of(count == 0 || octets > 0 ? elements : nullptr, octets);
}

/** The view of `count` elements; the null view where there can't be so many. */
template <class Element>
mr_view view_of(const Element *elements, std::size_t count) noexcept {
  const std::size_t octets = octets_of(elements, count);
  return mr_view_of(count == 0 || octets > 0 ? elements : nullptr, octets);
}

/** The region of a container's elements. Invalid once the container moves them. */
template <class Container>
auto region_of(Container &container) noexcept
    -> decltype(region_of(std::data(container), std::size(container))) {
  return region_of(std::data(container), std::size(container));
}

/** The view of a container's elements. Invalid once the container moves them. A string literal is an array, whose
 * terminating zero is included: MR_VIEW leaves it out. */
template <class Container>
auto view_of(const Container &container) noexcept
    -> decltype(view_of(std::data(container), std::size(container))) {
  return view_of(std::data(container), std::size(container));
}

/** Whether a container's elements outlive it, as those of std::string_view and, in C++20, std::span do. Specialize it for
 * other such types. */
#if defined(__cpp_lib_ranges)
template <class Container>
inline constexpr bool only_borrows = std::ranges::enable_borrowed_range<Container>;
#else
template <class Container>
inline constexpr bool only_borrows = false;
template <class Character, class Traits>
inline constexpr bool only_borrows<std::basic_string_view<Character, Traits> > = true;
#endif

/** A container that goes at the end of the statement, and its elements with it, would leave a view of nothing. */
template <class Container, std::enable_if_t<!only_borrows<Container>, int> = 0>
auto view_of(const Container &&container) -> decltype(view_of(std::data(container), 0)) = delete;

/** A region as a source. */
inline mr_source source_of(mr_region region) noexcept { return mr_region_source(region); }

/** A view as a source. */
inline mr_source source_of(mr_view view) noexcept { return mr_view_source(view); }

/** A source is one already. */
inline mr_source source_of(mr_source source) noexcept { return source; }

/** A container's elements as a source whose ranges count them; read-only where they are const. */
template <class Container>
auto source_of(Container &container) noexcept -> decltype(std::data(container), mr_source()) {
  using element = std::remove_pointer_t<decltype(std::data(container))>;
  if constexpr (std::is_const_v<element>) {
    return mr_const_array_source(view_of(container), sizeof(element));
  } else {
    return mr_array_source(region_of(container), sizeof(element));
  }
}

/** A container that goes at the end of the statement would leave a source of nothing. */
template <class Container>
auto source_of(const Container &&container) -> decltype(std::data(container), mr_source()) = delete;

/** One borrow or none, as an object: what borrowed_region and borrowed_view share. */
class borrowed {
 public:
  /** Why borrowing failed, else MR_OK: also before any borrowing, and after release. */
  mr_status status() const noexcept { return scope_.status; }

  /** Whether it holds a borrow now: not where none was made, borrowing failed, or it was released or moved from. What is
   * lent may be empty. */
  explicit operator bool() const noexcept { return scope_.borrow.direction != mr_direction(); }

  /** Ends the borrow now, and answers what mr_release does. */
  mr_status release() noexcept { return mr_region_scope_end(&scope_); }

 protected:
  borrowed() noexcept = default;
  explicit borrowed(mr_scope_plan plan) noexcept : scope_(mr_region_scope_begin(&plan, nullptr)) {}
  borrowed(borrowed &&other) noexcept : scope_(std::exchange(other.scope_, mr_region_scope())) {}
  borrowed &operator=(borrowed &&other) noexcept {
    if (this != &other) {
      release();
      scope_ = std::exchange(other.scope_, mr_region_scope());
    }
    return *this;
  }
  ~borrowed() { release(); }

  mr_region lent() const noexcept { return scope_.borrow.region; }

 private:
  mr_region_scope scope_ = {};
};

/** A borrowed region that is released when this goes: mr_call_with_region as an object. Scratch is the heap's.
 *
 *     memregions::borrowed_region header(source, {mr_range_of(0, 64), MR_IO});
 *     if (!header) return header.status();
 *     mr_clear(header.region());
 *     return header.release();
 */
class borrowed_region : public borrowed {
 public:
  /** No borrow: the null region. */
  borrowed_region() noexcept = default;

  /** Borrows. On failure the region is null, and status says why. */
  explicit borrowed_region(mr_source source,
                           mr_borrow_options options = {mr_range_all(), MR_IO}) noexcept
      : borrowed(mr_region_scope_plan(source, &options, nullptr)) {}

  /** What is lent; the null region where there is no borrow. */
  mr_region region() const noexcept { return lent(); }
};

/** A borrowed view that is released when this goes: mr_call_with_view as an object. */
class borrowed_view : public borrowed {
 public:
  /** No borrow: the null view. */
  borrowed_view() noexcept = default;

  /** Borrows a part of what is only read. On failure the view is null, and status says why. */
  explicit borrowed_view(mr_source source, mr_range range = mr_range_all()) noexcept
      : borrowed(plan(source, {range, MR_INPUT})) {}

  /** What is lent; the null view where there is no borrow. */
  mr_view view() const noexcept { return mr_region_view(lent()); }

 private:
  static mr_scope_plan plan(mr_source source, mr_borrow_options options) noexcept {
    return mr_view_scope_plan(source, &options, nullptr);
  }
};

}  // namespace memregions

/* arena_scope, where the allocator component is there. */
#if __has_include(<memregions/arena_scope.hpp>)
#include <memregions/arena_scope.hpp>
#endif

#endif
