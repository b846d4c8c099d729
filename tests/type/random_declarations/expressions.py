"""Random integer constant expressions."""

BINARY = ["+", "-", "*", "&", "|", "^", "==", "!=", "<", ">", "<=", ">=", "&&", "||", "<<", ">>", "/", "%"]
CASTS = ["char", "signed char", "unsigned char", "short", "unsigned short", "int", "unsigned",
         "long long", "unsigned long long", "_Bool", "int8_t", "uint32_t", "long"]
MEASURED = ["char", "short", "int", "long", "long long", "double", "float", "void *", "int [3]",
            "long double", "struct { char c; short s; }", "double (*)[4]", "unsigned (*)(int)", "size_t"]


def literal(random):
    value = random.choice([0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 31, 32, 63, 64, 100, 127, 128, 255, 256,
                           1000, 32767, 65535, 65536])
    text = random.choice([str(value), str(value), hex(value), "0" + oct(value)[2:], bin(value),
                          hex(value).upper().replace("0X", "0X")])
    return text + random.choice(["", "", "", "u", "U", "l", "L", "ul", "UL", "ll", "LLU", "ull"])


def large_literal(random):
    return random.choice(["2147483647", "2147483648", "4294967295", "4294967296", "0x7fffffff",
                          "0x80000000", "0xffffffff", "0x100000000", "0x7fffffffffffffff",
                          "0xffffffffffffffff", "037777777777"])


def character(random):
    return random.choice(["'a'", "'0'", "' '", "'\\n'", "'\\0'", "'\\177'", "'\\x7f'", "'\\xff'", "'\\''",
                          "'\\\\'", "'\\377'", "'\"'", "'\\t'", "'?'"])


class Expressions:
    def __init__(self, random, names):
        self.random = random
        # A function that gives (text, units) of something declared before: an enumerator, sizeof a struct.
        self.names = names
        self.units = set()

    def operand(self):
        random = self.random
        form = random.random()
        if form < 0.45:
            return literal(random)
        if form < 0.50:
            return large_literal(random)
        if form < 0.60:
            return character(random)
        if form < 0.72:
            word = random.choice(["sizeof", "sizeof", "_Alignof", "__alignof__", "__alignof"])
            return f"{word}({random.choice(MEASURED)})"
        if form < 0.75:
            return "sizeof " + random.choice(['"text"', "(1)", "1L", "'a'", "(char)1", "1ull"])
        named = self.names()
        if not named:
            return literal(random)
        self.units |= named[1]
        return named[0]

    def any(self, depth=3):
        random = self.random
        form = random.random()
        if depth == 0 or form < 0.2:
            return self.operand()
        if form < 0.3:
            return f"({self.any(depth - 1)})"
        if form < 0.4:
            return random.choice(["-", "+", "~", "!", "- -"]) + f"({self.any(depth - 1)})"
        if form < 0.5:
            return f"({random.choice(CASTS)}) ({self.any(depth - 1)})"
        if form < 0.6:
            return f"({self.any(depth - 1)} ? {self.any(depth - 1)} : {self.any(depth - 1)})"
        return self.binary(depth)

    def binary(self, depth):
        operator = self.random.choice(BINARY)
        left, right = self.any(depth - 1), self.any(depth - 1)
        if operator in ("<<", ">>"):
            # The sign is left alone: what a shift makes of it is not C's to say.
            left, right = f"({left}) & 0xfff", f"({right}) & 7"
            return f"(({left}) {operator} ({right}))"
        if operator in ("/", "%"):
            return f"(({left}) {operator} ((({right}) & 15) | 1))"
        if operator == "*":
            return f"((({left}) & 255) * (({right}) & 255))"
        # Without brackets, so that what binds closer is seen.
        return f"{left} {operator} {right}" if self.random.random() < 0.5 else f"({left} {operator} {right})"

    def size(self, least=1, most=4):
        """A small number, written in any way, and the least that it may be."""
        value = self.random.randint(least, most)
        if self.random.random() < 0.6:
            return self.random.choice([str(value), hex(value), f"{value}u", f"({value})", f"{value + 3} - 3",
                                       f"'\\{value}'"]), value
        return f"(({self.any(2)}) & 3) + {least}", least
