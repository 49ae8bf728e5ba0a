"""The tables of the reference name what the headers declare, and nothing else.

    members.py DOCUMENT ROOT

A comment on the line before a table says what it lists: the public members of a class, of a law those that it gives
to its tracers, of an enumeration its values; or, without a class, the functions of a header:

    <!-- include/spark/rule.hpp Rule -->
    | `rule.rest()` | ... |

Every law that gives members has a table, and every class and function of include/spark/*.hpp is named.
"""
import glob
import os
import re
import sys

HEAD = r"\n(?:template <[^\n]*> )?(?:struct|class|enum class) "
MEMBERS = "\n  template <class Self> struct Members"


def plain(path):
    text = re.sub("///.*", "", open(path, encoding="utf-8").read())
    text = text.replace("decltype(auto)", "auto").replace("operator()", "call")
    return re.sub(r"\nnamespace detail \{.*?\n\}  // namespace detail", "", text, flags=re.S)


def between(text, start, end):
    """What lies between two texts, as far as they are there."""
    return text[max(text.find(start), 0):].partition(end)[0]


def names(text, margin="", ends=r"\("):
    """What is declared at a margin, with one of `ends` behind its name."""
    text = re.sub(rf"^{margin}(template <.*> )?(using|friend|operator [A-Z]).*", "", text, flags=re.M)
    name = rf"^{margin}(?:template <[^\n(]*> )?(?:[A-Za-z][^\n(=]*[ *&])?(\w+)(?:{ends})"
    return set(re.findall(name, text, re.M)) - {"static_assert", "sizeof"}


def members(text, owner):
    head = re.search(HEAD + owner + r"[^A-Za-z_;][^\n]*", text)[0]
    text = between(between(text, head, "\n}"), "\n public:", "\n private:")
    text = between(between(text, "", "\n protected:"), "", "\n  // --- what the library itself calls")
    if "enum" in head:
        return names(re.sub("([{,]) +([A-Z])", r"\1\n  \2", text), "  ", r"[,} \n]")
    if MEMBERS in text:
        text = between(text, MEMBERS, "\n  }").replace("\n  ", "\n")
    return names(text, "  ", r"[([;]| = ") - {owner}


document, root = plain(sys.argv[1]), sys.argv[2]
faults = []
for header, owner, table in re.findall(r"<!-- (\S+) ?([A-Za-z]*) -->\n(\|(?:[^\n]+\n)+)", document):
    text = plain(os.path.join(root, header))
    declared = members(text, owner) if owner else names(text)
    first_column = "\n".join(re.findall(r"^\|[^|\n]*", table, re.M))
    named = {"call" if re.match(r"[a-z]+\(", code) else re.match(r"(?:[A-Za-z]+(?:\.|::))?(\w+)", code)[1]
             for code in re.findall("`([^`\n]+)`", first_column)}
    if declared != named:
        faults.append(f"{header} {owner}: the table lacks {declared - named}, and the header {named - declared}")
for path in sorted(glob.glob(os.path.join(root, "include/spark/*.hpp"))):
    header, text = "include/spark/" + os.path.basename(path), plain(path)
    for name in sorted(names(text) | set(re.findall(HEAD + "([A-Za-z]+)[^A-Za-z;]", text))):
        if not re.search(rf"(spark::|`){name}[^A-Za-z_]|<!-- {header} {name} -->", document):
            faults.append(f"{header}: nothing is said of {name}")
    if text.count("struct Members") > len(re.findall(f"<!-- {header} [A-Za-z]+ -->", document)):
        faults.append(f"{header}: a law has no table")
sys.exit("\n".join(faults) or 0)
