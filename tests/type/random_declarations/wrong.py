"""Declarations that mean nothing: compilers reject them."""

WRONG = [
    "struct W% { int a; int a; };", "struct W% { int a; struct { char b, a; }; };", "struct W% { int a : 33; };",
    "struct W% { char a : 9; };", "struct W% { _Bool a : 2; };", "struct W% { int a : 0; };", "struct W% { int a : -1; };",
    "struct W% { float a : 3; };", "struct W% { int *a : 3; };", "struct W% { struct W% a; };",
    "struct W% { struct absent% a; };", "struct W% { void a; };", "struct W% { int a(void); };", "struct W% { absent% a; };",
    "struct W% { int a[-1]; };", "struct W% { int a[]; int b; };", "union W% { int b; int a[]; };", "struct W% { int a[]; };",
    "struct W% { int a[3][]; };", "struct W% { int a; }; struct W% { int a; };", "struct W% { int a; }; union W% *p%;",
    "struct W% { _Alignas(1) int a; };", "struct W% { _Alignas(8) int a : 3; };", "struct W% { _Alignas(3) int a; };",
    "struct W% { int a __attribute__((aligned(3))); };", "_Static_assert(sizeof(int) == 3, \"no\");",
    "struct W% { int a; _Static_assert(0, \"no\"); };", "enum W% { K%a, K%a };", "enum W% { K%b = 1 / 0 };", "enum W% { };",
    "enum W% { K%c = 1.5 };", "enum W% { K%d }; enum W% { K%e };", "typedef int w%; typedef long w%;",
    "typedef int w%; enum { w% };", "typedef int w%(void)(void);", "typedef int w%(void)[3];", "typedef int w%[3](void);",
    "typedef void w%[3];", "typedef int int w%;", "typedef long char w%;", "typedef unsigned float w%;",
    "typedef long long long w%;", "typedef signed unsigned w%;", "typedef short double w%;", "typedef struct W% w%[2];",
    "struct W% { static int a; };", "struct W% { int a = 3; };", "struct W% { typedef int a; };", "struct W% { int a, ; };",
    "typedef int w%[absent%];", "typedef char w%[sizeof(struct absent%)];", "typedef char w%[__builtin_offsetof(struct absent%, a)];",
    "struct W% { int a; }; typedef char w%[__builtin_offsetof(struct W%, b) + 1];",
    "struct W% { int a : 3; }; typedef char w%[__builtin_offsetof(struct W%, a) + 1];",
    "struct W% { int a : 3; }; typedef char w%[sizeof(((struct W% *)0)->a)];",
    "struct W% { int a : 3; }; typedef __typeof__(((struct W% *)0)->a) w%;", "struct W% { _Atomic int a : 3; };",
    "typedef _Atomic(int [3]) w%;", "typedef _Atomic(int (void)) w%;", "typedef int w% __attribute__((vector_size(3)));",
    "struct V% { int a; }; typedef struct V% w% __attribute__((vector_size(16)));", "typedef int w% __attribute__((mode(SILLY)));",
    "struct W% { int a } __attribute__((packed));;", "typedef int *w%[3](void);", "struct W% { int 3; };", 
    "typedef char w%[1 +];", "typedef char w%[08];", "typedef char w%[0x];", "typedef char w%[1lul];",
    "typedef char w%['a];", "struct W% { enum absent% a; };", "typedef char w%[*(int *)0];", "typedef char w%[(int)1.5 + \"a\"];",
    "struct W% { int a : 3.5; };", "struct W% { int a : \"3\"; };", "enum W% { K%f = 0x7fffffffffffffff, K%g, K%h = -1 };",
    "struct W% { struct { int a; } b : 3; };", "typedef int w%[1][ ][2];",
    "typedef _Alignas(8) int w%;", "struct _Alignas(8) W% { int a; };", "struct W% { unsigned a : 1, b : 33; };",
    "typedef char w%[sizeof(int[])];", "struct W% { int a; } struct;", "typedef int w% __attribute__((aligned(6)));",
    "struct W% { __builtin_va_list a : 2; };", "struct W% { double _Complex a : 2; };",
    "typedef char w%[0x1ffffffffffffffff];", "typedef double w%[0x7fffffffffffffff];",
]


def wrong_text(random, number):
    return random.choice(WRONG).replace("%", str(number))
