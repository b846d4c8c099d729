"""readme_test.py <README> <folder for scratch> <cc> <argument for cc>...

Each C program in the README is built as it stands, and runs.
"""

import pathlib
import re
import subprocess
import sys


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
        subprocess.run([cc, "-Wall", "-Wextra", "-Werror", source, "-o", source.with_suffix(""), *arguments],
                       check=True)
        subprocess.run([source.with_suffix("")], check=True, cwd=scratch)


main()
