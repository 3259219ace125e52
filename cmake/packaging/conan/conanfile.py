"""The libraries for Conan 2, on CAF 1.x: conan create cmake/packaging/conan -s compiler.cppstd=20"""

import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir
from conan.tools.scm import Version

required_conan_version = ">=2.0"


class RegistryRecipe(ConanFile):
    name = "registry"
    description = "A distributed registry for actors, on the C++ Actor Framework"
    license = "BSD-3-Clause"
    topics = ("actors", "registry", "cluster", "coroutines")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False]}
    default_options = {"shared": False, "fPIC": True}
    implements = ["auto_shared_fpic"]

    @property
    def _root(self):
        return os.path.join(self.recipe_folder, "..", "..", "..")

    def set_version(self):
        project = load(self, os.path.join(self._root, "CMakeLists.txt"))
        self.version = re.search(r"^  VERSION ([0-9.]+)$", project, re.MULTILINE).group(1)

    def export_sources(self):
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "libregistry/*", "actors/*"):
            copy(self, pattern, src=self._root, dst=self.export_sources_folder)

    def requirements(self):
        # What the headers include, and what only the libraries need.
        self.requires("caf/1.0.2", transitive_headers=True, transitive_libs=True)
        self.requires("boost/[>=1.81 <2]", transitive_headers=True)
        self.requires("openssl/[>=3 <4]")
        self.requires("spdlog/[>=1.10 <2]")
        self.requires("xxhash/[>=0.8 <1]")

    def validate(self):
        check_min_cppstd(self, 20)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        CMakeToolchain(self).generate()

    def build(self):
        # Of the project the libraries alone: as a subdirectory it builds no programs and no tests.
        cmake = CMake(self)
        cmake.configure(build_script_folder=os.path.join("cmake", "packaging", "conan"))
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        # Conan writes these itself.
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "lib", "pkgconfig"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "registry")
        core = self.cpp_info.components["core"]
        core.set_property("cmake_target_name", "registry::core")
        core.set_property("pkg_config_name", "registry-core")
        core.libs = ["registry_core"]
        core.requires = ["caf::caf_core", "boost::headers", "xxhash::xxhash"]
        if self.settings.compiler == "gcc" and Version(self.settings.compiler.version) < "14":
            core.cxxflags = ["-fno-tree-slp-vectorize"]  # such a GCC miscompiles coroutines otherwise
        actors = self.cpp_info.components["actors"]
        actors.set_property("cmake_target_name", "registry::actors")
        actors.set_property("pkg_config_name", "registry-actors")
        actors.libs = ["registry_actors"]
        actors.requires = ["core", "caf::caf_io", "openssl::crypto", "spdlog::spdlog"]
