"""Whether README.md and docs/*.md keep their promises; CMakeLists.txt says what they promise, and calls this.

    check.py extract ROOT DOCUMENT...  writes their programs here; prints what is passed over or quoted wrongly
    check.py run PROGRAM SOURCE        the program, run in an empty folder, prints what its source promises, in order
    check.py members ROOT DOCUMENT     the tables name what the headers declare, and nothing else
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def extract(root, *documents):
    for document in map(Path, documents):
        text = document.read_text("utf-8")
        for other in re.findall(r"^(?: +```|~~~|```(?!(?:cpp|cmake|cuda|sh|text|)\n)).*", text, re.M):
            print(f"{document}: a code block stands at the margin, as ```cpp, cmake, cuda, sh or text, not {other!r}")
        outside, inside = [], []
        for i, block in enumerate(re.finditer(r"^(?:<!-- (\S+) -->\n)?```(\w+)\n((?s:.*?))^```\n", text, re.M)):
            quoted, kind, code = block.groups()
            if quoted and re.sub("\n *", "\n", code) not in re.sub("\n *", "\n", Path(root, quoted).read_text("utf-8")):
                print(f"{document}: this block is not in {quoted}, however far it is indented:\n{code}")
            piece = f'#line {text[:block.start(3)].count(chr(10)) + 1} "{document.as_posix()}"\n{code}'
            if re.search(r"^(int main|project)\(", code, re.M):
                Path(f"{document.stem}.{i:02}.{kind}").write_text(piece, "utf-8")
            elif kind == "cpp":
                starts = re.search(r"^(template <|struct |class |namespace |\S+ [a-z_]+\(.*\) {$)", code, re.M)
                (outside if starts else inside).append(piece)
        if outside or inside:
            main = "int main() {\n" + "".join("{\n" + piece for piece in inside) + "}" * len(inside) + "\n}\n"
            above = ['#include "prelude.hpp"\n'] + re.findall("#include .+\n", main) + outside
            Path(f"{document.stem}.pieces.cpp").write_text("".join(above) + "\n" + main, "utf-8")


def run(program, source):
    with tempfile.TemporaryDirectory() as folder:
        output = subprocess.run([program], cwd=folder, stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout
    printed = map(str.split, output.split("\n"))
    for line in re.findall(r"""\\n['"].*// (.*)""", Path(source).read_text("utf-8")):
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
