"""make_cases.py CASES.jsonl

Asks compilers how they lay out the declarations in case_list.py, and writes what command_test.py expects.

gcc answers for each target that it has; where clang answers something else, the declaration must be one that is refused.
For windows-x64, clang answers. Needed are gcc with -m32, Debian's cross compilers, and clang. Nothing is run but compilers:
the numbers are read out of object files, where they stand as decimal digits; bit-fields, as octets of initialised objects.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from case_list import CASES

CLANG = os.environ.get("CLANG", "clang-14")
GCC = {
    "x86_64": ["gcc"],
    "i386": ["gcc", "-m32"],
    "aarch64": ["aarch64-linux-gnu-gcc"],
    "arm": ["arm-linux-gnueabihf-gcc"],
    "riscv64": ["riscv64-linux-gnu-gcc"],
    "s390x": ["s390x-linux-gnu-gcc"],
}
TRIPLES = {
    "x86_64": "x86_64-linux-gnu",
    "i386": "i386-linux-gnu",
    "aarch64": "aarch64-linux-gnu",
    "arm": "arm-linux-gnueabihf",
    "riscv64": "riscv64-linux-gnu",
    "s390x": "s390x-linux-gnu",
    "windows-x64": "x86_64-pc-windows-msvc",
}
PRELUDE = "#include <stddef.h>\n#include <stdint.h>\n#include <stdbool.h>\n"
DIGITS = 19
MARK = 32


class Refused(Exception):
    """A compiler's first error."""


class Wrong(Exception):
    """A case that is none: what it expects is not what compilers say."""


def compile_object(command, source):
    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(folder, "case.c")
        text.write_text(source)
        done = subprocess.run([*command, "-std=gnu11", "-ffreestanding", "-w", "-c", text, "-o", text.with_suffix(".o")],
                              capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
        if done.returncode != 0:
            raise Refused(next(line for line in done.stderr.splitlines() if "error" in line))
        return text.with_suffix(".o").read_bytes()


def digits_of(expression):
    return ",".join(f"'0'+(unsigned long long)({expression})/{10 ** place}ull%10" for place in reversed(range(DIGITS)))


def parse_field(word):
    """`path`, `path[]` for a flexible array, `path:u` and `path:s` for bit-fields, `path@8` with an alignment to expect."""
    path, form, extra = re.fullmatch(r"([\w.\[\]$]+?)(\[\]|:[us]|@\d+)?", word).group(1, 2, 2)
    return path, form or "", extra


def source_of(case, fields):
    """A translation unit whose object file has all the numbers in it."""
    member = "(*(struct_under_test *)0).{}".format
    values = ["sizeof(struct_under_test)", "_Alignof(struct_under_test)"]
    lines = [PRELUDE, case["decl"], "", f"typedef __typeof__({case['type']}) struct_under_test;"]
    for number, (path, form, _) in enumerate(fields):
        if form in (":u", ":s"):
            lines.append(f"struct __attribute__((packed)) holder{number} {{ char mark[{MARK}]; struct_under_test value; }};")
            lines.append(f'const struct holder{number} object{number} = {{"<FIELD {number:03}>", {{.{path} = -1}}}};')
            values.append(f"offsetof(struct holder{number}, value)")
        else:
            size = "0" if form == "[]" else f"sizeof({member(path)})"
            alignment = form[1:] if form.startswith("@") else f"__alignof__({member(path)})"
            values += [f"offsetof(struct_under_test, {path})", size, alignment]
    cells = ",' ',".join(digits_of(value) for value in values)
    lines.append(f"const char numbers[] = {{'<','V','A','L','U','E','S','>',{cells},'>'}};")
    return "\n".join(lines) + "\n"


def bits_of(octets, is_big_endian):
    order = range(7, -1, -1) if is_big_endian else range(8)
    return [at * 8 + place for at, octet in enumerate(octets) for place, bit in enumerate(order) if octet >> bit & 1]


def ask(command, case, fields, is_big_endian):
    data = compile_object(command, source_of(case, fields))
    values = iter([int(word) for word in re.search(rb"<VALUES>([\d ]+)>", data).group(1).split()])
    result = {"size": next(values), "align": next(values), "fields": []}
    for number, (path, form, _) in enumerate(fields):
        if form in (":u", ":s"):
            start = data.index(b"<FIELD %03d>" % number) + next(values)
            bits = bits_of(data[start:start + result["size"]], is_big_endian)
            assert bits == list(range(bits[0], bits[0] + len(bits))), (case["id"], path, bits)
            result["fields"].append({"path": path, "bit_offset": bits[0], "bit_width": len(bits), "signed": form == ":s"})
        else:
            field = {"path": path, "offset": next(values), "size": next(values), "align": next(values)}
            result["fields"].append({**field, "flexible": True} if form == "[]" else field)
    return result


def places(answer):
    """What gcc and clang must agree on: how clang aligns a member is not to be asked from it."""
    return [answer["size"], answer["align"],
            [{name: value for name, value in field.items() if name != "align"} for field in answer["fields"]]]


def clang_command(target):
    return [CLANG, f"--target={TRIPLES[target]}"]


def answers(case, target):
    fields = [parse_field(word) for word in case["fields"].split()]
    is_big_endian = target == "s390x" if case["order"] is None else case["order"] == "big"
    commands = [] if target == "windows-x64" else [GCC[target]]
    if case["clang"]:
        commands.append(clang_command(target))
    return [ask(command, case, fields, is_big_endian) for command in commands]


def make(case, target):
    record = {"id": f"{case['id']}/{target}", "target": target, "expect": case["expect"], "decl": case["decl"],
              "type": case["type"]}
    if case["expect"] == "refused":
        return {**record, "expect": "error", "says": case["says"]}
    if case["expect"] == "error":
        try:
            compile_object(clang_command(target) if target == "windows-x64" else GCC[target], source_of(case, []))
        except Refused:
            return {**record, "says": case["says"]}
        raise Wrong("it compiles")
    try:
        first, *others = answers(case, target)
    except Refused as why:
        raise Wrong(why) from None
    for other in others:
        if places(other) != places(first):
            raise Wrong(f"gcc and clang differ\n  {first}\n  {other}")
    return {**record, **first}


def main(path):
    lines, wrong = [], []
    for case in CASES:
        for target in case["targets"]:
            try:
                lines.append(json.dumps(make(case, target)))
            except Wrong as why:
                wrong.append(f"{case['id']}/{target}: {why}")
    if wrong:
        sys.exit("\n".join(wrong))
    pathlib.Path(path).write_text("\n".join(lines) + "\n")
    print(f"{len(lines)} cases")


main(*sys.argv[1:])
