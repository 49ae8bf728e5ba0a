"""Runs the Conan recipe with stand-ins for the parts of Conan that it uses, and looks at what it packs and declares.

    python3 conan.py <source tree> <version>
"""
import fnmatch
import importlib.util
import os
import shutil
import sys
import tempfile
import types

tree, version = sys.argv[1:]
recipe_folder = os.path.join(tree, "packaging", "conan")


def files_below(folder):
    return sorted(os.path.relpath(os.path.join(path, name), folder)
                  for path, _, names in os.walk(folder) for name in names)


# --- stand-ins -----------------------------------------------------------------------------------


class ConanFile:
    def __init__(self):
        self.recipe_folder = recipe_folder
        self.requirements_seen = []
        self.requires = self.requirements_seen.append
        self.info = types.SimpleNamespace(cleared=False, clear=self._clear)
        self.properties = {}
        self.cpp_info = types.SimpleNamespace(bindirs=["bin"], libdirs=["lib"], set_property=self.properties.__setitem__)

    def _clear(self):
        self.info.cleared = True


def copy(conanfile, pattern, src, dst):
    found = [name for name in files_below(src) if fnmatch.fnmatch(name, pattern)]
    assert found, f"nothing in {src} matches {pattern}"
    for name in found:
        os.makedirs(os.path.dirname(os.path.join(dst, name)), exist_ok=True)
        shutil.copy(os.path.join(src, name), os.path.join(dst, name))


def load(conanfile, path):
    with open(path, encoding="utf-8") as file:
        return file.read()


standards = []
modules = {
    "conan": {"ConanFile": ConanFile},
    "conan.tools": {},
    "conan.tools.build": {"check_min_cppstd": lambda conanfile, standard: standards.append(standard),
                          "can_run": lambda conanfile: True},
    "conan.tools.cmake": {"CMake": None, "CMakeToolchain": None, "cmake_layout": None},
    "conan.tools.files": {"copy": copy, "load": load},
}
for name, content in modules.items():
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(content)


def recipe(*path):
    spec = importlib.util.spec_from_file_location("recipe", os.path.join(recipe_folder, *path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    classes = [c for c in vars(module).values()
               if isinstance(c, type) and issubclass(c, ConanFile) and c is not ConanFile]
    assert len(classes) == 1, f"{path} holds {len(classes)} recipes"
    return classes[0]()


# --- what is asked of the recipe -----------------------------------------------------------------

sys.dont_write_bytecode = True
spark = recipe("conanfile.py")
spark.set_version()
assert (spark.name, spark.version, spark.license) == ("spark-tracers", version, "MIT"), spark.version
assert spark.package_type == "header-library"

spark.requirements()
assert spark.requirements_seen == ["eigen/[>=3.4.0 <6]"], spark.requirements_seen
spark.validate()
assert standards == [17], standards
spark.package_id()
assert spark.info.cleared, "one package serves all compilers"

with tempfile.TemporaryDirectory() as work:
    # In the order of Conan: the sources that are exported are all that package() finds.
    spark.export_sources_folder = spark.source_folder = os.path.join(work, "source")
    spark.package_folder = os.path.join(work, "package")
    spark.export_sources()
    spark.package()
    headers = [os.path.join("include", name) for name in files_below(os.path.join(tree, "include"))
               if name.endswith(".hpp")]
    packed = files_below(spark.package_folder)
    assert packed == headers + ["licenses/LICENSE"], packed

spark.package_info()
assert spark.properties == {
    "cmake_file_name": "spark-tracers",
    "cmake_target_name": "spark::tracers",
    "cmake_config_version_compat": "SameMinorVersion",
    "pkg_config_name": "spark-tracers",
}, spark.properties
assert spark.cpp_info.bindirs == [] and spark.cpp_info.libdirs == []

test = recipe("test_package", "conanfile.py")
test.tested_reference_str = f"{spark.name}/{spark.version}"
test.requirements()
assert test.requirements_seen == [test.tested_reference_str], test.requirements_seen
