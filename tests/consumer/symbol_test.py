"""symbol_test.py <gcc> <nm> <library> <include folder> <header>...

What the headers of a component declare and what its shared library exports are the same, and all exported
symbols carry the library's version.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

VERSION = "MEMREGIONS_0"


def declared_functions(gcc, folder, headers):
    """The functions that the headers declare or define, as gcc itself lists the prototypes it has seen."""
    with tempfile.TemporaryDirectory() as scratch:
        source = pathlib.Path(scratch, "all.c")
        source.write_text("".join(f"#include <{header}>\n" for header in headers))
        listing = pathlib.Path(scratch, "prototypes")
        subprocess.run(
            [gcc, "-std=c11", "-fsyntax-only", "-I", folder, "-aux-info", listing, source], check=True)
        ours = {str(pathlib.Path(folder, header).resolve()) for header in headers}
        names = set()
        for line in listing.read_text().splitlines():
            match = re.match(r"/\* (.+?):\d+:\w+ \*/ (.*)", line)
            if match and str(pathlib.Path(match[1]).resolve()) in ours:
                names.add(re.search(r"(\w+) \(", match[2])[1])
        return names


def declared_objects(gcc, folder, headers):
    """The variables that the headers declare."""
    names = set()
    for header in headers:
        text = subprocess.run(
            [gcc, "-std=c11", "-E", "-I", folder, pathlib.Path(folder, header)],
            check=True, capture_output=True, text=True).stdout
        mine = False
        lines = []
        for line in text.splitlines():
            marker = re.match(r'# \d+ "(.+?)"', line)
            if marker:
                mine = marker[1] == str(pathlib.Path(folder, header))
            elif mine:
                lines.append(line)
        for declaration in re.findall(r"\bextern\b([^;{}]*);", "\n".join(lines)):
            declaration = re.sub(r"__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)", "", declaration)
            if "(" not in declaration:
                names.add(re.findall(r"\w+", re.sub(r"\[.*?\]", "", declaration))[-1])
    return names


def exported(nm, library):
    listing = subprocess.run(
        [nm, "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    names = set()
    for line in listing.splitlines():
        name, _, version = line.split()[-1].partition("@@")
        if name == VERSION:
            continue
        if version != VERSION:
            sys.exit(f"{name} is exported with the version '{version}'")
        names.add(name)
    return names


def main():
    gcc, nm, library, folder, *headers = sys.argv[1:]
    public = declared_functions(gcc, folder, headers) | declared_objects(gcc, folder, headers)
    found = exported(nm, library)
    for name in sorted(public - found):
        print(f"{name} is declared, but {library} does not export it")
    for name in sorted(found - public):
        print(f"{name} is exported by {library}, but no public header of the component declares it")
    if not public:
        print("no public names were found")
    sys.exit(public != found or not public)


main()
