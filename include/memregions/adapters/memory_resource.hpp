#ifndef MEMREGIONS_ADAPTERS_MEMORY_RESOURCE_HPP
#define MEMREGIONS_ADAPTERS_MEMORY_RESOURCE_HPP

/*
 * C++17: any allocator as a std::pmr::memory_resource, for the containers of std::pmr.
 *
 *     memregions::memory_resource resource(&arena.base);
 *     std::pmr::vector<int> numbers(&resource);
 *
 * The allocator is borrowed as long as the resource, or memory from it, is used; containers borrow the resource.
 *
 * Cost:     one virtual call a block; nothing before it, for containers say size and alignment when they give it back.
 * Fails by: std::bad_alloc. A block that is given back wrong is left alone, where the allocator finds out.
 * Threads:  as the allocator.
 *
 * Needs exceptions and RTTI.
 */

#include <cstddef>
#include <memory_resource>
#include <new>

#include <memregions/allocator.h>

namespace memregions {

/** An allocator as a memory resource. */
class memory_resource : public std::pmr::memory_resource {
 public:
  /** Takes memory from `allocator`: null is the system's, MR_CURRENT what is current now. */
  explicit memory_resource(mr_allocator *allocator) noexcept
      : allocator_(mr_resolve_allocator(allocator)) {}

  /** Where its memory comes from. Never null. */
  mr_allocator *get() const noexcept { return allocator_; }

 private:
  void *do_allocate(std::size_t size, std::size_t alignment) override {
    mr_region block;
    if (mr_allocate_aligned(allocator_, size, alignment, &block) != MR_OK) throw std::bad_alloc();
    return block.pointer;
  }

  void do_deallocate(void *pointer, std::size_t size, std::size_t alignment) override {
    mr_region block = mr_region_of(pointer, size);
    mr_ignore(mr_deallocate_aligned(allocator_, &block, alignment));
  }

  /** Whether one may give back what the other gave: those of the same allocator. */
  bool do_is_equal(const std::pmr::memory_resource &other) const noexcept override {
    const auto *same = dynamic_cast<const memory_resource *>(&other);
    return same && same->allocator_ == allocator_;
  }

  mr_allocator *allocator_;
};

}  // namespace memregions

#endif
