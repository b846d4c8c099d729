"""bench_test.py list|json|options <mr-bench>

What mr-bench promises to those who read its output. Nothing here looks at how long anything took.
"""

import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

CASES = {
    "allocator": ["bump-inline-16", "bump-inline-64", "bump-inline-256", "bump-dispatch-64", "arena-inline-64",
                  "pool-64", "pool-dispatch-64", "tlsf-16", "tlsf-64", "tlsf-256", "tlsf-pair-64", "tlsf-worst",
                  "cached-64", "sampled-64", "threads-2-64"],
    "stream": ["read-u8", "read-u32le", "read-4k"],
    "object": ["slot-get-i32", "slot-set-f64", "slot-get-bitfield", "slot-get-swapped", "path-get", "path-get-nested",
               "parse"],
    "pathname": ["open-sum-64k", "open-sum-16m"],
}

# What a case compares everywhere, its baseline second; and for allocators, what needs to be installed.
SUBJECTS = {
    "allocator": ["memregions", "ideal", "glibc", "obstack"],
    "stream": ["memregions", "loop", "fmemopen"],
    "object": ["memregions", "direct"],
    "pathname": ["memregions", "mmap", "read"],
}
# Cases that differ from the rest of their component.
BLOCKS_GIVEN_BACK = ["tlsf-16", "tlsf-64", "tlsf-256", "tlsf-pair-64", "cached-64",
                     "threads-2-64"]
CASE_SUBJECTS = {
    **{case: ["memregions", "glibc"] for case in BLOCKS_GIVEN_BACK},
    **{case: ["memregions", "glibc", "list"] for case in ("pool-64", "pool-dispatch-64")},
    "sampled-64": ["memregions", "glibc", "parent"],
    "tlsf-worst": ["memregions", "glibc"],
    "parse": ["memregions", "clang"],
}
# A case that is left out where none of these programs is found.
NEEDED_PROGRAMS = {"parse": ["clang-14", "clang"]}
INSTALLED = {
    "mimalloc": "libmimalloc.so.2",
    "jemalloc": "libjemalloc.so.2",
    "apr": "libapr-1.so.0",
    "talloc": "libtalloc.so.2",
}

RECORD = {"component": str, "case": str, "subject": str, "unit": str, "value": float, "baseline": str,
          "ratio": float}


def run(bench, *arguments):
    return subprocess.run([bench, *arguments], capture_output=True, text=True)


def linker_knows():
    """The names of shared libraries in the dynamic linker's cache; None where it can't be asked."""
    try:
        listing = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return set(re.findall(r"^\s+(\S+) ", listing, re.MULTILINE))


def is_left_out(case):
    needed = NEEDED_PROGRAMS.get(case, [])
    return bool(needed) and not any(shutil.which(program) for program in needed)


def cases_here():
    return [(name, case) for name, cases in CASES.items() for case in cases if not is_left_out(case)]


def always_compared(component, case):
    return CASE_SUBJECTS.get(case, SUBJECTS[component])


def expected_subjects(component, case):
    """Those that must be there, and those that may."""
    required = set(always_compared(component, case))
    if component != "allocator" or case == "tlsf-worst":
        return required, required
    may = {"mimalloc", "jemalloc"} if case in CASE_SUBJECTS else set(INSTALLED)
    known = linker_knows() or set()
    return required | {name for name in may if INSTALLED[name] in known}, required | may


def check_list(bench):
    listed = run(bench, "--list")
    assert listed.returncode == 0, listed
    lines = [line.split() for line in listed.stdout.splitlines()]
    assert [tuple(line[:2]) for line in lines] == cases_here(), lines
    for component, case, *subjects in lines:
        required, allowed = expected_subjects(component, case)
        assert subjects[:2] == always_compared(component, case)[:2], subjects
        assert required <= set(subjects) <= allowed and len(set(subjects)) == len(subjects), subjects


def check_record(record, component, case):
    assert set(record) == set(RECORD), record
    for member, kind in RECORD.items():
        assert isinstance(record[member], (int, float) if kind is float else kind), (member, record)
    assert (record["component"], record["case"]) == (component, case), record
    assert re.fullmatch(r"ns/\w+", record["unit"]), record
    assert record["baseline"] == always_compared(component, case)[1], record
    for member in ("value", "ratio"):
        assert math.isfinite(record[member]) and record[member] > 0, record
    if record["subject"] == record["baseline"]:
        assert record["ratio"] == 1, record


def check_json_of(bench, component, case, folder):
    file = pathlib.Path(folder, f"{case}.json")
    done = run(bench, "--quick", "--component", component, "--case", case, "--json", file)
    assert done.returncode == 0, done
    records = json.loads(file.read_text())
    for record in records:
        check_record(record, component, case)
        assert re.search(rf"^{case} +{record['subject']} ", done.stdout, re.MULTILINE), done.stdout
    subjects = [record["subject"] for record in records]
    required, allowed = expected_subjects(component, case)
    assert required <= set(subjects) <= allowed and len(set(subjects)) == len(subjects), subjects


def check_json(bench):
    with tempfile.TemporaryDirectory() as folder:
        for component, case in [(component, cases[1]) for component, cases in CASES.items()] + [
                ("allocator", case) for case in ("pool-64", "tlsf-pair-64", "tlsf-worst", "sampled-64", "threads-2-64")] + [
                ("object", case) for case in ("slot-get-bitfield", "slot-get-swapped", "parse")]:
            if not is_left_out(case):
                check_json_of(bench, component, case, folder)


def check_left_out(bench):
    """Where no program is found, a case that needs one is left out, which is said."""
    for arguments in (["--list"], ["--quick"]):
        done = subprocess.run([bench, *arguments, "--case", "parse"], capture_output=True, text=True,
                              env={**os.environ, "PATH": "/no/such/folder"})
        assert done.returncode == 0 and "parse is left out" in done.stderr and "memregions" not in done.stdout, done


def check_options(bench):
    for arguments in (["--nonsense"], ["word"], ["--json"], ["--case"], ["--case", "no-such"], ["--component"],
                      ["--component", "no-such"], ["--component", "stream", "--case", "bump-*"],
                      ["--quick=yes"]):
        refused = run(bench, *arguments)
        assert refused.returncode == 2 and refused.stderr and not refused.stdout, (arguments, refused)
    helped = run(bench, "--help")
    assert helped.returncode == 0 and helped.stdout.startswith("usage:") and not helped.stderr, helped
    unwritable = run(bench, "--quick", "--case", "read-4k", "--json", "/no/such/folder/file")
    assert unwritable.returncode == 1 and unwritable.stderr and not unwritable.stdout, unwritable
    check_left_out(bench)
    chosen = run(bench, "--list", "--case", "bump-*-64")
    assert [line.split()[1] for line in chosen.stdout.splitlines()] == ["bump-inline-64", "bump-dispatch-64"], chosen


def main():
    scenario, bench = sys.argv[1:]
    {"list": check_list, "json": check_json, "options": check_options}[scenario](bench)


main()
