#!/usr/bin/env python3
"""conan_recipe_test.py VERSION [OPTION_OF_CMAKE…]: runs the recipe of cmake/packaging/conan against a stand-in for Conan: whether what
it exports is enough for CMake, and what it tells its users."""

import collections
import importlib.util
import pathlib
import shutil
import subprocess
import sys
import tempfile
import types
import unittest
from unittest import mock

RECIPE = pathlib.Path(__file__).resolve().parents[2] / "cmake/packaging/conan/conanfile.py"


def copy(_, pattern, src, dst):
    """As Conan's: the files below src whose paths match, as paths below dst."""
    copied = [path for path in pathlib.Path(src).glob(pattern)]
    for path in copied:
        target = pathlib.Path(dst) / path.relative_to(src)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, target, dirs_exist_ok=True)
        else:
            shutil.copy(path, target)
    return copied


class Component:
    def __init__(self):
        self.properties, self.libs, self.requires, self.cxxflags = {}, [], [], []

    def set_property(self, name, value):
        self.properties[name] = value


class Version(str):
    def __lt__(self, other):
        return [int(part) for part in self.split(".")] < [int(part) for part in other.split(".")]


def stand_in():
    """Modules with the names that the recipe imports; what it uses of them works, the rest only can be imported."""
    modules = {name: types.ModuleType(name) for name in ("conan", "conan.tools", "conan.tools.build", "conan.tools.cmake",
                                                         "conan.tools.files", "conan.tools.scm")}
    modules["conan"].ConanFile = type("ConanFile", (), {})
    modules["conan.tools.build"].check_min_cppstd = mock.Mock()
    for name in ("CMake", "CMakeDeps", "CMakeToolchain", "cmake_layout"):
        setattr(modules["conan.tools.cmake"], name, mock.Mock())
    modules["conan.tools.files"].copy = copy
    modules["conan.tools.files"].load = lambda _, path: pathlib.Path(path).read_text()
    modules["conan.tools.files"].rmdir = mock.Mock()
    modules["conan.tools.scm"].Version = Version
    return modules


class RecipeTest(unittest.TestCase):
    def setUp(self):
        self.modules = stand_in()
        patch = mock.patch.dict(sys.modules, self.modules)
        patch.start()
        self.addCleanup(patch.stop)
        spec = importlib.util.spec_from_file_location("conanfile", RECIPE)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self.recipe = module.RegistryRecipe()
        self.recipe.recipe_folder = str(RECIPE.parent)

    def test_the_version_is_that_of_the_project(self):
        self.recipe.set_version()
        self.assertEqual(VERSION, self.recipe.version)

    def test_what_is_exported_is_enough_to_configure_the_libraries(self):
        cmake = self.modules["conan.tools.cmake"].CMake
        self.recipe.build()
        script = cmake.return_value.configure.call_args.kwargs["build_script_folder"]
        with tempfile.TemporaryDirectory() as folder:
            self.recipe.export_sources_folder = folder
            self.recipe.export_sources()
            command = ["cmake", "-S", pathlib.Path(folder, script), "-B", pathlib.Path(folder, "build"), *OPTIONS]
            done = subprocess.run(command, capture_output=True, text=True)
            self.assertEqual(0, done.returncode, done.stderr)
            command = ["cmake", "--build", pathlib.Path(folder, "build"), "--target", "help"]
            targets = subprocess.run(command, capture_output=True, text=True)
        for library in ("registry_core", "registry_actors"):
            self.assertIn(library, targets.stdout)
        self.assertNotIn("chat", targets.stdout)

    def test_users_link_both_libraries_in_order_with_what_their_compiler_needs(self):
        for compiler, version, flags in (("gcc", "12.2", ["-fno-tree-slp-vectorize"]), ("gcc", "14", []), ("clang", "12", [])):
            settings = types.SimpleNamespace(version=version)
            self.recipe.settings = mock.MagicMock(compiler=type("Compiler", (str,), {"version": settings.version})(compiler))
            self.recipe.cpp_info = Component()
            self.recipe.cpp_info.components = collections.defaultdict(Component)
            self.recipe.package_info()
            core, actors = (self.recipe.cpp_info.components[name] for name in ("core", "actors"))
            self.assertEqual((["registry_core"], ["registry_actors"]), (core.libs, actors.libs))
            self.assertIn("core", actors.requires)
            self.assertEqual("registry::actors", actors.properties["cmake_target_name"])
            self.assertEqual(flags, core.cxxflags)

    def test_every_component_that_is_used_is_of_a_required_package(self):
        self.recipe.requires = mock.Mock()
        self.recipe.requirements()
        required = {call.args[0].split("/")[0] for call in self.recipe.requires.call_args_list}
        self.recipe.settings = mock.MagicMock()
        self.recipe.cpp_info = Component()
        self.recipe.cpp_info.components = collections.defaultdict(Component)
        self.recipe.package_info()
        components = self.recipe.cpp_info.components.values()
        used = {one.split("::")[0] for part in components for one in part.requires if "::" in one}
        self.assertEqual(required, used)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    VERSION, *OPTIONS = sys.argv[1:]
    unittest.main(argv=sys.argv[:1])
