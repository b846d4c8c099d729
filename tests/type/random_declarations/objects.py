"""What global objects hold in an object file: ELF or COFF."""

import struct


class Objects:
    """The octets of an object file's global objects, by name."""

    def __init__(self, data, order):
        self.data = data
        self.order = order
        self.places = elf_places(data) if data[:4] == b"\x7fELF" else coff_places(data)

    def octets(self, name, size):
        place = self.places[name]
        return bytes(size) if place is None else self.data[place:place + size]

    def numbers(self, name, count):
        octets = self.octets(name, 8 * count)
        return [int.from_bytes(octets[8 * i:8 * i + 8], self.order) for i in range(count)]


def text_at(data, place):
    return data[place:data.index(b"\0", place)].decode()


def elf_sections(data, order, is_64):
    """(type, offset, size, link) each."""
    if is_64:
        start, = struct.unpack_from(order + "Q", data, 0x28)
        size, count = struct.unpack_from(order + "HH", data, 0x3A)
    else:
        start, = struct.unpack_from(order + "I", data, 0x20)
        size, count = struct.unpack_from(order + "HH", data, 0x2E)
    sections = []
    for place in range(start, start + size * count, size):
        _, form = struct.unpack_from(order + "II", data, place)
        offset, octets = struct.unpack_from(order + ("QQ" if is_64 else "II"), data, place + (0x18 if is_64 else 0x10))
        link, = struct.unpack_from(order + "I", data, place + (0x28 if is_64 else 0x18))
        sections.append((form, offset, octets, link))
    return sections


def elf_places(data):
    is_64, order = data[4] == 2, "<" if data[5] == 1 else ">"
    symbols, nothing, first_reserved = 2, 8, 0xFF00
    places = {}
    sections = elf_sections(data, order, is_64)
    for form, offset, size, link in sections:
        if form != symbols:
            continue
        for place in range(offset, offset + size, 24 if is_64 else 16):
            if is_64:
                name, _, _, section, value = struct.unpack_from(order + "IBBHQ", data, place)
            else:
                name, value, _, _, _, section = struct.unpack_from(order + "IIIBBH", data, place)
            if section == 0 or section >= first_reserved:
                continue
            kind, start = sections[section][:2]
            places[text_at(data, sections[link][1] + name)] = None if kind == nothing else start + value
    return places


def coff_places(data):
    table, count = struct.unpack_from("<II", data, 8)
    texts = table + count * 18
    places = {}
    index = 0
    while index < count:
        place = table + index * 18
        zeros, name_place = struct.unpack_from("<II", data, place)
        name = text_at(data, texts + name_place) if zeros == 0 else data[place:place + 8].rstrip(b"\0").decode()
        value, section = struct.unpack_from("<Ih", data, place + 8)
        if section > 0:
            start, = struct.unpack_from("<I", data, 20 + (section - 1) * 40 + 20)
            places[name] = start + value if start else None
        index += 1 + data[place + 17]
    return places
