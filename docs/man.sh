#!/bin/sh
# man.sh <Doxyfile> <folder>
#
# Makes man pages of the public headers in <folder>/man3: one for each name, and what is said of all that a header
# holds in memregions_<header>.
set -eu
doxyfile=$1 folder=$2

rm -rf "$folder"
mkdir -p "$folder/man3"
(cat "$doxyfile" && echo "OUTPUT_DIRECTORY = $folder/raw") | doxygen - 2>/dev/null
cd "$folder/raw/man/man3"
for page in mr_*.3 MR_*.3; do
  sed 's|^\.so man3/|&memregions_|' "$page" >"$folder/man3/$page"
done
for page in *.h.3; do
  cp "$page" "$folder/man3/memregions_$page"
done
rm -rf "$folder/raw"
