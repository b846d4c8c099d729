"""Declarations whose layout make_cases.py asks compilers for."""

ALL = ["x86_64", "i386", "aarch64", "arm", "riscv64", "s390x", "windows-x64"]
SYSTEM_V = ALL[:-1]
LITTLE_64 = ["x86_64", "aarch64", "riscv64"]
CASES = []


def case(name, decl, fields="", type="struct T", targets=("x86_64",), order=None, clang=True):
    """`fields` as make_cases.py's parse_field has them; `order` that of the bit-fields, where it is not the target's."""
    CASES.append({"id": name, "expect": "ok", "decl": decl, "type": type, "fields": fields, "targets": targets,
                  "order": order, "clang": clang})


def error(name, decl, says, type="struct T", targets=("x86_64",), expect="error"):
    """What compilers refuse too. `says` is in the message."""
    CASES.append({"id": name, "expect": expect, "decl": decl, "type": type, "fields": "", "targets": targets,
                  "order": None, "clang": True, "says": says})


def refused(name, decl, says, **rest):
    """What only the reader refuses."""
    error(name, decl, says, expect="refused", **rest)


# Scalars, without declarations.
for name in ("long", "long double", "wchar_t", "size_t", "void *"):
    case("scalar/" + name.replace(" ", "_"), "", type=name, targets=ALL)
case("scalar/short", "", type="signed short int")
case("scalar/long_long", "", type="long unsigned long int", targets=["x86_64", "arm", "windows-x64"])
case("scalar/int128", "", type="__int128", targets=LITTLE_64)
# clang up to 14 gives it 16.
case("scalar/int128", "", type="__int128", targets=["s390x"], clang=False)
case("scalar/complex", "", type="double _Complex", targets=["x86_64", "arm", "s390x"])
case("scalar/function_pointer", "", type="int (*(*)(void))[3]")
case("scalar/array", "", type="short[3][5]", targets=["x86_64", "s390x"])
case("scalar/pointer_to_array", "", type="int (*)[3]", targets=["x86_64", "i386"])
case("scalar/typedef", "typedef long word; typedef word words[3];", type="words", targets=["x86_64", "i386"])

# Natural layout.
MIXED = "struct T { char a; double b; short c; long d; char e; long long f; float g; void *h; };"
case("natural/mixed", MIXED, "a b c d e f g h", targets=SYSTEM_V)
case("natural/mixed", MIXED, "a@1 b@8 c@2 d@4 e@1 f@8 g@4 h@8", targets=["windows-x64"])
case("natural/long_double", "struct T { char a; long double b; char c; };", "a b c", targets=SYSTEM_V)
case("natural/complex", "struct T { char a; float _Complex b; double _Complex c; };", "a b c", targets=SYSTEM_V)
case("natural/int128", "struct T { char a; unsigned __int128 b; __int128 c[2]; };", "a b c c[1]", targets=LITTLE_64)
case("natural/fixed_width", "struct T { int8_t a; uint16_t b; int64_t c; uint8_t d; uintptr_t e; bool f; };", "a b c d e f",
     targets=SYSTEM_V)
case("natural/words_in_any_order", "struct T { long unsigned a; short int unsigned b; char signed c; int long long d; };",
     "a b c d")
case("natural/qualifiers", "struct T { const volatile char a; int *const restrict b; _Atomic(short) c; volatile int d[2]; };",
     "a b c d")
case("natural/several_declarators", "struct T { char a, *b, c[3], **d[2], (*e)[4]; };", "a b c d e", targets=["x86_64", "i386"])
case("natural/declared_with_it", "struct T { char a; struct U { short b; } c; }; ", "b", type="struct U")
case("natural/typedef_of_unnamed", "typedef struct { char a; int b; } T;", "a b", type="T", targets=["x86_64", "s390x"])
case("natural/pointer_to_itself", "struct T { char a; struct T *next; struct list *head; };", "a next head",
     targets=["x86_64", "arm"])
case("natural/functions_passed_over",
     "int main(int argc, char **argv) { struct T { int q; } t; return t.q; } extern int x; struct T { char a; int b; };\n"
     "static inline int f(struct T *t) { return t->b; }", "a b")
case("natural/sizeof", "struct U { char a[3]; }; struct T { char b[sizeof(struct U) * 2 + 1]; short c[_Alignof(double)]; };",
     "b c")
case("natural/constant_expressions",
     "enum { N = 1 << 4, M = N > 3 ? ~0 & 0x1f : 'a' }; struct T { char a[N]; char b[M - 0x10u]; short c[(int)sizeof(long) / 2]; };",
     "a b c")
case("natural/offsetof", "struct U { char a; long b; }; struct T { char a[__builtin_offsetof(struct U, b)]; short b; };", "a b")
case("natural/static_assert", '_Static_assert(sizeof(int) == 4, "int"); struct T { _Static_assert(1, ""); int a; };', "a")
case("natural/comments", "/* struct T; */ struct T { // one\n  char a; /* two */ int b; }; // three", "a b")
case("natural/line_markers", '# 1 "t.h"\nstruct T {\n# 7 "u.h" 1 3\nchar a;\n# 2 "t.h" 2\nshort b; };', "a b")
case("natural/alternate_keywords",
     "__extension__ typedef __signed__ char s8; struct T { s8 a; __volatile__ long b; __const char *__restrict c; };", "a b c")
case("natural/extended_names", "struct T { char $a; int b$; };", "$a b$")
case("natural/zero_length_array", "struct T { char a; double b[0]; char c; };", "a b c", targets=["x86_64", "aarch64"])
case("natural/two_dimensions", "struct T { char a; short b[3][5]; char c; };", "a b b[1] b[2][4] c")
case("natural/vector", "typedef float v4 __attribute__((vector_size(16))); struct T { char a; v4 b; int c; };", "a b c",
     targets=["x86_64", "aarch64", "riscv64"])

# Structs and unions in structs.
NESTED = "struct P { char a; int b; }; struct T { char x; struct P p, q[2]; char y; };"
case("nested/struct", NESTED, "x p p.a p.b q q[1] q[1].b y", targets=["x86_64", "arm", "s390x"])
case("nested/struct", NESTED, "x@1 p@4 p.a@1 p.b@4 q@4 y@1", targets=["windows-x64"])
case("nested/inner_tag", "struct T { struct P { short a; } p; struct P *q; struct P r[2]; };", "p p.a q r r[1].a")
case("nested/three_deep", "struct T { char a; struct { char b; struct { char c; union { double d; char e; } f; } g; } h; };",
     "a h h.b h.g h.g.c h.g.f h.g.f.d h.g.f.e", targets=["x86_64", "i386"])
case("nested/anonymous", "struct T { char a; union { struct { short b; char c; }; int d; }; char e; };", "a b c d e",
     targets=["x86_64", "s390x"])
case("nested/anonymous_bits", "struct T { char a; struct { unsigned b : 3, c : 7; }; union { int d : 5; char e; }; };",
     "a b:u c:u d:s e")
case("nested/empty", "struct E { }; struct T { char a; struct E b; int c; };", "a b c")
case("nested/enum_inside", "struct T { enum { RED, GREEN } a; char b; enum E { X = 300 } c; };", "a b c")
case("nested/array_of_unnamed", "struct T { struct { char a; short b; } c[3]; };", "c c[2] c[2].a c[2].b")
case("nested/union", "union T { char a; struct { char b; long c; } d; short e[5]; };", "a d d.b d.c e", type="union T",
     targets=["x86_64", "i386"])
case("nested/union_of_bits", "union T { unsigned a : 3; unsigned long long b : 40; char c; };", "a:u b:u c", type="union T",
     targets=["x86_64", "s390x"])
case("nested/union_tail", "union T { char a[13]; short b; };", "a b", type="union T")

# Flexible arrays.
case("flexible/after_int", "struct T { int n; char data[]; };", "n data[]", targets=["x86_64", "arm"])
case("flexible/in_padding", "struct T { double a; short n; char data[]; };", "a n data[]", targets=["x86_64", "i386"])
case("flexible/aligned", "struct T { char n; long long data[]; };", "n data[]", targets=["x86_64", "i386"])
case("flexible/of_structs", "struct P { int a; char b; }; struct T { char n; struct P data[]; };", "n data[]")
case("flexible/two_dimensions", "struct T { char n; int data[][3]; };", "n data[]")
case("flexible/packed", "struct __attribute__((packed)) T { char n; double data[]; };", "n data[]")

# Bit-fields.
BITS = "struct T { unsigned a : 3; int b : 5; unsigned c : 20; unsigned d : 10; unsigned char e; unsigned f : 1; };"
case("bits/plain", BITS, "a:u b:s c:u d:u e f:u", targets=["x86_64", "aarch64", "riscv64", "s390x", "arm"])
case("bits/plain", BITS, "a:u b:s c:u d:u e@1 f:u", targets=["windows-x64"])
MIXED_BITS = "struct T { unsigned char a : 3; unsigned short b : 7; unsigned c : 9; unsigned long long d : 33; char e; };"
case("bits/mixed_types", MIXED_BITS, "a:u b:u c:u d:u e", targets=["x86_64", "i386", "arm", "s390x"])
case("bits/mixed_types", MIXED_BITS, "a:u b:u c:u d:u e@1", targets=["windows-x64"])
case("bits/full_width", "struct T { unsigned a : 32; unsigned long long b : 64; signed char c : 8; };", "a:u b:u c:s")
case("bits/zero_width", "struct T { char a; int : 0; char b; unsigned short : 0; char c; long : 0; };", "a b c",
     targets=["x86_64", "aarch64", "arm", "s390x"])
case("bits/zero_width_first", "struct T { int : 0; char a; };", "a", targets=["x86_64", "aarch64"])
case("bits/unnamed", "struct T { unsigned a : 2; unsigned : 5; unsigned b : 3; int : 30; unsigned c : 4; };", "a:u b:u c:u",
     targets=["x86_64", "s390x", "windows-x64"])
case("bits/unnamed_alignment", "struct T { char a; long long : 5; };", "a", targets=["x86_64", "aarch64", "arm", "i386"])
case("bits/bool", "struct T { bool a : 1; _Bool b : 1; unsigned c : 2; _Bool d; };", "a:u b:u c:u d", targets=["x86_64", "s390x"])
case("bits/enum", "enum E { A, B, C }; enum F { D = -1, G }; struct T { enum E a : 3; enum F b : 4; };", "a:u b:s")
case("bits/char", "struct T { char a : 3; };", "a:s", targets=["x86_64", "i386"])
case("bits/char_that_is_unsigned", "struct T { char a : 3; };", "a:u", targets=["aarch64", "arm", "riscv64", "s390x"])
case("bits/typedef", "typedef unsigned u; typedef u v; struct T { v a : 7; v b : 29; };", "a:u b:u")
case("bits/after_long", "struct T { short a; long long b : 40; char c; long long d : 9; };", "a b:s c d:s",
     targets=["x86_64", "i386", "arm"])
case("bits/nested", "struct B { unsigned a : 4, b : 9; }; struct T { char x; struct B y[2]; struct B z; };",
     "x y y[1].a:u y[1].b:u z z.b:u", targets=["x86_64", "s390x"])
case("bits/packed", "struct __attribute__((packed)) T { unsigned a : 3; unsigned long long b : 61; unsigned c : 31; char d; };",
     "a:u b:u c:u d", targets=["x86_64", "s390x"])
case("bits/packed_member", "struct T { char a; unsigned b : 30 __attribute__((packed)); char c; };", "a b:u c")
case("bits/pack", "#pragma pack(2)\nstruct T { char a; unsigned b : 20; unsigned c : 20; char d; };", "a b:u c:u d")
case("bits/pack", "#pragma pack(2)\nstruct T { char a; unsigned b : 20; unsigned c : 20; char d; };", "a@1 b:u c:u d@1",
     targets=["windows-x64"])
case("bits/int128", "struct T { unsigned __int128 a : 70; __int128 b : 58; };", "a:u b:s")
case("bits/nine_octets", "struct __attribute__((packed)) T { unsigned a : 5; long long b : 64; unsigned c : 3; };", "a:u b:s c:u",
     targets=["x86_64", "s390x"])

# Packed and aligned.
PACKED = "struct __attribute__((packed)) T { char a; double b; short c; long d; };"
case("packed/struct", PACKED, "a b c d", targets=["x86_64", "i386", "arm", "s390x"])
case("packed/struct_at_end", "struct T { char a; int b; } __attribute__((__packed__));", "a b")
case("packed/member", "struct T { char a; int b __attribute__((packed)); char c; short d; };", "a b c d")
case("packed/nested_is_not", "struct P { char a; int b; }; struct __attribute__((packed)) T { char x; struct P p; char y; };",
     "x p p.a p.b y")
case("packed/aligned", "struct __attribute__((packed, aligned(8))) T { char a; int b; short c; };", "a b c")
case("packed/aligned_member", "struct __attribute__((packed)) T { char a; int b __attribute__((aligned(2))); char c; };", "a b c")
case("packed/union", "union __attribute__((packed)) T { char a[3]; double b; };", "a b", type="union T")
PUSHED = "#pragma pack(push, 1)\nstruct P { char a; int b; };\n#pragma pack(pop)\nstruct T { char x; struct P p; int y; };"
case("pack/push_and_pop", PUSHED, "x p p.a p.b y", targets=["x86_64", "arm", "s390x"])
case("pack/push_and_pop", PUSHED, "x@1 p@1 p.a@1 p.b@1 y@4", targets=["windows-x64"])
case("pack/two", "#pragma pack(2)\nstruct T { char a; int b; double c; short d; };", "a b c d")
case("pack/four", "#pragma pack(4)\nstruct T { char a; double b; long long c; };", "a b c", targets=["x86_64", "s390x"])
case("pack/sixteen", "#pragma pack(16)\nstruct T { char a; double b; };", "a b")
case("pack/ended", "#pragma pack(1)\n#pragma pack()\nstruct T { char a; double b; };", "a b")
case("pack/nested_pushes",
     "#pragma pack(push, 4)\n#pragma pack(push, 1)\nstruct P { char a; int b; };\n#pragma pack(pop)\n"
     "struct T { char a; struct P b; double c; };\n#pragma pack(pop)", "a b b.b c")
case("pack/named_pushes",
     "#pragma pack(push, one, 1)\n#pragma pack(push, 2)\n#pragma pack(pop, one)\nstruct T { char a; int b; };", "a b")
case("pack/other_pragmas", "#pragma once\n#pragma GCC visibility push(default)\nstruct T { char a; int b; };", "a b")
case("pack/aligned_member", "#pragma pack(1)\nstruct T { char a; int b __attribute__((aligned(4))); char c; };", "a b c")
case("aligned/struct", "struct T { char a; short b; } __attribute__((aligned(16)));", "a b", targets=["x86_64", "arm"])
case("aligned/member", "struct T { char a; char b __attribute__((aligned(8))); char c; };", "a b c", targets=["x86_64", "s390x"])
case("aligned/standard", "struct T { char a; _Alignas(16) char b; _Alignas(double) short c; };", "a b c",
     targets=["x86_64", "aarch64"])
case("aligned/typedef", "typedef int far __attribute__((aligned(32))); struct T { char a; far b; char c; };", "a b c")
case("aligned/typedef_lower", "typedef double near __attribute__((aligned(2))); struct T { char a; near b; };", "a b")
case("aligned/cache_line", "struct T { int a; int b __attribute__((aligned(64))); int c; };", "a b c")
case("aligned/array_member", "struct T { char a; short b[3] __attribute__((aligned(8))); char c; };", "a b c")
case("aligned/nested", "struct P { char a; } __attribute__((aligned(8))); struct T { char x; struct P p[2]; char y; };",
     "x p p[1] y")
case("aligned/biggest", "struct T { char a; char b __attribute__((aligned)); };", "a b", targets=["x86_64", "arm", "s390x"])

# Enums.
for name, enumerators in (("plain", "A, B"), ("negative", "A = -5, B"), ("large", "A = 0x100000000"),
                          ("unsigned_large", "A = 0x8000000000000000"), ("unsigned_int", "A = 0xffffffff")):
    case(f"enum/{name}", f"enum E {{ {enumerators} }}; struct T {{ char a; enum E b; char c; }};", "a b c")
case("enum/plain", "enum E { A, B }; struct T { char a; enum E b; char c; };", "a b c", targets=["arm", "s390x"])
for name, enumerators in (("1", "A = -128, B = 127"), ("2", "A = 256"), ("2_signed", "A = -1, B = 128"), ("4", "A = 65536"),
                          ("8", "A = 1ll << 33")):
    case(f"enum/packed_{name}",
         f"enum __attribute__((packed)) E {{ {enumerators} }}; struct T {{ char a; enum E b; char c; }};", "a b c")
case("enum/alone", "enum E { A, B = 7 };", type="enum E")

# Byte order by attribute, which clang does not know.
SWAPPED = "struct __attribute__((scalar_storage_order(\"big-endian\"))) T { short a; unsigned b : 3, c : 13; int d; };"
case("order/big", SWAPPED, "a b:u c:u d", order="big", clang=False)
case("order/little", SWAPPED.replace("big", "little"), "a b:u c:u d", order="little", targets=["s390x"], clang=False)

# What programs have.
case("real/elf_header",
     "typedef uint64_t Elf64_Addr, Elf64_Off; typedef uint16_t Elf64_Half; typedef uint32_t Elf64_Word;\n"
     "typedef struct { unsigned char e_ident[16]; Elf64_Half e_type, e_machine; Elf64_Word e_version; Elf64_Addr e_entry;\n"
     "  Elf64_Off e_phoff, e_shoff; Elf64_Word e_flags; Elf64_Half e_ehsize, e_phentsize, e_phnum; } Elf64_Ehdr;",
     "e_ident e_type e_machine e_version e_entry e_phoff e_shoff e_flags e_ehsize e_phentsize e_phnum", type="Elf64_Ehdr",
     targets=["x86_64", "i386"])
case("real/ip_header",
     "struct T { uint8_t ihl : 4, version : 4; uint8_t tos; uint16_t length, id, offset; uint8_t ttl, protocol; uint16_t check;\n"
     "  uint32_t from, to; };", "ihl:u version:u tos length id offset ttl protocol check from to", targets=["x86_64", "s390x"])
case("real/list", "struct list_head { struct list_head *next, *prev; }; struct T { int id; struct list_head list; char name[16];\n"
     "  void (*release)(struct T *); };", "id list list.next list.prev name release", targets=["x86_64", "i386"])

# Errors.
error("error/no_such_type", "struct U { int a; };", "'T'")
error("error/incomplete", "struct T;", "incomplete")
error("error/unclosed", "struct T { int a;", "")
error("error/no_semicolon", "struct T { int a }", "expected")
error("error/unknown_type", "struct T { foo a; };", "foo")
error("error/too_wide", "struct T { int a : 33; };", "")
error("error/named_zero_width", "struct T { int a : 0; };", "")
error("error/negative_width", "struct T { int a : -1; };", "")
error("error/bits_of_float", "struct T { float a : 3; };", "")
error("error/duplicate_member", "struct T { int a; union { char a; }; };", "a")
error("error/redefinition", "struct T { int a; }; struct T { int a; };", "T")
error("error/other_tag", "struct T { int a; }; union T { int b; };", "T")
error("error/void_member", "struct T { void a; };", "")
error("error/function_member", "struct T { int a(void); };", "")
error("error/incomplete_member", "struct U; struct T { struct U a; };", "")
error("error/itself", "struct T { struct T a; };", "")
error("error/flexible_not_last", "struct T { int n; char a[]; int b; };", "")
error("error/negative_array", "struct T { int a[2 - 3]; };", "")
error("error/huge_array", "struct T { char a[0x7fffffffffffffff]; char b[2]; };", "")
error("error/huge_array", "struct T { char a[0x80000000]; };", "", targets=["i386"])
error("error/division_by_zero", "struct T { int a[1 / 0]; };", "")
error("error/not_constant", "extern int n; struct T { int a[n]; };", "")
error("error/assertion", '_Static_assert(sizeof(int) == 8, "as it was"); struct T { int a; };', "as it was")
error("error/alignment", "struct T { int a __attribute__((aligned(3))); };", "")
error("error/enumerator_twice", "enum E { A, A }; struct T { int a; };", "A")
error("error/typedef_conflict", "typedef int t; typedef char t; struct T { t a; };", "t")
error("error/no_type_together", "struct T { long char a; };", "")
error("error/no_int128", "struct T { __int128 a; };", "", targets=["i386", "arm"])
error("error/unclosed_comment", "struct T { int a; }; /* and so on", "")
error("error/stray_character", "struct T { int a; @ };", "")
error("error/void", "struct T { int a; };", "no size", type="void", expect="refused")
error("error/function", "struct T { int a; };", "function", type="int (int)", expect="refused")
refused("refused/other_layout", "struct __attribute__((ms_struct)) T { int a; };", "ms_struct")
refused("refused/unknown_attribute", "struct __attribute__((wonderful)) T { int a; };", "wonderful")
refused("refused/pragma_operator", '_Pragma("pack(1)") struct T { char a; int b; };', "_Pragma")
refused("refused/compilers_differ", "typedef unsigned u __attribute__((aligned(16))); struct T { char a; u b : 3; };",
        "differently")
refused("refused/unknown_attribute_of_member", "struct T { int a __attribute__((wonderful)); };", "wonderful")
refused("refused/include", "#include <stdio.h>\nstruct T { int a; };", "cc -E")
refused("refused/macro", "#define N 3\nstruct T { int a[N]; };", "cc -E")
