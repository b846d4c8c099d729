#!/bin/sh
# consumer_test.sh <scenario>
#
# One way to get at memregions, from the tree or from an install of it: build programs that way, and run them.
# The environment says where things are: SOURCE (the tree), BUILD (a build of it), WORK (a folder for scratch),
# LIBDIR (the library folder in a prefix), COMPONENTS (those that were built), LIBFFI_PLACES (where libffi is found),
# LINKS_STATIC (1 if -static links), CC, CMAKE and CTEST.
set -eu

programs="$SOURCE/tests/consumer"
prefix="$WORK/prefix"
libdir="$prefix/$LIBDIR"

all_static="-static"
[ "$LINKS_STATIC" = 1 ] || all_static=""

fail() {
  echo "$*" >&2
  exit 1
}

# consume <how> <linkage> <folder for the build> [cmake argument...]
consume() {
  how=$1 linkage=$2 build=$3
  shift 3
  rm -rf "$build"
  "$CMAKE" -S "$programs/project" -B "$build" -DCMAKE_C_COMPILER="$CC" -DCMAKE_BUILD_TYPE=Debug \
    -DHOW="$how" -DLINKAGE="$linkage" -DCOMPONENTS="$(echo $COMPONENTS | tr ' ' ';')" "$@"
  "$CMAKE" --build "$build" --parallel 2
  "$CTEST" --test-dir "$build" --no-tests=error --output-on-failure
}

# configure <folder for the build> [cmake argument...]: a build of the libraries alone.
configure() {
  build=$1
  shift
  rm -rf "$build"
  "$CMAKE" -S "$SOURCE" -B "$build" -DCMAKE_C_COMPILER="$CC" -DCMAKE_BUILD_TYPE=Debug \
    -DMEMREGIONS_TESTS=OFF -DMEMREGIONS_EXAMPLES=OFF "$@"
  "$CMAKE" --build "$build" --parallel 2
}

# compile <program> [argument...]: a source of this folder, and runs it with the libraries in $libdir.
compile_and_run() {
  program=$1
  shift
  "$CC" -std=c11 "$programs/$program.c" -o "$WORK/$scenario-$program" "$@"
  LD_LIBRARY_PATH="$libdir" "$WORK/$scenario-$program"
}

# package <component>: its name for pkg-config.
package() {
  [ "$1" = memregions ] && echo memregions || echo "mr-$1"
}

pkg_config() {
  PKG_CONFIG_PATH="$libdir/pkgconfig" pkg-config "$@"
}

# refuse <arguments of find_package> <text> [cmake argument...]: CMake stops, and says the text.
refuse() {
  arguments=$1 text=$2
  shift 2
  mkdir -p "$WORK/$scenario-refuse"
  cat >"$WORK/$scenario-refuse/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.21)
project(refuse LANGUAGES C)
find_package(memregions $arguments)
END
  if "$CMAKE" -S "$WORK/$scenario-refuse" -B "$WORK/$scenario-refuse/build" --fresh -DCMAKE_PREFIX_PATH="$prefix" \
      "$@" >"$WORK/$scenario-refuse/log" 2>&1; then
    fail "find_package(memregions $arguments) succeeded"
  fi
  tr -s ' \n' ' ' <"$WORK/$scenario-refuse/log" | grep -qF -- "$text" || {
    cat "$WORK/$scenario-refuse/log"
    fail "find_package(memregions $arguments) did not say: $text"
  }
}

test_install() {
  rm -rf "$WORK"
  "$CMAKE" --install "$BUILD" --prefix "$prefix"
}

test_find_package_shared() {
  consume find_package shared "$WORK/$scenario" -DCMAKE_PREFIX_PATH="$prefix"
}

test_find_package_static() {
  consume find_package static "$WORK/$scenario" -DCMAKE_PREFIX_PATH="$prefix"
}

test_find_package_refuses() {
  refuse "REQUIRED COMPONENTS region nonsense" "there is no component 'nonsense': there are region, allocator,"
  refuse "REQUIRED COMPONENTS region shared static" "ask for 'shared' or 'static', not both"
  refuse "0.2 REQUIRED" "version: 0.1"
  refuse "1.0 REQUIRED" "version: 0.1"
  PKG_CONFIG_LIBDIR=/nowhere refuse "REQUIRED COMPONENTS type static" \
    "static component 'type' is linked with libffi, which was not found" -DCMAKE_IGNORE_PATH="$LIBFFI_PLACES"
}

test_add_subdirectory() {
  consume add_subdirectory shared "$WORK/$scenario" -DMEMREGIONS_SOURCE_DIR="$SOURCE"
}

test_fetch_content() {
  consume FetchContent static "$WORK/$scenario" -DMEMREGIONS_SOURCE_DIR="$SOURCE" -DBUILD_SHARED_LIBS=OFF
}

test_pkg_config_shared() {
  for component in $COMPONENTS; do
    compile_and_run "use_$component" $(pkg_config --cflags --libs "$(package "$component")")
  done
}

test_pkg_config_static() {
  for component in $COMPONENTS; do
    compile_and_run "use_$component" $all_static $(pkg_config --cflags --static --libs "$(package "$component")")
  done
}

# By -lmemregions alone, with each linker there is.
test_plain_link() {
  for linker in bfd gold lld; do
    command -v "ld.$linker" >/dev/null || continue
    for how in -lmemregions "$all_static -lmemregions" "-Wl,-Bstatic -lmemregions -Wl,-Bdynamic"; do
      compile_and_run use_memregions -fuse-ld=$linker -I"$prefix/include" -L"$libdir" $how
    done
  done
}

# Every symbol of every component is there for who opens the one library.
test_dlopen() {
  symbols=$(nm -D --defined-only "$libdir"/*.so.0 | sed -n 's/.* \(mr_[a-z0-9_]*\)@@.*/\1/p')
  "$CC" -std=c11 "$programs/open_symbols.c" -o "$WORK/open_symbols" -ldl
  "$WORK/open_symbols" "$libdir/libmemregions.so.0" $symbols
}

test_python() {
  python3 "$programs/use_all.py" "$libdir/libmemregions.so.0"
}

test_readme() {
  for page in README.md docs/guide.md; do
    mkdir -p "$WORK/readme/$page"
    LD_LIBRARY_PATH="$libdir" python3 "$programs/readme_test.py" "$SOURCE/$page" "$WORK/readme/$page" \
      "$CC" -I"$prefix/include" -L"$libdir" -lmemregions
  done
}

# The command that was installed, where it was.
use_command() {
  "$prefix/bin/memregions" --version | grep -q '^memregions [0-9]'
  echo 'struct point { short x, y; };' | "$prefix/bin/memregions" layout -t 'struct point' - y | grep -q 'short y'
}

test_relocated() {
  "$CMAKE" --install "$BUILD" --prefix "$WORK/before"
  rm -rf "$WORK/after"
  mv "$WORK/before" "$WORK/after"
  prefix="$WORK/after"
  libdir="$prefix/$LIBDIR"
  if grep -rlF -e "$WORK" -e "$SOURCE/" -e "$BUILD" "$libdir/cmake" "$libdir/pkgconfig"; then
    fail "these name folders of the build"
  fi
  consume find_package shared "$WORK/$scenario" -DCMAKE_PREFIX_PATH="$prefix"
  test_pkg_config_shared
  case " $COMPONENTS " in
    *" memregions "*)
      test_plain_link
      use_command
      ;;
  esac
}

test_staged() {
  DESTDIR="$WORK/stage" "$CMAKE" --install "$BUILD" --prefix /usr
  prefix="$WORK/stage/usr"
  libdir="$prefix/$LIBDIR"
  [ "$(ls "$WORK/stage")" = usr ] || fail "files outside /usr"
  test_pkg_config_shared
}

# As a distribution may do it: an absolute library folder, outside the prefix here, and no run paths.
test_absolute_libdir() {
  prefix="$WORK/absolute"
  libdir="$WORK/absolute-lib/deep/triplet"
  configure "$WORK/$scenario" -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR="$libdir" \
    -DCMAKE_SKIP_INSTALL_RPATH=ON
  "$CMAKE" --install "$WORK/$scenario"
  if readelf -d "$libdir"/*.so.0 "$prefix"/bin/* | grep -E 'RPATH|RUNPATH'; then
    fail "there are run paths"
  fi
  test_pkg_config_shared
  export LD_LIBRARY_PATH="$libdir"
  consume find_package shared "$WORK/$scenario-consumer" -Dmemregions_DIR="$libdir/cmake/memregions"
  case " $COMPONENTS " in
    *" memregions "*) use_command ;;
  esac
}

# A library folder as Debian's, under the prefix: what was installed can still be moved.
test_without_libffi() {
  prefix="$WORK/without-libffi"
  libdir="$prefix/lib/triplet"
  PKG_CONFIG_LIBDIR=/nowhere configure "$WORK/$scenario" -DCMAKE_INSTALL_LIBDIR=lib/triplet \
    -DCMAKE_IGNORE_PATH="$LIBFFI_PLACES" \
    >"$WORK/$scenario.log" || fail "$(cat "$WORK/$scenario.log")"
  grep "no libffi found, so type, sequence, object and libmemregions are left out" "$WORK/$scenario.log"
  "$CMAKE" --install "$WORK/$scenario" --prefix "$prefix"

  COMPONENTS="region allocator stream pathname"
  test_pkg_config_shared
  consume find_package shared "$WORK/$scenario-consumer" -Dmemregions_DIR="$libdir/cmake/memregions"
  refuse "REQUIRED COMPONENTS region type" "component 'type' was not installed: it needs libffi" \
    -Dmemregions_DIR="$libdir/cmake/memregions"
}

scenario=$1
"test_$scenario"
