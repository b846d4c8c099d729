"""misuse_test.py <library> <misuse program> <sampled program>

Runs each misuse of blocks of each size under the C library's malloc and under each allocator of the library. `guarded`
catches all; `tlsf` and `cached` catch what the C library catches, at least; `tracked` all but late uses. Prints the table.
`guarded:N` catches what a program does again and again, be it in threads and processes of few blocks.
"""

import os
import signal
import subprocess
import sys

SIZES = [40, 4096, 200000, 4194304]
ALLOCATORS = [None, "tlsf", "cached", "guarded", "tracked"]


def environment(library, allocator):
    result = dict(os.environ)
    if allocator:
        result.update(LD_PRELOAD=library, MR_MALLOC=allocator)
    return result


def run_program(library, allocator, command):
    return subprocess.run(
        command,
        env=environment(library, allocator),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )


def is_caught(result):
    return result.returncode in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS)


def said_well(result):
    """The library says one line where it aborts."""
    text = result.stderr.decode(errors="replace")
    if result.returncode == -signal.SIGABRT:
        return text.startswith("memregions: ") and text.index("\n") == len(text) - 1
    return not text


def names_its_call(result, way):
    """realloc to 0 octets is no free."""
    text = result.stderr.decode(errors="replace")
    return way != "inner-realloc" or text.startswith("memregions: realloc(")


def missed_samples(library, program):
    for interval, way in (("100", "threads"), ("100", "children"), ("2", "second")):
        if not is_caught(run_program(library, "guarded:" + interval, [program, way])):
            yield f"guarded:{interval}: missed {way}"


def main():
    library, program, sampled = sys.argv[1:]
    ways = subprocess.run([program, "", "0"], stdout=subprocess.PIPE, check=False).stdout.decode().split()
    failures = []
    print(f"{'':20}{'size':>8}  " + "".join(f"{name or 'C library':11}" for name in ALLOCATORS))
    for way in ways:
        for size in SIZES:
            row = {}
            for allocator in ALLOCATORS:
                result = run_program(library, allocator, [program, way, str(size)])
                row[allocator] = is_caught(result)
                if not row[allocator] and result.returncode != 0:
                    failures.append(f"{allocator}: {way} {size} ended with {result.returncode}")
                if allocator and not said_well(result):
                    failures.append(f"{allocator}: {way} {size} said {result.stderr}")
                if allocator and not names_its_call(result, way):
                    failures.append(f"{allocator}: {way} {size} did not name its call: {result.stderr}")
            print(f"{way:20}{size:8}  " + "".join(f"{'caught' if row[a] else '-':11}" for a in ALLOCATORS))
            if way == "nothing":
                failures += [f"{a}: no misuse was caught" for a in ALLOCATORS if row[a]]
                continue
            failures += [f"{a}: missed {way} {size}" for a in ("tlsf", "cached") if row[None] and not row[a]]
            if not row["tracked"] and not way.endswith("-after-free"):
                failures.append(f"tracked: missed {way} {size}")
            if not row["guarded"]:
                failures.append(f"guarded: missed {way} {size}")
    failures += missed_samples(library, sampled)
    for failure in failures:
        print(failure)
    return 1 if failures else 0


sys.exit(main())
