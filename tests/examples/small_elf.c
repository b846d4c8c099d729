int small_elf_number = 7;
const char small_elf_text[] = "text";

int small_elf_add(int a);

int small_elf_add(int a) { return a + small_elf_number; }
