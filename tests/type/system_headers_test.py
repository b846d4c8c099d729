"""system_headers_test.py <reader> <target>

What the compilers' preprocessors make of this system's headers is read. Headers and compilers that are not there are
passed over; but not all of them.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

HEADERS = ["stdio.h", "stdlib.h", "string.h", "math.h", "complex.h", "tgmath.h", "time.h", "signal.h", "pthread.h",
           "sys/stat.h", "sys/socket.h", "netinet/in.h", "netinet/tcp.h", "elf.h", "link.h", "ucontext.h", "sys/epoll.h",
           "linux/videodev2.h", "linux/if_packet.h", "linux/input.h", "linux/perf_event.h", "immintrin.h", "arm_neon.h",
           "ffi.h", "wchar.h", "stdatomic.h", "threads.h"]
COMPILERS = ["gcc", "clang-14"]


def preprocessed(compiler, header, folder):
    """The text that is left of a header; None where the compiler can't read it."""
    source = pathlib.Path(folder) / "header.c"
    source.write_text(f"#include <{header}>\n")
    command = [compiler, "-std=gnu11", "-w", str(source)]
    if subprocess.run([*command, "-fsyntax-only"], capture_output=True).returncode != 0:
        return None
    return subprocess.run([*command, "-E"], capture_output=True, check=True).stdout


def reading(reader, target, text, folder):
    path = pathlib.Path(folder) / "unit.txt"
    path.write_bytes(f"@target {target}\n@unit 1\n".encode() + text + b"\n@end\n")
    return subprocess.run([reader, str(path)], capture_output=True, check=True).stdout.decode(errors="replace").strip()


def main(reader, target):
    read = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for compiler in filter(shutil.which, COMPILERS):
            for header in HEADERS:
                text = preprocessed(compiler, header, folder)
                if text is None:
                    continue
                said = reading(reader, target, text, folder)
                read += 1
                if not said.startswith("unit 1 0 "):
                    failed += 1
                    print(f"{compiler}, {header}: {said}")
    print(f"{read} texts read, {failed} failed")
    return 0 if read > 5 and failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
