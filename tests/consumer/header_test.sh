#!/bin/sh
# header_test.sh <compiler> <language> <standard> <include folder> <header>...
#
# Each public header compiles without a warning, alone and included again.
set -u
compiler=$1 language=$2 standard=$3 folder=$4
shift 4

failed=0
for header; do
  printf '#include <%s>\n#include <%s>\nextern int not_empty;\n' "$header" "$header" |
    "$compiler" -x "$language" -std="$standard" -I "$folder" -fsyntax-only \
      -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror - || {
    echo "$header does not compile as $standard by $compiler"
    failed=1
  }
done
exit $failed
