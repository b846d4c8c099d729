"""bench_test.py list|json|options <mr-bench>

What mr-bench promises to those who read its output. Nothing here looks at how long anything took.
"""

import json
import math
import pathlib
import re
import subprocess
import sys
import tempfile

CASES = {
    "allocator": ["bump-inline-16", "bump-inline-64", "bump-inline-256", "bump-dispatch-64", "arena-inline-64"],
    "stream": ["read-u8", "read-u32le", "read-4k"],
    "object": ["slot-get-i32", "slot-set-f64", "path-get", "path-get-nested"],
    "pathname": ["open-sum-64k", "open-sum-16m"],
}

# What a case compares everywhere, its baseline second; and for allocators, what needs to be installed.
SUBJECTS = {
    "allocator": ["memregions", "ideal", "glibc", "obstack"],
    "stream": ["memregions", "loop", "fmemopen"],
    "object": ["memregions", "direct"],
    "pathname": ["memregions", "mmap", "read"],
}
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


def expected_subjects(component):
    """Those that must be there, and those that may."""
    required = set(SUBJECTS[component])
    if component != "allocator":
        return required, required
    known = linker_knows() or set()
    return required | {name for name, library in INSTALLED.items() if library in known}, required | set(INSTALLED)


def check_list(bench):
    listed = run(bench, "--list")
    assert listed.returncode == 0, listed
    lines = [line.split() for line in listed.stdout.splitlines()]
    assert [line[:2] for line in lines] == [[name, case] for name, cases in CASES.items() for case in cases]
    for component, _, *subjects in lines:
        required, allowed = expected_subjects(component)
        assert subjects[:2] == SUBJECTS[component][:2], subjects
        assert required <= set(subjects) <= allowed and len(set(subjects)) == len(subjects), subjects


def check_record(record, component, case):
    assert set(record) == set(RECORD), record
    for member, kind in RECORD.items():
        assert isinstance(record[member], (int, float) if kind is float else kind), (member, record)
    assert (record["component"], record["case"]) == (component, case), record
    assert re.fullmatch(r"ns/\w+", record["unit"]), record
    assert record["baseline"] == SUBJECTS[component][1], record
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
    required, allowed = expected_subjects(component)
    assert required <= set(subjects) <= allowed and len(set(subjects)) == len(subjects), subjects


def check_json(bench):
    with tempfile.TemporaryDirectory() as folder:
        for component, cases in CASES.items():
            check_json_of(bench, component, cases[1], folder)


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
    chosen = run(bench, "--list", "--case", "bump-*-64")
    assert [line.split()[1] for line in chosen.stdout.splitlines()] == ["bump-inline-64", "bump-dispatch-64"], chosen


def main():
    scenario, bench = sys.argv[1:]
    {"list": check_list, "json": check_json, "options": check_options}[scenario](bench)


main()
