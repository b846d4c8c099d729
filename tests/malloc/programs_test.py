"""programs_test.py <library> <project's folder> <sqlite3, or empty> <program of these tests>...

Whole programs run under each allocator to the end, with the output and the exit status that they have under the C
library's malloc.
"""

import os
import subprocess
import sys
import time

ALLOCATORS = ["", "tlsf", "cached", "guarded", "guarded:10000", "tracked"]

PYTHON = """
import collections, json, re, threading
words = [f"{i * 7919 % 1009:x}" for i in range(2000)]
print(collections.Counter(words).most_common(3))
tree = {word: {"at": [i, str(i)], "text": word * 20} for i, word in enumerate(words)}
text = json.dumps(tree, sort_keys=True)
print(len(text), hash(json.loads(text) == tree))
print(len(re.sub("[0-9]+", lambda match: match[0] * 2, text)))
threads = [threading.Thread(target=lambda: sorted(words * 3)) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
class Node: pass
for i in range(2000):
    node = Node(); node.self = node; node.data = bytearray(i % 700)
print(2 ** 20000 % 1000007)
"""

SQL = """
create table numbers (number integer primary key, square integer, word text);
create index words on numbers (word);
%s
update numbers set word = word || 'y' where number %% 3 = 0;
delete from numbers where number %% 7 = 0;
select count(*), sum(square), max(word), group_concat(number %% 10, '') from numbers where word > '35';
select a.number, b.word from numbers a join numbers b on a.square = b.number order by b.word limit 20;
vacuum;
pragma integrity_check;
""" % "\n".join(f"insert into numbers values ({i}, {i * i}, '{i * i:x}{'x' * (i % 90)}');" for i in range(2000))


def programs(project, sqlite3, own):
    """Name, command, input, exit status."""
    source = os.path.join(project, "src", "region", "region.c")
    include = os.path.join(project, "include")
    python = getattr(sys, "_base_executable", sys.executable)
    yield "python3", [python, "-c", PYTHON], "", 0
    yield "python3 over malloc", ["env", "PYTHONMALLOC=malloc", python, "-c", PYTHON], "", 0
    yield "gcc -O2", ["gcc", "-O2", "-std=c11", "-I", include, "-S", "-o", "-", source], "", 0
    yield "gcc fails", ["gcc", "-x", "c", "-fsyntax-only", "-"], "int main(void) { return x; }", 1
    for program in own:
        yield os.path.basename(program), [program], "", 0
    yield "shell", ["sh", "-c", "for i in 1 2 3; do echo $i | cat; done; exit 3"], "", 3
    if sqlite3:
        yield "sqlite3", [sqlite3, ":memory:"], SQL, 0


def run(command, text, variables):
    environment = {**os.environ, "LC_ALL": "C", "PYTHONHASHSEED": "1", **variables}
    result = subprocess.run(
        command, input=text.encode(), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False
    )
    return result.returncode, result.stdout, result.stderr


def main():
    library, project, sqlite3, *own = sys.argv[1:]
    failures = 0
    for name, command, text, status in programs(project, sqlite3, own):
        expected = run(command, text, {})
        if expected[0] != status:
            print(f"{name}: ends with {expected[0]} by itself: {expected[2].decode()}")
            failures += 1
        for allocator in ALLOCATORS:
            before = time.monotonic()
            got = run(command, text, {"LD_PRELOAD": library, "MR_MALLOC": allocator})
            is_same = got == expected
            took = time.monotonic() - before
            print(f"{name:20} {allocator or 'none named':14} {took:6.2f} s  {'same' if is_same else 'NOT THE SAME'}")
            if not is_same:
                print(f"ended with {got[0]}, said {got[2].decode(errors='replace')}")
                failures += 1
    return 1 if failures else 0


sys.exit(main())
