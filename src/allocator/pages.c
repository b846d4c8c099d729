#include "memregions/pages.h"

#include <assert.h>
#include <stdatomic.h>

#include "dead.h"
#include "os.h"
#include "watch.h"
#include "window.h"

/* C++ has no _Atomic, so the header can't say it. */
_Static_assert(sizeof(atomic_size_t) == sizeof(size_t), "the counter is changed as an atomic one");

static atomic_size_t *counter_of(const mr_pages *pages) { return (atomic_size_t *)&pages->used; }

static size_t used_now(const mr_pages *pages) {
  return atomic_load_explicit(counter_of(pages), memory_order_relaxed);
}

static void count_change(mr_pages *pages, size_t old_size, size_t new_size) {
  /* Wraps where it shrinks, as it should. */
  atomic_fetch_add_explicit(counter_of(pages), new_size - old_size, memory_order_relaxed);
}

static mr_pages *pages_of(mr_allocator *self) {
  mr_pages *pages = (mr_pages *)self;
  assert(mr_pages_is_sound(pages));
  return pages;
}

static bool is_huge(const mr_pages *pages, size_t size) {
  return pages->is_huge && size >= MR_OS_HUGE_PAGE;
}

static size_t rounded(size_t size, size_t unit) { return (size + unit - 1) & ~(unit - 1); }

/* What a block takes; it must be no larger than the maximum. */
static size_t mapped_for(const mr_pages *pages, size_t size) {
  return rounded(size, is_huge(pages, size) ? MR_OS_HUGE_PAGE : pages->page);
}

static size_t guard_of(const mr_pages *pages) { return pages->has_guards ? pages->page : 0; }

/* What the pages of a block of `size` are aligned to. */
static size_t page_alignment(const mr_pages *pages, size_t size, size_t alignment) {
  size_t least = is_huge(pages, size) ? MR_OS_HUGE_PAGE : pages->page;
  return alignment > least ? alignment : least;
}

static size_t maximum_block_size(mr_allocator *self, size_t alignment) {
  const mr_pages *pages = pages_of(self);
  size_t unit = pages->is_huge ? MR_OS_HUGE_PAGE : pages->page;
  size_t room = ((size_t)PTRDIFF_MAX & ~(unit - 1)) - unit;
  size_t overhead = 2 * pages->page + (alignment > unit ? alignment : unit);
  return overhead < room ? room - overhead : 0;
}

/* The octets past the end of a block are no one's, up to the end of its last page: tools are told. */

static void hide_rest(const mr_pages *pages, mr_region block) {
  if (!pages->is_watched) return;
  mr_watch_hide(mr_region_end(block), mapped_for(pages, block.size) - block.size);
}

static void show_rest(const mr_pages *pages, mr_region block) {
  if (!pages->is_watched) return;
  mr_watch_show_contents(mr_region_end(block), mapped_for(pages, block.size) - block.size);
}

/* Reserves addresses for a block and its guards: where its pages belong, or null. */
static unsigned char *reserve(const mr_pages *pages, size_t size, size_t alignment) {
  size_t guard = guard_of(pages);
  size_t mapped = mapped_for(pages, size);
  size_t spare = page_alignment(pages, size, alignment) - pages->page;
  mr_region all = mr_os_reserve(mapped + 2 * guard + spare);
  if (!all.pointer) return NULL;

  unsigned char *first = (unsigned char *)all.pointer + guard;
  size_t before = (size_t)(-(uintptr_t)first & (spare + pages->page - 1));
  if (before > 0) mr_os_unmap(all.pointer, before);
  if (before < spare) mr_os_unmap(first + before + mapped + guard, spare - before);
  return first + before;
}

static bool unmap(const mr_pages *pages, unsigned char *start, size_t mapped) {
  size_t guard = guard_of(pages);
  return mr_os_unmap(start - guard, mapped + 2 * guard);
}

static void unmap_guards(const mr_pages *pages, unsigned char *start, size_t mapped) {
  if (!pages->has_guards) return;
  (void)mr_os_unmap(start - pages->page, pages->page);
  (void)mr_os_unmap(start + mapped, pages->page);
}

static unsigned char *map_usual(const mr_pages *pages, size_t size, size_t alignment) {
  unsigned char *start = reserve(pages, size, alignment);
  if (!start) return NULL;
  if (!mr_os_commit(start, mapped_for(pages, size))) {
    unmap(pages, start, mapped_for(pages, size));
    return NULL;
  }
  return start;
}

static unsigned char *map_huge(const mr_pages *pages, size_t size, size_t alignment) {
  size_t mapped = mapped_for(pages, size);
  if (!pages->has_guards && alignment <= MR_OS_HUGE_PAGE) {
    mr_region kept_apart = mr_os_map_huge(mapped);
    if (kept_apart.pointer) return kept_apart.pointer;
  }
  unsigned char *start = map_usual(pages, size, alignment);
  if (start) mr_os_prefer_huge(start, mapped);
  return start;
}

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  (void)flags;
  mr_pages *pages = pages_of(self);
  if (size > maximum_block_size(self, alignment)) return mr_region_of(NULL, 0);
  unsigned char *start =
      is_huge(pages, size) ? map_huge(pages, size, alignment) : map_usual(pages, size, alignment);
  if (!start) return mr_region_of(NULL, 0);
  mr_region block = mr_region_of(start, size);
  count_change(pages, 0, mapped_for(pages, size));
  hide_rest(pages, block);
  return block;
}

/* Whether it can be a block of these pages, as far as can be told. */
static bool is_plausible(const mr_pages *pages, mr_region block, size_t alignment) {
  size_t aligned_to = alignment > pages->page ? alignment : pages->page;
  return ((uintptr_t)block.pointer & (aligned_to - 1)) == 0 && block.size <= used_now(pages);
}

/* Unmaps from `end` on what lies up to `old_end`; with guards, the first page of it is the new guard. */
static bool cut_off(const mr_pages *pages, unsigned char *end, unsigned char *old_end) {
  size_t guard = guard_of(pages);
  if (guard > 0 && !mr_os_protect(end, guard)) return false;
  if (mr_os_unmap(end + guard, mr_octets_between(end, old_end))) {
    if (guard > 0) (void)mr_os_decommit(end, guard);
    return true;
  }
  if (guard > 0) (void)mr_os_commit(end, guard);
  return false;
}

/* Maps what lies from `end` up to `new_end`, of which the first page is the guard, if there are any. */
static bool add(const mr_pages *pages, unsigned char *end, unsigned char *new_end) {
  size_t guard = guard_of(pages);
  size_t added = mr_octets_between(end, new_end);
  if (!mr_os_reserve_at(end + guard, added)) return false;
  if (mr_os_commit(end, added)) return true;
  mr_os_unmap(end + guard, added);
  return false;
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_pages *pages = pages_of(self);
  if (!is_plausible(pages, block, alignment) || size > maximum_block_size(self, alignment))
    return false;
  unsigned char *start = block.pointer;
  /* One that grows to be huge is to have whole huge pages. */
  if (((uintptr_t)start & (page_alignment(pages, size, alignment) - 1)) != 0) return false;
  size_t old_mapped = mapped_for(pages, block.size);
  size_t mapped = mapped_for(pages, size);

  show_rest(pages, block);
  bool is_done = mapped == old_mapped;
  if (mapped < old_mapped) is_done = cut_off(pages, start + mapped, start + old_mapped);
  if (mapped > old_mapped) is_done = add(pages, start + old_mapped, start + mapped);
  if (is_done) count_change(pages, old_mapped, mapped);
  if (is_done && is_huge(pages, size)) mr_os_prefer_huge(start, mapped);
  hide_rest(pages, is_done ? mr_region_of(start, size) : block);
  return is_done;
}

static mr_region remap(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_pages *pages = pages_of(self);
  if (!is_plausible(pages, block, alignment) || size > maximum_block_size(self, alignment))
    return mr_region_of(NULL, 0);
  unsigned char *to = reserve(pages, size, alignment);
  if (!to) return mr_region_of(NULL, 0);

  size_t old_mapped = mapped_for(pages, block.size);
  size_t mapped = mapped_for(pages, size);
  show_rest(pages, block);
  if (!mr_os_move(block.pointer, old_mapped, to, mapped)) {
    unmap(pages, to, mapped);
    hide_rest(pages, block);
    return mr_region_of(NULL, 0);
  }
  unmap_guards(pages, block.pointer, old_mapped);
  if (is_huge(pages, size)) mr_os_prefer_huge(to, mapped);
  if (pages->is_watched && mapped > old_mapped)
    mr_watch_show_contents(to + old_mapped, mapped - old_mapped);
  count_change(pages, old_mapped, mapped);
  hide_rest(pages, mr_region_of(to, size));
  return mr_region_of(to, size);
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  mr_pages *pages = pages_of(self);
  if (!is_plausible(pages, block, alignment)) return MR_CORRUPT;
  size_t mapped = mapped_for(pages, block.size);
  show_rest(pages, block);
  /* Where the system can't split what it has joined, the addresses are lost, but not the memory. */
  if (!unmap(pages, block.pointer, mapped)) (void)mr_os_discard(block.pointer, mapped);
  count_change(pages, mapped, 0);
  return MR_OK;
}

static size_t good_size(mr_allocator *self, size_t size, size_t alignment) {
  return size <= maximum_block_size(self, alignment) ? mapped_for(pages_of(self), size) : size;
}

static size_t minimum_block_size(mr_allocator *self) { return pages_of(self)->page; }

static mr_status usage(mr_allocator *self, mr_usage *out) {
  out->total = out->used = used_now(pages_of(self));
  return MR_OK;
}

static mr_status destroy(mr_allocator *self) {
  mr_pages_fini(pages_of(self));
  return MR_OK;
}

static const mr_allocator_ops pages_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "pages",
    .allocate = allocate,
    .resize = resize,
    .remap = remap,
    .release = release,
    .minimum_block_size = minimum_block_size,
    .maximum_block_size = maximum_block_size,
    .good_size = good_size,
    .usage = usage,
    .destroy = destroy,
};

mr_status mr_pages_init(mr_pages *pages, const mr_pages_options *options) {
  mr_pages_options chosen = options ? *options : (mr_pages_options){.kind = MR_PAGES_USUAL};
  if (chosen.kind != MR_PAGES_USUAL && chosen.kind != MR_PAGES_HUGE) return MR_INVALID_ARGUMENT;
  *pages = (mr_pages){.base = {&pages_ops},
                      .page = mr_os_page_size(),
                      .is_huge = chosen.kind == MR_PAGES_HUGE,
                      .has_guards = chosen.has_guards,
                      .is_watched = mr_watch_is_on()};
  return MR_OK;
}

void mr_pages_fini(mr_pages *pages) {
  if (pages->base.ops == &mr_dead_ops) return;
  assert(mr_pages_is_sound(pages));
  *pages = (mr_pages){.base = {&mr_dead_ops}};
}

bool mr_pages_is_sound(const mr_pages *pages) {
  return pages->base.ops == &pages_ops && pages->page > 0 && used_now(pages) % pages->page == 0;
}

mr_status mr_pages_decommit(mr_region region) {
  if (!mr_region_is_sound(region)) return MR_INVALID_ARGUMENT;
  size_t page = mr_os_page_size();
  size_t before = (size_t)(-(uintptr_t)region.pointer & (page - 1));
  if (region.size < before + page) return MR_OK;
  size_t whole = (region.size - before) & ~(page - 1);
  bool is_done = mr_os_discard((unsigned char *)region.pointer + before, whole);
  return is_done ? MR_OK : MR_UNSUPPORTED;
}
