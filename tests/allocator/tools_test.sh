#!/bin/sh
# tools_test.sh <address-sanitizer|valgrind> <compiler> <project's folder> <folder to build in>
#
# Each misuse of a block is reported by the tool, by the right name, whether or not the library and the program were
# instrumented; and what is no misuse is not. Builds what it needs, so that it does not depend on how the project was.
set -eu
tool=$1 compiler=$2 project=$3 folder=$4

mkdir -p "$folder"
cd "$folder"
failed=0

# Each builder is a subshell: its variables are its own. Valgrind reads no DWARF 5 from clang.

# build_library <name> <flag>...: lib<name>.so and lib<name>.a
build_library() (
  name=$1
  shift
  rm -rf "$name"
  mkdir "$name"
  (
    cd "$name"
    "$compiler" -std=c11 -gdwarf-4 -O1 -fPIC -fvisibility=hidden -D_GNU_SOURCE "$@" -I"$project/include" \
      -c "$project"/src/region/*.c "$project"/src/allocator/*.c
  )
  "$compiler" "$@" -shared -o "lib$name.so" "$name"/*.o
  rm -f "lib$name.a"
  ar cr "lib$name.a" "$name"/*.o
)

# build_program <name> <library> <flag>...
build_program() (
  name=$1 library=$2
  shift 2
  "$compiler" -std=c11 -gdwarf-4 -O1 -fno-builtin "$@" -I"$project/include" "$project/tests/allocator/misuse.c" \
    "$library" -Wl,-rpath,"$folder" -o "$name"
)

# expect <report> <command>...: the command fails and reports so; where the report is none, it succeeds
expect() {
  report=$1
  shift
  if "$@" >output 2>&1; then
    [ "$report" = none ] && return
    echo "not reported: $*"
  else
    [ "$report" != none ] && grep -q "$report" output && return
    echo "wrongly reported: $*"
    cat output
  fi
  failed=1
}

# run_all <usual report> <report after a scope> <way> <command>...
run_all() {
  usual=$1 after_scope=$2 way=$3
  shift 3
  for kind in bump arena; do
    expect none "$@" $kind nothing "$way"
    for misuse in after-clear after-rewind after-deallocate after-shrinking overrun; do
      expect "$usual" "$@" $kind $misuse "$way"
    done
  done
  expect "$after_scope" "$@" arena after-scope-end "$way"
}

test_address_sanitizer() {
  ASAN_OPTIONS=detect_leaks=0
  export ASAN_OPTIONS
  runtime=$("$compiler" -print-file-name=libasan.so)
  case $runtime in
    /*) ;;
    *) runtime=$("$compiler" -print-file-name="libclang_rt.asan-$(uname -m).so") ;;
  esac

  build_library plain
  build_library watched -fsanitize=address
  for library in plain watched; do
    build_program plain-with-$library lib$library.so -Wl,--allow-shlib-undefined
    build_program watched-with-$library lib$library.so -fsanitize=address
    build_program watched-static-with-$library lib$library.a -fsanitize=address
    run_all use-after-poison heap-use-after-free by-memset \
      env LD_PRELOAD="$runtime" ./plain-with-$library
    run_all use-after-poison heap-use-after-free directly ./watched-with-$library
    run_all use-after-poison heap-use-after-free directly ./watched-static-with-$library
  done
}

test_valgrind() {
  build_library plain
  build_program plain-with-plain libplain.so
  run_all 'Invalid write' 'Invalid write' directly \
    valgrind -q --error-exitcode=99 ./plain-with-plain
  expect 'a block of size .* free' valgrind -q --error-exitcode=99 ./plain-with-plain arena after-scope-end directly
}

case $tool in
  address-sanitizer) test_address_sanitizer ;;
  valgrind) test_valgrind ;;
  *)
    echo "no such tool: $tool"
    exit 2
    ;;
esac
exit $failed
