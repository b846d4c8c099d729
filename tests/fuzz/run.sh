#!/bin/bash
# run.sh <seconds>: all fuzz targets of build/fuzz at once, so long, from what corpus/ keeps. What they find besides
# goes to build/fuzz/found; an input that breaks something to build/fuzz/<target>-crash-... and the like.

set -euo pipefail
cd "$(dirname "$0")/../.."

targets=(declarations path initialiser)
export ASAN_OPTIONS=allocator_may_return_null=1:detect_stack_use_after_return=1

fuzz() {
  local found=build/fuzz/found/$1 log=build/fuzz/$1.log
  mkdir -p "$found"
  "build/fuzz/tests/fuzz/fuzz_$1" -max_total_time="$2" -timeout=10 -rss_limit_mb=2048 -max_len=4096 \
    -dict=tests/fuzz/c.dict -artifact_prefix="build/fuzz/$1-" "$found" "tests/fuzz/corpus/$1" >"$log" 2>&1 || {
    grep -v '^#' "$log"
    return 1
  }
  echo "$1: $(tail -n 1 "$log")"
}

jobs=()
for target in "${targets[@]}"; do
  fuzz "$target" "$1" &
  jobs+=($!)
done
failed=0
for job in "${jobs[@]}"; do
  wait "$job" || failed=1
done
exit "$failed"
