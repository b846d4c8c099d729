"""Random declarations, as units: texts that are read as a whole, with the names of the types that they declare."""

import dataclasses

from .expressions import Expressions
from .types import Type, array_of
from .wrong import wrong_text

INTEGERS = [
    (["_Bool"], 1), (["bool"], 1), (["char"], 8), (["signed", "char"], 8), (["unsigned", "char"], 8),
    (["short"], 16), (["short", "int"], 16), (["unsigned", "short"], 16), (["unsigned", "short", "int"], 16),
    (["int"], 32), (["signed"], 32), (["signed", "int"], 32), (["unsigned"], 32), (["unsigned", "int"], 32),
    (["long"], 32), (["long", "int"], 32), (["unsigned", "long"], 32), (["signed", "long", "int"], 32),
    (["long", "long"], 64), (["long", "long", "int"], 64), (["unsigned", "long", "long"], 64),
    (["long", "unsigned", "long", "int"], 64), (["__signed__", "char"], 8), (["int8_t"], 8), (["uint16_t"], 16),
    (["int32_t"], 32), (["uint64_t"], 64), (["size_t"], 32), (["intptr_t"], 32), (["wchar_t"], 16),
    (["int_least16_t"], 16), (["uint_least32_t"], 32), (["uintmax_t"], 64), (["char16_t"], 16),
    (["char32_t"], 32), (["ptrdiff_t"], 32), (["wint_t"], 16)]
FLOATS = [["float"], ["double"], ["long", "double"], ["double"]]
COMPLEX = [["float", "_Complex"], ["double", "_Complex"], ["long", "double", "_Complex"], ["_Complex", "float"]]
QUALIFIERS = ["const", "volatile", "__const", "__volatile__", "const volatile"]
HARMLESS = ["unused", "__unused__", "may_alias", 'deprecated("old")', "__may_alias__", ""]
VECTOR_ELEMENTS = [("char", 1), ("short", 2), ("int", 4), ("float", 4), ("double", 8), ("unsigned long long", 8)]
MODES = [("int", "QI"), ("unsigned", "__HI__"), ("int", "SI"), ("unsigned int", "DI"), ("int", "__word__"),
         ("int", "pointer"), ("float", "DF"), ("double", "__SF__"), ("unsigned", "byte")]


@dataclasses.dataclass
class Unit:
    number: int
    text: str
    # (name, Type) of the types to ask for.
    types: list
    needs: frozenset
    is_wrong: bool = False
    has_order: bool = False


class Generator:
    def __init__(self, random, has_int128, has_order, has_max_align=True):
        self.random = random
        self.has_int128 = has_int128
        self.can_order = has_order
        self.from_headers = ["max_align_t", "__builtin_va_list"] if has_max_align else ["__builtin_va_list"]
        self.aligned_types = ["double", "long long", "void *", "long double"] + self.from_headers[:-1]
        self.units = []
        self.pool = []  # Types of earlier units, to be used by later ones.
        self.constants = []  # (text, units)
        self.number = 0
        self.names = 0

    # Small things.

    def chance(self, of):
        return self.random.random() < of

    def name(self, start="m"):
        self.names += 1
        return f"{start}{self.names}"

    def expressions(self):
        return Expressions(self.random, self.constant)

    def constant(self):
        return self.random.choice(self.constants[-40:]) if self.constants else None

    def note(self, of):
        """What the unit that is being made needs."""
        self.needs |= of.units
        self.has_order |= of.has_order
        return of

    def size(self, least=1, most=4):
        expressions = self.expressions()
        text, value = expressions.size(least, most)
        self.needs |= expressions.units
        return text, value

    # Attributes.

    def attribute(self, *parts):
        parts = list(parts)
        if self.chance(0.1):
            parts.append(self.random.choice(HARMLESS))
        self.random.shuffle(parts)
        word = self.random.choice(["__attribute__", "__attribute__", "__attribute"])
        return f"{word}(({', '.join(parts)}))"

    def aligned(self, alignments=(1, 2, 4, 8, 16, 32)):
        if self.chance(0.05):
            return self.random.choice(["aligned", "__aligned__"])
        value = self.random.choice(alignments)
        text = self.random.choice([str(value), hex(value), f"{value // 2} + {value - value // 2}",
                                   f"sizeof(char [{value}])"])
        return f"{self.random.choice(['aligned', '__aligned__'])}({text})"

    def packed(self):
        return self.random.choice(["packed", "__packed__"])

    def alignas(self):
        if self.chance(0.3):
            return f"_Alignas({self.random.choice(self.aligned_types)})"
        return f"_Alignas({self.random.choice(['8', '16', '32', '0', '4 * 4', '64'])})"

    # Types.

    def shuffled(self, words):
        words = list(words)
        self.random.shuffle(words)
        if self.chance(0.15):
            words.insert(self.random.randint(0, len(words)), self.random.choice(QUALIFIERS))
        return " ".join(words)

    def integer(self):
        # Outside of structs, compilers may differ about its alignment.
        if self.has_int128 and self.is_in_record and self.chance(0.05):
            return Type(self.shuffled(self.random.choice([["__int128"], ["unsigned", "__int128"], ["__int128_t"]])),
                        "int", 128)
        words, bits = self.random.choice(INTEGERS)
        return Type(self.shuffled(words), "bool" if bits == 1 else "int", bits)

    def basic(self):
        form = self.random.random()
        if form < 0.65:
            return self.integer()
        if form < 0.83:
            words = self.random.choice(FLOATS)
            return Type(self.shuffled(words), "other" if "long" in words else "float")
        if form < 0.89:
            return Type(self.shuffled(self.random.choice(COMPLEX)), "other")
        if form < 0.94:
            words = self.random.choice(["int", "long", "char", "short", "unsigned long long", "double", "float"])
            atomic = self.random.choice([f"_Atomic {words}", f"_Atomic({words})", f"{words} _Atomic"])
            return Type(atomic, "float" if words in ("double", "float") else "int")
        if form < 0.97:
            return Type(self.random.choice(self.from_headers), "other")
        return self.typeof()

    def typeof(self):
        word = self.random.choice(["__typeof__", "typeof", "__typeof"])
        form = self.random.random()
        if form < 0.4:
            inner = self.integer()
            return Type(f"{word}({inner.words})", inner.kind, inner.bits)
        if form < 0.6:
            expressions = self.expressions()
            text = expressions.any(2)
            self.needs |= expressions.units
            return Type(f"{word}({text})", "int", 32)
        return Type(f"{word}({self.random.choice(['void *', 'double *(*)(int)', 'int (*)[3]', '(char *)0'])})", "other")

    def earlier(self, kinds=None):
        fitting = [of for of in self.pool[-30:] if not kinds or of.kind in kinds]
        return self.note(self.random.choice(fitting)) if fitting else None

    def base(self, depth):
        """A type that a member's or a typedef's words name."""
        form = self.random.random()
        if form < 0.15 and depth > 0:
            return self.record(depth - 1, tag=self.name("N") if self.chance(0.5) else None)
        if form < 0.19:
            return self.enumeration(self.name("I") if self.chance(0.5) else None)
        if form < 0.40:
            return self.earlier() or self.basic()
        return self.basic()

    def declarator(self, base, name, can_array=True):
        """Around a name: a text and its type."""
        form = self.random.random()
        if form < 0.68:
            return name, base
        pointer = Type("", "other")
        if form < 0.80 or not can_array:
            return self.random.choice([
                f"*{name}", f"*const {name}", f"**{name}", f"(*{name})(void)", f"(*{name})[3]", f"*(*{name})(int, ...)",
                f"(*(*{name})(struct later *, int (*)(char)))(double)", f"*__restrict {name}", f"(*{name})()",
                f"*volatile *{name}"]), pointer
        if form < 0.84:
            text, count = self.size()
            return self.random.choice([f"*{name}[{text}]", f"(*{name}[{text}])(int)"]), array_of(pointer, [count])
        sizes = [self.size() for _ in range(self.random.choice([1, 1, 1, 2, 3]))]
        text = "".join(f"[{size}]" for size, _ in sizes)
        if self.chance(0.06):
            return f"{name}[0]{text}", array_of(base, [0, *(count for _, count in sizes)])
        return self.random.choice([f"{name}{text}", f"({name}){text}"]), array_of(base, [count for _, count in sizes])

    def enumeration(self, tag):
        random = self.random
        values = random.choice(["small", "small", "negative", "large", "huge", "mixed", "octet", "any"])
        pools = {"small": ["0", "1", "7", "100"], "negative": ["-1", "-100", "5", "-128", "127"],
                 "large": ["0x7fffffff", "2147483648", "4294967295u", "3"], "octet": ["0", "255", "200", "-1"],
                 "huge": ["4294967296", "0x7fffffffffffffff", "1"], "mixed": ["-1", "0x7fffffff", "128", "65535"]}
        names, body = [], []
        for _ in range(random.randint(1, 4)):
            name = self.name("K")
            names.append(name)
            if values == "any":
                expressions = self.expressions()
                value = expressions.any(2)
                self.needs |= expressions.units
            else:
                value = random.choice(pools[values])
            if len(names) > 1 and self.chance(0.2):
                value = f"{names[0]} + {random.randint(0, 3)}" if values != "huge" else "2"
            body.append(name if self.chance(0.3) else f"{name} = {value}")
        self.fresh_constants += names
        before = f" {self.attribute(self.packed())}" if self.chance(0.1) else ""
        after = f" {self.attribute(self.packed())}" if self.chance(0.1) else ""
        comma = "," if self.chance(0.3) else ""
        text = f"enum{before}{' ' + tag if tag else ''} {{ {', '.join(body)}{comma} }}{after}"
        # Small ones may be packed: what they hold is not asked.
        return Type(text, "other" if before or after else "int", 0 if before or after else 32)

    # Records.

    def bit_field(self, base):
        random = self.random
        width = random.choice([random.randint(1, base.bits), random.randint(1, base.bits), base.bits,
                               min(base.bits, random.choice([1, 3, 7, 8, 9, 16, 31]))])
        text = random.choice([str(width), str(width), hex(width), f"{width + 1} - 1", f"({width})"])
        if self.chance(0.15):
            return f": {random.choice([text, '0', '0'])}", None
        name = self.name()
        return f"{name} : {text}", name

    def behind(self, is_bit_field):
        """Attributes behind a member."""
        odds = self.attribute_odds / (2 if is_bit_field else 1)
        parts = []
        if self.chance(odds):
            parts.append(self.aligned())
        if self.chance(odds):
            parts.append(self.packed())
        if not parts:
            return ""
        if len(parts) == 2 and self.chance(0.3):
            return f" {self.attribute(parts[0])} {self.attribute(parts[1])}"
        return " " + self.attribute(*parts)

    def before(self, base):
        parts = ""
        if self.chance(self.attribute_odds / 4) and not base.members:
            parts += self.attribute(self.random.choice([self.aligned(), self.packed()])) + " "
        if self.chance(self.attribute_odds / 4):
            parts += self.alignas() + " "
        return parts

    def member(self, depth, bit_odds):
        """One declaration: its text and its members."""
        random = self.random
        if depth > 0 and self.chance(0.12):
            inner = self.record(depth - 1, None)
            return inner.words + self.behind(False) * self.chance(0.0) + ";", [(None, False, inner)]
        if self.chance(bit_odds):
            base = self.earlier(("int", "bool")) if self.chance(0.1) else None
            base = base if base and base.bits else self.integer()
            if self.chance(0.04):
                base = self.enumeration(None)
                base = base if base.bits else self.integer()
            parts, found = [], []
            for _ in range(random.choice([1, 1, 1, 2, 3])):
                text, name = self.bit_field(base)
                parts.append(text + self.behind(True))
                found.append((name, True, base))
            before = self.before(base).replace("_Alignas", "_Alignas") if self.chance(0.1) else ""
            before = "" if "_Alignas" in before else before
            return f"{before}{base.words} {', '.join(parts)};", found
        base = self.base(depth)
        before = self.before(base)
        if self.chance(0.03):
            before = "__extension__ " + before
        if self.chance(0.04):
            element, size = random.choice(VECTOR_ELEMENTS)
            vector = f"__attribute__((vector_size({random.choice([1, 2, 4]) * size})))"
            name = self.name()
            return f"{element} {name} {vector};", [(name, False, Type("", "other"))]
        if self.chance(0.03):
            words, mode = random.choice(MODES)
            name = self.name()
            kind = "float" if words in ("float", "double") else "int"
            return f"{words} {name} __attribute__((mode({mode})));", [(name, False, Type("", kind))]
        parts, found = [], []
        for _ in range(random.choice([1, 1, 1, 1, 2, 3])):
            name = self.name()
            text, of = self.declarator(base, name)
            parts.append(text + self.behind(False))
            found.append((name, False, of))
            if base.kind == "record" and "{" in base.words:
                break
        return f"{before}{base.words} {', '.join(parts)};", found

    def record(self, depth, tag, is_top=False):
        random = self.random
        outer_odds = self.attribute_odds
        style = random.choice(["plain", "plain", "bits", "mixed", "attributes"])
        bit_odds = {"plain": 0.05, "bits": 0.85, "mixed": 0.45, "attributes": 0.4}[style]
        was_in_record = self.is_in_record
        self.is_in_record = True
        self.attribute_odds = 0.3 if style == "attributes" else 0.04
        of = Type("", "record", is_union=self.chance(0.2))
        order = ""
        if self.can_order and self.chance(0.08):
            order = f'scalar_storage_order("{random.choice(["big-endian", "little-endian"])}")'
            of.has_order = self.has_order = True
        before, after = [], []
        if order:
            random.choice([before, after]).append(order)
        if self.chance(0.35 if style == "attributes" else 0.06):
            random.choice([before, after]).append(self.packed())
        if self.chance(0.2 if style == "attributes" else 0.06):
            random.choice([before, after]).append(self.aligned())
        lines = []
        for _ in range(random.choice([0, 1, 2, 3, 3, 4, 4, 5, 6, 7]) if is_top else random.randint(1, 4)):
            text, found = self.member(depth, bit_odds)
            lines.append(text)
            of.members += found
            if self.chance(0.03):
                lines.append(random.choice(['_Static_assert(sizeof(int) == 4, "int");', "_Static_assert(1 < 2, \"a\" \"b\");",
                                            ";"]))
            of.has_order |= any(member.has_order for _, _, member in found)
        if is_top and not of.is_union and any(name for name, _, _ in of.members) and self.chance(0.08):
            name = self.name()
            lines.append(f"{self.basic().words} {name}[];")
            of.is_flexible = True
        separator = "\n  " if is_top else " "
        start = "union" if of.is_union else "struct"
        if before:
            start += " " + self.attribute(*before)
        if tag:
            start += " " + tag
        end = " " + self.attribute(*after) if after else ""
        of.words = f"{start} {{{separator}{separator.join(lines)}{' ' if separator == ' ' else chr(10)}}}{end}"
        self.attribute_odds = outer_odds
        self.is_in_record = was_in_record
        return of

    # Units.

    def pragmas(self, text):
        """Packing around a text."""
        random = self.random
        pack = random.choice([1, 2, 4, 8, 16])
        form = random.randint(0, 4)
        if form == 0:
            return f"#pragma pack({pack})\n{text}\n#pragma pack()\n"
        if form == 1:
            return f"#pragma pack(push, {pack})\n{text}\n#pragma pack(pop)\n"
        if form == 2:
            return f"#pragma pack(push)\n  #  pragma   pack( {pack} ) // packed\n{text}\n#pragma pack(pop)\n"
        if form == 3:
            return f"#pragma pack(push, outer, {pack})\n#pragma pack(push, 1)\n{text}\n#pragma pack(pop, outer)\n"
        return f"#pragma pack(push, 1)\n#pragma pack(push, {pack})\n#pragma pack(pop)\n{text}\n#pragma pack(pop)\n"

    def record_unit(self):
        tag = f"T{self.number}"
        of = self.record(2, tag, is_top=True)
        word = of.words.split()[0]
        name = f"{word} {tag}"
        text, names = of.words + ";", [name]
        if self.chance(0.2):
            text = f"typedef {of.words} t{self.number}, *p{self.number};"
            names = [name, f"t{self.number}", f"p{self.number}"]
        elif self.chance(0.05):
            text = f"{name};\nstruct H{self.number} {{ {name} *next; }};\n{of.words};"
            names = [name, f"struct H{self.number}"]
        elif self.chance(0.1):
            text = f"static const {of.words} *v{self.number}, w{self.number}[2];"
        if self.chance(0.18):
            text = self.pragmas(text)
        if self.can_order and self.chance(0.04):
            text = f"#pragma scalar_storage_order {self.random.choice(['big', 'little'])}-endian\n{text}\n" \
                   "#pragma scalar_storage_order default"
            of.has_order = self.has_order = True
        known = {name: dataclasses.replace(of, words=name), f"t{self.number}": dataclasses.replace(
            of, words=f"t{self.number}")}
        return text, [(each, known.get(each, Type(each, "other"))) for each in names]

    def typedef_unit(self):
        name = f"t{self.number}"
        of = self.base(1)
        if self.chance(0.1):
            element, size = self.random.choice(VECTOR_ELEMENTS)
            vector = f"__attribute__((vector_size({self.random.choice([1, 2, 4, 8]) * size})))"
            text = self.random.choice([f"typedef {element} {name} {vector};", f"typedef {vector} {element} {name};"])
            return text, [(name, Type(name, "other"))]
        if self.chance(0.08):
            words, mode = self.random.choice(MODES)
            return f"typedef {words} {name} __attribute__((mode({mode})));", [(name, Type(name, "other"))]
        text, made = self.declarator(of, name)
        if self.chance(0.3):
            attribute = self.attribute(self.aligned())
            text = self.random.choice([
                f"typedef {attribute} {of.words} {text};", f"typedef {of.words} {text} {attribute};",
                f"typedef {of.words} {attribute} {text};"])
            if self.chance(0.5):
                made = dataclasses.replace(made, bits=0)
        else:
            text = self.random.choice([f"typedef {of.words} {text};", f"{of.words} typedef {text};"])
        if self.chance(0.1):
            text += f"\ntypedef {name} u{self.number}; typedef u{self.number} {name};"
        return text, [(name, dataclasses.replace(made, words=name))]

    def enumeration_unit(self):
        tag = f"E{self.number}"
        of = self.enumeration(tag)
        name = f"enum {tag}"
        return of.words + ";", [(name, dataclasses.replace(of, words=name))]

    def expression_unit(self):
        expressions = self.expressions()
        text, types = [], []
        for i in range(3):
            expression = expressions.any()
            name = f"x{self.number}_{i}"
            mask = self.random.choice([f"(({expression}) & 0x3ff) + 1", f"((({expression}) >> 7) & 0x1ff) + 1",
                                       f"({expression}) < 0 ? 3 : 5", f"sizeof({expression})", f"({expression}) ? 2 : 4"])
            text.append(f"typedef char {name}[{mask}];")
            types.append((name, Type(name, "other")))
        self.needs |= expressions.units
        return "\n".join(text), types

    def function_unit(self):
        number = self.number
        of = self.base(1)
        text = self.random.choice([
            "extern {0} f{1}({0} a, int b[static 3], char (*c)(void), ...) __attribute__((__const__));",
            "static __inline__ int f{1}({0} *a) {{ if (a) {{ return ')'; }} return sizeof(\"}}\") ; }}",
            "extern {0} v{1}, *w{1}[3]; int y{1}[] = {{ 1, (2 + 3), 4 }};",
            "int f{1}(register {0} *a, struct l{1} {{ int x; }} *b, enum {{ Q{1} }} c);",
            "{0} *f{1}(const char *restrict, {0} const *__restrict) __asm__(\"other\" \"name\");"])
        words = of.words if "{" not in of.words else "int"
        name = f"s{number}"
        return text.format(words, number) + f"\ntypedef {words} {name};", [(name, dataclasses.replace(of, words=name)
                                                                       if words == of.words else Type(name, "int", 32))]

    def name_unit(self):
        names = ["unsigned (*)[3]", "int", "long double", "char *[4]", "const unsigned long int", "short [2][3]", "void *",
                 "int (*(*)(void))[2]", "char [sizeof(int) * 2]", "_Bool", "unsigned long long [2]", "double (*[5])(int, ...)"]
        of = self.earlier()
        if of and self.chance(0.7):
            name = self.random.choice([f"{of.words} *", f"{of.words} [3]", f"const {of.words}", f"{of.words} *(*)[2]"])
            return ";", [(name, Type(name, "other"))]
        return ";", [(name, Type(name, "other")) for name in self.random.sample(names, 2)]

    def unit(self):
        self.number += 1
        self.needs = set()
        self.has_order = False
        self.is_in_record = False
        self.attribute_odds = 0.04
        self.fresh_constants = []
        form = self.random.random()
        is_wrong = form < 0.06
        if is_wrong:
            text, types = wrong_text(self.random, self.number), []
        else:
            make = self.random.choices(
                [self.record_unit, self.typedef_unit, self.enumeration_unit, self.expression_unit, self.function_unit,
                 self.name_unit], [60, 16, 5, 8, 4, 3])[0]
            text, types = make()
        text = self.spaced(text)
        unit = Unit(self.number, text, types, frozenset(self.needs), is_wrong, self.has_order)
        self.units.append(unit)
        self.publish(unit)
        return unit

    def publish(self, unit):
        """Lets later units use it; some of them, so that one that is refused does not take all with it."""
        own = frozenset([unit.number]) | unit.needs
        if len(unit.needs) > 3 or unit.is_wrong:
            return
        for name, of in unit.types[:2]:
            if not of.is_flexible and not name.endswith(("]", "*", ")")):
                self.pool.append(dataclasses.replace(of, words=name, units=own, has_order=unit.has_order))
                if self.chance(0.3):
                    self.constants.append((f"sizeof({name})", own))
                direct = [member for member in of.members if member[0] and not member[1]]
                if of.kind == "record" and direct and self.chance(0.4):
                    self.constants.append((f"__builtin_offsetof({name}, {direct[-1][0]})", own))
        for name in self.fresh_constants:
            self.constants.append((name, own))

    def spaced(self, text):
        """Other white space, comments and line markers, which mean nothing."""
        if self.chance(0.7):
            return text
        lines = []
        for line in text.split("\n"):
            if not line.lstrip().startswith("#") and '"' not in line and "'" not in line:
                words = [word + (self.random.choice(["  ", "\t", " /* a comment, of { 'no */ ", " \\\n", " // until the end\n", "\n"])
                                 if self.chance(0.15) else " ") for word in line.split(" ")]
                line = "".join(words)
            lines.append(line)
            if self.chance(0.1):
                lines.append(f'# {self.random.randint(1, 900)} "u{self.number}.c"')
        return "\n".join(lines)
