#!/bin/sh
# doxygen_test.sh <Doxyfile>
#
# Doxygen reads the public headers without a complaint: names that don't exist, parameters that are none, and public
# names that nothing is said about. Members of a struct may speak for themselves.
set -eu

output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
(cat "$1" && echo "OUTPUT_DIRECTORY = $output") | doxygen - >"$output/log" 2>&1 || echo "doxygen failed" >>"$output/log"
if grep -v '(variable) of struct .* is not documented' "$output/log"; then
  exit 1
fi
