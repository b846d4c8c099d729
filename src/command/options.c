#include "options.h"

#include <string.h>

#include "command.h"

typedef struct option_reader {
  const char *command;
  const command_option *known;
  size_t count;
  /** The argument after the one that is read. */
  char **next;
} option_reader;

static bool refuse(const option_reader *reader, const char *what, const char *word, size_t length) {
  command_misuse(reader->command, what, (int)length, word);
  return false;
}

static bool take_value(option_reader *reader, const command_option *option, const char *attached,
                       const char *word, size_t length) {
  if (!attached && !*reader->next) {
    return refuse(reader, "option '%.*s' needs a value", word, length);
  }
  *option->value = attached ? attached : *reader->next++;
  return true;
}

static bool take_word(option_reader *reader, const char *word) {
  size_t length = strcspn(word, "=");
  const char *attached = word[length] ? word + length + 1 : NULL;
  for (size_t i = 0; i < reader->count; i++) {
    const command_option *option = &reader->known[i];
    if (strncmp(option->word, word + 2, length - 2) != 0 || option->word[length - 2]) continue;
    if (option->value) return take_value(reader, option, attached, word, length);
    if (attached) return refuse(reader, "option '%.*s' takes no value", word, length);
    *option->is_given = true;
    return true;
  }
  return refuse(reader, "there is no option '%.*s'", word, length);
}

static const command_option *find_letter(const option_reader *reader, char letter) {
  for (size_t i = 0; i < reader->count; i++) {
    if (reader->known[i].letter == letter) return &reader->known[i];
  }
  return NULL;
}

static bool take_letters(option_reader *reader, const char *letters) {
  for (; *letters; letters++) {
    const command_option *option = find_letter(reader, *letters);
    if (!option) return refuse(reader, "there is no option '-%.*s'", letters, 1);
    if (option->value) {
      const char *attached = letters[1] ? letters + 1 : NULL;
      const char name[] = {'-', *letters, 0};
      return take_value(reader, option, attached, name, 2);
    }
    *option->is_given = true;
  }
  return true;
}

bool options_take(const char *command, const command_option *known, size_t count,
                  char **arguments) {
  option_reader reader = {command, known, count, arguments};
  char **operand = arguments;
  bool is_ended = false;
  while (*reader.next) {
    char *argument = *reader.next++;
    bool is_option = !is_ended && argument[0] == '-' && argument[1];
    if (!is_option) {
      *operand++ = argument;
    } else if (argument[1] != '-') {
      if (!take_letters(&reader, argument + 1)) return false;
    } else if (argument[2]) {
      if (!take_word(&reader, argument)) return false;
    } else {
      is_ended = true;
    }
  }
  *operand = NULL;
  return true;
}
