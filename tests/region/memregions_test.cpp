#include <memregions/memregions.hpp>

#include <setjmp.h>

#include <array>
#include <cstdarg>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

extern "C" {
#include "copying_source.h"
#include "support.h"
}

using namespace memregions;

namespace {

struct point {
  int x;
  int y;
};

/* A copying source over eight octets. Stays where it is: the source borrows it. */
struct fixture {
  std::array<char, 8> octets = {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'};
  copying_source copying = {region_of(octets), MR_OK, MR_OK, MR_OK, 0, 0, 0, 0};
  mr_source source = copying_source_of(&copying);
};

/* Whether `Thing` can stand where a region, a view or a source is made of it. */
template <class Thing, class = void>
struct makes_view : std::false_type {};
template <class Thing>
struct makes_view<Thing, std::void_t<decltype(view_of(std::declval<Thing>()))>> : std::true_type {};

static_assert(makes_view<const std::vector<int> &>::value);
static_assert(!makes_view<std::vector<int>>::value, "a temporary would leave a view of nothing");
static_assert(!makes_view<const std::vector<int>>::value,
              "a temporary would leave a view of nothing");
static_assert(!makes_view<std::string>::value, "a temporary would leave a view of nothing");
static_assert(makes_view<std::string_view>::value);
static_assert(makes_view<const std::string_view>::value);
static_assert(makes_view<std::wstring_view &>::value);
static_assert(!makes_view<std::vector<bool> &>::value, "its elements are no octets");
template <class Thing, class = void>
struct makes_source : std::false_type {};
template <class Thing>
struct makes_source<Thing, std::void_t<decltype(source_of(std::declval<Thing>()))>>
    : std::true_type {};

static_assert(makes_source<std::vector<int> &>::value);
static_assert(makes_source<const std::vector<int> &>::value);
static_assert(!makes_source<std::vector<int>>::value, "it would leave a source of nothing");
static_assert(!makes_source<const std::vector<int>>::value, "it would leave a source of nothing");
static_assert(makes_source<mr_region>::value);
static_assert(makes_source<mr_view>::value);
static_assert(makes_source<const mr_source>::value);

static_assert(!std::is_copy_constructible_v<borrowed_region>);
static_assert(!std::is_copy_assignable_v<borrowed_view>);
static_assert(std::is_nothrow_move_constructible_v<borrowed_region>);
static_assert(std::is_nothrow_move_assignable_v<borrowed_view>);

void containers_make_regions_and_views(void ** /*state*/) {
  int array[3] = {1, 2, 3};
  std::vector<point> points(5);
  const std::array<short, 4> shorts = {1, 2, 3, 4};
  std::string text = "octets";
  assert_ptr_equal(region_of(array).pointer, array);
  assert_int_equal(region_of(array).size, sizeof array);
  assert_ptr_equal(region_of(points).pointer, points.data());
  assert_int_equal(region_of(points).size, 5 * sizeof(point));
  assert_ptr_equal(view_of(shorts).pointer, shorts.data());
  assert_int_equal(view_of(shorts).size, 8);
  assert_int_equal(view_of(text).size, 6);
}

void a_view_is_made_of_a_temporary_that_only_borrows(void ** /*state*/) {
  const std::string_view text = "GIF89a";
  assert_true(mr_equal(view_of(text.substr(0, 3)), MR_VIEW("GIF")));
  assert_int_equal(view_of(std::wstring_view(L"ab")).size, 2 * sizeof(wchar_t));
}

void a_literal_is_viewed_with_its_zero(void ** /*state*/) {
  assert_int_equal(view_of("GIF89a").size, 7);
  assert_int_equal(MR_VIEW("GIF89a").size, 6);
  assert_int_equal(MR_VIEW(L"ab").size, 2 * sizeof(wchar_t));
}

void pointers_with_a_count_make_regions_and_views(void ** /*state*/) {
  int array[3] = {1, 2, 3};
  assert_int_equal(region_of(array + 1, 2).size, 2 * sizeof(int));
  assert_int_equal(view_of(array + 1, 2).size, 2 * sizeof(int));
  assert_ptr_equal(region_of(array, 0).pointer, array);
  assert_null(region_of(static_cast<int *>(nullptr), 4).pointer);
}

void a_count_that_cannot_be_makes_the_null_region(void ** /*state*/) {
  int number = 0;
  assert_null(region_of(&number, SIZE_MAX / 2).pointer);
  assert_null(view_of(&number, SIZE_MAX / sizeof number + 2).pointer);
  assert_int_equal(view_of(&number, SIZE_MAX / sizeof number + 2).size, 0);
}

void containers_make_sources_of_elements(void ** /*state*/) {
  std::vector<int> numbers = {1, 2, 3, 4};
  const std::vector<int> constants = numbers;
  assert_int_equal(mr_source_fill(source_of(numbers), 0xff, mr_range_of(1, 2)), MR_OK);
  assert_true(numbers[0] == 1 && numbers[1] == -1 && numbers[2] == 3);
  assert_int_equal(source_of(constants).unit, sizeof(int));
  assert_int_equal(mr_source_clear(source_of(constants)), MR_READ_ONLY);
}

void regions_views_and_sources_make_sources(void ** /*state*/) {
  char octets[3] = {};
  mr_source source = source_of(source_of(region_of(octets)));
  assert_ptr_equal(source.self, octets);
  assert_int_equal(mr_source_clear(source_of(MR_VIEW("abc"))), MR_READ_ONLY);
}

void a_borrowed_region_is_released_when_it_goes(void ** /*state*/) {
  fixture f;
  {
    borrowed_region part(f.source, {mr_range_of(2, 4), MR_IO});
    assert_true(static_cast<bool>(part));
    assert_int_equal(part.region().size, 2);
    assert_int_equal(f.copying.held, 1);
    std::memset(part.region().pointer, 'X', 2);
  }
  assert_int_equal(f.copying.held, 0);
  assert_memory_equal(f.octets.data(), "abXXefgh", 8);
}

void a_borrowed_view_is_not_written_back(void ** /*state*/) {
  fixture f;
  {
    borrowed_view view(f.source, mr_range_from(6));
    assert_int_equal(view.status(), MR_OK);
    assert_memory_equal(view.view().pointer, "gh", 2);
  }
  assert_int_equal(f.copying.held, 0);
  assert_int_equal(f.copying.octets_written, 0);
}

void a_borrow_moves_and_is_released_once(void ** /*state*/) {
  fixture f, g;
  borrowed_region first(f.source);
  borrowed_region second(std::move(first));
  assert_null(first.region().pointer);  // NOLINT: that it is null is what is claimed
  assert_int_equal(second.region().size, 8);
  borrowed_region third(g.source);
  third = std::move(second);
  assert_int_equal(g.copying.held, 0);
  assert_int_equal(f.copying.held, 1);
  borrowed_region &same = third;
  third = std::move(same);
  assert_int_equal(f.copying.held, 1);
  third = borrowed_region();
  assert_int_equal(f.copying.held, 0);
}

void it_is_true_while_it_holds_a_borrow(void ** /*state*/) {
  fixture f;
  borrowed_region none;
  borrowed_region first(f.source);
  assert_false(static_cast<bool>(none));
  assert_true(static_cast<bool>(first));
  borrowed_region second(std::move(first));
  assert_false(static_cast<bool>(first));  // NOLINT: what is moved from is what is asked about
  assert_true(static_cast<bool>(second));
  none = std::move(second);
  assert_false(static_cast<bool>(second));  // NOLINT
  assert_true(static_cast<bool>(none));
  assert_int_equal(none.release(), MR_OK);
  assert_false(static_cast<bool>(none));
  assert_int_equal(none.status(), MR_OK);
}

void a_borrow_of_nothing_is_a_borrow(void ** /*state*/) {
  borrowed_view nothing(mr_null_source());
  assert_true(static_cast<bool>(nothing));
  assert_int_equal(nothing.release(), MR_OK);
  assert_false(static_cast<bool>(nothing));
}

void a_failed_release_ends_the_borrow_too(void ** /*state*/) {
  fixture f;
  borrowed_region part(f.source);
  f.copying.release_answer = MR_NO_SPACE;
  assert_int_equal(part.release(), MR_NO_SPACE);
  assert_false(static_cast<bool>(part));
}

void release_tells_what_went_wrong(void ** /*state*/) {
  fixture f;
  borrowed_region part(f.source);
  f.copying.release_answer = MR_NO_SPACE;
  assert_int_equal(part.release(), MR_NO_SPACE);
  assert_int_equal(part.release(), MR_OK);
  assert_null(part.region().pointer);
}

void what_cannot_be_borrowed_is_null_and_says_why(void ** /*state*/) {
  borrowed_region refused(source_of(MR_VIEW("abc")));
  borrowed_view reversed(source_of(MR_VIEW("abc")), mr_range_of(2, 1));
  assert_false(static_cast<bool>(refused));
  assert_int_equal(refused.status(), MR_READ_ONLY);
  assert_null(refused.region().pointer);
  assert_false(static_cast<bool>(reversed));
  assert_int_equal(reversed.status(), MR_OUT_OF_BOUNDS);
  assert_null(reversed.view().pointer);
  assert_int_equal(borrowed_view().status(), MR_OK);
}

mr_status throw_seven(void * /*context*/, mr_region region) {
  if (region.size > 0) std::memset(region.pointer, 'X', 1);
  throw 7;
}

mr_status throw_of_several(void * /*context*/, const mr_region * /*regions*/,
                           std::size_t /*count*/) {
  throw 8;
}

mr_status throw_of_view(void * /*context*/, mr_view /*view*/) { throw 9; }

template <class Call>
int thrown_by(Call call) {
  try {
    mr_ignore(call());
  } catch (int thrown) {
    return thrown;
  }
  return 0;
}

void an_exception_passes_and_releases(void ** /*state*/) {
  for (std::size_t limit : {std::size_t{0}, std::size_t{8192}}) {
    fixture f;
    assert_int_equal(mr_set_stack_limit(limit), MR_OK);
    f.copying.extra = 100;
    int thrown =
        thrown_by([&] { return mr_call_with_region(f.source, nullptr, throw_seven, nullptr); });
    assert_int_equal(thrown, 7);
    assert_int_equal(f.copying.held, 0);
    assert_memory_equal(f.octets.data(), "Xbcdefgh", 8);
    thrown =
        thrown_by([&] { return mr_call_with_view(f.source, nullptr, throw_of_view, nullptr); });
    assert_int_equal(thrown, 9);
    assert_int_equal(f.copying.held, 0);
  }
  assert_int_equal(mr_set_stack_limit(8192), MR_OK);
}

void an_exception_releases_several(void ** /*state*/) {
  for (std::size_t limit : {std::size_t{0}, std::size_t{250}, std::size_t{8192}}) {
    fixture f, g;
    assert_int_equal(mr_set_stack_limit(limit), MR_OK);
    const mr_source sources[] = {f.source, g.source};
    int thrown = thrown_by(
        [&] { return mr_call_with_regions(sources, nullptr, 2, throw_of_several, nullptr); });
    assert_int_equal(thrown, 8);
    assert_int_equal(f.copying.held + g.copying.held, 0);
    assert_int_equal(f.copying.acquired + g.copying.acquired, 2);
  }
  assert_int_equal(mr_set_stack_limit(8192), MR_OK);
}

mr_status throw_of_text(void * /*context*/, const char * /*text*/, std::size_t /*length*/) {
  throw 10;
}

void an_exception_passes_through_printing(void ** /*state*/) {
  mr_region region = {};
  assert_int_equal(thrown_by([&] { return mr_region_print(region, throw_of_text, nullptr); }), 10);
  assert_int_equal(thrown_by([&] { return mr_hex_dump(MR_VIEW("a"), 0, throw_of_text, nullptr); }),
                   10);
}

}  // namespace

int main() {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(containers_make_regions_and_views),
      cmocka_unit_test(a_view_is_made_of_a_temporary_that_only_borrows),
      cmocka_unit_test(a_literal_is_viewed_with_its_zero),
      cmocka_unit_test(pointers_with_a_count_make_regions_and_views),
      cmocka_unit_test(a_count_that_cannot_be_makes_the_null_region),
      cmocka_unit_test(containers_make_sources_of_elements),
      cmocka_unit_test(regions_views_and_sources_make_sources),
      cmocka_unit_test(a_borrowed_region_is_released_when_it_goes),
      cmocka_unit_test(a_borrowed_view_is_not_written_back),
      cmocka_unit_test(a_borrow_moves_and_is_released_once),
      cmocka_unit_test(it_is_true_while_it_holds_a_borrow),
      cmocka_unit_test(a_borrow_of_nothing_is_a_borrow),
      cmocka_unit_test(a_failed_release_ends_the_borrow_too),
      cmocka_unit_test(release_tells_what_went_wrong),
      cmocka_unit_test(what_cannot_be_borrowed_is_null_and_says_why),
      cmocka_unit_test(an_exception_passes_and_releases),
      cmocka_unit_test(an_exception_releases_several),
      cmocka_unit_test(an_exception_passes_through_printing),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
