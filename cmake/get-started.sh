#!/bin/sh
# Builds memregions and shows it, or tests it, with all the set-up that needs.

set -eu
cd "$(dirname "$0")/.."

usage() {
  cat <<'END'
sh cmake/get-started.sh demo   build the library, and tour a real file with it
sh cmake/get-started.sh test   build the library with its tests, and run them
sh cmake/get-started.sh help   this text

What is missing is installed first, by the system's package manager; each command says what it installs.
Everything else happens in the folder build/.
END
}

say() {
  printf '== %s\n' "$*"
}

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

have() {
  command -v "$1" >/dev/null 2>&1
}

has_package() {
  have pkg-config && pkg-config --exists "$1"
}

has_lua() {
  has_package lua5.4 || has_package lua-5.4 || has_package lua54 || has_package "lua >= 5.4"
}

find_manager() {
  for manager in apt-get dnf apk pacman zypper brew; do
    have "$manager" && return
  done
  manager=unknown
}

missing=
# need <check> <its argument> <apt-get> <dnf> <apk> <pacman> <zypper> <brew>: where the check fails, the package of
# this system is missing.
need() {
  "$1" "$2" && return
  case $manager in
    apt-get) missing="$missing $3" ;;
    dnf) missing="$missing $4" ;;
    apk) missing="$missing $5" ;;
    pacman) missing="$missing $6" ;;
    zypper) missing="$missing $7" ;;
    brew) missing="$missing $8" ;;
    *) missing="$missing $2" ;;
  esac
}

find_missing() {
  missing=
  need have cc "gcc libc6-dev" gcc "gcc musl-dev" gcc gcc gcc
  need have make make make make make make make
  need have cmake cmake cmake cmake cmake cmake cmake
  need have pkg-config pkg-config pkgconf-pkg-config pkgconf pkgconf pkg-config pkgconf
  need has_package libffi libffi-dev libffi-devel libffi-dev libffi libffi-devel libffi
  [ "$1" = test ] || return 0
  need have g++ g++ gcc-c++ g++ gcc gcc-c++ gcc
  need has_package cmocka libcmocka-dev libcmocka-devel cmocka-dev cmocka libcmocka-devel cmocka
  need have python3 python3 python3 python3 python python3 python3
  need has_package expat libexpat1-dev expat-devel expat-dev expat libexpat-devel expat
  need has_lua lua liblua5.4-dev lua-devel lua5.4-dev lua lua54-devel lua
  need has_package sqlite3 libsqlite3-dev sqlite-devel sqlite-dev sqlite sqlite3-devel sqlite
  need has_package zlib zlib1g-dev zlib-devel zlib-dev zlib zlib-devel zlib
  need have sqlite3 sqlite3 sqlite sqlite sqlite sqlite3 sqlite
}

install_missing() {
  case $manager in
    apt-get) install="apt-get install -y -q" ;;
    dnf) install="dnf install -y -q" ;;
    apk) install="apk add -q" ;;
    pacman) install="pacman -Sy --noconfirm --needed" ;;
    zypper) install="zypper --quiet --non-interactive install" ;;
    brew) install="brew install --quiet" ;;
    *) fail "No package manager that is known here. Install these, and try again:$missing" ;;
  esac
  as_root=
  if [ "$manager" != brew ] && [ "$(id -u)" != 0 ]; then
    have sudo || fail "Run this as root, or install what is missing: $install$missing"
    as_root=sudo
  fi
  say "Installing by $manager:$missing"
  if [ "$manager" = apt-get ]; then
    $as_root apt-get update -q >/dev/null
  fi
  # Both are lists of words.
  $as_root env DEBIAN_FRONTEND=noninteractive $install $missing >/dev/null
}

# quietly <what it is> <command...>: its output is shown only if it fails.
quietly() {
  say "$1"
  shift
  mkdir -p build
  "$@" >build/get-started.log 2>&1 || {
    cat build/get-started.log
    fail "This failed: $*"
  }
}

set_up() {
  find_manager
  find_missing "$1"
  [ -z "$missing" ] || install_missing
  preset=$2
  quietly "Configuring build/$preset" cmake --preset "$preset"
  quietly "Building" cmake --build --preset "$preset" --parallel "$(getconf _NPROCESSORS_ONLN)"
}

demo() {
  set_up demo release
  say "Touring /bin/sh"
  build/release/docs/examples/elf_tour /bin/sh
}

run_tests() {
  set_up test dev
  say "Testing"
  ctest --preset dev --parallel "$(getconf _NPROCESSORS_ONLN)"
}

case ${1-help} in
  demo) demo ;;
  test) run_tests ;;
  help | -h | --help) usage ;;
  *)
    usage >&2
    exit 1
    ;;
esac
