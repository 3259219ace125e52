"""The tests of the mutated build, one test case at a time."""

import json
import os
import resource
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass

from workspace import BUILD, WORK, fail

SUITES = ("libregistry_tests/", "actors_tests/", "coro_tests/")
SIMULATION = "simulation: clusters agree after every disturbance"
SIMULATED_SEEDS = "1..20"
GIGABYTE = 1 << 30


@dataclass
class Test:
    name: str
    command: list
    directory: str
    seconds: float = 0
    reached: bytes = b""

    @property
    def limit(self):
        """How long it may take under a mutant; another program may slow it down."""
        return max(10, 10 * self.seconds)


def list_tests(pattern):
    listed = subprocess.run(["ctest", "--show-only=json-v1"], cwd=BUILD, check=True, capture_output=True)
    out = []
    for x in json.loads(listed.stdout)["tests"]:
        name, command = x["name"], x.get("command")
        if not command or not (name.startswith(SUITES) or name == SIMULATION) or not pattern.search(name):
            continue
        if name == SIMULATION:
            command = [command[0], "--seeds", SIMULATED_SEEDS]
        directory = next((p["value"] for p in x.get("properties", []) if p["name"] == "WORKING_DIRECTORY"), str(BUILD))
        out.append(Test(name, command, directory))
    return out


def _limit_resources():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (8 * GIGABYTE, 8 * GIGABYTE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (GIGABYTE, GIGABYTE))


class Runner:
    """Every run has the same seed, so that a mutant meets what the run without a mutant met."""

    def __init__(self, seed, effort):
        self.environment = {**os.environ, "REGISTRY_TEST_SEED": str(seed), "REGISTRY_TEST_EFFORT": str(effort)}

    def run(self, test, limit, **environment):
        """None if the test passes, else how it fails, and the seconds it took; its output is kept in a file."""
        begin = time.monotonic()
        with (WORK / "test.log").open("wb") as log:
            child = subprocess.Popen(
                test.command,
                cwd=test.directory,
                env={**self.environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_limit_resources,
            )
            try:
                code = child.wait(limit)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                # The test may have started others, which are in its session.
                try:
                    os.killpg(child.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                child.wait()
        seconds = time.monotonic() - begin
        if code is None:
            return "timeout", seconds
        if code < 0:
            return signal.Signals(-code).name, seconds
        return ("failure" if code else None), seconds

    def without_mutant(self, tests, mutants):
        """Runs every test, which must pass, and records how long it takes and which mutants it reaches."""
        with tempfile.NamedTemporaryFile(dir=WORK) as record:
            for test in tests:
                record.truncate(0)
                record.truncate(mutants + 1)
                wrong, test.seconds = self.run(test, 600, REGISTRY_MUTANTS_REACHED=record.name)
                if wrong:
                    fail(f"the test '{test.name}' fails without any mutant ({wrong}); see {WORK / 'test.log'}")
                record.seek(0)
                test.reached = record.read()

    def kill(self, number, tests):
        """How a mutant is found: (the test, what happened), or None. Quick tests go first."""
        for test in sorted((x for x in tests if x.reached[number]), key=lambda x: x.seconds):
            wrong, _ = self.run(test, test.limit, REGISTRY_MUTANT=str(number))
            if wrong:
                return test.name, wrong
        return None
