"""The code of README.md and docs/*.md, and whether they keep their promises.

    check.py extract DOCUMENT FOLDER   writes its programs into FOLDER, and prints a line for each
    check.py quotes ROOT DOCUMENT...   a block below <!-- file --> is in that file, however far it is indented
    check.py run PROGRAM SOURCE        the program, run in an empty folder, prints what its source promises, in order
    check.py members ROOT DOCUMENT     its tables name what the headers declare, and nothing else

A comment on the line before a table says what it lists: the public members of a class, of a law those that it gives
to its tracers, of an enumeration its values; or, without a class, the functions of a header:

    <!-- include/spark/rule.hpp Rule -->
    | `rule.rest()` | ... |

Every law that gives members has a table, and every class and function of include/spark/*.hpp is named.
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

LIBRARIES = {None: "", "cereal": "cereal::cereal", "boost": "Boost::serialization"}
HEAD = r"\n(?:template <[^\n]*> )?(?:struct|class|enum class) "
MEMBERS = "\n  template <class Self> struct Members"


def read(path):
    return open(path, encoding="utf-8").read()


def write(path, text):  # where it differs, so that nothing is built in vain
    if not os.path.exists(path) or read(path) != text:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "w", encoding="utf-8").write(text)


def blocks(document, language):
    """Of each code block: the file that it is quoted from, its first line, its text."""
    text = read(document)
    if other := re.search(r"^( +```|~~~|```(c\+\+|C\+\+|hpp|cc|CMake)).*", text, re.M):  # would be passed over
        sys.exit(f"{document}: a code block starts at the margin with ```cpp, ```cmake or another language: {other[0]}")
    for block in re.finditer(rf"(?:^<!-- (\S+) -->\n)?^```{language}\n(.*?)^```\n", text, re.M | re.S):
        yield block[1], text.count("\n", 0, block.start(2)) + 1, block[2]


def extract(document, folder):
    name = os.path.join(folder, os.path.basename(document)[:-3])
    first, includes, outside, inside, ends = "", "", "", "", ""
    for i, (quoted, line, code) in enumerate(blocks(document, "cpp")):
        here = f'#line {line} "{document}"\n'
        if "int main(" in code:
            first = first or code
            library = re.search("#include <(cereal|boost)/", code)
            write(f"{name}.{i}.cpp", here + code)
            print(f"program {i}", os.path.basename(quoted or "-").split(".")[0], LIBRARIES[library and library[1]])
        elif re.search(r"^(template <|struct |class |namespace |[^\n ]+ [a-z_]+\([^\n]*\) {\n)", code, re.M):
            outside += here + code
        else:
            includes += "".join(re.findall("#include .+\n", code))
            inside, ends = inside + "{\n" + here + re.sub("#include .+", "", code), ends + "}"
    if inside or outside:
        write(f"{name}.pieces.cpp",
              f'#include "prelude.hpp"\n{includes}{outside}\nint main() {{\n{inside}{ends}\n}}\n')
        print("pieces pieces")
    for i, (_, _, code) in enumerate(blocks(document, "cmake")):
        if re.search(r"^project\(", code, re.M):
            write(f"{name}.project-{i}/CMakeLists.txt", code)
            write(f"{name}.project-{i}/main.cpp", first)
            print(f"project project-{i}", re.search(r"add_executable\(([^ )]+)", code)[1])


def quotes(root, *documents):
    for document in documents:
        for quoted, line, code in blocks(document, "cpp"):
            if quoted and re.sub("\n *", "\n", code) not in re.sub("\n *", "\n", read(f"{root}/{quoted}")):
                sys.exit(f"{document}:{line}: this block is not in {quoted}")


def run(program, source):
    with tempfile.TemporaryDirectory() as folder:
        output = subprocess.run([program], cwd=folder, stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout
    printed = map(str.split, output.split("\n"))
    for line in re.findall(r"""\\n['"].*// (.*)""", read(source)):
        if line.split() not in printed:
            sys.exit(f"The document promises {line!r}, which is not printed, or not in this order:\n{output}")


def plain(path):
    text = re.sub("///.*", "", read(path))
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


def members_of(text, owner):
    head = re.search(HEAD + owner + r"[^A-Za-z_;][^\n]*", text)[0]
    text = between(between(text, head, "\n}"), "\n public:", "\n private:")
    text = between(between(text, "", "\n protected:"), "", "\n  // --- what the library itself calls")
    if "enum" in head:
        return names(re.sub("([{,]) +([A-Z])", r"\1\n  \2", text), "  ", r"[,} \n]")
    if MEMBERS in text:
        text = between(text, MEMBERS, "\n  }").replace("\n  ", "\n")
    return names(text, "  ", r"[([;]| = ") - {owner}


def members(root, document):
    document = plain(document)
    faults = []
    for header, owner, table in re.findall(r"<!-- (\S+) ?([A-Za-z]*) -->\n(\|(?:[^\n]+\n)+)", document):
        text = plain(f"{root}/{header}")
        declared = members_of(text, owner) if owner else names(text)
        first_column = "\n".join(re.findall(r"^\|[^|\n]*", table, re.M))
        named = {"call" if re.match(r"[a-z]+\(", code) else re.match(r"(?:[A-Za-z]+(?:\.|::))?(\w+)", code)[1]
                 for code in re.findall("`([^`\n]+)`", first_column)}
        if declared != named:
            faults.append(f"{header} {owner}: the table lacks {declared - named}, and the header {named - declared}")
    for path in sorted(glob.glob(f"{root}/include/spark/*.hpp")):
        header, text = "include/spark/" + os.path.basename(path), plain(path)
        for name in sorted(names(text) | set(re.findall(HEAD + "([A-Za-z]+)[^A-Za-z;]", text))):
            if not re.search(rf"(spark::|`){name}[^A-Za-z_]|<!-- {header} {name} -->", document):
                faults.append(f"{header}: nothing is said of {name}")
        if text.count("struct Members") > len(re.findall(f"<!-- {header} [A-Za-z]+ -->", document)):
            faults.append(f"{header}: a law has no table")
    sys.exit("\n".join(faults) or 0)


globals()[sys.argv[1]](*sys.argv[2:])
