"""heap_report_test.py <heap_report>

The profile and the map that the example writes are what others can read, and both tell the same of the heap.
"""

import gzip
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

SVG = "{http://www.w3.org/2000/svg}"


def varint(octets, at):
    value = shift = 0
    while True:
        octet = octets[at]
        at += 1
        value |= (octet & 0x7F) << shift
        shift += 7
        if octet < 0x80:
            return value, at


def fields(octets):
    """A message of protocol buffers: its values by their field's number."""
    found, at = {}, 0
    while at < len(octets):
        tag, at = varint(octets, at)
        value, at = varint(octets, at)
        if tag & 7 == 2:
            assert at + value <= len(octets), "a field ends after its message"
            value, at = octets[at:at + value], at + value
        else:
            assert tag & 7 == 0, "a kind of field that profiles have not"
        found.setdefault(tag >> 3, []).append(value)
    return found


class HeapReport(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        subprocess.run([program, cls.folder.name], check=True, capture_output=True)
        folder = pathlib.Path(cls.folder.name)
        cls.profile = fields(gzip.decompress((folder / "profile.pb.gz").read_bytes()))
        cls.strings = [text.decode() for text in cls.profile[6]]
        cls.map = xml.etree.ElementTree.parse(folder / "map.svg").getroot()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def messages(self, field):
        return [fields(octets) for octets in self.profile[field]]

    def parts(self):
        """The rectangles of the map: kind, octets, left, top, width."""
        for part in self.map.iter(SVG + "rect"):
            if "data-octets" in part.attrib:
                yield (part.get("class").split()[0], int(part.get("data-octets")), float(part.get("x")),
                       int(part.get("y")), float(part.get("width")))

    def drawn(self, kind):
        return sum(part[1] for part in self.parts() if part[0] == kind)

    def test_samples_have_blocks_and_octets_ever_and_in_use(self):
        types = [(self.strings[t[1][0]], self.strings[t[2][0]]) for t in self.messages(1)]
        self.assertEqual(types, [("alloc_objects", "count"), ("alloc_space", "bytes"),
                                 ("inuse_objects", "count"), ("inuse_space", "bytes")])
        for sample in self.messages(2):
            blocks, octets, live_blocks, live_octets = sample[2]
            self.assertGreater(blocks, 0)
            self.assertGreaterEqual(octets, blocks)
            self.assertLessEqual(live_blocks, blocks)
            self.assertLessEqual(live_octets, octets)

    def test_the_first_string_is_empty_and_every_index_has_one(self):
        self.assertEqual(self.strings[0], "")
        indices = [m[5][0] for m in self.messages(3)] + [f[2][0] for f in self.messages(5)] + self.profile[14]
        self.assertLess(max(indices), len(self.strings))

    def test_what_is_referred_to_is_there_once(self):
        ids = {}
        for field in (3, 4, 5):
            numbers = [message[1][0] for message in self.messages(field)]
            ids[field] = set(numbers)
            self.assertEqual(len(numbers), len(ids[field]))
            self.assertNotIn(0, numbers)
        for sample in self.messages(2):
            self.assertLessEqual(set(sample[1]), ids[4])
        for location in self.messages(4):
            self.assertIn(location[2][0], ids[3] | {0})
            for line in location.get(4, []):
                self.assertIn(fields(line)[1][0], ids[5])

    def test_locations_lie_in_their_mappings(self):
        bounds = {m[1][0]: (m[2][0], m[3][0]) for m in self.messages(3)}
        mapped = [location for location in self.messages(4) if location[2][0]]
        self.assertGreater(len(mapped), 4)
        for location in mapped:
            start, end = bounds[location[2][0]]
            self.assertTrue(start <= location[3][0] < end)

    def test_the_innermost_functions_are_the_works_own(self):
        names = {f[1][0]: self.strings[f[2][0]] for f in self.messages(5)}
        functions = {location[1][0]: [names[fields(line)[1][0]] for line in location.get(4, [])]
                     for location in self.messages(4)}
        innermost = {name for sample in self.messages(2) for name in functions[sample[1][0]]}
        self.assertEqual(innermost, {"read_words", "index_words", "load_pictures", "render_pages"})

    def test_the_map_has_what_is_live_in_the_profile(self):
        self.assertEqual(self.drawn("live"), sum(sample[2][3] for sample in self.messages(2)))

    def test_the_legend_says_what_is_drawn(self):
        values = [text.text for text in self.map.iter(SVG + "text") if text.get("class") == "n"]
        octets = [int(re.match(r"(\d+) octets", value)[1]) for value in values[:3]]
        self.assertEqual(octets, [self.drawn(kind) for kind in ("live", "held", "free")])
        total = next(text.text for text in self.map.iter(SVG + "text") if "addresses" in text.text)
        self.assertEqual(int(total.split()[0]), sum(octets))

    def test_parts_are_as_wide_as_they_have_octets(self):
        _, most, _, _, widest = max(self.parts(), key=lambda part: part[1])
        for _, octets, _, _, width in self.parts():
            self.assertAlmostEqual(width, octets * widest / most, delta=0.02)

    def test_parts_of_a_row_do_not_overlap_and_stay_inside(self):
        rows = {}
        for _, _, left, top, width in self.parts():
            rows.setdefault(top, []).append((left, left + width))
        self.assertGreater(len(rows), 4)
        for parts in rows.values():
            parts.sort()
            for (_, end), (start, _) in zip(parts, parts[1:]):
                self.assertLessEqual(end, start + 0.02)
            self.assertLessEqual(parts[-1][1], int(self.map.get("width")))
        self.assertLess(max(rows), int(self.map.get("height")))

    def test_a_folder_that_is_not_there_is_reported(self):
        result = subprocess.run([program, self.folder.name + "/nowhere"], capture_output=True, text=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn("MR_SYSTEM_ERROR", result.stderr)

    def test_without_a_folder_it_says_how_to_use_it(self):
        result = subprocess.run([program], capture_output=True, text=True)
        self.assertEqual(result.returncode, 2)
        self.assertIn("usage", result.stderr)


program = sys.argv.pop(1)
unittest.main()
