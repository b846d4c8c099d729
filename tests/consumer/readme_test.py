"""readme_test.py <README> <folder for scratch> <cc> <argument for cc>...

Each C program in the README is built as it stands, and runs. One that says "Link with -lz" is left out where there is
no such library.
"""

import pathlib
import re
import subprocess
import sys


def libraries_of(program):
    said = re.search(r"Link with ((?:-l\w+ ?)+)", program)
    return said[1].split() if said else []


def links(cc, libraries):
    return subprocess.run([cc, "-x", "c", "-", "-o", "/dev/null", *libraries], input=b"int main(void) { return 0; }",
                          stderr=subprocess.DEVNULL).returncode == 0


def main():
    readme, scratch, *compile_command = sys.argv[1:]
    blocks = re.findall(r"^```c\n(.*?)^```", pathlib.Path(readme).read_text(), re.MULTILINE | re.DOTALL)
    programs = [block for block in blocks if re.search(r"\bint main\b", block)]
    if not programs:
        sys.exit("there are no programs")
    for number, program in enumerate(programs, 1):
        source = pathlib.Path(scratch, f"readme_{number}.c")
        source.write_text(program)
        cc, *arguments = compile_command
        libraries = libraries_of(program)
        if not links(cc, libraries):
            print("left out, without", *libraries)
            continue
        subprocess.run([cc, "-Wall", "-Wextra", "-Werror", source, "-o", source.with_suffix(""), *arguments, *libraries],
                       check=True)
        subprocess.run([source.with_suffix("")], check=True, cwd=scratch)


main()
