"""The code of README.md and docs/*.md, and whether they keep their promises.

    check.py extract DOCUMENT FOLDER   writes its programs into FOLDER, and prints a line for each
    check.py quotes ROOT DOCUMENT...   a block below <!-- file --> is in that file, however far it is indented
    check.py run PROGRAM SOURCE        the program, run in an empty folder, prints what its source promises, in order
    check.py members ROOT DOCUMENT     its tables name what the headers declare, and nothing else
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

LIBRARIES = {None: "", "cereal": "cereal::cereal", "boost": "Boost::serialization"}


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


def declared(header, scope=""):
    """What stands in a header at the margin of a scope: classes and functions, members, or values."""
    text = re.sub("///.*", "", Path(header).read_text("utf-8")).replace("operator()", "call")
    text = re.sub(r"^namespace detail {(?s:.*?)^}  // namespace detail$", "", text, flags=re.M)
    if values := re.search(rf"^enum class {scope} {{([^}}]*)}}", text, re.M):
        return set(re.findall(r"\w+", values[1]))
    names = scope.split("::") if scope else []
    for name in names:
        head = rf"^( *)(?:template <.*> )?(?:struct {name}\b|class {name}\b(?!;)(?s:.*?)^ public:)"
        text = re.search(head + r"((?s:.*?))^\1}", text, re.M)[2]
        hidden = "^ (?:private:|protected:| // --- what the library itself calls)"
        text = re.sub(hidden + r"(?s:.*?)(?=^ public:|\Z)", "", text, flags=re.M)
    other = "(?:template <.*> )?(?:using|friend|static_assert|operator [A-Z]|SPARK_NAMESPACE)"
    before = r"(?:template <[^\n(]*> )?(?:[A-Za-z](?:[^\n(=]|\(auto\))*?[ *&])?"
    behind = r"[([;]| = " if scope else r"\(| [:{]|$"
    return set(re.findall(rf"^{'  ' * len(names)}(?!{other}){before}(\w+)(?:{behind})", text, re.M)) - set(names)


def members(root, document):
    text = Path(document).read_text("utf-8")
    for header, scope, table in re.findall(r"<!-- (\S+) ?([\w:]*) -->\n((?:\|.*\n)+)", text):
        first_column = "\n".join(re.findall(r"^\|[^|\n]*", table, re.M))
        named = set(re.findall(r"`(?:\w+(?:\.|::))?(\w+)", re.sub(r"`\w+\(", "`call(", first_column)))
        if named != (there := declared(Path(root, header), scope)):
            sys.exit(f"{header} {scope}: the table lacks {there - named}, and the header {named - there}")
    for header in Path(root).glob("include/spark/*.hpp"):
        said = rf"<!-- include/spark/{header.name} "
        for name in declared(header):
            if not re.search(rf"(spark::|`|{said}){name}\b", text):
                sys.exit(f"{header}: nothing is said of {name}")
        if header.read_text("utf-8").count(" struct Members") > len(re.findall(said + r"\w+::Members -->", text)):
            sys.exit(f"{header}: a law has no table")


globals()[sys.argv[1]](*sys.argv[2:])
