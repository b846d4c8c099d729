"""report_test.py <library> <leak program> <an empty folder's name>

What MR_MALLOC and MR_MALLOC_REPORT say is done: the report, and the refusal of names that are none.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import unittest

LIBRARY, PROGRAM, FOLDER = sys.argv[1:]


def run(*arguments, **variables):
    environment = {**os.environ, "LD_PRELOAD": LIBRARY, **variables}
    return subprocess.run(
        [PROGRAM, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False
    )


def path(name):
    return os.path.join(FOLDER, name)


def contents(name):
    with open(path(name), encoding="utf-8") as file:
        return file.read()


class Report(unittest.TestCase):
    def setUp(self):
        shutil.rmtree(FOLDER, ignore_errors=True)
        os.makedirs(FOLDER)

    def test_tells_what_is_live_and_what_was_at_most(self):
        result = run(MR_MALLOC="tracked", MR_MALLOC_REPORT=path("report"))
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, b"", b""))
        first, *rest = contents("report").splitlines()
        self.assertRegex(first, r"\b3000 octets in 3 blocks\b.*\bmost octets: 503000\b")
        self.assertIn("3000 octets in 3 blocks", "\n".join(rest))

    def test_names_the_program_by_whose_calls_blocks_came(self):
        run(MR_MALLOC="tracked", MR_MALLOC_REPORT=path("report"))
        self.assertIn(os.path.basename(PROGRAM) + "+0x", contents("report"))

    def test_takes_the_place_of_an_older_one(self):
        for _ in range(2):
            run(MR_MALLOC="tracked", MR_MALLOC_REPORT=path("report"))
        self.assertEqual(len(re.findall("3000 octets in 3 blocks", contents("report").splitlines()[0])), 1)

    def test_has_the_process_in_its_name(self):
        run("fork", MR_MALLOC="tracked", MR_MALLOC_REPORT=path("of-%p.txt"))
        names = os.listdir(FOLDER)
        self.assertEqual(len(names), 2, names)
        for name in names:
            self.assertRegex(name, r"^of-[0-9]+\.txt$")
            self.assertIn("3000 octets in 3 blocks", contents(name))

    def test_that_can_not_be_written_is_left_out(self):
        result = run(MR_MALLOC="tracked", MR_MALLOC_REPORT=path("no-such-folder/report"))
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        result = run(MR_MALLOC="tracked", MR_MALLOC_REPORT=path("x" * 600))
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertEqual(run(MR_MALLOC="tracked", MR_MALLOC_REPORT="/dev/full").returncode, 0)

    def test_is_tracked_s_alone(self):
        run(MR_MALLOC="tlsf", MR_MALLOC_REPORT=path("report"))
        run(MR_MALLOC="tracked")
        self.assertEqual(os.listdir(FOLDER), [])


class Choice(unittest.TestCase):
    def test_of_no_name_that_is_known_is_refused(self):
        for name in ["glibc", "TLSF", "guarded:", "guarded:0", "guarded:x", "guarded:1x", "guarded:" + "9" * 30, "cached "]:
            result = run(MR_MALLOC=name)
            self.assertEqual(result.returncode, -signal.SIGABRT, name)
            self.assertRegex(result.stderr, rb"^memregions: MR_MALLOC=[^\n]*: [^\n]*tlsf[^\n]*\n$")

    def test_of_all_that_are_known_is_taken(self):
        for name in ["", "tlsf", "cached", "guarded", "guarded:1", "guarded:10000", "tracked"]:
            result = run(MR_MALLOC=name)
            self.assertEqual((result.returncode, result.stderr), (0, b""), name)


unittest.main(argv=sys.argv[:1])
