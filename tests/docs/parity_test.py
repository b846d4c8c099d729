"""Every C name in docs/parity.md is an exported symbol, or a macro, constant or type of a public header.

usage: parity_test.py PARITY.md INCLUDE_DIR LIBRARY...
"""

import pathlib
import re
import subprocess
import sys


def exported(library):
    lines = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True)
    return {line.split()[-1].split("@")[0] for line in lines.stdout.splitlines() if line}


def declared(headers):
    """Macros, enumeration constants and type names; functions don't count, for they must be exported."""
    names = set()
    for header in headers:
        text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.S)
        names.update(re.findall(r"#define (MR_\w+)", text))
        for body in re.findall(r"enum \w+ \{(.*?)\}", text, flags=re.S):
            names.update(re.findall(r"\b(MR_\w+)", body))
        names.update(re.findall(r"typedef (?:struct|enum) (mr_\w+)", text))
    return names


def main(page, include, *libraries):
    text = pathlib.Path(page).read_text()
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| ") and "model" not in line]
    wanted = set(re.findall(r"`(mr_\w+|MR_\w+)`", text))
    known = declared(pathlib.Path(include).rglob("*.h*"))
    for library in libraries:
        known |= exported(library)
    problems = [f"{name} does not exist" for name in sorted(wanted - known)]
    problems += [f"no C name: {row[1].strip()}" for row in rows if not re.search(r"`(mr|MR)_", row[2])]
    if len(rows) < 40:
        problems.append(f"only {len(rows)} rows")
    print("\n".join(problems) or f"{len(wanted)} names in {len(rows)} rows, all there")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
