"""The code of README.md and docs/*.md: what it is, and whether it keeps its promises.

    check.py extract DOCUMENT FOLDER   writes its programs into FOLDER, and prints a line for each
    check.py quotes ROOT DOCUMENT...   a block below <!-- file --> is in that file, however far it is indented
    check.py run PROGRAM SOURCE        the program, run in an empty folder, prints what its source promises, in order
    check.py address ROOT URL VERSION  no file names another address of the repository, or another version
"""
import os
import re
import subprocess
import sys
import tempfile

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


def address(root, url, version):
    for file in ["README.md", "docs/first-tracer.md", "CITATION.cff", "packaging/vcpkg/vcpkg.json",
                 "packaging/conan/conanfile.py"]:
        if url not in read(f"{root}/{file}"):
            sys.exit(f"{file} does not name {url}; tools/address writes it")
    if f"\nversion: {version}\n" not in read(f"{root}/CITATION.cff") or \
            f"/version-{version}-" not in read(f"{root}/README.md"):
        sys.exit(f"CITATION.cff or the badge of README.md does not name version {version}")


globals()[sys.argv[1]](*sys.argv[2:])
