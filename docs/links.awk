# What links mean on a forge, said for Doxygen 1.9. It does not know the anchors that forges give to
# headings: they are written out, with the page in front, for they must differ from those of other pages,
# and so are the links to them, from whichever page. In headings and in the text of links it does not know code.
# And a link to the source of an example leads to its page.
FNR == 1 { page = FILENAME; sub(/.*\//, "", page); sub(/\.md$/, "", page) }
/^```/ { code = !code }
code { print; next }
# Badges are pictures of the forge's.
/^\[!\[/ { next }
# Sections of the first page would push the guides out of sight in the side bar; those of the changes have one name each
# and are there twice.
/^##+ / && page != "README" && page != "CHANGELOG" {
  anchor = tolower($0)
  sub(/^#+ /, "", anchor)
  gsub(/[^a-z0-9 _-]/, "", anchor)
  gsub(/ /, "-", anchor)
  $0 = $0 " {#" page "-" anchor "}"
}
/^#+ / { gsub(/`/, "") }
{
  while (match($0, /\[[^]]*`[^]]*\]\(/)) {
    text = substr($0, RSTART, RLENGTH)
    gsub(/`/, "", text)
    $0 = substr($0, 1, RSTART - 1) text substr($0, RSTART + RLENGTH)
  }
  gsub(/\]\(#/, "](#" page "-")
  while (match($0, /\]\([a-z-]+\.md#/)) {
    target = substr($0, RSTART + 2, RLENGTH - 6)
    $0 = substr($0, 1, RSTART + 1) "#" target "-" substr($0, RSTART + RLENGTH)
  }
  while (match($0, /\]\((\.\.\/)?examples\/[^)]*\.cpp\)/)) {
    target = substr($0, RSTART + 2, RLENGTH - 3)
    sub(/.*examples\//, "", target)
    gsub(/\//, "_2", target)
    gsub(/\./, "_8", target)
    $0 = substr($0, 1, RSTART + 1) target "-example.html)" substr($0, RSTART + RLENGTH)
  }
  print
}
