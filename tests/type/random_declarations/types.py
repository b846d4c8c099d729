"""What the generator knows of a type: the words that name it, and which places in it can be asked for."""

import dataclasses


@dataclasses.dataclass
class Type:
    # As it stands before a declarator.
    words: str
    # int, bool, float, other (of which only size and place are compared), record, array.
    kind: str
    # Bits of the widest bit-field; 0 where it can't be of one.
    bits: int = 0
    # Of a record: (name or None, is_bit_field, Type); of an array: the element and the counts.
    members: list = dataclasses.field(default_factory=list)
    is_union: bool = False
    element: object = None
    counts: tuple = ()
    is_flexible: bool = False
    # The units that it needs, and whether gcc alone knows its byte order.
    units: frozenset = frozenset()
    has_order: bool = False


@dataclasses.dataclass
class Leaf:
    path: str
    kind: str
    is_bit_field: bool


def array_of(element, counts):
    return Type("", "array", element=element, counts=tuple(counts), units=element.units,
                has_order=element.has_order)


def leaves(of, random, prefix=""):
    """Places in a value, of which none overlap: of a union, one member's."""
    if of.kind == "array":
        if 0 in of.counts:
            return [Leaf(prefix, "other", False)]
        index = "".join(f"[{random.choice([0, count - 1])}]" for count in of.counts)
        return leaves(of.element, random, prefix + index)
    if of.kind != "record":
        return [Leaf(prefix, of.kind, False)]
    members = [member for member in of.members if member[0] or not member[1]]
    if of.is_union and members:
        members = [random.choice(members)]
    found = []
    for name, is_bit_field, member in members:
        path = (f"{prefix}.{name}" if prefix else name) if name else prefix
        if is_bit_field:
            found.append(Leaf(path, member.kind, True))
        elif name and member.kind == "record" and not member.members:
            found.append(Leaf(path, "other", False))
        else:
            found += leaves(member, random, path)
    return found
