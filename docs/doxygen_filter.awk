# Shows doxygen a public header as it is meant. The comment that opens it is its page. A comment at a line's start that
# is no doc comment opens a group: where it says anything (four words, or a parameter), it is said of each name
# in the group that has no comment of its own. Lines keep their numbers.

function end_of_group() {
  in_group = 0
  gsub(/\*\//, "", group)
  if (split(group, words, " ") < 4 && group !~ /@/) group = ""
}

# What the group says, but for parameters that this member of it has not.
function said_of(declaration,    parts, count, i, name, text) {
  count = split(group, parts, "@")
  text = parts[1]
  for (i = 2; i <= count; i++) {
    name = parts[i]
    if (sub(/^param(\[[a-z,]*\])? */, "", name)) {
      sub(/[^a-z_].*/, "", name)
      if (declaration !~ ("[^a-z_]" name "[^a-z_]")) continue
    }
    text = text "@" parts[i]
  }
  return text
}

/^\/\*$/ && !page {
  page = 1
  in_page = 1
  $0 = "/** @file"
}
in_page {
  print
  if (/\*\//) in_page = 0
  next
}

/^\/\*([^*]|$)/ {
  in_group = 1
  group = ""
}
in_group {
  print
  sub(/^(\/\*| \*([^\/]|$))/, "")
  group = group " " $0
  if (/\*\//) end_of_group()
  is_documented = 0
  next
}

/^\/\*\*/ { in_comment = 1 }
in_comment {
  if (/\*\//) {
    in_comment = 0
    is_documented = 1
  }
  print
  next
}

/^(MR_API|MR_INLINE|extern MR_API|typedef|#define MR_)/ && !is_documented && group != "" {
  print "/** " said_of($0) " */ " $0
  next
}

{
  is_documented = 0
  print
}
