"""The mutated copy of the sources below build/mutation, and the build of it."""

import hashlib
import json
import os
import pickle
import re
import shlex
import subprocess
import sys
from pathlib import Path

import schemata
import sites
from source import Source

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "mutation"
TREE = WORK / "tree"
BUILD = WORK / "build"
MUTATED = ("libregistry/registry/", "actors/registry/")
TARGETS = ("libregistry_tests", "actors_tests", "coro_tests", "registry_sim")
HERE = "tests/mutation/"


def say(text):
    print(f"mutate: {text}", file=sys.stderr, flush=True)


def fail(text):
    say(text)
    sys.exit(2)


def _files():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True
    )
    return [x for x in listed.stdout.decode().split("\0") if x and (ROOT / x).is_file()]


def _write(path, content, mode=0o644):
    """Leaves the time of a file that does not change, so that nothing is compiled in vain."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)


class Workspace:
    """All mutants of the libraries. A mutant has the same number as long as the libraries do not change."""

    def __init__(self):
        self.sources = {}  # by name
        self.nodes = {}  # by name of the source
        self.mutants = {}  # by number: (name, mutation)
        self.dropped = set()

    def prepare(self):
        files = _files()
        mutated = [x for x in files if x.startswith(MUTATED) and x.endswith((".cpp", ".hpp", ".ipp"))]
        self._copy([x for x in files if x not in mutated and not x.startswith(HERE)])
        digest = self._digest(mutated)
        kept = WORK / "mutants.pickle"
        if kept.exists():
            known, *state = pickle.loads(kept.read_bytes())
            if known == digest:
                self.sources, self.nodes, self.dropped = state
        if not self.sources:
            for name in mutated:
                _write(TREE / name, (ROOT / name).read_bytes())
            self._configure()
            self._find(mutated)
        self._number()
        self._save = lambda: kept.write_bytes(pickle.dumps((digest, self.sources, self.nodes, self.dropped)))
        self._save()

    def _digest(self, mutated):
        digest = hashlib.sha256()
        for name in ("source.py", "sites.py", "dependence.py"):
            digest.update((Path(__file__).parent / name).read_bytes())
        for name in mutated:
            digest.update(name.encode() + (ROOT / name).read_bytes())
        return digest.hexdigest()

    def _copy(self, files):
        keep = set(files)
        for name in files:
            path = ROOT / name
            content = path.read_bytes()
            if name == "libregistry/CMakeLists.txt":
                content += b"\ntarget_sources(registry_core PRIVATE mutation/mutation.cpp)\n"
            _write(TREE / name, content, path.stat().st_mode)
        for name in ("mutation.hpp", "mutation.cpp"):
            _write(TREE / "libregistry" / "mutation" / name, (Path(__file__).parent / name).read_bytes())
        for path in TREE.rglob("*"):
            name = str(path.relative_to(TREE))
            if path.is_file() and name not in keep and not name.startswith((*MUTATED, "libregistry/mutation/")):
                path.unlink()

    def _configure(self):
        # Assertions are tests, too. -O1: no optimisation that takes long to compile so many branches.
        command = ["cmake", "-S", TREE, "-B", BUILD, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=", "-DREGISTRY_PRECOMPILE=ON"]
        command += ["-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", "-DREGISTRY_WERROR=OFF"]
        command += ["-DCMAKE_CXX_FLAGS=-O1 -w -Wno-narrowing -fno-diagnostics-show-caret -fdiagnostics-color=never"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            fail(f"cmake could not configure the copy in {TREE}:\n{done.stdout}{done.stderr}")

    def _find(self, mutated):
        """Headers are found in the sources that include them; one that only tests include is read by itself."""
        commands = json.loads((BUILD / "compile_commands.json").read_text())
        arguments = {}
        for x in commands:
            name = os.path.relpath(x["file"], TREE)
            if name in mutated:
                arguments[name] = self._arguments(shlex.split(x["command"]))
        some = arguments[next(x for x in arguments if x.startswith("actors/"))]
        seen = set()
        units = [x for x in mutated if x in arguments] + [x for x in mutated if x.endswith(".hpp")]
        for count, name in enumerate(units):
            if name in seen:
                continue
            say(f"reading {name} ({count + 1} of {len(units)})")
            unit = sites.parse(str(ROOT / name), arguments.get(name, ["-x", "c++", *some]))
            errors = [x for x in unit.diagnostics if x.severity >= 3]
            if errors:
                fail(f"clang cannot read {name}: {errors[0]}")
            included = {os.path.relpath(x.include.name, ROOT) for x in unit.get_includes()} | {name}
            for x in sorted(included.intersection(mutated) - seen):
                seen.add(x)
                source = Source(str(ROOT / x), (ROOT / x).read_bytes())
                self.sources[x] = source
                self.nodes[x] = sites.find(unit, source)

    @staticmethod
    def _arguments(command):
        """What of a compiler's command says how to read the source, for the tree that is not mutated."""
        out = []
        wanted = re.compile(r"-(I|D|std=)")
        for i, x in enumerate(command):
            if wanted.match(x):
                out.append(x.replace(str(TREE), str(ROOT)))
            elif x == "-isystem":
                out += [x, command[i + 1].replace(str(TREE), str(ROOT))]
        return out

    def _number(self):
        for name in sorted(self.nodes):
            for node in self.nodes[name]:
                for x in node.mutations:
                    if x.first is None:
                        x.ident = len(self.mutants) + 1
                        self.mutants[x.ident] = (name, x)

    # -- the build ----------------------------------------------------------------------------------------------------------

    def build(self):
        """Builds until no mutant is left that does not compile."""
        while True:
            self._write_mutants()
            say(f"building {len(self.mutants) - len(self.dropped)} mutants at once in {BUILD}")
            self._configure()
            log = WORK / "build.log"
            jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", str(os.cpu_count()))
            command = ["cmake", "--build", BUILD, "-j", jobs, "--target", *TARGETS, "--", "-k", "0"]
            with log.open("w") as out:
                done = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT)
            if done.returncode == 0:
                return
            wrong = self._wrong(log.read_text(errors="replace"))
            if not wrong - self.dropped:
                fail(f"the mutated copy does not compile, and no mutant is to blame; see {log}")
            say(f"{len(wrong - self.dropped)} mutants do not compile and are left out")
            self.dropped |= wrong
            self._save()

    def _write_mutants(self):
        for name, source in self.sources.items():
            nodes = []
            for node in self.nodes[name]:
                left = [x for x in node.mutations if (x.first or x).ident not in self.dropped]
                if left:
                    nodes.append(sites.Node(node.form, node.extent, left))
            text = schemata.render(source, nodes)
            if nodes:
                text = b"#include <mutation/mutation.hpp>\n#line 1\n" + text
            _write(TREE / name, text)

    def _wrong(self, log):
        """The mutants that stand where the compiler says that an error is, or that what led to it is."""
        place = re.compile(rf"{re.escape(str(TREE))}/(\S+?):(\d+):\d+: +(.*)")
        out, led_here = set(), []
        for line in log.splitlines():
            found = place.match(line)
            if found and found[1] in self.nodes:
                led_here.append((found[1], int(found[2])))
                if " error: " in f" {found[3]}":
                    led_here = led_here[-1:]
            if ": error: " in line or ": fatal error: " in line:
                for x in led_here:
                    out |= self._at(*x)
                led_here = []
        return out

    def _at(self, name, line):
        """Those of the line, or else those around it; of these the kind that most often does not compile."""
        source = self.sources[name]
        begin, around = {}, {}
        for node in self.nodes[name]:
            first, last = source.line(node.extent[0]), source.line(node.extent[1] - 1)
            for x in node.mutations:
                number = (x.first or x).ident
                if first <= line <= last and number not in self.dropped:
                    (begin if first == line else around).setdefault(x.kind, set()).add(number)
        for found in (begin, around):
            for kind in ("arithmetic", "relation", "number", "order", "logic", "negation", "removal"):
                if kind in found:
                    return found[kind]
        return set()
