import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load

required_conan_version = ">=2"


class SparkTracers(ConanFile):
    name = "spark-tracers"
    description = "Spike traces for spiking neural networks on Eigen arrays"
    license = "MIT"
    url = homepage = "https://example.org/spark-tracers"
    topics = ("spiking-neural-networks", "neuroscience", "plasticity", "eigen", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    no_copy_source = True

    @property
    def _tree(self):
        return os.path.join(self.recipe_folder, "..", "..")

    def set_version(self):
        header = load(self, os.path.join(self._tree, "include", "spark", "version.hpp"))
        self.version = ".".join(re.findall(r"define SPARK_TRACERS_VERSION_[A-Z]+ (\d+)", header))

    def export_sources(self):
        for pattern in ("include/*.hpp", "LICENSE"):
            copy(self, pattern, self._tree, self.export_sources_folder)

    def requirements(self):
        self.requires("eigen/[>=3.4.0 <6]")

    def validate(self):
        check_min_cppstd(self, 17)

    def package(self):
        copy(self, "include/*.hpp", self.source_folder, self.package_folder)
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "spark-tracers")
        self.cpp_info.set_property("cmake_target_name", "spark::tracers")
        self.cpp_info.set_property("cmake_config_version_compat", "SameMinorVersion")
        self.cpp_info.set_property("pkg_config_name", "spark-tracers")
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
