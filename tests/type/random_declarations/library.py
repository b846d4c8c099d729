"""What the library makes of units, by its reader, a program."""

import dataclasses
import subprocess

from .compilers import Answer

OK = 0
OVERFLOW = 10
UNSUPPORTED = 14


@dataclasses.dataclass
class Reading:
    status: int
    message: str
    # By type; None where the library does not find it.
    answers: list

    def is_called_wrong(self):
        """What overflows is no constant by C, what is aligned above its size no element, and
        _Alignas lowers nothing; one compiler or another lets some of it pass."""
        return self.status not in (OK, UNSUPPORTED, OVERFLOW) and not any(
            phrase in self.message for phrase in ("overflows", "multiple of their alignment", "lower an alignment"))


def question(unit):
    lines = [f"@unit {unit.number}", unit.text]
    for (name, _), leaves, stores in zip(unit.types, unit.leaves, unit.stores):
        lines.append(f"@type {name}")
        lines += [f"@leaf {leaf.path}" for leaf in leaves]
        lines += [f"@store {leaf.path} {form} {value}" for leaf, (form, value) in stores]
        lines.append("@end")
    if not unit.types:
        lines.append("@end")
    return "\n".join(lines)


def readings(reader, target, units, path):
    text = "\n".join([f"@target {target}", *(question(unit) for unit in units)]) + "\n"
    path.write_text(text)
    said = subprocess.run([*reader, str(path)], capture_output=True, text=True, check=True).stdout
    lines = iter(said.splitlines())
    return {unit.number: reading(unit, lines) for unit in units}


def reading(unit, lines):
    words = next(lines).split(" ", 4)
    assert words[0] == "unit" and int(words[1]) == unit.number, (words, unit.text)
    answers = [type_answer(leaves, stores, lines) for leaves, stores in zip(unit.leaves, unit.stores)]
    if not unit.types:
        next(lines)
    return Reading(int(words[2]), words[4], answers)


def type_answer(leaves, stores, lines):
    _, status, size, alignment = next(lines).split()
    places = []
    for leaf in leaves:
        _, leaf_status, offset, leaf_size, is_bit_field = next(lines).split()
        is_found = int(leaf_status) == OK and bool(int(is_bit_field)) == leaf.is_bit_field
        places.append((None if leaf.is_bit_field else (int(offset), int(leaf_size))) if is_found else leaf_status)
    octets = next(lines).split()
    if int(status) != OK:
        return None
    shown = (octets[2] if len(octets) > 2 else "") if octets[1] == "0" else f"status {octets[1]}"
    return Answer(int(size), int(alignment), places, shown if stores else None)
