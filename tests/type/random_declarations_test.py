"""random_declarations_test.py <reader> [target ...]

Random declarations, as the library reads them, against what compilers make of them: sizes, alignments, offsets, and the very
octets of initialised objects, bit-fields and byte orders among them. Where gcc and clang agree, the library must say the
same, or refuse; where they differ, it must refuse; what a compiler rejects, it must not take.

MEMREGIONS_TEST_SEED and MEMREGIONS_TEST_TYPES ask for other and more declarations; MEMREGIONS_TEST_SHOWN for more of what is
wrong. A gcc for another machine takes part where it is installed.
"""

import collections
import dataclasses
import os
import pathlib
import random
import re
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from random_declarations import compilers, generate, library, types  # noqa: E402


@dataclasses.dataclass
class Target:
    name: str
    clang: str
    gcc: list
    order: str
    has_int128: bool


TARGETS = [
    Target("x86_64", "x86_64-linux-gnu", ["gcc"], "little", True),
    Target("i386", "i386-linux-gnu", ["gcc", "-m32"], "little", False),
    Target("aarch64", "aarch64-linux-gnu", ["aarch64-linux-gnu-gcc"], "little", True),
    Target("arm", "arm-linux-gnueabihf", ["arm-linux-gnueabihf-gcc"], "little", False),
    Target("riscv64", "riscv64-linux-gnu", ["riscv64-linux-gnu-gcc"], "little", True),
    Target("s390x", "s390x-linux-gnu", ["s390x-linux-gnu-gcc"], "big", True),
    Target("windows-x64", "x86_64-pc-windows-msvc", [], "little", True),
]

# Shares of the units that are right by all compilers, and that the library refuses all the same.
REFUSED_MAX = 0.08


def works(command, folder):
    """Whether a compiler is there, and has what it needs for its target."""
    if not command or not shutil.which(command[0]):
        return False
    returned, _ = compilers.Compiler("", command, "little", False, folder).run(compilers.PRELUDE, "-fsyntax-only")
    return returned == 0


def compilers_of(target, folder):
    found = []
    if works(target.gcc, folder):
        found.append(compilers.Compiler("gcc", target.gcc, target.order, True, folder))
    for name in ("clang-14", "clang"):
        command = [name, f"--target={target.clang}"]
        if works(command, folder):
            found.append(compilers.Compiler("clang", command, target.order, False, folder))
            break
    return found


def add_questions(unit, source):
    """What is asked of each type: places, and values that are stored all at once."""
    unit.leaves, unit.stores = [], []
    for _, of in unit.types:
        leaves = types.leaves(of, source) if of.kind == "record" else []
        stores = []
        for leaf in leaves:
            if leaf.kind == "int" and source.random() < 0.85:
                stores.append((leaf, ("i", source.choice([2**64 - 1, source.getrandbits(63) | 1]))))
            elif leaf.kind == "float":
                stores.append((leaf, ("f", source.choice(["1.5", "-3.25", "1024.0"]))))
            elif leaf.kind == "bool":
                stores.append((leaf, ("b", 1)))
        unit.leaves.append(leaves)
        unit.stores.append(stores)


def with_needs_met(units, dead):
    """Those that neither are among `dead` nor need one that is; what needs such is dead too."""
    alive = []
    for unit in units:
        if unit.number in dead or any(need in dead for need in unit.needs):
            dead.add(unit.number)
        else:
            alive.append(unit)
    return alive


def same(unit, a, b, has_order=True):
    for one, other in zip(a, b):
        if one is None or other is None:
            return False
        if (one.size, one.alignment, one.leaves) != (other.size, other.alignment, other.leaves):
            return False
        if (has_order or not unit.has_order) and one.octets != other.octets:
            return False
    return True


class Trial:
    """One target's units, and what everyone says of them."""

    def __init__(self, target, reader, count, seed, folder):
        self.target = target
        self.source = random.Random(f"{seed} {target.name}")
        self.compilers = compilers_of(target, folder)
        has_order = bool(self.compilers) and self.compilers[0].has_order
        self.generator = generate.Generator(self.source, target.has_int128, has_order,
                                            target.name != "i386")
        self.units = [self.generator.unit() for _ in range(count)]
        for unit in self.units:
            add_questions(unit, self.source)
        self.readings = library.readings(reader, target.name, self.units, pathlib.Path(folder) / "units.txt")
        self.tally = collections.Counter()
        self.faults = []
        self.refusals = []

    def run(self):
        # A unit that someone rejects, and those that need it, are judged by this alone.
        rejected = {}
        wrong = {unit.number for unit in self.units if unit.is_wrong}
        for compiler in self.compilers:
            dead = set(wrong)
            while found := compiler.rejected(with_needs_met(self.units, dead)):
                for number, message in found.items():
                    rejected.setdefault(number, {})[compiler.name] = message
                dead |= set(found)
        self.judge_wrong()
        alive = with_needs_met(self.units, set(rejected) | wrong)
        answers = [(compiler, compiler.answers(alive)) for compiler in self.compilers]
        unread = {number for number, reading in self.readings.items() if reading.status != 0}
        for unit in self.units:
            if unit.number in rejected:
                self.judge_rejected(unit, rejected[unit.number], unread)
        for unit in alive:
            self.judge(unit, answers, unread)

    def judge_wrong(self):
        """What was made wrong, and the library takes, is tried alone: it spoils what stands behind it."""
        for unit in self.units:
            if not unit.is_wrong:
                continue
            if self.readings[unit.number].status != 0:
                self.tally["wrong and rejected"] += 1
                continue
            messages = [message for compiler in self.compilers for message in compiler.rejected([unit]).values()]
            if messages:
                self.fault("TAKEN THOUGH REJECTED", unit, messages)
            else:
                self.tally["wrong and taken by all"] += 1

    def fault(self, kind, unit, *details):
        self.tally[kind] += 1
        self.faults.append((kind, unit, details))

    def judge_rejected(self, unit, messages, unread):
        if any(need in unread for need in unit.needs):
            self.tally["needs what was refused"] += 1
        elif self.readings[unit.number].status == 0 and None not in self.readings[unit.number].answers:
            self.fault("TAKEN THOUGH REJECTED", unit, messages)
        else:
            self.tally["rejected"] += 1

    def judge(self, unit, answers, unread):
        reading = self.readings[unit.number]
        if any(need in unread for need in unit.needs):
            self.tally["needs what was refused"] += 1
            return
        all_same = all(same(unit, answers[0][1][unit.number], by[unit.number], compiler.has_order)
                       for compiler, by in answers[1:])
        if reading.status == 0 and None not in reading.answers:
            for compiler, by in answers:
                if not same(unit, reading.answers, by[unit.number], compiler.has_order):
                    kind = "ANOTHER LAYOUT" if all_same else "TAKEN THOUGH COMPILERS DIFFER"
                    self.fault(kind, unit, reading.answers, *((c.name, by[unit.number]) for c, by in answers))
                    return
            self.tally["right"] += 1
        elif not all_same:
            self.tally["refused since compilers differ"] += 1
        elif reading.is_called_wrong() and len(answers) > 1:
            self.fault("CALLED WRONG", unit, reading.message)
        else:
            self.tally["refused all the same"] += 1
            self.refusals.append((unit, reading.message))

    def report(self, shown):
        names = ", ".join(compiler.name for compiler in self.compilers)
        print(f"{self.target.name} ({names}): " + ", ".join(f"{count} {kind}" for kind, count in self.tally.most_common()))
        for kind, unit, details in self.faults[:shown]:
            print(f"--- {kind}: unit {unit.number}, read: {self.readings[unit.number].status} "
                  f"{self.readings[unit.number].message}\n{unit.text}")
            for need in sorted(unit.needs):
                print(f"  which needs: {self.units[need - 1].text}")
            for detail in details:
                print("   ", detail)
        if shown > 5:
            reasons = collections.Counter(re.sub(r"'[^']*'|\b[a-zA-Z]\d+\b", "X", message) for _, message in self.refusals)
            for reason, count in reasons.most_common(12):
                print(f"    {count} refused: {reason}")
            for unit, message in self.refusals[:shown]:
                print(f"--- refused all the same: {message}\n{unit.text}")

    def is_right(self):
        right = self.tally["right"]
        refused = self.tally["refused all the same"]
        return not self.faults and right > 0 and refused <= REFUSED_MAX * (right + refused) + 3


def main(reader, names):
    seed = os.environ.get("MEMREGIONS_TEST_SEED", "1")
    count = int(os.environ.get("MEMREGIONS_TEST_TYPES", "600"))
    shown = int(os.environ.get("MEMREGIONS_TEST_SHOWN", "5"))
    is_right = True
    with tempfile.TemporaryDirectory() as folder:
        for target in TARGETS:
            if names and target.name not in names:
                continue
            found = compilers_of(target, folder)
            if not found:
                print(f"{target.name}: no compiler here")
                continue
            trial = Trial(target, [reader], count, seed, folder)
            trial.run()
            trial.report(shown)
            is_right = is_right and trial.is_right()
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
