"""command_test.py cases|text|options|input|output <memregions>

What the command memregions promises. `cases` goes through cases.jsonl, which make_cases.py makes.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent


def run(command, *arguments, text=""):
    return subprocess.run([command, *arguments], input=text, capture_output=True, text=True)


def layout(command, *arguments, text=""):
    return run(command, "layout", *arguments, text=text)


def failed(done, status, *words):
    """Nothing on standard output, and what is wrong on standard error."""
    assert done.returncode == status and not done.stdout and done.stderr.endswith("\n"), done
    for word in words:
        assert word in done.stderr, (word, done)


def check_ok(command, case):
    asked = ["--json", "--target", case["target"], "-t", case["type"], "-"]
    done = layout(command, *asked, text=case["decl"])
    assert done.returncode == 0 and not done.stderr, done
    got = json.loads(done.stdout)
    assert list(got) == ["type", "size", "align", "fields"], got
    assert [got[name] for name in ("type", "size", "align")] == [case[name] for name in ("type", "size", "align")], got
    # Elements of arrays are not listed, but found.
    listed = [field for field in case["fields"] if "]" not in field["path"]]
    known = {field["path"]: field for field in got["fields"]}
    for field in listed:
        assert known.get(field["path"]) == field and list(known[field["path"]]) == list(field), (field, got)
    if case["fields"]:
        paths = [field["path"] for field in case["fields"]]
        chosen = layout(command, *asked, *paths, text=case["decl"])
        assert chosen.returncode == 0 and json.loads(chosen.stdout)["fields"] == case["fields"], (case["fields"], chosen)
    plain = layout(command, *[word for word in asked if word != "--json"], text=case["decl"])
    assert plain.returncode == 0 and not plain.stderr and f"size {case['size']}, " in plain.stdout, plain


def check_case(command, case):
    if case["expect"] == "ok":
        return check_ok(command, case)
    for form in ([], ["--json"]):
        done = layout(command, *form, "--target", case["target"], "-t", case["type"], "-", text=case["decl"])
        failed(done, 1, case["says"])


def check_cases(command):
    cases = [json.loads(line) for line in (HERE / "cases.jsonl").read_text().splitlines()]
    wrong = []
    for case in cases:
        try:
            check_case(command, case)
        except AssertionError as why:
            wrong.append(f"{case['id']}: {why}\n  {case['decl']}")
    assert len(cases) >= 120 and not wrong, "\n".join(wrong)


def check_text(command):
    """Each header in golden/ has the command's arguments in its first line, and beside it the text that is expected."""
    headers = sorted((HERE / "golden").glob("*.h"))
    assert len(headers) >= 4
    for header in headers:
        arguments = json.loads(header.read_text().splitlines()[0].strip("/* "))
        done = layout(command, arguments[0], arguments[1], str(header), *arguments[2:])
        assert done.returncode == 0 and not done.stderr, done
        assert done.stdout == header.with_suffix(".txt").read_text(), f"{header.name}:\n{done.stdout}"


def check_options(command):
    for arguments in ([], ["lay"], ["--nonsense"], ["layout"], ["layout", "-"], ["layout", "-t"], ["layout", "--type"],
                      ["layout", "--target", "-t", "int"], ["layout", "--target=pdp11", "-t", "int"], ["layout", "-x", "-t", "int"],
                      ["layout", "--json=yes", "-t", "int"], ["layout", "--types", "int"], ["layout", "--typ", "int"],
                      ["layout", "--=int"], ["layout", "--target=", "-t", "int"]):
        done = run(command, *arguments)
        failed(done, 2)
        assert done.stderr.count("\n") == 1 and "--help" in done.stderr, done
    text = "struct T { char a; int b; };"
    expected = {"type": "struct T", "size": 8, "align": 4, "fields": [{"path": "b", "offset": 4, "size": 4, "align": 4}]}
    for arguments in (["--json", "-t", "struct T", "-", "b"], ["-tstruct T", "-", "b", "--json"], ["-", "--type=struct T", "b", "--json"],
                      ["--type", "struct T", "--json", "--", "-", "b"], ["-t", "int", "-t", "struct T", "--json", "-", "b"],
                      ["--target=i686-pc-linux-gnu", "--json", "-", "-t", "struct T", "b"]):
        done = layout(command, *arguments, text=text)
        assert done.returncode == 0 and json.loads(done.stdout) == expected, (arguments, done)
    for arguments in (["--help"], ["-h"], ["layout", "--help"], ["layout", "-h"], ["layout", "-t", "int", "-h"]):
        done = run(command, *arguments)
        assert done.returncode == 0 and done.stdout.startswith("usage: memregions") and not done.stderr, done
    done = run(command, "--version")
    assert done.returncode == 0 and done.stdout == f"memregions {os.environ['VERSION']}\n" and not done.stderr, done
    listed = layout(command, "--target", "help").stdout.splitlines()
    names = [line.split()[0] for line in listed]
    assert names == ["x86_64", "i386", "aarch64", "arm", "riscv64", "s390x", "windows-x64"], listed
    assert sum("(this machine)" in line for line in listed) <= 1, listed
    for name in names:
        assert layout(command, "--target", name, "-t", "int").returncode == 0, name


def check_names_that_are_no_text(command, header):
    """JSON is UTF-8, whatever names are: of what is not, each octet becomes U+FFFD."""
    names = {"\u00e9": b"\xc3\xa9", "a\u20acb": b"a\xe2\x82\xacb", "\ud7ff\ue000": b"\xed\x9f\xbf\xee\x80\x80",
             "\U00010000": b"\xf0\x90\x80\x80", "\U000e0020": b"\xf3\xa0\x80\xa0", "\U0010ffff": b"\xf4\x8f\xbf\xbf"}
    for broken in (b"\xff\xe9", b"\x80a", b"\xc1\xbf", b"\xe0\x9f\xbf", b"\xed\xa0\x80", b"\xe2\x82", b"\xe2\x82z", b"\xf0\x8f\xbf\xbf",
                   b"\xf4\x90\x80\x80", b"\xf3\xa0\x80", b"\xf5\x80\x80\x80"):
        names["".join(chr(octet) if octet < 128 else "\ufffd" for octet in broken)] = broken
    for expected, name in names.items():
        header.write_bytes(b"struct T { char " + name + b"; };")
        done = subprocess.run([command, "layout", "--json", "-t", "\tstruct T", header], capture_output=True)
        got = json.loads(done.stdout)
        assert [field["path"] for field in got["fields"]] == [expected] and got["type"] == "\tstruct T", (name, done)


def check_input(command):
    text = "struct T { char a; int b; };"
    with tempfile.TemporaryDirectory() as folder:
        header = pathlib.Path(folder, "t.h")
        header.write_text(text)
        known = layout(command, "-t", "struct T", str(header))
        assert known.returncode == 0 and known.stdout
        assert layout(command, "-t", "struct T", "-", text=text).stdout == known.stdout
        assert layout(command, "-t", "struct T", "/dev/stdin", text=text).stdout == known.stdout
        # Through a FIFO, in pieces, more than a first buffer holds.
        fifo = pathlib.Path(folder, "fifo")
        os.mkfifo(fifo)
        reader = subprocess.Popen([command, "layout", "-t", "struct T", fifo], stdout=subprocess.PIPE, text=True)
        with fifo.open("w") as pipe:
            pipe.write("// filler\n" * 30000)
            pipe.flush()
            pipe.write(text)
        assert reader.communicate()[0] == known.stdout and reader.returncode == 0
        empty = pathlib.Path(folder, "empty.h")
        empty.touch()
        for source in (str(empty), "/dev/null"):
            assert layout(command, "-t", "unsigned short", source).returncode == 0
        failed(layout(command, "-t", "struct T", str(empty)), 1, "'T'")
        failed(layout(command, "-t", "struct T"), 1, "'T'")
        failed(layout(command, "-t", "int", folder), 1, folder)
        failed(layout(command, "-t", "int", f"{folder}/none.h"), 1, "none.h: No such file")
        failed(layout(command, "-t", "struct T", str(header), "c"), 1, "path 'c'", "column 1")
        failed(layout(command, "-t", "struct T", str(header), "b", "a.x"), 1, "path 'a.x'", "column 3")
        failed(layout(command, "-t", "struct T", str(header), "b[1"), 1, "path 'b[1'")
        failed(layout(command, "-t", "int (", str(header)), 1, "-t:1:6: ", "\n  int (\n       ^\n")
        header.write_text("struct T {\n  int x }\n")
        failed(layout(command, "-t", "struct T", str(header)), 1, f"{header}:2:9: ", "\n    int x }\n          ^\n")
        check_names_that_are_no_text(command, header)
        # What is more than text can be is refused unread.
        with header.open("wb") as huge:
            huge.truncate(1 << 42)
        failed(layout(command, "-t", "int", str(header)), 1, "more than 1073741824 octets")
        # Types in types that would be listed for ever.
        header.write_text("struct T0 { };" + "".join(f"struct T{n} {{ struct T{n - 1} a, b; }};" for n in range(1, 40)))
        failed(layout(command, "-t", "struct T39", str(header)), 1, "more than 2^20")
        assert layout(command, "-t", "struct T39", str(header), ".".join("a" * 39)).returncode == 0
    # Bits that 64 bits can't count.
    done = layout(command, "--json", "--target=x86_64", "-t", "struct T", "-",
                  text="struct T { char a[0x7000000000000000]; unsigned b : 3, c : 2; };")
    assert json.loads(done.stdout)["fields"][2]["bit_offset"] == 0x7000000000000000 * 8 + 3, done


def check_output(command):
    if os.path.exists("/dev/full"):
        with open("/dev/full", "w") as full:
            done = subprocess.run([command, "layout", "-t", "int"], stdout=full, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 1 and "standard output: No space" in done.stderr, done
    # Far more than a pipe holds, to one who reads no further.
    text = "struct T {" + "".join(f"int m{n};" for n in range(50000)) + "};"
    for form in ([], ["--json"]):
        writer = subprocess.Popen([command, "layout", *form, "-t", "struct T", "-"], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))
        writer.stdin.write(text)
        writer.stdin.close()
        assert writer.stdout.readline()
        writer.stdout.close()
        said = writer.stderr.read()
        assert writer.wait() == 1 and "standard output" in said, (writer.returncode, said)


def main():
    scenario, command = sys.argv[1:]
    {"cases": check_cases, "text": check_text, "options": check_options, "input": check_input,
     "output": check_output}[scenario](command)


main()
