"""What a compiler makes of units: sizes, places and octets, out of object files; nothing is run."""

import dataclasses
import pathlib
import re
import subprocess

from .objects import Objects

# What the library knows from the start.
PRELUDE = """
typedef __INT8_TYPE__ int8_t; typedef __INT16_TYPE__ int16_t; typedef __INT32_TYPE__ int32_t; typedef __INT64_TYPE__ int64_t;
typedef __UINT8_TYPE__ uint8_t; typedef __UINT16_TYPE__ uint16_t; typedef __UINT32_TYPE__ uint32_t;
typedef __UINT64_TYPE__ uint64_t; typedef __SIZE_TYPE__ size_t; typedef __PTRDIFF_TYPE__ ptrdiff_t;
typedef __INTPTR_TYPE__ intptr_t; typedef __WCHAR_TYPE__ wchar_t; typedef __WINT_TYPE__ wint_t;
typedef __INT_LEAST16_TYPE__ int_least16_t; typedef __UINT_LEAST32_TYPE__ uint_least32_t; typedef __UINTMAX_TYPE__ uintmax_t;
typedef __CHAR16_TYPE__ char16_t; typedef __CHAR32_TYPE__ char32_t; typedef _Bool bool;
#include <stddef.h>
"""


@dataclasses.dataclass
class Answer:
    size: int
    alignment: int
    # (offset, size) each, of leaves that are no bit-fields; None for those.
    leaves: list
    octets: object


class Compiler:
    def __init__(self, name, command, order, has_order, folder):
        self.name = name
        self.command = command
        self.order = order
        self.has_order = has_order
        self.folder = pathlib.Path(folder)
        # In a struct: gcc says more of some types by themselves. Where Microsoft's rule is followed, a typedef lowers
        # no member's alignment.
        self.alignment = "_Alignof({name})" if "windows" in command[-1] else "__builtin_offsetof(struct A{id}, a)"

    def run(self, text, *options):
        source = self.folder / "units.c"
        source.write_text(text)
        made = subprocess.run([*self.command, "-std=gnu11", "-w", *options, str(source)], cwd=self.folder,
                              capture_output=True, text=True)
        return made.returncode, made.stderr

    def rejected(self, units):
        """The numbers of the units that it finds wrong, with what it says."""
        _, said = self.run(PRELUDE + "".join(marked(unit, unit.text + "\n" + asked(unit)) for unit in units), "-fsyntax-only",
                           *self.no_limit())
        found = {}
        for number, message in re.findall(r"^u(\d+)\.c:.*?error: (.*)$", said, re.M):
            found.setdefault(int(number), message)
        return found

    def no_limit(self):
        return ["-ferror-limit=0"] if "clang" in self.command[0] else ["-fmax-errors=0"]

    def answers(self, units):
        """By the number of a unit, for each of its types."""
        text = PRELUDE + "".join(marked(unit, unit.text) + questions(unit, self.alignment) for unit in units)
        returned, said = self.run(text, "-c", "-o", "units.o")
        if returned != 0:
            raise RuntimeError(f"{self.name} rejects what it took before:\n{said[:2000]}")
        objects = Objects((self.folder / "units.o").read_bytes(), self.order)
        return {unit.number: [answer(objects, unit, i) for i in range(len(unit.types))] for unit in units}


def marked(unit, text):
    return f'\n# 1 "u{unit.number}.c"\n{text}\n# 1 "u{unit.number}.c"\n;'


def asked(unit):
    """Names its types, which may be no types."""
    return "".join(f" struct B{unit.number}_{i} {{ char a[sizeof({name})]; }};" for i, (name, _) in enumerate(unit.types))


def questions(unit, alignment):
    text = ""
    for i, (name, _) in enumerate(unit.types):
        id = f"{unit.number}_{i}"
        numbers = [f"sizeof({name})", alignment.format(name=name, id=id)]
        for leaf in unit.leaves[i]:
            if not leaf.is_bit_field:
                numbers += [f"__builtin_offsetof({name}, {leaf.path})", f"sizeof((({name} *)0)->{leaf.path})"]
        text += f"struct A{id} {{ char c; __typeof__({name}) a; }};\n"
        text += f"const unsigned long long R{id}[] = {{ {', '.join(numbers)} }};\n"
        stored = [f".{leaf.path} = {c_value(value)}" for leaf, value in unit.stores[i]]
        if stored:
            text += f"const {name} V{id} = {{ {', '.join(stored)} }};\n"
    return text


def c_value(value):
    form, number = value
    return {"i": f"{number}ull", "f": number, "b": "1"}[form]


def answer(objects, unit, i):
    id = f"{unit.number}_{i}"
    places = [leaf for leaf in unit.leaves[i] if not leaf.is_bit_field]
    numbers = objects.numbers(f"R{id}", 2 + 2 * len(places))
    rest = iter(numbers[2:])
    leaves = [None if leaf.is_bit_field else (next(rest), next(rest)) for leaf in unit.leaves[i]]
    octets = objects.octets(f"V{id}", numbers[0]).hex() if unit.stores[i] else None
    return Answer(numbers[0], numbers[1], leaves, octets)
